#include "model/serving/prompt_queue.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace atlas::serving {

namespace {

constexpr double kLate = 0.01; ///< one request in a hundred may be late

double normalCdf(double x) {
    return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

} // namespace

double waitingChance(const PromptQueue& queue) {
    const double free = 1.0 - queue.utilisation();
    if (free <= 0) {
        return 1.0;
    }
    const double beta = free * std::sqrt(queue.servers);
    if (beta > 8.0) { // exp(beta^2 / 2) is beyond 1e13
        return 0.0;
    }
    return 1.0 /
           (1.0 + std::sqrt(2.0 * std::numbers::pi) * beta * normalCdf(beta) * std::exp(beta * beta / 2.0));
}

double waitP99S(const PromptQueue& queue) {
    const double free = 1.0 - queue.utilisation();
    if (free <= 0) {
        return std::numeric_limits<double>::infinity();
    }
    const double chance = waitingChance(queue);
    if (chance <= kLate) {
        return 0.0;
    }
    const double variation = queue.serviceVariation;
    const double scale = queue.serviceS * (1.0 + variation * variation) / (2.0 * queue.servers * free);
    return scale * std::log(chance / kLate);
}

} // namespace atlas::serving

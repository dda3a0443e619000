#include "model/explore/step_difference.h"

#include "model/units/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace atlas::explore {

namespace {

constexpr double kAsFast = 5e-5;      ///< relative difference that a person would not write down
constexpr double kWorthSaying = 0.1;  ///< of what grew in all
constexpr double kWorthCounter = 0.2; ///< of what grew in all, that a shrinking part makes good again
constexpr std::size_t kMostParts = 3;

/// "12 %", "3.4 %", "0.05 %": as many digits as a person would say.
std::string percent(double share) {
    const double value = share * 100;
    const int decimals = value >= 9.95 ? 0 : value >= 0.095 ? 1 : 2;
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                   std::chars_format::fixed, decimals);
    return std::string(digits.data(), end.ptr) + " %";
}

std::string signedSeconds(double seconds) {
    return (seconds < 0 ? "-" : "+") + units::formatQuantity(std::abs(seconds), units::Dimension::Seconds);
}

} // namespace

std::vector<StepPart> stepParts(const training::StepAnatomy& step) {
    const training::Breakdown& b = step.breakdown;
    return {{"matrix products", b.gemm},
            {"attention", b.attention},
            {"memory-bound operators", b.elementwise},
            {"tensor-parallel exchange", b.tp},
            {"context-parallel exchange", b.cp},
            {"expert all-to-all", b.ep},
            {"pipeline sends", b.pp},
            {"gradient exchange", b.dp},
            {"optimizer", b.optimizer},
            {"pipeline bubble", b.bubble},
            {"wait for the slowest GPU", b.barrier}};
}

std::vector<StepPart> stepDifference(const training::StepAnatomy& base, const training::StepAnatomy& other) {
    std::vector<StepPart> parts = stepParts(other);
    const std::vector<StepPart> before = stepParts(base);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        parts[i].seconds -= before[i].seconds;
    }
    std::ranges::stable_sort(parts,
                             [](const StepPart& a, const StepPart& b) { return a.seconds > b.seconds; });
    return parts;
}

std::string whyItLoses(const training::StepAnatomy& best, const training::StepAnatomy& other) {
    const double slower = other.stepTimeS / best.stepTimeS - 1;
    if (std::abs(slower) < kAsFast) {
        return "as fast as the best";
    }
    const std::vector<StepPart> parts = stepDifference(best, other);
    double grown = 0;
    for (const StepPart& part : parts) {
        grown += std::max(0.0, part.seconds);
    }
    std::string words;
    std::size_t said = 0;
    for (const StepPart& part : parts) {
        if (said < kMostParts && part.seconds > kWorthSaying * grown) {
            words += (words.empty() ? "" : ", ") + std::string(part.name) + ' ' + signedSeconds(part.seconds);
            ++said;
        }
    }
    if (const StepPart& least = parts.back(); least.seconds < -kWorthCounter * grown) {
        words += (words.empty() ? "" : "; ") + std::string(least.name) + ' ' + signedSeconds(least.seconds);
    }
    return percent(std::abs(slower)) + (slower > 0 ? " slower: " : " faster: ") + words;
}

} // namespace atlas::explore

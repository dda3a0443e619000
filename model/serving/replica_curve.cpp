#include "model/serving/replica_curve.h"

#include <algorithm>
#include <cmath>

namespace atlas::serving {

double ReplicaCurve::stepS(double b) const {
    if (batch.empty()) {
        return 0;
    }
    const auto above = std::ranges::upper_bound(batch, b);
    if (above == batch.begin()) {
        return step.front();
    }
    if (above == batch.end()) {
        return step.back();
    }
    const auto i = static_cast<std::size_t>(above - batch.begin());
    const double t = (b - batch[i - 1]) / (batch[i] - batch[i - 1]);
    return step[i - 1] + t * (step[i] - step[i - 1]);
}

ReplicaCurve ReplicaCurve::line(double fixedS, double perSequenceS, double slots, double promptS) {
    ReplicaCurve curve;
    curve.gpus = 1;
    curve.slots = slots;
    curve.promptS = promptS;
    curve.chunkTokens = HUGE_VAL;
    curve.batch = {0, slots};
    curve.step = {fixedS, fixedS + perSequenceS * slots};
    return curve;
}

RequestCost costOf(const ReplicaCurve& curve, const RequestClass& r) {
    RequestCost cost;
    // New tokens are (1 - h) I; their mean depth is the cached part and half of themselves.
    const double fresh = 1 - r.cacheHit;
    cost.linear = fresh * curve.promptS;
    cost.square = fresh * (1 + r.cacheHit) / 2 * curve.promptDepthS;
    cost.promptS = cost.linear * r.input.moment(1) + cost.square * r.input.moment(2);
    cost.promptSquareS2 = cost.linear * cost.linear * r.input.moment(2) +
                          2 * cost.linear * cost.square * r.input.moment(3) +
                          cost.square * cost.square * r.input.moment(4);
    cost.output = r.output.moment(1);
    cost.context = r.context();
    return cost;
}

} // namespace atlas::serving

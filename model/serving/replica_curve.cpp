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

ReplicaCurve ReplicaCurve::line(double fixedS, double perSequenceS, double places, double promptS) {
    ReplicaCurve curve;
    curve.gpus = 1;
    curve.places = places;
    curve.promptS = promptS;
    curve.chunkTokens = HUGE_VAL;
    curve.batch = {0, places};
    curve.step = {fixedS, fixedS + perSequenceS * places};
    return curve;
}

RequestCost costOf(const ReplicaCurve& curve, const RequestClass& r) {
    RequestCost cost;
    // New tokens are (1 - h) I; their mean depth is the cached part and half of themselves.
    const double fresh = 1 - r.cacheHit;
    cost.linear = fresh * curve.promptS;
    cost.square = fresh * (1 + r.cacheHit) / 2 * curve.promptDepthS;
    const double a = cost.linear;
    const double b = cost.square;
    const auto e = [&](int k) { return r.input.moment(k); };
    cost.promptS = a * e(1) + b * e(2);
    cost.promptSquareS2 = a * a * e(2) + 2 * a * b * e(3) + b * b * e(4);
    cost.promptCubeS3 = a * a * a * e(3) + 3 * a * a * b * e(4) + 3 * a * b * b * e(5) + b * b * b * e(6);
    cost.output = r.output.moment(1);
    cost.context = r.context();
    return cost;
}

} // namespace atlas::serving

#include "model/operations/checkpoint_interval.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace atlas::operations {

double youngIntervalS(double failuresPerS, double stallS) {
    return std::sqrt(2 * stallS / failuresPerS);
}

double dalyIntervalS(double failuresPerS, double stallS) {
    const double mttf = 1.0 / failuresPerS;
    if (stallS >= 2.0 * mttf) {
        return mttf;
    }
    const double x = stallS / (2.0 * mttf);
    return youngIntervalS(failuresPerS, stallS) * (1.0 + std::sqrt(x) / 3.0 + x / 9.0) - stallS;
}

double keptShare(const Interruptions& i, double intervalS) {
    const double planned = i.plannedEveryS > 0 ? std::max(0.0, 1 - i.plannedS / i.plannedEveryS) : 1;
    if (!(i.failuresPerS > 0)) {
        return std::isfinite(intervalS) ? planned * intervalS / (intervalS + i.stallS) : planned;
    }
    const double l = i.failuresPerS;
    const double again = std::expm1(l * (intervalS + i.stallS));
    const double cost = std::exp(l * i.restartS) * (1 / l + i.detectionS) + i.lagS;
    const double share = intervalS / (again * cost);
    return std::isfinite(share) ? planned * share : 0.0;
}

double bestIntervalS(const Interruptions& i) {
    if (!(i.failuresPerS > 0)) {
        return std::numeric_limits<double>::infinity();
    }
    // The share has one maximum over the interval: golden section on its logarithm, from a thousandth of the
    // mean time between failures (where stalls dominate) to ten of them (where work is lost).
    constexpr double kGolden = 0.6180339887498949;
    double low = std::log(1e-3 / i.failuresPerS);
    double high = std::log(10 / i.failuresPerS);
    const auto share = [&i](double x) { return keptShare(i, std::exp(x)); };
    double a = high - kGolden * (high - low);
    double b = low + kGolden * (high - low);
    double atA = share(a);
    double atB = share(b);
    while (high - low > 1e-7) {
        if (atA >= atB) {
            high = b;
            b = a;
            atB = atA;
            a = high - kGolden * (high - low);
            atA = share(a);
        } else {
            low = a;
            a = b;
            atA = atB;
            b = low + kGolden * (high - low);
            atB = share(b);
        }
    }
    return std::max(std::exp((low + high) / 2), i.lagS);
}

} // namespace atlas::operations

#include "model/serving/speculation.h"

#include <cmath>

namespace atlas::serving {

double tokensPerStep(const Speculation& s) {
    if (s.drafted <= 0) {
        return 1.0;
    }
    if (1.0 - s.acceptance < 1e-9) {
        return 1.0 + s.drafted;
    }
    return (1.0 - std::pow(s.acceptance, s.drafted + 1.0)) / (1.0 - s.acceptance);
}

} // namespace atlas::serving

#include "app/stops.h"

#include <cmath>

namespace atlas::app {

namespace {

constexpr double kDayS = 86'400;
constexpr int kDaysAhead = 31;
constexpr double kSameS = 1e-3; ///< an instant this close is the one on screen

bool stops(const operations::Event& event) {
    return event.kind == operations::EventKind::FailStop && event.durationS > 0;
}

} // namespace

std::optional<double> nextStop(const operations::Timeline& timeline, double timeS, int direction) {
    for (int day = 0; day < kDaysAhead; ++day) {
        const double near = timeS + direction * day * kDayS;
        const double far = near + direction * kDayS;
        std::optional<double> found;
        for (const operations::Event& event : timeline.events(std::min(near, far), std::max(near, far))) {
            const bool beyond = direction > 0 ? event.timeS > timeS + kSameS : event.timeS < timeS - kSameS;
            if (!stops(event) || !beyond) {
                continue;
            }
            if (direction > 0) {
                return event.timeS;
            }
            found = event.timeS; // in order of time: the last one is the nearest
        }
        if (found) {
            return found;
        }
    }
    return std::nullopt;
}

} // namespace atlas::app

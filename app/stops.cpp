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

bool beyond(double instantS, double timeS, int direction) {
    return direction > 0 ? instantS > timeS + kSameS : instantS < timeS - kSameS;
}

std::optional<double> nextFailure(const operations::Timeline& timeline, double timeS, int direction) {
    for (int day = 0; day < kDaysAhead; ++day) {
        const double near = timeS + direction * day * kDayS;
        const double far = near + direction * kDayS;
        std::optional<double> found;
        for (const operations::Event& event : timeline.events(std::min(near, far), std::max(near, far))) {
            if (!stops(event) || !beyond(event.timeS, timeS, direction)) {
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

} // namespace

std::optional<Stop> nextStop(const operations::Timeline& timeline, std::span<const double> viewsS,
                             double timeS, int direction) {
    std::optional<Stop> nearest;
    if (const auto failure = nextFailure(timeline, timeS, direction)) {
        nearest = Stop{*failure, {}};
    }
    for (std::size_t i = 0; i < viewsS.size(); ++i) {
        const bool nearer = !nearest || direction * (nearest->timeS - viewsS[i]) > 0 ||
                            (!nearest->view && nearest->timeS == viewsS[i]);
        if (nearer && beyond(viewsS[i], timeS, direction)) {
            nearest = Stop{viewsS[i], i};
        }
    }
    return nearest;
}

} // namespace atlas::app

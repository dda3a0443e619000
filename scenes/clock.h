// Simulated time as a pane shows it. A clock is a plain value: it can be stored, compared and moved on, and
// who ticks it is somebody else's business.
#pragma once

#include <algorithm>
#include <cstdint>

namespace atlas::scenes {

/// How the clocks of two panes hang together.
enum class ClockLink : std::uint8_t {
    Shared, ///< one for both
    Own,    ///< each pane its own
};

struct Clock {
    double timeS = 0; ///< simulated
    double speed = 1; ///< simulated seconds a second of the wall
    bool playing = false;
    bool operator==(const Clock&) const = default;

    /// At an instant within [0, endS].
    [[nodiscard]] Clock at(double instantS, double endS) const {
        return {std::clamp(instantS, 0.0, endS), speed, playing};
    }
    /// After some seconds of the wall; at the end it stands still.
    [[nodiscard]] Clock after(double wallS, double endS) const {
        if (!playing) {
            return *this;
        }
        const Clock on = at(timeS + wallS * speed, endS);
        return {on.timeS, speed, on.timeS < endS};
    }
};

} // namespace atlas::scenes

// Ticks of a time axis, from microseconds to months, in the units people would choose.
#pragma once

#include <QString>

#include <vector>

namespace atlas::scenes {

struct TimeTick {
    double timeS = 0;
    QString label;
    bool major = false; ///< a coarser unit turns over here, and the label says which
};

/// Round instants in [fromS, toS], at least `gapS` apart; none where gapS is not positive.
[[nodiscard]] std::vector<TimeTick> timeTicks(double fromS, double toS, double gapS);

/// "day 304 07:41:08", with as many decimals of the second as steps of `resolutionS` need.
[[nodiscard]] QString instantText(double timeS, double resolutionS = 1);

/// A length of time, three digits: "412 ms", "17.3 s", "2.4 h".
[[nodiscard]] QString lengthText(double seconds);

} // namespace atlas::scenes

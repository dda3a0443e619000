// The speeds of simulated time, from slow motion inside one step to a month a minute.
#pragma once

#include <QString>

#include <span>

namespace atlas::widgets {

/// Simulated seconds a second of wall clock, ascending.
[[nodiscard]] std::span<const double> speeds();
/// The next speed of the ladder; the same at its end.
[[nodiscard]] double fasterThan(double speed);
[[nodiscard]] double slowerThan(double speed);
/// "1 s = 5 min": what a second on the wall stands for.
[[nodiscard]] QString speedText(double speed);

} // namespace atlas::widgets

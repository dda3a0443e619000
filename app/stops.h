// Interruptions of a job in order of time, to go from one to the next.
#pragma once

#include "model/operations/frame.h"

#include <optional>

namespace atlas::app {

/// When the next failure (direction +1) that stops the job hits, or the one before (-1), simulated seconds;
/// nothing within a month.
[[nodiscard]] std::optional<double> nextStop(const operations::Timeline& timeline, double timeS,
                                             int direction);

} // namespace atlas::app

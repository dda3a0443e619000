// Where a clock may stop on its way: interruptions of the job and the views that are kept, in order of time,
// to go from one to the next.
#pragma once

#include "model/operations/frame.h"

#include <optional>
#include <span>

namespace atlas::app {

struct Stop {
    double timeS = 0;                ///< simulated
    std::optional<std::size_t> view; ///< index of the view; nothing: a failure that stops the job
    bool operator==(const Stop&) const = default;
};

/// The nearest stop after `timeS` (direction +1) or before it (-1): a failure within a month, or a view,
/// however far; `viewsS` are their instants, in any order. Of a view and a failure at one instant, the view.
[[nodiscard]] std::optional<Stop> nextStop(const operations::Timeline& timeline,
                                           std::span<const double> viewsS, double timeS, int direction);

} // namespace atlas::app

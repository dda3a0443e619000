// Which fact moves a number: one at a time, from the low end of its range to the high end.
#pragma once

#include "model/explore/compare.h"
#include "model/explore/uncertainty.h"

namespace atlas::explore {

/// One bar of a tornado.
struct Swing {
    UncertainInput input;
    std::optional<double>
        atLow; ///< headline with the input at its low end; empty where it then does not apply
    std::optional<double> atHigh; ///< and at its high end
    double central = 0;
    /// Largest distance from the central value; an end at which the row no longer applies counts as the other
    /// end.
    [[nodiscard]] double size() const;
};

struct SensitivityOptions {
    std::size_t top = 12; ///< how many of the largest; 0: all that move the number at all
    std::stop_token stop;
    std::function<void(double share)> progress; ///< called from worker threads
};

/// The inputs that move `headline` (any of programmeRows()) of `strategy` most, largest first; ties in file
/// order. Layouts stay as planned at the central numbers. Errors: a strategy or headline that is not there or
/// does not apply, kCancelled.
[[nodiscard]] Result<std::vector<Swing>> sensitivity(const scenario::Scenario& scenario,
                                                     const std::string& strategy, const std::string& headline,
                                                     const SensitivityOptions& options = {});

} // namespace atlas::explore

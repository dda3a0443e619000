#include "cross_validation.h"

#include <algorithm>
#include <set>

namespace atlas::calibration {

namespace {

using training::Calibration;
using training::Constant;

constexpr int kRefitIterations = 8; // the start is the fit on all runs: a few steps settle it

std::vector<const Sample*> without(const std::vector<const Sample*>& samples,
                                   const std::string Sample::*field, const std::string& value) {
    std::vector<const Sample*> kept;
    std::copy_if(samples.begin(), samples.end(), std::back_inserter(kept),
                 [&](const Sample* sample) { return sample->*field != value; });
    return kept;
}

/// The calibration of a program that has never heard of `stack`: its runs fall to what their family lets
/// expect.
Calibration forgetting(Calibration c, const std::string& stack) {
    std::erase_if(c.stacks, [&](const training::StackFactor& s) { return s.stack == stack; });
    if (c.defaultStack == stack) {
        c.defaultStack = c.stacks.front().stack;
    }
    return c;
}

} // namespace

std::vector<Constant> expertConstants() {
    return {Constant::ExpertEfficiency, Constant::ExpertExposed};
}

std::vector<Constant> denseConstants() {
    std::vector<Constant> constants;
    const auto experts = expertConstants();
    for (std::size_t i = 0; i < training::kConstants; ++i) {
        const auto constant = static_cast<Constant>(i);
        if (std::find(experts.begin(), experts.end(), constant) == experts.end()) {
            constants.push_back(constant);
        }
    }
    return constants;
}

std::vector<RunError> crossValidate(const std::vector<const Sample*>& samples, const Calibration& fitted,
                                    const std::vector<Constant>& held) {
    std::vector<RunError> errors;
    for (const Sample* sample : samples) {
        errors.push_back({sample, logError(*sample, fitted), 0, 0, 0});
    }
    const auto leaveOut = [&](const std::string Sample::*field, double RunError::*error) {
        std::set<std::string> folds;
        for (const Sample* sample : samples) {
            folds.insert(sample->*field);
        }
        for (const std::string& fold : folds) {
            const auto kept = without(samples, field, fold);
            Calibration c = fit(kept, fitted, {kRefitIterations, held});
            for (const Sample* sample : samples) {
                if (std::none_of(kept.begin(), kept.end(),
                                 [&](const Sample* other) { return other->stack == sample->stack; })) {
                    c = forgetting(c, sample->stack);
                }
            }
            for (RunError& one : errors) {
                if (one.sample->*field == fold) {
                    one.*error = logError(*one.sample, c);
                }
            }
        }
    };
    leaveOut(&Sample::group, &RunError::groupLeftOut);
    leaveOut(&Sample::stack, &RunError::stackLeftOut);
    leaveOut(&Sample::source, &RunError::sourceLeftOut);
    return errors;
}

} // namespace atlas::calibration

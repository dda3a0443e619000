#include "app/programme_study.h"

#include "widgets/format.h"

#include <algorithm>

namespace atlas::app {

namespace {

// Shares of the whole time, about, for the progress bar.
constexpr double kRangesShare = 0.5;
constexpr double kSwingsShare = 0.15;
constexpr std::size_t kSwings = 12;
constexpr std::size_t kFewestSamples = 128;
constexpr std::size_t kMostSamples = 1024;
constexpr std::size_t kDrawsPerSample = 4;

QString words(const Diagnostics& errors) {
    return widgets::text(errors.front().message);
}

/// The one thing a strategy does; null where it does more.
const scenario::Assignment* onlyOne(const scenario::Strategy& strategy) {
    return strategy.assignments.size() == 1 ? &strategy.assignments.front() : nullptr;
}

double mfuOf(const explore::Comparison& comparison, const std::string& id) {
    const auto found = std::ranges::find(comparison.strategies, id, &explore::StrategyResult::id);
    return found != comparison.strategies.end() && found->training ? found->training->mfu : 0.0;
}

} // namespace

std::pair<std::string, std::string> keepAndLease(const scenario::Scenario& s,
                                                 const explore::Comparison& comparison) {
    for (const scenario::Strategy& lease : s.strategies) {
        const scenario::Assignment* leased = onlyOne(lease);
        const scenario::Contract* contract = leased == nullptr ? nullptr : s.contract(leased->contract);
        if (contract == nullptr || leased->activity != scenario::Activity::Lease ||
            contract->kind != scenario::ContractKind::MonthlyFee) {
            continue;
        }
        std::string keep;
        double best = 0;
        for (const scenario::Strategy& other : s.strategies) {
            const scenario::Assignment* kept = onlyOne(other);
            const double mfu = mfuOf(comparison, other.id);
            if (kept != nullptr && kept->activity == scenario::Activity::Train &&
                kept->cluster == leased->cluster && mfu > best) {
                keep = other.id;
                best = mfu;
            }
        }
        if (!keep.empty()) {
            return {keep, lease.id};
        }
    }
    return {};
}

std::shared_ptr<const ProgrammeStudy> programmeStudy(const StudyQuestion& question, std::stop_token stop,
                                                     const std::function<void(double)>& progress) {
    auto study = std::make_shared<ProgrammeStudy>();
    study->question = question;
    const auto part = [&](double from, double share) {
        return [=](double done) {
            if (progress) {
                progress(from + share * done);
            }
        };
    };
    explore::MonteCarloOptions drawn;
    drawn.draws = question.draws;
    drawn.stop = stop;
    drawn.progress = part(0, kRangesShare);
    if (auto ranges = explore::monteCarlo(*question.scenario, drawn)) {
        study->ranges = std::move(*ranges);
    } else {
        study->rangesProblem = words(ranges.errors());
    }
    explore::SensitivityOptions one;
    one.top = kSwings;
    one.stop = stop;
    one.progress = part(kRangesShare, kSwingsShare);
    if (auto swings = explore::sensitivity(*question.scenario, question.strategy, question.row, one)) {
        study->swings = std::move(*swings);
    } else {
        study->swingsProblem = words(swings.errors());
    }
    explore::SobolOptions all;
    all.samples = std::clamp(question.draws / kDrawsPerSample, kFewestSamples, kMostSamples);
    all.stop = stop;
    all.progress = part(kRangesShare + kSwingsShare, 1 - kRangesShare - kSwingsShare);
    if (auto indices = explore::sobol(*question.scenario, question.strategy, question.row, all)) {
        study->sobol = std::move(*indices);
    } else {
        study->sobolProblem = words(indices.errors());
    }
    if (!question.keep.empty()) {
        explore::BreakEvenOptions level;
        level.keep = question.keep;
        level.lease = question.lease;
        level.stop = stop;
        if (auto map = explore::breakEvenMap(*question.scenario, level)) {
            study->map = std::move(*map);
        } else {
            study->mapProblem = words(map.errors());
        }
    }
    study->whole = !stop.stop_requested();
    return study;
}

} // namespace atlas::app

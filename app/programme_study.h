// What the programme page draws for: ranges of every strategy, what the spread is due to, and where leasing
// and keeping are level. Seconds of work, so made off the GUI thread, with progress and a stop.
#pragma once

#include "app/workspace.h"
#include "model/explore/break_even.h"
#include "model/explore/compare.h"
#include "model/explore/monte_carlo.h"
#include "model/explore/sensitivity.h"
#include "model/explore/sobol.h"

#include <QString>

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace atlas::app {

/// What is drawn for. Two questions with the same scenario object and choices have the same answer.
struct StudyQuestion {
    std::shared_ptr<const scenario::Scenario> scenario;
    std::string strategy;    ///< id, of tornado and Sobol indices
    std::string row;         ///< key of one of explore::programmeRows(), of the same
    std::string keep, lease; ///< ids, of the break-even map; empty: the scenario has no such pair
    std::size_t draws = 0;
    bool operator==(const StudyQuestion&) const = default;
};

/// Each part with the reason where there is none.
struct ProgrammeStudy {
    StudyQuestion question;
    explore::MonteCarlo ranges;
    std::vector<explore::Swing> swings;
    explore::SobolResult sobol;
    explore::BreakEvenMap map;
    QString rangesProblem, swingsProblem, sobolProblem, mapProblem;
    bool whole = false; ///< false where it was stopped
};

/// The outcome that tornado and Sobol indices open with.
inline constexpr const char* kStudyRow = "npv_with_models_usd";
/// Draws the window opens with; more are had on request.
inline constexpr std::size_t kStudyDraws = 400;

/// The pair of strategies that the break-even map compares: one that does nothing but lease a cluster by the
/// month, and the best of those that do nothing but train on the same cluster.
[[nodiscard]] std::pair<std::string, std::string> keepAndLease(const scenario::Scenario& scenario,
                                                               const explore::Comparison& comparison);

/// `progress`: share done, called from worker threads.
[[nodiscard]] std::shared_ptr<const ProgrammeStudy>
programmeStudy(const StudyQuestion& question, std::stop_token stop,
               const std::function<void(double share)>& progress = {});

} // namespace atlas::app

// What interruptions leave of a synchronous run's time.
#pragma once

#include "model/training/step.h"

namespace atlas::operations {

/// How long an interruption costs (resources/catalog/interruptions.yaml, compiled in).
struct Interruptions {
    catalog::Sourced restartS;         ///< from a failure to the next step
    catalog::Sourced checkpointStallS; ///< a checkpoint holds training up
};

[[nodiscard]] Result<Interruptions> parseInterruptions(const std::string& yaml);
[[nodiscard]] const Interruptions& defaultInterruptions();

/// The checkpoint interval that wastes least, s: Daly, "A higher order estimate of the optimum checkpoint
/// interval", FGCS 22 (2006), eq. 37; the stall itself where failures come faster than that.
[[nodiscard]] double checkpointIntervalS(double failuresPerS, double stallS);

/// Expected share of wall-clock time that ends up in kept steps, with exponential failures, a checkpoint
/// every `intervalS` and a restart that may itself be interrupted: interval * l / (exp(l * restart) * (exp(l
/// * (interval + stall)) - 1)), l failures a second (Daly 2006, eq. 20). 1 without failures and stalls.
[[nodiscard]] double goodputShare(double failuresPerS, double intervalS, double stallS, double restartS);

/// Failures a second that stop a step of this anatomy: of all nodes used; with local SGD an island's failure
/// stops only that island, so the mean over islands counts.
[[nodiscard]] double failuresPerS(const scenario::Scenario& scenario, const training::StepAnatomy& anatomy);

/// The same share at the best interval.
[[nodiscard]] double goodputShare(double failuresPerS, const Interruptions& interruptions);

} // namespace atlas::operations

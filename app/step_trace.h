// A step, or several, as a trace in the JSON format of Chrome and Perfetto: processes are groups of ranks,
// threads are ranks, spans are complete events, and the critical path is a chain of flow events.
#pragma once

#include "app/workspace.h"
#include "model/operations/step_lanes.h"

#include <QByteArray>
#include <QString>

namespace atlas::app {

/// More events than this are left out; the file says how many.
inline constexpr std::size_t kMostTraceEvents = 400'000;
inline constexpr int kMostTraceSteps = 1'000;

struct StepTrace {
    QByteArray json;
    std::size_t events = 0;  ///< complete events that were written
    std::size_t leftOut = 0; ///< that were not
};

/// Trace Event Format, JSON object form. Times are microseconds since `lanes.fromS`, which otherData holds.
/// `provenance` stands there too.
[[nodiscard]] StepTrace stepTrace(const operations::StepLanes& lanes, const QString& provenance,
                                  std::size_t most = kMostTraceEvents);

/// The trace of `steps` steps from the one at `timeS` on. Errors: nothing trains there.
[[nodiscard]] Result<StepTrace> stepTraceAt(const scenario::Scenario& scenario, const Pane& pane,
                                            double timeS, int steps);

} // namespace atlas::app

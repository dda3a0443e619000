// What kind of span tells of a phase of the job, of what held a step up, of an event.
#pragma once

#include "model/operations/attribution.h"
#include "model/operations/events.h"
#include "model/operations/lane_track.h"
#include "model/operations/phases.h"

namespace atlas::operations {

[[nodiscard]] SpanKind kindOf(Phase phase);
[[nodiscard]] SpanKind kindOf(Cause cause);
[[nodiscard]] SpanKind kindOf(const Event& event);

} // namespace atlas::operations

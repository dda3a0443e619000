// Replicas that an outlook expects to be out for want of GPUs.
#pragma once

#include "model/operations/outlook_job.h"

namespace atlas::operations {

/// Expected share (0 to 1) of a class's replicas that are out: parts that failed or were evicted
/// (`evictionsPerS`, of this class) and wait for repair, beyond what idle and standby GPUs replace.
[[nodiscard]] double lostShare(const OutlookJob& job, const OutlookClass& f, double evictionsPerS);

} // namespace atlas::operations

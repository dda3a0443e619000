// A frame of a job at an instant: every GPU's state, the racks, who holds the step up, the links' load.
#pragma once

#include "model/operations/frame.h"
#include "model/operations/job_course.h"

namespace atlas::operations {

/// Fills in all that `frame.timeS` decides, which must be set and within the job's time; what a frame of no
/// job says must stand in it already. `month` decides which GPUs have power.
void paintFrame(Frame& frame, const cluster::Cluster& cluster, const JobCourse& job, scenario::Month month);

} // namespace atlas::operations

// The same cluster serving and training, and the same slow GPU in both: plain values for charts and exports.
#pragma once

#include "app/workspace.h"
#include "widgets/course_plot.h"
#include "widgets/data_table.h"

#include <stop_token>

namespace atlas::app {

/// Busy and waiting GPUs of one cluster, serving and training, over that week. Trains what the first strategy
/// does there that trains at all; where none does, the scenario's first training job with equal shares.
[[nodiscard]] widgets::CourseValues trainingOrServing(const Workspace& workspace, double timeS,
                                                      std::stop_token stop);
/// What one GPU slower by 30 % costs, by class: a service, and a synchronous run.
[[nodiscard]] widgets::DataTable slowGpuTable(const Workspace& workspace, double timeS, QString* finding);

} // namespace atlas::app

// What a service yields by class of GPU and what it costs and earns: charts and tables of the serving page.
#pragma once

#include "app/workspace.h"
#include "widgets/course_plot.h"
#include "widgets/data_table.h"
#include "widgets/frontier_plot.h"
#include "widgets/stack_plot.h"

namespace atlas::app {

/// Throughput a GPU against the speed of a user, by class and for the mix, with every GPU powered. Empty
/// where nothing serves.
[[nodiscard]] widgets::FrontierValues frontierValues(const Workspace& workspace);

/// Output tokens/s of each class over the day of an instant.
[[nodiscard]] widgets::CourseValues tokensCourse(const Workspace& workspace, double timeS);

/// What a million output tokens cost on each class at full load: energy, and what market rent is above it.
[[nodiscard]] widgets::StackValues tokenCost(const Workspace& workspace);

/// The classes of GPU of the service: layout, batch, rates, times, cost, and what bounds them.
[[nodiscard]] widgets::DataTable servingClasses(const Workspace& workspace, QString* finding);

/// Tenant's and owner's margins under each telling of the lease.
[[nodiscard]] widgets::DataTable leaseTable(const Workspace& workspace, QString* finding);

} // namespace atlas::app

// From a serving fleet to what the charts of the serving page draw: plain values, shared by window and
// exports. Some tens of milliseconds, so not for the GUI thread.
#pragma once

#include "app/workspace.h"
#include "widgets/course_plot.h"

namespace atlas::app {

/// The service of a workspace; false where nothing serves.
struct ShownService {
    const Pane* pane = nullptr;
    const serving::Fleet* fleet = nullptr;
    [[nodiscard]] explicit operator bool() const { return fleet != nullptr; }
};
[[nodiscard]] ShownService shownService(const Workspace& workspace);

/// Share of requests for which the promise is kept, by kind, over the day of an instant.
[[nodiscard]] widgets::CourseValues promiseCourse(const Workspace& workspace, double timeS);
/// Percentiles over that day against the promises.
[[nodiscard]] widgets::CourseValues firstTokenCourse(const Workspace& workspace, double timeS);
[[nodiscard]] widgets::CourseValues tokenTimeCourse(const Workspace& workspace, double timeS);
/// Demand, what is served of it and what it finds full, over the week of an instant, as shares of what the
/// fleet carries.
[[nodiscard]] widgets::CourseValues demandCourse(const Workspace& workspace, double timeS);
/// Requests that wait before the replicas over that week: interactive and batch.
[[nodiscard]] widgets::CourseValues queueCourse(const Workspace& workspace, double timeS);

} // namespace atlas::app

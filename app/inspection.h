// What the inspector says of a selection: from the campus to a single GPU.
#pragma once

#include "app/workspace.h"
#include "scenes/scene.h"
#include "widgets/inspector_panel.h"

namespace atlas::app {

/// The inspector's action that opens the parallel plan of the selected side.
inline constexpr QLatin1String kPlanAction{"plan"};

/// Content for `target` in a pane; with no target the pane's cluster as a whole. `frame` may be null.
[[nodiscard]] widgets::InspectorContent inspect(const Workspace& workspace, Side side, scenes::Target target,
                                                const operations::Frame* frame);

} // namespace atlas::app

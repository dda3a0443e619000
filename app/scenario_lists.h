// From a scenario to the lists of the left dock: strategies, clusters, colourings; and marks on the time
// line.
#pragma once

#include "app/workspace.h"
#include "scenes/floor_scene.h"
#include "widgets/scenario_panel.h"
#include "widgets/scrubber.h"

namespace atlas::app {

[[nodiscard]] std::vector<widgets::PanelItem> strategyItems(const scenario::Scenario& scenario,
                                                            const std::array<PaneChoice, 2>& choices);
[[nodiscard]] std::vector<widgets::PanelItem> clusterItems(const scenario::Scenario& scenario,
                                                           const std::array<PaneChoice, 2>& choices);
/// What GPUs can be coloured by, in the order of the keys 1, 2, 3 and on.
struct ColouringChoice {
    scenes::ColourBy by = scenes::ColourBy::State;
    const char* id = ""; ///< on the command line
    QString name;
    QString tip;
};
[[nodiscard]] const std::vector<ColouringChoice>& colourings();
[[nodiscard]] std::vector<widgets::PanelItem> colouringItems();
[[nodiscard]] QString colouringId(scenes::ColourBy colourBy);
[[nodiscard]] scenes::ColourBy colouringOf(const QString& id);

/// Months in which a tranche gets power or a contract begins and ends, at either pane.
[[nodiscard]] std::vector<widgets::TimeMark> timeMarks(const Workspace& workspace);

} // namespace atlas::app

// What stands above a pane: the cluster, the strategy, and in one line what its GPUs are doing.
#pragma once

#include "app/workspace.h"
#include "scenes/clock.h"
#include "widgets/scene_pane.h"

namespace atlas::app {

/// "day 12  07:41:08.220 · 1 s = 3 s", or that it stands still: at the instant shown, which may be behind.
[[nodiscard]] QString clockCaption(const scenes::Clock& clock, double shownS);

[[nodiscard]] widgets::PaneCaption paneCaption(const scenario::Scenario& scenario, const Pane& pane,
                                               const operations::Frame* frame);

/// "saving a checkpoint"; empty where the job steps or there is none.
[[nodiscard]] QString phaseText(operations::Phase phase);

/// GPUs by class, in the order of the islands.
[[nodiscard]] std::vector<std::pair<QString, double>> fleetOf(const cluster::Cluster& cluster);
/// "165,000 H100 + 55,000 A100".
[[nodiscard]] QString fleetText(const cluster::Cluster& cluster);

/// The label at the culprit: whom it is and how many wait; both empty where nobody holds anybody up.
struct Callout {
    QString title;
    QString detail;
};
[[nodiscard]] Callout culpritCallout(const cluster::Cluster& cluster, const operations::Frame& frame);

} // namespace atlas::app

// Everything the two panes show of one scenario: clusters built, timelines ready. Immutable; made off the GUI
// thread.
#pragma once

#include "model/operations/frame.h"
#include "model/orbit/constellation.h"
#include "model/scenario/scenario.h"
#include "model/validation/validity.h"
#include "widgets/side.h"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace atlas::app {

using widgets::index;
using widgets::kSides;
using widgets::Side;

/// Which strategy a pane stands for, and which of its clusters it shows (empty: the one that tells most).
struct PaneChoice {
    std::string strategy;
    std::string cluster;
    bool operator==(const PaneChoice&) const = default;
};

/// One pane, ready to be asked for frames.
struct Pane {
    PaneChoice choice;
    scenario::Assignment assignment;
    std::string strategyName;
    std::string clusterName;
    std::shared_ptr<const operations::Timeline> timeline;
    std::shared_ptr<const orbit::Constellation> flown; ///< null where the cluster stands on the ground
    operations::Waterfall waterfall;                   ///< empty where nothing trains
    std::vector<std::string> clusters;                 ///< ids the strategy uses, in its order
    Diagnostics problems;                              ///< why there is no timeline
    validation::Validity validity;                     ///< of what the pane shows, on the most GPUs it gets
};

struct Workspace {
    std::shared_ptr<const scenario::Scenario> scenario;
    std::map<std::string, std::shared_ptr<const cluster::Cluster>> clusters;
    std::array<Pane, 2> panes;
    /// A cluster that serves: of a pane where one does, else of a strategy of the panes, else of any. Without
    /// a timeline where nothing serves.
    Pane service;
    std::optional<double>
        tellingS;            ///< where one was asked for: the instant nearby at which the panes tell most
    double slowestStepS = 0; ///< step time there, of the slower pane; 0 where nothing trains
    [[nodiscard]] const Pane& pane(Side side) const { return panes[index(side)]; }
};

struct WorkspaceRequest {
    std::shared_ptr<const scenario::Scenario> scenario;
    std::array<PaneChoice, 2> choices;
    std::optional<double>
        aroundS; ///< find the telling instant near this one; some steps have to be drawn for it
    std::shared_ptr<const Workspace> previous; ///< clusters that did not change are taken over
};

/// Builds what is asked for. A pane that cannot be built carries its problems and no timeline; never fails as
/// a whole.
[[nodiscard]] std::shared_ptr<const Workspace> buildWorkspace(const WorkspaceRequest& request,
                                                              std::stop_token stop);

/// The assignment a pane opens with: the cluster asked for, else training, else leasing or serving, else the
/// first.
[[nodiscard]] const scenario::Assignment* featured(const scenario::Strategy& strategy,
                                                   const std::string& cluster);

/// Simulated seconds to the month in which the scenario asks to be opened.
[[nodiscard]] double openedAtS(const scenario::Scenario& scenario);

/// An instant near `aroundS` at which the panes tell most: late in a step of A, when whoever waits does wait.
/// `aroundS` itself where A has no steps.
[[nodiscard]] double tellingInstant(const Workspace& workspace, double aroundS);

} // namespace atlas::app

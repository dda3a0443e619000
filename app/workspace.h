// Everything the two panes show of one scenario: clusters built, timelines ready. Immutable; made off the GUI
// thread.
#pragma once

#include "model/operations/frame.h"
#include "model/scenario/scenario.h"

#include <array>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace atlas::app {

enum class Side { A, B };
inline constexpr std::array kSides = {Side::A, Side::B};
[[nodiscard]] constexpr std::size_t index(Side side) {
    return side == Side::A ? 0 : 1;
}

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
    std::vector<std::string> clusters; ///< ids the strategy uses, in its order
    Diagnostics problems;              ///< why there is no timeline
};

struct Workspace {
    std::shared_ptr<const scenario::Scenario> scenario;
    std::map<std::string, std::shared_ptr<const cluster::Cluster>> clusters;
    std::array<Pane, 2> panes;
    [[nodiscard]] const Pane& pane(Side side) const { return panes[index(side)]; }
};

struct WorkspaceRequest {
    std::shared_ptr<const scenario::Scenario> scenario;
    std::array<PaneChoice, 2> choices;
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

/// The scenario with every use of one cluster in its strategies replaced by another telling of the same site.
[[nodiscard]] scenario::Scenario withFleet(scenario::Scenario scenario, const std::string& from,
                                           const std::string& to);

} // namespace atlas::app

// What the inspector says of many GPUs at once, selected by box or lasso.
#pragma once

#include "app/workspace.h"
#include "model/cluster/part_cover.h"
#include "widgets/inspector_panel.h"

#include <span>

namespace atlas::app {

/// The inspector's action that brings the selected area into view.
inline constexpr QLatin1String kZoomAction{"zoom-area"};

/// Sums over a selection at one instant. Utilisation counts GPUs with power only.
struct AreaSummary {
    cluster::Index gpus = 0;
    cluster::Index powered = 0;
    std::map<std::uint8_t, cluster::Index> byClass;
    std::array<cluster::Index, operations::kStateCount> byState{};
    double meanUtilisation = 0; ///< 0..1
    double leastUtilisation = 1;
    cluster::Index least = cluster::kNone; ///< the first GPU with it
    double powerW = 0;                     ///< idle, what utilisation adds up to TDP, and the host's share
    double lostUsdPerHour = 0; ///< market rent of GPUs that have power and neither compute nor communicate
    [[nodiscard]] double stalledShare() const; ///< waiting at the barrier, of those with power
};

[[nodiscard]] AreaSummary summarise(const cluster::Cluster& cluster, const operations::Frame& frame,
                                    std::span<const cluster::Range> gpus);

/// `gpus` merged; `frame` may be null.
[[nodiscard]] widgets::InspectorContent inspectArea(const Workspace& workspace, Side side,
                                                    std::span<const cluster::Range> gpus,
                                                    const operations::Frame* frame);

} // namespace atlas::app

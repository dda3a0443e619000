// Groups of a layout on the fabric: whom the culprit of a step holds up, and how far along the links the
// stall has come; the groups of the selected GPU; where the exchange that runs now is narrowest.
#pragma once

#include "scenes/fabric_overlay.h"
#include "scenes/label_placer.h"

#include <optional>

namespace atlas::scenes {

/// How far the stall has come from one link of the chain to the next, 0..1: it leaves where the one before
/// begins to wait (the first: with the step) and arrives when its own group does.
[[nodiscard]] double stallReach(const BlameChain& chain, std::size_t group, double stepStartS, double timeS);

/// The most loaded ribbon of an exchange in progress; -1 where none is.
[[nodiscard]] std::ptrdiff_t bottleneckOf(const FabricLayout& layout, const operations::Frame* frame);

/// Items over the domains and ribbons. Labels find their place with `placer`.
void addFabricGroups(const FabricPane& pane, const operations::Frame* frame, const FabricOptions& options,
                     LabelPlacer& placer, Overlay& overlay);

/// What of it is on screen, for the legend.
void addFabricGroupLegend(Legend& legend, const cluster::Cluster& cluster, const FabricLayout& layout,
                          const operations::Frame* frame, const FabricOptions& options, const Theme& theme);

} // namespace atlas::scenes

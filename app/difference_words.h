// How pane B differs from pane A: in figures of the model, and in words where a picture of the difference has
// no meaning.
#pragma once

#include "app/session.h"
#include "scenes/colouring.h"
#include "widgets/difference_panel.h"

namespace atlas::app {

/// What a cluster does at an instant, added up over its GPUs.
struct PaneFigures {
    double gpus = 0;
    double powered = 0;
    double utilisation = 0;    ///< mean of those with power, 0..1
    double still = 0;          ///< share of those with power that stand still
    double powerW = 0;         ///< of the boards
    double temperatureC = 0;   ///< mean of those that have one; NaN: not known
    double lostUsdPerHour = 0; ///< market rent of those that stand still
};
[[nodiscard]] PaneFigures figuresOf(const cluster::Cluster& cluster, const operations::Frame& frame,
                                    const operations::GpuConditions& conditions);

/// What the panes differ in. `conditions` of [side]; `floor`: the floorplan is on screen, coloured by `by`.
[[nodiscard]] widgets::DifferenceContent
differenceContent(const FramePair& frames,
                  const std::array<std::shared_ptr<const operations::GpuConditions>, 2>& conditions,
                  bool floor, scenes::ColourBy by);

} // namespace atlas::app

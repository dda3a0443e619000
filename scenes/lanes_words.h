// Names of lanes, sections and spans, for people.
#pragma once

#include "model/operations/step_lanes.h"
#include "scenes/lane_fold.h"
#include "scenes/scene.h"

namespace atlas::scenes {

/// "trays", "NICs and cables": what of a cluster goes wrong.
[[nodiscard]] QString componentWord(operations::Component component);

/// "stage 12", "TP 3"; short enough for the gutter.
[[nodiscard]] QString laneName(const operations::StepLanes& lanes, const operations::TimelineLane& lane);
/// "Pipeline of replica 12", and what it leaves out.
struct SectionWords {
    QString title;
    QString quiet;
};
[[nodiscard]] SectionWords sectionWords(const operations::StepLanes& lanes, std::size_t section);
/// What a card says about a drawn item.
[[nodiscard]] HoverText itemText(const operations::StepLanes& lanes, const operations::TimelineLane& lane,
                                 const LaneItem& item);
/// The same about a rank where nothing is drawn.
[[nodiscard]] HoverText rankText(const operations::StepLanes& lanes, const operations::TimelineLane& lane);
/// "1 204 spans folded (below 3 px)"; empty where none are.
[[nodiscard]] QString foldedText(std::size_t folded);

} // namespace atlas::scenes

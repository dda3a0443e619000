#include "model/operations/critical_path.h"

#include <algorithm>
#include <cmath>

namespace atlas::operations {

std::vector<CriticalLeg> criticalPath(const StepWork& work, const RankWork& culprit,
                                      const std::vector<int>& laneOfStage, int culpritLane) {
    const RankPlace& place = culprit.place;
    const double startS = work.step.startS;
    const double barrierS = std::min(startS + work.step.barrierS, work.step.endS);
    const double workS = culprit.finishS - culprit.bubbleS;
    const double beginsS = startS + static_cast<double>(culprit.timing.startIdleS);
    const double partsS = beginsS + static_cast<double>(culprit.timing.busyBefore) * workS;
    const double meetsS = partsS + static_cast<double>(culprit.timing.midIdleS);
    const double endsS = std::min(barrierS, beginsS + workS + static_cast<double>(culprit.timing.midIdleS));

    std::vector<CriticalLeg> legs;
    const auto leg = [&legs](int lane, double fromS, double toS) {
        if (lane >= 0 && toS > fromS) {
            legs.push_back({static_cast<std::uint32_t>(lane), fromS, toS});
        }
    };
    // Stages one after the other, each for an equal part of the time.
    const auto through = [&](int from, int to, double fromS, double toS) {
        const int count = std::abs(to - from) + 1;
        const int way = to >= from ? 1 : -1;
        std::vector<int> lanes;
        for (int i = 0; i < count; ++i) {
            const auto stage = static_cast<std::size_t>(from + way * i);
            if (stage < laneOfStage.size() && laneOfStage[stage] >= 0) {
                lanes.push_back(laneOfStage[stage]);
            }
        }
        const double each = lanes.empty() ? 0 : (toS - fromS) / static_cast<double>(lanes.size());
        for (std::size_t i = 0; i < lanes.size(); ++i) {
            leg(lanes[i], fromS + each * static_cast<double>(i), fromS + each * static_cast<double>(i + 1));
        }
    };
    const int last = static_cast<int>(laneOfStage.size()) - 1;
    if (place.stage > 0) {
        through(0, place.stage - 1, startS, beginsS);
    }
    if (meetsS > partsS && place.stage < last) {
        leg(culpritLane, beginsS, partsS);
        const double turnS = partsS + (meetsS - partsS) / 3; // forward takes a third
        through(place.stage + 1, last, partsS, turnS);
        through(last, place.stage + 1, turnS, meetsS);
        leg(culpritLane, meetsS, endsS);
    } else {
        leg(culpritLane, beginsS, endsS);
    }
    if (place.stage > 0) {
        through(place.stage - 1, 0, endsS, barrierS);
    }
    leg(culpritLane, barrierS, work.step.endS);
    return legs;
}

} // namespace atlas::operations

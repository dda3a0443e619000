#include "model/scenario/sections.h"

namespace atlas::scenario {

std::string_view nameOf(Precision precision) {
    return kPrecisionNames[static_cast<std::size_t>(precision)];
}

std::string_view nameOf(Recompute recompute) {
    return kRecomputeNames[static_cast<std::size_t>(recompute)];
}

std::string_view nameOf(Sharding sharding) {
    return kShardingNames[static_cast<std::size_t>(sharding)];
}

std::string_view nameOf(Placement placement) {
    return kPlacementNames[static_cast<std::size_t>(placement)];
}

std::vector<std::pair<std::string, std::string>> layoutSettings(const std::string& job,
                                                                const LayoutChoice& layout) {
    const std::string path = "train_jobs." + job + ".layout.";
    return {{path + "tp", std::to_string(layout.tp)},
            {path + "pp", std::to_string(layout.pp)},
            {path + "vp", std::to_string(layout.vp)},
            {path + "cp", std::to_string(layout.cp)},
            {path + "ep", std::to_string(layout.ep)},
            {path + "micro_batch", std::to_string(layout.microBatch)},
            {path + "recompute", std::string(nameOf(layout.recompute))},
            {path + "sharding", std::string(nameOf(layout.sharding))}};
}

} // namespace atlas::scenario

#include "model/operations/step_groups.h"

#include <algorithm>
#include <functional>

namespace atlas::operations {

namespace {

using cluster::Index;

/// GPUs as runs of consecutive ones.
void add(std::vector<cluster::Range>& runs, Index gpu) {
    if (!runs.empty() && runs.back().end() == gpu) {
        ++runs.back().count;
    } else if (gpu != cluster::kNone) {
        runs.push_back({gpu, 1});
    }
}

} // namespace

std::vector<RankGroup> groupsOf(const cluster::Cluster& cluster, const StepShape& shape, Index gpu) {
    const auto own = placeOf(cluster, shape, gpu);
    if (!own) {
        return {};
    }
    const training::Layout& layout = shape.anatomy.layout;
    std::vector<RankGroup> groups;
    const auto along = [&](Group group, std::int64_t size,
                           const std::function<RankPlace(std::int64_t)>& placeOfMember) {
        if (size < 2) {
            return;
        }
        RankGroup made{group, {}};
        for (std::int64_t i = 0; i < size; ++i) {
            add(made.gpus, gpuAt(shape, placeOfMember(i)));
        }
        groups.push_back(std::move(made));
    };
    const auto with = [&own](auto RankPlace::*part) {
        return [own, part](std::int64_t i) {
            RankPlace place = *own;
            place.*part = static_cast<std::remove_reference_t<decltype(place.*part)>>(i);
            return place;
        };
    };
    along(Group::Tensor, layout.tp, with(&RankPlace::tensor));
    along(Group::Context, layout.cp, with(&RankPlace::context));
    // Experts are shared out over context and replicas, which stand beside each other.
    const std::int64_t context = std::max(1, layout.cp);
    const std::int64_t first =
        (own->replica * context + own->context) / std::max(1, layout.ep) * std::max(1, layout.ep);
    along(Group::Expert, layout.ep, [&](std::int64_t i) {
        RankPlace place = *own;
        place.replica = (first + i) / context;
        place.context = static_cast<int>((first + i) % context);
        return place;
    });
    along(Group::Pipeline, layout.pp, with(&RankPlace::stage));
    along(Group::Data, layout.dp, with(&RankPlace::replica));
    return groups;
}

} // namespace atlas::operations

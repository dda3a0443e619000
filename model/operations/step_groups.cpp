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

/// Ranks of a stage that experts are shared out over: replicas, each with its context ranks, and with the
/// tensor ranks of those where the others are too few.
struct ExpertAxis {
    std::int64_t context = 1, tensor = 1, ep = 1;

    explicit ExpertAxis(const training::Layout& layout)
        : context(std::max(1, layout.cp))
        , tensor(layout.ep > std::max<std::int64_t>(1, layout.dp) * context ? std::max(1, layout.tp) : 1)
        , ep(std::max(1, layout.ep)) {}

    [[nodiscard]] std::int64_t numberOf(const RankPlace& place) const {
        return (place.replica * context + place.context) * tensor + (tensor > 1 ? place.tensor : 0);
    }
    /// The rank with a number; where tensor ranks share their experts, the one beside `own`.
    [[nodiscard]] RankPlace placeOf(std::int64_t number, RankPlace own) const {
        if (tensor > 1)
            own.tensor = static_cast<int>(number % tensor);
        own.context = static_cast<int>(number / tensor % context);
        own.replica = number / tensor / context;
        return own;
    }
};

} // namespace

std::optional<ExpertPlace> expertPlaceOf(const training::Layout& layout, const RankPlace& place) {
    if (layout.ep < 2)
        return {};
    const ExpertAxis axis(layout);
    const std::int64_t number = axis.numberOf(place);
    return ExpertPlace{number / axis.ep, static_cast<int>(number % axis.ep)};
}

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
    const ExpertAxis axis(layout);
    const std::int64_t first = axis.numberOf(*own) / axis.ep * axis.ep;
    along(Group::Expert, layout.ep, [&](std::int64_t i) { return axis.placeOf(first + i, *own); });
    along(Group::Pipeline, layout.pp, with(&RankPlace::stage));
    along(Group::Data, layout.dp, with(&RankPlace::replica));
    return groups;
}

} // namespace atlas::operations

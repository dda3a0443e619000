#include "app/counterpart.h"

#include "app/injection_words.h"
#include "model/cluster/address.h"

#include <algorithm>

namespace atlas::app {

namespace {

using cluster::Index;
using scenes::Target;
using scenes::TargetKind;

/// The part of that kind around a GPU.
Target around(const cluster::Cluster& cluster, TargetKind kind, Index gpu) {
    const Index rack = cluster.rackOf(gpu);
    switch (kind) {
    case TargetKind::Gpu:
        return {kind, gpu, cluster::kNone};
    case TargetKind::Rack:
        return {kind, rack, cluster::kNone};
    case TargetKind::Row:
        return {kind, cluster.racks[rack].row, cluster::kNone};
    case TargetKind::Hall:
        return {kind, cluster.racks[rack].hall, cluster::kNone};
    default:
        return {};
    }
}

} // namespace

Counterpart counterpartOf(Target target, const cluster::Cluster& from, const cluster::Cluster& to) {
    const auto part = partOf(from, target.whole());
    if (!part || part->kind == cluster::PartKind::Cluster) {
        return {};
    }
    if (const auto same = cluster::parsePart(to, cluster::partName(from, *part));
        same && same->kind == part->kind) {
        return {targetOf(to, *same), true};
    }
    const cluster::Range gpus = cluster::gpusOf(from, *part);
    if (gpus.count == 0 || to.gpuCount == 0) {
        return {};
    }
    const double middle = gpus.first + gpus.count / 2.0;
    const auto gpu = static_cast<Index>(middle / from.gpuCount * to.gpuCount);
    return {around(to, target.kind, std::min(gpu, to.gpuCount - 1)), false};
}

} // namespace atlas::app

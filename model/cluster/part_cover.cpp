#include "model/cluster/part_cover.h"

#include <algorithm>

namespace atlas::cluster {

namespace {

/// The largest part that begins at `gpu` and ends no later than `end`.
Part largestAt(const Cluster& cluster, Index gpu, Index end) {
    const Index rack = cluster.rackOf(gpu);
    const Index hall = cluster.racks[rack].hall;
    const Part candidates[] = {{PartKind::Cluster, 0}, {PartKind::Island, cluster.halls[hall].island},
                               {PartKind::Hall, hall}, {PartKind::Row, cluster.racks[rack].row},
                               {PartKind::Rack, rack}, {PartKind::Tray, trayGpus(cluster, gpu).first}};
    for (const Part& part : candidates) {
        const Range gpus = gpusOf(cluster, part);
        if (gpus.first == gpu && gpus.end() <= end) {
            return part;
        }
    }
    return {PartKind::Gpu, gpu};
}

} // namespace

std::vector<Range> merged(std::vector<Range> ranges) {
    std::erase_if(ranges, [](const Range& r) { return r.count == 0; });
    std::ranges::sort(ranges, {}, &Range::first);
    std::vector<Range> out;
    for (const Range& range : ranges) {
        if (!out.empty() && range.first <= out.back().end()) {
            out.back().count = std::max(out.back().end(), range.end()) - out.back().first;
        } else {
            out.push_back(range);
        }
    }
    return out;
}

Index countOf(std::span<const Range> ranges) {
    Index count = 0;
    for (const Range& range : ranges) {
        count += range.count;
    }
    return count;
}

std::vector<Part> coverOf(const Cluster& cluster, std::span<const Range> ranges, std::size_t most) {
    std::vector<Part> parts;
    for (const Range& range : ranges) {
        for (Index gpu = range.first; gpu < range.end();) {
            if (parts.size() == most) {
                return {};
            }
            parts.push_back(largestAt(cluster, gpu, range.end()));
            gpu = gpusOf(cluster, parts.back()).end();
        }
    }
    return parts;
}

} // namespace atlas::cluster

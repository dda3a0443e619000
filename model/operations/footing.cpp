#include "model/operations/footing.h"

#include <algorithm>
#include <cmath>

namespace atlas::operations {

namespace {

using cluster::Index;
using cluster::PartKind;
using cluster::Range;

Range common(Range a, Range b) {
    const Index first = std::max(a.first, b.first);
    const Index end = std::min(a.end(), b.end());
    return {first, end > first ? end - first : 0};
}

/// Those of `gpus` that are not out.
template <class Use>
void forRest(Range gpus, const OutRanges& out, const Use& use) {
    auto each = std::ranges::lower_bound(out, gpus.first, {}, [](Range r) { return r.end() - 1; });
    for (; gpus.count > 0 && each != out.end() && each->first < gpus.end(); ++each) {
        if (each->first > gpus.first) {
            use(Range{gpus.first, each->first - gpus.first});
        }
        const Index next = std::min(each->end(), gpus.end());
        gpus = {next, gpus.end() - next};
    }
    if (gpus.count > 0) {
        use(gpus);
    }
}

Index countOut(Range gpus, const OutRanges& out) {
    Index left = 0;
    forRest(gpus, out, [&](Range rest) { left += rest.count; });
    return gpus.count - left;
}

} // namespace

OutRanges outOf(const cluster::Cluster& cluster, cluster::Part part) {
    if (part.kind == PartKind::Switch) {
        OutRanges ranges;
        for (const Index gpu : gpusUnderLeaf(cluster, part.index)) {
            ranges.push_back({gpu, 1});
        }
        return ranges;
    }
    if (part.kind == PartKind::LinkGroup) {
        const cluster::LinkGroup& group = cluster.linkGroups[part.index];
        if (group.kind != cluster::LinkKind::Trunk) {
            return {cluster.halls[group.hallA].gpus};
        }
        const Range a = cluster.islands[group.island].gpus;
        const Range b = cluster.islands[group.islandB].gpus;
        return {a.count < b.count ? a : b};
    }
    return {gpusOf(cluster, part)};
}

OutRanges joined(OutRanges ranges) {
    std::ranges::sort(ranges, {}, &Range::first);
    OutRanges out;
    for (const Range each : ranges) {
        if (!out.empty() && each.first <= out.back().end()) {
            out.back().count = std::max(out.back().end(), each.end()) - out.back().first;
        } else {
            out.push_back(each);
        }
    }
    return out;
}

bool isOut(const OutRanges& out, Index gpu) {
    const auto each = std::ranges::lower_bound(out, gpu, {}, [](Range r) { return r.end() - 1; });
    return each != out.end() && each->contains(gpu);
}

Range Footing::Class::domainOf(Index gpu) const {
    const Index first = pool.first + (gpu - pool.first) / domain * domain;
    return {first, std::min(domain, pool.end() - first)};
}

Footing::Footing(const cluster::Cluster& cluster, const StepShape& shape, scenario::Month month)
    : m_cluster(&cluster) {
    const training::Layout& layout = shape.anatomy.layout;
    m_inStages = shape.anatomy.placement == training::Placement::ClassStages && shape.classes.size() > 1;
    const double perStage = static_cast<double>(layout.tp) * layout.cp;
    for (const MemberClass& members : shape.classes) {
        Class each;
        each.pool = poweredOf(cluster, members.island, month);
        each.members = members;
        each.domain =
            static_cast<Index>(std::max(1, cluster.islands[members.island].rackType.nvlinkDomainGpus));
        each.group = std::min(each.domain, static_cast<Index>(std::max(1, layout.tp)));
        each.perReplica = std::max(1.0, perStage * members.stages);
        each.replicas = std::max(1.0, std::floor(members.count() / each.perReplica + 1e-9));
        each.tokens = members.tokens;
        for (Index gpu = members.gpus.end(); gpu < each.pool.end(); gpu = each.domainOf(gpu).end()) {
            const Index idle = each.domainOf(gpu).end() - gpu;
            // What stands by in a domain is for that domain.
            each.spares += each.usable(idle > members.standby ? idle - members.standby : 0);
        }
        m_classes.push_back(each);
    }
}

Standing Footing::standing(const OutRanges& out) const {
    Standing now;
    if (out.empty()) {
        return now;
    }
    now.classes.resize(m_classes.size());
    now.capacity = m_inStages ? 1 : 0;
    double tokens = 0;
    for (std::size_t c = 0; c < m_classes.size(); ++c) {
        const Class& each = m_classes[c];
        double lost = 0;
        double spares = each.spares;
        Index before = cluster::kNone; // first GPU of the domain looked at last
        for (const Range gap : out) {
            const Range here = common(gap, each.pool);
            for (Index gpu = here.first; gpu < here.end();) {
                const Range domain = each.domainOf(gpu);
                gpu = domain.end();
                if (domain.first == before) {
                    continue;
                }
                before = domain.first;
                const Index wanted = each.members.countIn(domain);
                const Index left = each.usable(domain.count - countOut(domain, out));
                if (wanted > 0) {
                    lost += wanted > left ? wanted - left : 0;
                } else {
                    spares -= each.usable(domain.count) - left;
                }
            }
        }
        spares = std::max(0.0, spares);
        const double missing = std::max(0.0, lost - spares);
        now.classes[c].replaced = static_cast<Index>(lost - missing);
        now.classes[c].lostReplicas = std::min(each.replicas, std::ceil(missing / each.perReplica));
        const double left = 1 - now.classes[c].lostReplicas / each.replicas;
        now.capacity = m_inStages ? std::min(now.capacity, left) : now.capacity + left * each.tokens;
        tokens += each.tokens;
    }
    now.capacity /= m_inStages || !(tokens > 0) ? 1 : tokens;
    return now;
}

bool Footing::hits(cluster::Part part, const OutRanges& out, const Standing& now) const {
    bool hit = false;
    for (const Range gpus : outOf(*m_cluster, part)) {
        for (std::size_t c = 0; c < m_classes.size(); ++c) {
            const MemberClass& members = m_classes[c].members;
            const Index standIns = now.classes.empty() ? 0 : now.classes[c].replaced;
            forRest(gpus, out, [&](Range rest) {
                hit = hit || members.countIn(rest) > 0 ||
                      common(rest, {members.gpus.end(), standIns}).count > 0;
            });
        }
    }
    return hit;
}

} // namespace atlas::operations

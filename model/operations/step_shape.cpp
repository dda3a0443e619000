#include "model/operations/step_shape.h"

#include <algorithm>
#include <cmath>

namespace atlas::operations {

namespace {

using cluster::Index;

/// The island of a class share: by the pool's name, else by its place in the list.
cluster::Index islandOf(const cluster::Cluster& cluster, const training::ClassShare& share, std::size_t place,
                        const std::vector<MemberClass>& taken) {
    const auto free = [&](cluster::Index i) {
        return std::ranges::find(taken, i, &MemberClass::island) == taken.end();
    };
    for (cluster::Index i = 0; i < cluster.islands.size(); ++i) {
        const bool sameClass = cluster.gpuClasses[cluster.islands[i].gpuClass].id == share.gpu;
        if (sameClass && cluster.islands[i].name == share.pool && free(i)) {
            return i;
        }
    }
    const auto index = static_cast<cluster::Index>(place);
    return place < cluster.islands.size() && free(index) ? index : cluster::kNone;
}

void assignStages(StepShape& shape) {
    const int stages = std::max(1, shape.anatomy.layout.pp);
    const bool byClass =
        shape.anatomy.placement == training::Placement::ClassStages && shape.classes.size() > 1;
    double before = 0;
    const double members = shape.members();
    for (MemberClass& each : shape.classes) {
        each.firstStage = 0;
        each.stages = stages;
        if (byClass) {
            each.firstStage = std::min(stages - 1, static_cast<int>(std::lround(before * stages / members)));
            before += each.count();
            const int end = static_cast<int>(std::lround(before * stages / members));
            each.stages = std::max(1, end - each.firstStage);
        }
    }
}

/// Share of the exposed communication inside the micro-batches that leaves the NVLink domain.
double networkShare(const training::StepAnatomy& anatomy, int domain) {
    const training::Layout& layout = anatomy.layout;
    const training::Breakdown& parts = anatomy.breakdown;
    const auto outside = [&](std::int64_t span, double seconds) { return span > domain ? seconds : 0.0; };
    const std::int64_t tp = layout.tp;
    const double all = parts.tp + parts.cp + parts.ep + parts.pp;
    const double network = outside(tp, parts.tp) + outside(tp * layout.cp, parts.cp) +
                           outside(tp * layout.ep, parts.ep) + parts.pp;
    return all > 0 ? network / all : 0;
}

/// GPUs from the first member to the last of `members` of them.
Index extentOf(Index members, Index domain, Index standby) {
    const Index used = domain - standby;
    return standby == 0 || members == 0 ? members : (members - 1) / used * domain + (members - 1) % used + 1;
}

} // namespace

ClassTimes classTimes(const training::StepAnatomy& anatomy, std::size_t index, int nvlinkDomain) {
    const training::ClassShare& share = anatomy.classes[index];
    const training::Breakdown& parts = anatomy.breakdown;
    ClassTimes times;
    times.computeS = std::max(0.0, share.computeS - parts.optimizer);
    times.communicateS = std::max(0.0, share.communicateS - parts.dp);
    times.networkS = times.communicateS * networkShare(anatomy, nvlinkDomain);
    // What a class waits beyond jitter is bubble, and for the faster classes the slower ones.
    const double idle =
        std::max(0.0, anatomy.stepTimeS - parts.barrier - share.computeS - share.communicateS);
    times.bubbleS = std::min(parts.bubble, idle);
    return times;
}

double microBatchesOf(const training::Layout& layout) {
    return std::max(1.0, static_cast<double>(layout.globalBatch) /
                             std::max(1.0, static_cast<double>(layout.dp) * layout.microBatch));
}

double StepShape::nominalS() const {
    double barrier = 0;
    for (const MemberClass& each : classes) {
        barrier = std::max(barrier, each.finishS());
    }
    return barrier + tailS();
}

cluster::Index StepShape::members() const {
    cluster::Index sum = 0;
    for (const MemberClass& each : classes) {
        sum += each.count();
    }
    return sum;
}

const MemberClass* StepShape::classOf(cluster::Index gpu) const {
    const auto found = std::ranges::find_if(classes, [gpu](const MemberClass& c) { return c.isMember(gpu); });
    return found == classes.end() ? nullptr : &*found;
}

cluster::Range poweredOf(const cluster::Cluster& cluster, cluster::Index island, scenario::Month month) {
    cluster::Range gpus{cluster.islands[island].gpus.first, 0};
    const cluster::Range racks = cluster.islands[island].racks;
    for (cluster::Index r = racks.first; r < racks.end() && cluster.racks[r].poweredFrom <= month; ++r) {
        gpus.count += cluster.racks[r].gpus.count;
    }
    return gpus;
}

Result<StepShape> shapeOf(const cluster::Cluster& cluster, const training::StepAnatomy& anatomy,
                          scenario::Month month, int domainGpus) {
    StepShape shape;
    shape.anatomy = anatomy;
    const training::Breakdown& parts = anatomy.breakdown;
    const double withoutJitter = anatomy.stepTimeS - parts.barrier;
    double slowest = 0;
    double peak = 0;
    for (std::size_t i = 0; i < anatomy.classes.size(); ++i) {
        const training::ClassShare& share = anatomy.classes[i];
        if (share.count <= 0 || !(share.computeS > 0)) {
            continue; // dropped by the placement
        }
        MemberClass each;
        each.island = islandOf(cluster, share, i, shape.classes);
        if (each.island == cluster::kNone) {
            return failure("the layout uses " + share.gpu + " of `" + share.pool +
                           "`, which is no island of `" + cluster.id + '`');
        }
        const scenario::RackType& rack = cluster.islands[each.island].rackType;
        each.domain = static_cast<Index>(std::max(1, rack.nvlinkDomainGpus));
        each.standby = domainGpus > 0 && domainGpus < rack.nvlinkDomainGpus
                           ? each.domain - static_cast<Index>(domainGpus)
                           : 0;
        each.gpus = each.whole = poweredOf(cluster, each.island, month);
        const auto members = static_cast<Index>(std::min<std::int64_t>(each.count(), share.count));
        if (members == 0) {
            continue;
        }
        each.gpus.count = each.whole.count = extentOf(members, each.domain, each.standby);
        each.anatomyClass = i;
        each.tokens = share.shareOfTokens > 0 ? share.shareOfTokens : static_cast<double>(members);
        const ClassTimes times = classTimes(anatomy, i, rack.nvlinkDomainGpus);
        each.computeS = times.computeS;
        each.communicateS = times.communicateS;
        each.networkS = times.networkS;
        each.bubbleS = times.bubbleS;
        each.peakShare =
            each.count() * cluster.gpuClasses[cluster.islands[each.island].gpuClass].bf16FlopPerS.value;
        peak += each.peakShare;
        slowest = std::max(slowest, each.finishS());
        shape.classes.push_back(each);
    }
    if (!(slowest > 0) || !std::isfinite(anatomy.stepTimeS)) {
        return failure("the planned step computes nothing");
    }
    std::ranges::sort(shape.classes, {}, &MemberClass::island);
    for (MemberClass& each : shape.classes) {
        each.peakShare /= peak;
    }
    const double tail = std::max(0.0, withoutJitter - slowest);
    const double exchange = parts.dp + parts.optimizer;
    shape.reduceS = exchange > 0 ? tail * parts.dp / exchange : 0;
    shape.optimizerS = tail - shape.reduceS;
    shape.microBatches = microBatchesOf(anatomy.layout);
    assignStages(shape);
    return shape;
}

} // namespace atlas::operations

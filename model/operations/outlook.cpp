#include "model/operations/outlook.h"

#include "model/operations/barrier.h"
#include "model/operations/hazards.h"
#include "model/operations/step_load.h"
#include "model/units/quantity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace atlas::operations {

namespace {

constexpr double kGpusPerNode = 8; ///< GpuClass::nodeFailuresPerS is stated for 8 GPUs

/// One class of the job, in counts.
struct ClassFacts {
    const training::ClassShare* share = nullptr;
    double gpus = 0;
    double perTray = 8, perRack = 64, domain = 8, standby = 0;
    double leaves = 0, racks = 0, halls = 0, rows = 0, leafGpus = 64;
    double failuresPerGpuS = 0; ///< with the multiplier
    double idle = 0;            ///< GPUs without work on the same island
    ClassTimes times;
    std::vector<MemberGroup> groups;
};

struct Lane {
    const scenario::Operations* rules = nullptr;
    const training::StepAnatomy* anatomy = nullptr;
    std::vector<ClassFacts> classes;
    double tailS = 0;
    double reduceS = 0;
    double sigma = 0;
    double tokens = 0;
};

const scenario::Island* islandOf(const scenario::Cluster& cluster, const training::ClassShare& share) {
    const scenario::Island* sameGpu = nullptr;
    for (const scenario::Island& island : cluster.islands) {
        if (island.gpu == share.gpu) {
            if ((island.name.empty() ? island.id : island.name) == share.pool) {
                return &island;
            }
            sameGpu = sameGpu == nullptr ? &island : sameGpu;
        }
    }
    return sameGpu;
}

std::optional<ClassFacts> factsOf(const scenario::Scenario& s, const scenario::Cluster& cluster,
                                  const training::StepAnatomy& anatomy, std::size_t index) {
    const training::ClassShare& share = anatomy.classes[index];
    const scenario::Island* island = islandOf(cluster, share);
    const scenario::GpuClass* gpu = s.gpu(share.gpu);
    if (gpu == nullptr || share.count <= 0 || !(share.computeS > 0)) {
        return std::nullopt;
    }
    ClassFacts f;
    f.share = &share;
    f.gpus = static_cast<double>(share.count);
    const scenario::RackType* rack = island != nullptr ? s.rack(island->rack) : nullptr;
    if (rack != nullptr) {
        f.perTray = rack->gpusPerTray;
        f.perRack = rack->gpusPerRack();
        f.domain = rack->nvlinkDomainGpus;
    }
    const scenario::Mitigations& m = s.operations.mitigations;
    if (m.partialRacks && m.partialRackGpus < f.domain) {
        f.standby = f.domain - m.partialRackGpus;
    }
    if (const scenario::FabricType* fabric = island != nullptr ? s.fabric(island->fabric) : nullptr) {
        f.leafGpus = std::max(1, fabric->leafDownPorts);
    }
    f.leaves = f.gpus / f.leafGpus;
    f.racks = f.gpus / f.perRack;
    if (island != nullptr && island->gpuCount.value > 0) {
        f.halls = island->halls * std::min(1.0, f.gpus / island->gpuCount.value);
        f.rows = f.racks / std::max(1, island->racksPerRow);
    }
    f.failuresPerGpuS = gpu->nodeFailuresPerS.value / kGpusPerNode * s.operations.failStop.multiplier.value;
    f.times = classTimes(anatomy, index, static_cast<int>(f.domain));
    const auto shares = StaticSpeeds::expectedShares();
    for (std::size_t bin = 0; bin < shares.size(); ++bin) {
        const double count = f.gpus * shares[bin];
        if (count > 1e-9) {
            f.groups.push_back(
                {0, bin, count, f.times.finishS() - f.times.computeS,
                 f.times.computeS * StaticSpeeds::slowdown(bin, cluster.staticSpeedSpread.value)});
        }
    }
    return f;
}

/// Mean of min(D, cut) for a log-normal D with a mean and a sigma of its logarithm.
double meanCut(double mean, double sigma, double cut) {
    if (!(mean > 0) || !(cut > 0)) {
        return 0;
    }
    const double mu = std::log(mean) - sigma * sigma / 2;
    const auto phi = [](double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); };
    if (!(sigma > 0)) {
        return std::min(mean, cut);
    }
    const double z = (std::log(cut) - mu) / sigma;
    return mean * phi(z - sigma) + cut * (1 - phi(z));
}

/// P(D > cut) of the same.
double shareLonger(double mean, double sigma, double cut) {
    if (!(mean > 0)) {
        return 0;
    }
    if (!(sigma > 0)) {
        return mean > cut ? 1 : 0;
    }
    const double mu = std::log(mean) - sigma * sigma / 2;
    return 0.5 * std::erfc((std::log(cut) - mu) / sigma / std::sqrt(2.0));
}

/// Slow episodes as classes of severity: how many there are at any time, and what each adds to the step.
struct Severity {
    double addsS = 0;
    double active = 0; ///< mean number at a time
};

struct SlowEffect {
    std::vector<Severity> cells; ///< of those that hold the step up at all
    double evictionsPerS = 0;

    void add(const Severity& severity) {
        if (severity.addsS > 0) {
            cells.push_back(severity);
        }
    }
};

constexpr int kCells = 96;       ///< severities of one kind, equal steps of the logarithm of survival
constexpr double kRarest = 1e-7; ///< survival of the rarest

double microBatchesOf(const training::Layout& layout) {
    return std::max(1.0, static_cast<double>(layout.globalBatch) /
                             std::max(1.0, static_cast<double>(layout.dp) * layout.microBatch));
}

/// One severity of the exponential law, the same for all kinds.
struct Cell {
    double share = 0;     ///< of the episodes
    double logMiddle = 0; ///< of its survival: the excess over its mean, negative
};

const std::array<Cell, kCells>& cells() {
    static const std::array<Cell, kCells> made = [] {
        std::array<Cell, kCells> all;
        for (int c = 0; c < kCells; ++c) {
            const bool last = c + 1 == kCells;
            const double above = std::pow(kRarest, static_cast<double>(c) / kCells);
            const double below = last ? 0 : std::pow(kRarest, static_cast<double>(c + 1) / kCells);
            all[static_cast<std::size_t>(c)] = {
                above - below, std::log(last ? above / std::exp(1.0) : std::sqrt(above * below))};
        }
        return all;
    }();
    return made;
}

void addKind(const Lane& lane, const ClassFacts& f, const scenario::FailSlowKind& kind, double units,
             bool network, double barrierS, SlowEffect& out) {
    const scenario::Operations& o = *lane.rules;
    const double perS = units * kind.perS.value * o.failSlow.multiplier.value;
    if (!(perS > 0) || !(kind.excess.value > 0)) {
        return;
    }
    const double sigma = o.failSlow.spread.value;
    const double longest = Hazards::kLongestEpisodeS;
    const double lasts = meanCut(kind.lastsS.value, sigma, longest);
    const double knownAfterS = std::min(o.mitigations.evictAfterS.value, longest);
    const double early = meanCut(kind.lastsS.value, sigma, knownAfterS);
    const double outlast = shareLonger(kind.lastsS.value, sigma, knownAfterS);
    const double normalS = f.times.computeS * (1 + lane.sigma);
    const double batches = microBatchesOf(lane.anatomy->layout);
    const auto adds = [&](double excess) {
        const double time = f.times.finishS() - f.times.computeS + normalS * (network ? 1 : 1 + excess) +
                            (network ? excess * f.times.networkS : 0);
        return std::max(0.0, time - barrierS) + (network ? excess * lane.reduceS : 0);
    };
    for (const Cell& cell : cells()) {
        const double weight = perS * cell.share;
        const double excess = -kind.excess.value * cell.logMiddle;
        const bool evicted = o.mitigations.evictSlow && excess > o.mitigations.evictAbove.value;
        const bool eased = o.mitigations.proportionalBatches && !network && !evicted;
        out.add({adds(excess), weight * (evicted || eased ? early : lasts)});
        if (evicted) {
            out.evictionsPerS += weight * outlast;
        } else if (eased) {
            const double kept = std::max(1.0, std::floor(batches / (1 + excess)));
            out.add({adds(std::max(0.0, (1 + excess) * kept / batches - 1)), weight * (lasts - early)});
        }
    }
}

/// E[largest of what is active], the numbers active being Poisson (M/G/infinity): the integral of
/// 1 - exp(-number above), cell by cell. Backup replicas take the largest ones away.
double expectedLargestS(std::vector<Severity> cells, int backups) {
    std::ranges::sort(cells, std::greater{}, &Severity::addsS);
    double sum = 0;
    double above = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        above += cells[i].active;
        const double next = i + 1 < cells.size() ? cells[i + 1].addsS : 0;
        // P(more than `backups` are above).
        double term = std::exp(-above);
        double few = term;
        for (int k = 1; k <= backups; ++k) {
            term *= above / k;
            few += term;
        }
        sum += (cells[i].addsS - next) * (1 - few);
    }
    return sum;
}

/// The members as they are: those of the last stage have more to do.
std::vector<MemberGroup> unevenGroups(const Lane& lane) {
    const double stages = std::max(1, lane.anatomy->layout.pp);
    const double excess = stages > 1 ? std::max(0.0, lane.rules->imbalance.lastStage.value) : 0;
    const bool inStages =
        lane.anatomy->placement == training::Placement::ClassStages && lane.classes.size() > 1;
    std::vector<MemberGroup> groups;
    for (const ClassFacts& f : lane.classes) {
        // Of classes in stages of their own only the last one holds it.
        const double held =
            std::max(1.0, std::round(stages * f.gpus / static_cast<double>(lane.anatomy->layout.gpus())));
        const double last = !(excess > 0)                ? 0
                            : !inStages                  ? 1 / stages
                            : &f == &lane.classes.back() ? 1 / held
                                                         : 0;
        for (MemberGroup group : f.groups) {
            const double count = group.count;
            group.count = count * (1 - last);
            if (group.count > 0) {
                groups.push_back(group);
            }
            if (last > 0) {
                group.count = count * last;
                group.scaleS *= 1 + excess;
                groups.push_back(group);
            }
        }
    }
    return groups;
}

/// Expected share of a class's replicas that are out for want of GPUs.
double lostShare(const Lane& lane, const ClassFacts& f, double evictionsPerS) {
    const scenario::FailStop& stop = lane.rules->failStop;
    const training::Layout& layout = lane.anatomy->layout;
    const double weights =
        stop.gpuWeight.value + stop.trayWeight.value + stop.linkWeight.value + stop.softwareWeight.value;
    const double broken = weights > 0 ? 1 - stop.softwareWeight.value / weights : 0;
    const double group = std::min<double>(f.domain, std::max(1, layout.tp));
    const bool inStages =
        lane.anatomy->placement == training::Placement::ClassStages && lane.classes.size() > 1;
    const double stages =
        inStages ? std::max(1.0, std::round(layout.pp * f.gpus / static_cast<double>(layout.gpus())))
                 : layout.pp;
    const double perReplica = std::max(1.0, static_cast<double>(layout.tp) * layout.cp * stages);
    const double replicas = std::max(1.0, std::floor(f.gpus / perReplica + 1e-9));
    const double repairS = stop.repairS.value;
    const auto lost = [&](double gpus) {
        return std::min(1.0, std::ceil(std::max(0.0, gpus - f.idle) / perReplica - 1e-9) / replicas);
    };
    // Single parts: at any time a Poisson number of them is out, each with what it leaves unusable around it.
    double out = (f.failuresPerGpuS * f.gpus * broken * stop.hardwareShare.value + evictionsPerS) * repairS;
    double each =
        std::ceil(std::min(group, f.domain) / group) * std::max(group, std::min(f.perTray, f.domain));
    if (f.standby > 0) {
        const double domains = f.gpus / (f.domain - f.standby);
        const double mean = out / domains;
        double missing = 0;
        double term = std::exp(-mean);
        for (int n = 0; n < 64; ++n) {
            const double usable = std::floor(std::max(0.0, f.domain - n * f.perTray) / group) * group;
            missing += term * std::max(0.0, f.domain - f.standby - usable);
            term *= mean / (n + 1);
        }
        each = group;
        out = domains * missing / group;
    }
    double share = 0;
    double term = std::exp(-std::min(out, 700.0));
    const int most = static_cast<int>(out + 12 * std::sqrt(out) + 20);
    for (int n = 0; n <= most; ++n) {
        share += term * lost(n * each);
        term *= out / (n + 1);
    }
    // Large parts, one at a time.
    const double more = stop.multiplier.value * repairS;
    const double underLeaf =
        std::min(f.gpus, f.leafGpus * std::max(1.0, group)); // a GPU each of as many groups
    share += f.leaves * stop.leafPerS.value * more * lost(underLeaf);
    share += f.racks * stop.rackPerS.value * more * lost(f.perRack);
    share += f.rows * stop.feedPerS.value * more * lost(f.rows > 0 ? f.gpus / f.rows : f.gpus);
    share +=
        f.halls * stop.hallPerS.value * more * lost(f.halls > 0 ? f.gpus / std::max(1.0, f.halls) : f.gpus);
    return std::min(1.0, share);
}

Outlook outlookOf(const Lane& lane) {
    const scenario::Operations& o = *lane.rules;
    Outlook out;
    std::vector<MemberGroup> groups;
    for (const ClassFacts& f : lane.classes) {
        groups.insert(groups.end(), f.groups.begin(), f.groups.end());
    }
    const StepNoise noise{lane.sigma};
    const int backups = o.mitigations.backupReplicas;
    const double barrierS = typicalBarrierS(groups, noise, 0);
    double computeS = 0;
    for (const ClassFacts& f : lane.classes) {
        computeS = std::max(computeS, f.times.computeS);
    }
    const training::Layout& layout = lane.anatomy->layout;
    const StepLoad load = loadOf(o.imbalance, layout, microBatchesOf(layout), computeS, backups);
    const double loadS = load.even() ? 0 : load.lateS(load.meanHeaviest());
    const bool staged = o.imbalance.lastStage.value > 0 && layout.pp > 1;
    const double withBackups = backups > 0 || staged
                                   ? typicalBarrierS(staged ? unevenGroups(lane) : groups, noise, backups)
                                   : barrierS;
    SlowEffect slow;
    for (const ClassFacts& f : lane.classes) {
        addKind(lane, f, o.failSlow.thermal, f.gpus, false, withBackups, slow);
        addKind(lane, f, o.failSlow.link, f.gpus, true, withBackups, slow);
        addKind(lane, f, o.failSlow.host, f.gpus / f.perTray, false, withBackups, slow);
    }
    const double meanStepS =
        withBackups + loadS + lane.tailS + expectedLargestS(std::move(slow.cells), backups);
    out.pace = (barrierS + lane.tailS) / meanStepS;
    const auto dp = static_cast<double>(std::max<std::int64_t>(1, lane.anatomy->layout.dp));
    out.useful = std::max(0.0, 1 - backups / dp);

    Interruptions& i = out.interruptions;
    double gpus = 0;
    for (const ClassFacts& f : lane.classes) {
        const scenario::FailStop& stop = o.failStop;
        i.failuresPerS +=
            f.failuresPerGpuS * f.gpus +
            stop.multiplier.value * (f.leaves * stop.leafPerS.value + f.racks * stop.rackPerS.value +
                                     f.halls * stop.hallPerS.value + f.rows * stop.feedPerS.value);
        gpus += f.gpus;
    }
    const bool async = o.checkpoint.mode == scenario::CheckpointMode::Async;
    const double writeS = o.checkpoint.writeS.value;
    i.detectionS = o.failStop.detectionS.value;
    i.restartS = o.failStop.restartS.value;
    i.stallS = async ? o.checkpoint.stallS.value + o.checkpoint.slowdown.value * writeS : writeS;
    i.lagS = async ? writeS : 0;
    i.plannedEveryS = o.failStop.plannedEveryS.value;
    i.plannedS = i.plannedEveryS > 0 ? i.restartS + i.stallS + i.lagS : 0;
    out.bestIntervalS = bestIntervalS(i);
    out.checkpointIntervalS =
        o.checkpoint.intervalS.value > 0 ? o.checkpoint.intervalS.value : out.bestIntervalS;
    out.checkpointIntervalS = std::max(out.checkpointIntervalS, meanStepS);
    const double l = i.failuresPerS;
    const double evicting = 1 + slow.evictionsPerS * (i.restartS + i.stallS + i.lagS);
    const double planned = i.plannedEveryS > 0 ? std::max(0.0, 1 - i.plannedS / i.plannedEveryS) : 1;
    out.running = planned / (std::exp(l * i.restartS) * (1 + l * i.detectionS)) / evicting;
    out.kept = keptShare(i, out.checkpointIntervalS) / evicting;
    double lost = 0;
    for (const ClassFacts& f : lane.classes) {
        const bool inStages =
            lane.anatomy->placement == training::Placement::ClassStages && lane.classes.size() > 1;
        lost +=
            lostShare(lane, f, slow.evictionsPerS * f.gpus / gpus) *
            (inStages ? 1
                      : (f.share->shareOfTokens > 0 ? f.share->shareOfTokens / lane.tokens : f.gpus / gpus));
    }
    out.capacity = std::max(0.0, 1 - lost);
    const auto text = [](double s) { return units::formatQuantity(s, units::Dimension::Seconds); };
    if (i.failuresPerS * (i.stallS + i.lagS) >= 1) {
        out.notes.push_back("a checkpoint takes " + text(i.stallS + i.lagS) + ", a failure comes every " +
                            text(out.mttfS()) + ": hardly any work is kept");
    }
    if (out.kept < 0.01) {
        out.notes.push_back("no uptime to speak of: a failure every " + text(out.mttfS()) + ", " +
                            text(i.detectionS + i.restartS) + " to come back");
    }
    return out;
}

} // namespace

double Outlook::mttfS() const {
    return interruptions.failuresPerS > 0 ? 1 / interruptions.failuresPerS
                                          : std::numeric_limits<double>::infinity();
}

Outlook outlookOf(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                  const training::StepAnatomy& anatomy, const std::vector<std::size_t>& classes) {
    // Under local SGD every island has the layout that suits it.
    training::StepAnatomy own = anatomy;
    if (anatomy.placement == training::Placement::LocalSgd && classes.size() == 1) {
        own.layout = anatomy.classes[classes.front()].layout;
    }
    Lane lane;
    lane.rules = &scenario.operations;
    lane.anatomy = &own;
    lane.sigma = std::max(0.0, cluster.stepJitter.value);
    double slowest = 0;
    double used = 0;
    double dropped = 0;
    for (std::size_t i = 0; i < anatomy.classes.size(); ++i) {
        const training::ClassShare& share = anatomy.classes[i];
        (share.computeS > 0 ? used : dropped) += static_cast<double>(share.count);
    }
    const double idle = std::max(0.0, static_cast<double>(anatomy.gpusTotal) - used - dropped);
    for (const std::size_t index : classes) {
        if (auto facts = factsOf(scenario, cluster, anatomy, index)) {
            facts->idle = used > 0 ? idle * facts->gpus / used : 0;
            slowest = std::max(slowest, facts->times.finishS());
            lane.tokens += facts->share->shareOfTokens;
            lane.classes.push_back(std::move(*facts));
        }
    }
    if (lane.classes.empty()) {
        return {};
    }
    const training::Breakdown& parts = anatomy.breakdown;
    const double exchange = parts.dp + parts.optimizer;
    lane.tailS = classes.size() == 1 ? exchange : std::max(0.0, anatomy.stepTimeS - parts.barrier - slowest);
    lane.reduceS = exchange > 0 ? lane.tailS * parts.dp / exchange : 0;
    return outlookOf(lane);
}

Outlook outlookOf(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                  const training::StepAnatomy& anatomy) {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < anatomy.classes.size(); ++i) {
        if (anatomy.classes[i].count > 0 && anatomy.classes[i].computeS > 0) {
            all.push_back(i);
        }
    }
    if (anatomy.placement != training::Placement::LocalSgd || all.size() < 2) {
        return outlookOf(scenario, cluster, anatomy, all);
    }
    Outlook mean;
    mean.running = mean.kept = mean.capacity = mean.pace = mean.useful = 0;
    double tokens = 0;
    for (const std::size_t i : all) {
        tokens += anatomy.classes[i].shareOfTokens;
    }
    for (const std::size_t i : all) {
        const double weight =
            tokens > 0 ? anatomy.classes[i].shareOfTokens / tokens : 1.0 / static_cast<double>(all.size());
        const Outlook one = outlookOf(scenario, cluster, anatomy, {i});
        mean.running += weight * one.running;
        mean.kept += weight * one.kept;
        mean.capacity += weight * one.capacity;
        mean.pace += weight * one.pace;
        mean.useful += weight * one.useful;
        mean.interruptions = one.interruptions;
        mean.checkpointIntervalS = one.checkpointIntervalS;
        mean.bestIntervalS = one.bestIntervalS;
        for (const std::string& note : one.notes) {
            if (std::ranges::find(mean.notes, note) == mean.notes.end()) {
                mean.notes.push_back(note);
            }
        }
    }
    return mean;
}

} // namespace atlas::operations

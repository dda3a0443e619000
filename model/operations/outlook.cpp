#include "model/operations/outlook.h"

#include "model/operations/outlook_capacity.h"
#include "model/operations/outlook_slow.h"
#include "model/operations/step_load.h"
#include "model/units/quantity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace atlas::operations {

namespace {

/// The members as they are: those of the last stage have more to do.
std::vector<MemberGroup> unevenGroups(const OutlookJob& job) {
    const double stages = std::max(1, job.anatomy->layout.pp);
    const double excess = stages > 1 ? std::max(0.0, job.rules->imbalance.lastStage.value) : 0;
    const bool inStages =
        job.anatomy->placement == training::Placement::ClassStages && job.classes.size() > 1;
    std::vector<MemberGroup> groups;
    for (const OutlookClass& f : job.classes) {
        // Of classes in stages of their own only the last one holds it.
        const double held =
            std::max(1.0, std::round(stages * f.gpus / static_cast<double>(job.anatomy->layout.gpus())));
        const double last = !(excess > 0)               ? 0
                            : !inStages                 ? 1 / stages
                            : &f == &job.classes.back() ? 1 / held
                                                        : 0;
        for (const bool inLast : {false, true}) {
            for (MemberGroup group : f.groups) {
                group.count *= inLast ? last : 1 - last;
                group.scaleS *= inLast ? 1 + excess : 1;
                if (group.count > 0) {
                    groups.push_back(group);
                }
            }
        }
    }
    return groups;
}

Outlook outlookOf(const OutlookJob& job) {
    const scenario::Operations& o = *job.rules;
    Outlook out;
    std::vector<MemberGroup> groups;
    for (const OutlookClass& f : job.classes) {
        groups.insert(groups.end(), f.groups.begin(), f.groups.end());
    }
    const StepNoise noise{job.sigma};
    const int backups = o.mitigations.backupReplicas;
    const double barrierS = typicalBarrierS(groups, noise, 0);
    double computeS = 0;
    for (const OutlookClass& f : job.classes) {
        computeS = std::max(computeS, f.times.computeS);
    }
    const training::Layout& layout = job.anatomy->layout;
    const StepLoad load = loadOf(o.imbalance, layout, microBatchesOf(layout), computeS, backups);
    const double loadS = load.even() ? 0 : load.lateS(load.meanHeaviest());
    const bool staged = o.imbalance.lastStage.value > 0 && layout.pp > 1;
    const double withBackups = backups > 0 || staged
                                   ? typicalBarrierS(staged ? unevenGroups(job) : groups, noise, backups)
                                   : barrierS;
    SlowEffect slow = slowEffectOf(job, withBackups);
    const double meanStepS =
        withBackups + loadS + job.tailS + expectedLargestS(std::move(slow.severities), backups);
    out.pace = (barrierS + job.tailS) / meanStepS;
    const auto dp = static_cast<double>(std::max<std::int64_t>(1, job.anatomy->layout.dp));
    out.useful = std::max(0.0, 1 - backups / dp);

    Interruptions& i = out.interruptions;
    double gpus = 0;
    for (const OutlookClass& f : job.classes) {
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
    for (const OutlookClass& f : job.classes) {
        const bool inStages =
            job.anatomy->placement == training::Placement::ClassStages && job.classes.size() > 1;
        lost +=
            lostShare(job, f, slow.evictionsPerS * f.gpus / gpus) *
            (inStages ? 1
                      : (f.share->shareOfTokens > 0 ? f.share->shareOfTokens / job.tokens : f.gpus / gpus));
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
    OutlookJob job = outlookJob(scenario, cluster, anatomy, classes);
    job.anatomy = &own;
    return job.classes.empty() ? Outlook{} : outlookOf(job);
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

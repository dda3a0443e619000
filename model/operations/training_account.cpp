// What spans of a training timeline were spent on: accounts, waterfalls, samples.
#include "model/operations/lane_instant.h"
#include "model/operations/step_samples.h"
#include "model/operations/tally.h"
#include "model/operations/training_timeline.h"
#include "model/operations/waterfall.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace atlas::operations {

namespace {

/// Tallies of all lanes of a job over a span.
std::vector<LaneTally> talliesOf(const JobCourse& job, double fromS, double toS, std::stop_token stop) {
    std::vector<LaneTally> tallies;
    for (std::size_t l = 0; l < job.lanes().size(); ++l) {
        tallies.emplace_back(job.lanes()[l]);
    }
    for (std::size_t e = job.epochAt(fromS); e < job.epochCount() && !stop.stop_requested(); ++e) {
        const auto epoch = job.epoch(e);
        if (epoch->startS() >= toS) {
            break;
        }
        for (std::size_t l = 0; l < job.lanes().size(); ++l) {
            const Schedule& schedule = epoch->lanes[l];
            const auto& intervals = schedule.intervals();
            std::vector<RunTally> runs(intervals.size());
            tbb::parallel_for(std::size_t{0}, intervals.size(), [&](std::size_t i) {
                if (intervals[i].endS > fromS && intervals[i].startS < toS) {
                    runs[i] = tallyOf(job.lanes()[l], job.fresh(epoch, l, i), fromS, toS);
                }
            });
            for (const RunTally& run : runs) { // in order: sums of floats do not depend on threads
                tallies[l].add(run);
            }
            tallies[l].addEvents(schedule, std::max(fromS, epoch->startS()), std::min(toS, epoch->endS()));
        }
    }
    return tallies;
}

} // namespace

Account TrainingTimeline::account(double fromS, double toS, std::stop_token stop) const {
    AccountBuilder builder(*cluster(), fromS, toS);
    std::vector<WaterfallPart> parts;
    for (const Stretch& stretch : m_stretches) {
        const double from = std::max(fromS, stretch.startS);
        const double to = std::min(toS, stretch.endS);
        if (!(from < to) || stop.stop_requested()) {
            continue;
        }
        const JobCourse* job = running(stretch).job.get();
        if (job == nullptr) {
            builder.addIdle(to - from);
            continue;
        }
        WaterfallPart part;
        part.poweredPeakFlopPerS = poweredPeakFlopPerS(*cluster(), stretch.month);
        part.weight = (to - from) * part.poweredPeakFlopPerS;
        const auto tallies = talliesOf(*job, from, to, stop);
        for (std::size_t l = 0; l < tallies.size(); ++l) {
            builder.add(job->lanes()[l], tallies[l]);
            part.lanes.push_back(tallies[l].part(to - from));
        }
        parts.push_back(std::move(part));
    }
    Account account = builder.finished();
    account.waterfall = waterfallOf(*cluster(), parts);
    return account;
}

Waterfall TrainingTimeline::waterfall() const {
    std::vector<WaterfallPart> parts;
    for (const Stretch& stretch : m_stretches) {
        const JobCourse* job = running(stretch).job.get();
        if (job == nullptr) {
            continue;
        }
        WaterfallPart part;
        part.poweredPeakFlopPerS = poweredPeakFlopPerS(*cluster(), stretch.month);
        part.weight = (stretch.endS - stretch.startS) * part.poweredPeakFlopPerS;
        for (const Lane& lane : job->lanes()) {
            part.lanes.push_back(expectedPart(lane));
        }
        parts.push_back(std::move(part));
    }
    return waterfallOf(*cluster(), parts);
}

std::vector<TimelineSample> TrainingTimeline::samples(double fromS, double toS, int count) const {
    std::vector<TimelineSample> out(static_cast<std::size_t>(std::max(0, count)));
    const double spacing = count > 1 ? (toS - fromS) / (count - 1) : 0;
    tbb::parallel_for(std::size_t{0}, out.size(), [&](std::size_t i) {
        const double timeS = clamped(fromS + spacing * static_cast<double>(i));
        const Stretch& stretch = stretchAt(timeS);
        const JobCourse* job = running(stretch).job.get();
        out[i].timeS = timeS;
        for (std::size_t l = 0; job != nullptr && l < job->lanes().size(); ++l) {
            const LaneSample sample = sampleOf(*job, l, timeS, spacing);
            const double members = job->lanes()[l].members / stretch.powered;
            out[i].utilisation += static_cast<float>(
                members * (sample.shares.computing + kCollectiveShare * sample.shares.communicating));
            out[i].waiting += static_cast<float>(members * sample.shares.waiting);
            out[i].stepTimeS = std::max(out[i].stepTimeS, static_cast<float>(sample.stepS));
        }
    });
    return out;
}

} // namespace atlas::operations

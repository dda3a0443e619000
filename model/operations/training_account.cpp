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

constexpr std::size_t kEpochsAtOnce = 16; ///< walked through together before they are summed in order

/// Runs of one lane over one epoch.
using EpochRuns = std::vector<RunTally>;

std::vector<EpochRuns> runsOf(const JobCourse& job, const std::shared_ptr<const JobCourse::Epoch>& epoch,
                              double fromS, double toS) {
    std::vector<EpochRuns> lanes(job.lanes().size());
    for (std::size_t l = 0; l < lanes.size(); ++l) {
        const auto& intervals = epoch->lanes[l].intervals();
        lanes[l].resize(intervals.size());
        tbb::parallel_for(std::size_t{0}, intervals.size(), [&](std::size_t i) {
            if (intervals[i].endS > fromS && intervals[i].startS < toS) {
                lanes[l][i] = tallyOf(job.lanes()[l], job.fresh(epoch, l, i), fromS, toS);
            }
        });
    }
    return lanes;
}

/// Tallies of all lanes of a job over a span.
std::vector<LaneTally> talliesOf(const JobCourse& job, double fromS, double toS, std::stop_token stop) {
    std::vector<LaneTally> tallies;
    for (std::size_t l = 0; l < job.lanes().size(); ++l) {
        tallies.emplace_back(job.lanes()[l]);
    }
    const std::size_t end = job.epochAt(std::nextafter(toS, fromS)) + 1;
    for (std::size_t first = job.epochAt(fromS); first < end; first += kEpochsAtOnce) {
        const std::size_t count = std::min(kEpochsAtOnce, end - first);
        std::vector<std::shared_ptr<const JobCourse::Epoch>> epochs(count);
        std::vector<std::vector<EpochRuns>> runs(count);
        tbb::parallel_for(std::size_t{0}, count, [&](std::size_t e) {
            if (!stop.stop_requested()) {
                epochs[e] = job.epoch(first + e);
                runs[e] = runsOf(job, epochs[e], fromS, toS);
            }
        });
        if (stop.stop_requested()) {
            break;
        }
        for (std::size_t e = 0; e < count; ++e) { // in order: sums of floats do not depend on threads
            for (std::size_t l = 0; l < tallies.size(); ++l) {
                for (const RunTally& run : runs[e][l]) {
                    tallies[l].add(run);
                }
                tallies[l].addEvents(epochs[e]->lanes[l], std::max(fromS, epochs[e]->startS()),
                                     std::min(toS, epochs[e]->endS()));
            }
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

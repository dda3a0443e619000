#include "model/validation/straggler_study.h"

#include "model/catalog/constant_table.h"
#include "model/core/philox.h"
#include "model/operations/barrier.h"
#include "model/operations/step_load.h"
#include "model/validation/credibility.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>

namespace atlas::embedded {
extern const char* const stragglerStudyYaml;
}

namespace atlas::validation {

namespace {

struct Entry {
    const char* key;
    Sourced StragglerConstants::*member;
};

constexpr std::array kEntries = {
    Entry{"published_slowed", &StragglerConstants::publishedSlowed},
    Entry{"published_wasted", &StragglerConstants::publishedWasted},
    Entry{"published_worst_tenth", &StragglerConstants::publishedWorstTenth},
    Entry{"published_worst_hundredth", &StragglerConstants::publishedWorstHundredth},
    Entry{"job_count", &StragglerConstants::jobCount},
    Entry{"job_from_256", &StragglerConstants::jobFrom256},
    Entry{"job_from_512", &StragglerConstants::jobFrom512},
    Entry{"job_from_5000", &StragglerConstants::jobFrom5000},
    Entry{"job_largest", &StragglerConstants::jobLargest},
    Entry{"job_micro_batches", &StragglerConstants::jobMicroBatches},
    Entry{"job_compute", &StragglerConstants::jobCompute},
    Entry{"job_speed_spread", &StragglerConstants::jobSpeedSpread},
    Entry{"job_step_jitter", &StragglerConstants::jobStepJitter},
    Entry{"cause_sequence_share", &StragglerConstants::sequenceShare},
    Entry{"cause_sequence_slowdown", &StragglerConstants::sequenceSlowdown},
    Entry{"cause_stage_share", &StragglerConstants::stageShare},
    Entry{"cause_stage_excess", &StragglerConstants::stageExcess},
    Entry{"cause_worker_share", &StragglerConstants::workerShare},
    Entry{"cause_worker_slowdown", &StragglerConstants::workerSlowdown},
    Entry{"cause_collection_share", &StragglerConstants::collectionShare},
    Entry{"cause_collection_gain", &StragglerConstants::collectionGain},
    Entry{"cause_collection_every", &StragglerConstants::collectionEvery},
    Entry{"cause_collection_steps", &StragglerConstants::collectionSteps},
};

constexpr double kSlowed = 1.1; ///< from here on the study calls a job slowed

/// Uniform draws of one job, in a fixed order.
class JobDraws {
public:
    JobDraws(std::uint64_t seed, std::uint64_t job)
        : m_seed(seed)
        , m_job(job) {}
    double uniform() { return random::uniform(m_seed, random::Purpose::Population, m_job, m_next++); }
    double exponential(double mean) { return -mean * std::log(uniform()); }
    /// Equally likely on a logarithmic scale.
    double between(double low, double high) { return low * std::pow(high / low, uniform()); }

private:
    std::uint64_t m_seed, m_job;
    std::uint32_t m_next = 0;
};

std::int64_t sizeOf(const StragglerConstants& c, JobDraws& draws) {
    const double u = draws.uniform();
    const double exact = u < c.jobFrom5000.value  ? draws.between(5000, c.jobLargest.value)
                         : u < c.jobFrom512.value ? draws.between(512, 5000)
                         : u < c.jobFrom256.value ? draws.between(256, 512)
                                                  : draws.between(128, 256);
    constexpr double kTrayPair = 16; // whole replicas of the smallest layout
    return static_cast<std::int64_t>(std::floor(exact / kTrayPair) * kTrayPair);
}

/// Stages of a pipeline: a power of two that leaves at least four replicas.
int stagesOf(const StudyJob& job, bool pipeline, double u) {
    int most = 0; // as powers of two
    while (most < 4 && job.gpus / (std::int64_t{job.tp} << (most + 1)) >= 4) {
        ++most;
    }
    const int least = pipeline ? std::min(1, most) : 0;
    return 1 << (least + std::min(most - least, static_cast<int>(u * (most - least + 1))));
}

/// Strength of sequences, for a unit of its spread over jobs, with which the jobs that have any are on
/// average as much slower as the study says.
double sequenceStrength(const std::vector<StudyJob>& jobs, const StragglerConstants& c) {
    std::vector<StudyJob> with;
    std::ranges::copy_if(jobs, std::back_inserter(with),
                         [](const StudyJob& job) { return job.imbalance.sequences.value > 0; });
    const auto meanSlowdown = [&](double strength) {
        std::vector<double> slowdowns(with.size());
        tbb::parallel_for(std::size_t{0}, with.size(), [&](std::size_t i) {
            StudyJob job = with[i];
            job.imbalance.sequences.value *= strength;
            slowdowns[i] = slowdownOf(job, c);
        });
        return std::accumulate(slowdowns.begin(), slowdowns.end(), 0.0) / static_cast<double>(with.size());
    };
    // The mean is a line in the strength but where everything is weak: two chords.
    double low = 0;
    double high = 0.5;
    double atLow = meanSlowdown(low);
    double atHigh = meanSlowdown(high);
    for (int i = 0; i < 2 && atHigh > atLow; ++i) {
        const double next =
            std::max(0.0, low + (high - low) * (c.sequenceSlowdown.value - atLow) / (atHigh - atLow));
        low = high;
        atLow = atHigh;
        high = next;
        atHigh = meanSlowdown(high);
        if (high == low) {
            break;
        }
    }
    return high;
}

/// What a job loses of its GPU-hours.
double wasteOf(double slowdown) {
    return 1 - 1 / slowdown;
}

} // namespace

const StragglerConstants& stragglerConstants() {
    static const StragglerConstants constants = [] {
        std::vector<std::string_view> keys;
        for (const Entry& entry : kEntries) {
            keys.emplace_back(entry.key);
        }
        const auto rows = catalog::parseConstantTable(embedded::stragglerStudyYaml, "study", keys);
        if (!rows) { // compiled in, and checked by a test
            std::fprintf(stderr, "straggler_study.yaml: %s\n", text(rows.errors()).c_str());
            std::abort();
        }
        StragglerConstants out;
        for (const Entry& entry : kEntries) {
            out.*entry.member = rows->find(entry.key)->second;
        }
        return out;
    }();
    return constants;
}

std::vector<StudyJob> studyJobs(const StragglerConstants& c, std::uint64_t seed) {
    std::vector<StudyJob> jobs(static_cast<std::size_t>(c.jobCount.value));
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        StudyJob& job = jobs[i];
        job.seed = i + 1;
        JobDraws draws(seed, i);
        job.gpus = sizeOf(c, draws);
        const bool stage = draws.uniform() < c.stageShare.value;
        job.pp = stagesOf(job, stage, draws.uniform());
        job.microBatches =
            std::round(draws.between(c.jobMicroBatches.value / 2, c.jobMicroBatches.value * 2));
        const double excess = draws.exponential(c.stageExcess.value);
        job.imbalance.lastStage = Sourced(stage ? excess : 0);
        const bool sequences = draws.uniform() < c.sequenceShare.value;
        const double strength = 2 * draws.uniform(); // bounded, as the share of attention is
        job.imbalance.sequences = Sourced(sequences ? strength : 0);
        const bool collects = draws.uniform() < c.collectionShare.value;
        const double steps = draws.between(1 / c.collectionSteps.value, c.collectionSteps.value);
        job.imbalance.pauseEvery = c.collectionEvery;
        if (collects) {
            // A job of 128 replicas and the even step of one second waits for a pause in most of its steps.
            const double processes = 128.0 * job.tp;
            const double anyPause = -std::expm1(processes * std::log1p(-1 / c.collectionEvery.value));
            job.imbalance.pauseS = Sourced(c.collectionGain.value / anyPause / steps);
        }
        const bool worker = draws.uniform() < c.workerShare.value;
        const double slower = draws.exponential(c.workerSlowdown.value - 1);
        job.workerSlowdown = worker ? 1 + slower / c.jobCompute.value : 1;
    }
    const double unit = sequenceStrength(jobs, c);
    for (StudyJob& job : jobs) {
        job.imbalance.sequences.value *= unit;
    }
    return jobs;
}

double slowdownOf(const StudyJob& job, const StragglerConstants& c) {
    const operations::StepNoise noise{c.jobStepJitter.value};
    const double computeS = c.jobCompute.value;
    const double fixedS = 1 - computeS;
    const operations::StaticSpeeds speeds(job.seed, static_cast<cluster::Index>(job.gpus),
                                          c.jobSpeedSpread.value);
    const auto lastGpus = job.pp > 1 ? static_cast<cluster::Index>(job.gpus / job.pp) : 0;
    const auto others = static_cast<cluster::Index>(job.gpus) - lastGpus;
    const double meanNoise = noise.sigma > 0 ? noise.meanBelow(1e3 * noise.sigma) : 0;
    std::vector<operations::MemberGroup> groups;
    double sumS = 0;
    const auto add = [&](cluster::Range gpus, double stretch) {
        const auto counts = speeds.histogram(gpus);
        for (std::size_t bin = 0; bin < counts.size(); ++bin) {
            if (counts[bin] > 0) {
                const double scaleS = computeS * stretch * speeds.slowdown(bin);
                groups.push_back({0, bin, static_cast<double>(counts[bin]), fixedS, scaleS});
                sumS += counts[bin] * (fixedS + scaleS * (1 + meanNoise));
            }
        }
    };
    add({0, others}, 1);
    add({others, lastGpus}, 1 + job.imbalance.lastStage.value);
    const double meanS = sumS / static_cast<double>(job.gpus);
    double barrierS = operations::typicalBarrierS(groups, noise, 0);
    // A tray that is slow throughout: eight GPUs hardly differ by chance.
    barrierS = std::max(barrierS, fixedS + computeS * job.workerSlowdown * (1 + 2 * noise.sigma));
    training::Layout layout;
    layout.tp = job.tp;
    layout.pp = job.pp;
    layout.dp = job.replicas();
    const auto load = operations::loadOf(job.imbalance, layout, job.microBatches, computeS, 0);
    const double loadS = load.even() ? 0 : load.lateS(load.meanHeaviest());
    return (barrierS + loadS) / meanS;
}

StragglerStudy stragglerStudy(const StragglerConstants& c, std::uint64_t seed) {
    const std::vector<StudyJob> jobs = studyJobs(c, seed);
    StragglerStudy study;
    study.slowdowns.resize(jobs.size());
    tbb::parallel_for(std::size_t{0}, jobs.size(),
                      [&](std::size_t i) { study.slowdowns[i] = slowdownOf(jobs[i], c); });
    double gpus = 0;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        gpus += static_cast<double>(jobs[i].gpus);
        study.model.wasted += static_cast<double>(jobs[i].gpus) * wasteOf(study.slowdowns[i]);
        study.model.wastedByMeanJob += wasteOf(study.slowdowns[i]) / static_cast<double>(jobs.size());
    }
    study.model.wasted /= std::max(1.0, gpus);
    std::ranges::sort(study.slowdowns);
    const auto count = static_cast<double>(jobs.size());
    const auto slowed = study.slowdowns.end() - std::ranges::lower_bound(study.slowdowns, kSlowed);
    study.model.slowed = static_cast<double>(slowed) / count;
    const auto atShare = [&](double share) {
        return wasteOf(study.slowdowns[static_cast<std::size_t>(std::floor((1 - share) * (count - 1)))]);
    };
    study.model.worstTenth = atShare(0.1);
    study.model.worstHundredth = atShare(0.01);
    study.published.slowed = c.publishedSlowed.value;
    study.published.wasted = c.publishedWasted.value;
    study.published.worstTenth = c.publishedWorstTenth.value;
    study.published.worstHundredth = c.publishedWorstHundredth.value;
    return study;
}

std::string stragglerFinding(const StragglerStudy& study) {
    return percentText(study.model.slowed) +
           " of jobs are slowed by 10 % or more (published: " + percentText(study.published.slowed) + "), " +
           percentText(study.model.wasted) + " of GPU-hours are lost (" +
           percentText(study.published.wasted) + ")";
}

} // namespace atlas::validation

// The published study of what stragglers cost 3,079 jobs, and the same question asked of the model: a
// population of jobs with the study's sizes and causes, each run through the law of its step.
#pragma once

#include "model/catalog/fact.h"
#include "model/scenario/imbalance.h"

#include <cstdint>
#include <string>
#include <vector>

namespace atlas::validation {

using catalog::Sourced;

/// Rows of resources/validation/straggler_study.yaml, which says what each is.
struct StragglerConstants {
    // Not fitted, but known when the form of the causes was chosen.
    Sourced publishedSlowed, publishedWasted, publishedWorstTenth, publishedWorstHundredth;
    // What the jobs are.
    Sourced jobCount, jobFrom256, jobFrom512, jobFrom5000, jobLargest, jobMicroBatches, jobCompute,
        jobSpeedSpread, jobStepJitter;
    // What befalls them.
    Sourced sequenceShare, sequenceSlowdown, stageShare, stageExcess, workerShare, workerSlowdown,
        collectionShare, collectionGain, collectionEvery, collectionSteps;
};
[[nodiscard]] const StragglerConstants& stragglerConstants();

/// One job: one class of GPUs, an even step of one second.
struct StudyJob {
    std::uint64_t seed = 1; ///< of the speeds of its GPUs
    std::int64_t gpus = 128;
    int tp = 8, pp = 1;
    double microBatches = 16; ///< of a replica
    scenario::Imbalance imbalance;
    double workerSlowdown = 1; ///< of its slowest tray, throughout; 1: there is none
    [[nodiscard]] std::int64_t replicas() const { return gpus / (static_cast<std::int64_t>(tp) * pp); }
};

/// The jobs, drawn by counter. The strength of sequences is set so that jobs with them are as much slower on
/// average, for whatever causes, as the study says; all else is as the constants have it.
[[nodiscard]] std::vector<StudyJob> studyJobs(const StragglerConstants& constants, std::uint64_t seed = 1);

/// Mean step of a job over that in which everybody takes the mean member's time: what the study calls its
/// slowdown. Expected, without drawing steps.
[[nodiscard]] double slowdownOf(const StudyJob& job, const StragglerConstants& constants);

/// What the study measured.
struct StragglerCost {
    double slowed = 0;          ///< share of jobs at least 10 % slower
    double wasted = 0;          ///< share of all GPU-hours, every job running for equally long
    double wastedByMeanJob = 0; ///< mean over jobs, whatever their size; the study does not say
    double worstTenth = 0;      ///< share of its GPU-hours that a job of the worst tenth loses at least
    double worstHundredth = 0;  ///< of the worst hundredth
};
struct StragglerStudy {
    std::vector<double> slowdowns; ///< of all jobs, in ascending order
    StragglerCost model, published;
};
[[nodiscard]] StragglerStudy stragglerStudy(const StragglerConstants& constants, std::uint64_t seed = 1);

/// "43 % of jobs are slowed by 10 % or more (published: 42.5 %), 10.9 % of GPU-hours are lost (10.4 %)".
[[nodiscard]] std::string stragglerFinding(const StragglerStudy& study);

} // namespace atlas::validation

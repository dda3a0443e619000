// From a job to plain numbers for one class of GPU, with the fallbacks taken on the way.
#pragma once

#include "model/training/step_core.h"

namespace atlas::training {

/// The widest format this pool can compute the job in: nvfp4 falls back to fp8, fp8 to bf16.
[[nodiscard]] Precision precisionOn(const Pool& pool, Precision asked);
[[nodiscard]] MathWidth widthOf(Precision precision);
[[nodiscard]] std::string_view name(Precision precision);
/// The job's software: its release's, its stack's, or what its family lets expect.
[[nodiscard]] StackFactor stackOf(const Job& job, const Calibration& calibration);
/// When the job's software was written, in years: its release ("25.04"), else the middle of its year; of a
/// job that says neither, the year in the name of its stack.
[[nodiscard]] double softwareYear(const Job& job, const Calibration& calibration);
[[nodiscard]] Work workOf(const Job& job, Precision precision, const Calibration& calibration);

/// One pool of the machine, ready for the hot loop, computing in its own or in the common precision.
struct Lane {
    const Pool* pool = nullptr;
    Device device;
    Fabric fabric;
    Fabric dataFabric;   ///< spans the pools that share gradients
    double poolGpus = 0; ///< of the smallest pool, where dataFabric spans several
    Precision precision = Precision::Bf16;
    Work work;
};

/// A job on a machine, ready for the hot loop.
struct Setup {
    ModelShape model;
    std::vector<Lane> lanes;    ///< the pools the policy uses
    std::vector<Lane> ownLanes; ///< the same, each at its own precision and on its own network
    std::vector<const Pool*> dropped;
    Job job;
    const Calibration* calibration = nullptr;
    std::int64_t gpusTotal = 0;
    double trunkBytesPerS = 0, trunkLatencyS = 0;
    std::vector<std::string> notes;
    [[nodiscard]] double capacityBytes() const; ///< of the smallest memory in use
    [[nodiscard]] std::int64_t gpusInUse() const;
};

/// Errors: an empty machine, a level or a GPU with a rate of zero, a model that is none.
[[nodiscard]] Result<Setup> setUp(const Machine& machine, const Job& job, const Calibration& calibration);

} // namespace atlas::training

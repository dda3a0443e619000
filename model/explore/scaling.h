// How a job scales: throughput, MFU, cost and step time against the number of GPUs, and where it stops
// paying.
#pragma once

#include "model/training/planner.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace atlas::explore {

/// What the global batch does as GPUs are added.
enum class BatchRule {
    Held, ///< stays the job's: bounded by the critical batch
    Grows ///< in proportion to the GPUs, from ScalingOptions::growFromGpus on
};

struct ScalingOptions {
    std::string job; ///< id; empty: of the first training assignment, else the first job
    std::optional<scenario::Precision> precision; ///< instead of the job's
    BatchRule batch = BatchRule::Held;
    std::int64_t fromGpus = 8;
    std::int64_t toGpus = 1'000'000;
    double kneeShare = 0.5;          ///< scaling efficiency below which more GPUs do not pay
    double growFromGpus = 0;         ///< 0: the largest published run, whose batch is known to train
    std::vector<std::string> curves; ///< ids; empty: all
    std::stop_token stop;
    std::function<void(double share)> progress; ///< called from worker threads
};

/// One number of GPUs. Idle GPUs and interruptions are in all figures but the step time.
struct ScalingPoint {
    std::int64_t gpus = 0;
    std::string reason; ///< why nothing runs; empty where something does
    training::StepAnatomy step;
    double goodput = 0;       ///< share of time in kept steps
    double tokensPerS = 0;    ///< kept
    double mfu = 0;           ///< of the bf16 peak of all GPUs
    double usdPerMtokens = 0; ///< all GPUs at their market rent
    double efficiency = 0;    ///< tokens a GPU over the most that fewer GPUs of the curve reach
    std::string outside;      ///< in what the point lies outside the validated range; empty inside
    [[nodiscard]] bool runs() const { return reason.empty(); }
};

/// Where more GPUs stop paying.
struct ScalingKnee {
    enum class Kind {
        Efficiency,  ///< efficiency falls below the stated share
        StopsGrowing ///< more GPUs bring no more tokens
    };
    Kind kind = Kind::Efficiency;
    double gpus = 0;
    ScalingPoint beyond; ///< the first point past it
    std::string cause;   ///< "each replica has 2 micro-batches for 12 stages: the bubble takes 41 %"
};

struct ScalingCurve {
    std::string id;      ///< "H100-SXM", "colossus-1-article naive"
    std::string name;    ///< "H100 SXM 80 GB", "Colossus 1, equal shares"
    std::string gpu;     ///< class of a uniform cluster; empty: mixed
    std::string cluster; ///< whose mix is scaled; empty: uniform
    scenario::Placement placement = scenario::Placement::Naive;
    std::vector<ScalingPoint> points; ///< by number of GPUs
    std::optional<ScalingKnee> knee;
    [[nodiscard]] const ScalingPoint* firstThatRuns() const;
};

struct Scaling {
    std::string jobName;
    scenario::Precision precision = scenario::Precision::Bf16;
    BatchRule batch = BatchRule::Held;
    double batchTokens = 0; ///< the job's
    double growFromGpus = 0;
    double kneeShare = 0.5;
    std::vector<ScalingCurve> curves; ///< uniform ones by class, then mixes
};

/// One curve for a uniform cluster of every GPU class that the scenario's clusters have, and one for the mix
/// of every cluster that strategies train on, scaled as it is, under their placement. The planner chooses a
/// layout at every point. A uniform cluster grows hall by hall: of the size of the class's own halls, or of
/// as many GPUs as two tiers of its switches join. Parallel; the same result on any number of threads.
/// Errors: no such job, nothing to scale, cancelled within 100 ms of a stop.
[[nodiscard]] Result<Scaling> scaling(const scenario::Scenario& scenario, const ScalingOptions& options = {});

/// The id of the curve of a cluster's mix under a placement.
[[nodiscard]] std::string mixId(const std::string& cluster, scenario::Placement placement);

/// The cluster a curve has at a number of GPUs.
[[nodiscard]] scenario::Cluster clusterAt(const scenario::Scenario& scenario, const ScalingCurve& curve,
                                          std::int64_t gpus);

/// One point of a curve.
[[nodiscard]] ScalingPoint scalingPoint(const scenario::Scenario& scenario, const ScalingCurve& curve,
                                        const ScalingOptions& options, std::int64_t gpus);

/// A sentence: which curve it is about, where its knee lies and why.
[[nodiscard]] std::string scalingFinding(const Scaling& scaling, const ScalingCurve& curve);

} // namespace atlas::explore

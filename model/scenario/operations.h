// What goes wrong with a synchronous run and what is done about it: failures, slow GPUs, checkpoints,
// mitigations, and what a person injects. All durations are seconds, all rates 1/s.
#pragma once

#include "model/catalog/fact.h"
#include "model/scenario/imbalance.h"

#include <string>
#include <vector>

namespace atlas::scenario {

using catalog::Sourced;

/// Something that stops the job. How often a class is hit is GpuClass::nodeFailuresPerS; the weights share
/// that out over components. Switches and buildings fail by themselves, at rates of their own.
struct FailStop {
    Sourced multiplier; ///< on every rate here and in the classes
    Sourced gpuWeight;
    Sourced trayWeight; ///< host: CPU, board, power supply, maintenance
    Sourced linkWeight; ///< cable, transceiver, NIC port of one GPU
    Sourced softwareWeight;
    Sourced leafPerS; ///< one leaf switch
    Sourced rackPerS; ///< one rack: NVLink switches, power shelves, coolant manifold
    Sourced hallPerS; ///< cooling of one hall
    Sourced feedPerS; ///< power of one row of racks
    Sourced detectionS;
    Sourced restartS;      ///< swap, reload, warm up
    Sourced hardwareShare; ///< failures of GPUs, trays and links after which the part stays out for repairS
    Sourced repairS;
    Sourced plannedEveryS; ///< planned restarts; 0: none
};

/// A kind of episode in which something is slower than it should be. The excess of its time over the normal
/// one is exponential with mean `excess`; its duration log-normal with mean `lastsS`.
struct FailSlowKind {
    Sourced perS; ///< of one GPU (thermal, link) or one tray (host)
    Sourced lastsS;
    Sourced excess;
};

struct FailSlow {
    Sourced multiplier;   ///< on all three rates
    Sourced spread;       ///< sigma of the logarithm of durations
    FailSlowKind thermal; ///< one GPU computes slower
    FailSlowKind link;    ///< one NIC or its cable moves less
    FailSlowKind host;    ///< all GPUs of a tray compute slower
};

enum class CheckpointMode { Sync, Async };

struct Checkpointing {
    CheckpointMode mode = CheckpointMode::Async;
    Sourced intervalS; ///< of training between two checkpoints; 0: the best there is
    Sourced writeS;    ///< until everything is on storage; synchronous checkpoints stall that long
    Sourced stallS;    ///< an asynchronous checkpoint holds training up: the copy to host memory
    Sourced slowdown;  ///< of steps while an asynchronous checkpoint is being written, relative
};

/// Each switch has its cost in the model; none is free.
struct Mitigations {
    bool evictSlow = false; ///< restarts without a GPU that has been slow for longer than evictAfterS
    Sourced evictAfterS;
    Sourced evictAbove;               ///< excess of time below which nothing is evicted
    Sourced spares;                   ///< share of the GPUs kept out of the job to replace failed ones
    bool proportionalBatches = false; ///< slow replicas get fewer micro-batches, once detected
    int backupReplicas = 0;           ///< replicas whose gradients are not waited for
    int localSgdSteps = 0;            ///< inner steps between outer barriers of local SGD; 0: calibration's
    bool partialRacks = false; ///< of large NVLink domains the job uses partialRackGpus; the rest stand by
    int partialRackGpus = 64;
};

enum class InjectionKind {
    SlowGpu,     ///< magnitude: share of its speed lost
    DegradeLink, ///< NIC, leaf, bundle or trunk; magnitude: share of bandwidth lost
    CutLink,     ///< the same, all of it
    FailGpu,     ///< from here on fail-stop: the magnitude says nothing
    FailTray,
    FailRack,
    FailLeaf,
    HallCooling, ///< magnitude: share of speed lost in the hall; all of it stops the hall
    PowerCap     ///< of a hall, an island or the cluster; magnitude: share of the power taken away
};

/// One thing a person does to the cluster at an instant.
struct Injection {
    double atS = 0;      ///< simulated, from the scenario's start
    std::string cluster; ///< id
    InjectionKind what = InjectionKind::SlowGpu;
    std::string target;     ///< as the inspector names it: "rack 1-203-7, tray 4, GPU 5"
    double magnitude = 0.3; ///< share taken away, 0..1
    double durationS = 3600;
};

struct Operations {
    FailStop failStop;
    FailSlow failSlow;
    Checkpointing checkpoint;
    Mitigations mitigations;
    Imbalance imbalance;
    std::vector<Injection> injections;
};

} // namespace atlas::scenario

// A scenario as typed values: what exists, what it does, who pays whom. Read from *.atlas.yaml by
// scenario_loader. All numbers are SI doubles (see model/units); `Sourced` numbers carry range and
// provenance.
#pragma once

#include "model/catalog/fact.h"
#include "model/scenario/contract.h"
#include "model/scenario/month.h"
#include "model/scenario/operations.h"
#include "model/scenario/orbital_site.h"
#include "model/scenario/programme.h"
#include "model/scenario/serving_engine.h"
#include "model/scenario/traffic.h"
#include "model/units/quantity.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlas::scenario {

using catalog::Sourced;

/// One class of accelerator (catalogue: gpus.yaml). Rates are dense peaks per GPU, bandwidths per direction.
struct GpuClass {
    std::string id;           ///< "H100-SXM"
    std::string name;         ///< "H100 SXM 80 GB"
    std::string architecture; ///< "ampere", "hopper", "blackwell"
    Sourced bf16FlopPerS;
    Sourced fp8FlopPerS; ///< 0: no fp8 tensor cores
    Sourced fp4FlopPerS; ///< 0: no fp4 tensor cores
    Sourced hbmBytes;
    Sourced hbmBytesPerS;
    Sourced nvlinkBytesPerS;
    Sourced nicBytesPerS;
    Sourced tdpW;
    Sourced idleW;
    Sourced hostOverheadW;     ///< CPU, NIC, fans, PSU per GPU
    Sourced priceUsd;          ///< purchase price a GPU
    Sourced clusterCapexUsd;   ///< per GPU with servers and network, no building
    Sourced rentUsdPerGpuHour; ///< market rent
    Sourced nodeFailuresPerS;  ///< interruptions per 8-GPU node and second
    std::string rack;          ///< RackType id of islands that name none
    std::string fabric;        ///< FabricType id of islands that name none
};

/// How GPUs are packed (catalogue: racks.yaml).
struct RackType {
    std::string id; ///< "hgx-4u-64", "nvl72"
    std::string name;
    int traysPerRack = 8;
    int gpusPerTray = 8;
    int nvlinkDomainGpus = 8; ///< scale-up domain; 72 spans the rack
    double widthM = 0.6;
    double depthM = 1.2;
    [[nodiscard]] int gpusPerRack() const { return traysPerRack * gpusPerTray; }
};

enum class Routing { Adaptive, Ecmp };

/// A scale-out network (catalogue: fabrics.yaml): rails of leaf switches, spines, and a core between halls.
struct FabricType {
    std::string id;
    std::string name;
    int rails = 8;                 ///< NICs of a server that go to different leaves
    int leafDownPorts = 64;        ///< GPU-facing ports of a leaf
    int spinePorts = 64;           ///< leaf-facing ports of a spine
    Sourced linkBytesPerS;         ///< one port, one direction
    Sourced leafOversubscription;  ///< down / up capacity at the leaf; 1 is non-blocking
    Sourced spineOversubscription; ///< at the spine towards the core (between halls)
    Sourced effectiveThroughput;   ///< share of line rate reached at scale
    Sourced hopLatencyS;           ///< one switch
    Sourced endLatencyS;           ///< GPU to GPU across nodes without the extra hops
    Routing routing = Routing::Adaptive;
    bool inNetworkReduction = false;
};

/// GPUs of one class in halls with one fabric.
struct Island {
    std::string id;
    std::string name;
    std::string gpu;    ///< GpuClass id
    std::string rack;   ///< RackType id
    std::string fabric; ///< FabricType id
    Sourced gpuCount;   ///< rounded to the nearest GPU when built
    int halls = 1;
    int racksPerRow = 8;
    Month firstMonth; ///< when hall 1 has power
    struct Tranche {  ///< GPUs of the island that have power by a month, earlier tranches included
        Month month;
        Sourced gpus;
        std::string note;
    };
    std::vector<Tranche> tranches; ///< by month, growing; empty: all GPUs at firstMonth
};

/// A link bundle between two islands of a cluster (or between two halls far apart).
struct Trunk {
    std::string id;
    std::string from;  ///< island id
    std::string to;    ///< island id
    Sourced bytesPerS; ///< whole bundle, one direction
    Sourced latencyS;  ///< one way
};

struct Cluster {
    std::string id;
    std::string name;
    std::string site;
    std::string note;          ///< which telling of the story this is
    std::string orbit;         ///< OrbitalSite id where it flies; empty: on the ground
    std::string alternativeTo; ///< the cluster whose place this one can take (same site, other telling)
    std::vector<Island> islands;
    std::vector<Trunk> trunks;
    Sourced pue;
    Sourced energyUsdPerJoule;
    Sourced provisionedPowerW;
    Sourced staticSpeedSpread; ///< sigma of the per-GPU speed, relative
    Sourced stepJitter;        ///< sigma of the per-GPU transient noise of a step, relative
};

enum class Attention { Mha, Gqa, Mla };

/// A transformer (catalogue: models.yaml).
struct Transformer {
    std::string id;
    std::string name;
    int layers = 0;
    int hidden = 0;
    int ffnHidden = 0; ///< per expert where MoE
    int heads = 0;
    int kvHeads = 0;
    int headDim = 0;
    int vocab = 0;
    bool gatedMlp = true;
    bool tiedEmbedding = false;
    int experts = 0; ///< 0: dense
    int topK = 0;
    int sharedExperts = 0;
    int denseLayers = 0; ///< leading layers without experts
    int denseFfnHidden = 0;
    Attention attention = Attention::Gqa;
    int kvLoraRank = 0; ///< MLA: compressed KV width per token and layer
    std::string source;
};

enum class Precision { Bf16, Fp16, Fp8, Mxfp8, Nvfp4 };
enum class Recompute {
    Auto, ///< chosen by the planner
    None,
    Selective,
    Full,
    Layers ///< of as many layers as it takes to fit
};
enum class Sharding { Auto, None, Optimizer, Fsdp };

/// A parallel layout; zeros are chosen by the planner.
struct LayoutChoice {
    int tp = 0, pp = 0, vp = 0, cp = 0, ep = 0, microBatch = 0;
    Recompute recompute = Recompute::Auto;
    Sharding sharding = Sharding::Auto;
    bool operator==(const LayoutChoice&) const = default;
};

struct TrainJob {
    std::string id;
    std::string name;
    std::string model; ///< Transformer id
    Precision precision =
        Precision::Bf16;       ///< highest precision format asked for; a class without it falls back
    Sourced tokens;            ///< of the whole run
    Sourced globalBatchTokens; ///< bounded by the critical batch
    int sequence = 8192;
    std::string stack; ///< calibrated software stack; empty: default
    LayoutChoice layout;
};

struct ServeJob {
    std::string id;
    std::string name;
    std::string model;
    Precision precision = Precision::Fp8;
    Sourced inputTokens;  ///< mean of a request
    Sourced outputTokens; ///< mean of a request
    Sourced cacheHit;     ///< share of input tokens found in the prefix cache
    Sourced timeToFirstTokenS;
    Sourced timePerOutputTokenS;
    Sourced peakOverMean; ///< demand over the day
    Sourced weekendFactor;
    Sourced userTokensPerDay; ///< for "users served"
    ServingEngine engine;
};

enum class Placement { Naive, Proportional, ClassStages, LocalSgd, DropSlowest };
enum class Activity { Train, Serve, Lease, Idle };

/// Who does what, where, from when.
struct Assignment {
    std::string cluster;
    Activity activity = Activity::Idle;
    std::string job;      ///< TrainJob or ServeJob id; for Lease, the job the tenant runs
    std::string contract; ///< for Lease
    Placement placement = Placement::Naive;
    Month from;
};

struct Strategy {
    std::string id;
    std::string name;
    std::string note;
    std::vector<Assignment> assignments;
};

/// Money that is not in a contract.
struct Economics {
    Sourced facilityUsdPerW;
    Sourced maintenanceSharePerYear; ///< of IT capex
    Sourced staffPerMw;
    Sourced staffUsdPerYear;
    Sourced failedGpuPerYear;
    Sourced discountRatePerYear;
    Sourced debtRatePerYear;
    Sourced gpuPriceDecayPerYear;
    Sourced startingCashUsd;
    Sourced loadFactor; ///< drawn over provisioned power
};

struct Scenario {
    std::string name;
    std::string description;
    std::string file; ///< where it was read from
    std::uint64_t seed = 7;
    Month start = Month::of(2026, 5); ///< month of simulated time 0
    int horizonMonths = 48;
    std::vector<GpuClass> gpus;
    std::vector<RackType> racks;
    std::vector<FabricType> fabrics;
    std::vector<Transformer> models;
    std::vector<OrbitalSite> orbits;
    std::vector<Cluster> clusters;
    std::vector<TrainJob> trainJobs;
    std::vector<ServeJob> serveJobs;
    std::vector<Contract> contracts;
    std::vector<Strategy> strategies;
    Economics economics;
    std::vector<ModelRun> runs; ///< what the lab wants to train, in order
    Financing financing;
    Market market;
    Operations operations;
    Traffic traffic;                                ///< of every service
    std::shared_ptr<const catalog::FactBook> facts; ///< the record the numbers trace to
    std::string compareA;                           ///< strategy ids shown in panes A and B on opening
    std::string compareB;
    Month compareAt; ///< month in which the panes open; before `start` counts as `start`

    // Look-ups by id; null where there is none.
    [[nodiscard]] const GpuClass* gpu(std::string_view id) const;
    [[nodiscard]] const RackType* rack(std::string_view id) const;
    [[nodiscard]] const FabricType* fabric(std::string_view id) const;
    [[nodiscard]] const Transformer* transformer(std::string_view id) const;
    [[nodiscard]] const OrbitalSite* orbit(std::string_view id) const;
    [[nodiscard]] const Cluster* cluster(std::string_view id) const;
    [[nodiscard]] const TrainJob* trainJob(std::string_view id) const;
    [[nodiscard]] const ServeJob* serveJob(std::string_view id) const;
    [[nodiscard]] const Contract* contract(std::string_view id) const;
    [[nodiscard]] const Strategy* strategy(std::string_view id) const;
};

/// Calls `visit(path, number, dimension)` for every sourced number, in file order. Paths are the keys of the
/// file: "clusters.colossus-1-article.pue", "gpus.H100-SXM.tdp". Of the catalogue only what an island uses is
/// visited, of the orbits only what a cluster flies at. Levers, sweeps, `--set`, Monte Carlo and the
/// assumptions page all rest on this one walk.
void visitInputs(
    Scenario& scenario,
    const std::function<void(const std::string& path, Sourced& number, units::Dimension)>& visit);
void visitInputs(
    const Scenario& scenario,
    const std::function<void(const std::string& path, const Sourced& number, units::Dimension)>& visit);

/// Sets one value by its path ("--set path=value"), written as in the file: "clusters.c.pue=1.1",
/// "economics.discount_rate=9 %/year", "train_jobs.frontier.layout.tp=8", "contracts.a.end=2027-01". A number
/// set so has no range. The result is checked as a loaded file is; errors name the nearest path.
[[nodiscard]] Result<Scenario> withValue(Scenario scenario, const std::string& path,
                                         const std::string& value);

/// Words of a choice as a file has them: "fp8", "selective", "fsdp", "class-stages".
[[nodiscard]] std::string_view nameOf(Precision precision);
[[nodiscard]] std::string_view nameOf(Recompute recompute);
[[nodiscard]] std::string_view nameOf(Sharding sharding);
[[nodiscard]] std::string_view nameOf(Placement placement);

/// Every entry of a layout as withValue takes it: path and value, "train_jobs.frontier.layout.tp" and "8".
[[nodiscard]] std::vector<std::pair<std::string, std::string>> layoutSettings(const std::string& job,
                                                                              const LayoutChoice& layout);

/// The same scenario told with another cluster: every assignment on `cluster` goes to `instead`
/// (see Cluster::alternativeTo).
[[nodiscard]] Result<Scenario> withCluster(Scenario scenario, const std::string& cluster,
                                           const std::string& instead);

/// The same for a contract: every lease under `contract` is under `instead` (see Contract::alternativeTo).
[[nodiscard]] Result<Scenario> withContract(Scenario scenario, const std::string& contract,
                                            const std::string& instead);

/// What is wrong with a scenario beyond the form of the file: unknown ids, islands without a trunk path,
/// absurd counts, contracts that end before they start. `path` is the key it is about.
struct Finding {
    Severity severity = Severity::Error;
    std::string path;
    std::string message;
    std::string remedy;
};
struct CheckLimits {
    double maxGpusPerCluster = 4e6;
    int maxClusters = 64;
};
[[nodiscard]] std::vector<Finding> check(const Scenario& scenario, const CheckLimits& limits = {});

} // namespace atlas::scenario

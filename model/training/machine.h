// The hardware a training job sees: pools of identical GPUs and the network levels that join them. Plain SI
// values.
#pragma once

#include "model/scenario/scenario.h"

#include <cstdint>
#include <string>
#include <vector>

namespace atlas::training {

/// One level of a collective hierarchy, innermost first: NVLink domain, leaf or rail group, hall, island.
struct NetworkLevel {
    enum class Kind { Switch, Ring, FullyConnected };
    Kind kind = Kind::Switch;
    std::string name;      ///< "NVLink domain", "rail leaf", "spine", "hall trunk"
    std::int64_t size = 1; ///< members (sub-units of the level below; GPUs at the innermost)
    double bytesPerS = 0;  ///< per member GPU, one direction, after oversubscription, before efficiency
    double latencyS = 0;   ///< per hop
    bool inNetworkReduction = false; ///< NVLS or SHARP
};

/// Identical GPUs on one fabric.
struct Pool {
    std::string gpu; ///< class id, as in the calibration data ("H100-SXM")
    std::string name;
    std::int64_t gpus = 0;
    double bf16FlopPerS = 0, fp8FlopPerS = 0, fp4FlopPerS = 0;
    double hbmBytes = 0, hbmBytesPerS = 0;
    double nvlinkBytesPerS = 0; ///< per GPU and direction
    int nvlinkDomain = 8;
    double nicBytesPerS = 0;  ///< per GPU and direction
    double nicEfficiency = 1; ///< effective throughput of the fabric at scale
    double tdpW = 0, idleW = 0;
    std::vector<NetworkLevel> levels;
};

struct Machine {
    std::string name;
    std::vector<Pool> pools;
    double trunkBytesPerS = 0; ///< between pools, whole bundle, one direction; 0 with a single pool
    double trunkLatencyS = 0;
    [[nodiscard]] std::int64_t gpus() const;
};

/// The GPUs of a cluster that have power in `month`, as pools by island and class. In orbit their rates are
/// less by what checks against radiation upsets take (OrbitalSite::upsetOverhead).
[[nodiscard]] Result<Machine> machineOf(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                                        scenario::Month month);

} // namespace atlas::training

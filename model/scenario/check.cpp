#include "model/scenario/check.h"

#include "model/core/nearest.h"
#include "model/core/utf8.h"
#include "model/units/quantity.h"

namespace atlas::scenario {

void Checker::error(std::string path, std::string message, std::string remedy) {
    findings.push_back({Severity::Error, std::move(path), std::move(message), std::move(remedy)});
}

void Checker::warning(std::string path, std::string message, std::string remedy) {
    findings.push_back({Severity::Warning, std::move(path), std::move(message), std::move(remedy)});
}

void Checker::unknown(const std::string& path, std::string_view what, const std::string& id,
                      const std::vector<std::string>& known) {
    const std::string remedy = suggestion(id, known);
    error(path, "unknown " + std::string(what) + " `" + utf8::shortened(id) + "`",
          remedy.empty() && known.empty() ? "there is none in the file" : remedy);
}

namespace {

void checkStart(const Scenario& scenario, Checker& check) {
    if (static_cast<int>(scenario.clusters.size()) > check.limits.maxClusters) {
        check.error("clusters",
                    std::to_string(scenario.clusters.size()) + " clusters; the limit is " +
                        std::to_string(check.limits.maxClusters),
                    "split the file");
    }
    for (const std::string* id : {&scenario.compareA, &scenario.compareB}) {
        if (!id->empty()) {
            check.known(id == &scenario.compareA ? "compare.a" : "compare.b", "strategy", *id,
                        scenario.strategies);
        }
    }
}

/// Below this the air brakes a satellite down within weeks; above, belts and distances are another matter.
constexpr double kLowestOrbitM = 250e3;
constexpr double kHighestOrbitM = 2000e3;

void checkOrbits(const Scenario& scenario, Checker& check) {
    for (const OrbitalSite& site : scenario.orbits) {
        const double altitudeM = site.altitudeM.value;
        const std::string path = "orbits." + site.id + ".altitude";
        const std::string words = units::formatQuantity(altitudeM, units::Dimension::Metres);
        if (altitudeM < 0) {
            check.error(path, "an orbit at " + words + " runs inside the Earth",
                        "altitudes count from the ground; give 250 km to 2,000 km");
        } else if (altitudeM < kLowestOrbitM || altitudeM > kHighestOrbitM) {
            check.error(path,
                        "an orbit at " + words +
                            (altitudeM < kLowestOrbitM ? " decays within weeks" : " is no low orbit"),
                        "give 250 km to 2,000 km; sun-synchronous orbits end near 6,000 km");
        }
    }
}

void checkModels(const Scenario& scenario, Checker& check) {
    for (const Transformer& model : scenario.models) {
        const std::string path = "models." + model.id;
        if (model.experts > 0 && (model.topK < 1 || model.topK > model.experts)) {
            check.error(path + ".top_k",
                        "a token goes to " + std::to_string(model.topK) + " of " +
                            std::to_string(model.experts) + " experts",
                        "top_k must be 1 to experts");
        }
        if (model.heads > 0 && model.kvHeads > 0 && model.heads % model.kvHeads != 0) {
            check.error(path + ".kv_heads",
                        std::to_string(model.heads) + " heads do not share " + std::to_string(model.kvHeads) +
                            " key and value heads evenly",
                        "kv_heads must divide heads");
        }
        if (model.denseLayers > model.layers) {
            check.error(path + ".dense_layers", "more dense layers than layers",
                        "at most " + std::to_string(model.layers));
        }
        if (model.attention == Attention::Mla && model.kvLoraRank == 0) {
            check.error(path + ".kv_lora_rank", "mla attention needs kv_lora_rank", "DeepSeek-V3 has 512");
        }
    }
}

void checkJobs(const Scenario& scenario, Checker& check) {
    for (const TrainJob& job : scenario.trainJobs) {
        const std::string path = "train_jobs." + job.id;
        check.known(path + ".model", "model", job.model, scenario.models);
        if (job.globalBatchTokens.value < job.sequence) {
            check.error(path + ".global_batch",
                        "a batch of " +
                            units::formatQuantity(job.globalBatchTokens.value, units::Dimension::Tokens) +
                            " is less than one sequence of " + std::to_string(job.sequence),
                        "raise global_batch or lower sequence");
        }
        if (job.tokens.value < job.globalBatchTokens.value) {
            check.error(path + ".tokens", "the run is shorter than one step",
                        "raise tokens or lower global_batch");
        }
    }
    for (const ServeJob& job : scenario.serveJobs) {
        check.known("serve_jobs." + job.id + ".model", "model", job.model, scenario.models);
    }
}

void checkAssignment(const Scenario& scenario, const Assignment& assignment, const std::string& path,
                     Checker& check) {
    check.known(path + ".cluster", "cluster", assignment.cluster, scenario.clusters);
    const auto needs = [&](std::string_view what, const auto& jobs) {
        if (assignment.job.empty()) {
            check.error(path, "no job to " + std::string(what), "add `job:`");
        } else {
            check.known(path + ".job", what == "train" ? "training job" : "serving job", assignment.job,
                        jobs);
        }
    };
    switch (assignment.activity) {
    case Activity::Train:
        needs("train", scenario.trainJobs);
        break;
    case Activity::Serve:
        needs("serve", scenario.serveJobs);
        break;
    case Activity::Lease:
        if (assignment.contract.empty()) {
            check.error(path, "a lease without a contract", "add `contract:`");
        }
        if (!assignment.job.empty()) {
            check.known(path + ".job", "serving job", assignment.job, scenario.serveJobs);
        }
        break;
    case Activity::Idle:
        break;
    }
    if (!assignment.contract.empty()) {
        check.known(path + ".contract", "contract", assignment.contract, scenario.contracts);
    }
}

} // namespace

std::vector<Finding> check(const Scenario& scenario, const CheckLimits& limits) {
    Checker check{limits, {}};
    checkStart(scenario, check);
    for (const GpuClass& gpu : scenario.gpus) {
        check.known("gpus." + gpu.id + ".rack", "rack", gpu.rack, scenario.racks);
        check.known("gpus." + gpu.id + ".fabric", "fabric", gpu.fabric, scenario.fabrics);
    }
    for (const RackType& rack : scenario.racks) {
        if (rack.gpusPerRack() % rack.nvlinkDomainGpus != 0 &&
            rack.nvlinkDomainGpus % rack.gpusPerRack() != 0) {
            check.error("racks." + rack.id + ".nvlink_domain",
                        "NVLink domains of " + std::to_string(rack.nvlinkDomainGpus) +
                            " GPUs do not fill a rack of " + std::to_string(rack.gpusPerRack()),
                        "nvlink_domain must divide trays x gpus_per_tray");
        }
    }
    checkOrbits(scenario, check);
    checkModels(scenario, check);
    for (const Cluster& cluster : scenario.clusters) {
        checkCluster(scenario, cluster, check);
    }
    checkJobs(scenario, check);
    checkMoney(scenario, check);
    checkOperations(scenario, check);
    for (const Strategy& strategy : scenario.strategies) {
        for (std::size_t i = 0; i < strategy.assignments.size(); ++i) {
            checkAssignment(scenario, strategy.assignments[i],
                            "strategies." + strategy.id + ".assignments." + std::to_string(i + 1), check);
        }
    }
    return std::move(check.findings);
}

} // namespace atlas::scenario

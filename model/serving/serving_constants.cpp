#include "model/serving/serving_constants.h"

#include <yaml-cpp/yaml.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <set>

namespace atlas::embedded {
extern const char* const servingConstantsYaml;
}

namespace atlas::serving {

namespace {

using catalog::Grade;
using catalog::Sourced;

struct Entry {
    const char* key;
    Sourced ServingConstants::*member;
};

constexpr std::array kEntries = {
    Entry{"hbm_usable", &ServingConstants::hbmUsable},
    Entry{"workspace_bytes", &ServingConstants::workspaceBytes},
    Entry{"gemm_bf16", &ServingConstants::gemmBf16},
    Entry{"gemm_fp8", &ServingConstants::gemmFp8},
    Entry{"gemm_fp4", &ServingConstants::gemmFp4},
    Entry{"expert_gemm", &ServingConstants::expertGemm},
    Entry{"attention_flops", &ServingConstants::attentionFlops},
    Entry{"hbm_bandwidth", &ServingConstants::hbmBandwidth},
    Entry{"nvlink_bandwidth", &ServingConstants::nvlinkBandwidth},
    Entry{"nvlink_latency_s", &ServingConstants::nvlinkLatencyS},
    Entry{"nic_latency_s", &ServingConstants::nicLatencyS},
    Entry{"overlap", &ServingConstants::overlap},
    Entry{"layer_overhead_s", &ServingConstants::layerOverheadS},
    Entry{"step_overhead_s", &ServingConstants::stepOverheadS},
    Entry{"elementwise_passes", &ServingConstants::elementwisePasses},
    Entry{"prefill_chunk_tokens", &ServingConstants::prefillChunkTokens},
    Entry{"expert_imbalance", &ServingConstants::expertImbalance},
    Entry{"node_limit", &ServingConstants::nodeLimit},
    Entry{"length_variation", &ServingConstants::lengthVariation},
    Entry{"slo_headroom", &ServingConstants::sloHeadroom},
    Entry{"max_replica_gpus", &ServingConstants::maxReplicaGpus},
};

Grade gradeOf(const std::string& text) {
    if (text == "measured") {
        return Grade::Measured;
    }
    if (text == "vendor-spec") {
        return Grade::VendorSpec;
    }
    if (text == "reported-press") {
        return Grade::ReportedPress;
    }
    return text == "analyst-estimate" ? Grade::AnalystEstimate : Grade::Assumption;
}

Sourced read(const YAML::Node& row) {
    Sourced constant;
    constant.value = row["value"].as<double>();
    constant.low = row["low"].as<double>();
    constant.high = row["high"].as<double>();
    constant.source = row["source"].as<std::string>();
    constant.note = row["unit"].as<std::string>();
    constant.grade = gradeOf(row["grade"].as<std::string>());
    return constant;
}

} // namespace

void visitConstants(ServingConstants& constants,
                    const std::function<void(std::string_view key, Sourced& constant)>& visit) {
    for (const Entry& entry : kEntries) {
        visit(entry.key, constants.*entry.member);
    }
}

Result<ServingConstants> parseConstants(const std::string& yaml) {
    ServingConstants constants;
    Diagnostics errors;
    std::set<std::string, std::less<>> seen;
    try {
        for (const YAML::Node& row : YAML::Load(yaml)["serving"]) {
            const auto key = row["key"].as<std::string>();
            const Entry* entry = nullptr;
            for (const Entry& candidate : kEntries) {
                entry = candidate.key == key ? &candidate : entry;
            }
            if (entry == nullptr || !seen.insert(key).second) {
                errors.push_back({Severity::Error,
                                  {},
                                  "serving constant '" + key + "' is " + (entry ? "there twice" : "unknown"),
                                  "see resources/catalog/serving.yaml"});
                continue;
            }
            const Sourced constant = read(row);
            if (!(constant.low <= constant.value && constant.value <= constant.high && constant.low >= 0)) {
                errors.push_back({Severity::Error,
                                  {},
                                  "serving constant '" + key + "' lies outside its range",
                                  "low <= value <= high, none negative"});
            }
            constants.*(entry->member) = constant;
        }
    } catch (const YAML::Exception& wrong) {
        return failure(std::string("serving constants: ") + wrong.what());
    }
    for (const Entry& entry : kEntries) {
        if (!seen.contains(entry.key)) {
            errors.push_back({Severity::Error,
                              {},
                              std::string("serving constant '") + entry.key + "' is missing",
                              "see resources/catalog/serving.yaml"});
        }
    }
    if (!errors.empty()) {
        return errors;
    }
    return constants;
}

const ServingConstants& defaultConstants() {
    static const ServingConstants constants = [] {
        const auto parsed = parseConstants(embedded::servingConstantsYaml);
        if (!parsed) { // the build carries a broken file: nothing the program can do about it
            std::fputs(text(parsed.errors()).c_str(), stderr);
            std::abort();
        }
        return *parsed;
    }();
    return constants;
}

} // namespace atlas::serving

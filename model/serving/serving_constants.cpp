#include "model/serving/serving_constants.h"

#include "model/catalog/constant_table.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace atlas::embedded {
extern const char* const servingConstantsYaml;
}

namespace atlas::serving {

namespace {

using catalog::Sourced;

struct Entry {
    const char* key;
    Sourced ServingConstants::*member;
};

constexpr std::array kEntries = {
    Entry{"hbm_usable", &ServingConstants::hbmUsable},
    Entry{"workspace_bytes", &ServingConstants::workspaceBytes},
    Entry{"gemm_rate", &ServingConstants::gemmRate},
    Entry{"gemm_fp4", &ServingConstants::gemmFp4},
    Entry{"expert_gemm", &ServingConstants::expertGemm},
    Entry{"ultra_fp4", &ServingConstants::ultraFp4},
    Entry{"ultra_attention", &ServingConstants::ultraAttention},
    Entry{"attention_rate", &ServingConstants::attentionRate},
    Entry{"hbm_bandwidth", &ServingConstants::hbmBandwidth},
    Entry{"memory_hidden", &ServingConstants::memoryHidden},
    Entry{"kv_reads", &ServingConstants::kvReads},
    Entry{"nvlink_bandwidth", &ServingConstants::nvlinkBandwidth},
    Entry{"nvlink_latency_s", &ServingConstants::nvlinkLatencyS},
    Entry{"exchange_latency_s", &ServingConstants::exchangeLatencyS},
    Entry{"nic_latency_s", &ServingConstants::nicLatencyS},
    Entry{"reduce_hidden", &ServingConstants::reduceHidden},
    Entry{"exchange_hidden", &ServingConstants::exchangeHidden},
    Entry{"layer_overhead_s", &ServingConstants::layerOverheadS},
    Entry{"step_overhead_s", &ServingConstants::stepOverheadS},
    Entry{"elementwise_passes", &ServingConstants::elementwisePasses},
    Entry{"expert_spread", &ServingConstants::expertSpread},
    Entry{"expert_spread_raw", &ServingConstants::expertSpreadRaw},
    Entry{"node_limit", &ServingConstants::nodeLimit},
    Entry{"length_variation", &ServingConstants::lengthVariation},
    Entry{"prompt_variation", &ServingConstants::promptVariation},
    Entry{"benchmark_prompt_variation", &ServingConstants::benchmarkPromptVariation},
    Entry{"token_p99", &ServingConstants::tokenP99},
    Entry{"gemm_2023", &ServingConstants::gemm2023},
    Entry{"kv_reads_2023", &ServingConstants::kvReads2023},
    Entry{"slo_headroom", &ServingConstants::sloHeadroom},
};

} // namespace

void visitConstants(ServingConstants& constants,
                    const std::function<void(std::string_view key, Sourced& constant)>& visit) {
    for (const Entry& entry : kEntries) {
        visit(entry.key, constants.*entry.member);
    }
}

Result<ServingConstants> parseConstants(const std::string& yaml) {
    std::array<std::string_view, kEntries.size()> keys;
    std::ranges::transform(kEntries, keys.begin(), &Entry::key);
    auto table = catalog::parseConstantTable(yaml, "serving", keys);
    if (!table) {
        return table.errors();
    }
    ServingConstants constants;
    for (const Entry& entry : kEntries) {
        constants.*entry.member = table->find(entry.key)->second;
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

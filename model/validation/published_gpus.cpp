#include "model/validation/published_gpus.h"

#include "model/training/calibration.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace atlas::embedded {
extern const char* const publishedGpusJson;
} // namespace atlas::embedded

namespace atlas::validation {

namespace {

constexpr double kGiga = 1e9;
constexpr double kTera = 1e12;
constexpr double kGibi = 1024.0 * 1024 * 1024; // an "80 GB" part holds 80 GiB
constexpr double kBitsPerByte = 8;
/// GPU to GPU across nodes over InfiniBand (facts: ib.p2p_latency_us).
constexpr double kScaleOutLatencyS = 2.5e-6;

const std::vector<training::Pool>& pools() {
    static const std::vector<training::Pool> all = [] {
        std::vector<training::Pool> list;
        const auto root = nlohmann::json::parse(embedded::publishedGpusJson);
        for (const auto& item : root.at("gpus")) {
            const auto number = [&](const char* key) { return item.at(key).get<double>(); };
            training::Pool pool;
            pool.gpu = item.at("id").get<std::string>();
            pool.name = pool.gpu;
            pool.bf16FlopPerS = number("bf16_tflops") * kTera;
            pool.fp8FlopPerS = number("fp8_tflops") * kTera;
            pool.fp4FlopPerS = number("fp4_tflops") * kTera;
            pool.hbmBytes = number("hbm_gb") * kGibi;
            pool.hbmBytesPerS = number("hbm_gb_s") * kGiga;
            pool.nvlinkBytesPerS = number("nvlink_gb_s") * kGiga;
            pool.nvlinkDomain = item.at("nvlink_domain").get<int>();
            pool.nicBytesPerS = number("nic_gbit_s") * kGiga / kBitsPerByte;
            pool.tdpW = number("tdp_w");
            pool.idleW = number("idle_w");
            list.push_back(std::move(pool));
        }
        return list;
    }();
    return all;
}

} // namespace

std::vector<training::NetworkLevel> publishedLevels(const training::Pool& pool) {
    using training::NetworkLevel;
    const std::int64_t domain = std::max(1, pool.nvlinkDomain);
    const std::int64_t nodes = std::max<std::int64_t>(1, (pool.gpus + domain - 1) / domain);
    return {{NetworkLevel::Kind::Switch, "NVLink domain", domain, pool.nvlinkBytesPerS,
             training::Calibration::builtin().assumptions.nvlinkLatencyS, pool.fp8FlopPerS > 0},
            {NetworkLevel::Kind::Switch, "scale-out", nodes, pool.nicBytesPerS, kScaleOutLatencyS, false}};
}

Result<training::Pool> publishedPool(const std::string& gpu, std::int64_t gpus) {
    std::string known;
    for (const training::Pool& pool : pools()) {
        if (pool.gpu == gpu) {
            training::Pool copy = pool;
            copy.gpus = gpus;
            copy.levels = publishedLevels(copy);
            return copy;
        }
        known += (known.empty() ? "" : ", ") + pool.gpu;
    }
    return failure("unknown GPU `" + gpu + "`", "one of " + known);
}

} // namespace atlas::validation

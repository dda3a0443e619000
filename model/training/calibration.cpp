#include "model/training/calibration.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace atlas::embedded {
extern const char* const trainingCalibrationJson;
} // namespace atlas::embedded

namespace atlas::training {

namespace {

constexpr std::array<std::string_view, kConstants> kKeys = {
    "gemm_ampere",         "gemm_hopper",
    "gemm_blackwell",      "blackwell_ultra",
    "fp8_of_peak_hopper",  "fp8_of_peak_blackwell",
    "fp4_of_peak",         "operand_traffic",
    "attention",           "attention_flash2",
    "attention_ampere",    "elementwise",
    "unfused_elementwise", "host_layer",
    "host_layer_eager",    "quantise",
    "quantise_block",      "tensor_exposed",
    "fsdp_exposed",        "data_exposed",
    "clock_exponent",      "jitter",
    "expert_efficiency",   "expert_exposed",
};

using Json = nlohmann::json;

Diagnostic wrong(const std::string& file, const std::string& message) {
    return {Severity::Error, {file, 0, 0}, message, "write the file with atlas-calibrate"};
}

void readConstants(const Json& list, const std::string& file, Calibration& c, Diagnostics& errors) {
    c.info.resize(kConstants);
    std::array<bool, kConstants> seen{};
    for (const Json& item : list) {
        const auto name = item.at("name").get<std::string>();
        const auto at = std::find(kKeys.begin(), kKeys.end(), name);
        if (at == kKeys.end()) {
            errors.push_back(wrong(file, "unknown constant `" + name + "`"));
            continue;
        }
        const auto i = static_cast<std::size_t>(at - kKeys.begin());
        seen[i] = true;
        c.value[i] = item.at("value").get<double>();
        c.info[i] = {name, item.at("meaning").get<std::string>(), item.at("unit").get<std::string>(),
                     item.at("low").get<double>(), item.at("high").get<double>()};
        if (c.value[i] < c.info[i].low || c.value[i] > c.info[i].high) {
            errors.push_back(wrong(file, "constant `" + name + "` is outside its range"));
        }
    }
    for (std::size_t i = 0; i < kConstants; ++i) {
        if (!seen[i]) {
            errors.push_back(wrong(file, "constant `" + std::string(kKeys[i]) + "` is missing"));
        }
    }
}

AttentionKernel kernelOf(const std::string& name) {
    return name == "scores"   ? AttentionKernel::Scores
           : name == "flash2" ? AttentionKernel::Flash2
                              : AttentionKernel::Fused;
}

void readRest(const Json& root, Calibration& c) {
    for (const Json& item : root.at("stacks")) {
        c.stacks.push_back({item.at("stack").get<std::string>(), item.at("factor").get<double>(),
                            item.at("eager").get<bool>(), item.at("unfused").get<bool>(),
                            kernelOf(item.at("attention").get<std::string>()),
                            item.at("selective").get<std::string>() == "operators",
                            item.at("runs").get<int>()});
    }
    for (const Json& item : root.at("unseen_stacks")) {
        c.eras.push_back({item.at("until").get<int>(), item.at("stack").get<std::string>()});
    }
    c.defaultStack = root.at("default_stack").get<std::string>();
    c.date = root.at("date").get<std::string>();
    c.program = root.at("program").get<std::string>();
    c.data = root.at("data").get<std::string>();
    c.text = root.at("summary").get<std::string>();
    c.validatedGpus = root.at("validated_gpus").get<double>();
    const Json& assumed = root.at("assumptions");
    const auto number = [&](const char* name) { return assumed.at(name).at("value").get<double>(); };
    c.assumptions = {number("nvlink_latency_s"),
                     number("nvlink_efficiency"),
                     number("nic_efficiency"),
                     number("fabric_efficiency"),
                     number("unpublished_recompute_slack"),
                     number("unpublished_recompute_cost"),
                     number("waiting_power_share"),
                     number("diloco_steps"),
                     number("diloco_token_efficiency")};
    const Json& references = root.at("references");
    for (std::size_t i = 0; i < c.referenceWattPerFlopPerS.size(); ++i) {
        const Json& reference = references.at(i);
        c.referenceWattPerFlopPerS[i] =
            reference.at("watt").get<double>() / reference.at("bf16_flop_per_s").get<double>();
    }
}

} // namespace

std::string_view key(Constant constant) {
    return kKeys[static_cast<std::size_t>(constant)];
}

const StackFactor* Calibration::stack(std::string_view name) const {
    const auto found =
        std::find_if(stacks.begin(), stacks.end(), [&](const StackFactor& s) { return s.stack == name; });
    return found == stacks.end() ? nullptr : &*found;
}

const StackFactor* Calibration::newestExperts(std::string_view name) const {
    const std::string start = std::string(name) + " MoE";
    const auto found = std::find_if(stacks.rbegin(), stacks.rend(),
                                    [&](const StackFactor& s) { return s.stack.rfind(start, 0) == 0; });
    return found == stacks.rend() ? nullptr : &*found;
}

const std::string& Calibration::eraStack(int year) const {
    const auto found = std::find_if(eras.begin(), eras.end(), [&](const Era& e) { return year <= e.until; });
    return year == 0 || found == eras.end() ? defaultStack : found->stack;
}

Result<Calibration> Calibration::parse(std::string_view json, const std::string& file) {
    Calibration c;
    Diagnostics errors;
    try {
        const Json root = Json::parse(json);
        readConstants(root.at("constants"), file, c, errors);
        readRest(root, c);
        for (const int year : {0, 2000, 2022, 2023, 2024, 2025, 2026}) {
            if (c.stack(c.eraStack(year)) == nullptr) {
                errors.push_back(wrong(file, "the stack `" + c.eraStack(year) + "` is not in the list"));
            }
        }
    } catch (const Json::exception& e) {
        errors.push_back(wrong(file, std::string("cannot be read: ") + e.what()));
    }
    if (!errors.empty()) {
        return errors;
    }
    return c;
}

const Calibration& Calibration::builtin() {
    static const Calibration calibration = [] {
        auto parsed = parse(embedded::trainingCalibrationJson, "resources/calibration/training.json");
        return parsed ? std::move(*parsed) : Calibration{};
    }();
    return calibration;
}

} // namespace atlas::training

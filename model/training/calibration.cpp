#include "model/training/calibration.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>

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

const StackFactor* Calibration::sameSoftware(std::string_view name) const {
    const auto yearOf = [](std::string_view stack) {
        const std::size_t dash = stack.rfind('-');
        int year = 0;
        const std::string_view digits = dash == std::string_view::npos ? "" : stack.substr(dash + 1);
        const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), year);
        return wrong == std::errc() && end == digits.data() + digits.size() ? year : 0;
    };
    const int year = yearOf(name);
    const StackFactor* nearest = nullptr;
    for (const StackFactor& known : stacks) {
        const int other = yearOf(known.stack);
        const bool same = year > 0 && other > 0 &&
                          std::string_view(known.stack).substr(0, known.stack.rfind('-')) ==
                              name.substr(0, name.rfind('-'));
        if (same &&
            (nearest == nullptr || std::abs(other - year) < std::abs(yearOf(nearest->stack) - year))) {
            nearest = &known;
        }
    }
    return nearest;
}

const StackFactor* Calibration::nearestExperts(std::string_view name, std::string_view release) const {
    const std::string start = std::string(name) + " MoE";
    const auto monthsOf = [](std::string_view version) { // "26.04" is year and month
        int year = 0;
        int month = 0;
        const auto dot = std::from_chars(version.data(), version.data() + version.size(), year).ptr;
        if (dot != version.data() + version.size()) {
            std::from_chars(dot + 1, version.data() + version.size(), month);
        }
        return 12 * year + month;
    };
    const int asked = release.empty() ? std::numeric_limits<int>::max() / 2 : monthsOf(release);
    const StackFactor* nearest = nullptr;
    int least = 0;
    for (const StackFactor& known : stacks) {
        if (known.stack.rfind(start, 0) != 0) {
            continue;
        }
        const std::string_view rest = std::string_view(known.stack).substr(start.size());
        const int distance = std::abs(asked - (rest.empty() ? 0 : monthsOf(rest.substr(1))));
        if (nearest == nullptr || distance < least) {
            nearest = &known;
            least = distance;
        }
    }
    return nearest;
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

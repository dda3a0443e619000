#include "model/training/calibration.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace atlas::embedded {
extern const char* const trainingCalibrationJson;
} // namespace atlas::embedded

namespace atlas::training {

namespace {

constexpr std::array<std::string_view, kConstants> kKeys = {
    "gemm_ampere",      "gemm_hopper",        "gemm_blackwell",
    "blackwell_ultra",  "fp8_of_peak_hopper", "fp8_of_peak_blackwell",
    "fp4_of_peak",      "operand_traffic",    "attention",
    "attention_flash1", "elementwise",        "unfused_elementwise",
    "host_layer",       "host_layer_eager",   "quantise",
    "quantise_block",   "tensor_exposed",     "fsdp_exposed",
    "data_exposed",     "clock_exponent",     "software_learning",
    "jitter",           "expert_efficiency",  "expert_exposed",
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
        c.info[i] = {name,
                     item.at("meaning").get<std::string>(),
                     item.at("unit").get<std::string>(),
                     item.at("low").get<double>(),
                     item.at("high").get<double>(),
                     0};
        c.info[i].expected = item.value("expected", (c.info[i].low + c.info[i].high) / 2);
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
           : name == "flash1" ? AttentionKernel::Flash1
           : name == "flash2" ? AttentionKernel::Flash2
                              : AttentionKernel::Fused;
}

RecomputeHabit habitOf(const std::string& name) {
    return name == "always"  ? RecomputeHabit::Always
           : name == "model" ? RecomputeHabit::Model
                             : RecomputeHabit::Layers;
}

SoftwareTraits traitsOf(const Json& item) {
    return {item.at("synchronous").get<bool>(),
            item.at("unfused").get<bool>(),
            kernelOf(item.at("attention").get<std::string>()),
            item.at("selective").get<std::string>() == "operators",
            habitOf(item.at("recompute").get<std::string>()),
            item.at("overlaps_tensor").get<bool>()};
}

void readSoftware(const Json& root, Calibration& c) {
    for (const Json& item : root.at("stacks")) {
        c.stacks.push_back({item.at("stack").get<std::string>(), item.at("factor").get<double>(),
                            traitsOf(item), item.at("family").get<std::string>(),
                            item.at("runs").get<int>()});
    }
    for (const Json& item : root.at("families")) {
        SoftwareFamily family{
            item.at("family").get<std::string>(), item.at("marks").get<std::vector<std::string>>(), {}};
        for (const Json& era : item.at("eras")) {
            family.eras.push_back({era.at("until").get<int>(), traitsOf(era)});
        }
        c.families.push_back(std::move(family));
    }
}

void readRest(const Json& root, Calibration& c) {
    readSoftware(root, c);
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
                     number("foreign_attention"),
                     number("unseen_shrinkage"),
                     number("waiting_power_share"),
                     number("diloco_steps"),
                     number("diloco_token_efficiency")};
    const Json& references = root.at("references");
    for (std::size_t i = 0; i < c.referenceWattPerFlopPerS.size(); ++i) {
        const Json& reference = references.at(i);
        c.referenceWattPerFlopPerS[i] =
            reference.at("watt").get<double>() / reference.at("bf16_flop_per_s").get<double>();
        c.shippedYear[i] = reference.at("shipped").get<double>();
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

const SoftwareTraits& SoftwareFamily::traits(int year) const {
    const auto found = std::find_if(eras.begin(), eras.end(), [&](const Era& e) { return year <= e.until; });
    return year == 0 || found == eras.end() ? eras.back().traits : found->traits;
}

StackFactor Calibration::unseen(std::string_view name, int year, bool fullySharded) const {
    const auto marked = [&](const SoftwareFamily& family) {
        return std::any_of(family.marks.begin(), family.marks.end(), [&](const std::string& mark) {
            return name.find(mark) != std::string_view::npos;
        });
    };
    // The last one that is marked: "megatron-deepspeed" is DeepSpeed.
    auto found = families.end();
    for (auto family = families.begin(); family != families.end(); ++family) {
        found = marked(*family) ? family : found;
    }
    if (found == families.end()) {
        const auto isPyTorch = [](const SoftwareFamily& family) { return family.name == "pytorch"; };
        found = fullySharded ? std::find_if(families.begin(), families.end(), isPyTorch) : families.begin();
    }
    double sum = 0;
    double stacksInAll = 0;
    double familySum = 0;
    double inFamily = 0;
    for (const StackFactor& known : stacks) {
        if (known.runs == 0 || known.stack.find(" MoE") != std::string::npos) {
            continue;
        }
        sum += std::log(known.factor);
        ++stacksInAll;
        if (known.family == found->name) {
            familySum += std::log(known.factor);
            ++inFamily;
        }
    }
    const double mean = stacksInAll > 0 ? sum / stacksInAll : 0;
    const double shrinkage = assumptions.unseenShrinkage;
    StackFactor stack;
    stack.stack = found->name + " of " + (year > 0 ? std::to_string(year) : "today");
    stack.family = found->name;
    stack.factor = std::exp((familySum + shrinkage * mean) / (inFamily + shrinkage));
    stack.traits = found->traits(year);
    return stack;
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

Result<Calibration> Calibration::parse(std::string_view json, const std::string& file) {
    Calibration c;
    Diagnostics errors;
    try {
        const Json root = Json::parse(json);
        readConstants(root.at("constants"), file, c, errors);
        readRest(root, c);
        if (c.stack(c.defaultStack) == nullptr) {
            errors.push_back(wrong(file, "the stack `" + c.defaultStack + "` is not in the list"));
        }
        if (c.families.empty() || std::any_of(c.families.begin(), c.families.end(),
                                              [](const SoftwareFamily& f) { return f.eras.empty(); })) {
            errors.push_back(wrong(file, "a family of software without an era"));
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

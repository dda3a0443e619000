#include "model/catalog/constant_table.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>

namespace atlas::catalog {

namespace {

Sourced read(const YAML::Node& row) {
    Sourced constant;
    constant.value = row["value"].as<double>();
    constant.low = row["low"].as<double>();
    constant.high = row["high"].as<double>();
    constant.source = row["source"].as<std::string>();
    constant.note = row["unit"].as<std::string>();
    constant.grade = gradeOf(row["grade"].as<std::string>()).value_or(Grade::Assumption);
    return constant;
}

} // namespace

Result<std::map<std::string, Sourced, std::less<>>>
parseConstantTable(const std::string& yaml, const std::string& root, std::span<const std::string_view> keys) {
    std::map<std::string, Sourced, std::less<>> table;
    Diagnostics errors;
    const auto complain = [&](const std::string& key, const std::string& what, const std::string& remedy) {
        errors.push_back({Severity::Error, {}, "constant '" + root + "." + key + "' " + what, remedy});
    };
    try {
        for (const YAML::Node& row : YAML::Load(yaml)[root]) {
            const auto key = row["key"].as<std::string>();
            if (std::ranges::find(keys, key) == keys.end()) {
                complain(key, "is unknown", "remove it");
                continue;
            }
            const Sourced constant = read(row);
            if (!(0 <= constant.low && constant.low <= constant.value && constant.value <= constant.high)) {
                complain(key, "lies outside its range", "keep 0 <= low <= value <= high");
            }
            if (!table.emplace(key, constant).second) {
                complain(key, "is there twice", "remove one");
            }
        }
    } catch (const YAML::Exception& wrong) {
        return failure("constants '" + root + "': " + wrong.what(), "see resources/catalog");
    }
    for (const std::string_view key : keys) {
        if (!table.contains(key)) {
            complain(std::string(key), "is missing", "add it with value, low, high, unit, source and grade");
        }
    }
    if (!errors.empty()) {
        return errors;
    }
    return table;
}

} // namespace atlas::catalog

#include "model/explore/correlations.h"

#include <yaml-cpp/yaml.h>

#include <map>

namespace atlas::embedded {
extern const char* const correlationsYaml;
}

namespace atlas::explore {

namespace {

struct Tables {
    std::map<std::string, Correlation, std::less<>> groups;
    std::vector<WholeOfParts> wholes;
};

/// The file is compiled in and its form is covered by a test.
const Tables& tables() {
    static const Tables made = [] {
        Tables out;
        const YAML::Node file = YAML::Load(embedded::correlationsYaml);
        for (const YAML::Node& row : file["correlations"]) {
            for (const bool against : {false, true}) {
                for (const YAML::Node& fact : row[against ? "against" : "together"]) {
                    out.groups[fact.as<std::string>()] = {row["name"].as<std::string>(), against};
                }
            }
        }
        for (const YAML::Node& row : file["wholes"]) {
            WholeOfParts whole;
            for (const YAML::Node& part : row["parts"]) {
                whole.parts.push_back(part.as<std::string>());
            }
            whole.remainder = row["remainder"].as<std::string>();
            out.wholes.push_back(std::move(whole));
        }
        return out;
    }();
    return made;
}

} // namespace

std::optional<Correlation> correlationOf(std::string_view fact) {
    const auto found = tables().groups.find(fact);
    if (found == tables().groups.end()) {
        return std::nullopt;
    }
    return found->second;
}

const std::vector<WholeOfParts>& wholes() {
    return tables().wholes;
}

} // namespace atlas::explore

#include "model/scenario/scenario_loader.h"

#include "model/scenario/defaults.h"
#include "model/scenario/field_reader.h"
#include "model/scenario/sections.h"

#include <algorithm>

namespace atlas::scenario {

namespace {

constexpr std::size_t kMostProblems = 200; ///< a file with more is not worth a longer list

yaml::Limits yamlLimits(const LoaderLimits& limits) {
    return {limits.maxFileBytes, limits.maxDepth, limits.maxNodes, limits.maxAliases};
}

Scenario startFrom(const Catalogue& catalogue, const std::string& name) {
    Scenario scenario;
    scenario.file = name;
    scenario.facts = catalogue.facts;
    scenario.gpus = catalogue.gpus;
    scenario.racks = catalogue.racks;
    scenario.fabrics = catalogue.fabrics;
    scenario.models = catalogue.models;
    return scenario;
}

void addFindings(const std::vector<Finding>& findings, const std::string& name, Reading& reading) {
    for (const Finding& finding : findings) {
        if (reading.unreadBelow(finding.path)) {
            continue;
        }
        SourcePlace place = reading.placeOf(finding.path);
        if (place.file.empty()) {
            place.file = name;
        }
        reading.problems.push_back({finding.severity, std::move(place), finding.message, finding.remedy});
    }
}

void sortByPlace(Diagnostics& problems) {
    std::ranges::stable_sort(problems, [](const Diagnostic& a, const Diagnostic& b) {
        return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
    });
    if (problems.size() > kMostProblems) {
        const std::size_t more = problems.size() - kMostProblems;
        const Diagnostic last = problems[kMostProblems - 1];
        problems.resize(kMostProblems);
        problems.push_back(
            {last.severity, last.place, "and " + std::to_string(more) + " more", "fix these first"});
    }
}

} // namespace

Result<Loaded> parseScenario(const std::string& yaml, const std::string& name, const Catalogue& catalogue,
                             const LoaderLimits& limits) {
    Reading reading{*catalogue.facts, {}, {}, {}};
    const auto root = yaml::parse(yaml, name, yamlLimits(limits), reading.problems);
    if (!root) {
        reading.problems.insert(reading.problems.end(), root.errors().begin(), root.errors().end());
        sortByPlace(reading.problems);
        return reading.problems;
    }
    if ((*root)->kind != yaml::Kind::Mapping) {
        reading.error((*root)->place,
                      "the file is " + std::string(yaml::name((*root)->kind)) + ", not a scenario",
                      "start from `clusters:` and `train_jobs:`");
        return reading.problems;
    }
    Loaded loaded{startFrom(catalogue, name), {}};
    readMapping(**root, "", reading, [&](Fields& fields) { describe(fields, loaded.scenario); });
    fillDefaults(loaded.scenario);
    addFindings(check(loaded.scenario, {limits.maxGpusPerCluster, limits.maxClusters}), name, reading);
    sortByPlace(reading.problems);
    if (hasErrors(reading.problems)) {
        return reading.problems;
    }
    loaded.warnings = std::move(reading.problems);
    return loaded;
}

Result<Loaded> parseScenario(const std::string& yaml, const std::string& name,
                             const std::string& resourcesFolder, const LoaderLimits& limits) {
    const auto catalogue = loadCatalogue(resourcesFolder);
    if (!catalogue) {
        return catalogue.errors();
    }
    return parseScenario(yaml, name, *catalogue, limits);
}

Result<Loaded> loadScenario(const std::string& file, const std::string& resourcesFolder,
                            const LoaderLimits& limits) {
    const auto text = yaml::readFile(file, limits.maxFileBytes);
    if (!text) {
        return text.errors();
    }
    return parseScenario(*text, file, resourcesFolder, limits);
}

} // namespace atlas::scenario

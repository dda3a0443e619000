#include "app/cli/command.h"
#include "model/core/yaml_document.h"
#include "model/operations/injections.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <memory>
#include <ostream>

namespace atlas::cli {

namespace {

nlohmann::ordered_json jsonOf(const Diagnostic& diagnostic) {
    return {{"severity", diagnostic.severity == Severity::Error ? "error" : "warning"},
            {"file", diagnostic.place.file},
            {"line", diagnostic.place.line},
            {"column", diagnostic.place.column},
            {"message", diagnostic.message},
            {"remedy", diagnostic.remedy}};
}

/// Where the target of each injection is written: a file that was loaded can be read.
std::vector<SourcePlace> injectionPlaces(const std::string& file) {
    std::vector<SourcePlace> places;
    const auto text = yaml::readFile(file, scenario::LoaderLimits{}.maxFileBytes);
    Diagnostics ignored;
    const auto root = text ? yaml::parse(*text, file, {}, ignored) : Result<yaml::NodePtr>(text.errors());
    const yaml::Node* operations = root ? (*root)->find("operations") : nullptr;
    const yaml::Node* list = operations != nullptr ? operations->find("injections") : nullptr;
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
        const yaml::Node* target = list->items[i]->find("target");
        places.push_back(target != nullptr ? target->place : list->items[i]->place);
    }
    return places;
}

/// Injections into what is not there: known only once the clusters are built.
Diagnostics badInjections(const scenario::Scenario& scenario, const std::string& file) {
    Diagnostics found;
    const auto problems = operations::checkInjections(scenario);
    const auto places = problems.empty() ? std::vector<SourcePlace>() : injectionPlaces(file);
    for (const operations::InjectionProblem& each : problems) {
        found.push_back(each.problem);
        found.back().place = each.index < places.size() ? places[each.index] : SourcePlace{file, 0, 0};
    }
    return found;
}

void check(Context& context, const std::string& file) {
    const auto loaded = scenario::loadScenario(file, context.resources);
    Diagnostics findings = loaded ? loaded->warnings : loaded.errors();
    if (loaded) {
        const Diagnostics injections = badInjections(loaded->scenario, file);
        findings.insert(findings.end(), injections.begin(), injections.end());
    }
    const bool good = !hasErrors(findings);
    if (!good) {
        context.exitCode = kBadInput;
    }
    if (context.json) {
        nlohmann::ordered_json out{{"file", file}, {"ok", good}};
        out["diagnostics"] = nlohmann::ordered_json::array();
        for (const Diagnostic& finding : findings) {
            out["diagnostics"].push_back(jsonOf(finding));
        }
        context.out << out.dump(2) << '\n';
        return;
    }
    context.err << text(findings);
    if (good && !context.quiet) {
        context.out << file << ": no errors"
                    << (findings.empty() ? std::string()
                                         : ", " + std::to_string(findings.size()) +
                                               (findings.size() == 1 ? " warning" : " warnings"))
                    << '\n';
    }
}

} // namespace

void addCheckCommand(CLI::App& app, Context& context) {
    auto* command = app.add_subcommand("check", "Say what is wrong with a scenario file, and where");
    auto file = std::make_shared<std::string>();
    command->add_option("FILE", *file, "Scenario, *.atlas.yaml")->required();
    command->add_flag("--json", context.json, "One JSON document on standard output and nothing else there");
    command->add_flag("--quiet", context.quiet, "Only the findings and the exit status");
    command->footer("Exit status 1 if there is an error.\nExample: atlas check my.atlas.yaml");
    command->callback([&context, file] { check(context, *file); });
}

} // namespace atlas::cli

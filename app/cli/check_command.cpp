#include "app/cli/command.h"

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

void check(Context& context, const std::string& file) {
    const auto loaded = scenario::loadScenario(file, context.resources);
    const Diagnostics& findings = loaded ? loaded->warnings : loaded.errors();
    if (!loaded) {
        context.exitCode = kBadInput;
    }
    if (context.json) {
        nlohmann::ordered_json out{{"file", file}, {"ok", loaded.ok()}};
        out["diagnostics"] = nlohmann::ordered_json::array();
        for (const Diagnostic& finding : findings) {
            out["diagnostics"].push_back(jsonOf(finding));
        }
        context.out << out.dump(2) << '\n';
        return;
    }
    context.err << text(findings);
    if (loaded && !context.quiet) {
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

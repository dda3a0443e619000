#include "app/cli/command.h"

#include "model/operations/injections.h"
#include "model/scenario/words.h"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ostream>

namespace atlas::cli {

void addCommonOptions(CLI::App& command, Context& context) {
    command.add_flag("--json", context.json, "One JSON document on standard output and nothing else there");
    command.add_flag("--quiet", context.quiet, "No messages or progress on standard error");
    command.add_option("--seed", context.seed, "Seed of everything random (default: the scenario's)");
    command.add_option("--set", context.sets, "Change one number: path=value, with its unit (repeatable)")
        ->type_name("PATH=VALUE");
    command
        .add_option("--use", context.uses,
                    "Tell the strategies with another cluster of the same site, or another contract: "
                    "id=instead (repeatable)")
        ->type_name("ID=ID");
    command
        .add_option("--inject", context.injections,
                    "Do something to a cluster, as in a scenario file: '{at: 30 d, what: slow-gpu, target: "
                    "\"rack 1-1-1, tray 1, GPU 1\", magnitude: 0.3, lasts: 1 h}' (repeatable)")
        ->type_name("{…}");
}

std::optional<scenario::Scenario> load(Context& context, const std::string& file) {
    auto loaded = scenario::loadScenario(file, context.resources);
    if (!loaded) {
        reject(context, loaded.errors());
        return std::nullopt;
    }
    if (!context.quiet) {
        context.err << text(loaded->warnings);
    }
    scenario::Scenario scenario = std::move(loaded->scenario);
    if (context.seed) {
        scenario.seed = *context.seed;
    }
    using Change = Result<scenario::Scenario> (*)(scenario::Scenario, const std::string&, const std::string&);
    const auto change = [&](const char* option, const std::vector<std::string>& texts, Change apply) {
        for (const std::string& each : texts) {
            const auto equals = each.find('=');
            auto changed =
                equals == std::string::npos
                    ? Result<scenario::Scenario>(failure(std::string(option) + " " + each + " has no '='",
                                                         std::string("write ") + option + " left=right"))
                    : apply(std::move(scenario), each.substr(0, equals), each.substr(equals + 1));
            if (!changed) {
                reject(context, changed.errors());
                return false;
            }
            scenario = std::move(*changed);
        }
        return true;
    };
    const Change use = [](scenario::Scenario told, const std::string& id, const std::string& instead) {
        const bool lease = told.cluster(id) == nullptr && told.contract(id) != nullptr;
        return lease ? scenario::withContract(std::move(told), id, instead)
                     : scenario::withCluster(std::move(told), id, instead);
    };
    if (!change("--use", context.uses, use) || !change("--set", context.sets, scenario::withValue)) {
        return std::nullopt;
    }
    for (const std::string& each : context.injections) {
        const auto injection = scenario::parseInjection(each, scenario);
        auto changed = injection ? operations::withInjection(scenario, *injection)
                                 : Result<scenario::Scenario>(injection.errors());
        if (!changed) {
            reject(context, changed.errors());
            return std::nullopt;
        }
        scenario = std::move(*changed);
    }
    return scenario;
}

void reject(Context& context, const Diagnostics& errors) {
    context.err << text(errors);
    context.exitCode = kBadInput;
}

std::string resourcesFolder() {
    namespace fs = std::filesystem;
    if (const char* named = std::getenv("ATLAS_RESOURCES")) {
        return named;
    }
    std::error_code ignored;
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
    if (!program.empty()) {
        const fs::path installed = program.parent_path().parent_path() / "share" / "colossus-atlas";
        if (fs::exists(installed / "catalog", ignored)) {
            return installed.string();
        }
    }
    return ATLAS_SOURCE_RESOURCES;
}

bool writeFile(Context& context, const std::string& path, const std::string& text) {
    if (path == "-") {
        context.out << text;
        return true;
    }
    namespace fs = std::filesystem;
    const fs::path target(path);
    const fs::path temporary = target.string() + ".part";
    {
        std::ofstream stream(temporary, std::ios::binary | std::ios::trunc);
        stream << text;
        stream.flush();
        if (!stream) {
            reject(context, failure("cannot write " + temporary.string(),
                                    "check that the folder exists and has room"));
            return false;
        }
    }
    std::error_code error;
    fs::rename(temporary, target, error);
    if (error) {
        fs::remove(temporary, error);
        reject(context, failure("cannot write " + path, "check that it is not a folder"));
        return false;
    }
    return true;
}

} // namespace atlas::cli

// What every command of `atlas` shares: streams, conventions, exit status, loading a scenario.
#pragma once

#include "model/scenario/scenario_loader.h"

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace atlas::cli {

inline constexpr int kDone = 0;
inline constexpr int kBadInput = 1;
inline constexpr int kBadUsage = 2;
inline constexpr int kCancelled = 3;

/// State of one run of `atlas`. Commands write results to `out` (JSON and nothing else under --json) and
/// messages to `err`, and leave their exit status in `exitCode`.
struct Context {
    std::ostream& out;
    std::ostream& err;
    Context(std::ostream& output, std::ostream& messages)
        : out(output)
        , err(messages) {}
    int exitCode = kDone;
    bool json = false;
    bool quiet = false;
    std::optional<std::uint64_t> seed;
    std::vector<std::string> sets;       ///< --set path=value
    std::vector<std::string> uses;       ///< --use cluster=instead, contract=instead
    std::vector<std::string> injections; ///< --inject {at: …, what: …}
    std::string resources;               ///< folder of the catalogue
};

/// Adds --json, --quiet, --seed, --set, --use, --inject to a command.
void addCommonOptions(CLI::App& command, Context& context);

/// Loads a scenario with --seed, --use, --set and --inject applied; on failure prints the diagnostics, sets
/// exitCode 1, returns empty.
[[nodiscard]] std::optional<scenario::Scenario> load(Context& context, const std::string& file);

/// Prints diagnostics and sets exitCode to 1.
void reject(Context& context, const Diagnostics& errors);

/// The folder with the catalogue: $ATLAS_RESOURCES, else beside the program, else the source tree.
[[nodiscard]] std::string resourcesFolder();

/// Writes text to `path` through a temporary that is renamed; "-" is `out`. False with a message on failure.
[[nodiscard]] bool writeFile(Context& context, const std::string& path, const std::string& text);

// One function a command; each lives in its own file <name>_command.cpp.
void addInfoCommand(CLI::App& app, Context& context);
void addCheckCommand(CLI::App& app, Context& context);
void addTrainCommand(CLI::App& app, Context& context);
void addPlanCommand(CLI::App& app, Context& context);
void addScalingCommand(CLI::App& app, Context& context);
void addPredictCommand(CLI::App& app, Context& context);
void addCollectiveCommand(CLI::App& app, Context& context);
void addServeCommand(CLI::App& app, Context& context);
void addProgrammeCommand(CLI::App& app, Context& context);
void addMonteCarloCommand(CLI::App& app, Context& context);
void addSweepCommand(CLI::App& app, Context& context);
void addSolveCommand(CLI::App& app, Context& context);
void addCompareCommand(CLI::App& app, Context& context);
void addSimulateCommand(CLI::App& app, Context& context);
void addExportCommand(CLI::App& app, Context& context);

} // namespace atlas::cli

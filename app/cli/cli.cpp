#include "app/cli/cli.h"

#include "app/cli/command.h"

#include <CLI/CLI.hpp>

#include <ostream>

namespace atlas::cli {

int run(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
    CLI::App app("atlas: the model of Colossus Atlas without a window", "atlas");
    app.set_version_flag("--version", std::string("atlas ") + ATLAS_VERSION);
    app.require_subcommand(1);
    app.fallthrough(false);
    Context context{out, err};
    context.resources = resourcesFolder();

    // Commands register themselves here, in the order of --help.
    addInfoCommand(app, context);
    addCheckCommand(app, context);
    addTrainCommand(app, context);
    addPlanCommand(app, context);
    addServeCommand(app, context);
    addProgrammeCommand(app, context);
    addMonteCarloCommand(app, context);
    addSweepCommand(app, context);
    addSolveCommand(app, context);
    addScalingCommand(app, context);
    addCompareCommand(app, context);
    addSimulateCommand(app, context);
    addPredictCommand(app, context);
    addCollectiveCommand(app, context);
    addExportCommand(app, context);

    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& asked) {
        return app.exit(asked, out, err);
    } catch (const CLI::ParseError& wrong) {
        app.exit(wrong, out, err);
        return kBadUsage;
    }
    return context.exitCode;
}

} // namespace atlas::cli

// Which cluster, job, placement and month a command means when it is told or not told.
#pragma once

#include "app/cli/command.h"
#include "model/training/planner.h"

namespace atlas::cli {

/// What --cluster, --job, --placement and --month say; empty where they are not given.
struct JobOptions {
    std::string file;
    std::string cluster;
    std::string job;
    std::string placement;
    std::string month;
};

/// Adds the file and those options to a command.
void addJobOptions(CLI::App& command, JobOptions& options);

/// The precision of a word ("fp8"); empty where there is none of it.
[[nodiscard]] std::optional<scenario::Precision> precisionOf(const std::string& word);
/// The words that precisionOf knows.
[[nodiscard]] std::vector<std::string> precisionWords();

/// One job on one cluster in one month.
struct JobChoice {
    const scenario::Cluster* cluster = nullptr;
    const scenario::TrainJob* job = nullptr;
    scenario::Placement placement = scenario::Placement::Naive;
    scenario::Month month;
};

/// The first strategy's training assignment on the cluster fills in what is not told, else the first cluster,
/// the first job, equal shares and the month in which all GPUs have power. Errors name what there is.
[[nodiscard]] Result<JobChoice> chooseJob(const scenario::Scenario& scenario, const JobOptions& options);

/// The same options for a service: no placement.
void addServeOptions(CLI::App& command, JobOptions& options);

/// One service on one cluster in one month.
struct ServeChoice {
    const scenario::Cluster* cluster = nullptr;
    const scenario::ServeJob* job = nullptr;
    scenario::Month month;
};

/// The first assignment of any strategy that serves on the cluster, leased or not, fills in what is not told,
/// else the first cluster, the first service and the month in which all GPUs have power. Errors name what
/// there is.
[[nodiscard]] Result<ServeChoice> chooseService(const scenario::Scenario& scenario,
                                                const JobOptions& options);

} // namespace atlas::cli

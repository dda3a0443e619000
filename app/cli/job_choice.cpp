#include "app/cli/job_choice.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace atlas::cli {

namespace {

using scenario::Placement;

constexpr std::pair<const char*, Placement> kPlacements[] = {{"naive", Placement::Naive},
                                                             {"proportional", Placement::Proportional},
                                                             {"class-stages", Placement::ClassStages},
                                                             {"local-sgd", Placement::LocalSgd},
                                                             {"drop-slowest", Placement::DropSlowest}};

constexpr scenario::Precision kPrecisions[] = {scenario::Precision::Bf16, scenario::Precision::Fp16,
                                               scenario::Precision::Fp8, scenario::Precision::Mxfp8,
                                               scenario::Precision::Nvfp4};

template <class T>
std::string idsOf(const std::vector<T>& values) {
    std::string ids;
    for (const T& value : values) {
        ids += (ids.empty() ? "" : ", ") + value.id;
    }
    return ids;
}

std::optional<scenario::Month> monthOf(const std::string& text) {
    int year = 0;
    int month = 0;
    const char* end = text.data() + text.size();
    const auto [dash, wrongYear] = std::from_chars(text.data(), end, year);
    if (wrongYear != std::errc() || dash == end || *dash != '-') {
        return std::nullopt;
    }
    const auto [last, wrongMonth] = std::from_chars(dash + 1, end, month);
    if (wrongMonth != std::errc() || last != end || month < 1 || month > 12 || year < 1) {
        return std::nullopt;
    }
    return scenario::Month::of(year, month);
}

/// The first month in which everything that is planned has power.
scenario::Month completeMonth(const scenario::Cluster& cluster) {
    scenario::Month month;
    for (const scenario::Island& island : cluster.islands) {
        month = std::max(month, island.firstMonth);
        for (const auto& tranche : island.tranches) {
            month = std::max(month, tranche.month);
        }
    }
    return month;
}

const scenario::Assignment* trainingOn(const scenario::Scenario& scenario, const std::string& cluster) {
    for (const scenario::Strategy& strategy : scenario.strategies) {
        for (const scenario::Assignment& assignment : strategy.assignments) {
            if (assignment.activity == scenario::Activity::Train &&
                (cluster.empty() || assignment.cluster == cluster)) {
                return &assignment;
            }
        }
    }
    return nullptr;
}

const scenario::Assignment* servingOn(const scenario::Scenario& scenario, const std::string& cluster) {
    for (const scenario::Strategy& strategy : scenario.strategies) {
        for (const scenario::Assignment& assignment : strategy.assignments) {
            if (scenario.serveJob(assignment.job) != nullptr &&
                (cluster.empty() || assignment.cluster == cluster)) {
                return &assignment;
            }
        }
    }
    return nullptr;
}

/// The month that was told, else the one in which everything has power.
Result<scenario::Month> chooseMonth(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                                    const std::string& told) {
    if (told.empty()) {
        return std::max(scenario.start, completeMonth(cluster));
    }
    const auto month = monthOf(told);
    if (!month) {
        return failure("`" + told + "` is no month", "write it like 2027-06");
    }
    return *month;
}

} // namespace

void addJobOptions(CLI::App& command, JobOptions& options) {
    command.add_option("FILE", options.file, "Scenario (*.atlas.yaml)")->required();
    command.add_option("--cluster", options.cluster, "Id of the cluster (default: of the first strategy)");
    command.add_option("--job", options.job, "Id of the training job (default: of the first strategy)");
    command.add_option("--placement", options.placement,
                       "naive, proportional, class-stages, local-sgd or drop-slowest");
    command.add_option("--month", options.month, "Month, 2027-06 (default: when all GPUs have power)");
}

std::optional<scenario::Precision> precisionOf(const std::string& word) {
    for (const scenario::Precision precision : kPrecisions) {
        if (word == scenario::nameOf(precision)) {
            return precision;
        }
    }
    return std::nullopt;
}

std::vector<std::string> precisionWords() {
    std::vector<std::string> words;
    for (const scenario::Precision precision : kPrecisions) {
        words.emplace_back(scenario::nameOf(precision));
    }
    return words;
}

namespace {

/// The cluster and the job of `choice`: as named, else as a strategy assigns them, else the first. `what` is
/// said of jobs ("training job").
template <class Choice, class Job>
Result<Choice> named(const scenario::Scenario& scenario, const JobOptions& options,
                     const scenario::Assignment* assigned, const std::vector<Job>& jobs,
                     const std::string& what) {
    Choice choice;
    const std::string cluster = !options.cluster.empty() ? options.cluster
                                : assigned != nullptr    ? assigned->cluster
                                                         : scenario.clusters.front().id;
    choice.cluster = scenario.cluster(cluster);
    if (choice.cluster == nullptr) {
        return failure("there is no cluster `" + cluster + "`", "one of " + idsOf(scenario.clusters));
    }
    const std::string id = !options.job.empty()  ? options.job
                           : assigned != nullptr ? assigned->job
                                                 : jobs.front().id;
    const auto job = std::find_if(jobs.begin(), jobs.end(), [&](const Job& known) { return known.id == id; });
    if (job == jobs.end()) {
        return failure("there is no " + what + " `" + id + "`", "one of " + idsOf(jobs));
    }
    choice.job = &*job;
    return choice;
}

} // namespace

Result<JobChoice> chooseJob(const scenario::Scenario& scenario, const JobOptions& options) {
    if (scenario.clusters.empty() || scenario.trainJobs.empty()) {
        return failure("the scenario has no cluster or no training job", "add one to the file");
    }
    const scenario::Assignment* assigned = trainingOn(scenario, options.cluster);
    auto choice = named<JobChoice>(scenario, options, assigned, scenario.trainJobs, "training job");
    if (!choice) {
        return choice;
    }
    choice->placement = assigned != nullptr ? assigned->placement : Placement::Naive;
    if (!options.placement.empty()) {
        const auto* found = std::find_if(std::begin(kPlacements), std::end(kPlacements),
                                         [&](const auto& known) { return options.placement == known.first; });
        if (found == std::end(kPlacements)) {
            return failure("there is no placement `" + options.placement + "`",
                           "one of naive, proportional, class-stages, local-sgd, drop-slowest");
        }
        choice->placement = found->second;
    }
    const auto month = chooseMonth(scenario, *choice->cluster, options.month);
    if (!month) {
        return month.errors();
    }
    choice->month = *month;
    return choice;
}

void addServeOptions(CLI::App& command, JobOptions& options) {
    command.add_option("FILE", options.file, "Scenario (*.atlas.yaml)")->required();
    command.add_option("--cluster", options.cluster, "Id of the cluster (default: the first that serves)");
    command.add_option("--job", options.job,
                       "Id of the service (default: of the first strategy that serves)");
    command.add_option("--month", options.month, "Month, 2027-06 (default: when all GPUs have power)");
}

Result<ServeChoice> chooseService(const scenario::Scenario& scenario, const JobOptions& options) {
    if (scenario.clusters.empty() || scenario.serveJobs.empty()) {
        return failure("the scenario has no cluster or no service", "add one under clusters and serve_jobs");
    }
    const scenario::Assignment* assigned = servingOn(scenario, options.cluster);
    auto choice = named<ServeChoice>(scenario, options, assigned, scenario.serveJobs, "service");
    if (!choice) {
        return choice;
    }
    const auto month = chooseMonth(scenario, *choice->cluster, options.month);
    if (!month) {
        return month.errors();
    }
    choice->month = *month;
    return choice;
}

} // namespace atlas::cli

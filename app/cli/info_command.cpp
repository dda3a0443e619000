#include "app/cli/command.h"
#include "model/cluster/cluster.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <iomanip>
#include <memory>
#include <ostream>

namespace atlas::cli {

namespace {

using scenario::Scenario;
using units::Dimension;
using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> kTierNames = {"nvlink_domains", "leaf", "spine", "core"};

/// What is counted of one built cluster.
struct Inventory {
    std::vector<std::pair<std::string, std::size_t>> gpusByClass;
    std::size_t gpus = 0, powered = 0, halls = 0, rows = 0, racks = 0, cables = 0;
    std::array<std::size_t, kTierNames.size()> switches{};
    double itPowerW = 0.0;
};

Inventory inventoryOf(const cluster::Cluster& built, scenario::Month start) {
    Inventory out;
    for (const cluster::Island& island : built.islands) {
        const std::string& id = built.gpuClasses[island.gpuClass].id;
        auto found = std::ranges::find(out.gpusByClass, id, &std::pair<std::string, std::size_t>::first);
        if (found == out.gpusByClass.end()) {
            out.gpusByClass.emplace_back(id, 0);
            found = out.gpusByClass.end() - 1;
        }
        found->second += island.gpus.count;
    }
    for (const cluster::Switch& one : built.switches) {
        ++out.switches[static_cast<std::size_t>(one.tier)];
    }
    for (std::size_t i = 0; i < built.links.size(); ++i) {
        out.cables += built.links.cables[i];
    }
    out.gpus = built.gpuCount;
    out.powered = built.gpusPoweredBy(start);
    out.halls = built.halls.size();
    out.rows = built.rows.size();
    out.racks = built.racks.size();
    out.itPowerW = built.itPowerW();
    return out;
}

std::string count(std::size_t value) {
    return units::formatQuantity(static_cast<double>(value), Dimension::Number);
}

std::string watts(double value) {
    return units::formatQuantity(value, Dimension::Watts);
}

void line(std::ostream& out, std::string_view label, const std::string& value) {
    out << "  " << std::left << std::setw(12) << label << value << '\n';
}

void print(std::ostream& out, const scenario::Cluster& spec, const Inventory& found, scenario::Month start) {
    out << '\n' << spec.id << ": " << spec.name << '\n';
    std::string classes;
    for (const auto& [id, gpus] : found.gpusByClass) {
        classes += (classes.empty() ? "" : " + ") + count(gpus) + ' ' + id;
    }
    line(out, "GPUs",
         count(found.gpus) + " (" + classes + "); powered in " + start.text() + ": " + count(found.powered));
    line(out, "floor",
         count(found.halls) + " halls, " + count(found.rows) + " rows, " + count(found.racks) + " racks");
    line(out, "switches",
         count(found.switches[1]) + " leaf, " + count(found.switches[2]) + " spine, " +
             count(found.switches[3]) + " core; " + count(found.switches[0]) + " NVLink domains");
    line(out, "links", count(found.cables) + " cables and trunks");
    line(out, "power",
         watts(found.itPowerW) + " of computers, " + watts(found.itPowerW * spec.pue.value) + " with PUE " +
             units::formatQuantity(spec.pue.value, Dimension::Number) +
             (spec.provisionedPowerW.value > 0.0 ? "; provisioned: " + watts(spec.provisionedPowerW.value)
                                                 : ""));
}

template <class T>
void printNamed(std::ostream& out, std::string_view title, const std::vector<T>& values) {
    if (values.empty()) {
        return;
    }
    out << '\n' << title << '\n';
    std::size_t width = 0;
    for (const T& value : values) {
        width = std::max(width, value.id.size());
    }
    for (const T& value : values) {
        out << "  " << std::left << std::setw(static_cast<int>(width) + 2) << value.id << value.name << '\n';
    }
}

void printInputs(std::ostream& out, const Scenario& scenario) {
    out << "\ninputs (value, low to high, grade, source)\n";
    scenario::visitInputs(
        scenario, [&out](const std::string& path, const scenario::Sourced& number, Dimension dimension) {
            out << "  " << path << ": " << units::formatQuantity(number.value, dimension);
            if (number.low < number.value || number.high > number.value) {
                out << ", " << units::formatQuantity(number.low, dimension) << " to "
                    << units::formatQuantity(number.high, dimension);
            }
            out << ", " << catalog::name(number.grade) << ", "
                << (number.fact.empty() ? number.source : number.fact) << '\n';
        });
}

Json jsonOf(const scenario::Cluster& spec, const Inventory& found) {
    Json out{
        {"id", spec.id}, {"name", spec.name}, {"gpu_count", found.gpus}, {"powered_at_start", found.powered}};
    for (const auto& [id, gpus] : found.gpusByClass) {
        out["gpus"][id] = gpus;
    }
    out["halls"] = found.halls;
    out["rows"] = found.rows;
    out["racks"] = found.racks;
    for (std::size_t tier = 0; tier < kTierNames.size(); ++tier) {
        out["switches"][kTierNames[tier]] = found.switches[tier];
    }
    out["links"] = found.cables;
    out["it_power_w"] = found.itPowerW;
    out["site_power_w"] = found.itPowerW * spec.pue.value;
    out["provisioned_power_w"] = spec.provisionedPowerW.value;
    return out;
}

template <class T>
Json jsonOfNamed(const std::vector<T>& values) {
    Json out = Json::array();
    for (const T& value : values) {
        out.push_back({{"id", value.id}, {"name", value.name}});
    }
    return out;
}

Json jsonOfInputs(const Scenario& scenario) {
    Json out = Json::array();
    scenario::visitInputs(
        scenario, [&out](const std::string& path, const scenario::Sourced& number, Dimension dimension) {
            out.push_back({{"path", path},
                           {"value", number.value},
                           {"low", number.low},
                           {"high", number.high},
                           {"unit", units::unitName(dimension)},
                           {"grade", catalog::name(number.grade)},
                           {"fact", number.fact},
                           {"source", number.source}});
        });
    return out;
}

void info(Context& context, const std::string& file, bool inputs) {
    const auto loaded = load(context, file);
    if (!loaded) {
        return;
    }
    const Scenario& scenario = *loaded;
    Json json{{"name", scenario.name},
              {"start", scenario.start.text()},
              {"horizon_months", scenario.horizonMonths}};
    json["clusters"] = Json::array();
    if (!context.json) {
        context.out << scenario.name << " (from " << scenario.start.text() << ", " << scenario.horizonMonths
                    << " months)\n";
    }
    for (const scenario::Cluster& spec : scenario.clusters) {
        const auto built = cluster::buildCluster(scenario, spec);
        if (!built) {
            reject(context, built.errors());
            return;
        }
        const Inventory found = inventoryOf(**built, scenario.start);
        if (context.json) {
            json["clusters"].push_back(jsonOf(spec, found));
        } else {
            print(context.out, spec, found, scenario.start);
        }
    }
    if (context.json) {
        json["train_jobs"] = jsonOfNamed(scenario.trainJobs);
        json["serve_jobs"] = jsonOfNamed(scenario.serveJobs);
        json["contracts"] = jsonOfNamed(scenario.contracts);
        json["strategies"] = jsonOfNamed(scenario.strategies);
        json["inputs"] = jsonOfInputs(scenario);
        context.out << json.dump(2) << '\n';
        return;
    }
    printNamed(context.out, "training jobs", scenario.trainJobs);
    printNamed(context.out, "serving jobs", scenario.serveJobs);
    printNamed(context.out, "contracts", scenario.contracts);
    printNamed(context.out, "strategies", scenario.strategies);
    if (inputs) {
        printInputs(context.out, scenario);
    }
}

} // namespace

void addInfoCommand(CLI::App& app, Context& context) {
    auto* command = app.add_subcommand("info", "Say what is in a scenario file");
    auto file = std::make_shared<std::string>();
    auto inputs = std::make_shared<bool>(false);
    command->add_option("FILE", *file, "Scenario, *.atlas.yaml")->required();
    command->add_flag("--inputs", *inputs, "List every number with its path, range and source");
    addCommonOptions(*command, context);
    command->footer("Example: atlas info resources/scenarios/colossus.atlas.yaml --inputs");
    command->callback([&context, file, inputs] { info(context, *file, *inputs); });
}

} // namespace atlas::cli

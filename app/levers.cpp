#include "app/levers.h"

#include "app/workspace.h"
#include "model/explore/sensitivity.h"
#include "model/training/calibration.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace atlas::app {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("Levers", text);
}

QStringList segments(const std::string& path) {
    return QString::fromStdString(path).split(QLatin1Char('.'));
}

/// The last words of a path as people say them; what is not listed is said as the key reads.
QString fieldLabel(const QString& key) {
    static const std::map<QString, const char*> names = {
        {QStringLiteral("usd_per_month"), "Lease fee"},
        {QStringLiteral("usd_per_gpu_hour"), "Lease price"},
        {QStringLiteral("share_of_cluster"), "Share of the fee"},
        {QStringLiteral("gpu_count"), "GPUs"},
        {QStringLiteral("gpus"), "GPUs"},
        {QStringLiteral("global_batch"), "Global batch"},
        {QStringLiteral("tokens"), "Training tokens"},
        {QStringLiteral("bandwidth"), "Bandwidth"},
        {QStringLiteral("latency"), "Latency"},
        {QStringLiteral("gpu_price_decay"), "GPU price decay"},
        {QStringLiteral("pue"), "PUE"},
        {QStringLiteral("energy_price"), "Energy price"},
        {QStringLiteral("cluster_capex"), "Cluster capex a GPU"},
        {QStringLiteral("facility_capex"), "Facility capex"},
        {QStringLiteral("rent"), "Market rent"},
        {QStringLiteral("tdp"), "Power limit"},
        {QStringLiteral("nic"), "NIC"},
        {QStringLiteral("hbm"), "HBM"},
        {QStringLiteral("hbm_bandwidth"), "HBM bandwidth"},
        {QStringLiteral("nvlink"), "NVLink"},
        {QStringLiteral("link"), "Link rate"},
        {QStringLiteral("load"), "Load at the peak, at first"},
        {QStringLiteral("ceiling"), "Load at the peak, at most"},
        {QStringLiteral("growth"), "Growth a month"},
        {QStringLiteral("surge_height"), "Height of surges"},
        {QStringLiteral("share"), "Share of requests"},
        {QStringLiteral("input_tokens"), "Input of a request"},
        {QStringLiteral("output_tokens"), "Output of a request"},
        {QStringLiteral("input_median"), "Median input over mean"},
        {QStringLiteral("time_to_first_token"), "First token within"},
        {QStringLiteral("time_per_output_token"), "Output token within"},
        {QStringLiteral("fill"), "Fills replicas up to"},
        {QStringLiteral("target"), "Load aimed at"},
        {QStringLiteral("delay"), "Time to start a replica"},
        {QStringLiteral("min"), "Replicas at least"},
        {QStringLiteral("router_lag"), "Age of known loads"},
        {QStringLiteral("bf16"), "bf16 peak"},
        {QStringLiteral("fp8"), "fp8 peak"},
    };
    const auto known = names.find(key);
    if (known != names.end()) {
        return tr(known->second);
    }
    QString words = key;
    words.replace(QLatin1Char('_'), QLatin1Char(' '));
    words[0] = words[0].toUpper();
    return words;
}

QString ownerName(const scenario::Scenario& scenario, const QStringList& path) {
    if (path.size() < 3) {
        return {};
    }
    const std::string id = path[1].toStdString();
    if (path[0] == QLatin1String("clusters")) {
        const scenario::Cluster* cluster = scenario.cluster(id);
        if (cluster == nullptr) {
            return {};
        }
        if (path.size() > 4 && path[2] == QLatin1String("islands")) {
            for (const scenario::Island& island : cluster->islands) {
                if (island.id == path[3].toStdString()) {
                    return QString::fromStdString(island.name);
                }
            }
        }
        return path.size() > 4 ? path[3] : QString::fromStdString(cluster->name);
    }
    if (path[0] == QLatin1String("contracts")) {
        const auto* contract = scenario.contract(id);
        return contract != nullptr ? QString::fromStdString(contract->tenant) : QString();
    }
    if (path[0] == QLatin1String("train_jobs")) {
        const auto* job = scenario.trainJob(id);
        return job != nullptr ? QString::fromStdString(job->name) : QString();
    }
    if (path[0] == QLatin1String("runs")) {
        const auto run = std::ranges::find(scenario.runs, id, &scenario::ModelRun::id);
        return run != scenario.runs.end() ? QString::fromStdString(run->name) : QString();
    }
    return QString(path[1]).replace('_', ' ');
}

} // namespace

QString inputLabel(const scenario::Scenario& scenario, const std::string& path) {
    const QStringList parts = segments(path);
    const QString owner = ownerName(scenario, parts);
    QString field = fieldLabel(parts.last());
    if (parts.size() > 6 && parts[4] == QLatin1String("tranches")) { // each month of a build-out is its own
        if (const auto month = scenario::Month::parse(parts[5].toStdString())) {
            field = tr("%1 by %2").arg(field, widgets::monthText(*month));
        }
    }
    return owner.isEmpty() ? field : field + QStringLiteral(" · ") + owner;
}

std::vector<std::string> decisiveInputs(const scenario::Scenario& scenario,
                                        const std::array<std::string, 2>& strategies, std::size_t count,
                                        std::stop_token stop) {
    // Each question gets its turn, so that money does not crowd out what moves the training.
    struct Question {
        std::size_t side;
        const char* headline;
    };
    constexpr std::array kQuestions = {Question{1, "owner_cash_usd"}, Question{0, "usd_per_exaflop_day"},
                                       Question{1, "usd_per_exaflop_day"}, Question{0, "mfu"}};
    std::vector<std::vector<std::string>> rankings;
    for (const Question& question : kQuestions) {
        explore::SensitivityOptions options;
        options.top = count;
        options.stop = stop;
        const auto swings =
            explore::sensitivity(scenario, strategies[question.side], question.headline, options);
        if (stop.stop_requested()) {
            return {};
        }
        if (swings) {
            std::vector<std::string> paths;
            for (const explore::Swing& swing : *swings) {
                paths.insert(paths.end(), swing.input.paths.begin(), swing.input.paths.end());
            }
            rankings.push_back(std::move(paths));
        }
    }
    std::vector<std::string> chosen;
    const auto take = [&](const std::string& path) {
        if (chosen.size() < count && std::ranges::find(chosen, path) == chosen.end()) {
            chosen.push_back(path);
        }
    };
    for (std::size_t rank = 0; rank < count && !rankings.empty(); ++rank) {
        for (const auto& ranking : rankings) {
            if (rank < ranking.size()) {
                take(ranking[rank]);
            }
        }
    }
    if (chosen.empty()) {
        std::vector<std::pair<double, std::string>> byRange;
        scenario::visitInputs(scenario,
                              [&](const std::string& path, const scenario::Sourced& n, units::Dimension) {
                                  if (n.high > n.low && n.value != 0) {
                                      byRange.emplace_back((n.high - n.low) / std::abs(n.value), path);
                                  }
                              });
        std::ranges::stable_sort(byRange, [](const auto& a, const auto& b) { return a.first > b.first; });
        for (const auto& [range, path] : byRange) {
            take(path);
        }
    }
    return chosen;
}

std::vector<widgets::Lever> leversOf(const scenario::Scenario& scenario, const scenario::Scenario& original,
                                     const std::vector<std::string>& paths) {
    std::map<std::string, scenario::Sourced> bases;
    scenario::visitInputs(original, [&](const std::string& path, const scenario::Sourced& number,
                                        units::Dimension) { bases[path] = number; });
    std::map<std::string, widgets::Lever> found;
    scenario::visitInputs(
        scenario, [&](const std::string& path, const scenario::Sourced& number, units::Dimension dimension) {
            if (std::ranges::find(paths, path) == paths.end()) {
                return;
            }
            widgets::Lever lever;
            lever.path = QString::fromStdString(path);
            lever.label = inputLabel(scenario, path);
            lever.number = number;
            if (const auto base = bases.find(path); base != bases.end()) {
                lever.number = base->second; // a number that was set has no range; the file's stays drawn
                lever.number.value = number.value;
                lever.base = base->second.value;
            }
            lever.dimension = dimension;
            lever.share =
                dimension == units::Dimension::Number && lever.number.low >= 0 && lever.number.high <= 1;
            found.emplace(path, std::move(lever));
        });
    std::vector<widgets::Lever> levers;
    for (const std::string& path : paths) {
        if (const auto lever = found.find(path); lever != found.end()) {
            levers.push_back(lever->second);
        }
    }
    return levers;
}

} // namespace atlas::app

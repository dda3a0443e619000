#include "app/serving_contrast.h"

#include "app/chart_values.h"
#include "app/serving_values.h"
#include "model/operations/serving_timeline.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <span>

namespace atlas::app {

namespace {

using serving::Fleet;
using serving::FleetNow;
using widgets::CourseCurve;
using widgets::CourseDash;
using widgets::CourseInk;
using widgets::CourseValues;
using widgets::percentText;

constexpr int kOfWeekSamples = 504;
constexpr std::size_t kFolded = 18; ///< samples of a week to a point: six hours
constexpr double kSlowerBy = 0.3;

QString tr(const char* text) {
    return QCoreApplication::translate("ServingValues", text);
}

double mean(const std::vector<operations::TimelineSample>& samples, float operations::TimelineSample::*of) {
    double sum = 0;
    for (const auto& sample : samples) {
        sum += static_cast<double>(sample.*of);
    }
    return samples.empty() ? 0 : sum / static_cast<double>(samples.size());
}

/// What a cluster would train: as the first strategy that trains there has it, else the scenario's first
/// training job with equal shares.
std::optional<scenario::Assignment> trainingOn(const scenario::Scenario& scenario,
                                               const std::string& cluster) {
    for (const scenario::Strategy& strategy : scenario.strategies) {
        for (const scenario::Assignment& each : strategy.assignments) {
            if (each.cluster == cluster && each.activity == scenario::Activity::Train) {
                return each;
            }
        }
    }
    if (scenario.trainJobs.empty()) {
        return std::nullopt;
    }
    scenario::Assignment train;
    train.cluster = cluster;
    train.activity = scenario::Activity::Train;
    train.job = scenario.trainJobs.front().id;
    train.from = scenario.start;
    return train;
}

/// A timeline that trains on the cluster of a pane: that of the other pane, or a new one.
std::shared_ptr<const operations::Timeline> trainingTimeline(const Workspace& workspace, const Pane& serves) {
    for (const Side side : kSides) {
        const Pane& pane = workspace.pane(side);
        if (pane.timeline && pane.assignment.cluster == serves.assignment.cluster &&
            pane.assignment.activity == scenario::Activity::Train) {
            return pane.timeline;
        }
    }
    const auto train = trainingOn(*workspace.scenario, serves.assignment.cluster);
    if (!train) {
        return nullptr;
    }
    auto made = operations::makeTimeline(*workspace.scenario, *train, serves.timeline->cluster());
    return made ? *made : nullptr;
}

CourseCurve sampled(const QString& name, CourseInk ink, CourseDash dash,
                    const std::vector<operations::TimelineSample>& samples,
                    float operations::TimelineSample::*of) {
    CourseCurve out{name, ink, dash, {}};
    for (const auto& sample : samples) {
        out.points.emplace_back(sample.timeS, static_cast<double>(sample.*of));
    }
    return out;
}

/// A dense course folded: its mean over each stretch as a curve, its range as a band.
void addFolded(CourseValues& values, const QString& name, CourseInk ink, CourseDash dash,
               const std::vector<operations::TimelineSample>& samples,
               float operations::TimelineSample::*of) {
    CourseCurve means{name, ink, dash, {}};
    widgets::CourseBand band{name, ink, {}, {}};
    for (std::size_t first = 0; first < samples.size(); first += kFolded) {
        const std::size_t end = std::min(samples.size(), first + kFolded);
        const auto part = std::span(samples).subspan(first, end - first);
        const auto [low, high] = std::ranges::minmax(part, {}, of);
        double sum = 0;
        for (const auto& sample : part) {
            sum += static_cast<double>(sample.*of);
        }
        const double at = (part.front().timeS + part.back().timeS) / 2;
        means.points.emplace_back(at, sum / static_cast<double>(part.size()));
        band.low.emplace_back(at, static_cast<double>(low.*of));
        band.high.emplace_back(at, static_cast<double>(high.*of));
    }
    values.curves.push_back(std::move(means));
    values.bands.push_back(std::move(band));
}

} // namespace

CourseValues trainingOrServing(const Workspace& workspace, double timeS, std::stop_token stop) {
    CourseValues values;
    values.name = QStringLiteral("training-or-serving");
    values.column = tr("share of GPUs with power");
    values.share = true;
    values.high = 1;
    const ShownService service = shownService(workspace);
    if (!service) {
        return values;
    }
    const TimeSpan week = weekAround(timeS);
    using operations::TimelineSample;
    const auto serves = service.pane->timeline->samples(week.fromS, week.toS, kOfWeekSamples);
    values.curves.push_back(sampled(tr("serving: busy"), CourseInk::First, CourseDash::Solid, serves,
                                    &TimelineSample::utilisation));
    const auto training = stop.stop_requested() ? nullptr : trainingTimeline(workspace, *service.pane);
    const QString where = QString::fromStdString(service.pane->clusterName);
    const double busy = mean(serves, &TimelineSample::utilisation);
    if (!training) {
        values.finding = tr("Serving keeps %1 of %2 busy, and nobody waits").arg(percentText(busy), where);
        return values;
    }
    const auto trains = training->samples(week.fromS, week.toS, kOfWeekSamples);
    addFolded(values, tr("training: busy"), CourseInk::Second, CourseDash::Solid, trains,
              &TimelineSample::utilisation);
    addFolded(values, tr("training: waiting"), CourseInk::Warning, CourseDash::Dashed, trains,
              &TimelineSample::waiting);
    values.finding =
        tr("%1 is %2 busy serving, where nobody waits; training it is %3 busy while %4 waits")
            .arg(where, percentText(busy), percentText(mean(trains, &TimelineSample::utilisation)),
                 percentText(mean(trains, &TimelineSample::waiting)));
    return values;
}

widgets::DataTable slowGpuTable(const Workspace& workspace, double timeS, QString* finding) {
    widgets::DataTable table;
    table.name = QStringLiteral("slow-gpu");
    table.columns = {tr("class"), tr("replica"), tr("replicas"), tr("tokens lost, serving [share]"),
                     tr("steps lost, training [share]")};
    const ShownService service = shownService(workspace);
    if (!service) {
        return table;
    }
    const cluster::Cluster& floor = *service.pane->timeline->cluster();
    double worst = 0;
    for (const cluster::Island& island : floor.islands) {
        const auto detail = service.pane->timeline->detailAt(timeS, island.gpus.first).serving;
        if (detail.replica < 0) {
            continue;
        }
        const operations::SlowGpuCost cost = operations::slowGpuCost(detail, kSlowerBy);
        worst = std::max(worst, cost.serving);
        const FleetNow now = service.fleet->at(timeS, Fleet::Detail::Flows);
        const auto index = static_cast<std::size_t>(&island - floor.islands.data());
        table.rows.push_back({QString::fromStdString(floor.gpuClasses[island.gpuClass].name),
                              tr("%1 GPUs, %2").arg(detail.gpus).arg(QString::fromStdString(detail.layout)),
                              now.pools[index].replicas, cost.serving, cost.training});
    }
    if (finding != nullptr && !table.rows.empty()) {
        *finding = tr("One GPU %1 slower costs a synchronous run %1, and this service %2")
                       .arg(percentText(kSlowerBy), percentText(worst, 4));
    }
    return table;
}

} // namespace atlas::app

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
using widgets::quantityText;

constexpr double kDayS = 86'400;
constexpr double kWeekS = 7 * kDayS;
constexpr int kOfDay = 145;  ///< points of a day: one in ten minutes
constexpr int kOfWeek = 337; ///< points of a week: one in half an hour
constexpr int kOfWeekSamples = 504;
constexpr std::size_t kFolded = 18; ///< samples of a week to a point: six hours
constexpr double kSlowerBy = 0.3;

QString tr(const char* text) {
    return QCoreApplication::translate("ServingValues", text);
}

QString kindName(std::size_t kind) {
    switch (static_cast<serving::Kind>(kind)) {
    case serving::Kind::Chat:
        return tr("chat");
    case serving::Kind::Agent:
        return tr("agents");
    case serving::Kind::Batch:
        return tr("batch");
    }
    return {};
}

constexpr CourseInk kKindInk[] = {CourseInk::First, CourseInk::Second, CourseInk::Third};

bool asked(const ShownService& service, std::size_t kind) {
    return service.fleet->inputs().classes[kind].share > 0;
}

std::vector<FleetNow> course(const ShownService& service, double fromS, double lastsS, int count,
                             Fleet::Detail detail) {
    std::vector<FleetNow> all;
    for (int i = 0; i < count; ++i) {
        all.push_back(service.fleet->at(fromS + lastsS * i / (count - 1), detail));
        all.back().timeS = fromS + lastsS * i / (count - 1);
    }
    return all;
}

std::vector<FleetNow> dayOf(const ShownService& service, double timeS) {
    return course(service, std::floor(std::max(0.0, timeS) / kDayS) * kDayS, kDayS, kOfDay,
                  Fleet::Detail::Latency);
}

std::vector<FleetNow> weekOf(const ShownService& service, double timeS) {
    return course(service, std::floor(std::max(0.0, timeS) / kWeekS) * kWeekS, kWeekS, kOfWeek,
                  Fleet::Detail::Flows);
}

template <class Value>
CourseCurve curve(const QString& name, CourseInk ink, CourseDash dash, const std::vector<FleetNow>& instants,
                  const Value& value) {
    CourseCurve out{name, ink, dash, {}};
    for (const FleetNow& now : instants) {
        out.points.emplace_back(now.timeS, value(now));
    }
    return out;
}

QString clockOfDay(double timeS) {
    const int minutes = static_cast<int>(std::fmod(timeS, kDayS) / 60);
    return QStringLiteral("%1:%2").arg(minutes / 60, 2, 10, QChar('0')).arg(minutes % 60, 2, 10, QChar('0'));
}

/// The promise course in a sentence: the kind that keeps it least, over the day and at its worst instant.
QString promiseFinding(const ShownService& service, const std::vector<FleetNow>& day) {
    QString said;
    double least = 2;
    for (std::size_t k = 0; k < serving::kInteractive; ++k) {
        double requests = 0;
        double kept = 0;
        const FleetNow* worst = &day.front();
        for (const FleetNow& now : day) {
            requests += now.kinds[k].arrivals;
            kept += now.kinds[k].arrivals * now.kinds[k].kept;
            worst = now.kinds[k].kept < worst->kinds[k].kept ? &now : worst;
        }
        if (!asked(service, k) || !(requests > 0) || kept / requests >= least) {
            continue;
        }
        least = kept / requests;
        said = tr("The promise to %1 holds for %2 of requests, for %3 at %4")
                   .arg(kindName(k), percentText(least), percentText(worst->kinds[k].kept),
                        clockOfDay(worst->timeS));
    }
    return said;
}

CourseValues latencyCourse(const Workspace& workspace, double timeS,
                           std::array<double, 3> serving::KindNow::*percentiles,
                           double serving::RequestClass::*promise, const QString& what) {
    CourseValues values;
    values.dimension = units::Dimension::Seconds;
    values.logarithmic = true;
    const ShownService service = shownService(workspace);
    if (!service) {
        return values;
    }
    const auto day = dayOf(service, timeS);
    constexpr const char* kNames[] = {"p50", "p95", "p99"};
    constexpr CourseDash kDashes[] = {CourseDash::Dashed, CourseDash::Solid, CourseDash::Dotted};
    double worst = 0;
    for (std::size_t k = 0; k < serving::kInteractive; ++k) {
        if (!asked(service, k)) {
            continue;
        }
        for (std::size_t p = 0; p < 3; ++p) {
            values.curves.push_back(
                curve(QStringLiteral("%1 %2").arg(kindName(k), kNames[p]), kKindInk[k], kDashes[p], day,
                      [&](const FleetNow& now) { return (now.kinds[k].*percentiles)[p]; }));
        }
        const double limit = service.fleet->inputs().classes[k].*promise;
        const bool known = std::ranges::any_of(
            values.levels, [&](const widgets::CourseLevel& level) { return level.value == limit; });
        if (!known) {
            values.levels.push_back(
                {limit, tr("promise %1").arg(quantityText(limit, units::Dimension::Seconds))});
        }
        double highest = 0;
        double lowest = HUGE_VAL;
        for (const FleetNow& now : day) {
            highest = std::max(highest, (now.kinds[k].*percentiles)[1]);
            lowest = now.kinds[k].arrivals > 0 ? std::min(lowest, (now.kinds[k].*percentiles)[1]) : lowest;
        }
        if (highest > worst) {
            worst = highest;
            values.finding = tr("%1 of 95 in 100 %2 requests takes %3 at night and %4 at the peak")
                                 .arg(what, kindName(k), quantityText(lowest, units::Dimension::Seconds),
                                      quantityText(highest, units::Dimension::Seconds));
        }
    }
    return values;
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

ShownService shownService(const Workspace& workspace) {
    const Pane& pane = workspace.service;
    return pane.timeline ? ShownService{&pane, pane.timeline->fleet()} : ShownService{};
}

CourseValues promiseCourse(const Workspace& workspace, double timeS) {
    CourseValues values;
    values.name = QStringLiteral("serving-promises");
    values.column = tr("promise kept [share of requests]");
    values.share = true;
    values.high = 1;
    const ShownService service = shownService(workspace);
    if (!service) {
        return values;
    }
    const auto day = dayOf(service, timeS);
    for (std::size_t k = 0; k < serving::kKinds; ++k) {
        if (asked(service, k)) {
            values.curves.push_back(curve(kindName(k), kKindInk[k],
                                          k < serving::kInteractive ? CourseDash::Solid : CourseDash::Dashed,
                                          day, [k](const FleetNow& now) { return now.kinds[k].kept; }));
        }
    }
    const double promised = service.fleet->inputs().traffic.promiseKept.value;
    values.levels.push_back({promised, tr("promised for %1").arg(percentText(promised))});
    values.finding = promiseFinding(service, day);
    return values;
}

CourseValues firstTokenCourse(const Workspace& workspace, double timeS) {
    CourseValues values = latencyCourse(workspace, timeS, &serving::KindNow::firstTokenS,
                                        &serving::RequestClass::firstTokenS, tr("The first token"));
    values.name = QStringLiteral("serving-first-token");
    values.column = tr("time to first token [s]");
    return values;
}

CourseValues tokenTimeCourse(const Workspace& workspace, double timeS) {
    CourseValues values = latencyCourse(workspace, timeS, &serving::KindNow::tokenS,
                                        &serving::RequestClass::tokenS, tr("An output token"));
    values.name = QStringLiteral("serving-token-time");
    values.column = tr("time per output token [s]");
    return values;
}

CourseValues demandCourse(const Workspace& workspace, double timeS) {
    CourseValues values;
    values.name = QStringLiteral("serving-demand");
    values.column = tr("share of what the fleet carries");
    values.share = true;
    values.high = 1;
    const ShownService service = shownService(workspace);
    if (!service) {
        return values;
    }
    const auto week = weekOf(service, timeS);
    const auto utilisation = [](const FleetNow& now) {
        double used = 0;
        double all = 0;
        for (const serving::PoolNow& pool : now.pools) {
            used += pool.load * pool.active;
            all += pool.replicas;
        }
        return all > 0 ? used / all : 0;
    };
    const auto active = [](const FleetNow& now) {
        double taking = 0;
        double all = 0;
        for (const serving::PoolNow& pool : now.pools) {
            taking += pool.active;
            all += pool.replicas;
        }
        return all > 0 ? taking / all : 0;
    };
    values.curves = {curve(tr("replicas on"), CourseInk::Quiet, CourseDash::Dashed, week, active),
                     curve(tr("with batch"), CourseInk::Third, CourseDash::Solid, week, utilisation),
                     curve(tr("interactive"), CourseInk::First, CourseDash::Solid, week,
                           [](const FleetNow& now) { return now.offeredLoad; })};
    values.levels.push_back({1, tr("what the fleet carries")});
    double peak = 0;
    double filled = 0;
    double interactive = 0;
    for (const FleetNow& now : week) {
        peak = std::max(peak, now.offeredLoad);
        filled += utilisation(now) / kOfWeek;
        interactive += std::min(1.0, now.offeredLoad) / kOfWeek;
    }
    values.finding =
        peak > 1 ? tr("Demand peaks at %1 of what the fleet carries: queues grow and promises are missed")
                       .arg(percentText(peak))
                 : tr("Interactive demand peaks at %1 and fills %2 on average; with batch work it is %3")
                       .arg(percentText(peak), percentText(interactive), percentText(filled));
    return values;
}

CourseValues queueCourse(const Workspace& workspace, double timeS) {
    CourseValues values;
    values.name = QStringLiteral("serving-queue");
    values.column = tr("requests waiting");
    const ShownService service = shownService(workspace);
    if (!service) {
        return values;
    }
    const auto week = weekOf(service, timeS);
    double interactive = 0;
    double batch = 0;
    double lost = 0;
    for (const FleetNow& now : week) {
        interactive = std::max(interactive, now.kinds[0].waiting + now.kinds[1].waiting);
        batch = std::max(batch, now.kinds[2].waiting);
        lost += (now.kinds[0].givenUp + now.kinds[1].givenUp) * kWeekS / kOfWeek;
    }
    // Requests are counted: less than half a request on average is none.
    const auto counted = [](double waiting) { return waiting < 0.5 ? 0.0 : waiting; };
    values.curves = {curve(tr("batch"), kKindInk[2], CourseDash::Dashed, week,
                           [&](const FleetNow& now) { return counted(now.kinds[2].waiting); }),
                     curve(tr("interactive"), kKindInk[0], CourseDash::Solid, week, [&](const FleetNow& now) {
                         return counted(now.kinds[0].waiting + now.kinds[1].waiting);
                     })};
    const auto count = [](double x) { return quantityText(std::round(x), units::Dimension::Number); };
    values.finding =
        lost > 1
            ? tr("%1 interactive requests of this week are given up after waiting too long").arg(count(lost))
        : interactive > 1
            ? tr("At worst %1 interactive requests wait for a replica").arg(count(interactive))
            : tr("No interactive request waits for a replica; up to %1 of batch wait for a valley")
                  .arg(count(batch));
    return values;
}

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
    const double from = std::floor(std::max(0.0, timeS) / kWeekS) * kWeekS;
    using operations::TimelineSample;
    const auto serves = service.pane->timeline->samples(from, from + kWeekS, kOfWeekSamples);
    values.curves.push_back(sampled(tr("serving: busy"), CourseInk::First, CourseDash::Solid, serves,
                                    &TimelineSample::utilisation));
    const auto training = stop.stop_requested() ? nullptr : trainingTimeline(workspace, *service.pane);
    const QString where = QString::fromStdString(service.pane->clusterName);
    const double busy = mean(serves, &TimelineSample::utilisation);
    if (!training) {
        values.finding = tr("Serving keeps %1 of %2 busy, and nobody waits").arg(percentText(busy), where);
        return values;
    }
    const auto trains = training->samples(from, from + kWeekS, kOfWeekSamples);
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

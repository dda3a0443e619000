#include "app/serving_values.h"

#include "app/chart_values.h"
#include "model/serving/fleet.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <functional>

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
    return course(service, weekAround(timeS).fromS, kWeekS, kOfWeek, Fleet::Detail::Flows);
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

/// What the pools have of something, over all their replicas.
template <class Part>
double overReplicas(const FleetNow& now, const Part& part) {
    double some = 0;
    double all = 0;
    for (const serving::PoolNow& pool : now.pools) {
        some += std::invoke(part, pool);
        all += pool.replicas;
    }
    return all > 0 ? some / all : 0;
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
        return overReplicas(now, [](const serving::PoolNow& pool) { return pool.load * pool.active; });
    };
    const auto active = [](const FleetNow& now) { return overReplicas(now, &serving::PoolNow::active); };
    values.curves = {curve(tr("replicas on"), CourseInk::Quiet, CourseDash::Dashed, week, active),
                     curve(tr("with batch"), CourseInk::Third, CourseDash::Solid, week, utilisation),
                     curve(tr("interactive"), CourseInk::First, CourseDash::Solid, week,
                           [](const FleetNow& now) { return now.offeredLoad; })};
    values.levels.push_back({1, tr("what the fleet carries")});
    const serving::FleetPlan* plan = service.fleet->planAt(timeS);
    const double promised = plan != nullptr ? plan->promisedLoad : 1;
    if (promised < 1) {
        values.levels.push_back({promised, tr("promises hold to here")});
    }
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
        : promised < 1
            ? tr("Interactive demand peaks at %1, its promises hold to %2 of what the fleet carries; with "
                 "batch "
                 "work %3 is filled on average")
                  .arg(percentText(peak), percentText(promised), percentText(filled))
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

} // namespace atlas::app

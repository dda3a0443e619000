#include "app/operations_values.h"

#include "scenes/lanes_words.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <map>

namespace atlas::app {

namespace {

using operations::Account;
using operations::Cause;
using operations::Event;
using operations::EventKind;
using operations::Phase;
using units::Dimension;
using widgets::AxisUnit;
using widgets::CurvesValues;
using widgets::letter;
using widgets::percentText;
using widgets::quantityText;

constexpr double kDayS = 86'400;
constexpr double kMonthS = 30 * kDayS;
constexpr double kQuarterS = 90 * kDayS;
constexpr double kHourS = 3600;
constexpr std::size_t kSteps = 6000; ///< enough for one in a thousand to be seen six times
constexpr double kStepsWithinS = 7 * kDayS;
constexpr std::size_t kCausesDrawn = 3;

QString tr(const char* text) {
    return QCoreApplication::translate("OperationsValues", text);
}

QString seconds(double s) {
    return quantityText(s, Dimension::Seconds);
}

QString sideName(const Workspace& workspace, Side side) {
    return QStringLiteral("%1 · %2")
        .arg(QLatin1Char(letter(side)))
        .arg(QString::fromStdString(workspace.pane(side).clusterName));
}

bool trains(const Pane& pane) {
    return pane.timeline && pane.assignment.activity == scenario::Activity::Train;
}

/// Days are as fine as charts over months need be.
TimeSpan quarterAround(double timeS) {
    const double from = std::max(0.0, std::floor((timeS - kQuarterS / 2) / kDayS) * kDayS);
    return {from, from + kQuarterS};
}

std::vector<Event> interruptionsOf(const Pane& pane, TimeSpan span) {
    std::vector<Event> events;
    if (trains(pane)) {
        events = pane.timeline->events(span.fromS, span.toS);
        std::erase_if(events, [&](const Event& event) {
            return event.kind != EventKind::FailStop || !(event.durationS > 0) || event.timeS < span.fromS ||
                   event.timeS >= span.toS;
        });
    }
    return events;
}

/// GPUs with power at an instant.
double poweredGpus(const operations::Timeline& timeline, double timeS) {
    const auto frame = timeline.frameAt(timeS);
    double powered = 0;
    for (std::size_t s = 0; s < frame->counts.size(); ++s) {
        powered += s == static_cast<std::size_t>(operations::GpuState::Unpowered) ? 0.0 : frame->counts[s];
    }
    return powered;
}

} // namespace

TimeSpan monthAround(double timeS) {
    const double month = std::floor(std::max(0.0, timeS) / kMonthS);
    return {month * kMonthS, (month + 1) * kMonthS};
}

AccountStore::Accounts AccountStore::of(const std::shared_ptr<const Workspace>& workspace, TimeSpan span,
                                        std::stop_token stop) {
    const std::lock_guard lock(m_mutex);
    if (m_workspace != workspace || m_span != span) {
        Accounts accounts;
        for (const Side side : kSides) {
            if (trains(workspace->pane(side))) {
                accounts[index(side)] = workspace->pane(side).timeline->account(span.fromS, span.toS, stop);
            }
        }
        if (stop.stop_requested()) {
            return {};
        }
        m_workspace = workspace;
        m_span = span;
        m_accounts = std::move(accounts);
    }
    return m_accounts;
}

CurvesValues stepTimeValues(const Workspace& workspace, double timeS) {
    CurvesValues values;
    values.name = QStringLiteral("step-times");
    values.x = {tr("step time over its median, less 1"), AxisUnit::Excess, false, {}, {}};
    values.y = {tr("steps that take longer"), AxisUnit::Share, true, {}, 1.0};
    QStringList findings;
    const double fromS = std::floor(timeS / kHourS) * kHourS;
    for (const Side side : kSides) {
        const Pane& pane = workspace.pane(side);
        if (!trains(pane)) {
            continue;
        }
        std::vector<double> times;
        for (const auto& step : pane.timeline->steps(fromS, fromS + kStepsWithinS, kSteps)) {
            const double stepS = step.endS - step.startS;
            if (stepS >= step.barrierS) { // not cut off by a failure
                times.push_back(stepS);
            }
        }
        if (times.empty()) {
            continue;
        }
        std::ranges::sort(times);
        const auto count = static_cast<double>(times.size());
        widgets::Curve curve;
        curve.name = sideName(workspace, side);
        curve.label = QString(QLatin1Char(letter(side)));
        curve.side = side;
        const auto quantile = [&](double share) {
            return times[std::min(times.size() - 1, static_cast<std::size_t>(share * count))];
        };
        const double median = quantile(0.5);
        for (std::size_t i = 0; i < times.size(); ++i) {
            curve.points.emplace_back(times[i] / median - 1, (count - static_cast<double>(i)) / count);
        }
        for (const auto& [share, words] : {std::pair{0.5, "p50"}, std::pair{0.9, "p90"},
                                           std::pair{0.99, "p99"}, std::pair{0.999, "p99.9"}}) {
            values.marks.push_back({QPointF(quantile(share) / median - 1, 1 - share),
                                    QStringLiteral("%1 %2 %3")
                                        .arg(QLatin1Char(letter(side)))
                                        .arg(QLatin1String(words), seconds(quantile(share))),
                                    side});
        }
        findings << tr("one step of %1 in a hundred takes %2 more than its median")
                        .arg(QLatin1Char(letter(side)))
                        .arg(percentText(quantile(0.99) / quantile(0.5) - 1));
        values.curves.push_back(std::move(curve));
    }
    if (!findings.isEmpty()) {
        values.finding = findings.join(QStringLiteral("; "));
        values.finding[0] = values.finding[0].toUpper();
    }
    return values;
}

CurvesValues interruptionValues(const Workspace& workspace, double timeS) {
    CurvesValues values;
    values.name = QStringLiteral("interruptions");
    const TimeSpan span = quarterAround(timeS);
    values.x = {tr("time [s]"), AxisUnit::Days, false, span.fromS, span.toS};
    values.y = {tr("interruptions"), AxisUnit::Count, false, 0.0, {}};
    QStringList findings;
    for (const Side side : kSides) {
        const auto events = interruptionsOf(workspace.pane(side), span);
        if (events.empty()) {
            continue;
        }
        std::map<operations::Component, std::vector<double>> byCause;
        std::vector<double> all;
        for (const Event& event : events) {
            byCause[event.component].push_back(event.timeS);
            all.push_back(event.timeS);
        }
        const auto add = [&](const QString& name, const QString& label, bool dashed,
                             const std::vector<double>& times) {
            // A point an hour: single interruptions are what `atlas simulate --events` lists.
            widgets::Curve curve{name, label, side, dashed, {QPointF(span.fromS, 0)}};
            std::size_t before = 0;
            for (double untilS = span.fromS + kHourS; untilS < span.toS + kHourS / 2; untilS += kHourS) {
                while (before < times.size() && times[before] < untilS) {
                    ++before;
                }
                curve.points.emplace_back(std::min(untilS, span.toS), static_cast<double>(before));
            }
            values.curves.push_back(std::move(curve));
        };
        add(sideName(workspace, side), QString(QLatin1Char(letter(side))), false, all);
        std::vector<std::pair<operations::Component, std::size_t>> order;
        for (const auto& [cause, times] : byCause) {
            order.emplace_back(cause, times.size());
        }
        std::ranges::stable_sort(order, [](auto& a, auto& b) { return a.second > b.second; });
        for (std::size_t i = 0; i < std::min(kCausesDrawn, order.size()); ++i) {
            const QString cause = scenes::componentWord(order[i].first);
            const QString label = QStringLiteral("%1 %2").arg(QLatin1Char(letter(side))).arg(cause);
            add(label, label, true, byCause[order[i].first]);
        }
        findings << tr("%1 is interrupted every %2")
                        .arg(QLatin1Char(letter(side)))
                        .arg(
                            widgets::durationText((span.toS - span.fromS) / static_cast<double>(all.size())));
    }
    values.finding = findings.join(QStringLiteral("; "));
    return values;
}

widgets::BarsValues interruptionCauses(const Workspace& workspace, double timeS) {
    widgets::BarsValues values;
    values.name = QStringLiteral("interruption-causes");
    values.measure = tr("interruptions in thirty days");
    values.unit = AxisUnit::Count;
    const TimeSpan span = quarterAround(timeS);
    std::map<operations::Component, std::array<std::optional<double>, 2>> rows;
    std::array<double, 2> all{};
    for (const Side side : kSides) {
        values.sides[index(side)] = QString::fromStdString(workspace.pane(side).clusterName);
        for (const Event& event : interruptionsOf(workspace.pane(side), span)) {
            auto& cell = rows[event.component][index(side)];
            cell = cell.value_or(0) + kMonthS / (span.toS - span.fromS);
            all[index(side)] += kDayS / (span.toS - span.fromS);
        }
    }
    QStringList findings;
    for (const Side side : kSides) {
        if (!trains(workspace.pane(side))) {
            continue;
        }
        const auto most = std::ranges::max_element(
            rows, {}, [side](const auto& row) { return row.second[index(side)].value_or(0); });
        if (most != rows.end() && all[index(side)] > 0) {
            findings << tr("%1 stops %2 times a day, %3 of them for %4")
                            .arg(QLatin1Char(letter(side)))
                            .arg(quantityText(all[index(side)], Dimension::Number),
                                 percentText(most->second[index(side)].value_or(0) * kDayS / kMonthS /
                                                 all[index(side)],
                                             0),
                                 scenes::componentWord(most->first));
        }
        for (auto& [component, cells] : rows) {
            cells[index(side)] = cells[index(side)].value_or(0);
        }
    }
    for (const auto& [component, cells] : rows) {
        values.rows.push_back({scenes::componentWord(component), cells});
    }
    values.finding = findings.join(QStringLiteral("; "));
    return values;
}

widgets::BarsValues stallValues(const Workspace& workspace, const AccountStore::Accounts& accounts,
                                double timeS) {
    widgets::BarsValues values;
    values.name = QStringLiteral("stall-causes");
    values.measure = tr("share of the time of GPUs with power");
    values.unit = AxisUnit::Share;
    const auto causes = {Cause::ClassMismatch, Cause::StaticSpread, Cause::Jitter,    Cause::Thermal,
                         Cause::SlowLink,      Cause::SlowHost,     Cause::Injection, Cause::LastStage,
                         Cause::Sequences,     Cause::Collection};
    const std::pair<Phase, QString> stops[] = {{Phase::Checkpoint, tr("saving checkpoints")},
                                               {Phase::Detecting, tr("failures not yet noticed")},
                                               {Phase::Restarting, tr("restarts")},
                                               {Phase::Halted, tr("halts for repair")},
                                               {Phase::Outer, tr("outer barriers of local SGD")}};
    for (const Cause cause : causes) {
        values.rows.push_back({tr("waiting: %1").arg(QString::fromUtf8(operations::name(cause))), {}});
    }
    for (const auto& [phase, words] : stops) {
        values.rows.push_back({words, {}});
    }
    values.rows.push_back({tr("work done again"), {}});
    QStringList findings;
    for (const Side side : kSides) {
        const Pane& pane = workspace.pane(side);
        values.sides[index(side)] = QString::fromStdString(pane.clusterName);
        const auto& account = accounts[index(side)];
        if (!account) {
            continue;
        }
        const double spanS = account->toS - account->fromS;
        const double gpuS = poweredGpus(*pane.timeline, timeS) * spanS;
        if (!(gpuS > 0)) {
            continue;
        }
        std::size_t row = 0;
        for (const Cause cause : causes) {
            values.rows[row++].values[index(side)] =
                account->waitGpuS[static_cast<std::size_t>(cause)] / gpuS;
        }
        // Members stand still together: GPU-seconds are shared out by the seconds of each phase.
        double stoppedS = account->lostS;
        for (const auto& [phase, words] : stops) {
            stoppedS += account->phaseS[static_cast<std::size_t>(phase)];
        }
        const double perS = stoppedS > 0 ? account->stoppedGpuS / stoppedS / gpuS : 0;
        for (const auto& [phase, words] : stops) {
            values.rows[row++].values[index(side)] = account->phaseS[static_cast<std::size_t>(phase)] * perS;
        }
        values.rows[row].values[index(side)] = account->lostS * perS;
        const auto largest = std::ranges::max_element(
            values.rows, {}, [side](const auto& each) { return each.values[index(side)].value_or(0); });
        findings << tr("%1 of %2 stands still, most for %3")
                        .arg(percentText((account->waitGpuSeconds() + account->stoppedGpuS) / gpuS, 0))
                        .arg(QLatin1Char(letter(side)))
                        .arg(QString(largest->label).remove(tr("waiting: ")));
    }
    values.finding = findings.join(QStringLiteral("; "));
    return values;
}

widgets::WaterfallValues spanWaterfalls(const Workspace& workspace, const AccountStore::Accounts& accounts) {
    widgets::WaterfallValues values = waterfallValues(workspace);
    for (const Side side : kSides) {
        const auto& account = accounts[index(side)];
        auto& shown = values.sides[index(side)];
        if (account && !shown.bars.empty()) {
            shown.bars = account->waterfall;
            if (shown.bars.empty()) {
                shown.reason = tr("Nothing trains in these thirty days.");
            }
        }
    }
    leaveOutEmptyLosses(values);
    return values;
}

} // namespace atlas::app

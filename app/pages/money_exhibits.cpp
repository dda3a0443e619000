#include "app/chart_values.h"
#include "app/pages/programme_exhibits.h"
#include "app/programme_values.h"
#include "widgets/format.h"

#include <QCoreApplication>

namespace atlas::app {

namespace {

using widgets::text;

QString tr(const char* words) {
    return QCoreApplication::translate("MoneyExhibits", words);
}

const explore::StrategyResult* shown(const Evidence& evidence) {
    return shownResult(*evidence.workspace, *evidence.comparison, evidence.programme);
}

QString shownName(const Evidence& evidence) {
    const explore::StrategyResult* result = shown(evidence);
    return result == nullptr ? QString() : text(result->name);
}

widgets::Caption caption(const Evidence& evidence, const QString& finding, const QString& what) {
    return {finding, what, provenance(*evidence.workspace->scenario)};
}

/// One strategy in full; an empty one where it cannot be computed.
explore::Programme programmeOf(const Evidence& evidence, const std::string& id, std::stop_token stop) {
    auto computed = explore::programme(*evidence.workspace->scenario, id, stop);
    return computed ? std::move(*computed) : explore::Programme{};
}

Exhibit entityExhibit(const char* name, const QString& words, const char* subtitle, bool summed) {
    return chartExhibit<widgets::MonthStackPlot, widgets::MonthStackValues>(
        QString::fromLatin1(name), words, Basis::Programme,
        [name, summed](const Evidence& evidence, std::stop_token) {
            const explore::StrategyResult* result = shown(evidence);
            widgets::MonthStackValues values =
                result == nullptr ? widgets::MonthStackValues{} : entityCash(*result);
            values.name = QString::fromLatin1(name);
            return summed ? cumulative(std::move(values)) : values;
        },
        [subtitle](const Evidence& evidence, const widgets::MonthStackValues& values) {
            return caption(evidence, values.finding, tr(subtitle).arg(shownName(evidence)));
        },
        tr("No cash flows in this strategy."));
}

Exhibit flowExhibit() {
    return chartExhibit<widgets::SankeyPlot, widgets::SankeyValues>(
        QStringLiteral("money-flow"), tr("who pays whom in a year"), Basis::Programme,
        [](const Evidence& evidence, std::stop_token) {
            const explore::StrategyResult* result = shown(evidence);
            return result == nullptr
                       ? widgets::SankeyValues{}
                       : yearFlows(*result, yearOf(*evidence.workspace->scenario, evidence.programme));
        },
        [](const Evidence& evidence, const widgets::SankeyValues& values) {
            return caption(evidence, values.finding,
                           tr("%1: payments of %2, USD; in equals out at every entity between the ends")
                               .arg(shownName(evidence), values.span));
        },
        tr("Nobody pays anyone in this year."));
}

Exhibit ganttExhibit() {
    return chartExhibit<widgets::GanttPlot, widgets::GanttValues>(
        QStringLiteral("build-out"), tr("tranches, leases and training runs on a calendar, with power"),
        Basis::Programme,
        [](const Evidence& evidence, std::stop_token stop) {
            const explore::StrategyResult* result = shown(evidence);
            return result == nullptr
                       ? widgets::GanttValues{}
                       : buildOut(*evidence.workspace->scenario, programmeOf(evidence, result->id, stop));
        },
        [](const Evidence& evidence, const widgets::GanttValues& values) {
            return caption(evidence, values.finding,
                           tr("%1: from order to power, and what then runs; power provisioned below")
                               .arg(shownName(evidence)));
        },
        tr("This strategy has no clusters."));
}

Exhibit bridgeExhibit() {
    return chartExhibit<widgets::MoneyBridgePlot, widgets::MoneyBridgeValues>(
        QStringLiteral("value-bridge"), tr("net present value with models, from strategy A to B"),
        Basis::Comparison,
        [](const Evidence& evidence, std::stop_token stop) {
            const Workspace& panes = *evidence.workspace;
            return valueBridge(*panes.scenario,
                               programmeOf(evidence, panes.pane(Side::A).choice.strategy, stop),
                               programmeOf(evidence, panes.pane(Side::B).choice.strategy, stop));
        },
        [](const Evidence& evidence, const widgets::MoneyBridgeValues& values) {
            const Workspace& panes = *evidence.workspace;
            return caption(
                evidence, values.finding,
                tr("From %1 to %2: net present value and worth of models, USD at the start")
                    .arg(text(panes.pane(Side::A).strategyName), text(panes.pane(Side::B).strategyName)));
        },
        tr("No cash flows in these strategies."));
}

} // namespace

std::vector<Exhibit> moneyExhibits() {
    std::vector<Exhibit> all;
    all.push_back(entityExhibit("cash-by-entity", tr("cash of every entity by month"),
                                "%1: cash in less cash out by month, USD; up and down are equal", false));
    all.push_back(entityExhibit("cash-cumulative", tr("cumulative cash of every entity by month"),
                                "%1: cash in less cash out since the start, USD; up and down are equal",
                                true));
    all.push_back(flowExhibit());
    all.push_back(ganttExhibit());
    all.push_back(bridgeExhibit());
    return all;
}

} // namespace atlas::app

#include "app/composition.h"

#include "widgets/format.h"
#include "widgets/strategy_table_model.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>
#include <cmath>

namespace atlas::app {

namespace {

using widgets::text;

/// Width and height of a scene in the report, in proportion; half the width of the text.
constexpr QSize kReportScene(560, 380);
constexpr double kReportPixelRatio = 2.5; ///< about 250 dots an inch in print

QString tr(const char* words) {
    return QCoreApplication::translate("Composition", words);
}

constexpr double kLateInStep = 0.85;
constexpr double kWeekS = 7 * 86400.0;
constexpr int kSamples = 504; ///< a week at one sample in 20 minutes

widgets::WaterfallValues waterfallOf(const Workspace& workspace) {
    widgets::WaterfallValues values;
    for (const Side side : kSides) {
        const Pane& pane = workspace.pane(side);
        auto& strategy = values.sides[index(side)];
        strategy.name = text(pane.strategyName);
        if (!pane.timeline) {
            strategy.reason = text(atlas::text(pane.problems)).simplified();
            continue;
        }
        strategy.bars = pane.timeline->waterfall();
        if (strategy.bars.empty()) {
            strategy.reason = text(pane.timeline->activity());
        }
    }
    return values;
}

/// The week around an instant, counted from the scenario's start.
widgets::UtilisationValues utilisationOf(const Workspace& workspace, double atS) {
    const double from = std::floor(std::max(0.0, atS) / kWeekS) * kWeekS;
    widgets::UtilisationValues values;
    for (const Side side : kSides) {
        const Pane& pane = workspace.pane(side);
        values.sides[index(side)].name = text(pane.strategyName);
        if (pane.timeline) {
            values.sides[index(side)].samples = pane.timeline->samples(from, from + kWeekS, kSamples);
        }
    }
    return values;
}

widgets::CashValues cashOf(const Workspace& workspace, const explore::Comparison& comparison) {
    widgets::CashValues values;
    for (const Side side : kSides) {
        const Pane& pane = workspace.pane(side);
        auto& strategy = values.sides[index(side)];
        strategy.name = text(pane.strategyName);
        const auto result =
            std::ranges::find(comparison.strategies, pane.choice.strategy, &explore::StrategyResult::id);
        if (result == comparison.strategies.end() || result->cash.months.empty()) {
            continue;
        }
        values.owner = text(result->cash.owner);
        strategy.first = result->cash.months.front().month;
        for (const finance::CashMonth& month : result->cash.months) {
            strategy.balanceUsd.push_back(month.ownerNetUsd); // debt taken off, as in the headline
        }
        strategy.tranches = result->cash.tranches;
        const auto cash = std::ranges::find(result->headline, "owner_cash_usd", &explore::Headline::key);
        if (cash != result->headline.end() && cash->value && cash->hasRange) {
            strategy.endLowUsd = cash->low;
            strategy.endHighUsd = cash->high;
        }
    }
    return values;
}

widgets::StrategyTableModel* fill(widgets::StrategyTableModel& model, const Workspace& workspace,
                                  const explore::Comparison& comparison) {
    const QString a = text(workspace.pane(Side::A).choice.strategy);
    model.setComparison(comparison);
    model.setSides(a, text(workspace.pane(Side::B).choice.strategy));
    model.setBase(a);
    model.setStart(workspace.scenario->start);
    return &model;
}

/// "B, …, is clearly better in 6 of 18 numbers" for the strategy with the most rows won; empty where none
/// wins.
QString tableFinding(const widgets::StrategyTableModel& model) {
    int most = 0;
    int best = -1;
    for (int c = 0; c < model.columnCount(); ++c) {
        int wins = 0;
        for (int r = 0; r < model.rowCount(); ++r) {
            wins += model.index(r, c).data(widgets::StrategyTableModel::WinnerRole).toBool() ? 1 : 0;
        }
        if (wins > most) {
            most = wins;
            best = c;
        }
    }
    return best < 0 ? tr("No strategy is better than every other beyond its range in any number")
                    : tr("“%1” is better than every other strategy, beyond its range, in %2 of %3 numbers")
                          .arg(model.headerData(best, Qt::Horizontal).toString())
                          .arg(most)
                          .arg(model.rowCount());
}

} // namespace

std::shared_ptr<const Workspace> composeWorkspace(const scenario::Scenario& scenario,
                                                  const std::string& strategyA,
                                                  const std::string& strategyB) {
    WorkspaceRequest request;
    request.scenario = std::make_shared<const scenario::Scenario>(scenario);
    request.choices[index(Side::A)].strategy = strategyA.empty() ? scenario.compareA : strategyA;
    request.choices[index(Side::B)].strategy = strategyB.empty() ? scenario.compareB : strategyB;
    return buildWorkspace(request, {});
}

double tellingInstant(const Workspace& workspace, double aroundS) {
    const auto& timeline = workspace.pane(Side::A).timeline;
    if (!timeline) {
        return aroundS;
    }
    const double from = timeline->stepBoundary(aroundS, 1);
    const double to = timeline->stepBoundary(from, 1);
    return to > from ? from + kLateInStep * (to - from) : aroundS;
}

ComposedCharts composeCharts(const Workspace& workspace, const explore::Comparison* comparison, double atS) {
    const scenario::Scenario& scenario = *workspace.scenario;
    const QString from = widgets::provenance(QFileInfo(text(scenario.file)).fileName(), scenario.seed);
    ComposedCharts charts;
    charts.waterfall = std::make_unique<widgets::WaterfallPlot>();
    charts.waterfall->setEmptyReason(tr("Neither strategy trains on what is shown."));
    charts.waterfall->setValues(waterfallOf(workspace));
    charts.waterfallCaption = {widgets::waterfallFinding(charts.waterfall->values()),
                               tr("Share of peak FLOP/s in percent, mean over the time it trains"), from};
    charts.utilisation = std::make_unique<widgets::UtilisationPlot>();
    charts.utilisation->setEmptyReason(tr("Nothing runs in this span of time."));
    charts.utilisation->setValues(utilisationOf(workspace, atS));
    charts.utilisation->setNow(atS);
    charts.utilisationCaption = {widgets::utilisationFinding(charts.utilisation->values()),
                                 tr("Share of powered GPUs over a week; means at the right"), from};
    if (comparison != nullptr) {
        charts.cash = std::make_unique<widgets::CashPlot>();
        charts.cash->setEmptyReason(tr("No cash flows in these strategies."));
        charts.cash->setValues(cashOf(workspace, *comparison));
        const QString owner = charts.cash->values().owner;
        charts.cashCaption = {widgets::cashFinding(charts.cash->values()),
                              tr("Cumulative cash%1 less debt, by month; 5 to 95 % range at the horizon")
                                  .arg(owner.isEmpty() ? QString() : tr(" of %1").arg(owner)),
                              from};
    }
    return charts;
}

widgets::DataTable composeTable(const Workspace& workspace, const explore::Comparison& comparison) {
    widgets::StrategyTableModel model;
    return fill(model, workspace, comparison)->table();
}

QByteArray composeReport(const Workspace& workspace, const explore::Comparison& comparison, double atS,
                         const scenes::Theme& theme) {
    const scenario::Scenario& scenario = *workspace.scenario;
    const ComposedCharts charts = composeCharts(workspace, &comparison, atS);
    widgets::StrategyTableModel model;
    fill(model, workspace, comparison);

    widgets::ReportContent content;
    const Pane& a = workspace.pane(Side::A);
    const Pane& b = workspace.pane(Side::B);
    content.title = tr("%1, or %2?").arg(text(a.strategyName), text(b.strategyName));
    content.scenarioName = text(scenario.name);
    content.scenarioFile = QFileInfo(text(scenario.file)).fileName();
    content.description = text(scenario.description);
    content.findings = {charts.waterfallCaption.title, charts.utilisationCaption.title, tableFinding(model),
                        charts.cashCaption.title};
    ScenePictureOptions scene;
    scene.theme = theme;
    scene.size = kReportScene;
    scene.pixelRatio = kReportPixelRatio;
    scene.atS = atS;
    scene.caption = false; // the report sets its own
    for (const SceneKind kind : {SceneKind::Floorplan, SceneKind::Fabric}) {
        for (const Side side : kSides) {
            const Pane& pane = workspace.pane(side);
            const auto frame = pane.timeline ? pane.timeline->frameAt(atS) : nullptr;
            const SceneWords words = sceneWords(pane, side, frame.get());
            content.pictures.push_back(
                {words.title + (kind == SceneKind::Fabric ? tr(", fabric") : QString()), words.detail,
                 scenePicture(workspace, side, kind, scene)});
        }
    }
    content.comparison = comparison;
    content.strategyA = text(a.choice.strategy);
    content.strategyB = text(b.choice.strategy);
    content.charts = {{charts.waterfallCaption, charts.waterfall.get()},
                      {charts.utilisationCaption, charts.utilisation.get()},
                      {charts.cashCaption, charts.cash.get()}};
    content.assumptions = widgets::assumptionsOf(scenario);
    content.start = scenario.start;
    content.seed = scenario.seed;
    return widgets::reportPdf(content, theme);
}

} // namespace atlas::app

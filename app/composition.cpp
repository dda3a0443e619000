#include "app/composition.h"

#include "app/chart_values.h"
#include "model/explore/findings.h"
#include "widgets/format.h"
#include "widgets/strategy_table_model.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>

namespace atlas::app {

namespace {

using widgets::text;

/// Width and height of a scene in the report, in proportion; half the width of the text.
constexpr QSize kReportScene(560, 380);
constexpr double kReportPixelRatio = 2.5; ///< about 250 dots an inch in print

QString tr(const char* words) {
    return QCoreApplication::translate("Composition", words);
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

/// The sentences that stand first, the most telling first.
QStringList findingsOf(const Workspace& workspace, const explore::Comparison& comparison,
                       const ComposedCharts& charts) {
    QStringList findings = {charts.waterfallCaption.title, charts.utilisationCaption.title};
    const auto result = [&](Side side) {
        return std::ranges::find(comparison.strategies, workspace.pane(side).choice.strategy,
                                 &explore::StrategyResult::id);
    };
    const auto a = result(Side::A);
    const auto b = result(Side::B);
    if (a != comparison.strategies.end() && a->training) {
        findings << text(workspace.pane(Side::A).strategyName + ": " + explore::stepFinding(*a->training));
    }
    findings << text(explore::tableFinding(comparison)) << charts.cashCaption.title;
    if (a != comparison.strategies.end() && b != comparison.strategies.end() && a != b) {
        findings << text(explore::differenceFinding(*a, *b, "owner_cash_usd"));
    }
    findings.removeAll(QString());
    return findings;
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

ComposedCharts composeCharts(const Workspace& workspace, const explore::Comparison* comparison, double atS) {
    ComposedCharts charts;
    charts.waterfall = std::make_unique<widgets::WaterfallPlot>();
    charts.waterfall->setValues(waterfallValues(workspace));
    charts.waterfallCaption = waterfallCaption(workspace, charts.waterfall->values());
    charts.utilisation = std::make_unique<widgets::UtilisationPlot>();
    charts.utilisation->setValues(utilisationValues(workspace, weekAround(atS)));
    charts.utilisation->setNow(atS);
    charts.utilisationCaption = utilisationCaption(workspace, charts.utilisation->values());
    if (comparison != nullptr) {
        charts.cash = std::make_unique<widgets::CashPlot>();
        charts.cash->setValues(cashValues(workspace, *comparison));
        charts.cashCaption = cashCaption(workspace, charts.cash->values());
    }
    explainEmptyCharts(charts.waterfall.get(), charts.utilisation.get(), charts.cash.get());
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
    content.findings = findingsOf(workspace, comparison, charts);
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
            const SceneWords words = sceneWords(scenario, pane, side, frame.get());
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

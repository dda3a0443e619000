#include "app/chart_values.h"
#include "app/pages/page_catalogue.h"

#include <QCoreApplication>

namespace atlas::app {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("TrainingPage", text);
}

Exhibit tableOfPlan(const char* name, const QString& words, widgets::DataTable (*table)(const PlanSheet&),
                    widgets::Caption (*caption)(const PlanSheet&), int columns) {
    TableRecipe recipe;
    recipe.compute = [table, caption](const Evidence& evidence, std::stop_token) {
        return ComputedTable{table(*evidence.plan), caption(*evidence.plan), whyNoPlan(*evidence.plan)};
    };
    return {QString::fromLatin1(name), words, Basis::Plan, std::move(recipe), columns, Claims::Own};
}

Exhibit memoryExhibit() {
    return chartExhibit<widgets::StackPlot, widgets::StackValues>(
        QStringLiteral("plan-memory"), tr("memory of the selected layout by kind against what there is"),
        Basis::Layout,
        [](const Evidence& e, std::stop_token) { return memoryValues(*e.plan, e.plan->rowOf(e.layout)); },
        [](const Evidence& e, const widgets::StackValues&) {
            return memoryCaption(*e.plan, e.plan->rowOf(e.layout));
        },
        tr("There is no plan."), 1, Claims::Own);
}

Exhibit stagesExhibit() {
    return chartExhibit<widgets::StackPlot, widgets::StackValues>(
        QStringLiteral("plan-stages"), tr("a step of the selected layout by pipeline stage and class"),
        Basis::Layout,
        [](const Evidence& e, std::stop_token) { return stageValues(*e.plan, e.plan->rowOf(e.layout)); },
        [](const Evidence& e, const widgets::StackValues& values) {
            return stageCaption(*e.plan, e.plan->rowOf(e.layout), values);
        },
        tr("There is no plan."), 1, Claims::Own);
}

/// Scaling is computed once and drawn under every metric.
Exhibit scalingExhibit() {
    ChartRecipe recipe;
    recipe.make = [] {
        auto plot = std::make_unique<widgets::ScalingPlot>();
        plot->setEmptyReason(tr("The job runs on none of these clusters at any number of GPUs."));
        return plot;
    };
    recipe.compute = [store = std::make_shared<ScalingStore>()](const Evidence& e,
                                                                std::stop_token stop) -> FillChart {
        const Side side = e.plan ? e.plan->question.side : planSide(*e.workspace);
        auto answer =
            std::make_shared<const ScalingAnswer>(scalingAnswer(*e.workspace, side, e.scaling, *store, stop));
        return [answer, words = scalingCaption(*e.workspace, side, *answer)](widgets::Plot& plot) {
            static_cast<widgets::ScalingPlot&>(plot).setValues(answer->values);
            return words;
        };
    };
    return {QStringLiteral("scaling"),
            tr("throughput, MFU, cost and step time against the number of GPUs"),
            Basis::Scaling,
            std::move(recipe),
            2,
            Claims::Own};
}

} // namespace

PageSpec trainingPage() {
    PageSpec page{QStringLiteral("training"), tr("Training"), {}};
    page.exhibits.push_back(tableOfPlan("plan", tr("the best parallel layouts and why the others lose"),
                                        planTable, planCaption, 2));
    page.exhibits.push_back(stagesExhibit());
    page.exhibits.push_back(memoryExhibit());
    page.exhibits.push_back(scalingExhibit());
    page.exhibits.push_back(chartExhibit<widgets::WaterfallPlot, widgets::WaterfallValues>(
        QStringLiteral("waterfall"), tr("from peak to goodput, A beside B"), Basis::Panes,
        [](const Evidence& evidence, std::stop_token) { return waterfallValues(*evidence.workspace); },
        [](const Evidence& evidence, const widgets::WaterfallValues& values) {
            return waterfallCaption(*evidence.workspace, values);
        },
        tr("Neither strategy trains on what is shown.")));
    page.exhibits.push_back(tableOfPlan("plan-families", tr("families of layouts and what killed them"),
                                        familiesTable, familiesCaption, 1));
    return page;
}

} // namespace atlas::app

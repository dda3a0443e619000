#include "app/credibility_values.h"
#include "app/pages/page_catalogue.h"
#include "app/serving_errors.h"
#include "app/straggler_values.h"

#include <QCoreApplication>

#include <tuple>

namespace atlas::app {

namespace {

using validation::GroupBy;

QString tr(const char* text) {
    return QCoreApplication::translate("CredibilityPage", text);
}

QString nothing() {
    return tr("No published run can be predicted on this basis.");
}

Exhibit errors(const QString& name, const QString& words, GroupBy by, const QString& what) {
    return chartExhibit<widgets::ErrorPlot, widgets::ErrorValues>(
        name, words, Basis::Credibility,
        [by](const Evidence& evidence, std::stop_token) { return errorValues(evidence.credibility, by); },
        [by, what](const Evidence& evidence, const widgets::ErrorValues&) {
            return errorCaption(evidence.credibility, by, what);
        },
        nothing(), 1, Claims::Nothing);
}

Exhibit table(const QString& name, const QString& words, Claims claims,
              std::function<ComputedTable(const Evidence&)> compute, int columns) {
    TableRecipe recipe{[compute](const Evidence& evidence, std::stop_token) { return compute(evidence); }};
    return {name, words, Basis::Credibility, std::move(recipe), columns, claims};
}

} // namespace

PageSpec credibilityPage() {
    PageSpec page{QStringLiteral("credibility"), tr("Credibility"), {}};
    auto& exhibits = page.exhibits;
    exhibits.push_back(chartExhibit<widgets::ScatterPlot, widgets::ScatterValues>(
        QStringLiteral("accuracy"), tr("published training runs, predicted against reported"),
        Basis::Credibility,
        [](const Evidence& evidence, std::stop_token) { return accuracyValues(evidence.credibility); },
        [](const Evidence& evidence, const widgets::ScatterValues&) {
            return accuracyCaption(evidence.credibility);
        },
        nothing(), 1, Claims::Nothing));
    exhibits.push_back(errors(QStringLiteral("errors-by-gpu"), tr("errors of published runs by class of GPU"),
                              GroupBy::Gpu, tr("GPU")));
    exhibits.push_back(table(
        QStringLiteral("worst-rows"), tr("the ten worst rows with the best explanation known"),
        Claims::Nothing,
        [](const Evidence& evidence) {
            return ComputedTable{worstTable(evidence.credibility), worstCaption(evidence.credibility),
                                 nothing()};
        },
        2));
    exhibits.push_back(errors(QStringLiteral("errors-by-precision"),
                              tr("errors of published runs by precision"), GroupBy::Precision,
                              tr("precision")));
    exhibits.push_back(errors(QStringLiteral("errors-by-size"),
                              tr("errors of published runs by number of GPUs"), GroupBy::Size, tr("size")));
    exhibits.push_back(errors(QStringLiteral("errors-by-software"),
                              tr("errors of published runs by software"), GroupBy::Stack, tr("software")));
    exhibits.push_back(errors(QStringLiteral("errors-by-source"), tr("errors of published runs by publisher"),
                              GroupBy::Source, tr("source")));
    exhibits.push_back(errors(QStringLiteral("errors-by-kind"),
                              tr("errors of published runs, dense models and mixtures of experts"),
                              GroupBy::Kind, tr("kind of model")));
    exhibits.push_back(table(
        QStringLiteral("validated-range"), tr("how far the training model has been checked"),
        Claims::ThePanes,
        [](const Evidence&) {
            return ComputedTable{rangeTable(), rangeCaption(), {}};
        },
        1));
    exhibits.push_back(chartExhibit<widgets::ScatterPlot, widgets::ScatterValues>(
        QStringLiteral("serving-accuracy"), tr("published serving rates, model against published"),
        Basis::Credibility, [](const Evidence&, std::stop_token) { return servingValues(); },
        [](const Evidence&, const widgets::ScatterValues&) { return servingCaption(); }, nothing(), 1,
        Claims::Nothing));
    exhibits.push_back(table(
        QStringLiteral("serving-points"), tr("published serving rates beside the model, worst first"),
        Claims::Nothing,
        [](const Evidence&) {
            return ComputedTable{servingTable(), servingCaption(), nothing()};
        },
        1));
    using validation::ServingGroupBy;
    for (const auto& [by, name, words] :
         {std::tuple(ServingGroupBy::Gpu, "serving-errors-by-gpu", tr("errors of serving rates by GPU")),
          std::tuple(ServingGroupBy::Group, "serving-errors-by-source",
                     tr("errors of serving rates by publication"))}) {
        const auto id = QString::fromLatin1(name);
        exhibits.push_back(table(
            id, words, Claims::Nothing,
            [by, id](const Evidence&) {
                return ComputedTable{servingErrorTable(by, id), servingErrorCaption(by), nothing()};
            },
            1));
    }
    exhibits.push_back(table(
        QStringLiteral("serving-ratios"), tr("generations of GPU compared, published and model"),
        Claims::Nothing,
        [](const Evidence&) {
            return ComputedTable{servingRatioTable(), servingRatioCaption(), nothing()};
        },
        1));
    exhibits.push_back(table(
        QStringLiteral("straggler-study"), tr("what stragglers cost 3,079 published jobs, and the model's"),
        Claims::Nothing,
        [](const Evidence&) {
            return ComputedTable{stragglerTable(), stragglerCaption(), {}};
        },
        1));
    return page;
}

} // namespace atlas::app

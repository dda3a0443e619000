#include "app/operations_values.h"
#include "app/pages/page_catalogue.h"
#include "app/straggler_values.h"
#include "app/validity_text.h"
#include "widgets/format.h"

#include <QCoreApplication>

namespace atlas::app {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("OperationsPage", text);
}

/// "day 301 to 331 as simulated".
QString spanText(TimeSpan span) {
    constexpr double kDayS = 86'400;
    return tr("day %1 to %2 as simulated")
        .arg(widgets::countText(span.fromS / kDayS), widgets::countText(span.toS / kDayS));
}

widgets::Caption captionOf(const Evidence& evidence, const QString& finding, const QString& what) {
    return {finding, what, provenance(*evidence.workspace->scenario), captionCaveat(*evidence.workspace)};
}

template <class Compute>
Exhibit curvesExhibit(const char* name, const QString& words, Basis basis, Compute compute,
                      const QString& what, const QString& emptyReason) {
    return chartExhibit<widgets::CurvesPlot, widgets::CurvesValues>(
        QString::fromLatin1(name), words, basis, compute,
        [what](const Evidence& evidence, const widgets::CurvesValues& values) {
            return captionOf(evidence, values.finding.isEmpty() ? what : values.finding, what);
        },
        emptyReason);
}

Exhibit utilisationExhibit() {
    return chartExhibit<widgets::UtilisationPlot, widgets::UtilisationValues>(
        QStringLiteral("utilisation"), tr("busy and waiting GPUs over the week around the instant"),
        Basis::Instant,
        [](const Evidence& evidence, std::stop_token) {
            return utilisationValues(*evidence.workspace, weekAround(evidence.timeS));
        },
        [](const Evidence& evidence, const widgets::UtilisationValues& values) {
            return utilisationCaption(*evidence.workspace, values);
        },
        tr("Nothing runs in this span of time."));
}

using Store = std::shared_ptr<AccountStore>;

Exhibit stallExhibit(const Store& store) {
    return chartExhibit<widgets::BarsPlot, widgets::BarsValues>(
        QStringLiteral("stall-causes"), tr("what GPUs wait and stand still for, thirty days"), Basis::Instant,
        [store](const Evidence& e, std::stop_token stop) {
            return stallValues(*e.workspace, store->of(e.workspace, monthAround(e.timeS), stop), e.timeS);
        },
        [](const Evidence& e, const widgets::BarsValues& values) {
            return captionOf(
                e, values.finding.isEmpty() ? tr("Nobody waits") : values.finding,
                tr("Share of the time of GPUs with power, %1").arg(spanText(monthAround(e.timeS))));
        },
        tr("Nothing trains in these thirty days."));
}

Exhibit causesExhibit() {
    return chartExhibit<widgets::BarsPlot, widgets::BarsValues>(
        QStringLiteral("interruption-causes"), tr("interruptions in thirty days by what failed"),
        Basis::Instant,
        [](const Evidence& e, std::stop_token) { return interruptionCauses(*e.workspace, e.timeS); },
        [](const Evidence& e, const widgets::BarsValues& values) {
            return captionOf(e, values.finding.isEmpty() ? tr("Nothing fails") : values.finding,
                             tr("Interruptions in thirty days by what failed, mean over ninety"));
        },
        tr("Nothing is interrupted in these ninety days."));
}

Exhibit waterfallExhibit(const Store& store) {
    return chartExhibit<widgets::WaterfallPlot, widgets::WaterfallValues>(
        QStringLiteral("waterfall-month"), tr("from peak to goodput as thirty days were simulated"),
        Basis::Instant,
        [store](const Evidence& e, std::stop_token stop) {
            return spanWaterfalls(*e.workspace, store->of(e.workspace, monthAround(e.timeS), stop));
        },
        [](const Evidence& e, const widgets::WaterfallValues& values) {
            return captionOf(e, widgets::waterfallFinding(values),
                             tr("Share of the bf16 peak in percent, %1").arg(spanText(monthAround(e.timeS))));
        },
        tr("Neither strategy trains on what is shown."));
}

Exhibit bridgeExhibit(const Store& store) {
    return chartExhibit<widgets::BridgePlot, widgets::BridgeValues>(
        QStringLiteral("bridge"), tr("what makes the goodput of B differ from that of A, loss by loss"),
        Basis::Instant,
        [store](const Evidence& e, std::stop_token stop) {
            return widgets::bridgeOf(
                spanWaterfalls(*e.workspace, store->of(e.workspace, monthAround(e.timeS), stop)));
        },
        [](const Evidence& e, const widgets::BridgeValues& values) {
            return captionOf(e, widgets::bridgeFinding(values),
                             tr("Points of the bf16 peak, %1").arg(spanText(monthAround(e.timeS))));
        },
        tr("There is no bridge: only one of the two trains."));
}

} // namespace

PageSpec operationsPage() {
    PageSpec page{QStringLiteral("operations"), tr("Operations"), {}};
    const auto store = std::make_shared<AccountStore>();
    page.exhibits.push_back(waterfallExhibit(store));
    page.exhibits.push_back(bridgeExhibit(store));
    page.exhibits.push_back(stallExhibit(store));
    page.exhibits.push_back(curvesExhibit(
        "step-times", tr("how long steps take: distribution and tail"), Basis::Instant,
        [](const Evidence& e, std::stop_token) { return stepTimeValues(*e.workspace, e.timeS); },
        tr("Share of steps that take longer, over the median step; 6,000 steps at most from this hour on"),
        tr("There are no steps in this week.")));
    page.exhibits.push_back(utilisationExhibit());
    page.exhibits.push_back(curvesExhibit(
        "interruptions", tr("interruptions added up over ninety days, and their most frequent causes"),
        Basis::Instant,
        [](const Evidence& e, std::stop_token) { return interruptionValues(*e.workspace, e.timeS); },
        tr("Failures that stop the job, added up by the hour over ninety days; dashed: the most frequent "
           "causes"),
        tr("Nothing is interrupted in these ninety days.")));
    page.exhibits.push_back(causesExhibit());
    page.exhibits.push_back(curvesExhibit(
        "checkpoint-interval", tr("goodput against the checkpoint interval"), Basis::Comparison,
        [](const Evidence& e, std::stop_token) { return checkpointValues(*e.workspace, *e.comparison); },
        tr("Expected goodput against the time between checkpoints"),
        tr("Neither strategy trains the target model.")));
    page.exhibits.push_back(curvesExhibit(
        "slowdown-gpus", tr("how late the slowest of N GPUs is"), Basis::Panes,
        [](const Evidence& e, std::stop_token) { return slowdownValues(*e.workspace); },
        tr("Mean excess of the slowest of N over a lone GPU, without classes and episodes"),
        tr("GPUs of these clusters are all alike.")));
    page.exhibits.push_back(chartExhibit<widgets::CurvesPlot, widgets::CurvesValues>(
        QStringLiteral("job-slowdowns"), tr("how much slower jobs are than they need be, beside a study"),
        Basis::Credibility, [](const Evidence&, std::stop_token) { return jobSlowdownValues(); },
        [](const Evidence&, const widgets::CurvesValues&) { return stragglerCaption(); }, {}, 1,
        Claims::Nothing));
    return page;
}

} // namespace atlas::app

#include "app/chart_values.h"
#include "app/pages/page_catalogue.h"
#include "app/serving_contrast.h"
#include "app/serving_market.h"
#include "app/serving_values.h"

#include <QCoreApplication>

#include <cmath>

namespace atlas::app {

namespace {

using widgets::CoursePlot;
using widgets::CourseValues;

QString tr(const char* text) {
    return QCoreApplication::translate("ServingPage", text);
}

QString emptyReason() {
    return tr("No strategy serves anything.");
}

enum class Span { Day, Week };

QString spanText(const Evidence& evidence, Span span) {
    const double days = std::floor(std::max(0.0, evidence.timeS) / 86'400);
    const auto day = static_cast<int>(days) + 1;
    const int week = static_cast<int>(days / 7) * 7 + 1;
    return span == Span::Day ? tr("day %1").arg(day) : tr("days %1 to %2").arg(week).arg(week + 6);
}

/// A chart of one measure over the day or week of the instant on screen. Replicas are of sizes that were
/// measured and run by themselves, so the size of the cluster, which training claims, is no claim here.
template <class Compute>
Exhibit course(const char* name, const QString& words, const QString& subtitle, Span span,
               const Compute& compute, Claims claims = Claims::Own) {
    return chartExhibit<CoursePlot, CourseValues>(
        QString::fromLatin1(name), words, Basis::Instant,
        [compute](const Evidence& evidence, std::stop_token stop) {
            return compute(*evidence.workspace, evidence.timeS, stop);
        },
        [subtitle, span](const Evidence& evidence, const CourseValues& values) -> widgets::Caption {
            const ShownService service = shownService(*evidence.workspace);
            const QString where =
                service ? QString::fromStdString(service.pane->clusterName) + QStringLiteral(" · ")
                        : QString();
            return {values.finding.isEmpty() ? emptyReason() : values.finding,
                    where + subtitle + QStringLiteral(", ") + spanText(evidence, span),
                    provenance(*evidence.workspace->scenario)};
        },
        emptyReason(), 1, claims);
}

template <CourseValues (*values)(const Workspace&, double)>
CourseValues plain(const Workspace& workspace, double timeS, std::stop_token) {
    return values(workspace, timeS);
}

/// Where it is, what is shown, and what it was computed from.
widgets::Caption captionOf(const Evidence& evidence, const QString& finding, const QString& subtitle) {
    const ShownService service = shownService(*evidence.workspace);
    const QString where =
        service ? QString::fromStdString(service.pane->clusterName) + QStringLiteral(" · ") : QString();
    return {finding.isEmpty() ? emptyReason() : finding, where + subtitle,
            provenance(*evidence.workspace->scenario)};
}

/// A table of the service as a whole, whatever the instant.
Exhibit table(const char* name, const QString& words, const QString& subtitle,
              widgets::DataTable (*compute)(const Workspace&, QString*)) {
    return {QString::fromLatin1(name),
            words,
            Basis::Panes,
            TableRecipe{[compute, subtitle](const Evidence& evidence, std::stop_token) {
                QString finding;
                ComputedTable computed;
                computed.table = compute(*evidence.workspace, &finding);
                computed.caption = captionOf(evidence, finding, subtitle);
                computed.emptyReason = emptyReason();
                return computed;
            }},
            2,
            Claims::Own};
}

/// A chart of the service as a whole.
template <class PlotType, class Values>
Exhibit whole(const char* name, const QString& words, const QString& subtitle,
              Values (*compute)(const Workspace&)) {
    return chartExhibit<PlotType, Values>(
        QString::fromLatin1(name), words, Basis::Panes,
        [compute](const Evidence& evidence, std::stop_token) { return compute(*evidence.workspace); },
        [subtitle](const Evidence& evidence, const Values& values) {
            return captionOf(evidence, values.finding, subtitle);
        },
        emptyReason(), 1, Claims::Own);
}

} // namespace

PageSpec servingPage() {
    PageSpec page{QStringLiteral("serving"), tr("Serving"), {}};
    page.exhibits.push_back(course("serving-promises", tr("promises kept by kind of request over a day"),
                                   tr("Share of requests within first-token and token time"), Span::Day,
                                   plain<promiseCourse>));
    page.exhibits.push_back(course("training-or-serving",
                                   tr("one cluster serving and training, busy and waiting over a week"),
                                   tr("Share of GPUs with power; training: mean and range of six hours"),
                                   Span::Week, trainingOrServing, Claims::ThePanes));
    page.exhibits.push_back(whole<widgets::FrontierPlot>(
        "serving-frontier", tr("throughput of a GPU against the speed of a user, by class and mix"),
        tr("Output tokens/s a GPU, prompts included, against tokens/s of one answer; all GPUs powered"),
        frontierValues));
    page.exhibits.push_back(whole<widgets::StackPlot>(
        "serving-cost", tr("cost of a million output tokens by class"),
        tr("$ a million output tokens, prompts included, at full load and market rent"), tokenCost));
    page.exhibits.push_back(course("serving-tokens", tr("tokens/s by class over a day"),
                                   tr("Output tokens/s by class of GPU"), Span::Day, plain<tokensCourse>));
    page.exhibits.push_back(course(
        "serving-first-token", tr("time to the first token over a day, percentiles"),
        tr("Time to first token, median, 95th and 99th percentile"), Span::Day, plain<firstTokenCourse>));
    page.exhibits.push_back(course("serving-token-time", tr("time per output token over a day, percentiles"),
                                   tr("Time per output token, median, 95th and 99th percentile"), Span::Day,
                                   plain<tokenTimeCourse>));
    page.exhibits.push_back(course("serving-demand", tr("demand and what is filled over a week"),
                                   tr("Share of what the fleet carries"), Span::Week, plain<demandCourse>));
    page.exhibits.push_back(course("serving-queue", tr("requests that wait over a week"),
                                   tr("Requests waiting before the replicas"), Span::Week,
                                   plain<queueCourse>));
    page.exhibits.push_back(
        {QStringLiteral("slow-gpu"), tr("what one slow GPU costs a service and a synchronous run"),
         Basis::Panes, TableRecipe{[](const Evidence& evidence, std::stop_token) {
             QString finding;
             ComputedTable computed;
             computed.table = slowGpuTable(*evidence.workspace, evidence.timeS, &finding);
             computed.caption = {
                 finding.isEmpty() ? emptyReason() : finding,
                 tr("Share of all output, while it lasts and before anything is done about it"),
                 provenance(*evidence.workspace->scenario)};
             computed.emptyReason = emptyReason();
             return computed;
         }},
         2});
    page.exhibits.push_back(table("serving-classes", tr("what each class of GPU serves, and what bounds it"),
                                  tr("All GPUs powered, within the promises, mean request"), servingClasses));
    page.exhibits.push_back(
        table("lease-margins", tr("margins of tenant and owner under each telling of the lease"),
              tr("Means over the months in which the lease pays; what the GPUs cost is in neither margin"),
              leaseTable));
    return page;
}

} // namespace atlas::app

#include "app/chart_values.h"
#include "app/pages/page_catalogue.h"

#include <QCoreApplication>

namespace atlas::app {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("OperationsPage", text);
}

} // namespace

PageSpec operationsPage() {
    PageSpec page{QStringLiteral("operations"), tr("Operations"), {}};
    page.exhibits.push_back(chartExhibit<widgets::UtilisationPlot, widgets::UtilisationValues>(
        QStringLiteral("utilisation"), tr("busy and waiting GPUs over the week around the instant"),
        Basis::Instant,
        [](const Evidence& evidence, std::stop_token) {
            return utilisationValues(*evidence.workspace, weekAround(evidence.timeS));
        },
        [](const Evidence& evidence, const widgets::UtilisationValues& values) {
            return utilisationCaption(*evidence.workspace, values);
        },
        tr("Nothing runs in this span of time.")));
    return page;
}

} // namespace atlas::app

#include "app/chart_values.h"
#include "app/pages/page_catalogue.h"

#include <QCoreApplication>

namespace atlas::app {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("TrainingPage", text);
}

} // namespace

PageSpec trainingPage() {
    PageSpec page{QStringLiteral("training"), tr("Training"), {}};
    page.exhibits.push_back(chartExhibit<widgets::WaterfallPlot, widgets::WaterfallValues>(
        QStringLiteral("waterfall"), tr("from peak to goodput, A beside B"), Basis::Panes,
        [](const Evidence& evidence, std::stop_token) { return waterfallValues(*evidence.workspace); },
        [](const Evidence& evidence, const widgets::WaterfallValues& values) {
            return waterfallCaption(*evidence.workspace, values);
        },
        tr("Neither strategy trains on what is shown.")));
    return page;
}

} // namespace atlas::app

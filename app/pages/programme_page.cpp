#include "app/chart_values.h"
#include "app/pages/orbit_exhibits.h"
#include "app/pages/page_catalogue.h"
#include "app/pages/programme_exhibits.h"

#include <QCoreApplication>

#include <algorithm>
#include <iterator>

namespace atlas::app {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ProgrammePage", text);
}

} // namespace

PageSpec programmePage() {
    PageSpec page{QStringLiteral("programme"), tr("Programme"), {}};
    page.exhibits.push_back(chartExhibit<widgets::CashPlot, widgets::CashValues>(
        QStringLiteral("cash"), tr("cumulative cash of the owner by month"), Basis::Comparison,
        [](const Evidence& evidence, std::stop_token) {
            return cashValues(*evidence.workspace, *evidence.comparison);
        },
        [](const Evidence& evidence, const widgets::CashValues& values) {
            return cashCaption(*evidence.workspace, values);
        },
        tr("No cash flows in these strategies.")));
    for (auto exhibits :
         {moneyExhibits(), studyExhibits(), listingExhibits(), orbitExhibits(), ledgerExhibits()}) {
        std::ranges::move(exhibits, std::back_inserter(page.exhibits));
    }
    return page;
}

} // namespace atlas::app

#include "app/serving_errors.h"

#include "model/validation/published_data.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <cmath>

namespace atlas::app {

namespace {

using validation::GroupSummary;
using validation::RatioCheck;
using validation::ServingGroupBy;
using widgets::text;

QString tr(const char* words) {
    return QCoreApplication::translate("ServingErrors", words);
}

double percent(double share) {
    return std::round(1000 * share) / 10;
}

std::vector<GroupSummary> groups(ServingGroupBy by) {
    return validation::servingSummariesBy(validation::servingRuns(), by);
}

std::vector<RatioCheck> checks() {
    return validation::ratioChecks(validation::servingRuns(),
                                   validation::servingRatiosOf(validation::publishedServingRatios()));
}

} // namespace

widgets::DataTable servingErrorTable(ServingGroupBy by, const QString& name) {
    widgets::DataTable table;
    table.name = name;
    table.columns = {by == ServingGroupBy::Gpu ? tr("GPU") : tr("left out together"),
                     tr("rates"),
                     tr("bias of the fit, %"),
                     tr("median error, %"),
                     tr("worst, %"),
                     tr("median without its group, %"),
                     tr("worst without, %")};
    for (const GroupSummary& group : groups(by)) {
        table.rows.push_back({text(group.name), static_cast<double>(group.inSample.runs),
                              percent(group.inSample.bias), percent(group.inSample.median),
                              percent(group.inSample.worst), percent(group.leftOut.median),
                              percent(group.leftOut.worst)});
    }
    return table;
}

widgets::Caption servingErrorCaption(ServingGroupBy by) {
    return {
        text(validation::servingGroupFinding(groups(by))),
        tr("Errors of published serving rates: of the fit that saw them all, and of fits that saw nothing "
           "of a source, a model and a generation"),
        {}};
}

widgets::DataTable servingRatioTable() {
    widgets::DataTable table;
    table.name = QStringLiteral("serving-ratios");
    table.columns = {tr("ratio"), tr("published"), tr("model"), tr("error, %")};
    const auto hundredths = [](double x) { return std::round(100 * x) / 100; };
    for (const RatioCheck& check : checks()) {
        table.rows.push_back({text(check.name), hundredths(check.published), hundredths(check.predicted),
                              percent(check.error())});
    }
    return table;
}

widgets::Caption servingRatioCaption() {
    return {text(validation::ratioFinding(checks())),
            tr("Tokens/s of one class of GPU over another's at the same work: what a strategist compares"),
            {}};
}

} // namespace atlas::app

#include "app/straggler_values.h"

#include "model/validation/credibility.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace atlas::app {

namespace {

using widgets::AxisUnit;

constexpr double kFewest = 0.003; ///< share of jobs: some ten of them
constexpr int kPoints = 240;

QString tr(const char* text) {
    return QCoreApplication::translate("StragglerStudy", text);
}

const validation::StragglerStudy& study() {
    static const auto computed = validation::stragglerStudy(validation::stragglerConstants());
    return computed;
}

/// How much slower a job is that loses this share of its GPU-hours.
double excessOf(double waste) {
    return waste / (1 - waste);
}

} // namespace

widgets::CurvesValues jobSlowdownValues() {
    const auto& found = study();
    widgets::CurvesValues values;
    values.name = QStringLiteral("job-slowdowns");
    values.finding = QString::fromStdString(validation::stragglerFinding(found));
    values.x = {tr("slower than with even work and equal GPUs"), AxisUnit::Excess, false, 0.0, 1.2};
    values.y = {tr("share of jobs that are slower"), AxisUnit::Share, true, kFewest, 1.0};
    widgets::Curve curve{tr("model"), tr("model"), widgets::Side::A, false, {}};
    const auto count = static_cast<double>(found.slowdowns.size());
    for (int i = 0; i < kPoints; ++i) {
        // Evenly over the logarithm of the share.
        const double share = std::pow(kFewest, static_cast<double>(i) / (kPoints - 1));
        const auto at = static_cast<std::size_t>((1 - share) * (count - 1));
        curve.points.emplace_back(found.slowdowns[at] - 1, share);
    }
    values.curves.push_back(std::move(curve));
    const auto& p = found.published;
    values.marks.push_back(
        {{0.1, p.slowed},
         tr("published: %1 of jobs").arg(QString::fromStdString(validation::percentText(p.slowed))),
         {}});
    values.marks.push_back({{excessOf(p.worstTenth), 0.1}, tr("published: worst tenth"), {}});
    values.marks.push_back({{excessOf(p.worstHundredth), 0.01}, tr("published: worst hundredth"), {}});
    return values;
}

widgets::DataTable stragglerTable() {
    const auto& model = study().model;
    const auto& published = study().published;
    const auto& c = validation::stragglerConstants();
    widgets::DataTable table;
    table.name = QStringLiteral("straggler_study");
    table.columns = {tr("figure"), tr("published [%]"), tr("model [%]"), tr("rests on")};
    const auto percent = [](double share) { return std::round(share * 1000) / 10; };
    const auto add = [&](const QString& what, double told, double found, const QString& basis) {
        table.rows.push_back({what, percent(told), percent(found), basis});
    };
    const QString compared = tr("not fitted, but known when the form of the causes was chosen");
    add(tr("jobs slowed by 10 % or more"), published.slowed, model.slowed, compared);
    add(tr("a job of the worst tenth loses at least"), published.worstTenth, model.worstTenth, compared);
    add(tr("a job of the worst hundredth loses at least"), published.worstHundredth, model.worstHundredth,
        compared);
    add(tr("GPU-hours lost, all jobs running equally long"), published.wasted, model.wasted, compared);
    table.rows.push_back({tr("lost by the mean job, whatever its size"), QVariant(),
                          percent(model.wastedByMeanJob), tr("model alone")});
    add(tr("jobs with sequences of unequal length"), c.sequenceShare.value, c.sequenceShare.value,
        tr("given by the study"));
    add(tr("their mean slowdown"), c.sequenceSlowdown.value - 1, c.sequenceSlowdown.value - 1,
        tr("given: sets the one strength that is fitted"));
    add(tr("jobs slowed most by the last stage"), c.stageShare.value, c.stageShare.value,
        tr("given by the study"));
    return table;
}

widgets::Caption stragglerCaption() {
    widgets::Caption caption;
    caption.title = QString::fromStdString(validation::stragglerFinding(study()));
    caption.subtitle =
        tr("What-if study of %1 jobs of 128 GPUs and more (arXiv:2505.05713) against as many jobs of the "
           "model: sizes and causes are the study's, nothing is fitted to the other figures, though they "
           "were known. GPU-hours are too many: "
           "the model's large jobs lose more than its small ones")
            .arg(widgets::countText(validation::stragglerConstants().jobCount.value));
    caption.provenance = QStringLiteral("resources/validation/straggler_study.yaml");
    return caption;
}

} // namespace atlas::app

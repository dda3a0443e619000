#include "app/credibility_values.h"

#include "model/training/calibration.h"
#include "model/validation/credibility.h"
#include "model/validation/published_data.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace atlas::app {

namespace {

using units::Dimension;
using validation::CheckedRun;
using validation::FitBasis;
using validation::ModelKind;
using widgets::countText;
using widgets::percentText;
using widgets::quantityText;
using widgets::text;

constexpr std::size_t kWorst = 10;
constexpr double kTrainingBand = 1.1;
constexpr double kServingBand = 1.5;
constexpr double kBillion = 1e9;
constexpr double kPercent = 100;
constexpr int kLineOfSource = 76; ///< characters of a source in a read-out

QString tr(const char* words) {
    return QCoreApplication::translate("Credibility", words);
}

/// Predicted once; immutable from then on.
const std::vector<CheckedRun>& allRuns() {
    static const std::vector<CheckedRun> runs = validation::checkedRuns();
    return runs;
}

std::vector<CheckedRun> runsOf(const CredibilityChoice& choice) {
    return validation::selected(allRuns(), choice.basis, choice.kind);
}

QString signedPercent(double share) {
    return (share > 0 ? QStringLiteral("+") : QString()) + percentText(share);
}

QString wrapped(const QString& words) {
    QString out;
    int line = 0;
    for (const QString& word : words.split(' ')) {
        if (line > 0 && line + word.size() > kLineOfSource) {
            out += '\n';
            line = 0;
        }
        out += (line > 0 ? QStringLiteral(" ") : QString()) + word;
        line += static_cast<int>(word.size()) + 1;
    }
    return out;
}

QString wordsOf(const CheckedRun& run, FitBasis basis) {
    QString words =
        tr("%1 on %2 %3, %4\n%5 · %6\n%7\nreported %8, predicted %9: ")
            .arg(text(run.model), countText(run.gpus), text(run.gpu), text(run.precision), text(run.stack),
                 text(run.id), wrapped(text(run.source)), quantityText(run.reported, Dimension::Number),
                 quantityText(run.predicted(basis), Dimension::Number)) +
        signedPercent(*run.errorOf(basis));
    if (!run.whyNotFitted.empty()) {
        words += '\n' + wrapped(tr("not fitted: %1").arg(text(run.whyNotFitted)));
    }
    return words;
}

/// Every class keeps its colour and shape, whatever is shown.
std::vector<QString> classesInOrder() {
    std::vector<QString> classes;
    for (const auto& seen : validation::ValidatedRange::training().classes) {
        classes.push_back(text(seen.gpu));
    }
    return classes;
}

std::size_t groupOf(widgets::ScatterValues& values, const QString& name) {
    const auto found = std::ranges::find(values.groups, name, &widgets::ScatterValues::Group::name);
    if (found != values.groups.end()) {
        return static_cast<std::size_t>(found - values.groups.begin());
    }
    values.groups.push_back({name, {}});
    return values.groups.size() - 1;
}

widgets::Caption caption(const std::string& title, const QString& subtitle) {
    const auto& calibration = training::Calibration::builtin();
    return {text(title), subtitle,
            tr("Colossus Atlas %1 · calibration of %2: %3")
                .arg(QStringLiteral(ATLAS_VERSION), text(calibration.date), text(calibration.data))};
}

std::vector<validation::ServingRun> measuredServing() {
    std::vector<validation::ServingRun> runs = validation::servingRuns();
    std::erase_if(runs, [](const validation::ServingRun& run) { return run.point.assumed; });
    return runs;
}

QString explained(const std::optional<validation::Explanation>& explanation) {
    return explanation ? text(explanation->text) : tr("not known");
}

} // namespace

std::vector<std::pair<QString, QString>> basisItems() {
    return {{QStringLiteral("group-left-out"), tr("fits that saw no run of its model, GPU and precision")},
            {QStringLiteral("stack-left-out"), tr("fits that saw no run of its software")},
            {QStringLiteral("source-left-out"), tr("fits that saw nothing else of its source")},
            {QStringLiteral("in-sample"), tr("the fit of the program, which saw it")},
            {QStringLiteral("never-fitted"), tr("rows that no fit uses")}};
}

std::vector<std::pair<QString, QString>> kindItems() {
    return {{QStringLiteral("all"), tr("all")},
            {QStringLiteral("dense"), tr("dense")},
            {QStringLiteral("moe"), tr("mixtures of experts")}};
}

CredibilityChoice chosen(CredibilityChoice choice, const QString& id) {
    const auto bases = basisItems();
    for (std::size_t i = 0; i < bases.size(); ++i) {
        if (bases[i].first == id) {
            choice.basis = static_cast<FitBasis>(i);
        }
    }
    const auto kinds = kindItems();
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (kinds[i].first == id) {
            choice.kind = static_cast<ModelKind>(i);
        }
    }
    return choice;
}

widgets::ScatterValues accuracyValues(const CredibilityChoice& choice) {
    widgets::ScatterValues values;
    values.quantity = tr("model TFLOP/s a GPU");
    values.band = kTrainingBand;
    values.bandWords = tr("within 10 %");
    for (const QString& name : classesInOrder()) {
        values.groups.push_back({name, {}});
    }
    const auto runs = runsOf(choice);
    const auto worst = validation::worstRows(runs, choice.basis, kWorst);
    for (const CheckedRun& run : runs) {
        widgets::ScatterValues::Point point{run.reported, run.predicted(choice.basis),
                                            wordsOf(run, choice.basis), 0};
        for (std::size_t i = 0; i < worst.size(); ++i) {
            point.rank = worst[i].run.id == run.id ? static_cast<int>(i) + 1 : point.rank;
        }
        const std::size_t group = groupOf(values, text(run.gpu));
        values.groups[group].points.push_back(std::move(point));
    }
    return values;
}

widgets::Caption accuracyCaption(const CredibilityChoice& choice) {
    return caption(validation::accuracyFinding(runsOf(choice), choice.basis),
                   tr("Model TFLOP/s a GPU, predicted against reported, %1; numbered: the ten worst")
                       .arg(text(validation::basisText(choice.basis))));
}

widgets::ErrorValues errorValues(const CredibilityChoice& choice, validation::GroupBy by) {
    widgets::ErrorValues values;
    values.noun = tr("runs");
    values.band = kTrainingBand - 1;
    values.bias = validation::kBiasLimit;
    values.few = validation::kFewRuns;
    for (const auto& group : validation::errorGroups(runsOf(choice), choice.basis, by)) {
        const validation::ErrorSpread& s = group.spread;
        values.groups.push_back(
            {text(group.name), s.runs, s.low, s.quarter, s.median, s.three, s.high, s.size.median});
    }
    return values;
}

widgets::Caption errorCaption(const CredibilityChoice& choice, validation::GroupBy by, const QString& what) {
    const auto groups = validation::errorGroups(runsOf(choice), choice.basis, by);
    return caption(
        validation::biasFinding(groups, what.toStdString()),
        tr("Throughput predicted over reported, %1; mark: median, bar: middle half, line: eight of "
           "ten, shaded: within 10 %")
            .arg(text(validation::basisText(choice.basis))));
}

widgets::DataTable worstTable(const CredibilityChoice& choice) {
    widgets::DataTable table;
    table.name = QStringLiteral("worst_rows");
    table.columns = {tr("rank"),
                     tr("run"),
                     tr("error, %"),
                     tr("explanation"),
                     tr("what it rests on"),
                     tr("standing"),
                     tr("repeated"),
                     tr("software"),
                     tr("source"),
                     tr("id"),
                     tr("reported, TFLOP/s a GPU"),
                     tr("predicted, TFLOP/s a GPU")};
    double rank = 0;
    for (const validation::WorstRow& row : validation::worstRows(runsOf(choice), choice.basis, kWorst)) {
        const CheckedRun& run = row.run;
        const QString repeated =
            row.repeats.any()
                ? tr("%1 times, %2 apart").arg(row.repeats.rows).arg(percentText(row.repeats.widest - 1))
                : tr("no");
        table.rows.push_back(
            {++rank,
             tr("%1, %2 × %3, %4")
                 .arg(text(run.model), countText(run.gpus), text(run.gpu), text(run.precision)),
             std::round(kPercent * 10 * row.error) / 10, explained(row.explanation),
             row.explanation ? text(row.explanation->reason) : QString(),
             text(validation::standingText(row.explanation)), repeated, text(run.stack), text(run.source),
             text(run.id), run.reported, run.predicted(choice.basis)});
    }
    return table;
}

widgets::Caption worstCaption(const CredibilityChoice& choice) {
    const auto runs = runsOf(choice);
    return caption(validation::worstFinding(validation::worstRows(runs, choice.basis, kWorst), runs.size()),
                   tr("The worst rows with the best explanation known, %1; above zero the model promises too "
                      "much")
                       .arg(text(validation::basisText(choice.basis))));
}

widgets::DataTable rangeTable() {
    const auto& range = validation::ValidatedRange::training();
    widgets::DataTable table;
    table.name = QStringLiteral("validated_range");
    table.columns = {tr("what"), tr("from"), tr("to"), tr("in"), tr("runs"), tr("computed in")};
    const auto add = [&](const QString& what, const QVariant& from, const QVariant& to, const QString& unit,
                         const QVariant& runs, const QString& widths) {
        table.rows.push_back({what, from, to, unit, runs, widths});
    };
    const auto billions = [](double params) { return std::round(params / kBillion * 10) / 10; };
    add(tr("one job"), range.smallestGpus, range.largestGpus, tr("GPUs"), static_cast<double>(range.runs),
        {});
    add(tr("one job, mixture of experts"), QVariant(), range.largestMoeGpus, tr("GPUs"), QVariant(), {});
    add(tr("dense models"), billions(range.smallestParams), billions(range.largestParams), tr("B parameters"),
        QVariant(), {});
    add(tr("mixtures of experts"), billions(range.smallestMoeParams), billions(range.largestMoeParams),
        tr("B parameters"), QVariant(), {});
    add(tr("sequence"), range.shortestSequence, range.longestSequence, tr("tokens"), QVariant(), {});
    for (const auto& seen : range.classes) {
        QStringList widths;
        for (const auto width : seen.widths) {
            widths << text(validation::widthText(width));
        }
        add(text(seen.gpu), QVariant(), seen.largestGpus, tr("GPUs"), static_cast<double>(seen.runs),
            widths.join(QStringLiteral(", ")));
    }
    return table;
}

widgets::Caption rangeCaption() {
    const auto& range = validation::ValidatedRange::training();
    return caption(
        validation::rangeFinding(range),
        tr("Extent of the %1 published runs of the fit; the largest is %2. No run mixes classes of "
           "GPU. Beyond, the model extrapolates by its equations and every number carries ‡")
            .arg(range.runs)
            .arg(text(range.largestRun)));
}

widgets::ScatterValues servingValues() {
    widgets::ScatterValues values;
    values.quantity = tr("tokens/s a GPU");
    values.band = kServingBand;
    values.bandWords = tr("within a factor of 1.5");
    for (const QString& name : classesInOrder()) {
        values.groups.push_back({name, {}});
    }
    for (const validation::ServingRun& run : measuredServing()) {
        if (run.predicted <= 0) {
            continue;
        }
        const auto& point = run.point;
        const std::size_t group = groupOf(values, text(point.machine.pools.front().gpu));
        const QString words =
            tr("%1 on %2, %3 tokens in, %4 out\n%5\n%6\npublished %7, model %8: ")
                .arg(text(point.model.name), text(point.machine.name), countText(point.job.inputTokens.value),
                     countText(point.job.outputTokens.value), wrapped(text(run.how)),
                     wrapped(text(point.source)), quantityText(point.published, Dimension::TokensPerSecond),
                     quantityText(run.predicted, Dimension::TokensPerSecond)) +
            signedPercent(run.error());
        values.groups[group].points.push_back({point.published, run.predicted, words, 0});
    }
    return values;
}

widgets::Caption servingCaption() {
    return caption(
        validation::servingFinding(measuredServing()),
        tr("Tokens/s a GPU, model against published; one set of constants, none fitted to one row. %1")
            .arg(text(validation::servingLeftOutFinding(measuredServing()))));
}

widgets::DataTable servingTable() {
    widgets::DataTable table;
    table.name = QStringLiteral("serving_points");
    table.columns = {tr("point"),
                     tr("GPU"),
                     tr("model"),
                     tr("tokens in"),
                     tr("tokens out"),
                     tr("published, tokens/s a GPU"),
                     tr("model, tokens/s a GPU"),
                     tr("error, %"),
                     tr("error without its group, %"),
                     tr("explanation"),
                     tr("what it rests on"),
                     tr("how"),
                     tr("source")};
    auto runs = measuredServing();
    std::ranges::stable_sort(runs, std::greater<>(),
                             [](const validation::ServingRun& run) { return validation::offBy(run); });
    for (const validation::ServingRun& run : runs) {
        const auto why = validation::explanationOf(run.point.id, validation::explanations());
        const bool bad = validation::offBy(run) > kServingBand;
        const auto leftOut = validation::leftOutError(run);
        table.rows.push_back({text(run.point.id), text(run.point.machine.name), text(run.point.model.name),
                              run.point.job.inputTokens.value, run.point.job.outputTokens.value,
                              run.point.published, run.predicted, std::round(kPercent * run.error()),
                              leftOut ? QVariant(std::round(kPercent * *leftOut)) : QVariant(),
                              bad ? QVariant(explained(why)) : QVariant(),
                              why ? QVariant(text(why->reason)) : QVariant(), text(run.how),
                              text(run.point.source)});
    }
    return table;
}

} // namespace atlas::app

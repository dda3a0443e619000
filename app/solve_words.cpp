#include "app/solve_words.h"

#include "app/levers.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <cmath>

namespace atlas::app {

namespace {

using widgets::text;

QString tr(const char* words) {
    return QCoreApplication::translate("SolveWords", words);
}

bool isMonths(const explore::Headline& row) {
    return row.unit == "months";
}

const explore::Headline& rowOf(const explore::Question& question) {
    return explore::programmeRows()[explore::rowOf(question.row).value_or(0)];
}

} // namespace

widgets::ChoiceRow::Items outcomeItems() {
    widgets::ChoiceRow::Items items;
    for (const explore::Headline& row : explore::programmeRows()) {
        items.emplace_back(text(row.key), text(row.label));
    }
    return items;
}

widgets::ChoiceRow::Items leverItems(const scenario::Scenario& s) {
    widgets::ChoiceRow::Items money;
    widgets::ChoiceRow::Items rest;
    explore::ModelInputs inputs = explore::ModelInputs::central(s);
    explore::visitModelInputs(inputs, [&](const std::string& path, catalog::Sourced&, units::Dimension) {
        (explore::isMoneyOnly(path) ? money : rest).emplace_back(text(path), inputLabel(s, path));
    });
    money.insert(money.end(), rest.begin(), rest.end());
    return money;
}

Result<double> targetOf(const QString& words, const explore::Headline& row, scenario::Month start) {
    const std::string written = words.toStdString();
    if (isMonths(row)) {
        if (const auto month = scenario::Month::parse(written)) {
            return static_cast<double>(month->index - start.index + 1);
        }
    }
    auto value = units::parseQuantity(written, row.dimension);
    if (!value) {
        return failure("“" + written + "” is no value of " + row.label,
                       "write it as in " + targetExample(row, start).toStdString());
    }
    return value;
}

QString targetExample(const explore::Headline& row, scenario::Month start) {
    if (isMonths(row)) {
        return text(scenario::Month{start.index + 12}.text());
    }
    if (row.unit == "1") {
        return QStringLiteral("50 %");
    }
    return row.dimension == units::Dimension::Usd || row.dimension == units::Dimension::UsdPerMonth
               ? text(units::formatQuantity(0, row.dimension))
               : text(units::formatQuantity(1, row.dimension));
}

QString answerWords(const explore::Answer& answer, const explore::Question& question,
                    const scenario::Scenario& s) {
    const QString lever = inputLabel(s, question.lever);
    const explore::Headline& row = rowOf(question);
    const QString goal =
        tr("%1 of %2").arg(text(row.label), widgets::headlineText(question.target, row, s.start));
    if (!answer.value) {
        return tr("Nothing would do for %1: %2.").arg(goal, text(answer.reason));
    }
    const QString value = widgets::quantityText(*answer.value, answer.dimension);
    QString words = tr("%1 would have to be %2 for %3").arg(lever, value, goal);
    const double today = answer.central.value;
    if (today != 0 && std::isfinite(*answer.value / today)) {
        words += tr(", %1 times what it is")
                     .arg(widgets::quantityText(*answer.value / today, units::Dimension::Number));
    }
    const bool ranged = answer.central.low < answer.central.high;
    if (ranged) {
        const bool inside = *answer.value >= answer.central.low && *answer.value <= answer.central.high;
        words += inside ? tr(" and within its range") : tr(" and outside its range");
    }
    words += '.';
    return answer.reason.empty() ? words : tr("%1 Mind: %2.").arg(words, text(answer.reason));
}

QString todayWords(const explore::Answer& answer, const explore::Question& question,
                   const scenario::Scenario& s) {
    const explore::Headline& row = rowOf(question);
    const QString low = widgets::quantityText(answer.central.low, answer.dimension);
    const QString high = widgets::quantityText(answer.central.high, answer.dimension);
    QString words =
        tr("As stated it is %1").arg(widgets::quantityText(answer.central.value, answer.dimension));
    if (answer.central.low < answer.central.high) {
        words += tr(" (range %1)").arg(widgets::rangeText(low, high));
    }
    words +=
        answer.rowToday
            ? tr(", and %1 is %2").arg(text(row.label), widgets::headlineText(*answer.rowToday, row, s.start))
            : tr(", and %1 does not apply").arg(text(row.label));
    return answer.central.source.empty() ? words + '.'
                                         : tr("%1. Source: %2").arg(words, text(answer.central.source));
}

} // namespace atlas::app

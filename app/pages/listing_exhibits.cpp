#include "app/chart_values.h"
#include "app/pages/programme_exhibits.h"
#include "app/programme_values.h"
#include "app/resources_folder.h"
#include "widgets/format.h"
#include "widgets/levers_panel.h"
#include "widgets/money_bridge_plot.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace atlas::app {

namespace {

using widgets::quantityText;
using widgets::text;

QString tr(const char* words) {
    return QCoreApplication::translate("ListingExhibits", words);
}

QString usd(double value) {
    return quantityText(value, units::Dimension::Usd);
}

QString times(double multiple) {
    return tr("%1×").arg(quantityText(multiple, units::Dimension::Number));
}

/// The strategy shown, in full; an empty one where it cannot be computed.
explore::Programme shownProgramme(const Evidence& evidence, std::stop_token stop) {
    const explore::StrategyResult* result =
        shownResult(*evidence.workspace, *evidence.comparison, evidence.programme);
    if (result == nullptr) {
        return {};
    }
    auto computed = explore::programme(*evidence.workspace->scenario, result->id, stop);
    return computed ? std::move(*computed) : explore::Programme{};
}

Exhibit valueExhibit() {
    return chartExhibit<widgets::MoneyBridgePlot, widgets::MoneyBridgeValues>(
        QStringLiteral("ipo-value"), tr("implied value of landlord and lab as a sum of parts"),
        Basis::Programme,
        [](const Evidence& evidence, std::stop_token stop) {
            return impliedValue(shownProgramme(evidence, stop));
        },
        [](const Evidence& evidence, const widgets::MoneyBridgeValues& values) {
            const scenario::Market& market = evidence.workspace->scenario->market;
            const explore::StrategyResult* result =
                shownResult(*evidence.workspace, *evidence.comparison, evidence.programme);
            return widgets::Caption{values.finding,
                                    tr("%1: best twelve months, leases at %2 EBITDA, the lab at %3 sales")
                                        .arg(result == nullptr ? QString() : text(result->name),
                                             times(market.landlordMultiple.value),
                                             times(market.labMultiple.value)),
                                    provenance(*evidence.workspace->scenario)};
        },
        tr("This strategy earns nothing."));
}

ComputedTable segmentTable(const Evidence& evidence, std::stop_token stop) {
    ComputedTable out;
    const scenario::Scenario& s = *evidence.workspace->scenario;
    out.table.name = QStringLiteral("ipo-segments");
    out.table.columns = {tr("strategy"),
                         tr("landlord's sales [USD/year]"),
                         tr("landlord's EBITDA [USD/year]"),
                         tr("landlord [USD]"),
                         tr("lab's sales [USD/year]"),
                         tr("lab [USD]"),
                         tr("models [USD]"),
                         tr("build-out to pay [USD]"),
                         tr("implied value [USD]"),
                         tr("landlord's share of sales")};
    std::pair<QString, double> best;
    for (const scenario::Strategy& strategy : s.strategies) {
        const auto computed = explore::programme(s, strategy.id, stop);
        if (!computed) {
            continue;
        }
        const finance::Segments& parts = computed->segments;
        out.table.rows.push_back({text(strategy.name), parts.landlordSalesUsd, parts.landlordEbitdaUsd,
                                  parts.landlordValueUsd, parts.labSalesUsd, parts.labValueUsd,
                                  parts.modelsUsd, parts.buildOutUsd, parts.impliedUsd(),
                                  widgets::percentText(parts.landlordShare())});
        if (best.first.isEmpty() || parts.impliedUsd() > best.second) {
            best = {text(strategy.name), parts.impliedUsd()};
        }
    }
    out.emptyReason = tr("The scenario has no strategies.");
    out.caption = {
        tr("Dual-track, %1 comes to most: %2 as stated").arg(best.first, usd(best.second)),
        tr("Landlord at %1 EBITDA, lab at %2 sales of the best twelve months; models are an assumption")
            .arg(times(s.market.landlordMultiple.value), times(s.market.labMultiple.value)),
        provenance(s)};
    return out;
}

/// What each published multiple would make of the segments.
ComputedTable multipleTable(const Evidence& evidence, std::stop_token stop) {
    ComputedTable out;
    const scenario::Scenario& s = *evidence.workspace->scenario;
    const finance::Segments parts = shownProgramme(evidence, stop).segments;
    out.table.name = QStringLiteral("ipo-multiples");
    out.table.columns = {
        tr("comparable"),      tr("of"),    tr("multiple"), tr("low"), tr("high"), tr("landlord at it [USD]"),
        tr("lab at it [USD]"), tr("grade"), tr("source")};
    for (const scenario::Comparable& c : s.market.comparables) {
        const bool ebitda = c.measure == scenario::Comparable::Measure::Ebitda;
        const double landlord = ebitda ? parts.landlordEbitdaUsd : parts.landlordSalesUsd;
        out.table.rows.push_back({text(c.name), ebitda ? tr("EBITDA") : tr("sales"), c.multiple.value,
                                  c.multiple.low, c.multiple.high,
                                  landlord > 0 ? QVariant(landlord * c.multiple.value) : QVariant(),
                                  ebitda ? QVariant() : QVariant(parts.labSalesUsd * c.multiple.value),
                                  widgets::gradeText(c.multiple.grade), text(c.multiple.source)});
    }
    out.emptyReason = tr("The scenario names no comparable companies.");
    double low = HUGE_VAL;
    double high = 0;
    for (const scenario::Comparable& c : s.market.comparables) {
        if (c.measure == scenario::Comparable::Measure::Sales) {
            low = std::min(low, c.multiple.value);
            high = std::max(high, c.multiple.value);
        }
    }
    out.caption = {high > low ? tr("Sales are paid %1 to %2: the multiple decides more than the business")
                                    .arg(times(low), times(high))
                              : tr("Multiples of comparable companies"),
                   tr("What each multiple would make of the segments of the strategy shown"), provenance(s)};
    return out;
}

/// The article beside what happened.
ComputedTable recordTable(const Evidence& evidence, std::stop_token stop) {
    ComputedTable out;
    const scenario::Scenario& s = *evidence.workspace->scenario;
    out.table.name = QStringLiteral("ipo-record");
    out.table.columns = {tr("what"), tr("in the article"), tr("in the record"), tr("grade"), tr("source")};
    out.emptyReason = tr("The record cannot be read.");
    const auto book =
        catalog::FactBook::load((resourcesFolder() + QStringLiteral("/catalog/facts")).toStdString());
    if (!book) {
        return out;
    }
    const auto row = [&](const QString& what, const QString& article, const char* key,
                         units::Dimension dimension) {
        const catalog::Fact* fact = book->find(key);
        if (fact == nullptr) {
            return;
        }
        QString record = fact->isNumber() ? quantityText(fact->value, dimension) : text(fact->text);
        if (fact->low && fact->high && *fact->low < *fact->high) {
            record = tr("%1 (%2)").arg(record, widgets::rangeText(quantityText(*fact->low, dimension),
                                                                  quantityText(*fact->high, dimension)));
        }
        out.table.rows.push_back(
            {what, article, record, widgets::gradeText(fact->grade), text(fact->source)});
    };
    using units::Dimension;
    row(tr("Listing"), tr("a roadmap, still to come"), "ipo.date", Dimension::Number);
    row(tr("Price of a share"), tr("not named"), "ipo.price_usd", Dimension::Usd);
    row(tr("Raised"), tr("not named"), "ipo.raised_usd", Dimension::Usd);
    row(tr("Value at the listing"), tr("not named"), "ipo.valuation_usd", Dimension::Usd);
    row(tr("Lab and launcher"), tr("one owner"), "xai_spacex_merger", Dimension::Number);
    row(tr("Lease fee, a month"), tr("a lease to Anthropic"), "lease.anthropic.usd_per_month",
        Dimension::Usd);
    row(tr("GPUs behind the fee"), tr("220,000, all of them Colossus 1"), "lease.anthropic.gpus",
        Dimension::Number);
    const explore::Programme programme = shownProgramme(evidence, stop);
    const catalog::Fact* value = book->find("ipo.valuation_usd");
    const catalog::Fact* date = book->find("ipo.date");
    out.caption = {
        date == nullptr ? tr("The listing in the article and in the record")
                        : tr("The article has a roadmap; the listing took place on %1").arg(text(date->text)),
        value == nullptr ? QString()
                         : tr("Landlord, lab and models of %1 come to %2 of the listing's %3")
                               .arg(text(programme.name),
                                    widgets::percentText(programme.segments.impliedUsd() / value->value),
                                    usd(value->value)),
        provenance(s)};
    return out;
}

} // namespace

std::vector<Exhibit> listingExhibits() {
    std::vector<Exhibit> all;
    all.push_back(valueExhibit());
    all.push_back({QStringLiteral("ipo-record"), tr("the listing in the article and in the record"),
                   Basis::Programme, TableRecipe{recordTable}, 1, Claims::Nothing});
    all.push_back({QStringLiteral("ipo-segments"),
                   tr("landlord and lab of every strategy, and what they imply"), Basis::Comparison,
                   TableRecipe{segmentTable}, 2});
    all.push_back({QStringLiteral("ipo-multiples"),
                   tr("multiples of comparable companies with their sources"), Basis::Programme,
                   TableRecipe{multipleTable}, 2});
    return all;
}

} // namespace atlas::app

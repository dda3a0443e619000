#include "app/chart_values.h"
#include "app/levers.h"
#include "app/pages/programme_exhibits.h"
#include "app/programme_values.h"
#include "widgets/break_even_plot.h"
#include "widgets/fan_plot.h"
#include "widgets/format.h"
#include "widgets/tornado_plot.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace atlas::app {

namespace {

using explore::Headline;
using explore::ProgrammeRanges;
using widgets::text;

constexpr int kDots = 20; ///< equally likely futures

QString tr(const char* words) {
    return QCoreApplication::translate("StudyExhibits", words);
}

widgets::Caption caption(const Evidence& evidence, const QString& finding, const QString& what) {
    return {finding, what, provenance(*evidence.workspace->scenario)};
}

QString drawsText(const Evidence& evidence) {
    return tr("%1 draws over the ranges of all facts")
        .arg(widgets::countText(static_cast<double>(evidence.study->ranges.draws)));
}

const ProgrammeRanges* rangesOf(const Evidence& evidence, const std::string& id) {
    const auto& all = evidence.study->ranges.strategies;
    const auto found = std::ranges::find(all, id, &ProgrammeRanges::id);
    return found == all.end() ? nullptr : &*found;
}

QString studyName(const Evidence& evidence) {
    const scenario::Strategy* strategy =
        evidence.study->question.scenario->strategy(evidence.study->question.strategy);
    return strategy == nullptr ? QString() : text(strategy->name);
}

const Headline& studyRow(const Evidence& evidence) {
    return explore::programmeRows()[explore::rowOf(evidence.study->question.row).value_or(0)];
}

QString rowText(const Evidence& evidence, double value) {
    return widgets::headlineText(value, studyRow(evidence), evidence.workspace->scenario->start);
}

/// The middles of twenty equal parts of the draws.
std::vector<double> futures(const std::vector<double>& samples) {
    std::vector<double> there;
    std::ranges::copy_if(samples, std::back_inserter(there), [](double v) { return !std::isnan(v); });
    std::vector<double> out;
    for (int i = 0; i < kDots && !there.empty(); ++i) {
        out.push_back(explore::quantile(there, (i + 0.5) / kDots));
    }
    return out;
}

widgets::FanValues fanValues(const Evidence& evidence) {
    widgets::FanValues values;
    const Workspace& panes = *evidence.workspace;
    const std::size_t row = explore::rowOf(explore::HeadlineKey::OwnerCashUsd);
    QStringList ends;
    for (const Side side : kSides) {
        const ProgrammeRanges* ranges = rangesOf(evidence, panes.pane(side).choice.strategy);
        if (ranges == nullptr || ranges->netCash.empty()) {
            continue;
        }
        values.first = ranges->netCash.front().month;
        auto& strategy = values.sides[index(side)];
        strategy.name = text(ranges->name);
        for (const explore::MonthBand& month : ranges->netCash) {
            const explore::Percentiles& p = month.usd;
            strategy.months.push_back({p.p5, p.p25, p.p50, p.p75, p.p95});
        }
        strategy.horizons = futures(ranges->samples[row]);
        ends << tr("%1 ends with cash in %2 of 20 futures")
                    .arg(QChar(widgets::letter(side)))
                    .arg(std::ranges::count_if(strategy.horizons, [](double usd) { return usd > 0; }));
    }
    values.finding = ends.join(QStringLiteral("; "));
    return values;
}

widgets::TornadoValues tornadoValues(const Evidence& evidence) {
    widgets::TornadoValues values;
    const ProgrammeStudy& study = *evidence.study;
    const Headline& row = studyRow(evidence);
    values.outcome = text(row.label);
    values.dimension = row.dimension;
    for (const explore::Swing& swing : study.swings) {
        values.central = swing.central;
        widgets::TornadoValues::Bar bar;
        const catalog::Sourced& number = swing.input.number;
        bar.name = inputLabel(*study.question.scenario, swing.input.paths.front());
        bar.lowText = widgets::quantityText(number.low, swing.input.dimension);
        bar.highText = widgets::quantityText(number.high, swing.input.dimension);
        bar.lowApplies = swing.atLow.has_value();
        bar.highApplies = swing.atHigh.has_value();
        bar.atLow = swing.atLow.value_or(swing.central);
        bar.atHigh = swing.atHigh.value_or(swing.central);
        bar.source = text(number.source);
        values.bars.push_back(std::move(bar));
    }
    if (!values.bars.empty()) {
        const auto& first = values.bars.front();
        values.finding = tr("%1 decides most: from %2 to %3")
                             .arg(first.name, rowText(evidence, std::min(first.atLow, first.atHigh)),
                                  rowText(evidence, std::max(first.atLow, first.atHigh)));
    }
    return values;
}

/// "Building 2, GB300" for "clusters.colossus-2.islands.southaven.tranches".
QString buildOutName(const scenario::Scenario& s, const std::string& path) {
    for (const scenario::Cluster& cluster : s.clusters) {
        for (const scenario::Island& island : cluster.islands) {
            if (path == "clusters." + cluster.id + ".islands." + island.id + ".tranches") {
                return text(island.name);
            }
        }
    }
    return text(path);
}

widgets::IndexValues indexValues(const Evidence& evidence) {
    widgets::IndexValues values;
    const ProgrammeStudy& study = *evidence.study;
    values.outcome = text(studyRow(evidence).label);
    for (const explore::SobolShare& share : study.sobol.shares) {
        // A variable is a fact or a path, named as the tornado names it, a build-out, or a group with a name.
        const auto swing = std::ranges::find_if(
            study.swings, [&](const explore::Swing& s) { return s.input.key == share.name; });
        QString name = text(share.name);
        if (swing != study.swings.end()) {
            name = inputLabel(*study.question.scenario, swing->input.paths.front());
        } else if (share.name.ends_with(".tranches")) {
            name = tr("Build-out of %1").arg(buildOutName(*study.question.scenario, share.name));
        }
        values.bars.push_back({name.replace('_', ' '), share.index.first, share.index.total,
                               share.index.firstError, share.index.totalError});
    }
    if (!values.bars.empty()) {
        values.finding = tr("%1 is behind %2 of the spread")
                             .arg(values.bars.front().name,
                                  widgets::percentText(std::max(0.0, values.bars.front().total), 0));
    }
    return values;
}

/// P10, P50 and P90 of a row. Months that do not come within the horizon are later than all that do.
std::array<std::optional<double>, 3> tenths(const std::vector<double>& samples, bool months) {
    std::vector<double> values;
    for (const double v : samples) {
        if (!std::isnan(v)) {
            values.push_back(v);
        } else if (months) {
            values.push_back(std::numeric_limits<double>::infinity());
        }
    }
    std::array<std::optional<double>, 3> out;
    if (values.empty()) {
        return out;
    }
    std::ranges::sort(values);
    constexpr std::array<double, 3> at = {0.1, 0.5, 0.9};
    for (std::size_t i = 0; i < at.size(); ++i) {
        const double place = at[i] * static_cast<double>(values.size() - 1);
        const double value = values[static_cast<std::size_t>(std::lround(place))];
        out[i] = std::isfinite(value) ? std::optional(value) : std::nullopt;
    }
    return out;
}

ComputedTable outcomeTable(const Evidence& evidence, std::stop_token) {
    constexpr const char* kRows[] = {
        "train_months",   "delivered_exaflop_days", "usd_per_exaflop_day",
        "npv_usd",        "npv_with_models_usd",    "irr_per_year",
        "payback_months", "peak_funding_usd",       "break_even_fee_usd_per_month",
        "landlord_share", "implied_value_usd"};
    ComputedTable out;
    out.table.name = QStringLiteral("outcomes");
    out.table.columns = {tr("outcome"), tr("strategy"), tr("as stated"), tr("P10"),
                         tr("P50"),     tr("P90"),      tr("applies in")};
    const scenario::Month start = evidence.workspace->scenario->start;
    for (const char* key : kRows) {
        const auto row = explore::rowOf(key);
        if (!row) {
            continue;
        }
        const Headline& headline = explore::programmeRows()[*row];
        const bool months = headline.unit == "months";
        const auto cell = [&](std::optional<double> value) -> QVariant {
            return value ? QVariant(widgets::headlineText(*value, headline, start))
                         : QVariant(months ? tr("not by the horizon") : widgets::notApplicable());
        };
        for (const ProgrammeRanges& ranges : evidence.study->ranges.strategies) {
            if (ranges.shareWithValue[*row] <= 0) {
                continue;
            }
            const auto at = tenths(ranges.samples[*row], months);
            out.table.rows.push_back({text(headline.label), text(ranges.name), cell(ranges.rows[*row].value),
                                      cell(at[0]), cell(at[1]), cell(at[2]),
                                      widgets::percentText(ranges.shareWithValue[*row])});
        }
    }
    for (const ProgrammeRanges& ranges : evidence.study->ranges.strategies) {
        for (const explore::TrancheChance& tranche : ranges.tranches) {
            const auto cell = [](std::optional<scenario::Month> month) {
                return month ? widgets::monthText(*month) : tr("not by the horizon");
            };
            out.table.rows.push_back({tr("%1 funded").arg(text(tranche.tranche)), text(ranges.name),
                                      cell(tranche.stated), cell(tranche.p10), cell(tranche.p50),
                                      cell(tranche.p90), widgets::percentText(tranche.byHorizon)});
        }
    }
    out.emptyReason = evidence.study->rangesProblem;
    const std::size_t npv = explore::rowOf(explore::HeadlineKey::NpvUsd);
    const auto best =
        std::ranges::max_element(evidence.study->ranges.strategies, {},
                                 [&](const ProgrammeRanges& ranges) { return ranges.sharePositive[npv]; });
    if (best != evidence.study->ranges.strategies.end()) {
        out.caption =
            caption(evidence,
                    tr("%1 has the best odds of a gain: a positive net present value in %2 of draws")
                        .arg(text(best->name), widgets::percentText(best->sharePositive[npv])),
                    tr("In one of ten futures it is below P10, in one of ten above P90; %1")
                        .arg(drawsText(evidence)));
    }
    return out;
}

} // namespace

std::vector<Exhibit> studyExhibits() {
    std::vector<Exhibit> all;
    all.push_back({QStringLiteral("outcomes"), tr("what every strategy comes to, with ranges"), Basis::Study,
                   TableRecipe{outcomeTable}, 2});
    all.push_back(chartExhibit<widgets::FanPlot, widgets::FanValues>(
        QStringLiteral("cash-fan"), tr("cash of the owner by month with its range, A and B"), Basis::Study,
        [](const Evidence& evidence, std::stop_token) { return fanValues(evidence); },
        [](const Evidence& evidence, const widgets::FanValues& values) {
            return caption(evidence, values.finding,
                           tr("The owner's cash less debt by month, USD; %1").arg(drawsText(evidence)));
        },
        tr("Nothing has been drawn.")));
    all.push_back(chartExhibit<widgets::TornadoPlot, widgets::TornadoValues>(
        QStringLiteral("tornado"), tr("the facts that move an outcome most, one at a time"), Basis::Study,
        [](const Evidence& evidence, std::stop_token) { return tornadoValues(evidence); },
        [](const Evidence& evidence, const widgets::TornadoValues& values) {
            return caption(evidence, values.finding,
                           tr("%1 of %2: one fact at a time over its range, all others as stated")
                               .arg(values.outcome, studyName(evidence)));
        },
        tr("No fact moves this outcome, or it does not apply to the strategy.")));
    all.push_back(chartExhibit<widgets::IndexPlot, widgets::IndexValues>(
        QStringLiteral("sobol"), tr("which share of an outcome's spread each fact is behind"), Basis::Study,
        [](const Evidence& evidence, std::stop_token) { return indexValues(evidence); },
        [](const Evidence& evidence, const widgets::IndexValues& values) {
            return caption(
                evidence, values.finding,
                tr("%1 of %2: first-order and total Sobol indices with two standard errors, %3 samples")
                    .arg(values.outcome, studyName(evidence))
                    .arg(widgets::countText(static_cast<double>(evidence.study->sobol.samples))));
        },
        tr("The outcome does not vary, or does not apply to the strategy.")));
    all.push_back(chartExhibit<widgets::BreakEvenPlot, explore::BreakEvenMap>(
        QStringLiteral("break-even"), tr("lease or keep over the fee and the MFU of the kept cluster"),
        Basis::Study, [](const Evidence& evidence, std::stop_token) { return evidence.study->map; },
        [](const Evidence& evidence, const explore::BreakEvenMap& map) {
            return caption(
                evidence, widgets::breakEvenFinding(map),
                tr("%1 of “%2” less “%3”").arg(text(map.rowLabel), text(map.leaseName), text(map.keepName)));
        },
        tr("No strategy leases a cluster by the month that another one trains on.")));
    return all;
}

} // namespace atlas::app

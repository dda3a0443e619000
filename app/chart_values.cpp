#include "app/chart_values.h"

#include "app/programme_values.h"
#include "app/validity_text.h"
#include "model/explore/findings.h"
#include "widgets/report.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>
#include <cmath>

namespace atlas::app {

namespace {

constexpr double kWeekS = 7 * 86400.0;
constexpr int kSamplesOfAMean = 12;

QString tr(const char* text) {
    return QCoreApplication::translate("ChartValues", text);
}

} // namespace

TimeSpan weekAround(double timeS) {
    const double week = std::floor(std::max(0.0, timeS) / kWeekS);
    return {week * kWeekS, (week + 1) * kWeekS};
}

widgets::WaterfallValues waterfallValues(const Workspace& workspace) {
    widgets::WaterfallValues values;
    for (const Side side : kSides) {
        const Pane& pane = workspace.pane(side);
        auto& strategy = values.sides[index(side)];
        strategy.name = QString::fromStdString(pane.strategyName);
        if (!pane.timeline) {
            strategy.reason = QString::fromStdString(text(pane.problems)).trimmed();
            continue;
        }
        strategy.bars = pane.waterfall;
        if (strategy.bars.empty()) {
            strategy.reason = tr("%1 does not train: %2")
                                  .arg(QString::fromStdString(pane.clusterName),
                                       QString::fromStdString(pane.timeline->activity()));
        }
    }
    leaveOutEmptyLosses(values);
    return values;
}

void leaveOutEmptyLosses(widgets::WaterfallValues& values) {
    const auto loses = [&](const std::string& name) {
        return std::ranges::any_of(values.sides, [&](const auto& side) {
            return std::ranges::any_of(side.bars, [&](const operations::WaterfallBar& bar) {
                return bar.name == name && bar.share != 0;
            });
        });
    };
    for (auto& side : values.sides) {
        std::erase_if(side.bars, [&](const operations::WaterfallBar& bar) {
            return !values.isTotal(bar.name) && !loses(bar.name);
        });
    }
}

namespace {

/// Means of `each` samples that follow each other, at the middle of their time: a step that restarts or waits
/// is one sample, and a line through single steps hides what the hours have in common.
std::vector<operations::TimelineSample> meansOf(const std::vector<operations::TimelineSample>& samples,
                                                std::size_t each) {
    std::vector<operations::TimelineSample> means;
    for (std::size_t first = 0; first + each <= samples.size(); first += each) {
        operations::TimelineSample mean;
        mean.promiseKept = 0;
        const auto part = 1.0F / static_cast<float>(each);
        for (std::size_t i = first; i < first + each; ++i) {
            const operations::TimelineSample& one = samples[i];
            mean.timeS += one.timeS / static_cast<double>(each);
            mean.utilisation += part * one.utilisation;
            mean.waiting += part * one.waiting;
            mean.stepTimeS += part * one.stepTimeS;
            mean.queue += part * one.queue;
            mean.promiseKept += part * one.promiseKept;
        }
        means.push_back(mean);
    }
    return means;
}

} // namespace

widgets::UtilisationValues utilisationValues(const Workspace& workspace, TimeSpan span, int count) {
    widgets::UtilisationValues values;
    for (const Side side : kSides) {
        const Pane& pane = workspace.pane(side);
        values.sides[index(side)].name = QString::fromStdString(pane.strategyName);
        if (pane.timeline) {
            values.sides[index(side)].samples = meansOf(
                pane.timeline->samples(span.fromS, span.toS, count * kSamplesOfAMean), kSamplesOfAMean);
        }
    }
    return values;
}

widgets::CashValues cashValues(const Workspace& workspace, const explore::Comparison& comparison) {
    widgets::CashValues values;
    for (const Side side : kSides) {
        const Pane& pane = workspace.pane(side);
        auto& strategy = values.sides[index(side)];
        strategy.name = QString::fromStdString(pane.strategyName);
        const explore::StrategyResult* result = resultOf(comparison, pane.choice.strategy);
        if (result == nullptr || result->cash.months.empty()) {
            continue;
        }
        values.owner = QString::fromStdString(result->cash.owner);
        strategy.first = result->cash.months.front().month;
        for (const finance::CashMonth& month : result->cash.months) {
            strategy.balanceUsd.push_back(month.ownerNetUsd);
        }
        strategy.tranches = result->cash.tranches;
        const auto cash =
            std::ranges::find(result->headline, std::string("owner_cash_usd"), &explore::Headline::key);
        if (cash != result->headline.end() && cash->value && cash->hasRange) {
            strategy.endLowUsd = cash->low;
            strategy.endHighUsd = cash->high;
        }
    }
    return values;
}

void explainEmptyCharts(widgets::WaterfallPlot* waterfall, widgets::UtilisationPlot* utilisation,
                        widgets::CashPlot* cash) {
    if (waterfall != nullptr) {
        waterfall->setEmptyReason(tr("Neither strategy trains on what is shown."));
    }
    if (utilisation != nullptr) {
        utilisation->setEmptyReason(tr("Nothing runs in this span of time."));
    }
    if (cash != nullptr) {
        cash->setEmptyReason(tr("No cash flows in these strategies."));
    }
}

QString provenance(const scenario::Scenario& scenario) {
    return widgets::provenance(QFileInfo(QString::fromStdString(scenario.file)).fileName(), scenario.seed);
}

widgets::Caption waterfallCaption(const Workspace& workspace, const widgets::WaterfallValues& values) {
    std::vector<explore::Side> sides;
    for (const Side side : kSides) {
        const auto& bars = values.sides[index(side)].bars;
        explore::Side told{workspace.pane(side).clusterName, std::nullopt, {}};
        if (!bars.empty()) {
            told.share = bars.back().share;
        } else if (workspace.pane(side).timeline) {
            told.instead = "is " + workspace.pane(side).timeline->activity();
        }
        sides.push_back(std::move(told));
    }
    const bool sameCluster = sides[0].name == sides[1].name;
    return {sameCluster ? widgets::waterfallFinding(values)
                        : QString::fromStdString(explore::trainingFinding(sides)),
            tr("Share of the bf16 peak in percent, mean over all months it trains"),
            provenance(*workspace.scenario), captionCaveat(workspace)};
}

widgets::Caption utilisationCaption(const Workspace& workspace, const widgets::UtilisationValues& values) {
    QString span;
    for (const auto& side : values.sides) {
        if (side.samples.size() > 1) {
            span = tr(", day %1 to %2")
                       .arg(std::lround(side.samples.front().timeS / 86400.0))
                       .arg(std::lround(side.samples.back().timeS / 86400.0));
            break;
        }
    }
    return {widgets::utilisationFinding(values), tr("Share of GPUs with power%1").arg(span),
            provenance(*workspace.scenario), captionCaveat(workspace)};
}

widgets::Caption cashCaption(const Workspace& workspace, const widgets::CashValues& values) {
    return {widgets::cashFinding(values),
            values.owner.isEmpty()
                ? tr("Cash less debt by month, range at the horizon")
                : tr("Cash of %1 less debt by month, range at the horizon").arg(values.owner),
            provenance(*workspace.scenario), captionCaveat(workspace)};
}

} // namespace atlas::app

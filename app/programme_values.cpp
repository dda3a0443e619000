#include "app/programme_values.h"

#include "model/explore/findings.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <map>

namespace atlas::app {

namespace {

using widgets::GanttValues;
using widgets::MoneyBridgeValues;
using widgets::quantityText;
using widgets::text;

QString tr(const char* words) {
    return QCoreApplication::translate("ProgrammeValues", words);
}

QString usd(double value) {
    return quantityText(value, units::Dimension::Usd);
}

/// "Colossus 2" of "Colossus 2 tranche 3".
std::string clusterOf(const finance::Tranche& tranche) {
    return tranche.name.substr(0, tranche.name.find(" tranche "));
}

QString gpusText(double gpus, const scenario::GpuClass* gpu) {
    return tr("%1 %2").arg(widgets::countText(std::round(gpus)),
                           gpu == nullptr ? QString() : text(gpu->name));
}

/// What has power by the start is one lane a cluster, what is still to come one lane a tranche.
void addTranches(const scenario::Scenario& s, const finance::CashFlow& cash, GanttValues& out) {
    const double end = out.first.index + out.months;
    std::map<std::string, std::size_t> standing;
    for (const finance::Tranche& tranche : cash.buildOut) {
        if (!tranche.bought) {
            continue;
        }
        const auto [at, fresh] = standing.emplace(clusterOf(tranche), out.lanes.size());
        if (fresh) {
            out.lanes.push_back({text(at->first), {}, {}});
            out.lanes.back().bars.push_back(
                {GanttValues::Kind::Powered, static_cast<double>(out.first.index), end, {}});
        }
        QString& words = out.lanes[at->second].bars.front().words;
        words += (words.isEmpty() ? QString() : tr(" + ")) + gpusText(tranche.gpus, tranche.gpu);
    }
    for (const finance::Tranche& tranche : cash.buildOut) {
        if (tranche.bought) {
            continue;
        }
        GanttValues::Lane lane{text(tranche.name), {}, {}};
        const auto due = finance::instalmentsOf(tranche, s.financing);
        const double power = tranche.month.index;
        const double first = due.empty() ? power : due.front().month.index;
        if (first < power) {
            lane.bars.push_back({GanttValues::Kind::Build, first, power, usd(tranche.capexUsd())});
        }
        lane.bars.push_back({GanttValues::Kind::Powered, power, end, gpusText(tranche.gpus, tranche.gpu)});
        for (const finance::CashFlow::Funded& funded : cash.tranches) {
            if (funded.tranche == tranche.name && funded.ever) {
                lane.marks.push_back({funded.funded.index + 0.5,
                                      tr("own cash covers it by %1").arg(widgets::monthText(funded.funded))});
            }
        }
        out.lanes.push_back(std::move(lane));
    }
}

void addLeases(const finance::CashFlow& cash, GanttValues& out) {
    struct Lease {
        int first = 0, last = 0;
        double most = 0;
        std::string tenant;
    };
    std::map<std::string, Lease> leases;
    for (const finance::CashMonth& month : cash.months) {
        for (const finance::Payment& p : month.payments) {
            if (p.kind == finance::PaymentKind::LeaseFee && p.usd > 0) {
                auto [at, fresh] = leases.emplace(p.what, Lease{month.month.index, 0, 0, p.from});
                at->second.last = month.month.index;
                at->second.most = std::max(at->second.most, p.usd);
            }
        }
    }
    for (const auto& [what, lease] : leases) {
        QString name = text(what);
        name[0] = name[0].toUpper();
        out.lanes.push_back({name,
                             {{GanttValues::Kind::Lease, static_cast<double>(lease.first), lease.last + 1.0,
                               tr("%1, %2").arg(text(lease.tenant),
                                                quantityText(lease.most, units::Dimension::UsdPerMonth))}},
                             {}});
    }
}

void addRuns(const std::vector<explore::RunDate>& runs, GanttValues& out) {
    for (const explore::RunDate& run : runs) {
        if (!run.beginMonths || *run.beginMonths > out.months) {
            continue;
        }
        const double from = out.first.index + *run.beginMonths;
        const double to = run.doneMonths ? out.first.index + *run.doneMonths
                                         : static_cast<double>(out.first.index + out.months);
        const QString done =
            run.doneMonths ? tr("trained %1").arg(widgets::monthText({static_cast<int>(std::floor(to))}))
                           : tr("not finished");
        out.lanes.push_back({text(run.name), {{GanttValues::Kind::Run, from, to, done}}, {}});
    }
}

} // namespace

const explore::StrategyResult* resultOf(const explore::Comparison& comparison, const std::string& id) {
    const auto found = std::ranges::find(comparison.strategies, id, &explore::StrategyResult::id);
    return found == comparison.strategies.end() ? nullptr : &*found;
}

const explore::StrategyResult* shownResult(const Workspace& workspace, const explore::Comparison& comparison,
                                           const ProgrammeChoice& choice) {
    for (const std::string& id : {choice.strategy, workspace.pane(Side::B).choice.strategy}) {
        if (const explore::StrategyResult* result = resultOf(comparison, id)) {
            return result;
        }
    }
    return comparison.strategies.empty() ? nullptr : &comparison.strategies.front();
}

int yearOf(const scenario::Scenario& s, const ProgrammeChoice& choice) {
    const int first = s.start.year();
    const int last = scenario::Month{s.start.index + std::max(1, s.horizonMonths) - 1}.year();
    const int whole = s.start.month() == 1 ? first : first + 1;
    return std::clamp(choice.year == 0 ? whole : choice.year, first, last);
}

widgets::MonthStackValues entityCash(const explore::StrategyResult& result) {
    widgets::MonthStackValues values;
    values.name = QStringLiteral("cash-by-entity");
    if (result.cash.months.empty()) {
        return values;
    }
    values.first = result.cash.months.front().month;
    std::pair<QString, double> most;
    std::pair<QString, double> least;
    for (finance::EntityMonths& entity : finance::entityMonths(result.cash)) {
        double sum = 0;
        for (const double month : entity.netUsd) {
            sum += month;
        }
        const QString name = text(entity.name);
        if (sum > most.second) {
            most = {name, sum};
        }
        if (sum < least.second) {
            least = {name, sum};
        }
        values.layers.push_back({name, std::move(entity.netUsd)});
    }
    values.finding = tr("Most comes from %1, %2; most goes to %3, %4")
                         .arg(least.first, usd(-least.second), most.first, usd(most.second));
    return values;
}

widgets::SankeyValues yearFlows(const explore::StrategyResult& result, int year) {
    widgets::SankeyValues values;
    values.flows =
        finance::moneyFlows(result.cash, scenario::Month::of(year, 1), scenario::Month::of(year + 1, 1));
    values.span = QString::number(year);
    double in = 0;
    double out = 0;
    for (const finance::CashMonth& month : result.cash.months) {
        if (month.month.year() != year) {
            continue;
        }
        for (const finance::Payment& p : month.payments) {
            if (!finance::isFinancing(p.kind)) {
                in += p.to == result.cash.owner ? p.usd : 0.0;
                out += p.from == result.cash.owner ? p.usd : 0.0;
            }
        }
    }
    values.finding =
        tr("In %1 %2 earns %3 and spends %4").arg(values.span, text(result.cash.owner), usd(in), usd(out));
    return values;
}

GanttValues buildOut(const scenario::Scenario& s, const explore::Programme& programme) {
    GanttValues out;
    out.first = s.start;
    out.months = s.horizonMonths;
    addTranches(s, programme.cash, out);
    addLeases(programme.cash, out);
    addRuns(programme.runs, out);
    for (const finance::BookMonth& month : programme.cash.books) {
        out.powerW.push_back(month.poweredW);
    }
    out.finding = text(explore::fundingFinding(programme.cash));
    return out;
}

MoneyBridgeValues valueBridge(const scenario::Scenario& s, const explore::Programme& a,
                              const explore::Programme& b) {
    const double rate = s.economics.discountRatePerYear.value;
    const finance::NpvParts from = finance::npvParts(a.cash, rate);
    const finance::NpvParts to = finance::npvParts(b.cash, rate);
    MoneyBridgeValues values;
    values.name = QStringLiteral("value-bridge");
    const double before = from.totalUsd() + a.segments.modelsUsd;
    const double after = to.totalUsd() + b.segments.modelsUsd;
    values.bars.push_back({tr("A"), before, true, 0});
    const auto step = [&](const QString& name, double usdMore) {
        if (std::abs(usdMore) > 0.5) {
            values.bars.push_back({name, usdMore, false, -1});
        }
    };
    step(tr("lease income"), to.leaseUsd - from.leaseUsd);
    step(tr("token sales"), to.tokenSalesUsd - from.tokenSalesUsd);
    step(tr("models trained"), b.segments.modelsUsd - a.segments.modelsUsd);
    step(tr("running cost"), to.runningUsd - from.runningUsd);
    step(tr("build-out"), to.capexUsd - from.capexUsd);
    step(tr("tax"), to.taxUsd - from.taxUsd);
    step(tr("resale of GPUs"), to.residualUsd - from.residualUsd);
    values.bars.push_back({tr("B"), after, true, 1});
    const auto largest = std::ranges::max_element(values.bars, {}, [](const MoneyBridgeValues::Bar& bar) {
        return bar.total ? 0.0 : std::abs(bar.usd);
    });
    values.finding =
        after >= before
            ? tr("B is worth %1 more than A; the largest step is %2").arg(usd(after - before), largest->name)
            : tr("B is worth %1 less than A; the largest step is %2").arg(usd(before - after), largest->name);
    return values;
}

MoneyBridgeValues impliedValue(const explore::Programme& programme) {
    const finance::Segments& parts = programme.segments;
    MoneyBridgeValues values;
    values.name = QStringLiteral("ipo-value");
    const auto step = [&](const QString& name, double value) {
        if (std::abs(value) > 0.5) {
            values.bars.push_back({name, value, false, -1});
        }
    };
    step(tr("landlord: leases at their multiple"), parts.landlordValueUsd);
    step(tr("lab: sales at their multiple"), parts.labValueUsd);
    step(tr("models still to come"), parts.modelsUsd);
    step(tr("build-out still to pay"), -parts.buildOutUsd);
    values.bars.push_back({tr("implied value"), parts.impliedUsd(), true, 1});
    values.finding = parts.landlordSalesUsd > 0
                         ? tr("Landlord and lab together are worth %1; %2 of the sales are rent")
                               .arg(usd(parts.impliedUsd()), widgets::percentText(parts.landlordShare()))
                         : tr("The lab alone is worth %1; nothing is leased").arg(usd(parts.impliedUsd()));
    return values;
}

} // namespace atlas::app

#include "model/explore/outcome.h"

#include "model/finance/contract.h"
#include "model/finance/funding.h"

#include <algorithm>
#include <cmath>

namespace atlas::explore {

namespace {

double meanRentUsdPerHour(const scenario::Scenario& s, const scenario::Cluster& cluster) {
    double gpus = 0;
    double usd = 0;
    for (const scenario::Island& island : cluster.islands) {
        const scenario::GpuClass* gpu = s.gpu(island.gpu);
        gpus += island.gpuCount.value;
        usd += gpu == nullptr ? 0.0 : island.gpuCount.value * gpu->rentUsdPerGpuHour.value;
    }
    return gpus > 0 ? usd / gpus : 0.0;
}

void trainingValues(const scenario::Scenario& s, const Physics& physics, HeadlineValues& v) {
    const TrainingCourse* main = physics.main();
    if (main == nullptr) {
        return;
    }
    const TrainingCourse::Stretch& stretch = main->telling();
    const training::StepAnatomy& step = stretch.anatomy;
    at(v, HeadlineKey::Mfu) = step.mfu;
    at(v, HeadlineKey::Goodput) = stretch.goodput;
    at(v, HeadlineKey::WaitingShare) = waitingShare(step);
    at(v, HeadlineKey::StepTimeS) = step.stepTimeS;
    at(v, HeadlineKey::TrainMonths) = main->monthsToTrain;
    double waitingUsd = 0;
    for (const TrainingCourse& course : physics.courses) {
        const training::StepAnatomy& its = course.telling().anatomy;
        waitingUsd += idleGpus(its) * meanRentUsdPerHour(s, *s.cluster(course.assignment->cluster)) *
                      finance::kHoursPerMonth;
        for (const training::ClassShare& share : its.classes) {
            const scenario::GpuClass* gpu = s.gpu(share.gpu);
            const double rent = gpu == nullptr ? 0.0 : gpu->rentUsdPerGpuHour.value;
            waitingUsd += static_cast<double>(share.count) * share.waitS / its.stepTimeS *
                          finance::kHoursPerMonth * rent;
        }
    }
    at(v, HeadlineKey::WaitingUsdPerMonth) = waitingUsd;
    at(v, HeadlineKey::DeliveredFlopPerS) =
        keptFlop(physics.stints) / (s.horizonMonths * finance::kHoursPerMonth * 3600.0);
}

/// Running cost and loss of resale value of the clusters in the months in which they train, per exaFLOP-day
/// kept.
void trainingCost(const scenario::Scenario& s, const Physics& physics, const finance::OwnerMonths& owner,
                  HeadlineValues& v) {
    const double flop = keptFlop(physics.stints);
    double usd = 0;
    for (const TrainingCourse& course : physics.courses) {
        for (std::size_t c = 0; c < owner.clusters.size(); ++c) {
            const auto& site = owner.clusters[c];
            if (site.cluster->id != course.assignment->cluster) {
                continue;
            }
            const scenario::Month first = course.stretches.front().from;
            const scenario::Month end = course.stretches.back().until;
            for (const finance::OwnerMonth& month : owner.months) {
                for (const finance::ClusterMonth& m : month.clusters) {
                    usd += m.cluster == c && month.month >= first && month.month < end ? m.runningUsd() : 0.0;
                }
            }
            usd +=
                finance::depreciationUsd(site.tranches, first, end, s.economics.gpuPriceDecayPerYear.value);
        }
    }
    if (flop > 0) {
        at(v, HeadlineKey::UsdPerExaflopDay) = usd / (flop / kExaflopDay);
    }
}

/// The next tranche is usually covered by the cash in hand; the second shows what the business brings in.
void fundingValues(const scenario::Scenario& s, const std::vector<finance::CashFlow::Funded>& tranches,
                   HeadlineValues& v) {
    if (tranches.empty()) {
        return;
    }
    double all = 0;
    double paid = 0;
    for (const finance::CashFlow::Funded& tranche : tranches) {
        all += tranche.usd;
        paid += tranche.ever ? tranche.usd : 0.0;
    }
    at(v, HeadlineKey::BuildOutFundedShare) = all > 0 ? paid / all : 1.0;
    const finance::CashFlow::Funded& second = tranches[std::min<std::size_t>(1, tranches.size() - 1)];
    if (second.ever) {
        at(v, HeadlineKey::TrancheFundedMonths) = second.funded.index - s.start.index + 1;
    }
}

void moneyValues(const scenario::Scenario& s, const Money& money, HeadlineValues& v) {
    const finance::OwnerMonths& owner = money.owner;
    const scenario::Economics& e = s.economics;
    double lease = 0;
    double facilityW = 0;
    for (const finance::OwnerMonth& month : owner.months) {
        lease = std::max(lease, month.leaseUsd);
        double watts = 0;
        for (const finance::ClusterMonth& c : month.clusters) {
            watts += c.facilityW;
        }
        facilityW = std::max(facilityW, watts);
    }
    at(v, HeadlineKey::OwnerCashUsd) = money.financed.months.back().netUsd();
    at(v, HeadlineKey::NpvUsd) = finance::npvUsd(owner.flowsUsd(), e.discountRatePerYear.value);
    at(v, HeadlineKey::PeakFundingUsd) = money.financed.peakNeedUsd;
    at(v, HeadlineKey::FacilityW) = facilityW;
    if (lease > 0) {
        at(v, HeadlineKey::LeaseUsdPerMonth) = lease;
        at(v, HeadlineKey::BreakEvenFee) =
            finance::breakEvenFeeUsdPerMonth(owner, e.discountRatePerYear.value).value;
    }
    fundingValues(s, finance::fundedDates(owner, e.startingCashUsd.value), v);
}

} // namespace

Result<Money> moneyOf(const ModelInputs& inputs, const scenario::Strategy& strategy, const Physics& physics) {
    const scenario::Scenario& s = inputs.scenario;
    auto owner = finance::ownerMonths(s, strategy, physics.use);
    if (!owner) {
        return owner.errors();
    }
    Money money;
    money.owner = std::move(*owner);
    money.financed = finance::financedMonths(money.owner, s);
    trainingValues(s, physics, money.values);
    trainingCost(s, physics, money.owner, money.values);
    if (physics.serving) {
        at(money.values, HeadlineKey::ServingTokensPerS) = physics.serving->outputTokensPerS;
        at(money.values, HeadlineKey::ServingTokensPerDay) =
            physics.outlook.inputTokensPerDay + physics.outlook.outputTokensPerDay;
        at(money.values, HeadlineKey::SloAttainment) = physics.outlook.promiseKept;
        if (physics.serving->usersServed > 0) {
            at(money.values, HeadlineKey::UsersServed) = physics.serving->usersServed;
        }
    }
    moneyValues(s, money, money.values);
    return money;
}

Result<Outcome> evaluate(const ModelInputs& inputs, const scenario::Strategy& strategy,
                         const Layouts& layouts, std::stop_token stop) {
    auto physics = physicsOf(inputs, strategy, layouts, stop);
    if (!physics) {
        return physics.errors();
    }
    auto money = moneyOf(inputs, strategy, *physics);
    if (!money) {
        return money.errors();
    }
    return Outcome{std::move(*physics), std::move(*money)};
}

} // namespace atlas::explore

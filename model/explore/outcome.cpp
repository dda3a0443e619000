#include "model/explore/outcome.h"

#include "model/finance/contract.h"
#include "model/finance/funding.h"

#include <algorithm>
#include <cmath>

namespace atlas::explore {

namespace {

using scenario::Activity;

constexpr double kDaysPerMonth = finance::kDaysPerMonth;
constexpr double kExa = 1e18;

/// Mean IT power of a machine with every GPU powered, W, at a mean draw per GPU of each class.
double itPowerW(const scenario::Scenario& s, const scenario::Cluster& cluster, Activity activity,
                double utilisation) {
    double watts = 0;
    for (const scenario::Island& island : cluster.islands) {
        const scenario::GpuClass* gpu = s.gpu(island.gpu);
        if (gpu == nullptr) {
            continue;
        }
        const double busy = std::max(gpu->idleW.value, s.economics.loadFactor.value * gpu->tdpW.value);
        const double share = activity == Activity::Idle ? 0.0 : utilisation;
        watts += island.gpuCount.value *
                 (gpu->idleW.value + share * (busy - gpu->idleW.value) + gpu->hostOverheadW.value);
    }
    return watts;
}

double trainingItPowerW(const scenario::Scenario& s, const scenario::Cluster& cluster,
                        const training::StepAnatomy& anatomy) {
    double gpus = 0;
    double hosts = 0;
    for (const scenario::Island& island : cluster.islands) {
        const scenario::GpuClass* gpu = s.gpu(island.gpu);
        gpus += island.gpuCount.value;
        hosts += gpu == nullptr ? 0.0 : island.gpuCount.value * gpu->hostOverheadW.value;
    }
    const double perGpu = anatomy.energyJ / anatomy.stepTimeS / static_cast<double>(anatomy.gpusTotal);
    return perGpu * gpus + hosts;
}

void train(const ModelInputs& inputs, const scenario::Strategy& strategy, const scenario::Assignment& a,
           const Layouts& layouts, std::stop_token stop, Outcome& out) {
    const scenario::Cluster& cluster = *inputs.scenario.cluster(a.cluster);
    auto course = trainingCourse(inputs, strategy, a, layouts, stop);
    if (!course) {
        out.notes.push_back(cluster.name + " trains nothing: " + course.errors().front().message);
        out.use.push_back({a.cluster, "train", itPowerW(inputs.scenario, cluster, Activity::Idle, 0)});
        return;
    }
    if (!course->note.empty()) {
        out.notes.push_back(course->note);
    }
    out.use.push_back(
        {a.cluster, "train", trainingItPowerW(inputs.scenario, cluster, course->stretches.back().anatomy)});
    out.courses.push_back(std::move(*course));
}

void add(serving::ServingRate& sum, const serving::ServingRate& more) {
    const double all = sum.outputTokensPerS + more.outputTokensPerS;
    const auto weighted = [&](double a, double b) {
        return (a * sum.outputTokensPerS + b * more.outputTokensPerS) / all;
    };
    sum.meanUtilisation = weighted(sum.meanUtilisation, more.meanUtilisation);
    sum.sloAttainment = weighted(sum.sloAttainment, more.sloAttainment);
    sum.outputTokensPerS = all;
    sum.inputTokensPerS += more.inputTokensPerS;
    sum.usersServed += more.usersServed;
    sum.classes.insert(sum.classes.end(), more.classes.begin(), more.classes.end());
    sum.notes.insert(sum.notes.end(), more.notes.begin(), more.notes.end());
}

/// Serves with the GPUs that have power when the assignment ends.
Result<serving::ServingRate> rateOf(const ModelInputs& inputs, const scenario::Strategy& strategy,
                                    const scenario::Assignment& a) {
    const scenario::Scenario& s = inputs.scenario;
    const scenario::ServeJob* job = s.serveJob(a.job);
    const scenario::Transformer* model = job == nullptr ? nullptr : s.transformer(job->model);
    if (job == nullptr || model == nullptr) {
        return failure("strategy '" + strategy.id + "' serves '" + a.job +
                           "', which is no serving job with a known model",
                       "name a serving job of the scenario");
    }
    const scenario::Month last{spanOf(s, strategy, a).until.index - 1};
    const auto machine = training::machineOf(s, *s.cluster(a.cluster), last);
    if (!machine) {
        return machine.errors();
    }
    return serving::servingRate(*machine, *model, *job, inputs.serving);
}

void serve(const ModelInputs& inputs, const scenario::Strategy& strategy, const scenario::Assignment& a,
           Outcome& out) {
    const scenario::Scenario& s = inputs.scenario;
    const scenario::Cluster& cluster = *s.cluster(a.cluster);
    double utilisation = 0;
    if (a.activity == Activity::Serve || !a.job.empty()) { // a tenant may keep what it runs to itself
        auto rate = rateOf(inputs, strategy, a);
        if (!rate) {
            out.notes.push_back(cluster.name + " serves nothing: " + rate.errors().front().message);
        } else {
            utilisation = rate->meanUtilisation;
            for (serving::ClassRate& c : rate->classes) {
                c.pool = cluster.name + ", " + c.pool;
            }
            if (out.serving) {
                add(*out.serving, *rate);
            } else {
                out.serving = std::move(*rate);
            }
        }
        out.use.push_back(
            {a.cluster, finance::activityName(a.activity), itPowerW(s, cluster, a.activity, utilisation)});
    } // else the draw is left to the provisioned power and its load factor
}

/// The course that trains the target model first; where none does, the first course.
std::optional<std::size_t> mainOf(const scenario::Scenario& s, const std::vector<TrainingCourse>& courses) {
    std::optional<std::size_t> main;
    for (std::size_t i = 0; i < courses.size(); ++i) {
        const auto rank = [&](std::size_t k) {
            const bool target = !s.trainJobs.empty() && courses[k].job == &s.trainJobs.front();
            return std::make_pair(!target, courses[k].monthsToTrain.value_or(HUGE_VAL));
        };
        if (!main || rank(i) < rank(*main)) {
            main = i;
        }
    }
    return main;
}

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

void trainingValues(const scenario::Scenario& s, const Outcome& out, HeadlineValues& v) {
    const TrainingCourse* main = out.main();
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
    double delivered = 0;
    for (const TrainingCourse& course : out.courses) {
        delivered += course.deliveredFlop;
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
    at(v, HeadlineKey::DeliveredFlopPerS) = delivered / (s.horizonMonths * finance::kHoursPerMonth * 3600.0);
}

/// Running cost and loss of resale value of the clusters in the months in which they train, per exaFLOP-day
/// kept.
void trainingCost(const scenario::Scenario& s, const Outcome& out, HeadlineValues& v) {
    double flop = 0;
    double usd = 0;
    for (const TrainingCourse& course : out.courses) {
        flop += course.deliveredFlop;
        for (std::size_t c = 0; c < out.owner.clusters.size(); ++c) {
            const auto& site = out.owner.clusters[c];
            if (site.cluster->id != course.assignment->cluster) {
                continue;
            }
            const scenario::Month first = course.stretches.front().from;
            const scenario::Month end = course.stretches.back().until;
            for (const finance::OwnerMonth& month : out.owner.months) {
                for (const finance::ClusterMonth& m : month.clusters) {
                    usd += m.cluster == c && month.month >= first && month.month < end ? m.runningUsd() : 0.0;
                }
            }
            usd +=
                finance::depreciationUsd(site.tranches, first, end, s.economics.gpuPriceDecayPerYear.value);
        }
    }
    if (flop > 0) {
        at(v, HeadlineKey::UsdPerExaflopDay) = usd / (flop / kExa / 86400.0);
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

void moneyValues(const scenario::Scenario& s, const Outcome& out, HeadlineValues& v) {
    const finance::OwnerMonths& owner = out.owner;
    const scenario::Economics& e = s.economics;
    double cash = e.startingCashUsd.value;
    double lease = 0;
    double facilityW = 0;
    for (const finance::OwnerMonth& month : owner.months) {
        cash += month.netUsd() - std::max(0.0, -cash) * e.debtRatePerYear.value / 12.0;
        lease = std::max(lease, month.leaseUsd);
        double watts = 0;
        for (const finance::ClusterMonth& c : month.clusters) {
            watts += c.facilityW;
        }
        facilityW = std::max(facilityW, watts);
    }
    at(v, HeadlineKey::OwnerCashUsd) = cash;
    at(v, HeadlineKey::NpvUsd) = finance::npvUsd(owner.flowsUsd(), e.discountRatePerYear.value);
    at(v, HeadlineKey::PeakFundingUsd) =
        finance::peakFundingUsd(owner, e.startingCashUsd.value, e.debtRatePerYear.value);
    at(v, HeadlineKey::FacilityW) = facilityW;
    if (lease > 0) {
        at(v, HeadlineKey::LeaseUsdPerMonth) = lease;
        at(v, HeadlineKey::BreakEvenFee) =
            finance::breakEvenFeeUsdPerMonth(owner, e.discountRatePerYear.value).value;
    }
    fundingValues(s, finance::fundedDates(owner, e.startingCashUsd.value), v);
}

} // namespace

Result<Outcome> evaluate(const ModelInputs& inputs, const scenario::Strategy& strategy,
                         const Layouts& layouts, std::stop_token stop) {
    const scenario::Scenario& s = inputs.scenario;
    Outcome out;
    for (const scenario::Assignment& a : strategy.assignments) {
        const Span span = spanOf(s, strategy, a);
        if (s.cluster(a.cluster) == nullptr || span.until <= span.from) {
            continue; // unknown clusters are refused below, by the money
        }
        if (a.activity == Activity::Train) {
            train(inputs, strategy, a, layouts, stop, out);
        } else if (a.activity == Activity::Serve || a.activity == Activity::Lease) {
            serve(inputs, strategy, a, out);
        } else {
            out.use.push_back({a.cluster, "idle", itPowerW(s, *s.cluster(a.cluster), Activity::Idle, 0)});
        }
        if (stop.stop_requested()) {
            return failure("cancelled");
        }
    }
    auto owner = finance::ownerMonths(s, strategy, out.use);
    if (!owner) {
        return owner.errors();
    }
    out.owner = std::move(*owner);
    out.mainCourse = mainOf(s, out.courses);
    trainingValues(s, out, out.values);
    trainingCost(s, out, out.values);
    if (out.serving) {
        at(out.values, HeadlineKey::ServingTokensPerS) = out.serving->outputTokensPerS;
        if (out.serving->usersServed > 0) {
            at(out.values, HeadlineKey::UsersServed) = out.serving->usersServed;
        }
    }
    moneyValues(s, out, out.values);
    return out;
}

} // namespace atlas::explore

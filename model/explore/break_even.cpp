#include "model/explore/break_even.h"

#include "model/explore/lever.h"
#include "model/explore/programme.h"

#include <algorithm>
#include <cmath>

namespace atlas::explore {

namespace {

/// One strategy at the central values.
struct Played {
    const scenario::Strategy* strategy = nullptr;
    Physics physics;
};

Result<Played> play(const ModelInputs& inputs, const std::string& name, std::stop_token stop) {
    const auto strategy = strategyNamed(inputs.scenario, name);
    if (!strategy) {
        return strategy.errors();
    }
    const auto layouts = Layouts::plan(inputs, {*strategy}, stop);
    if (!layouts) {
        return layouts.errors();
    }
    auto physics = physicsOf(inputs, **strategy, *layouts, stop);
    if (!physics) {
        return physics.errors();
    }
    // At another MFU a run may begin and end on other machines: all of them are looked at.
    for (TrainingCourse& course : physics->runCourses) {
        auto whole = followingCourse(inputs, **strategy, *course.assignment,
                                     {course.job->id, 0, FollowingJob::Reach::ToTheEnd}, *layouts, stop);
        if (whole) {
            course = std::move(*whole);
        }
    }
    return Played{*strategy, std::move(*physics)};
}

Result<double> valueOf(const ModelInputs& inputs, const Played& played, std::size_t row) {
    const auto money = moneyOf(inputs, *played.strategy, played.physics);
    if (!money) {
        return money.errors();
    }
    const auto value = programmeNumbers(inputs.scenario, played.physics, *money).values[row];
    if (!value) {
        return failure("'" + programmeRows()[row].label + "' does not apply to '" + played.strategy->name +
                           "'",
                       "compare another row");
    }
    return *value;
}

/// The same course with a faster or slower step on every machine.
void scale(TrainingCourse& course, const TrainingCourse& before, const scenario::Scenario& s, double factor) {
    course = before;
    for (TrainingCourse::Stretch& stretch : course.stretches) {
        stretch.anatomy.mfu *= factor;
        stretch.anatomy.tokensPerS *= factor;
        stretch.anatomy.tokensPerSPerGpu *= factor;
        stretch.anatomy.stepTimeS /= factor;
        stretch.anatomy.energyJ /= factor; // the same power over another step
    }
    countTokens(course, s);
}

/// Another MFU of the training: the lab's other runs on the cluster gain or lose as much.
void setMfu(Played& played, const Physics& before, const scenario::Scenario& s, double mfu) {
    const double factor = mfu / before.main()->telling().anatomy.mfu;
    scale(played.physics.courses[*before.mainCourse], *before.main(), s, factor);
    for (std::size_t i = 0; i < before.runCourses.size(); ++i) {
        scale(played.physics.runCourses[i], before.runCourses[i], s, factor);
    }
    played.physics.stints =
        stintsOf(s, played.physics.courses, played.physics.mainCourse, played.physics.runCourses);
}

const scenario::Contract* feeContract(const scenario::Scenario& s, const scenario::Strategy& strategy) {
    for (const scenario::Assignment& a : strategy.assignments) {
        const scenario::Contract* c = s.contract(a.contract);
        if (a.activity == scenario::Activity::Lease && c != nullptr &&
            c->kind == scenario::ContractKind::MonthlyFee) {
            return c;
        }
    }
    return nullptr;
}

std::vector<double> evenly(double high, std::size_t count) {
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) {
        values.push_back(high * static_cast<double>(i) / static_cast<double>(count - 1));
    }
    return values;
}

/// Where a row of gains, rising with the fee, crosses zero; linear between neighbours, and the gain is linear
/// in the fee but for taxes and interest.
std::optional<double> zeroOf(const BreakEvenMap& map, std::size_t mfu) {
    for (std::size_t f = 0; f + 1 < map.feesUsdPerMonth.size(); ++f) {
        const double a = map.at(f, mfu);
        const double b = map.at(f + 1, mfu);
        if ((a <= 0) != (b <= 0)) {
            const double width = map.feesUsdPerMonth[f + 1] - map.feesUsdPerMonth[f];
            return map.feesUsdPerMonth[f] + width * a / (a - b);
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<double> BreakEvenMap::feeAt(double mfu) const {
    for (std::size_t i = 0; i + 1 < mfus.size(); ++i) {
        if (mfus[i] <= mfu && mfu <= mfus[i + 1] && indifferentFee[i] && indifferentFee[i + 1]) {
            const double t = (mfu - mfus[i]) / (mfus[i + 1] - mfus[i]);
            return *indifferentFee[i] + t * (*indifferentFee[i + 1] - *indifferentFee[i]);
        }
    }
    return std::nullopt;
}

Result<BreakEvenMap> breakEvenMap(const scenario::Scenario& scenario, const BreakEvenOptions& options) {
    const ModelInputs central = ModelInputs::central(scenario);
    const auto row = rowOf(options.row);
    if (!row) {
        return failure("there is no outcome '" + options.row + "'", "name a row of the programme");
    }
    auto keep = play(central, options.keep, options.stop);
    auto lease = play(central, options.lease, options.stop);
    if (!keep || !lease) {
        return keep ? lease.errors() : keep.errors();
    }
    if (keep->physics.main() == nullptr) {
        return failure("'" + keep->strategy->name + "' trains nothing, so it has no MFU",
                       "compare with a strategy that trains on the cluster");
    }
    const scenario::Contract* contract = feeContract(central.scenario, *lease->strategy);
    if (contract == nullptr) {
        return failure("'" + lease->strategy->name + "' has no lease with a monthly fee",
                       "compare with a strategy that leases by the month");
    }
    const double fee = contract->usdPerMonth.value;
    const Physics stated = keep->physics;
    BreakEvenMap map;
    map.keepName = keep->strategy->name;
    map.leaseName = lease->strategy->name;
    map.rowLabel = programmeRows()[*row].label;
    map.dimension = programmeRows()[*row].dimension;
    map.contract = contract->name;
    map.feeToday = fee;
    map.mfuToday = stated.main()->telling().anatomy.mfu;
    map.feesUsdPerMonth =
        evenly(std::max(1.0, fee) * options.highestFee, std::max<std::size_t>(2, options.fees));
    map.mfus = evenly(options.highestMfu, std::max<std::size_t>(2, options.mfus));
    LeverBench bench(central);
    const auto lever = bench.lever("contracts." + contract->id + ".usd_per_month");
    if (!lever) {
        return lever.errors();
    }
    std::vector<double> kept;
    for (double& mfu : map.mfus) {
        mfu =
            std::max(mfu, 0.25 * options.highestMfu / static_cast<double>(map.mfus.size())); // not quite zero
        setMfu(*keep, stated, central.scenario, mfu);
        const auto value = valueOf(central, *keep, *row);
        if (!value) {
            return value.errors();
        }
        kept.push_back(*value);
    }
    for (const double price : map.feesUsdPerMonth) {
        if (options.stop.stop_requested()) {
            return failure(kCancelled);
        }
        LeverBench::set(**lever, price);
        const auto value = valueOf(bench.inputs(), *lease, *row);
        if (!value) {
            return value.errors();
        }
        for (const double other : kept) {
            map.gain.push_back(*value - other);
        }
    }
    for (std::size_t mfu = 0; mfu < map.mfus.size(); ++mfu) {
        map.indifferentFee.push_back(zeroOf(map, mfu));
    }
    return map;
}

} // namespace atlas::explore

#include "model/serving/outlook.h"

#include <algorithm>
#include <cmath>

namespace atlas::serving {

namespace {

constexpr double kDayS = 86'400;
constexpr int kThursday = 3; ///< time 0; the Friday and the Saturday after it are looked at
constexpr int kInstants = 8; ///< of a day at which latency is asked for

struct DayWeight {
    int day = 0;
    double weight = 0;
};
constexpr std::array kDays = {DayWeight{1, 5.0 / 7}, DayWeight{2, 2.0 / 7}};

} // namespace

ServingOutlook outlookOf(FleetInputs in, double months, double firstCapacity) {
    ServingOutlook out;
    if (in.phases.empty()) {
        return out;
    }
    in.phases = {{0, in.phases.back().pools}};
    in.untilS = 3 * kDayS;
    in.demand.startWeekday = kThursday;
    in.demand.burstiness = in.demand.surgeHeight = 0;
    // Growth until now goes into the level; within the week there is none.
    const double growth = std::pow(in.demand.growthPerMonth, std::max(0.0, months));
    in.demand.growthPerMonth = 1;
    FleetPlan plan = plannedFleet(in, in.phases[0].pools);
    if (in.traffic.users.value > 0) {
        in.traffic.users.value *= growth;
    } else {
        const double now = plan.interactiveCapacity;
        const double first = firstCapacity > 0 && now > 0 ? firstCapacity / now : 1;
        const double most = grownLoad(plan, in.traffic);
        in.traffic.load.value = std::min(in.traffic.load.value * first * growth, most);
        in.traffic.ceiling.value = in.traffic.load.value;
    }
    const Fleet fleet(in, std::move(plan)); // which does not depend on how many ask
    double asked = 0;
    double kept = 0;
    double givenUp = 0;
    Rates askedOf{};
    for (const auto& [day, weight] : kDays) {
        const FleetTotals totals = fleet.totals(day * kDayS, (day + 1) * kDayS);
        double interactive = 0;
        for (std::size_t k = 0; k < kKinds; ++k) {
            const double served = totals.served[k] * weight;
            out.inputTokensPerDay += served * in.classes[k].input.moment(1);
            out.outputTokensPerDay += served * in.classes[k].output.moment(1);
            interactive += k < kInteractive ? served * in.classes[k].tokens() : 0;
            givenUp += k < kInteractive ? totals.givenUp[k] * weight : 0;
        }
        out.users += in.userTokensPerDay > 0 ? interactive / in.userTokensPerDay : 0;
        for (int i = 0; i < kInstants; ++i) {
            const FleetNow now =
                fleet.at(day * kDayS + (i + 0.5) * kDayS / kInstants, Fleet::Detail::Promises);
            double replicas = 0;
            double used = 0;
            for (const PoolNow& pool : now.pools) {
                replicas += pool.replicas;
                used += pool.utilisation() * pool.replicas;
            }
            out.meanUtilisation += replicas > 0 ? weight / kInstants * used / replicas : 0;
            out.offeredLoad = std::max(out.offeredLoad, now.offeredLoad);
            for (std::size_t k = 0; k < kKinds; ++k) {
                const double requests = weight * now.kinds[k].arrivals;
                askedOf[k] += requests;
                out.kept[k] += requests * now.kinds[k].kept;
                asked += k < kInteractive ? requests : 0;
                kept += k < kInteractive ? requests * now.kinds[k].kept : 0;
            }
        }
    }
    for (std::size_t k = 0; k < kKinds; ++k) {
        out.kept[k] = askedOf[k] > 0 ? out.kept[k] / askedOf[k] : 1;
    }
    out.promiseKept = asked > 0 ? kept / asked : 1;
    out.givenUpShare = asked > 0 ? givenUp / (asked / kInstants * kDayS) : 0;
    return out;
}

} // namespace atlas::serving

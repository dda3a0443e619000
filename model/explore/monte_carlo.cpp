#include "model/explore/monte_carlo.h"

#include "model/explore/programme.h"
#include "model/finance/funding.h"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>

namespace atlas::explore {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr int kNeverFunded = std::numeric_limits<int>::max();

/// What one draw leaves of one strategy.
struct Draw {
    std::array<double, kProgrammeRows> rows{}; ///< NaN: does not apply
    std::vector<float> netCash;                ///< by month; bands need no more digits
    struct Tranche {
        int due = 0;
        bool onTime = false;
        bool ever = false;
        int funded = 0; ///< where ever
    };
    std::vector<Tranche> tranches;
    bool done = false;
};

/// One strategy with its draws.
struct Study {
    const scenario::Strategy* strategy = nullptr;
    std::vector<Draw> draws;
};

void keep(const scenario::Scenario& s, const Physics& physics, const Money& money, Draw& draw) {
    const ProgrammeNumbers numbers = programmeNumbers(s, physics, money);
    for (std::size_t row = 0; row < kProgrammeRows; ++row) {
        draw.rows[row] = numbers.values[row].value_or(kNone);
    }
    draw.netCash.reserve(money.financed.months.size());
    for (const finance::FinancedMonth& month : money.financed.months) {
        draw.netCash.push_back(static_cast<float>(month.netUsd()));
    }
    for (const finance::CashFlow::Funded& t :
         finance::fundedDates(money.owner, s.economics.startingCashUsd.value)) {
        draw.tranches.push_back({t.due.index, t.ever && t.funded <= t.due, t.ever, t.funded.index});
    }
    draw.done = true;
}

/// Physics number `physical` and every draw of money that shares them.
void drawColumn(const Uncertainty& uncertainty, const Layouts& layouts, std::vector<Study>& studies,
                std::size_t physical, std::size_t stride, Workbench& bench, std::stop_token stop) {
    const auto& variables = uncertainty.variables();
    const std::uint64_t seed = uncertainty.central().scenario.seed;
    std::vector<double> uniforms(variables.size());
    for (std::size_t v = 0; v < variables.size(); ++v) {
        uniforms[v] = uncertainty.uniform(seed, physical, v);
    }
    bench.set(uniforms);
    std::vector<Result<Physics>> physics;
    physics.reserve(studies.size());
    for (const Study& study : studies) {
        physics.push_back(physicsOf(bench.inputs(), *study.strategy, layouts, stop));
    }
    for (std::size_t d = physical; d < studies.front().draws.size(); d += stride) {
        if (stop.stop_requested()) {
            return;
        }
        if (d != physical) {
            for (std::size_t v = 0; v < variables.size(); ++v) {
                uniforms[v] = variables[v].moneyOnly ? uncertainty.uniform(seed, d, v) : 0.0;
            }
            bench.setMoney(uniforms);
        }
        for (std::size_t i = 0; i < studies.size(); ++i) {
            const auto money = physics[i] ? moneyOf(bench.inputs(), *studies[i].strategy, *physics[i])
                                          : Result<Money>(physics[i].errors());
            if (money) { // each draw has its own place: the order of the threads leaves no trace
                keep(bench.inputs().scenario, *physics[i], *money, studies[i].draws[d]);
            }
        }
    }
}

std::vector<MonthBand> cashBands(const std::vector<Draw>& draws, scenario::Month start, int months) {
    std::vector<MonthBand> bands(static_cast<std::size_t>(months));
    tbb::parallel_for(0, months, [&](int m) {
        std::vector<double> usd;
        usd.reserve(draws.size());
        for (const Draw& draw : draws) {
            if (draw.done) {
                usd.push_back(draw.netCash[static_cast<std::size_t>(m)]);
            }
        }
        bands[static_cast<std::size_t>(m)] = {{start.index + m},
                                              usd.empty() ? Percentiles{} : percentilesOf(std::move(usd))};
    });
    return bands;
}

std::vector<TrancheChance> chances(const std::vector<finance::CashFlow::Funded>& central,
                                   const std::vector<Draw>& draws) {
    std::vector<TrancheChance> out;
    for (const finance::CashFlow::Funded& tranche : central) {
        TrancheChance chance;
        chance.tranche = tranche.tranche;
        chance.due = tranche.due;
        if (tranche.ever) {
            chance.stated = tranche.funded;
        }
        double built = 0; // draws in which this month gets GPUs at all
        std::vector<int> funded;
        for (const Draw& draw : draws) {
            const auto found = std::ranges::find(draw.tranches, tranche.due.index, &Draw::Tranche::due);
            if (found != draw.tranches.end()) {
                built += 1;
                chance.onTime += found->onTime ? 1 : 0;
                chance.byHorizon += found->ever ? 1 : 0;
                funded.push_back(found->ever ? found->funded : kNeverFunded);
            }
        }
        std::ranges::sort(funded);
        const auto at = [&](double q) -> std::optional<scenario::Month> {
            const auto place = std::lround(q * (static_cast<double>(funded.size()) - 1));
            const int month = funded.empty() ? kNeverFunded : funded[static_cast<std::size_t>(place)];
            return month == kNeverFunded ? std::nullopt : std::optional(scenario::Month{month});
        };
        chance.p10 = at(0.1);
        chance.p50 = at(0.5);
        chance.p90 = at(0.9);
        if (built > 0) {
            chance.onTime /= built;
            chance.byHorizon /= built;
        }
        out.push_back(chance);
    }
    return out;
}

void rowRanges(const Programme& central, const std::vector<Draw>& draws, ProgrammeRanges& out) {
    out.rows = central.rows;
    out.bands.resize(kProgrammeRows);
    out.shareWithValue.resize(kProgrammeRows, 0.0);
    out.sharePositive.resize(kProgrammeRows, 0.0);
    out.samples.resize(kProgrammeRows);
    tbb::parallel_for(std::size_t{0}, kProgrammeRows, [&](std::size_t row) {
        std::vector<double>& samples = out.samples[row];
        std::vector<double> values;
        samples.reserve(draws.size());
        for (const Draw& draw : draws) {
            samples.push_back(draw.done ? draw.rows[row] : kNone);
            if (!std::isnan(samples.back())) {
                values.push_back(samples.back());
            }
        }
        if (values.empty()) {
            return;
        }
        const auto count = static_cast<double>(values.size());
        out.shareWithValue[row] = count / static_cast<double>(draws.size());
        out.sharePositive[row] =
            static_cast<double>(std::ranges::count_if(values, [](double v) { return v > 0; })) / count;
        out.bands[row] = percentilesOf(std::move(values));
        Headline& headline = out.rows[row];
        if (headline.value) {
            headline.hasRange = true;
            headline.low = std::min(*headline.value, out.bands[row].p5);
            headline.high = std::max(*headline.value, out.bands[row].p95);
        }
    });
}

} // namespace

Percentiles percentilesOf(std::vector<double> values) {
    const auto at = [&](double q) { // cheaper than to sort all of them
        const double place = q * static_cast<double>(values.size() - 1);
        const auto below = values.begin() + static_cast<std::ptrdiff_t>(place);
        std::ranges::nth_element(values, below);
        const double above = below + 1 == values.end() ? *below : *std::min_element(below + 1, values.end());
        return *below + (place - std::floor(place)) * (above - *below);
    };
    return {at(0.05), at(0.25), at(0.5), at(0.75), at(0.95)};
}

double rankError(double percentile, std::size_t machines) {
    return std::sqrt(percentile * (1 - percentile) / static_cast<double>(std::max<std::size_t>(1, machines)));
}

Result<MonteCarlo> monteCarlo(const scenario::Scenario& scenario, const MonteCarloOptions& options) {
    const auto began = std::chrono::steady_clock::now();
    if (options.draws < 1 || options.machines < 1) {
        return failure(options.draws < 1 ? "a Monte Carlo run without draws"
                                         : "a Monte Carlo run without machines",
                       "ask for at least one");
    }
    const Uncertainty uncertainty(ModelInputs::central(scenario));
    const scenario::Scenario& s = uncertainty.central().scenario;
    std::vector<std::string> names = options.strategies;
    if (names.empty()) {
        for (const scenario::Strategy& strategy : s.strategies) {
            names.push_back(strategy.id);
        }
    }
    std::vector<Study> studies;
    std::vector<const scenario::Strategy*> strategies;
    for (const std::string& name : names) {
        const auto strategy = strategyNamed(s, name);
        if (!strategy) {
            return strategy.errors();
        }
        strategies.push_back(*strategy);
        studies.push_back({*strategy, std::vector<Draw>(options.draws)});
    }
    if (studies.empty()) {
        return failure("the scenario has no strategies", "add one under `strategies`");
    }
    const auto planned = Layouts::plan(uncertainty.central(), strategies, options.stop, kAllShapes);
    if (!planned) {
        return planned.errors();
    }
    const auto layouts = planned->fitted(uncertainty, kPilots, options.shapes, options.stop);
    if (!layouts) {
        return layouts.errors();
    }
    std::vector<Programme> centrals;
    for (const scenario::Strategy* strategy : strategies) {
        auto central = programmeOf(uncertainty.central(), *strategy, *planned, options.stop);
        if (!central) {
            return central.errors();
        }
        centrals.push_back(std::move(*central));
    }
    const std::size_t physical = std::min(options.draws, options.machines);
    std::atomic<std::size_t> done = 0;
    tbb::enumerable_thread_specific<Workbench> benches([&] { return Workbench(uncertainty); });
    tbb::parallel_for(std::size_t{0}, physical, [&](std::size_t p) {
        if (options.stop.stop_requested()) {
            return;
        }
        drawColumn(uncertainty, *layouts, studies, p, physical, benches.local(), options.stop);
        if (options.progress) {
            options.progress(static_cast<double>(++done) / static_cast<double>(physical));
        }
    });
    if (options.stop.stop_requested()) {
        return failure(kCancelled);
    }
    MonteCarlo out;
    out.draws = options.draws;
    out.physicalDraws = physical;
    out.seed = s.seed;
    for (std::size_t i = 0; i < studies.size(); ++i) {
        ProgrammeRanges ranges;
        ranges.id = studies[i].strategy->id;
        ranges.name = studies[i].strategy->name;
        rowRanges(centrals[i], studies[i].draws, ranges);
        ranges.netCash = cashBands(studies[i].draws, s.start, s.horizonMonths);
        ranges.tranches = chances(centrals[i].cash.tranches, studies[i].draws);
        out.strategies.push_back(std::move(ranges));
    }
    out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return out;
}

} // namespace atlas::explore

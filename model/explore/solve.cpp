#include "model/explore/solve.h"

#include "model/explore/lever.h"
#include "model/explore/programme.h"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace atlas::explore {

namespace {

constexpr std::size_t kScan = 41; ///< points of a scan
constexpr double kWidened = 10.0; ///< beyond its range a lever is searched to so many times its upper end
constexpr double kRootTolerance = 1e-5; ///< of the lever; the promise is 1e-3
constexpr double kJumpTolerance = 0.01; ///< of the outcome: further off at the root, it jumps there
constexpr double kNever = 1e6;          ///< months

/// A row as a function of a lever. Not thread-safe: one a thread.
class Function {
public:
    Function(const ModelInputs& central, const scenario::Strategy& strategy, const Layouts& layouts,
             const Physics& physics, const std::string& lever, std::size_t row)
        : m_bench(std::make_unique<LeverBench>(central))
        , m_strategy(strategy)
        , m_layouts(layouts)
        , m_physics(physics)
        , m_row(row) {
        const auto found = m_bench->lever(lever);
        m_lever = found ? *found : nullptr;
    }

    [[nodiscard]] double operator()(double value) {
        LeverBench::set(*m_lever, value);
        const ModelInputs& inputs = m_bench->inputs();
        std::optional<Result<Physics>> own;
        if (!m_lever->moneyOnly) {
            own = physicsOf(inputs, m_strategy, m_layouts);
            if (!*own) {
                return std::numeric_limits<double>::quiet_NaN();
            }
        }
        const Physics& physics = own ? **own : m_physics;
        const auto money = moneyOf(inputs, m_strategy, physics);
        if (!money) {
            return std::numeric_limits<double>::quiet_NaN();
        }
        const auto result = programmeNumbers(inputs.scenario, physics, *money).values[m_row];
        const bool months = programmeRows()[m_row].unit == "months";
        return result.value_or(months ? kNever : std::numeric_limits<double>::quiet_NaN());
    }

private:
    std::unique_ptr<LeverBench> m_bench;
    Lever* m_lever = nullptr;
    const scenario::Strategy& m_strategy;
    const Layouts& m_layouts;
    const Physics& m_physics;
    std::size_t m_row;
};

std::string text(double value, units::Dimension dimension) {
    return units::formatQuantity(value, dimension);
}

std::string rowText(const Headline& row, double value) {
    if (row.unit == "months") {
        return value >= kNever ? "never" : text(std::round(value * 10) / 10, row.dimension) + " months";
    }
    return row.unit == "1" ? units::formatShare(value) : text(value, row.dimension);
}

/// Evenly spaced points, with today's value among them.
std::vector<double> scanPoints(double low, double high, double today) {
    std::vector<double> points;
    for (std::size_t i = 0; i < kScan; ++i) {
        points.push_back(low + (high - low) * static_cast<double>(i) / (kScan - 1));
    }
    if (today > low && today < high) {
        points.push_back(today);
        std::ranges::sort(points);
    }
    return points;
}

/// Whether a value of the row is as good as the target, coming from today's side. Where the row does not
/// apply it is not.
struct Reached {
    double target = 0;
    bool above = true; ///< the target lies above today's value
    bool operator()(double row) const { return above ? row >= target : row <= target; }
};

/// Today's side of the target; where the row does not apply today, the worse side.
Reached reachedFrom(double today, double target, const Headline& row) {
    const bool applies = !std::isnan(today) && today < kNever;
    return {target, applies ? today < target : row.better != Better::Lower};
}

/// Neighbours of which one reaches the target and the other does not, nearest to today; empty where there are
/// none.
std::optional<std::size_t> crossing(const std::vector<LeverPoint>& curve, const Reached& reached,
                                    double today) {
    std::optional<std::size_t> best;
    double distance = HUGE_VAL;
    for (std::size_t i = 0; i + 1 < curve.size(); ++i) {
        const double off = std::min(std::abs(curve[i].lever - today), std::abs(curve[i + 1].lever - today));
        if (reached(curve[i].row) != reached(curve[i + 1].row) && off < distance) {
            best = i;
            distance = off;
        }
    }
    return best;
}

/// The lever at which the target is just reached, between one value that reaches it and one that does not.
double refine(Function& f, const Reached& reached, double yes, double no) {
    while (std::abs(yes - no) > kRootTolerance * std::max(std::abs(yes), std::abs(no))) {
        const double middle = no + (yes - no) / 2.0;
        if (middle == yes || middle == no) {
            break;
        }
        (reached(f(middle)) ? yes : no) = middle;
    }
    return yes;
}

std::string nearestText(const Headline& row, const std::vector<LeverPoint>& curve, const Answer& answer,
                        double target) {
    const LeverPoint* nearest = nullptr;
    for (const LeverPoint& point : curve) {
        if (!std::isnan(point.row) &&
            (nearest == nullptr || std::abs(point.row - target) < std::abs(nearest->row - target))) {
            nearest = &point;
        }
    }
    const std::string range =
        "between " + text(answer.low, answer.dimension) + " and " + text(answer.high, answer.dimension);
    if (nearest == nullptr) {
        return "the row does not apply anywhere " + range;
    }
    return "no value " + range + " reaches " + rowText(row, target) + "; the nearest is " +
           rowText(row, nearest->row) + " at " + text(nearest->lever, answer.dimension);
}

} // namespace

Result<Answer> solve(const scenario::Scenario& scenario, const Question& q, std::stop_token stop) {
    const ModelInputs central = ModelInputs::central(scenario);
    const auto strategy = strategyNamed(central.scenario, q.strategy);
    if (!strategy) {
        return strategy.errors();
    }
    const auto row = rowOf(q.row);
    if (!row) {
        return failure("there is no outcome '" + q.row + "'", "name a row of the programme");
    }
    LeverBench look(central);
    const auto lever = look.lever(q.lever);
    if (!lever) {
        return lever.errors();
    }
    const auto layouts = Layouts::plan(central, {*strategy}, stop);
    if (!layouts) {
        return layouts.errors();
    }
    const auto physics = physicsOf(central, **strategy, *layouts, stop);
    if (!physics) {
        return physics.errors();
    }
    Answer answer;
    answer.central = (*lever)->central;
    answer.dimension = (*lever)->dimension;
    const double today = answer.central.value;
    const auto make = [&] { return Function(central, **strategy, *layouts, *physics, q.lever, *row); };
    tbb::enumerable_thread_specific<Function> functions(make);
    const double atToday = functions.local()(today);
    if (!std::isnan(atToday) && atToday < kNever) {
        answer.rowToday = atToday;
    }
    const Reached reached = reachedFrom(atToday, q.target, programmeRows()[*row]);
    // Within its range first, then far beyond.
    const double top = std::max({std::abs(answer.central.high), std::abs(today), 0.0});
    const double reach = top > 0 ? kWidened * top : 1.0;
    std::vector<std::pair<double, double>> spans;
    if (q.low || q.high) {
        spans.emplace_back(q.low.value_or(0.0), q.high.value_or(reach));
    } else {
        if (answer.central.low < answer.central.high) {
            spans.emplace_back(answer.central.low, answer.central.high);
        }
        spans.emplace_back(0.0, reach);
    }
    for (const auto& [low, high] : spans) {
        if (!(low < high)) {
            return failure("the lever is to be searched from " + text(low, answer.dimension) + " to " +
                               text(high, answer.dimension),
                           "give a lower end below the upper end");
        }
        answer.low = low;
        answer.high = high;
        const std::vector<double> points = scanPoints(low, high, today);
        answer.curve.assign(points.size(), {});
        tbb::parallel_for(std::size_t{0}, points.size(), [&](std::size_t i) {
            if (!stop.stop_requested()) {
                answer.curve[i] = {points[i], functions.local()(points[i])};
            }
        });
        if (stop.stop_requested()) {
            return failure(kCancelled);
        }
        const auto at = crossing(answer.curve, reached, today);
        if (!at) {
            continue;
        }
        const LeverPoint& left = answer.curve[*at];
        const LeverPoint& right = answer.curve[*at + 1];
        const bool rising = reached(right.row);
        const bool months = programmeRows()[*row].unit == "months";
        Function& f = functions.local();
        answer.value =
            refine(f, reached, rising ? right.lever : left.lever, rising ? left.lever : right.lever);
        const double there = f(*answer.value);
        const double step = std::abs(left.row - right.row);
        const double scale = std::max(std::abs(q.target), std::isfinite(step) && !months ? step : 0.0);
        if (std::abs(there - q.target) > kJumpTolerance * scale) {
            answer.reason = "the outcome jumps there to " + rowText(programmeRows()[*row], there);
        }
        break;
    }
    if (!answer.value && answer.reason.empty()) {
        answer.reason = nearestText(programmeRows()[*row], answer.curve, answer, q.target);
    }
    for (LeverPoint& point : answer.curve) {
        point.row = point.row >= kNever ? std::numeric_limits<double>::quiet_NaN() : point.row;
    }
    return answer;
}

} // namespace atlas::explore

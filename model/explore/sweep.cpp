#include "model/explore/sweep.h"

#include "model/explore/lever.h"
#include "model/explore/programme.h"

#include <tbb/parallel_for.h>

#include <array>
#include <atomic>
#include <charconv>
#include <memory>

namespace atlas::explore {

namespace {

constexpr std::size_t kMostValues = 10'000; ///< on one axis
constexpr std::size_t kBlock = 16;          ///< points that share a copy of the inputs

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == at) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

std::optional<std::size_t> wholeNumber(const std::string& text) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

std::string digits(double value) {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), end};
}

std::vector<double> pointOf(const std::vector<Vary>& axes, std::size_t number) {
    std::vector<double> at(axes.size());
    for (std::size_t i = axes.size(); i-- > 0;) {
        at[i] = axes[i].values[number % axes[i].values.size()];
        number /= axes[i].values.size();
    }
    return at;
}

} // namespace

Result<Vary> parseVary(const scenario::Scenario& s, const std::string& text) {
    const auto equals = text.find('=');
    const auto parts = split(equals == std::string::npos ? "" : text.substr(equals + 1), ':');
    if (parts.size() != 3) {
        return failure("`" + text + "` does not say what to vary", "write path=low:high:n");
    }
    const ModelInputs inputs = ModelInputs::central(s);
    LeverBench bench(inputs);
    Vary vary;
    vary.path = text.substr(0, equals);
    const auto lever = bench.lever(vary.path);
    if (!lever) {
        return lever.errors();
    }
    vary.dimension = (*lever)->dimension;
    std::array<double, 2> ends{};
    for (std::size_t i = 0; i < 2; ++i) {
        const auto value = units::parseQuantity(parts[i], vary.dimension);
        if (!value) {
            return value.errors();
        }
        // The scenario must take both ends; facts and model constants have no path of their own there.
        const bool own = !vary.path.starts_with("serving.") && (*lever)->central.fact != vary.path;
        if (own) {
            const auto taken = scenario::withValue(s, vary.path, parts[i]);
            if (!taken) {
                return taken.errors();
            }
        }
        ends[i] = *value;
    }
    const auto count = wholeNumber(parts[2]);
    if (!count || *count < 1 || *count > kMostValues) {
        return failure("`" + parts[2] + "` values of `" + vary.path + "`",
                       "write a whole number from 1 to " + std::to_string(kMostValues));
    }
    for (std::size_t i = 0; i < *count; ++i) {
        const double t = *count == 1 ? 0.0 : static_cast<double>(i) / static_cast<double>(*count - 1);
        vary.values.push_back(i + 1 == *count && i > 0 ? ends[1] : ends[0] + t * (ends[1] - ends[0]));
    }
    return vary;
}

Result<Shard> parseShard(const std::string& text) {
    const auto parts = split(text, '/');
    const auto part = wholeNumber(parts.front());
    const auto all = wholeNumber(parts.back());
    if (parts.size() != 2 || !part || !all || *part < 1 || *part > *all) {
        return failure("`" + text + "` is no shard", "write i/n with i from 1 to n, as in 3/8");
    }
    return Shard{*part, *all};
}

Result<std::vector<SweepRow>> sweep(const scenario::Scenario& scenario, const SweepOptions& options) {
    const ModelInputs central = ModelInputs::central(scenario);
    std::vector<const scenario::Strategy*> strategies;
    for (const std::string& name : options.strategies) {
        const auto strategy = strategyNamed(central.scenario, name);
        if (!strategy) {
            return strategy.errors();
        }
        strategies.push_back(*strategy);
    }
    for (const scenario::Strategy& strategy : central.scenario.strategies) {
        if (options.strategies.empty()) {
            strategies.push_back(&strategy);
        }
    }
    std::size_t points = 1;
    for (const Vary& axis : options.axes) {
        points *= axis.values.size();
        if (points > kMostPoints) {
            return failure("the grid has more than " + std::to_string(kMostPoints) + " points",
                           "vary fewer numbers or take fewer values");
        }
    }
    const std::size_t first = points * (options.shard.part - 1) / options.shard.parts;
    const std::size_t end = points * options.shard.part / options.shard.parts;
    const auto layouts = Layouts::plan(central, strategies, options.stop);
    if (!layouts) {
        return layouts.errors();
    }
    std::vector<SweepRow> rows((end - first) * strategies.size());
    std::atomic<std::size_t> done = 0;
    const std::size_t blocks = (end - first + kBlock - 1) / kBlock;
    tbb::parallel_for(std::size_t{0}, blocks, [&](std::size_t block) {
        LeverBench bench(central);
        std::vector<Lever*> levers;
        for (const Vary& axis : options.axes) {
            const auto lever = bench.lever(axis.path);
            levers.push_back(lever ? *lever : nullptr);
        }
        const std::size_t last = std::min(end, first + (block + 1) * kBlock);
        for (std::size_t p = first + block * kBlock; p < last && !options.stop.stop_requested(); ++p) {
            const std::vector<double> at = pointOf(options.axes, p);
            for (std::size_t i = 0; i < levers.size(); ++i) {
                if (levers[i] != nullptr) {
                    LeverBench::set(*levers[i], at[i]);
                }
            }
            for (std::size_t i = 0; i < strategies.size(); ++i) {
                SweepRow& row = rows[(p - first) * strategies.size() + i];
                row.point = p;
                row.at = at;
                row.strategy = strategies[i]->id;
                const auto outcome = evaluate(bench.inputs(), *strategies[i], *layouts, options.stop);
                if (outcome) {
                    row.values =
                        programmeNumbers(bench.inputs().scenario, outcome->physics, outcome->money).values;
                }
            }
            if (options.progress) {
                options.progress(static_cast<double>(++done) / static_cast<double>(end - first));
            }
        }
    });
    if (options.stop.stop_requested()) {
        return failure(kCancelled);
    }
    return rows;
}

std::string sweepCsv(const std::vector<Vary>& axes, const std::vector<SweepRow>& rows, const Shard& shard) {
    std::string out;
    if (shard.part == 1) {
        for (const Vary& axis : axes) {
            out += axis.path + ',';
        }
        out += "strategy";
        for (const Headline& row : programmeRows()) {
            out += ',' + row.key;
        }
        out += '\n';
    }
    for (const SweepRow& row : rows) {
        for (const double value : row.at) {
            out += digits(value) + ',';
        }
        out += row.strategy;
        for (const std::optional<double>& value : row.values) {
            out += value ? ',' + digits(*value) : std::string(",");
        }
        out += '\n';
    }
    return out;
}

} // namespace atlas::explore

#include "model/explore/findings.h"

#include "model/explore/difference.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace atlas::explore {

namespace {

constexpr double kNothingHoldsItUp = 0.05; // losses below this share of a step are not worth a title

std::string shortName(const std::string& name) {
    return name.substr(0, std::min(name.find(','), name.find(" \u00b7")));
}

/// "11", or "fewer than 1" where rounding would say none.
std::string ofHundred(double share) {
    const double count = share * 100.0;
    if (count > 0 && count < 0.5) {
        return "fewer than 1";
    }
    return std::to_string(std::lround(count));
}

std::string percent(double share) {
    return std::to_string(std::lround(share * 100.0)) + " %";
}

std::string monthName(scenario::Month month) {
    static constexpr std::array kNames = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};
    return std::string(kNames[static_cast<std::size_t>(month.month() - 1)]) + ' ' +
           std::to_string(month.year());
}

std::string joined(const std::vector<std::string>& parts, const std::string& separator) {
    std::string out;
    for (const std::string& part : parts) {
        out += (out.empty() ? "" : separator) + part;
    }
    return out;
}

/// "A and B", "A, B and C".
std::string list(const std::vector<std::string>& names) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        out += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    }
    return out;
}

/// The sides told apart: those with a share, and sentences about the others.
struct Told {
    std::vector<Side> doing;
    std::vector<std::string> others;
};

Told told(std::span<const Side> sides, const std::string& nothing) {
    Told out;
    for (Side side : sides) {
        side.name = shortName(side.name);
        if (side.share && std::isfinite(*side.share)) {
            out.doing.push_back(std::move(side));
        } else {
            out.others.push_back(side.name + ' ' + (side.instead.empty() ? nothing : side.instead));
        }
    }
    return out;
}

bool allAlike(const std::vector<Side>& sides) {
    return sides.size() > 1 && std::ranges::all_of(sides, [&](const Side& s) {
               return ofHundred(*s.share) == ofHundred(*sides.front().share);
           });
}

std::vector<std::string> namesOf(const std::vector<Side>& sides) {
    std::vector<std::string> names;
    for (const Side& side : sides) {
        names.push_back(side.name);
    }
    return names;
}

} // namespace

std::string trainingFinding(std::span<const Side> sides) {
    Told t = told(sides, "does not train");
    std::vector<std::string> parts;
    if (allAlike(t.doing)) {
        parts.push_back(list(namesOf(t.doing)) + " each turn " + ofHundred(*t.doing.front().share) +
                        " of 100 FLOPs into training");
    } else {
        for (const Side& side : t.doing) {
            parts.push_back(side.name + " turns " + ofHundred(*side.share) +
                            (parts.empty() ? " of 100 FLOPs into training" : ""));
        }
    }
    parts.insert(parts.end(), t.others.begin(), t.others.end());
    return joined(parts, "; ");
}

std::string stepFinding(const training::StepAnatomy& step) {
    if (!(step.stepTimeS > 0)) {
        return "No step to show";
    }
    const training::Breakdown& b = step.breakdown;
    struct Loss {
        double seconds;
        std::string before, after;
    };
    const std::array<Loss, 4> losses = {{
        {step.mismatchS, "Faster GPUs wait for slower ones ", " of the step"},
        {b.tp + b.cp + b.ep + b.pp + b.dp, "Communication that nothing hides takes ", " of the step"},
        {b.bubble, "The pipeline bubble takes ", " of the step"},
        {b.barrier, "Waiting for the slowest GPU takes ", " of the step"},
    }};
    const Loss& largest = *std::ranges::max_element(losses, {}, &Loss::seconds);
    const double share = largest.seconds / step.stepTimeS;
    if (share < kNothingHoldsItUp) {
        return "Nothing holds the step up: compute fills " +
               percent((b.gemm + b.attention + b.elementwise) / step.stepTimeS) + " of it";
    }
    return largest.before + percent(share) + largest.after;
}

std::string fundingFinding(const finance::CashFlow& cash) {
    const std::string end =
        cash.months.empty() ? std::string("the horizon") : monthName(cash.months.back().month);
    if (cash.tranches.empty()) {
        return "Nothing is left to build: " + cash.owner + " has " +
               units::formatQuantity(cash.ownerCashUsd, units::Dimension::Usd) + " by " + end;
    }
    const std::string source = cash.leaseIncomeUsd > 0 ? "The lease" : "Own cash";
    const auto funded = std::ranges::count_if(cash.tranches, &finance::CashFlow::Funded::ever);
    if (funded == 0) {
        return source + " funds no tranche by " + end;
    }
    const finance::CashFlow::Funded& last = cash.tranches[static_cast<std::size_t>(funded - 1)];
    const auto all = static_cast<std::ptrdiff_t>(cash.tranches.size());
    if (funded == all) {
        return source + " funds " + (all == 1 ? last.tranche : "all " + std::to_string(all) + " tranches") +
               " by " + monthName(last.funded);
    }
    return source + " funds " + std::to_string(funded) + " of " + std::to_string(all) +
           " tranches, the last by " + monthName(last.funded);
}

std::string differenceFinding(const StrategyResult& base, const StrategyResult& other,
                              const std::string& key) {
    const auto a = std::ranges::find(base.headline, key, &Headline::key);
    const auto b = std::ranges::find(other.headline, key, &Headline::key);
    if (a == base.headline.end() || b == other.headline.end()) {
        return {};
    }
    if (!a->value || !b->value) {
        const StrategyResult& without = a->value ? other : base;
        return a->label + " does not apply to " + (a->value || b->value ? without.name : "either strategy");
    }
    const double difference = *b->value - *a->value;
    if (difference == 0) {
        return a->label + " is the same for " + base.name + " and " + other.name;
    }
    const bool share = a->unit == "1";
    const double size = std::abs(difference);
    const std::string amount = share ? std::to_string(std::lround(size * 100.0)) + " points"
                                     : units::formatQuantity(size, a->dimension) +
                                           (a->dimension == units::Dimension::Number ? ' ' + a->unit : "");
    std::string text =
        a->label + ": " + other.name + " is " + amount + (difference > 0 ? " above " : " below ") + base.name;
    if (a->hasRange && b->hasRange && a->better != Better::Neither && !clearlyBetter(*a, *b) &&
        !clearlyBetter(*b, *a)) {
        text += ", and the ranges overlap";
    }
    return text;
}

std::string tableFinding(const Comparison& comparison) {
    if (comparison.strategies.empty()) {
        return "No strategies";
    }
    const std::size_t rows = comparison.strategies.front().headline.size();
    std::vector<std::size_t> won(comparison.strategies.size(), 0);
    for (std::size_t row = 0; row < rows; ++row) {
        if (const auto best = winner(comparison, row)) {
            ++won[*best];
        }
    }
    const auto most = static_cast<std::size_t>(std::ranges::max_element(won) - won.begin());
    if (won[most] == 0) {
        return "No strategy is clearly better in any row";
    }
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < won.size(); ++i) {
        if (won[i] > 0) {
            parts.push_back(comparison.strategies[i].name +
                            (parts.empty() ? " is clearly better in " : " in ") + std::to_string(won[i]) +
                            (parts.empty() ? " of " + std::to_string(rows) + " rows" : std::string()));
        }
    }
    return joined(parts, "; ");
}

} // namespace atlas::explore

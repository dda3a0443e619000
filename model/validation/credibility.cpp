#include "model/validation/credibility.h"

#include "model/units/quantity.h"
#include "model/validation/published_data.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

namespace atlas::validation {

namespace {

constexpr double kPercent = 100;

std::string digits(double value, int decimals) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
    return buffer;
}

std::string count(double value) {
    return units::formatQuantity(value, units::Dimension::Number);
}

std::vector<double> errorsOf(const std::vector<CheckedRun>& runs, FitBasis basis) {
    std::vector<double> errors;
    for (const CheckedRun& run : runs) {
        errors.push_back(*run.errorOf(basis));
    }
    return errors;
}

/// "promised 4.1 % too much" or "too little".
std::string promised(double error) {
    return "promised " + percentText(std::abs(error)) + (error > 0 ? " too much" : " too little");
}

} // namespace

std::string percentText(double share) {
    return digits(kPercent * share, 1) + " %";
}

std::string accuracyFinding(const std::vector<CheckedRun>& runs, FitBasis basis) {
    std::string words;
    const std::pair<ModelKind, const char*> kinds[] = {{ModelKind::Dense, " dense runs"},
                                                       {ModelKind::Moe, " mixtures of experts"}};
    for (const auto& [kind, name] : kinds) {
        const ErrorSummary s = summaryOf(errorsOf(selected(runs, basis, kind), basis));
        if (s.runs > 0) {
            words += (words.empty() ? "Half of " : ", half of ") + std::to_string(s.runs) + name +
                     (words.empty() ? " are predicted within " : " within ") + percentText(s.median);
        }
    }
    return words.empty() ? "No published run can be predicted on this basis" : words;
}

std::string basisText(FitBasis basis) {
    switch (basis) {
    case FitBasis::GroupLeftOut:
        return "each run by a fit that saw no run of its model, GPU and precision";
    case FitBasis::StackLeftOut:
        return "each run by a fit that saw no run of its software";
    case FitBasis::SourceLeftOut:
        return "each run by a fit that saw nothing else of its source";
    case FitBasis::InSample:
        return "by the fit of the program, which saw these runs";
    case FitBasis::NeverFitted:
    case FitBasis::Count:
        break;
    }
    return "rows that no fit uses: incomplete or contradictory";
}

std::string biasFinding(const std::vector<ErrorGroup>& groups, const std::string& what) {
    const ErrorGroup* worst = nullptr;
    std::size_t off = 0;
    for (const ErrorGroup& group : groups) {
        if (group.spread.runs < kFewRuns) {
            continue;
        }
        off += std::abs(group.spread.median) > kBiasLimit ? 1 : 0;
        if (worst == nullptr || std::abs(group.spread.median) > std::abs(worst->spread.median)) {
            worst = &group;
        }
    }
    const std::string limit = count(kPercent * kBiasLimit) + " %";
    if (worst == nullptr) {
        return "Too few runs to tell one " + what + " from another";
    }
    if (off == 0) {
        return "No " + what + " is off by more than " + limit + " in the middle";
    }
    const std::string others =
        off == 1 ? "all else stays within " + limit : std::to_string(off - 1) + " more by over " + limit;
    return worst->name + " is " + promised(worst->spread.median) + " in the middle; " + others;
}

std::string worstFinding(const std::vector<WorstRow>& worst, std::size_t runs) {
    if (worst.empty()) {
        return "No published run can be predicted on this basis";
    }
    const auto moe = std::ranges::count_if(worst, [](const WorstRow& row) { return row.run.moe; });
    return std::to_string(moe) + " of the " + std::to_string(worst.size()) + " worst of " +
           std::to_string(runs) + " runs are mixtures of experts; the worst is " +
           promised(worst.front().error);
}

std::string rangeFinding(const ValidatedRange& range) {
    std::set<training::MathWidth> widths;
    for (const ValidatedClass& seen : range.classes) {
        widths.insert(seen.widths.begin(), seen.widths.end());
    }
    std::string bits;
    std::size_t left = widths.size();
    for (const training::MathWidth width : widths) {
        const std::string text = widthText(width); // "16 bit"
        bits += text.substr(0, text.find(' '));
        --left;
        bits += left > 1 ? ", " : left == 1 ? " and " : " bit";
    }
    return "Checked from " + count(range.smallestGpus) + " to " + count(range.largestGpus) + " GPUs of " +
           std::to_string(range.classes.size()) + " classes in " + bits;
}

double offBy(const ServingRun& run) {
    return run.predicted > 0
               ? std::max(run.predicted / run.point.published, run.point.published / run.predicted)
               : std::numeric_limits<double>::infinity();
}

std::optional<double> leftOutError(const ServingRun& run) {
    for (const RunRow& row : servingOutOfFold()) {
        if (row.text("id") == run.point.id) {
            const auto percent = row.number("group_left_out_pct");
            return percent ? std::optional(*percent / 100) : std::nullopt;
        }
    }
    return std::nullopt;
}

std::string servingLeftOutFinding(std::span<const ServingRun> runs) {
    std::vector<double> errors;
    for (const ServingRun& run : runs) {
        if (const auto error = leftOutError(run)) {
            errors.push_back(std::abs(*error));
        }
    }
    if (errors.empty()) {
        return {};
    }
    std::ranges::sort(errors);
    return "Fits that saw nothing of a rate's group miss it by " + percentText(errors[errors.size() / 2]) +
           " in the middle";
}

std::string servingFinding(std::span<const ServingRun> runs) {
    std::vector<double> factors;
    for (const ServingRun& run : runs) {
        if (!run.point.assumed) {
            factors.push_back(offBy(run));
        }
    }
    if (factors.empty()) {
        return "No published serving rate to compare with";
    }
    std::ranges::sort(factors);
    return "Half of " + std::to_string(factors.size()) +
           " published serving rates are met within a factor of " + digits(factors[factors.size() / 2], 2) +
           ", the worst within " + digits(factors.back(), 2);
}

} // namespace atlas::validation

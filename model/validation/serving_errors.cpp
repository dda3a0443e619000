#include "model/validation/serving_errors.h"

#include "model/validation/credibility.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace atlas::validation {

std::vector<GroupSummary> servingSummariesBy(std::span<const ServingRun> runs, ServingGroupBy by) {
    std::map<std::string, std::pair<std::vector<double>, std::vector<double>>> errors;
    for (const ServingRun& run : runs) {
        if (run.point.assumed) {
            continue;
        }
        auto& [fit, leftOut] =
            errors[by == ServingGroupBy::Gpu ? run.point.machine.pools.front().gpu : run.point.group];
        fit.push_back(run.error());
        if (const auto error = leftOutError(run)) {
            leftOut.push_back(*error);
        }
    }
    std::vector<GroupSummary> groups;
    for (auto& [name, both] : errors) {
        groups.push_back({name, summaryOf(std::move(both.first)), summaryOf(std::move(both.second))});
    }
    return groups;
}

std::string servingGroupFinding(std::span<const GroupSummary> groups) {
    if (groups.empty()) {
        return {};
    }
    const GroupSummary& worst =
        *std::ranges::max_element(groups, {}, [](const GroupSummary& group) { return group.leftOut.median; });
    return "Left out, " + worst.name + " is missed by " + percentText(worst.leftOut.median) +
           " in the middle, more than any other";
}

std::vector<RatioCheck> ratioChecks(std::span<const ServingRun> runs, std::span<const ServingRatio> ratios) {
    const auto find = [&](const std::string& id) {
        return std::ranges::find_if(runs, [&](const ServingRun& run) { return run.point.id == id; });
    };
    std::vector<RatioCheck> checks;
    for (const ServingRatio& ratio : ratios) {
        const auto over = find(ratio.over);
        const auto under = find(ratio.under);
        if (over != runs.end() && under != runs.end()) {
            checks.push_back({ratio.name, over->point.published / under->point.published,
                              over->predicted / under->predicted});
        }
    }
    return checks;
}

std::string ratioFinding(std::span<const RatioCheck> checks) {
    if (checks.empty()) {
        return "No published ratio to compare with";
    }
    const auto size = [](const RatioCheck& check) { return std::abs(check.error()); };
    const auto met =
        std::ranges::count_if(checks, [&](const RatioCheck& check) { return size(check) <= kRatioGoal; });
    const RatioCheck& worst = *std::ranges::max_element(checks, {}, size);
    return std::to_string(met) + " of " + std::to_string(checks.size()) +
           " ratios between generations of GPU are met within " + percentText(kRatioGoal) +
           "; furthest off is " + worst.name + ", by " + percentText(size(worst));
}

} // namespace atlas::validation

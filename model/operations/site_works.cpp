#include "model/operations/site_works.h"

#include <algorithm>
#include <cmath>

namespace atlas::operations {

namespace {

constexpr double kWattsOfMw = 1e6;
constexpr double kJoulesOfMwh = 3.6e9;
constexpr int kMostOfAKind = 10000; // the record is data: bound what is drawn

const char* word(WorkKind kind) {
    switch (kind) {
    case WorkKind::Substations:
        return "substations";
    case WorkKind::Turbines:
        return "turbines";
    case WorkKind::Batteries:
        return "batteries";
    case WorkKind::Chillers:
        break;
    }
    return "chillers";
}

/// Whether a cluster has the power of its site, or less than the record allows: a part that is leased or
/// kept.
bool isWholeSite(const scenario::Scenario& scenario, const scenario::Cluster& cluster) {
    constexpr double kNearly = 0.999; // of rounding
    const catalog::Fact* site = scenario.facts->find(cluster.provisionedPowerW.fact);
    return site != nullptr && site->isNumber() &&
           cluster.provisionedPowerW.value >= kNearly * site->low.value_or(site->value) * kWattsOfMw;
}

} // namespace

std::vector<SiteWork> siteWorks(const scenario::Scenario& scenario, const scenario::Cluster& cluster) {
    std::vector<SiteWork> works;
    const std::string site =
        cluster.provisionedPowerW.fact.substr(0, cluster.provisionedPowerW.fact.find('.'));
    if (site.empty() || !scenario.facts || !isWholeSite(scenario, cluster))
        return works;
    for (const WorkKind kind : kWorkKinds) {
        const std::string key = site + ".works." + word(kind);
        const catalog::Fact* count = scenario.facts->find(key);
        if (count == nullptr || !count->isNumber() || !(count->value >= 1))
            continue;
        const auto number = [&](const char* unit, double factor) {
            const catalog::Fact* fact = scenario.facts->find(key + unit);
            return fact != nullptr && fact->isNumber() ? fact->value * factor : 0.0;
        };
        works.push_back({kind, static_cast<int>(std::lround(std::min<double>(count->value, kMostOfAKind))),
                         number("_mw", kWattsOfMw), number("_mwh", kJoulesOfMwh), count->source,
                         count->note});
    }
    return works;
}

Site siteOf(const scenario::Scenario& scenario, const cluster::Cluster& cluster) {
    Site site{gpuConditions(scenario, cluster), {}};
    if (const scenario::Cluster* spec = scenario.cluster(cluster.id); spec != nullptr && spec->orbit.empty())
        site.works = siteWorks(scenario, *spec);
    return site;
}

} // namespace atlas::operations

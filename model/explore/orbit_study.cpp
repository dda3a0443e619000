#include "model/explore/orbit_study.h"

#include "model/explore/uncertainty.h"
#include "model/training/calibration.h"
#include "model/training/model_shape.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace atlas::explore {

namespace {

constexpr double kCheapestUsdPerKg = 10; ///< what is hoped for (fact launch.starship_aspiration)
constexpr double kDearestUsdPerKg = 10e3;
constexpr int kPrices = 61;
constexpr double kLowQuantile = 0.05;
constexpr double kHighQuantile = 0.95;
constexpr double kGradientBytes = 2; ///< a parameter, in 16 bits

double gpusOf(const scenario::Cluster& cluster) {
    double gpus = 0;
    for (const scenario::Island& island : cluster.islands) {
        gpus += island.gpuCount.value;
    }
    return gpus;
}

struct Pair {
    std::size_t ground = 0; ///< index into the clusters
    std::string gpu;
};

std::optional<Pair> pairOf(const scenario::Scenario& scenario, const std::string& site) {
    std::optional<Pair> pair;
    for (std::size_t i = 0; i < scenario.clusters.size(); ++i) {
        const scenario::Cluster& cluster = scenario.clusters[i];
        if (cluster.orbit.empty() && !cluster.islands.empty() &&
            (!pair || gpusOf(cluster) > gpusOf(scenario.clusters[pair->ground]))) {
            pair = Pair{i, cluster.islands.back().gpu};
        }
    }
    const auto flown = std::ranges::find(scenario.clusters, site, &scenario::Cluster::orbit);
    if (pair && flown != scenario.clusters.end() && !flown->islands.empty()) {
        pair->gpu = flown->islands.front().gpu;
    }
    return pair;
}

Result<orbit::OrbitAgainstGround> compareAt(const scenario::Scenario& scenario, const std::string& site,
                                            const Pair& pair) {
    return orbit::againstGround(*scenario.orbit(site), *scenario.gpu(pair.gpu),
                                scenario.clusters[pair.ground], scenario.economics);
}

/// Cost in orbit at another launch price: it is linear in it.
double atPrice(const orbit::OrbitAgainstGround& result, double ownPrice, double price) {
    return result.orbit.totalUsd() + (ownPrice > 0 ? result.orbit.launchUsd * (price / ownPrice - 1) : 0.0);
}

Band bandOf(std::vector<double> values, double central) {
    if (values.empty()) {
        return {central, central, central};
    }
    std::ranges::sort(values);
    const auto at = [&](double q) {
        return values[static_cast<std::size_t>(std::lround(q * static_cast<double>(values.size() - 1)))];
    };
    return {at(kLowQuantile), central, at(kHighQuantile)};
}

std::vector<orbit::Verdict> verdictsOf(const scenario::Scenario& scenario, const std::string& site,
                                       const Pair& pair, const training::StepAnatomy* step) {
    orbit::TrainingLoad load;
    load.stepsBetweenSyncs = training::Calibration::builtin().assumptions.dilocoSteps;
    load.satellites = std::max(
        2, static_cast<int>(gpusOf(scenario.clusters[pair.ground]) / scenario.orbit(site)->gpusPerSatellite));
    if (step != nullptr && !scenario.trainJobs.empty()) {
        const scenario::Transformer* model = scenario.transformer(scenario.trainJobs.front().model);
        if (const auto shape = model != nullptr ? training::shapeOf(*model) : failure("no model")) {
            load.gradientBytes = kGradientBytes * shape->totalParams();
            load.stepS = step->breakdown.gemm + step->breakdown.attention + step->breakdown.elementwise;
            load.copyPerSatellite =
                orbit::copyShare(scenario.orbit(site)->gpusPerSatellite,
                                 static_cast<double>(step->layout.gpus()) /
                                     static_cast<double>(std::max<std::int64_t>(1, step->layout.dp)));
        }
    }
    const scenario::ServeJob* serving = scenario.serveJobs.empty() ? nullptr : &scenario.serveJobs.front();
    auto all = orbit::verdicts(*scenario.orbit(site), serving, load);
    if (load.stepS <= 0) {
        std::erase_if(all, [](const orbit::Verdict& verdict) { return verdict.availableS <= 0; });
    }
    return all;
}

} // namespace

Result<OrbitStudy> studyOrbit(const scenario::Scenario& scenario, const std::string& site,
                              const training::StepAnatomy* step, int draws, std::stop_token stop) {
    if (scenario.orbit(site) == nullptr) {
        return failure("there is no site `" + site + "` in orbit", "name one of `orbits:`");
    }
    const auto pair = pairOf(scenario, site);
    if (!pair) {
        return failure("there is no cluster on the ground to compare the orbit with",
                       "add one to `clusters:`");
    }
    // Facts are drawn for what is used: a cluster that flies there makes the site's numbers count.
    scenario::Scenario flown = scenario;
    scenario::Cluster& satellites = flown.clusters.emplace_back(scenario.clusters[pair->ground]);
    satellites.id = "orbit-study";
    satellites.orbit = site;

    const auto central = compareAt(flown, site, *pair);
    if (!central) {
        return central.errors();
    }
    OrbitStudy study;
    study.site = scenario.orbit(site)->name;
    study.gpu = scenario.gpu(pair->gpu)->name;
    study.ground = scenario.clusters[pair->ground].name;
    study.central = *central;
    study.launchUsdPerKg = scenario.orbit(site)->launchUsdPerKg.value;
    for (int i = 0; i < kPrices; ++i) {
        study.priceUsdPerKg.push_back(kCheapestUsdPerKg *
                                      std::pow(kDearestUsdPerKg / kCheapestUsdPerKg, i / (kPrices - 1.0)));
    }

    const Uncertainty uncertainty(ModelInputs::central(flown));
    struct Draw {
        bool valid = false;
        double price = 0;
        orbit::OrbitAgainstGround result;
    };
    std::vector<Draw> drawn(static_cast<std::size_t>(std::max(0, draws)));
    tbb::parallel_for(std::size_t{0}, drawn.size(), [&](std::size_t i) {
        if (stop.stop_requested()) {
            return;
        }
        const ModelInputs inputs = uncertainty.draw(scenario.seed, i);
        if (const auto result = compareAt(inputs.scenario, site, *pair)) {
            drawn[i] = {true, inputs.scenario.orbit(site)->launchUsdPerKg.value, *result};
        }
    });
    if (stop.stop_requested()) {
        return failure("stopped");
    }
    std::erase_if(drawn, [](const Draw& draw) { return !draw.valid; });
    study.draws = static_cast<int>(drawn.size());
    for (const double price : study.priceUsdPerKg) {
        std::vector<double> costs;
        for (const Draw& draw : drawn) {
            costs.push_back(atPrice(draw.result, draw.price, price));
        }
        study.orbitUsdPerHour.push_back(
            bandOf(std::move(costs), atPrice(*central, study.launchUsdPerKg, price)));
    }
    std::vector<double> ground;
    for (const Draw& draw : drawn) {
        ground.push_back(draw.result.ground.totalUsd());
        study.parityShare += draw.result.parityUsdPerKg ? 1.0 / study.draws : 0.0;
        study.cheaperShare += draw.result.ratio() < 1 ? 1.0 / study.draws : 0.0;
    }
    study.groundUsdPerHour = bandOf(std::move(ground), central->ground.totalUsd());
    study.verdicts = verdictsOf(flown, site, *pair, step);
    return study;
}

} // namespace atlas::explore

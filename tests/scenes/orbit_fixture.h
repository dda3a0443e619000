// A constellation for the tests and benchmarks of the orbit scene: a site of round numbers, not facts.
#pragma once

#include "model/orbit/constellation.h"
#include "tests/scenes/floor_fixture.h"

namespace atlas::fixture {

inline scenario::OrbitalSite site(double altitudeM = 600e3, double ascendingNodeH = 18) {
    scenario::OrbitalSite s;
    s.id = "site";
    s.name = "Site";
    s.altitudeM = given(altitudeM);
    s.ascendingNodeH = ascendingNodeH;
    s.gpusPerSatellite = 72;
    s.solarWPerM2 = given(1361);
    s.cellEfficiency = given(0.3);
    s.arrayWPerKg = given(150);
    s.arrayLossPerYear = given(0.03);
    s.batteryJPerKg = given(150 * 3600);
    s.depthOfDischarge = given(0.8);
    s.pue = given(1.1);
    s.radiatorK = given(333.15);
    s.emissivity = given(0.9);
    s.absorptivity = given(0.15);
    s.earthViewFactor = given(0.2);
    s.earthInfraredWPerM2 = given(240);
    s.albedo = given(0.3);
    s.thermalWPerKg = given(30);
    s.computeKgPerW = given(0.012);
    s.busMassShare = given(0.3);
    s.platformUsdPerW = given(10);
    s.launchUsdPerKg = given(1000);
    s.launchPayloadKg = given(1e5);
    s.lifeYears = given(5);
    s.gpuLossPerYear = given(0.05);
    s.satelliteLossPerYear = given(0.02);
    s.upsetOverhead = given(0.02);
    s.crossLinkBytesPerS = given(1e11);
    s.downlinkBytesPerS = given(1e9);
    s.groundLatencyS = given(0.03);
    return s;
}

/// `satellites` of 72 GB200 each, 1.5 kW a GPU, launched at the start of January 2026.
inline std::shared_ptr<const orbit::Constellation>
constellation(int satellites, double ascendingNodeH = 18, double altitudeM = 600e3,
              scenario::EclipsePower eclipse = scenario::EclipsePower::Battery) {
    scenario::Scenario s = catalogue();
    for (scenario::GpuClass& gpu : s.gpus) {
        gpu.tdpW = given(1300);
        gpu.hostOverheadW = given(200);
    }
    scenario::Cluster c;
    c.id = "flown";
    c.name = "Flown";
    c.islands = {island("n", "NVL72", "GB200", "nvl72", "xdr", 72.0 * satellites, 1, 16)};
    c.islands.front().firstMonth = scenario::Month::of(2026, 1);
    auto built = cluster::buildCluster(s, c);
    if (!built)
        qFatal("%s", text(built.errors()).c_str());
    scenario::OrbitalSite flying = site(altitudeM, ascendingNodeH);
    flying.eclipse = eclipse;
    auto flown = orbit::Constellation::make(flying, *built, scenario::Month::of(2026, 1));
    if (!flown)
        qFatal("%s", text(flown.errors()).c_str());
    return *flown;
}

} // namespace atlas::fixture

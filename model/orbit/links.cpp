#include "model/orbit/links.h"

#include "model/units/quantity.h"

#include <algorithm>

namespace atlas::orbit {

namespace {

std::string seconds(double s) {
    return units::formatQuantity(s, units::Dimension::Seconds);
}

std::string times(double factor) {
    return units::formatQuantity(factor, units::Dimension::Number);
}

Verdict training(const std::string& work, double neededS, double availableS, const std::string& over) {
    Verdict verdict{work, neededS, availableS, neededS <= availableS, {}};
    verdict.why = "the gradients take " + seconds(neededS) + " over " + over + ", " +
                  (verdict.runs ? "less than the " : times(verdict.slowdown()) + " times the ") +
                  seconds(availableS) + " of computing they can hide behind";
    return verdict;
}

} // namespace

double allReduceBytes(double bytes, int members) {
    return members < 2 ? 0.0 : 2.0 * (members - 1) / members * bytes;
}

double copyShare(double gpus, double gpusPerCopy) {
    return std::min(1.0, gpus / std::max(1.0, gpusPerCopy));
}

std::vector<Verdict> verdicts(const scenario::OrbitalSite& site, const scenario::ServeJob* serving,
                              const TrainingLoad& load) {
    std::vector<Verdict> all;
    if (serving != nullptr) {
        const double latency = site.groundLatencyS.value;
        const double target = serving->timeToFirstTokenS.value;
        all.push_back({"Serving", latency, target, latency < target,
                       "the round trip of " + seconds(latency) + " is " + times(100 * latency / target) +
                           " % of the time to the first token; tokens are a few bytes each"});
    }
    const double held = load.gradientBytes * load.copyPerSatellite;
    const double bytes = allReduceBytes(held, std::max(2, load.satellites));
    const double across = bytes / site.crossLinkBytesPerS.value;
    all.push_back(
        training("Training in step across satellites", across, load.stepS, "the links between satellites"));
    // Both directions of the exchange with the ground pass through the downlink of every satellite once.
    const double toGround =
        allReduceBytes(held, 2) / site.downlinkBytesPerS.value + 2 * site.groundLatencyS.value;
    all.push_back(
        training("Training in step with the ground", toGround, load.stepS, "the link to the ground"));
    all.push_back(training("Training with rare synchronisation", across, load.stepS * load.stepsBetweenSyncs,
                           "the links between satellites"));
    return all;
}

} // namespace atlas::orbit

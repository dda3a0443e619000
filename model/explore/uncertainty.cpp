#include "model/explore/uncertainty.h"

#include "model/core/philox.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace atlas::embedded {
extern const char* const correlationsYaml;
}

namespace atlas::explore {

namespace {

struct Correlation {
    std::string name;
    bool against = false;
};

/// The group of every fact that is in one. The file is compiled in and its form is covered by a test.
const std::map<std::string, Correlation, std::less<>>& correlations() {
    static const auto table = [] {
        std::map<std::string, Correlation, std::less<>> groups;
        for (const YAML::Node& row : YAML::Load(embedded::correlationsYaml)["correlations"]) {
            for (const bool against : {false, true}) {
                for (const YAML::Node& fact : row[against ? "against" : "together"]) {
                    groups[fact.as<std::string>()] = {row["name"].as<std::string>(), against};
                }
            }
        }
        return groups;
    }();
    return table;
}

/// FNV-1a: a number of a name that is the same on every machine.
std::uint32_t streamOf(std::string_view key) {
    std::uint32_t hash = 2166136261u;
    for (const char c : key) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    }
    return hash;
}

} // namespace

ModelInputs ModelInputs::central(scenario::Scenario scenario) {
    return {std::move(scenario), serving::defaultConstants(), operations::defaultInterruptions()};
}

void visitModelInputs(
    ModelInputs& inputs,
    const std::function<void(const std::string&, catalog::Sourced&, units::Dimension)>& visit) {
    scenario::visitInputs(inputs.scenario, visit);
    serving::visitConstants(inputs.serving, [&](std::string_view key, catalog::Sourced& number) {
        visit("serving." + std::string(key), number, units::Dimension::Number);
    });
    visit("interruptions.restart_s", inputs.interruptions.restartS, units::Dimension::Seconds);
    visit("interruptions.checkpoint_stall_s", inputs.interruptions.checkpointStallS,
          units::Dimension::Seconds);
}

Uncertainty::Uncertainty(ModelInputs central)
    : m_central(std::move(central)) {
    std::map<std::string, std::size_t> known;
    visitModelInputs(
        m_central, [&](const std::string& path, catalog::Sourced& number, units::Dimension dimension) {
            Place place;
            place.value = number.value;
            place.low = std::min(number.low, number.value);
            place.high = std::max(number.high, number.value);
            if (place.low < place.high) {
                const std::string key = number.fact.empty() ? path : number.fact;
                const auto [at, fresh] = known.emplace(key, m_inputs.size());
                if (fresh) {
                    m_inputs.push_back({key, {}, number, dimension});
                }
                m_inputs[at->second].paths.push_back(path);
                place.input = static_cast<std::int64_t>(at->second);
                const auto group = correlations().find(key);
                place.stream = streamOf(group == correlations().end() ? key : group->second.name);
                place.against = group != correlations().end() && group->second.against;
            }
            m_places.push_back(place);
        });
}

ModelInputs Uncertainty::draw(std::uint64_t seed, std::uint64_t draw) const {
    ModelInputs drawn = m_central;
    std::size_t i = 0;
    visitModelInputs(drawn, [&](const std::string&, catalog::Sourced& number, units::Dimension) {
        const Place& place = m_places[i++];
        if (place.input >= 0) {
            const double u = random::uniform(seed, random::Purpose::MonteCarlo, draw, place.stream);
            number.value =
                triangularQuantile(place.against ? 1.0 - u : u, place.low, place.value, place.high);
        }
    });
    return drawn;
}

ModelInputs Uncertainty::at(std::size_t input, End end) const {
    ModelInputs changed = m_central;
    std::size_t i = 0;
    visitModelInputs(changed, [&](const std::string&, catalog::Sourced& number, units::Dimension) {
        const Place& place = m_places[i++];
        if (place.input == static_cast<std::int64_t>(input)) {
            number.value = end == End::Low ? place.low : place.high;
        }
    });
    return changed;
}

double triangularQuantile(double u, double low, double value, double high) {
    return u < 0.5 ? low + (value - low) * std::sqrt(2.0 * u)
                   : high - (high - value) * std::sqrt(2.0 * (1.0 - u));
}

} // namespace atlas::explore

#include "model/explore/uncertainty.h"

#include "model/core/philox.h"
#include "model/explore/correlations.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

namespace atlas::explore {

namespace {

/// FNV-1a: a number of a name that is the same on every machine.
std::uint32_t streamOf(std::string_view key) {
    std::uint32_t hash = 2166136261u;
    for (const char c : key) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    }
    return hash;
}

bool endsIn(std::string_view path, std::string_view key) {
    return path.ends_with(key) && path.size() > key.size() && path[path.size() - key.size() - 1] == '.';
}

/// "clusters.x.islands.y.tranches", or empty: a late build-out is late in all its months.
std::string buildOutOf(std::string_view path) {
    const std::size_t at = path.find(".tranches.");
    return at == std::string_view::npos ? std::string() : std::string(path.substr(0, at + 9));
}

} // namespace

ModelInputs ModelInputs::central(scenario::Scenario scenario) {
    return {std::move(scenario), serving::defaultConstants()};
}

void visitModelInputs(
    ModelInputs& inputs,
    const std::function<void(const std::string&, catalog::Sourced&, units::Dimension)>& visit) {
    scenario::visitInputs(inputs.scenario, visit);
    serving::visitConstants(inputs.serving, [&](std::string_view key, catalog::Sourced& number) {
        visit("serving." + std::string(key), number, units::Dimension::Number);
    });
}

bool isMoneyOnly(std::string_view path) {
    for (const std::string_view section : {"contracts.", "financing.", "market.", "runs."}) {
        if (path.starts_with(section)) {
            return !(section == "runs." && endsIn(path, "flop")); // says what is trained when
        }
    }
    if (path.starts_with("economics.")) {
        return path != "economics.load_factor"; // says what a busy GPU draws
    }
    if (path.starts_with("gpus.")) {
        return endsIn(path, "price") || endsIn(path, "cluster_capex") || endsIn(path, "rent");
    }
    return path.starts_with("clusters.") &&
           (endsIn(path, "energy_price") || endsIn(path, "pue") || endsIn(path, "provisioned_power"));
}

Uncertainty::Uncertainty(ModelInputs central)
    : m_central(std::move(central)) {
    const std::vector<std::string> paths = findPlaces();
    findWholes(paths);
    dropFollowing();
}

std::size_t Uncertainty::variableOf(const std::string& key, const std::string& path, bool isFact) {
    const auto group = correlationOf(key);
    const std::string buildOut = isFact || group ? std::string() : buildOutOf(path);
    const std::string name = group ? group->name : buildOut.empty() ? key : buildOut;
    for (std::size_t v = 0; v < m_variables.size(); ++v) {
        if (m_variables[v].name == name) {
            return v;
        }
    }
    m_variables.push_back({name, streamOf(name), true});
    return m_variables.size() - 1;
}

std::vector<std::string> Uncertainty::findPlaces() {
    std::vector<std::string> paths;
    std::map<std::string, std::size_t> known;
    std::size_t visit = 0;
    visitModelInputs(m_central, [&](const std::string& path, catalog::Sourced& number,
                                    units::Dimension dimension) {
        Place place;
        place.visit = visit++;
        place.value = number.value;
        place.low = std::min(number.low, number.value);
        place.high = std::max(number.high, number.value);
        if (!(place.low < place.high)) {
            return;
        }
        const std::string key = number.fact.empty() ? path : number.fact;
        const auto [at, fresh] = known.emplace(key, m_inputs.size());
        if (fresh) {
            const std::size_t variable = variableOf(key, path, !number.fact.empty());
            m_inputs.push_back({key, {}, number, dimension, variable, true});
        }
        UncertainInput& input = m_inputs[at->second];
        input.paths.push_back(path);
        input.moneyOnly = input.moneyOnly && isMoneyOnly(path);
        place.input = static_cast<std::int64_t>(at->second);
        place.variable = input.variable;
        m_variables[input.variable].moneyOnly = m_variables[input.variable].moneyOnly && isMoneyOnly(path);
        const auto group = correlationOf(key);
        place.against = group && group->against;
        m_places.push_back(place);
        paths.push_back(path);
    });
    return paths;
}

void Uncertainty::findWholes(const std::vector<std::string>& paths) {
    for (const WholeOfParts& rule : wholes()) {
        std::map<std::string, std::vector<std::size_t>> byCluster; // places of the parts
        for (std::size_t p = 0; p < m_places.size(); ++p) {
            const std::string& key = m_inputs[static_cast<std::size_t>(m_places[p].input)].key;
            const std::size_t island = paths[p].find(".islands.");
            if (island != std::string::npos && std::ranges::find(rule.parts, key) != rule.parts.end()) {
                byCluster[paths[p].substr(0, island)].push_back(p);
            }
        }
        for (const auto& [cluster, parts] : byCluster) {
            const auto named = std::ranges::find_if(parts, [&](std::size_t p) {
                return m_inputs[static_cast<std::size_t>(m_places[p].input)].key == rule.remainder;
            });
            Whole whole;
            whole.remainder = named == parts.end() ? parts.front() : *named;
            std::ranges::copy_if(parts, std::back_inserter(whole.others),
                                 [&](std::size_t p) { return p != whole.remainder; });
            m_wholes.push_back(std::move(whole));
        }
    }
}

void Uncertainty::dropFollowing() {
    for (const Whole& whole : m_wholes) {
        m_places[whole.remainder].input = -1;
    }
    std::vector<std::int64_t> place(m_inputs.size(), -1);
    std::vector<UncertainInput> kept;
    for (std::size_t i = 0; i < m_inputs.size(); ++i) {
        if (std::ranges::find(m_places, static_cast<std::int64_t>(i), &Place::input) != m_places.end()) {
            place[i] = static_cast<std::int64_t>(kept.size());
            kept.push_back(std::move(m_inputs[i]));
        }
    }
    m_inputs = std::move(kept);
    for (Place& p : m_places) {
        p.input = p.input < 0 ? -1 : place[static_cast<std::size_t>(p.input)];
    }
}

double Uncertainty::uniform(std::uint64_t seed, std::uint64_t draw, std::size_t variable) const {
    return random::uniform(seed, random::Purpose::MonteCarlo, draw, m_variables[variable].stream);
}

ModelInputs Uncertainty::draw(std::uint64_t seed, std::uint64_t draw) const {
    Workbench bench(*this);
    std::vector<double> uniforms(m_variables.size());
    for (std::size_t v = 0; v < uniforms.size(); ++v) {
        uniforms[v] = uniform(seed, draw, v);
    }
    bench.set(uniforms);
    return bench.inputs();
}

ModelInputs Uncertainty::at(std::size_t input, End end) const {
    Workbench bench(*this);
    bench.setInput(input, end);
    return bench.inputs();
}

double triangularQuantile(double u, double low, double value, double high) {
    return u < 0.5 ? low + (value - low) * std::sqrt(2.0 * u)
                   : high - (high - value) * std::sqrt(2.0 * (1.0 - u));
}

} // namespace atlas::explore

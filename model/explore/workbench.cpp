#include "model/explore/uncertainty.h"

#include <algorithm>

namespace atlas::explore {

Workbench::Workbench(const Uncertainty& uncertainty)
    : m_uncertainty(uncertainty)
    , m_inputs(uncertainty.central()) {
    std::size_t visit = 0;
    std::size_t next = 0;
    const auto& places = uncertainty.m_places;
    visitModelInputs(m_inputs, [&](const std::string&, catalog::Sourced& number, units::Dimension) {
        if (next < places.size() && places[next].visit == visit) {
            m_numbers.push_back(&number);
            ++next;
        }
        ++visit;
    });
    for (scenario::Cluster& cluster : m_inputs.scenario.clusters) {
        for (scenario::Island& island : cluster.islands) {
            for (scenario::Island::Tranche& tranche : island.tranches) {
                if (std::ranges::find(m_numbers, &tranche.gpus) == m_numbers.end()) {
                    m_fixedTranches.emplace_back(&tranche.gpus, tranche.gpus.value);
                }
            }
        }
    }
}

void Workbench::set(std::span<const double> uniforms) {
    const auto& places = m_uncertainty.m_places;
    for (std::size_t p = 0; p < places.size(); ++p) {
        const Uncertainty::Place& place = places[p];
        const double u = uniforms[place.variable];
        m_numbers[p]->value =
            triangularQuantile(place.against ? 1.0 - u : u, place.low, place.value, place.high);
    }
    settle();
}

void Workbench::setMoney(std::span<const double> uniforms) {
    const auto& places = m_uncertainty.m_places;
    for (std::size_t p = 0; p < places.size(); ++p) {
        const Uncertainty::Place& place = places[p];
        if (m_uncertainty.m_variables[place.variable].moneyOnly) {
            const double u = uniforms[place.variable];
            m_numbers[p]->value =
                triangularQuantile(place.against ? 1.0 - u : u, place.low, place.value, place.high);
        }
    }
}

void Workbench::reset() {
    const auto& places = m_uncertainty.m_places;
    for (std::size_t p = 0; p < places.size(); ++p) {
        m_numbers[p]->value = places[p].value;
    }
    for (const auto& [number, value] : m_fixedTranches) {
        number->value = value;
    }
}

void Workbench::setInput(std::size_t input, Uncertainty::End end) {
    reset();
    const auto& places = m_uncertainty.m_places;
    for (std::size_t p = 0; p < places.size(); ++p) {
        if (places[p].input == static_cast<std::int64_t>(input)) {
            m_numbers[p]->value = end == Uncertainty::End::Low ? places[p].low : places[p].high;
        }
    }
    settle();
}

void Workbench::settle() {
    const auto& places = m_uncertainty.m_places;
    for (const auto& [number, value] : m_fixedTranches) {
        number->value = value;
    }
    for (const Uncertainty::Whole& whole : m_uncertainty.m_wholes) {
        double value = places[whole.remainder].value;
        for (const std::size_t other : whole.others) {
            value += places[other].value - m_numbers[other]->value;
        }
        m_numbers[whole.remainder]->value = std::max(0.0, value);
    }
    for (scenario::Cluster& cluster : m_inputs.scenario.clusters) {
        for (scenario::Island& island : cluster.islands) {
            double before = 0;
            for (scenario::Island::Tranche& tranche : island.tranches) {
                before = std::clamp(tranche.gpus.value, before, std::max(before, island.gpuCount.value));
                tranche.gpus.value = before;
            }
        }
    }
}

} // namespace atlas::explore

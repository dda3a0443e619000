// What must hold of the answer to any bytes whatsoever.
#pragma once

#include "model/scenario/scenario_loader.h"

#include <cmath>
#include <string>

namespace atlas::fuzz {

/// Empty, or what is wrong with the answer: an error without words, a number that is not finite or outside
/// its own range, a reference that leads nowhere.
inline std::string broken(const Result<scenario::Loaded>& answer) {
    if (!answer) {
        for (const Diagnostic& error : answer.errors()) {
            if (error.message.empty() || error.text().size() > 4000) {
                return "an error without words, or without end";
            }
        }
        return hasErrors(answer.errors()) ? "" : "refused without an error";
    }
    if (hasErrors(answer->warnings)) {
        return "loaded with errors";
    }
    std::string wrong;
    const scenario::Scenario& scenario = answer->scenario;
    scenario::visitInputs(scenario, [&wrong](const std::string& path, const scenario::Sourced& number,
                                             units::Dimension dimension) {
        if (!std::isfinite(number.value) || !(number.low <= number.value && number.value <= number.high) ||
            units::formatQuantity(number.value, dimension).empty()) {
            wrong = path;
        }
    });
    for (const scenario::Cluster& cluster : scenario.clusters) {
        for (const scenario::Island& island : cluster.islands) {
            if (scenario.gpu(island.gpu) == nullptr || scenario.rack(island.rack) == nullptr ||
                scenario.fabric(island.fabric) == nullptr || island.gpuCount.value > 4e6) {
                wrong = cluster.id + "." + island.id;
            }
        }
    }
    return wrong;
}

} // namespace atlas::fuzz

// What a scenario holds beside its sourced numbers, as text: switches, choices, counts, months; and
// injections, one a line. What `--set` and `--inject` take.
#pragma once

#include "model/scenario/scenario.h"

#include <string>
#include <utility>
#include <vector>

namespace atlas::scenario {

/// Path and value of every switch, choice, count, month and plain measure, as withValue takes them
/// ("operations.mitigations.evict_slow", "true"). Without texts, references and injections.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> settingsOf(const Scenario& scenario);

/// An injection as a file has it, in one line and to the last bit: `{at: 304 d, cluster: c2, what: slow-gpu,
/// target: "rack 1-2-3, tray 4, GPU 5", magnitude: 0.3, lasts: 3600 s}`.
[[nodiscard]] std::string injectionText(const Injection& injection);
/// Reads it back; keys that are left out have their defaults, a cluster the scenario's first. Whether its
/// target is there is for withInjection (model/operations) to say.
[[nodiscard]] Result<Injection> parseInjection(const std::string& text, const Scenario& scenario);

} // namespace atlas::scenario

// Reads *.atlas.yaml (and the catalogue) into typed values. The file is untrusted: it may come by mail.
#pragma once

#include "model/scenario/catalogue.h"
#include "model/scenario/scenario.h"

#include <cstddef>

namespace atlas::scenario {

/// Limits on what a scenario file may ask for. A file beyond one of them is refused with a diagnostic that
/// names it.
struct LoaderLimits {
    std::size_t maxFileBytes = 4u << 20;
    int maxDepth = 32;
    int maxNodes = 200'000;
    int maxAliases = 1'000; ///< after expansion the node limit holds as well
    double maxGpusPerCluster = 4e6;
    int maxClusters = 64;
};

struct Loaded {
    Scenario scenario;
    Diagnostics warnings;
};

/// Loads a scenario and the catalogue in `resourcesFolder`/catalog. All errors are reported in one pass, each
/// with file, line, column, what is wrong and the nearest valid key or value.
[[nodiscard]] Result<Loaded> loadScenario(const std::string& file, const std::string& resourcesFolder,
                                          const LoaderLimits& limits = {});

/// The same from text already in memory; `name` stands for the file in diagnostics.
[[nodiscard]] Result<Loaded> parseScenario(const std::string& yaml, const std::string& name,
                                           const std::string& resourcesFolder,
                                           const LoaderLimits& limits = {});

/// The same with a catalogue that is read already: for many files, and for files that change under the hand.
[[nodiscard]] Result<Loaded> parseScenario(const std::string& yaml, const std::string& name,
                                           const Catalogue& catalogue, const LoaderLimits& limits = {});

} // namespace atlas::scenario

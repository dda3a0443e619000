// The JSON schema of scenario files, made from the same description that reads them.
#pragma once

#include "model/scenario/catalogue.h"

namespace atlas::scenario {

/// JSON Schema (draft 7) of *.atlas.yaml as text: every key with its meaning, unit, bounds and default; facts
/// and catalogue ids are offered for completion. resources/schema/scenario.schema.json is this text.
[[nodiscard]] std::string scenarioSchema(const Catalogue& catalogue);

/// The same for the files of the catalogue: their sections, each as in a scenario.
[[nodiscard]] std::string catalogueSchema();

} // namespace atlas::scenario

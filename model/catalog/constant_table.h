// Tables of global constants in resources/catalog: rows of key, value, low, high, unit, source, grade. They
// belong to the code's version and are compiled in, unlike the facts and the scenario, which people edit.
#pragma once

#include "model/catalog/fact.h"

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace atlas::catalog {

/// Reads the rows under `root`. Exactly the `keys` must be there, once each, with 0 <= low <= value <= high;
/// all that is wrong is reported in one pass. The unit goes to Sourced::note.
[[nodiscard]] Result<std::map<std::string, Sourced, std::less<>>>
parseConstantTable(const std::string& yaml, const std::string& root, std::span<const std::string_view> keys);

} // namespace atlas::catalog

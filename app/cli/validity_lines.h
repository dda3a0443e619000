// The mark of results outside the validated range, on the command line.
#pragma once

#include "model/validation/validity.h"

#include <nlohmann/json_fwd.hpp>

#include <ostream>
#include <string>

namespace atlas::cli {

/// One line an excess, marked, `who` before it where it is not empty; nothing inside the range.
void printValidity(std::ostream& out, const validation::Validity& validity, const std::string& who = {});

/// The words of every excess, for JSON: [] inside.
[[nodiscard]] nlohmann::ordered_json validityJson(const validation::Validity& validity);

} // namespace atlas::cli

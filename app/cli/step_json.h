// A step's anatomy as JSON, in the fixed format of `atlas train` and `atlas plan`.
#pragma once

#include "model/training/step.h"

#include <nlohmann/json.hpp>

#include <string_view>
#include <utility>
#include <vector>

namespace atlas::cli {

using Json = nlohmann::ordered_json;

/// Names and seconds of the parts of a step, in their fixed order.
[[nodiscard]] std::vector<std::pair<std::string_view, double>> breakdownOf(const training::Breakdown& parts);
[[nodiscard]] Json jsonOf(const training::Layout& layout);
[[nodiscard]] Json jsonOf(const training::Memory& memory);
[[nodiscard]] Json jsonOf(const training::StepAnatomy& step);

} // namespace atlas::cli

// The part somebody means who does not write its name as the inspector does.
#pragma once

#include "model/cluster/address.h"

#include <optional>
#include <string_view>

namespace atlas::cluster {

/// The part with the nearest name; nothing where none is near.
[[nodiscard]] std::optional<Part> nearestPart(const Cluster& cluster, std::string_view text);

} // namespace atlas::cluster

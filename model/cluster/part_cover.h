// Any selection of GPUs as the fewest parts that have a name: whole halls, rows, racks and trays where they
// are in it to the last GPU, single GPUs else.
#pragma once

#include "model/cluster/address.h"

#include <span>
#include <vector>

namespace atlas::cluster {

/// Sorted ranges without gaps between neighbours that touch: what a selection is kept as.
[[nodiscard]] std::vector<Range> merged(std::vector<Range> ranges);
[[nodiscard]] Index countOf(std::span<const Range> ranges);

/// The parts that make up `ranges` (merged), in the order of GPUs; every GPU in exactly one of them. Empty
/// where more than `most` are needed.
[[nodiscard]] std::vector<Part> coverOf(const Cluster& cluster, std::span<const Range> ranges,
                                        std::size_t most);

} // namespace atlas::cluster

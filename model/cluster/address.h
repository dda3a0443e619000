// Names of the parts of a cluster, as the inspector shows them and as a scenario writes them: "rack 1-203-7,
// tray 4, GPU 5", "rack 1-203-7", "row 1-203", "Hall 2", "Hall 2, rail 3, leaf 17", "Trunk A to B", an
// island.
#pragma once

#include "model/cluster/cluster.h"

#include <string>
#include <string_view>

namespace atlas::cluster {

enum class PartKind : std::uint8_t { Cluster, Island, Hall, Row, Rack, Tray, Gpu, Switch, LinkGroup };
[[nodiscard]] const char* name(PartKind kind);

/// One part. `index` counts in the cluster's array of that kind; a tray is named by its first GPU.
struct Part {
    PartKind kind = PartKind::Cluster;
    Index index = 0;
    bool operator==(const Part&) const = default;
};

/// The GPUs of a part, all consecutive; those of a leaf and of a bundle of links are not, and their range is
/// empty (see gpusUnderLeaf and Cluster::linkGroups).
[[nodiscard]] Range gpusOf(const Cluster& cluster, Part part);
/// GPUs whose NIC goes to a leaf switch, in order.
[[nodiscard]] std::vector<Index> gpusUnderLeaf(const Cluster& cluster, Index leaf);
/// The tray of a GPU.
[[nodiscard]] Range trayGpus(const Cluster& cluster, Index gpu);

/// The name of a part; parsePart reads it back.
[[nodiscard]] std::string partName(const Cluster& cluster, Part part);

/// Reads a name; upper and lower case are equal, an empty text is the whole cluster. Errors name the nearest
/// part that is there.
[[nodiscard]] Result<Part> parsePart(const Cluster& cluster, std::string_view text);

} // namespace atlas::cluster

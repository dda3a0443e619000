#include "model/cluster/address.h"
#include "model/cluster/part_search.h"

#include "model/core/nearest.h"
#include "model/core/utf8.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace atlas::cluster {

namespace {

std::string lowered(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool space = std::isspace(static_cast<unsigned char>(c)) != 0;
        if (!space || (!out.empty() && out.back() != ' ')) {
            out += space ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
    }
    while (!out.empty() && out.back() == ' ') {
        out.pop_back();
    }
    return out;
}

/// Reads words and numbers from left to right.
class Scanner {
public:
    explicit Scanner(std::string_view text)
        : m_rest(text) {}
    bool word(std::string_view expected) {
        if (!m_rest.starts_with(expected)) {
            return false;
        }
        m_rest.remove_prefix(expected.size());
        return true;
    }
    /// A number of at most nine digits.
    std::optional<Index> number() {
        Index value = 0;
        std::size_t digits = 0;
        while (digits < m_rest.size() && digits < 9 && m_rest[digits] >= '0' && m_rest[digits] <= '9') {
            value = 10 * value + static_cast<Index>(m_rest[digits++] - '0');
        }
        m_rest.remove_prefix(digits);
        return digits > 0 ? std::optional(value) : std::nullopt;
    }
    [[nodiscard]] bool done() const { return m_rest.empty(); }

private:
    std::string_view m_rest;
};

/// A number from 1 to `count` as an index; `exact` falls where it had to be moved there.
Index within(Index number, Index count, bool& exact) {
    const Index inside = std::clamp<Index>(number, 1, std::max<Index>(count, 1));
    exact = exact && inside == number;
    return inside - 1;
}

struct Found {
    Part part;
    bool exact = true; ///< else the nearest one there is
};

Index gpusPerTray(const Cluster& cluster, Index rack) {
    return static_cast<Index>(
        cluster.islands[cluster.halls[cluster.racks[rack].hall].island].rackType.gpusPerTray);
}

/// "rack 1-203-7, tray 4, GPU 5" and its beginnings.
std::optional<Found> rackOrBelow(const Cluster& cluster, Scanner scan) {
    Found found;
    const auto hall = scan.number();
    const auto row = hall && scan.word("-") ? scan.number() : std::nullopt;
    const auto position = row && scan.word("-") ? scan.number() : std::nullopt;
    if (!position) {
        return std::nullopt;
    }
    const Hall& inHall = cluster.halls[within(*hall, static_cast<Index>(cluster.halls.size()), found.exact)];
    const Row& inRow = cluster.rows[inHall.rows.first + within(*row, inHall.rows.count, found.exact)];
    const Index rack = inRow.racks.first + within(*position, inRow.racks.count, found.exact);
    found.part = {PartKind::Rack, rack};
    if (scan.done()) {
        return found;
    }
    const auto tray = scan.word(", tray ") ? scan.number() : std::nullopt;
    if (!tray) {
        return std::nullopt;
    }
    const Range gpus = cluster.racks[rack].gpus;
    const Index perTray = gpusPerTray(cluster, rack);
    const Index first =
        gpus.first + perTray * within(*tray, (gpus.count + perTray - 1) / perTray, found.exact);
    found.part = {PartKind::Tray, first};
    if (scan.done()) {
        return found;
    }
    const auto gpu = scan.word(", gpu ") ? scan.number() : std::nullopt;
    if (!gpu || !scan.done()) {
        return std::nullopt;
    }
    found.part = {PartKind::Gpu, first + within(*gpu, std::min(perTray, gpus.end() - first), found.exact)};
    return found;
}

std::optional<Found> row(const Cluster& cluster, Scanner scan) {
    Found found;
    const auto hall = scan.number();
    const auto number = hall && scan.word("-") ? scan.number() : std::nullopt;
    if (!number || !scan.done()) {
        return std::nullopt;
    }
    const Hall& inHall = cluster.halls[within(*hall, static_cast<Index>(cluster.halls.size()), found.exact)];
    found.part = {PartKind::Row, inHall.rows.first + within(*number, inHall.rows.count, found.exact)};
    return found;
}

/// "hall 2" and "hall 2, rail 3, leaf 17".
std::optional<Found> hallOrLeaf(const Cluster& cluster, Scanner scan) {
    Found found;
    const auto hall = scan.number();
    if (!hall) {
        return std::nullopt;
    }
    const Index index = within(*hall, static_cast<Index>(cluster.halls.size()), found.exact);
    found.part = {PartKind::Hall, index};
    if (scan.done()) {
        return found;
    }
    const auto rail = scan.word(", rail ") ? scan.number() : std::nullopt;
    const auto leaf = rail && scan.word(", leaf ") ? scan.number() : std::nullopt;
    if (!leaf || !scan.done()) {
        return std::nullopt;
    }
    const auto planes = std::ranges::equal_range(cluster.railPlanes, index, {}, &RailPlane::hall);
    if (planes.empty()) {
        return std::nullopt;
    }
    const RailPlane& plane = planes[within(*rail, static_cast<Index>(planes.size()), found.exact)];
    found.part = {PartKind::Switch, plane.leaves.first + within(*leaf, plane.leaves.count, found.exact)};
    return found;
}

std::optional<Found> numbered(const Cluster& cluster, const std::string& text) {
    Scanner scan(text);
    if (scan.word("rack ")) {
        return rackOrBelow(cluster, scan);
    }
    if (scan.word("row ")) {
        return row(cluster, scan);
    }
    return scan.word("hall ") ? hallOrLeaf(cluster, scan) : std::nullopt;
}

/// Everything that has a name of its own.
std::vector<std::pair<std::string, Part>> namedParts(const Cluster& cluster) {
    std::vector<std::pair<std::string, Part>> parts;
    parts.emplace_back(cluster.name, Part{PartKind::Cluster, 0});
    parts.emplace_back(cluster.id, Part{PartKind::Cluster, 0});
    for (Index i = 0; i < cluster.islands.size(); ++i) {
        parts.emplace_back(cluster.islands[i].name, Part{PartKind::Island, i});
    }
    for (Index i = 0; i < cluster.halls.size(); ++i) {
        parts.emplace_back(cluster.halls[i].name, Part{PartKind::Hall, i});
    }
    for (Index i = 0; i < cluster.linkGroups.size(); ++i) {
        parts.emplace_back(cluster.linkGroups[i].name, Part{PartKind::LinkGroup, i});
    }
    return parts;
}

} // namespace

const char* name(PartKind kind) {
    constexpr const char* kNames[] = {"cluster", "island", "hall",           "row", "rack", "tray",
                                      "GPU",     "switch", "bundle of links"};
    return kNames[static_cast<std::size_t>(kind)];
}

Range trayGpus(const Cluster& cluster, Index gpu) {
    const Index rack = cluster.rackOf(gpu);
    const Range gpus = cluster.racks[rack].gpus;
    const Index perTray = gpusPerTray(cluster, rack);
    const Index first = gpus.first + (gpu - gpus.first) / perTray * perTray;
    return {first, std::min(perTray, gpus.end() - first)};
}

Range gpusOf(const Cluster& cluster, Part part) {
    switch (part.kind) {
    case PartKind::Cluster:
        return {0, cluster.gpuCount};
    case PartKind::Island:
        return cluster.islands[part.index].gpus;
    case PartKind::Hall:
        return cluster.halls[part.index].gpus;
    case PartKind::Row: {
        const Range racks = cluster.rows[part.index].racks;
        const Index first = cluster.racks[racks.first].gpus.first;
        return {first, cluster.racks[racks.end() - 1].gpus.end() - first};
    }
    case PartKind::Rack:
        return cluster.racks[part.index].gpus;
    case PartKind::Tray:
        return trayGpus(cluster, part.index);
    case PartKind::Gpu:
        return {part.index, 1};
    case PartKind::Switch:
    case PartKind::LinkGroup:
        break;
    }
    return {};
}

std::vector<Index> gpusUnderLeaf(const Cluster& cluster, Index leaf) {
    std::vector<Index> gpus;
    const Switch& s = cluster.switches[leaf];
    if (s.tier != Tier::Leaf) {
        return gpus;
    }
    // Leaves of a rail take the GPUs of that rail one after the other, rack by rack.
    const scenario::FabricType& fabric = cluster.islands[s.island].fabric;
    const auto rails = static_cast<Index>(fabric.rails);
    const auto ports = static_cast<Index>(fabric.leafDownPorts);
    const Index first = s.number * ports;
    const Index end = first + ports;
    Index onRail = 0;
    const Range racks = cluster.halls[s.hall].racks;
    for (Index r = racks.first; r < racks.end() && onRail < end; ++r) {
        const Range inRack = cluster.racks[r].gpus;
        const Index here = inRack.count > s.rail ? (inRack.count - s.rail + rails - 1) / rails : 0;
        for (Index i = std::max(first, onRail); i < std::min(end, onRail + here); ++i) {
            gpus.push_back(inRack.first + s.rail + (i - onRail) * rails);
        }
        onRail += here;
    }
    return gpus;
}

std::string partName(const Cluster& cluster, Part part) {
    switch (part.kind) {
    case PartKind::Cluster:
        return cluster.name.empty() ? cluster.id : cluster.name;
    case PartKind::Island:
        return cluster.islands[part.index].name;
    case PartKind::Hall:
        return "Hall " + std::to_string(part.index + 1);
    case PartKind::Row: {
        const std::string label = cluster.racks[cluster.rows[part.index].racks.first].label();
        return "row " + label.substr(0, label.rfind('-'));
    }
    case PartKind::Rack:
        return "rack " + cluster.racks[part.index].label();
    case PartKind::Tray: {
        const std::string label = cluster.gpuLabel(part.index);
        return label.substr(0, label.rfind(','));
    }
    case PartKind::Gpu:
        return cluster.gpuLabel(part.index);
    case PartKind::Switch:
        return cluster.switchLabel(part.index);
    case PartKind::LinkGroup:
        return cluster.linkGroups[part.index].name;
    }
    return {};
}

Result<Part> parsePart(const Cluster& cluster, std::string_view text) {
    const std::string wanted = lowered(text);
    if (wanted.empty()) {
        return Part{};
    }
    const auto parts = namedParts(cluster);
    for (const auto& [known, part] : parts) {
        if (lowered(known) == wanted) {
            return part;
        }
    }
    const std::string missing =
        "there is no `" + utf8::shortened(std::string(text)) + "` in `" + cluster.id + '`';
    if (const auto found = numbered(cluster, wanted)) {
        if (found->exact) {
            return found->part;
        }
        return failure(missing, "the nearest is `" + partName(cluster, found->part) + '`');
    }
    std::vector<std::string> names;
    for (const auto& each : parts) {
        names.push_back(each.first);
    }
    const std::string near = nearest(text, names);
    return failure(missing, near.empty() ? "name a part as the inspector does: `" + cluster.gpuLabel(0) + '`'
                                         : "did you mean `" + near + "`?");
}

std::optional<Part> nearestPart(const Cluster& cluster, std::string_view text) {
    const std::string wanted = lowered(text);
    if (const auto found = numbered(cluster, wanted)) {
        return found->part;
    }
    const auto parts = namedParts(cluster);
    std::vector<std::string> names;
    for (const auto& each : parts) {
        names.push_back(each.first);
    }
    const auto found = std::ranges::find(names, wanted.empty() ? wanted : nearest(text, names));
    return found == names.end()
               ? std::nullopt
               : std::optional(parts[static_cast<std::size_t>(found - names.begin())].second);
}

} // namespace atlas::cluster

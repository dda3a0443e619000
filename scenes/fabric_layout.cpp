#include "scenes/fabric_layout.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace atlas::scenes {

namespace {

using cluster::Cluster;
using cluster::Index;
using cluster::LinkGroup;
using cluster::LinkKind;
using cluster::Range;

// Proportions of the drawing.
constexpr double kUnitsPerGpu = 0.002;
constexpr double kUnitsPerByteS = 1.1e-14; // a GPU's 400 Gbit/s takes a quarter of its width
constexpr double kWidestShare = 0.62;      // of a hall's width that its ribbons may take
constexpr double kAspect = 0.6;            // height over width of the world
constexpr double kHallGap = 0.02, kIslandGap = 0.05, kSmallestHall = 0.07; // of the total hall width
constexpr double kOpenedWidth = 2.2;                                       // of an opened hall, over its own

double layerShare(FabricLayer layer, bool trunks) {
    switch (layer) {
    case FabricLayer::Domains:
        return 0.93;
    case FabricLayer::Leaf:
        return 0.71;
    case FabricLayer::Spine:
        return 0.50;
    case FabricLayer::Core:
        return trunks ? 0.24 : 0.14;
    case FabricLayer::Trunk:
        break;
    }
    return 0.06;
}

/// How finely halls are divided, so that the ribbons stay within a few hundred.
struct Budget {
    int rails = 1;    ///< rail blocks a hall
    int segments = 1; ///< parts of a hall's NVLink domains
    int cores = 1;    ///< core blocks an island
};

/// Rails first, so that cores still have a few blocks to weave to; what is left goes to the parts of halls.
Budget budgetOf(const Cluster& cluster) {
    constexpr int kRibbons = 380;
    constexpr int kWantedCores = 3;
    const int halls = std::max(1, static_cast<int>(cluster.halls.size()));
    Budget b;
    b.rails = 8;
    while (b.rails > 1 && halls * b.rails * (2 + kWantedCores) > kRibbons)
        b.rails /= 2;
    const int perRail = kRibbons / (halls * b.rails);
    b.cores = std::clamp(perRail - 3, 1, kWantedCores);
    b.segments = std::clamp(perRail - 1 - b.cores, 1, 6);
    return b;
}

/// `count` things dealt into `blocks`: where block `i` begins.
Index dealt(Index count, int blocks, int i) {
    return static_cast<Index>(static_cast<std::uint64_t>(count) * static_cast<std::uint64_t>(i) /
                              static_cast<std::uint64_t>(blocks));
}

Range dealtRange(const Range& all, int blocks, int i) {
    const Index first = dealt(all.count, blocks, i);
    return {all.first + first, dealt(all.count, blocks, i + 1) - first};
}

double lineRate(const scenario::FabricType& fabric) {
    return fabric.linkBytesPerS.value * fabric.effectiveThroughput.value;
}

/// A place on the edge of a node where ribbons attach side by side.
struct Socket {
    double from = 0, to = 0;
    [[nodiscard]] double at(int i, int count) const { return from + (to - from) * (i + 0.5) / count; }
};

Socket socketOf(const QRectF& rect) {
    return {rect.left(), rect.right()};
}

/// The leaves, spines and link groups of one hall.
struct HallFabric {
    Index hall = 0;
    double x = 0, w = 0;
    bool opened = false;
    Range planes;     ///< in Cluster::railPlanes
    Range leafGroups; ///< link groups leaf to spine, a rail each
    Index coreGroup = cluster::kNone;
};

class Builder {
public:
    Builder(const Cluster& cluster, Index opened)
        : m_cluster(cluster)
        , m_budget(budgetOf(cluster)) {
        for (Index h = 0; h < cluster.halls.size(); ++h) {
            m_halls.push_back({});
            m_halls.back().hall = h;
            m_halls.back().opened = h == opened;
        }
        for (Index p = 0; p < cluster.railPlanes.size(); ++p)
            extend(m_halls[cluster.railPlanes[p].hall].planes, p);
        for (Index g = 0; g < cluster.linkGroups.size(); ++g) {
            const LinkGroup& group = cluster.linkGroups[g];
            if (group.kind == LinkKind::LeafSpine && group.hallA < m_halls.size())
                extend(m_halls[group.hallA].leafGroups, g);
            else if (group.kind == LinkKind::SpineCore && group.hallA < m_halls.size())
                m_halls[group.hallA].coreGroup = g;
            else if (group.kind == LinkKind::Trunk)
                m_trunks.push_back(g);
        }
        for (const auto& island : cluster.islands)
            m_fastest = std::max(m_fastest, lineRate(island.fabric));
    }

    FabricLayout full() {
        if (m_halls.empty())
            return std::move(m_out);
        placeHalls();
        placeLayers();
        m_bytesScale = bytesScale();
        for (const HallFabric& hall : m_halls)
            addHall(hall);
        for (Index i = 0; i < m_cluster.islands.size(); ++i)
            addCores(i);
        for (const HallFabric& hall : m_halls)
            linkCores(hall);
        addTrunks();
        std::stable_sort(m_out.ribbons.begin(), m_out.ribbons.end(),
                         [](const FabricRibbon& a, const FabricRibbon& b) { return a.kind < b.kind; });
        return std::move(m_out);
    }

private:
    static void extend(Range& range, Index i) {
        if (range.count == 0)
            range.first = i;
        range.count = i + 1 - range.first;
    }

    [[nodiscard]] const scenario::FabricType& fabricOf(Index hall) const {
        return m_cluster.islands[m_cluster.halls[hall].island].fabric;
    }
    [[nodiscard]] double brightness(Index island) const {
        return m_fastest > 0 ? lineRate(m_cluster.islands[island].fabric) / m_fastest : 1.0;
    }
    [[nodiscard]] bool hasCores() const {
        return std::any_of(m_halls.begin(), m_halls.end(),
                           [](const HallFabric& h) { return h.coreGroup != cluster::kNone; });
    }

    void placeHalls() {
        double total = 0;
        for (const HallFabric& hall : m_halls)
            total += m_cluster.halls[hall.hall].gpus.count * kUnitsPerGpu;
        double x = 0;
        for (std::size_t i = 0; i < m_halls.size(); ++i) {
            HallFabric& hall = m_halls[i];
            const auto& source = m_cluster.halls[hall.hall];
            const double smallest = std::min(kSmallestHall, 0.8 / static_cast<double>(m_halls.size()));
            hall.w = std::max(source.gpus.count * kUnitsPerGpu, smallest * total) *
                     (hall.opened ? kOpenedWidth : 1.0);
            if (i > 0)
                x += total *
                     (m_cluster.halls[m_halls[i - 1].hall].island == source.island ? kHallGap : kIslandGap);
            hall.x = x;
            x += hall.w;
        }
        m_out.bounds = {0, 0, x, x * kAspect};
    }

    void placeLayers() {
        const bool cores = hasCores();
        m_out.layerY.assign(5, std::numeric_limits<double>::quiet_NaN());
        for (const auto layer : {FabricLayer::Domains, FabricLayer::Leaf, FabricLayer::Spine,
                                 FabricLayer::Core, FabricLayer::Trunk}) {
            const bool there = layer == FabricLayer::Core    ? cores
                               : layer == FabricLayer::Trunk ? !m_trunks.empty()
                                                             : true;
            if (there)
                m_out.layerY[static_cast<std::size_t>(layer)] =
                    m_out.bounds.height() * layerShare(layer, !m_trunks.empty());
        }
    }

    [[nodiscard]] double y(FabricLayer layer) const { return m_out.layerY[static_cast<std::size_t>(layer)]; }
    [[nodiscard]] double blockHeight(FabricLayer layer) const {
        return m_out.bounds.height() * (layer == FabricLayer::Domains ? 0.075 : 0.014);
    }

    /// World units a byte/s, smaller where a cluster's NICs would not fit its halls.
    [[nodiscard]] double bytesScale() const {
        double widest = 0;
        for (const HallFabric& hall : m_halls)
            widest = std::max(widest, m_cluster.halls[hall.hall].gpus.count * lineRate(fabricOf(hall.hall)) *
                                          kUnitsPerByteS / hall.w);
        return kUnitsPerByteS * std::min(1.0, kWidestShare / std::max(widest, 1e-9));
    }

    QRectF block(FabricLayer layer, double centre, double width) const {
        const double h = blockHeight(layer);
        return {centre - width / 2, y(layer) - h / 2, width, h};
    }

    void add(const FabricRibbon& ribbon) { m_out.ribbons.push_back(ribbon); }

    FabricNode node(FabricLayer layer, const QRectF& rect, Index hall) const {
        FabricNode n;
        n.layer = layer;
        n.rect = rect;
        n.hall = hall;
        n.island = m_cluster.halls[hall].island;
        return n;
    }

    void addHall(const HallFabric& hall) {
        const QRectF domains = {hall.x, y(FabricLayer::Domains) - blockHeight(FabricLayer::Domains) / 2,
                                hall.w, blockHeight(FabricLayer::Domains)};
        FabricNode foot = node(FabricLayer::Domains, domains, hall.hall);
        foot.switches = m_cluster.halls[hall.hall].racks;
        m_out.nodes.push_back(foot);
        m_out.hallRects.push_back(domains);
        const int rails = std::clamp(static_cast<int>(hall.planes.count), 1, m_budget.rails);
        for (int r = 0; r < rails && hall.planes.count > 0; ++r)
            addRail(hall, r, rails);
    }

    /// One rail block of a hall: leaf and spine blocks above each other, ribbons from every part of the hall.
    void addRail(const HallFabric& hall, int r, int rails) {
        const Range planes = dealtRange(hall.planes, rails, r);
        const Range groups = dealtRange(hall.leafGroups, rails, r);
        const double pitch = hall.w / rails;
        const double centre = hall.x + pitch * (r + 0.5);
        double up = 0;
        for (Index g = groups.first; g < groups.end(); ++g)
            up += m_cluster.linkGroups[g].bytesPerS;
        const auto& fabric = fabricOf(hall.hall);
        const double down = m_cluster.halls[hall.hall].gpus.count * lineRate(fabric) / rails;
        const double downWidth = down * m_bytesScale;
        const double upWidth = up * m_bytesScale;
        const double blockWidth = std::clamp(std::max(downWidth, upWidth), 0.3 * pitch, 0.86 * pitch);
        const int leaves = hall.opened ? 6 : 1;
        const int spines = hall.opened ? 2 : 1;
        const auto leafNodes =
            addBlocks(hall.hall, FabricLayer::Leaf, centre, pitch * 0.9, blockWidth, leaves, planes);
        const auto spineNodes =
            addBlocks(hall.hall, FabricLayer::Spine, centre, pitch * 0.9, blockWidth, spines, planes);
        m_spines[hall.hall].insert(m_spines[hall.hall].end(), spineNodes.begin(), spineNodes.end());

        FabricRibbon ribbon;
        ribbon.hall = hall.hall;
        ribbon.groups = groups;
        ribbon.brightness = brightness(m_cluster.halls[hall.hall].island);
        const int segments = hall.opened ? 6 : m_budget.segments;
        const double segmentWidth = hall.w / segments;
        for (int s = 0; s < segments; ++s) {
            ribbon.kind = LinkKind::Nic;
            const Socket foot{hall.x + s * segmentWidth + 0.06 * segmentWidth,
                              hall.x + (s + 1) * segmentWidth - 0.06 * segmentWidth};
            const int leaf = s * leaves / segments;
            const Socket head = socketOf(leafNodes[static_cast<std::size_t>(leaf)]);
            const int sharing = segments / leaves;
            ribbon.lower = {foot.at(r, rails), m_out.hallRects.back().top()};
            ribbon.upper = {head.at(s % std::max(1, sharing), std::max(1, sharing)),
                            leafNodes[static_cast<std::size_t>(leaf)].bottom()};
            ribbon.bytesPerS = down / segments;
            ribbon.width = downWidth / segments;
            ribbon.loadFactor = down > 0 ? std::min(1.0, up / down) : 1.0;
            add(ribbon);
        }
        for (int l = 0; l < leaves; ++l)
            for (int s = 0; s < spines; ++s) {
                const QRectF& lower = leafNodes[static_cast<std::size_t>(l)];
                const QRectF& upper = spineNodes[static_cast<std::size_t>(s)];
                ribbon.kind = LinkKind::LeafSpine;
                ribbon.lower = {socketOf(lower).at(s, spines), lower.top()};
                ribbon.upper = {socketOf(upper).at(l, leaves), upper.bottom()};
                ribbon.bytesPerS = up / (leaves * spines);
                ribbon.width = upWidth / (leaves * spines);
                ribbon.loadFactor = 1;
                add(ribbon);
            }
    }

    /// `count` blocks of leaves or spines beside each other, at most `room` wide together.
    std::vector<QRectF> addBlocks(Index hall, FabricLayer layer, double centre, double room, double width,
                                  int count, const Range& planes) {
        std::vector<QRectF> rects;
        const double pitch = count > 1 ? room / count : width;
        for (int i = 0; i < count; ++i) {
            const double x = centre + (i - (count - 1) / 2.0) * pitch;
            FabricNode n = node(layer, block(layer, x, count > 1 ? pitch * 0.8 : width), hall);
            const auto& first = m_cluster.railPlanes[planes.first];
            const auto& last = m_cluster.railPlanes[planes.end() - 1];
            n.firstRail = first.rail;
            n.rails = static_cast<std::uint16_t>(planes.count);
            const Range& a = layer == FabricLayer::Leaf ? first.leaves : first.spines;
            const Range& b = layer == FabricLayer::Leaf ? last.leaves : last.spines;
            n.switches = planes.count == 1 ? dealtRange(a, count, i) : Range{a.first, b.end() - a.first};
            m_out.nodes.push_back(n);
            rects.push_back(n.rect);
        }
        return rects;
    }

    void addCores(Index island) {
        const auto& halls = m_cluster.islands[island].halls;
        if (halls.count == 0 || m_halls[halls.first].coreGroup == cluster::kNone)
            return;
        const HallFabric& first = m_halls[halls.first];
        const HallFabric& last = m_halls[halls.end() - 1];
        const double left = first.x;
        const double width = last.x + last.w - left;
        Range cores;
        for (Index s = 0; s < m_cluster.switches.size(); ++s)
            if (m_cluster.switches[s].tier == cluster::Tier::Core && m_cluster.switches[s].island == island)
                extend(cores, s);
        const int blocks = std::clamp(static_cast<int>(cores.count), 1, m_budget.cores);
        double capacity = 0;
        for (Index h = halls.first; h < halls.end(); ++h)
            capacity += m_cluster.linkGroups[m_halls[h].coreGroup].bytesPerS;
        const double blockWidth =
            std::clamp(capacity * m_bytesScale / blocks, 0.35 * width / blocks, 0.8 * width / blocks);
        for (int i = 0; i < blocks; ++i) {
            FabricNode n =
                node(FabricLayer::Core,
                     block(FabricLayer::Core, left + width * (i + 0.5) / blocks, blockWidth), halls.first);
            n.hall = cluster::kNone;
            n.switches = dealtRange(cores, blocks, i);
            m_cores[island].push_back(n.rect);
            m_out.nodes.push_back(n);
        }
    }

    void linkCores(const HallFabric& hall) {
        const Index island = m_cluster.halls[hall.hall].island;
        const auto& cores = m_cores[island];
        const auto& spines = m_spines[hall.hall];
        if (cores.empty() || spines.empty())
            return;
        const LinkGroup& group = m_cluster.linkGroups[hall.coreGroup];
        const auto pairs = static_cast<double>(cores.size() * spines.size());
        const auto& halls = m_cluster.islands[island].halls;
        for (std::size_t s = 0; s < spines.size(); ++s)
            for (std::size_t c = 0; c < cores.size(); ++c) {
                FabricRibbon ribbon;
                ribbon.kind = LinkKind::SpineCore;
                ribbon.hall = hall.hall;
                ribbon.groups = {hall.coreGroup, 1};
                ribbon.brightness = brightness(island);
                const int place = static_cast<int>((hall.hall - halls.first) * spines.size() + s);
                ribbon.lower = {socketOf(spines[s]).at(static_cast<int>(c), static_cast<int>(cores.size())),
                                spines[s].top()};
                ribbon.upper = {socketOf(cores[c]).at(place, static_cast<int>(halls.count * spines.size())),
                                cores[c].bottom()};
                ribbon.bytesPerS = group.bytesPerS / pairs;
                ribbon.width = ribbon.bytesPerS * m_bytesScale;
                add(ribbon);
            }
    }

    void addTrunks() {
        for (const Index g : m_trunks) {
            const LinkGroup& group = m_cluster.linkGroups[g];
            if (group.islandB >= m_cluster.islands.size() || m_cores[group.island].empty() ||
                m_cores[group.islandB].empty())
                continue;
            // The neighbouring core blocks of either island.
            const bool ahead = m_cores[group.island].front().x() < m_cores[group.islandB].front().x();
            const QRectF a = ahead ? m_cores[group.island].back() : m_cores[group.island].front();
            const QRectF b = ahead ? m_cores[group.islandB].front() : m_cores[group.islandB].back();
            const double width = group.bytesPerS * m_bytesScale;
            FabricNode n;
            n.layer = FabricLayer::Trunk;
            n.rect = block(FabricLayer::Trunk, (a.center().x() + b.center().x()) / 2,
                           std::max(2 * width, 0.03 * m_out.bounds.width()));
            n.island = group.island;
            n.group = g;
            m_out.nodes.push_back(n);
            for (const QRectF& end : {a, b}) {
                FabricRibbon ribbon;
                ribbon.kind = LinkKind::Trunk;
                ribbon.groups = {g, 1};
                ribbon.bytesPerS = group.bytesPerS;
                ribbon.width = width;
                ribbon.brightness = 1;
                ribbon.lower = {end.center().x(), end.top()};
                ribbon.upper = {n.rect.left() +
                                    n.rect.width() * (end.center().x() < n.rect.center().x() ? 0.25 : 0.75),
                                n.rect.bottom()};
                add(ribbon);
            }
        }
    }

    const Cluster& m_cluster;
    Budget m_budget;
    std::vector<HallFabric> m_halls;
    std::vector<Index> m_trunks;
    std::map<Index, std::vector<QRectF>> m_spines; ///< by hall
    std::map<Index, std::vector<QRectF>> m_cores;  ///< by island
    double m_fastest = 0;
    double m_bytesScale = kUnitsPerByteS;
    FabricLayout m_out;
};

} // namespace

FabricLayout makeFabricLayout(const Cluster& cluster, Index opened) {
    return Builder(cluster, opened).full();
}

} // namespace atlas::scenes

#include "scenes/matrix_layout.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace atlas::scenes {

namespace {

using cluster::Cluster;
using cluster::Index;
using cluster::kNone;
using cluster::LinkKind;
using cluster::RailPlane;

constexpr int kCoreLines = 6;             // cores of an island, dealt into so many lines below the spines
constexpr double kAspect = 1.5;           // wanted of the whole
constexpr double kRailGap = 0.05;         // between rails, of a hall's width over its rails
constexpr double kCoreGap = 2;            // between leaves and cores, squares
constexpr double kHallGapShare = 0.1;     // between halls, of a hall's width
constexpr double kCaptionShare = 0.3;     // above a hall, of its height
constexpr double kCaptionOfWidth = 0.055; // and at least, of the width of all
constexpr double kTrunkShare = 0.12;      // height of a trunk, of a hall's

std::uint8_t capped(unsigned cables) {
    return static_cast<std::uint8_t>(std::min(cables, 255u));
}

/// Halves a picture of cables until one square is left, the most of four kept.
void addCoarser(MatrixTile& tile) {
    int w = tile.columns;
    int h = tile.lines;
    while (w > 1 || h > 1) {
        const std::vector<std::uint8_t>& fine = tile.cables.back();
        const int halfW = (w + 1) / 2;
        const int halfH = (h + 1) / 2;
        std::vector<std::uint8_t> coarse(static_cast<std::size_t>(halfW) * static_cast<std::size_t>(halfH));
        for (int y = 0; y < h; ++y)
            for (int x = 0; x < w; ++x) {
                std::uint8_t& to = coarse[static_cast<std::size_t>((y / 2) * halfW + x / 2)];
                to = std::max(to, fine[static_cast<std::size_t>(y * w + x)]);
            }
        tile.cables.push_back(std::move(coarse));
        w = halfW;
        h = halfH;
    }
}

class Builder {
public:
    explicit Builder(const Cluster& cluster)
        : m_cluster(cluster) {
        for (Index s = 0; s < cluster.switches.size(); ++s)
            if (cluster.switches[s].tier == cluster::Tier::Core)
                cores(cluster.switches[s].island, s);
        for (Index g = 0; g < cluster.linkGroups.size(); ++g) {
            const auto& group = cluster.linkGroups[g];
            if (group.kind == LinkKind::LeafSpine)
                m_leafGroups[{group.hallA, group.rail}] = g;
            else if (group.kind == LinkKind::SpineCore)
                m_coreGroups[group.hallA] = g;
        }
        indexLinks(LinkKind::LeafSpine);
        indexLinks(LinkKind::SpineCore);
    }

    MatrixLayout build() {
        for (Index p = 0; p < m_cluster.railPlanes.size(); ++p)
            addPlane(p);
        finishHalls();
        arrange();
        addTrunks();
        for (const MatrixIsland& island : m_out.islands)
            m_out.bounds |= island.rect.adjusted(0, -2 * m_out.captionRoom, 0, 0);
        for (const MatrixTile& tile : m_out.tiles)
            m_out.bounds |=
                tile.rect.adjusted(0, tile.kind == LinkKind::Trunk ? -m_out.captionRoom : 0, 0, 0);
        return std::move(m_out);
    }

private:
    void cores(Index island, Index number) {
        cluster::Range& range = m_cores[island];
        if (range.count == 0)
            range.first = number;
        range.count = number - range.first + 1;
    }

    /// Links of a kind by their lower switch.
    void indexLinks(LinkKind kind) {
        const cluster::Range range = m_cluster.links.ofKind(kind);
        for (Index l = range.first; l < range.end(); ++l)
            m_firstLink.try_emplace(m_cluster.links.a[l] - m_cluster.gpuCount, l);
    }

    template <class Use>
    void linksOf(Index lower, LinkKind kind, Use use) const {
        const auto found = m_firstLink.find(lower);
        if (found == m_firstLink.end())
            return;
        const cluster::Links& links = m_cluster.links;
        for (Index l = found->second;
             l < links.size() && links.kind[l] == kind && links.a[l] == m_cluster.gpuCount + lower; ++l)
            use(l, links.b[l] - m_cluster.gpuCount);
    }

    [[nodiscard]] Index firstLink(Index lower) const {
        const auto found = m_firstLink.find(lower);
        return found == m_firstLink.end() ? kNone : found->second;
    }

    MatrixTile& addTile(LinkKind kind, Index group, const RailPlane& plane, Index p, int lines) {
        MatrixTile tile;
        tile.kind = kind;
        tile.group = group;
        tile.hall = plane.hall;
        tile.plane = p;
        tile.columns = static_cast<int>(plane.spines.count);
        tile.lines = lines;
        tile.cables.emplace_back(static_cast<std::size_t>(tile.columns) * static_cast<std::size_t>(lines));
        m_out.tiles.push_back(std::move(tile));
        return m_out.tiles.back();
    }

    void addPlane(Index p) {
        const RailPlane& plane = m_cluster.railPlanes[p];
        if (plane.leaves.count == 0 || plane.spines.count == 0)
            return;
        if (m_out.halls.empty() || m_out.halls.back().hall != plane.hall)
            m_out.halls.push_back({plane.hall, {}, {static_cast<Index>(m_out.tiles.size()), 0}});
        MatrixTile& leaves =
            addTile(LinkKind::LeafSpine, leafGroup(plane), plane, p, static_cast<int>(plane.leaves.count));
        for (Index i = 0; i < plane.leaves.count; ++i) {
            leaves.firstLink.push_back(firstLink(plane.leaves.first + i));
            linksOf(plane.leaves.first + i, LinkKind::LeafSpine, [&](Index link, Index spine) {
                const auto cables = capped(m_cluster.links.cables[link]);
                leaves.cables[0][static_cast<std::size_t>(i) * plane.spines.count + spine -
                                 plane.spines.first] = cables;
                m_out.mostCables = std::max<int>(m_out.mostCables, cables);
            });
        }
        addCoarser(leaves);
        addUplinks(plane, p);
        m_out.halls.back().tiles.count =
            static_cast<Index>(m_out.tiles.size()) - m_out.halls.back().tiles.first;
    }

    void addUplinks(const RailPlane& plane, Index p) {
        const auto group = m_coreGroups.find(plane.hall);
        const auto cores = m_cores.find(m_cluster.halls[plane.hall].island);
        if (group == m_coreGroups.end() || cores == m_cores.end())
            return;
        const int lines = std::min<int>(kCoreLines, static_cast<int>(cores->second.count));
        MatrixTile& tile = addTile(LinkKind::SpineCore, group->second, plane, p, lines);
        for (Index i = 0; i < plane.spines.count; ++i) {
            tile.firstLink.push_back(firstLink(plane.spines.first + i));
            linksOf(plane.spines.first + i, LinkKind::SpineCore, [&](Index link, Index core) {
                const Index line = lineOfCore(core - cores->second.first, cores->second.count, lines);
                std::uint8_t& cables =
                    tile.cables[0][static_cast<std::size_t>(line) * plane.spines.count + i];
                cables = capped(cables + m_cluster.links.cables[link]);
            });
        }
        addCoarser(tile);
    }

    static Index lineOfCore(Index core, Index cores, int lines) {
        return static_cast<Index>(std::uint64_t{core} * static_cast<std::uint64_t>(lines) / cores);
    }

    [[nodiscard]] Index leafGroup(const RailPlane& plane) const {
        const auto own = m_leafGroups.find({plane.hall, plane.rail});
        const auto all = m_leafGroups.find({plane.hall, std::uint16_t{0xffff}});
        return own != m_leafGroups.end() ? own->second : all != m_leafGroups.end() ? all->second : kNone;
    }

    /// Places the tiles of every hall about its own corner.
    void finishHalls() {
        for (MatrixHall& hall : m_out.halls) {
            double widest = 0;
            double leaves = 0;
            double columns = 0;
            for (Index t = hall.tiles.first; t < hall.tiles.end(); ++t) {
                const MatrixTile& tile = m_out.tiles[t];
                if (tile.kind != LinkKind::LeafSpine)
                    continue;
                widest = std::max<double>(widest, tile.columns);
                leaves = std::max<double>(leaves, tile.lines);
                columns += 1;
            }
            const double gap = std::max(1.0, std::round(kRailGap * widest));
            double x = 0;
            double next = 0;
            double bottom = leaves;
            for (Index t = hall.tiles.first; t < hall.tiles.end(); ++t) {
                MatrixTile& tile = m_out.tiles[t];
                const bool below = tile.kind == LinkKind::SpineCore;
                if (!below) {
                    x = next;
                    next = x + tile.columns + gap;
                }
                tile.rect = QRectF(x, below ? leaves + kCoreGap : 0, tile.columns, tile.lines);
                bottom = std::max(bottom, tile.rect.bottom());
            }
            hall.rect = QRectF(0, 0, next - gap, bottom);
        }
    }

    void move(MatrixHall& hall, QPointF by) {
        hall.rect.translate(by);
        for (Index t = hall.tiles.first; t < hall.tiles.end(); ++t)
            m_out.tiles[t].rect.translate(by);
    }

    /// Islands under each other, their halls in lines as wide as the widest hall asks for.
    void arrange() {
        if (m_out.halls.empty())
            return;
        double highest = 0;
        double widest = 0;
        double area = 0;
        for (const MatrixHall& hall : m_out.halls) {
            highest = std::max(highest, hall.rect.height());
            widest = std::max(widest, hall.rect.width());
            area += hall.rect.width() * (1 + kHallGapShare) * hall.rect.height() * (1 + kCaptionShare);
        }
        const double width = std::max(widest, std::sqrt(area * kAspect));
        m_out.captionRoom = std::max(kCaptionShare * highest, kCaptionOfWidth * width);
        double y = 0;
        for (Index i = 0; i < m_cluster.islands.size(); ++i)
            y = arrangeIsland(i, y, width);
    }

    double arrangeIsland(Index island, double y, double width) {
        MatrixIsland placed{island, {}, {0, 0}};
        double widest = 0;
        for (const MatrixHall& hall : m_out.halls)
            if (m_cluster.halls[hall.hall].island == island)
                widest = std::max(widest, hall.rect.width());
        const double pitch = widest + std::max(4.0, kHallGapShare * widest);
        const auto columns = std::max(1L, std::lround(width / pitch));
        double line = 0;
        y += 2 * m_out.captionRoom;
        for (Index h = 0; h < m_out.halls.size(); ++h) {
            MatrixHall& hall = m_out.halls[h];
            if (m_cluster.halls[hall.hall].island != island)
                continue;
            const auto column = placed.halls.count % columns;
            if (placed.halls.count++ == 0)
                placed.halls.first = h;
            else if (column == 0) {
                y += line + m_out.captionRoom;
                line = 0;
            }
            move(hall, {static_cast<double>(column) * pitch, y});
            placed.rect |= hall.rect;
            line = std::max(line, hall.rect.height());
        }
        if (placed.halls.count == 0)
            return y - 2 * m_out.captionRoom;
        m_out.islands.push_back(placed);
        return placed.rect.bottom();
    }

    /// A bar a trunk, below the halls, as wide as they are.
    void addTrunks() {
        QRectF all;
        double highest = 0;
        for (const MatrixHall& hall : m_out.halls) {
            all |= hall.rect;
            highest = std::max(highest, hall.rect.height());
        }
        double y = all.bottom();
        const cluster::Range range = m_cluster.links.ofKind(LinkKind::Trunk);
        for (Index g = 0; g < m_cluster.linkGroups.size(); ++g) {
            const auto& group = m_cluster.linkGroups[g];
            if (group.kind != LinkKind::Trunk)
                continue;
            MatrixTile tile;
            tile.kind = LinkKind::Trunk;
            tile.group = g;
            std::vector<std::uint8_t> cables;
            for (Index l = range.first; l < range.end(); ++l) {
                const Index a = m_cluster.switches[m_cluster.links.a[l] - m_cluster.gpuCount].island;
                const Index b = m_cluster.switches[m_cluster.links.b[l] - m_cluster.gpuCount].island;
                if (!(a == group.island && b == group.islandB) && !(b == group.island && a == group.islandB))
                    continue;
                tile.firstLink.push_back(l);
                cables.push_back(capped(m_cluster.links.cables[l]));
            }
            if (cables.empty())
                continue;
            tile.columns = static_cast<int>(cables.size());
            tile.cables.push_back(std::move(cables));
            y += m_out.captionRoom * 1.2;
            tile.rect = QRectF(all.left(), y, all.width(), std::max(1.0, kTrunkShare * highest));
            y = tile.rect.bottom();
            addCoarser(tile);
            m_out.tiles.push_back(std::move(tile));
        }
    }

    const Cluster& m_cluster;
    std::map<std::pair<Index, std::uint16_t>, Index> m_leafGroups; ///< by hall and rail
    std::map<Index, Index> m_coreGroups;                           ///< by hall
    std::map<Index, cluster::Range> m_cores;                       ///< by island
    std::map<Index, Index> m_firstLink;                            ///< by lower switch
    MatrixLayout m_out;
};

} // namespace

MatrixLayout makeMatrixLayout(const Cluster& cluster) {
    return Builder(cluster).build();
}

std::optional<MatrixHit> hitAt(const MatrixLayout& layout, QPointF world) {
    for (std::size_t t = 0; t < layout.tiles.size(); ++t) {
        const MatrixTile& tile = layout.tiles[t];
        const QPointF in((world.x() - tile.rect.left()) / tile.rect.width() * tile.columns,
                         (world.y() - tile.rect.top()) / tile.rect.height() * tile.lines);
        if (in.x() >= 0 && in.y() >= 0 && in.x() < tile.columns && in.y() < tile.lines)
            return MatrixHit{t, static_cast<int>(in.x()), static_cast<int>(in.y())};
    }
    return std::nullopt;
}

Index linkAt(const Cluster& cluster, const MatrixTile& tile, int column, int line) {
    const auto x = static_cast<std::size_t>(column);
    const auto y = static_cast<std::size_t>(line);
    if (tile.cables[0][y * static_cast<std::size_t>(tile.columns) + x] == 0)
        return kNone;
    const cluster::Links& links = cluster.links;
    if (tile.kind == LinkKind::Trunk)
        return tile.firstLink[x];
    if (tile.kind == LinkKind::SpineCore)
        return tile.firstLink[x];
    const Index upper =
        cluster.gpuCount + cluster.railPlanes[tile.plane].spines.first + static_cast<Index>(x);
    Index link = tile.firstLink[y];
    if (link == kNone)
        return kNone;
    for (const Index lower = links.a[link]; link < links.size() && links.a[link] == lower; ++link)
        if (links.b[link] == upper)
            return link;
    return kNone;
}

} // namespace atlas::scenes

#include "scenes/floor_labels.h"

#include "scenes/words.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>
#include <optional>

namespace atlas::scenes {

namespace {

using cluster::Cluster;
using cluster::Index;

constexpr double kPadX = 5;           // of a plate
constexpr double kCaptionAbove = 2;   // between a caption and its hall
constexpr double kNeighbourGapM = 16; // halls further apart are joined by a bundle that is not drawn
constexpr std::size_t kMostJoined = 128;
constexpr double kRackLabelPx = 46; // a rack as wide as this carries its own name

class Planner {
public:
    Planner(const FloorGeometry& geometry, const FloorMap& map, const Theme& theme)
        : m_geometry(geometry)
        , m_cluster(*geometry.cluster)
        , m_map(map)
        , m_metrics(theme.font(TextRole::Label))
        , m_placer(map.viewport.rect()) {
        m_drawn.resize(m_cluster.halls.size());
        for (const HallGridView& grid : geometry.halls)
            m_drawn[grid.hall] = map.camera.toScreen(drawnHall(grid, map.camera), map.viewport);
    }

    FloorLabels plan(const std::vector<YardCaption>& yard) {
        for (const bool islands : {true, false})
            for (const HallMap& hall : m_map.halls)
                planCaption(m_geometry.halls[hall.grid], islands);
        for (const YardCaption& caption : yard)
            planYard(caption);
        planTrunks();
        labelTrunks();
        for (const HallMap& hall : m_map.halls)
            planRows(hall, m_geometry.halls[hall.grid]);
        m_out.taken = m_placer.taken();
        return std::move(m_out);
    }

private:
    [[nodiscard]] double width(const QString& text) const { return m_metrics.horizontalAdvance(text); }
    [[nodiscard]] double height() const { return std::ceil(m_metrics.height()); }

    /// An island of several halls is named over its first one, and may use the room over the next ones; the
    /// other halls have their number. Far up, an island of one hall is named like any hall.
    void planCaption(const HallGridView& grid, bool islands) {
        const cluster::Hall& source = m_cluster.halls[grid.hall];
        const cluster::Island& island = m_cluster.islands[source.island];
        const QRectF& hall = m_drawn[grid.hall];
        const bool sticky = hall.top() < height() + kCaptionAbove + 4;
        const bool namesIsland = !sticky && island.halls.count > 1 && island.halls.first == grid.hall;
        if (namesIsland != islands || (sticky && hall.bottom() < 60))
            return;
        const double pad = sticky ? kPadX : 0;
        const double left = std::max(hall.left() + (sticky ? 8 : 2), sticky ? 8.0 : hall.left());
        const double y = sticky ? 8 : hall.top() - height() - kCaptionAbove;
        const QString number = tr("Hall %1").arg(grid.hall + 1);
        const QString name = QString::fromStdString(island.name);
        const QString full = number + QStringLiteral(" · ") + name;
        const QString count =
            QStringLiteral("   ") +
            (namesIsland ? tr("%1 in %2 halls").arg(grouped(island.gpus.count)).arg(island.halls.count)
                         : grouped(source.gpus.count));
        const bool alone = island.halls.count == 1 || sticky;
        const std::pair<QString, QString> choices[] = {{namesIsland ? name
                                                        : alone     ? full
                                                                    : number,
                                                        alone || namesIsland ? count : QString()},
                                                       {namesIsland ? name
                                                        : alone     ? full
                                                                    : number,
                                                        {}},
                                                       {number, {}}};
        const double room = (namesIsland ? m_map.viewport.rect().right() : hall.right()) - left;
        for (const auto& [text, quiet] : choices) {
            const QRectF rect(left, y, width(text) + width(quiet) + 2 * pad, height() + (sticky ? 4 : 0));
            if (rect.width() > room || (!sticky && !namesIsland && isCut(grid.hall, rect)) ||
                !m_placer.place(rect))
                continue;
            m_out.labels.push_back({rect, text, quiet, TextRole::Label, sticky, false});
            return;
        }
    }

    /// Another hall stands so near above that it would be drawn over the words.
    [[nodiscard]] bool isCut(Index own, const QRectF& words) const {
        constexpr double kAboveCapitals = 3; // room of a line that no letter reaches
        const QRectF letters = words.adjusted(0, kAboveCapitals, 0, 0);
        for (Index hall = 0; hall < m_drawn.size(); ++hall)
            if (hall != own && m_drawn[hall].intersects(letters))
                return true;
        return false;
    }

    void planYard(const YardCaption& caption) {
        const QString space = QStringLiteral("   ");
        for (const QString& quiet : {caption.quiet, QString()}) {
            const QString words = quiet.isEmpty() ? QString() : space + quiet;
            const QRectF rect(caption.block.left(), caption.block.top() - height() - kCaptionAbove,
                              width(caption.text) + width(words), height());
            if (rect.width() > caption.room || !m_placer.place(rect))
                continue;
            m_out.labels.push_back({rect, caption.text, words, TextRole::Label, false, false});
            return;
        }
    }

    void planTrunks() {
        for (std::size_t g = 0; g < m_cluster.linkGroups.size(); ++g) {
            const auto& group = m_cluster.linkGroups[g];
            if (group.kind == cluster::LinkKind::Trunk)
                joinIslands(static_cast<Index>(g), group.island, group.islandB);
        }
        for (std::size_t g = 0; g < m_cluster.linkGroups.size(); ++g) {
            const auto& group = m_cluster.linkGroups[g];
            if (group.kind == cluster::LinkKind::SpineCore && group.hallA != cluster::kNone)
                joinWithin(static_cast<Index>(g), group.hallA);
        }
    }

    /// A trunk is drawn once: between the two halls that face each other most.
    void joinIslands(Index group, Index a, Index b) {
        std::vector<std::pair<double, std::pair<Index, Index>>> pairs;
        for (Index i = 0; i < m_cluster.halls.size(); ++i)
            for (Index j = 0; j < m_cluster.halls.size(); ++j)
                if (m_cluster.halls[i].island == a && m_cluster.halls[j].island == b)
                    pairs.push_back({facing(i, j), {i, j}});
        std::stable_sort(pairs.begin(), pairs.end(),
                         [](const auto& x, const auto& y) { return x.first > y.first; });
        for (const auto& [shared, halls] : pairs)
            if (shared > 0 && join(group, halls.first, halls.second, true))
                return;
    }

    /// A hall and the next ones of its island, each pair once.
    void joinWithin(Index group, Index hall) {
        if (m_cluster.halls.size() > kMostJoined)
            return; // too many to tell apart, and their pairs too many to try
        for (Index other = hall + 1; other < m_cluster.halls.size(); ++other)
            if (m_cluster.halls[other].island == m_cluster.halls[hall].island)
                join(group, hall, other, false);
    }

    struct Facing {
        QRectF gap;            ///< between the two halls, device-independent pixels
        bool sideways = false; ///< they stand side by side
    };
    [[nodiscard]] std::optional<Facing> gapBetween(Index one, Index other) const {
        if (m_drawn[one].isEmpty() || m_drawn[other].isEmpty())
            return std::nullopt;
        const QRectF& a = m_drawn[one];
        const QRectF& b = m_drawn[other];
        const double limit = kNeighbourGapM * m_map.camera.pixelsPerMetre;
        const QRectF inner(QPointF(std::min(a.right(), b.right()), std::min(a.bottom(), b.bottom())),
                           QPointF(std::max(a.left(), b.left()), std::max(a.top(), b.top())));
        // Where the halls overlap along an axis, the inner rectangle is turned inside out along it.
        if (inner.height() < -8 && inner.width() > 0 && inner.width() < limit)
            return Facing{inner.normalized(), true};
        if (inner.width() < -8 && inner.height() > 0 && inner.height() < limit)
            return Facing{inner.normalized(), false};
        return std::nullopt;
    }

    [[nodiscard]] double facing(Index one, Index other) const {
        const auto found = gapBetween(one, other);
        return found ? (found->sideways ? found->gap.height() : found->gap.width()) : 0.0;
    }

    /// Draws the bundle across the gap where no word stands. False if there is no such place.
    bool join(Index group, Index one, Index other, bool betweenIslands) {
        const auto found = gapBetween(one, other);
        if (!found)
            return false;
        const QRectF& gap = found->gap;
        for (const double share : {0.7, 0.5, 0.85, 0.93, 0.3}) {
            const double x = gap.left() + share * gap.width();
            const double y = gap.top() + (1 - share) * gap.height();
            const QLineF line = found->sideways ? QLineF(gap.left() - 3, y, gap.right() + 3, y)
                                                : QLineF(x, gap.top() - 3, x, gap.bottom() + 3);
            const QRectF place = QRectF(line.p1(), line.p2()).normalized().adjusted(-3, -3, 3, 3);
            const bool clear = std::none_of(m_placer.taken().begin(), m_placer.taken().end(),
                                            [&](const QRectF& taken) { return taken.intersects(place); });
            if (!clear)
                continue;
            m_placer.block(place);
            m_out.trunks.push_back({group, line, {}, betweenIslands});
            return true;
        }
        return false;
    }

    /// One label a trunk between islands, on the first piece that has room.
    void labelTrunks() {
        std::vector<Index> labelled;
        for (FloorTrunk& trunk : m_out.trunks) {
            if (!trunk.betweenIslands ||
                std::find(labelled.begin(), labelled.end(), trunk.group) != labelled.end())
                continue;
            trunk.labelRect = labelPlace(trunk.line);
            if (!trunk.labelRect.isNull())
                labelled.push_back(trunk.group);
        }
    }

    QRectF labelPlace(const QLineF& line) {
        const QSizeF size(width(trunkText(1.0)), height());
        const QPointF mid = line.center();
        std::vector<QRectF> choices;
        if (line.dx() == 0)
            for (const double y : {mid.y(), mid.y() - 10, mid.y() + 10})
                for (const double x : {mid.x() + 7, mid.x() - 7 - size.width()})
                    choices.emplace_back(QPointF(x, y - size.height() / 2), size);
        else
            for (const double y : {mid.y() - size.height() - 4, mid.y() + 4})
                choices.emplace_back(QPointF(mid.x() - size.width() / 2, y), size);
        const int chosen = m_placer.placeFirst(choices);
        return chosen < 0 ? QRectF() : choices[static_cast<std::size_t>(chosen)];
    }

    void planRows(const HallMap& hall, const HallGridView& grid) {
        const double rackW = grid.rackW * m_map.camera.pixelsPerMetre;
        const double rackH = grid.rackH * m_map.camera.pixelsPerMetre;
        // A label needs an aisle as high as itself; the narrowest is about as deep as half a rack.
        if (rackH * 0.5 < height())
            return;
        const bool everyRack = rackW >= kRackLabelPx;
        for (std::size_t y = hall.y.firstUnit; y < hall.y.firstUnit + hall.y.unitCount; ++y) {
            for (std::size_t x = hall.x.firstUnit; x < hall.x.firstUnit + hall.x.unitCount; ++x) {
                const Index index = grid.rackAt(x, y);
                if (index == cluster::kNone)
                    continue;
                const cluster::Rack& rack = m_cluster.racks[index];
                if (!everyRack && rack.position > 1)
                    continue;
                const QString label = QString::fromStdString(rack.label());
                const QString text = everyRack ? label : tr("row %1").arg(label.section('-', 0, 1));
                const QPointF corner =
                    m_map.camera.toScreen(QPointF(grid.rackX[x], grid.rackY[y]), m_map.viewport);
                const QRectF rect(corner.x() + 1, corner.y() - height() - 1, width(text), height());
                if (rect.width() <= (everyRack ? rackW : rackW * 6) && m_placer.place(rect))
                    m_out.labels.push_back({rect, text, {}, TextRole::Label, false, true});
            }
        }
    }

    const FloorGeometry& m_geometry;
    const Cluster& m_cluster;
    const FloorMap& m_map;
    QFontMetricsF m_metrics;
    LabelPlacer m_placer;
    std::vector<QRectF> m_drawn; ///< halls on the screen
    FloorLabels m_out;
};

} // namespace

FloorLabels planFloorLabels(const FloorGeometry& geometry, const FloorMap& map, const Theme& theme,
                            const std::vector<YardCaption>& yard) {
    return Planner(geometry, map, theme).plan(yard);
}

QString trunkText(double load) {
    return tr("trunk %1").arg(percent(load));
}

} // namespace atlas::scenes

#include "scenes/floor_labels.h"

#include "scenes/words.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

namespace {

using cluster::Cluster;
using cluster::Index;

constexpr double kPadX = 5;           // of a plate
constexpr double kCaptionAbove = 3;   // between a caption and its hall
constexpr double kNeighbourGapM = 16; // halls further apart are joined by a bundle that is not drawn
constexpr double kRackLabelPx = 46;   // a rack as wide as this carries its own name

QString caption(const std::string& name) {
    return QString::fromStdString(name).replace(QStringLiteral(", "), QStringLiteral(" · "));
}

class Planner {
public:
    Planner(const FloorGeometry& geometry, const FloorMap& map, const Theme& theme)
        : m_geometry(geometry)
        , m_cluster(*geometry.cluster)
        , m_map(map)
        , m_metrics(theme.font(TextRole::Label))
        , m_placer(map.viewport.rect()) {}

    FloorLabels plan() {
        planTrunks();
        for (const HallMap& hall : m_map.halls)
            planCaption(m_geometry.halls[hall.grid]);
        labelTrunks();
        for (const HallMap& hall : m_map.halls)
            planRows(hall, m_geometry.halls[hall.grid]);
        m_out.taken = m_placer.taken();
        return std::move(m_out);
    }

private:
    [[nodiscard]] QRectF screen(const cluster::Rect& world) const {
        return m_map.camera.toScreen(toQt(world), m_map.viewport);
    }
    [[nodiscard]] double width(const QString& text) const { return m_metrics.horizontalAdvance(text); }
    [[nodiscard]] double height() const { return std::ceil(m_metrics.height()); }

    void planCaption(const HallGridView& grid) {
        const QRectF hall = screen(grid.rect);
        const cluster::Hall& source = m_cluster.halls[grid.hall];
        const QString name = caption(source.name);
        const QString shortName = name.section(QStringLiteral(" · "), 0, 0);
        const QString count = QStringLiteral("   ") + grouped(source.gpus.count);
        const bool sticky = hall.top() < height() + kCaptionAbove + 4;
        const double pad = sticky ? kPadX : 0;
        const double left = std::max(hall.left() + (sticky ? 8 : 2), sticky ? 8.0 : hall.left());
        const double y = sticky ? 8 : hall.top() - height() - kCaptionAbove;
        if (sticky && hall.bottom() < 60)
            return;
        const double room = hall.right() - left;
        const std::pair<QString, QString> choices[] = {{name, count}, {name, {}}, {shortName, {}}};
        for (const auto& [text, quiet] : choices) {
            const QRectF rect(left, y, width(text) + width(quiet) + 2 * pad, height() + (sticky ? 4 : 0));
            if (rect.width() > room || !m_placer.place(rect))
                continue;
            m_out.labels.push_back({rect, text, quiet, TextRole::Label, sticky, false});
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

    void joinIslands(Index group, Index a, Index b) {
        if (b == cluster::kNone)
            return;
        for (Index i = 0; i < m_cluster.halls.size(); ++i)
            for (Index j = 0; j < m_cluster.halls.size(); ++j)
                if (m_cluster.halls[i].island == a && m_cluster.halls[j].island == b)
                    join(group, i, j, true);
    }

    /// A hall and the next ones of its island, each pair once.
    void joinWithin(Index group, Index hall) {
        for (Index other = hall + 1; other < m_cluster.halls.size(); ++other)
            if (m_cluster.halls[other].island == m_cluster.halls[hall].island)
                join(group, hall, other, false);
    }

    /// Draws the bundle where the two halls stand side by side.
    void join(Index group, Index one, Index other, bool betweenIslands) {
        const QRectF a = screen(m_cluster.halls[one].rect);
        const QRectF b = screen(m_cluster.halls[other].rect);
        const double limit = kNeighbourGapM * m_map.camera.pixelsPerMetre;
        const double top = std::max(a.top(), b.top());
        const double bottom = std::min(a.bottom(), b.bottom());
        const double left = std::max(a.left(), b.left());
        const double right = std::min(a.right(), b.right());
        QLineF line;
        if (bottom - top > 8 && left - right > 0 && left - right < limit)
            line = {right - 3, (top + bottom) / 2, left + 3, (top + bottom) / 2};
        else if (right - left > 8 && top - bottom > 0 && top - bottom < limit)
            // Right of the middle: the caption of the lower hall stands at the left.
            line = {left + (right - left) * 0.7, bottom - 3, left + (right - left) * 0.7, top + 3};
        else
            return;
        m_placer.block(QRectF(line.p1(), line.p2()).normalized().adjusted(-3, -3, 3, 3));
        m_out.trunks.push_back({group, line, {}, betweenIslands});
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
    FloorLabels m_out;
};

} // namespace

FloorLabels planFloorLabels(const FloorGeometry& geometry, const FloorMap& map, const Theme& theme) {
    return Planner(geometry, map, theme).plan();
}

QString trunkText(double load) {
    return tr("trunk %1").arg(percent(load));
}

} // namespace atlas::scenes

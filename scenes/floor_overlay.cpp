#include "scenes/floor_overlay.h"

#include "scenes/floor_cards.h"
#include "scenes/floor_ground.h"
#include "scenes/label_paint.h"
#include "scenes/stroke.h"

#include <QFontMetricsF>

#include <algorithm>
#include <array>
#include <cmath>

namespace atlas::scenes {

namespace {

using cluster::Index;

constexpr double kMarkPx = 3;       // side of a mark in device-independent pixels
constexpr double kMarkNeededPx = 7; // a cell this large shows its own pattern
constexpr double kSmallestBox = 6;  // an outline of a group is never smaller
constexpr std::size_t kMostBoxes = 400;
constexpr double kThreadShare = 0.55; // of an outline's strength
constexpr double kFrameAbovePx = 40;  // a cell this large gets a frame, not rings
constexpr std::array<double, 3> kRings = {12, 20, 29};
constexpr std::array<int, 3> kRingAlpha = {255, 130, 60};

class Builder {
public:
    explicit Builder(const FloorOverlayInput& input)
        : m_in(input) {}

    Overlay build() {
        if (m_in.options.trunks)
            addTrunks();
        addNetwork();
        addMarks();
        addCards(m_in, m_overlay);
        if (m_in.options.labels)
            addPlates();
        outline(m_in.options.hovered, m_in.theme.text, 1);
        outline(m_in.options.selected, m_in.theme.accent, 2);
        addBlame();
        addCulprit();
        return std::move(m_overlay);
    }

private:
    [[nodiscard]] const Viewport& viewport() const { return m_in.map.viewport; }

    [[nodiscard]] QRectF screen(Target target) const {
        const cluster::Cluster& cluster = *m_in.geometry.cluster;
        if (target.kind == TargetKind::Gpu && target.index < cluster.gpuCount)
            return drawnRect(m_in.geometry, m_in.map, target.index);
        if (target.kind == TargetKind::Rack && target.index < cluster.racks.size())
            return drawnRack(m_in.geometry, m_in.map, target.index);
        if (target.kind == TargetKind::Switch && m_in.network != nullptr)
            return m_in.map.camera.toScreen(switchRect(*m_in.network, target.index), viewport());
        return m_in.map.camera.toScreen(floorRect(cluster, target), viewport());
    }

    void add(const QRectF& bounds, std::function<void(QPainter&)> paint) {
        if (bounds.intersects(viewport().rect()))
            m_overlay.push_back({bounds, std::move(paint)});
    }

    void addTrunks() {
        for (const FloorTrunk& trunk : m_in.labels.trunks) {
            const auto& loads = m_in.frame ? m_in.frame->linkLoad : std::vector<float>{};
            const double load = trunk.group < loads.size() ? static_cast<double>(loads[trunk.group]) : 0.0;
            const QColor colour = m_in.theme.loadAt(load);
            const QRectF bounds =
                QRectF(trunk.line.p1(), trunk.line.p2()).normalized().adjusted(-4, -4, 4, 4);
            const double width = trunk.betweenIslands ? 4 : 2;
            add(bounds, [trunk, colour, width](QPainter& p) {
                p.setRenderHint(QPainter::Antialiasing);
                drawStroke(p, trunk.line, QPen(colour, width, Qt::SolidLine, Qt::FlatCap));
            });
            if (trunk.labelRect.isNull() || !m_in.options.labels || !m_in.frame)
                continue;
            const bool hot = load > 0.8;
            add(trunk.labelRect, [in = m_in, trunk, load, hot](QPainter& p) {
                p.setFont(in.theme.font(TextRole::Label));
                paintLine(p, trunk.labelRect, trunkText(load),
                          hot ? in.theme.negative : captionColour(in.theme), {}, in.theme);
            });
        }
    }

    void addNetwork() {
        if (m_in.network == nullptr)
            return;
        for (const NetworkRow& row : *m_in.network)
            add(drawnRow(row, m_in.map.camera, viewport()) & viewport().rect().adjusted(-2, -2, 2, 2),
                [&row, in = m_in](QPainter& p) {
                    paintNetworkRow(p, row, in.frame, in.map.camera, in.map.viewport, in.theme);
                });
        if (m_in.options.labels)
            addNetworkNames();
    }

    /// "rail 3 · 108 leaves", where a block is large enough and no other word stands.
    void addNetworkNames() {
        const QFontMetricsF metrics(m_in.theme.font(TextRole::Label));
        const QRectF pane = viewport().rect();
        for (const NetworkRow& row : *m_in.network) {
            const QRectF drawn = drawnRow(row, m_in.map.camera, viewport());
            if (drawn.height() < metrics.height() || !drawn.intersects(pane))
                continue;
            for (const SwitchBlock& block : row.blocks) {
                const QRectF place = m_in.map.camera.toScreen(block.rect, viewport()) & pane;
                const QString text = switchBlockName(*m_in.geometry.cluster, block);
                const QRectF rect(place.left() + 6, place.center().y() - std::ceil(metrics.height()) / 2,
                                  metrics.horizontalAdvance(text), std::ceil(metrics.height()));
                const bool fits = place.height() >= rect.height() && rect.right() + 6 <= place.right();
                if (fits && std::ranges::none_of(m_in.labels.taken, [&](const QRectF& taken) {
                        return taken.intersects(rect.adjusted(-3, -2, 3, 2));
                    }))
                    m_overlay.push_back(labelOver(rect, text, captionColour(m_in.theme), m_in.theme));
            }
        }
    }

    /// One mark a rack while racks are small, one a GPU while GPUs are.
    void addMarks() {
        Index lastRack = cluster::kNone;
        for (const WorstMark& mark : m_in.cells.worst) {
            const Index rackIndex = m_in.geometry.cluster->rackOf(mark.gpu);
            const bool culprit = mark.state == operations::GpuState::Culprit;
            if (!culprit && rackIndex == lastRack && m_in.map.detail == Detail::Tiles)
                continue;
            lastRack = rackIndex;
            const QRectF cell = drawnRect(m_in.geometry, m_in.map, mark.gpu);
            if (std::min(cell.width(), cell.height()) >= kMarkNeededPx)
                continue;
            const QSizeF size(std::max(kMarkPx, cell.width()), std::max(kMarkPx, cell.height()));
            const QRectF rect =
                snapped(QRectF(cell.center() - QPointF(size.width(), size.height()) / 2, size),
                        viewport().devicePixelRatio);
            add(rect, [rect, colour = m_in.theme.state(mark.state).colour](QPainter& p) {
                p.fillRect(rect, colour);
            });
        }
    }

    void addPlates() {
        for (const FloorLabel& label : m_in.labels.labels)
            if (label.plate)
                add(label.rect, [&label, in = m_in](QPainter& p) {
                    p.setRenderHint(QPainter::Antialiasing);
                    paintFloorLabel(p, label, in.theme);
                });
    }

    void outline(Target target, const QColor& colour, double width) {
        QRectF rect = screen(target);
        if (!target || rect.isEmpty())
            return;
        const double grow = std::max(0.0, (7 - std::min(rect.width(), rect.height())) / 2);
        rect = snapped(rect.adjusted(-grow - 1, -grow - 1, grow + 1, grow + 1), viewport().devicePixelRatio);
        const QColor halo = m_in.theme.halo;
        add(rect.adjusted(-4, -4, 4, 4), [rect, colour, halo, width](QPainter& p) {
            p.setRenderHint(QPainter::Antialiasing);
            p.setBrush(Qt::NoBrush);
            p.setPen(QPen(halo, width + 2));
            p.drawRoundedRect(rect, 2, 2);
            p.setPen(QPen(colour, width));
            p.drawRoundedRect(rect, 2, 2);
        });
    }

    /// Where GPUs of one rack are drawn, large enough to be seen.
    [[nodiscard]] QRectF boxOf(Index first, Index end) const {
        QRectF box = drawnRect(m_in.geometry, m_in.map, first);
        for (Index gpu = first + 1; gpu < end; ++gpu)
            box = box.united(drawnRect(m_in.geometry, m_in.map, gpu));
        const double growX = std::max(1.0, (kSmallestBox - box.width()) / 2);
        const double growY = std::max(1.0, (kSmallestBox - box.height()) / 2);
        return snapped(box.adjusted(-growX, -growY, growX, growY), viewport().devicePixelRatio);
    }

    /// Boxes of a group, one a rack; those on the same pixels once.
    [[nodiscard]] std::vector<QRectF> boxesOf(const BlameGroup& group) const {
        const cluster::Cluster& cluster = *m_in.geometry.cluster;
        std::vector<QRectF> boxes;
        for (const cluster::Range& gpus : group.gpus) {
            for (Index first = gpus.first; first < gpus.end() && boxes.size() < kMostBoxes;) {
                const Index end = std::min(gpus.end(), cluster.racks[cluster.rackOf(first)].gpus.end());
                const QRectF box = boxOf(first, end);
                if (std::find(boxes.begin(), boxes.end(), box) == boxes.end())
                    boxes.push_back(box);
                first = end;
            }
        }
        return boxes;
    }

    /// Threads from the culprit to the stages of its pipeline, and an outline of each group: the innermost on
    /// top.
    void addBlame() {
        const auto& chain = m_in.options.blame;
        if (!chain || !m_in.frame || m_in.frame->culprit != chain->culprit ||
            chain->culprit >= m_in.geometry.cluster->gpuCount)
            return;
        const QPointF from = drawnRect(m_in.geometry, m_in.map, chain->culprit).center();
        for (auto group = chain->groups.rbegin(); group != chain->groups.rend(); ++group) {
            if (group->gpus.empty() || group->group == operations::Group::Own)
                continue;
            const bool reached = m_in.frame->timeS >= group->waitsFromS;
            const QPen pen = blamePen(group->group, reached, m_in.theme);
            const std::vector<QRectF> boxes = boxesOf(*group);
            if (group->group == operations::Group::Pipeline)
                for (const QRectF& box : boxes)
                    addThread(QLineF(from, box.center()), pen);
            for (const QRectF& box : boxes)
                addBox(box, pen, reached);
        }
    }

    void addThread(const QLineF& line, QPen pen) {
        QColor colour = pen.color();
        colour.setAlpha(static_cast<int>(colour.alpha() * kThreadShare));
        pen.setColor(colour);
        pen.setWidthF(1);
        add(QRectF(line.p1(), line.p2()).normalized().adjusted(-2, -2, 2, 2), [line, pen](QPainter& p) {
            p.setRenderHint(QPainter::Antialiasing);
            drawStroke(p, line, pen);
        });
    }

    void addBox(const QRectF& box, const QPen& pen, bool reached) {
        add(box.adjusted(-3, -3, 3, 3), [box, pen, reached, in = m_in](QPainter& p) {
            p.setRenderHint(QPainter::Antialiasing, false);
            p.setBrush(Qt::NoBrush);
            p.setPen(QPen(in.theme.halo, pen.widthF() + 2));
            p.drawRect(box);
            if (reached && std::min(box.width(), box.height()) <= kSmallestBox + 2) {
                p.fillRect(box, in.theme.state(operations::GpuState::Waiting).colour);
            }
            p.setPen(pen);
            p.drawRect(box);
        });
    }

    void addCulprit() {
        if (!m_in.frame || m_in.frame->culprit >= m_in.geometry.cluster->gpuCount)
            return;
        const QRectF cell = screen({TargetKind::Gpu, m_in.frame->culprit});
        if (cell.isEmpty())
            return;
        if (m_in.options.ringCulprit)
            addRings(cell);
        if (!m_in.options.calloutTitle.isEmpty() && viewport().rect().contains(cell.center()))
            addCallout(cell);
    }

    void addRings(const QRectF& cell) {
        const QColor colour = m_in.theme.state(operations::GpuState::Culprit).colour;
        const QRectF square = snapped(
            QRectF(cell.center() - QPointF(4.5, 4.5), QSizeF(9, 9)).united(cell.adjusted(-2, -2, 2, 2)),
            viewport().devicePixelRatio);
        if (std::min(cell.width(), cell.height()) > kFrameAbovePx) {
            add(square.adjusted(-3, -3, 3, 3), [colour, square](QPainter& p) {
                p.setPen(QPen(colour, 4, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
                p.drawRect(square);
            });
            return;
        }
        const double grow = std::max(square.width(), square.height()) / 2 - 4.5;
        const double reach = kRings.back() + grow + 2;
        const QPointF centre = square.center();
        const QRectF bounds(centre - QPointF(reach, reach), QSizeF(2 * reach, 2 * reach));
        add(bounds, [colour, square, centre, grow, in = m_in](QPainter& p) {
            p.setRenderHint(QPainter::Antialiasing);
            p.setBrush(Qt::NoBrush);
            for (std::size_t i = 0; i < kRings.size(); ++i) {
                QColor ring = colour;
                ring.setAlpha(kRingAlpha[i]);
                if (i == 0) {
                    p.setPen(QPen(in.theme.halo, 4));
                    p.drawEllipse(centre, kRings[i] + grow, kRings[i] + grow);
                }
                p.setPen(QPen(ring, 2));
                p.drawEllipse(centre, kRings[i] + grow, kRings[i] + grow);
            }
            p.setRenderHint(QPainter::Antialiasing, false);
            p.setPen(QPen(in.theme.halo, 4, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
            p.drawRect(square);
            p.setPen(QPen(in.theme.text, 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
            p.drawRect(square);
        });
    }

    /// Places of a callout about a cell: below right first, as one reads.
    static std::array<QRectF, 8> besides(const QRectF& cell, const QSizeF& size, double away) {
        const QPointF c = cell.center();
        const double left = c.x() - away - size.width();
        const double above = c.y() - away - size.height();
        const double middle = c.x() - size.width() / 2;
        const double level = c.y() - size.height() / 2;
        const auto at = [&](double x, double y) { return QRectF(QPointF(x, y), size); };
        return {at(c.x() + away, c.y() + away), at(c.x() + away, above),
                at(left, c.y() + away),         at(left, above),
                at(middle, c.y() + away + 14),  at(middle, above - 14),
                at(c.x() + away + 14, level),   at(left - 14, level)};
    }

    [[nodiscard]] bool isFree(const QRectF& rect, bool ofLabels) const {
        const auto hits = [&](const QRectF& taken) { return taken.intersects(rect); };
        return viewport().rect().adjusted(4, 4, -4, -4).contains(rect) &&
               !(ofLabels && std::any_of(m_in.labels.taken.begin(), m_in.labels.taken.end(), hits));
    }

    /// Beside the rings, in the pane, and if possible not over a caption.
    void addCallout(const QRectF& cell) {
        const QSizeF size = calloutSize(m_in.options.calloutTitle, m_in.options.calloutDetail, m_in.theme);
        QRectF place;
        for (const bool ofLabels : {true, false})
            for (const double gap : {16.0, 34.0, 56.0})
                for (const QRectF& rect :
                     besides(cell, size, std::max(cell.width(), cell.height()) / 2 + gap))
                    if (place.isNull() && isFree(rect, ofLabels))
                        place = rect;
        if (place.isNull())
            return;
        place = snapped(place, viewport().devicePixelRatio);
        add(place, [place, in = m_in](QPainter& p) {
            p.setRenderHint(QPainter::Antialiasing);
            paintCallout(p, place, in.options.calloutTitle, in.options.calloutDetail, in.theme);
        });
    }

    FloorOverlayInput m_in;
    Overlay m_overlay;
};

} // namespace

QRectF floorRect(const cluster::Cluster& cluster, Target target) {
    switch (target.kind) {
    case TargetKind::Hall:
        return target.index < cluster.halls.size() ? toQt(cluster.halls[target.index].rect) : QRectF();
    case TargetKind::Row:
        return target.index < cluster.rows.size() ? toQt(cluster.rows[target.index].rect) : QRectF();
    case TargetKind::Rack:
        if (target.index >= cluster.racks.size())
            return {};
        return {static_cast<double>(cluster.racks[target.index].x),
                static_cast<double>(cluster.racks[target.index].y),
                static_cast<double>(cluster.racks[target.index].w),
                static_cast<double>(cluster.racks[target.index].h)};
    case TargetKind::Gpu:
        return target.index < cluster.gpuCount ? toQt(cluster.gpuRect(target.index)) : QRectF();
    case TargetKind::None:
    case TargetKind::Switch:
    case TargetKind::LinkGroup:
    case TargetKind::Work:
    case TargetKind::Lane:
    case TargetKind::Instant:
        break;
    }
    return {};
}

Overlay floorOverlay(const FloorOverlayInput& input) {
    return Builder(input).build();
}

} // namespace atlas::scenes

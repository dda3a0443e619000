#include "scenes/matrix_paint.h"

#include "scenes/colour.h"
#include "scenes/label_paint.h"
#include "scenes/pane_rows.h"
#include "scenes/words.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace atlas::scenes {

namespace {

using cluster::Index;
using cluster::LinkKind;

constexpr double kFewestCables = 0.5; // strength of a square with few cables, of one with the most
constexpr double kGapPx = 5;          // a square this large is set apart from the next
constexpr double kRailNamePx = 44;    // a tile this wide says its rail
constexpr double kSwitchNamePx = 15;  // a square this large says its leaf and spine

/// Along one axis of a tile: which square each device pixel shows.
struct Axis {
    int first = 0;
    std::vector<int> square; ///< by pixel from `first`; -1 in a gap
};

Axis axisOf(double from, double to, int squares, int pixels, double ratio) {
    Axis axis;
    axis.first = std::clamp(static_cast<int>(std::floor(std::max(from, 0.0) + 0.5)), 0, pixels);
    // Never thinner than a pixel.
    const double last = std::max(std::min(to, static_cast<double>(pixels)), std::max(from, 0.0) + 1);
    const int end = std::clamp(static_cast<int>(std::floor(last + 0.5)), axis.first, pixels);
    const double size = (to - from) / squares;
    const bool gaps = size >= kGapPx * ratio;
    axis.square.reserve(static_cast<std::size_t>(end - axis.first));
    for (int p = axis.first; p < end; ++p) {
        const double at = (p + 0.5 - from) / size;
        const int square = std::clamp(static_cast<int>(at), 0, squares - 1);
        const bool gap = gaps && (at - square) * size >= size - std::max(1.0, 0.12 * size);
        axis.square.push_back(gap ? -1 : square);
    }
    return axis;
}

/// Colours by number of cables.
std::array<QRgb, 256> coloursOf(const MatrixTile& tile, double load, int most, const Theme& theme) {
    const QColor empty = mixed(theme.ground, theme.line, 0.45);
    const QColor full = std::isnan(load) ? theme.state(operations::GpuState::Fault).colour
                        : load < 0       ? theme.link
                                         : theme.loadAt(load);
    const int scale = tile.kind == LinkKind::LeafSpine
                          ? most
                          : std::max<int>(1, *std::max_element(tile.cables[0].begin(), tile.cables[0].end()));
    std::array<QRgb, 256> colours;
    colours[0] = empty.rgb();
    for (int c = 1; c < 256; ++c) {
        const double share = std::min(1.0, static_cast<double>(c) / scale);
        colours[static_cast<std::size_t>(c)] =
            mixed(empty, full, kFewestCables + (1 - kFewestCables) * share).rgb();
    }
    return colours;
}

void paintTile(const MatrixPane& pane, const MatrixTile& tile, double load, QImage& target) {
    const double ratio = pane.viewport.devicePixelRatio;
    const QRectF rect = pane.screen(tile);
    if (!rect.intersects(pane.viewport.rect()))
        return;
    // Coarse enough that a square is a pixel.
    std::size_t level = 0;
    int columns = tile.columns;
    int lines = tile.lines;
    while (level + 1 < tile.cables.size() &&
           (columns > rect.width() * ratio || lines > rect.height() * ratio)) {
        ++level;
        columns = (columns + 1) / 2;
        lines = (lines + 1) / 2;
    }
    const double scale = static_cast<double>(std::size_t{1} << level);
    const double width = rect.width() * ratio * columns * scale / tile.columns;
    const double height = rect.height() * ratio * lines * scale / tile.lines;
    const QPointF corner = rect.topLeft() * ratio;
    Axis x = axisOf(corner.x(), corner.x() + width, columns, target.width(), ratio);
    Axis y = axisOf(corner.y(), corner.y() + height, lines, pane.viewport.deviceSize().height(), ratio);
    // A last coarse square may reach beyond the tile.
    const auto cut = [](Axis& axis, double end) {
        const auto size = static_cast<std::size_t>(std::max(1.0, std::floor(end + 0.5) - axis.first));
        if (axis.square.size() > size)
            axis.square.resize(size);
    };
    cut(x, rect.right() * ratio);
    cut(y, rect.bottom() * ratio);
    const auto colours = coloursOf(tile, load, pane.layout.mostCables, pane.theme);
    const std::vector<std::uint8_t>& cables = tile.cables[level];
    for (std::size_t row = 0; row < y.square.size(); ++row) {
        const int at = y.first + static_cast<int>(row);
        if (y.square[row] < 0 || at < rectInPane(target).top() || at > rectInPane(target).bottom())
            continue;
        QRgb* const to = rowOfPane(target, at) + x.first;
        const std::uint8_t* const from =
            cables.data() + static_cast<std::size_t>(y.square[row]) * static_cast<std::size_t>(columns);
        for (std::size_t i = 0; i < x.square.size(); ++i)
            if (x.square[i] >= 0)
                to[i] = colours[from[x.square[i]]];
    }
}

class Planner {
public:
    explicit Planner(const MatrixPane& pane)
        : m_pane(pane)
        , m_metrics(pane.theme.font(TextRole::Label))
        , m_height(std::ceil(m_metrics.height()))
        , m_placer(pane.viewport.rect()) {}

    std::vector<MatrixLabel> plan() {
        for (const MatrixTile& tile : m_pane.layout.tiles)
            if (const QRectF rect = m_pane.screen(tile); rect.intersects(m_pane.viewport.rect()))
                m_placer.block(rect);
        for (const MatrixIsland& island : m_pane.layout.islands)
            nameIsland(island);
        for (const MatrixTile& tile : m_pane.layout.tiles)
            if (tile.kind == LinkKind::Trunk)
                above(m_pane.screen(tile), QString::fromStdString(group(tile).name),
                      tr("   %1 links · %2 each way")
                          .arg(grouped(tile.columns),
                               withPrefix(group(tile).bytesPerS * 8, QStringLiteral("bit/s"))));
        for (const MatrixHall& hall : m_pane.layout.halls)
            nameHall(hall);
        nameSwitches();
        return std::move(m_labels);
    }

private:
    [[nodiscard]] const cluster::LinkGroup& group(const MatrixTile& tile) const {
        return m_pane.cluster.linkGroups[tile.group];
    }

    bool put(QPointF corner, const QString& text, const QString& quiet, double room) {
        const QRectF rect(
            corner, QSizeF(m_metrics.horizontalAdvance(text) + m_metrics.horizontalAdvance(quiet), m_height));
        if (rect.width() > room || !m_placer.place(rect))
            return false;
        m_labels.push_back({rect, text, quiet, false});
        return true;
    }

    void above(const QRectF& rect, const QString& text, const QString& quiet, double lift = 0) {
        const QPointF corner(rect.left(), rect.top() - m_height - 3 - lift);
        const double room = m_pane.viewport.rect().right() - rect.left();
        if (!put(corner, text, quiet, room))
            put(corner, text, {}, room);
    }

    void nameIsland(const MatrixIsland& island) {
        const cluster::Island& source = m_pane.cluster.islands[island.island];
        const MatrixHall& first = m_pane.layout.halls[island.halls.first];
        QString shape;
        int rails = 0;
        int linesBelow = 1; // the hall's name, and its rails' where they have room
        for (Index t = first.tiles.first; t < first.tiles.end(); ++t) {
            const MatrixTile& tile = m_pane.layout.tiles[t];
            rails += tile.kind == LinkKind::LeafSpine;
            if (tile.kind == LinkKind::LeafSpine && m_pane.screen(tile).width() >= kRailNamePx)
                linesBelow = 2;
            if (shape.isEmpty() && tile.kind == LinkKind::LeafSpine)
                shape = tr("%1 leaves × %2 spines").arg(tile.lines).arg(tile.columns);
        }
        above(m_pane.screen(island.rect), QString::fromStdString(source.name),
              QStringLiteral("   ") + tr("%1 · %2 rails of %3")
                                          .arg(QString::fromStdString(source.fabric.name))
                                          .arg(rails)
                                          .arg(shape),
              linesBelow * (m_height + 3));
    }

    void nameHall(const MatrixHall& hall) {
        const QRectF rect = m_pane.screen(hall.rect);
        if (!rect.intersects(m_pane.viewport.rect()))
            return;
        bool rails = false;
        for (Index t = hall.tiles.first; t < hall.tiles.end(); ++t) {
            const MatrixTile& tile = m_pane.layout.tiles[t];
            const QRectF place = m_pane.screen(tile);
            if (tile.kind != LinkKind::LeafSpine || place.width() < kRailNamePx)
                continue;
            const QString name = tr("rail %1").arg(m_pane.cluster.railPlanes[tile.plane].rail + 1);
            rails = put(QPointF(place.left(), place.top() - m_height - 3), name, {}, place.width()) || rails;
        }
        const QPointF corner(rect.left(), rect.top() - (rails ? 2 : 1) * (m_height + 3));
        put(corner, tr("Hall %1").arg(hall.hall + 1), {}, rect.width());
    }

    /// Close up, leaves and spines of the tile in the middle have their numbers at its edges.
    void nameSwitches() {
        const QRectF pane = m_pane.viewport.rect();
        const auto hit = hitAt(m_pane.layout, m_pane.camera.toWorld(pane.center(), m_pane.viewport));
        if (!hit)
            return;
        const MatrixTile& tile = m_pane.layout.tiles[hit->tile];
        const QRectF rect = m_pane.screen(tile);
        const double pitch = rect.height() / tile.lines;
        if (pitch < kSwitchNamePx || tile.kind != LinkKind::LeafSpine)
            return;
        const double left = std::max(rect.left(), pane.left()) + 4;
        for (int line = 0; line < tile.lines; ++line)
            plate(QPointF(left, rect.top() + (line + 0.5) * pitch - (m_height + 4) / 2),
                  tr("leaf %1").arg(line + 1));
        const double top = std::max(rect.top(), pane.top()) + 4;
        for (int column = 0; column < tile.columns; ++column) {
            const QString name = tr("spine %1").arg(column + 1);
            const double middle = rect.left() + (column + 0.5) * rect.width() / tile.columns;
            plate(QPointF(middle - m_metrics.horizontalAdvance(name) / 2 - 5, top), name);
        }
    }

    /// Over the tile itself: only other plates are in its way.
    void plate(QPointF corner, const QString& text) {
        const QRectF rect(corner, QSizeF(m_metrics.horizontalAdvance(text) + 10, m_height + 4));
        const bool clear = m_pane.viewport.rect().contains(rect) &&
                           std::none_of(m_labels.begin(), m_labels.end(), [&](const MatrixLabel& other) {
                               return other.rect.adjusted(-3, -1, 3, 1).intersects(rect);
                           });
        if (clear)
            m_labels.push_back({rect, text, {}, true});
    }

    const MatrixPane& m_pane;
    QFontMetricsF m_metrics;
    double m_height;
    LabelPlacer m_placer;
    std::vector<MatrixLabel> m_labels;
};

} // namespace

void paintMatrix(const MatrixPane& pane, const std::vector<double>& loads, QImage& target) {
    target.fill(pane.theme.ground);
    // The worst last: where tiles share a pixel it stays on top.
    std::vector<std::size_t> order(pane.layout.tiles.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto rank = [&](std::size_t t) { return std::isnan(loads[t]) ? 2.0 : loads[t]; };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
    for (const std::size_t t : order)
        paintTile(pane, pane.layout.tiles[t], loads[t], target);
}

std::vector<MatrixLabel> planMatrixLabels(const MatrixPane& pane) {
    return Planner(pane).plan();
}

void paintMatrixLabels(QPainter& painter, const std::vector<MatrixLabel>& labels, const Theme& theme) {
    painter.setFont(theme.font(TextRole::Label));
    for (const MatrixLabel& label : labels) {
        QRectF inner = label.rect;
        if (label.plate) {
            painter.setRenderHint(QPainter::Antialiasing);
            paintPlate(painter, label.rect, theme);
            inner.adjust(5, 0, -5, 0);
        }
        paintLine(painter, inner, label.text, captionColour(theme), label.quiet, theme);
    }
}

} // namespace atlas::scenes

#include "scenes/matrix_scene.h"

#include "scenes/gl_picture.h"
#include "scenes/gl_scene.h"
#include "scenes/label_paint.h"
#include "scenes/matrix_paint.h"
#include "scenes/stroke.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace atlas::scenes {

namespace {
constexpr double kMarginShare = 0.02; // around the tiles, of their width
constexpr double kCrossFromPx = 10;   // a tile this large that is down carries a cross
constexpr double kOutlinedFromPx = 3;
} // namespace

double tileLoad(const MatrixTile& tile, const operations::Frame* frame) {
    if (frame == nullptr || tile.group >= frame->linkLoad.size())
        return -1; // cables without traffic
    const bool down = tile.group < frame->linkHealth.size() && !(frame->linkHealth[tile.group] > 0);
    const auto load = static_cast<double>(frame->linkLoad[tile.group]);
    return down || !(load >= 0) ? std::numeric_limits<double>::quiet_NaN() : load;
}

MatrixScene::MatrixScene() = default;

MatrixScene::~MatrixScene() = default;

void MatrixScene::clusterChanged() {
    m_layout = makeMatrixLayout(*m_cluster);
}

void MatrixScene::setOptions(const MatrixOptions& options) {
    m_stale = m_stale || m_options.labels != options.labels;
    m_options = options;
}

QRectF MatrixScene::bounds() const {
    const double margin = kMarginShare * m_layout.bounds.width();
    return m_layout.bounds.adjusted(-margin, 0, margin, margin);
}

ZoomLimits MatrixScene::zoomLimits(const Viewport& viewport) const {
    return scenes::zoomLimits(bounds(), 4, viewport);
}

void MatrixScene::update(const Viewport& viewport) {
    std::vector<double> loads;
    for (const MatrixTile& tile : m_layout.tiles)
        loads.push_back(tileLoad(tile, frame()));
    const bool same =
        std::equal(loads.begin(), loads.end(), m_loads.begin(), m_loads.end(),
                   [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); });
    if (!m_stale && same && m_camera == m_drawnCamera && viewport == m_viewport)
        return;
    const bool moved = m_stale || m_camera != m_drawnCamera || viewport != m_viewport;
    m_stale = false;
    m_drawnCamera = m_camera;
    m_viewport = viewport;
    m_loads = std::move(loads);
    fitPicture(m_image, viewport);
    const MatrixPane pane{*m_cluster, m_layout, m_drawnCamera, m_viewport, m_theme};
    if (moved)
        m_labels = m_options.labels ? planMatrixLabels(pane) : std::vector<MatrixLabel>{};
    paintMatrix(pane, m_loads, m_image);
    RowsPainter painter(m_image);
    paintMatrixLabels(painter, m_labels, m_theme);
    ++m_generation;
}

QRectF MatrixScene::squareOf(cluster::Index link) const {
    for (const MatrixTile& tile : m_layout.tiles) {
        const QSizeF square(tile.rect.width() / tile.columns, tile.rect.height() / tile.lines);
        for (int line = 0; line < tile.lines; ++line) {
            // Only a line that may hold it is searched.
            const bool ordered = tile.kind == cluster::LinkKind::LeafSpine;
            if (ordered && (link < tile.firstLink[static_cast<std::size_t>(line)] ||
                            m_cluster->links.a[link] !=
                                m_cluster->links.a[tile.firstLink[static_cast<std::size_t>(line)]]))
                continue;
            for (int column = 0; column < tile.columns; ++column)
                if (linkAt(*m_cluster, tile, column, line) == link)
                    return {tile.rect.topLeft() + QPointF(column * square.width(), line * square.height()),
                            square};
        }
    }
    return {};
}

Overlay MatrixScene::overlay() const {
    Overlay items;
    const auto outline = [&](const QRectF& world, const QColor& colour, double width) {
        QRectF rect = m_drawnCamera.toScreen(world, m_viewport);
        if (world.isEmpty() || !rect.intersects(m_viewport.rect()))
            return;
        const double grow = std::max(0.0, (kOutlinedFromPx - std::min(rect.width(), rect.height())) / 2) + 1;
        rect = snapped(rect.adjusted(-grow, -grow, grow, grow), m_viewport.devicePixelRatio);
        items.push_back(
            {rect.adjusted(-3, -3, 3, 3), [rect, colour, width, halo = m_theme.halo](QPainter& p) {
                 p.setBrush(Qt::NoBrush);
                 p.setPen(QPen(halo, width + 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
                 p.drawRect(rect);
                 p.setPen(QPen(colour, width, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
                 p.drawRect(rect);
             }});
    };
    // What is down is told by more than its colour.
    for (std::size_t t = 0; t < m_layout.tiles.size() && t < m_loads.size(); ++t) {
        const QRectF rect = m_drawnCamera.toScreen(m_layout.tiles[t].rect, m_viewport);
        if (!std::isnan(m_loads[t]) || !rect.intersects(m_viewport.rect()) ||
            std::min(rect.width(), rect.height()) < kCrossFromPx)
            continue; // in a thin one, ink would cover the colour
        const QColor ink = m_theme.text;
        items.push_back({rect.adjusted(-2, -2, 2, 2), [rect, ink](QPainter& p) {
                             p.setRenderHint(QPainter::Antialiasing);
                             p.setPen(QPen(ink, 1.5));
                             p.setBrush(Qt::NoBrush);
                             p.drawRect(rect);
                             drawStroke(p, QLineF(rect.topLeft(), rect.bottomRight()), p.pen());
                             drawStroke(p, QLineF(rect.topRight(), rect.bottomLeft()), p.pen());
                         }});
    }
    outline(worldRect(m_options.selected), m_theme.accent, 2);
    if (m_options.hovered.kind == TargetKind::LinkGroup) {
        outline(worldRect(m_options.hovered.whole()), m_theme.quietText, 1);
        if (m_options.hovered.part != cluster::kNone)
            outline(worldRect(m_options.hovered), m_theme.text, 1);
    }
    return items;
}

void MatrixScene::paint(QPainter& painter, const Viewport& viewport) {
    update(viewport);
    paintRows(painter, m_image);
    paintOverlay(painter, overlay());
}

void MatrixScene::drawGl(GlPicture& painter, const Viewport& viewport) {
    update(viewport);
    painter.draw({m_image, m_generation, m_theme.ground, m_theme.panel, overlay(), m_viewport});
}

} // namespace atlas::scenes

#include "widgets/area_veil.h"

#include <QPainter>

namespace atlas::widgets {

namespace {
constexpr int kFillAlpha = 36; ///< of 255: what lies under it stays readable
} // namespace

AreaVeil::AreaVeil(SceneView& view, QWidget* parent)
    : QWidget(parent)
    , m_view(view) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    hide();
    connect(&view, &SceneView::viewChanged, this, qOverload<>(&QWidget::update));
}

void AreaVeil::setTheme(const scenes::Theme& theme) {
    m_theme = theme;
    update();
}

void AreaVeil::setDrawn(const QPolygonF& screen) {
    m_drawn = screen;
    refresh();
}

void AreaVeil::setArea(const QPolygonF& world) {
    if (world != m_area) {
        m_area = world;
        refresh();
    }
}

void AreaVeil::setShown(bool shown) {
    m_shown = shown;
    refresh();
}

void AreaVeil::refresh() {
    setVisible(!m_drawn.isEmpty() || (m_shown && !m_area.isEmpty()));
    update();
}

void AreaVeil::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor fill = m_theme.accent;
    fill.setAlpha(kFillAlpha);
    if (m_shown && !m_area.isEmpty()) {
        QPolygonF outline;
        for (const QPointF& corner : m_area) {
            outline << m_view.scene().camera().toScreen(corner, m_view.viewport());
        }
        painter.setPen(QPen(m_theme.halo, 3));
        painter.drawPolygon(outline);
        painter.setPen(QPen(m_theme.accent, 1.5));
        painter.drawPolygon(outline);
    }
    if (!m_drawn.isEmpty()) {
        painter.setBrush(fill);
        painter.setPen(QPen(m_theme.accent, 1, Qt::DashLine));
        painter.drawPolygon(m_drawn);
    }
}

} // namespace atlas::widgets

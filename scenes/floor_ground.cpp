#include "scenes/floor_ground.h"

#include "scenes/label_paint.h"

namespace atlas::scenes {

void paintFloorLabel(QPainter& painter, const FloorLabel& label, const Theme& theme) {
    QRectF inner = label.rect;
    if (label.plate) {
        paintPlate(painter, label.rect, theme);
        inner.adjust(5, 0, -5, 0);
    }
    painter.setFont(theme.font(label.role));
    paintLine(painter, inner, label.text, label.dim ? theme.quietText : captionColour(theme), label.quiet,
              theme);
}

void paintGround(QPainter& painter, const FloorGeometry& geometry, const FloorMap& map,
                 const FloorLabels& labels, const SiteYard& yard, const Theme& theme) {
    const double ratio = map.viewport.devicePixelRatio;
    // Far beyond the pane a corner's place does not matter, and Qt's rasteriser likes small numbers.
    const QRectF limit = map.viewport.rect().adjusted(-64, -64, 64, 64);
    painter.fillRect(map.viewport.rect(), theme.ground);
    paintYard(painter, yard, map.camera, map.viewport, theme);
    painter.setRenderHint(QPainter::Antialiasing);
    for (const HallMap& hall : map.halls) {
        const QRectF rect =
            snapped(map.camera.toScreen(drawnHall(geometry.halls[hall.grid], map.camera), map.viewport)
                        .intersected(limit),
                    ratio);
        painter.setPen(QPen(theme.line, 1));
        painter.setBrush(theme.panel);
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), theme.cornerRadius, theme.cornerRadius);
    }
    for (const FloorLabel& label : labels.labels)
        if (!label.plate)
            paintFloorLabel(painter, label, theme);
}

} // namespace atlas::scenes

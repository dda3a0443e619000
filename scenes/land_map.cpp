#include "scenes/land_map.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPainter>
#include <QPainterPath>

namespace atlas::scenes {

namespace {
constexpr QSize kCells(2048, 1024);
}

QImage drawLand(const QByteArray& json, QSize size) {
    const QJsonObject file = QJsonDocument::fromJson(json).object();
    const double perDegree = file["perDegree"].toDouble();
    const QJsonArray rings = file["rings"].toArray();
    if (perDegree <= 0 || rings.isEmpty())
        return {};
    QPainterPath path;
    path.setFillRule(Qt::OddEvenFill); // a sea inside land is a ring inside a ring
    for (const auto& ring : rings) {
        const QJsonArray steps = ring.toArray();
        QPolygonF polygon;
        double lon = 0;
        double lat = 0;
        for (qsizetype i = 0; i + 1 < steps.size(); i += 2) {
            lon += steps[i].toDouble();
            lat += steps[i + 1].toDouble();
            polygon << QPointF((lon / perDegree + 180) / 360 * size.width(),
                               (90 - lat / perDegree) / 180 * size.height());
        }
        // What reaches beyond 180 degrees comes back on the other side.
        const QRectF extent = polygon.boundingRect();
        for (const int turn : {-1, 0, 1}) {
            const double shift = turn * size.width();
            if (extent.right() + shift <= 0 || extent.left() + shift >= size.width())
                continue;
            path.addPolygon(polygon.translated(shift, 0));
            path.closeSubpath();
        }
    }
    QImage land(size, QImage::Format_Grayscale8);
    land.fill(0);
    QPainter painter(&land);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillPath(path, Qt::white);
    return land;
}

const QImage& landMap() {
    static const QImage map = [] {
        QFile file(QStringLiteral(":/atlas/earth/land.json"));
        return file.open(QIODevice::ReadOnly) ? drawLand(file.readAll(), kCells) : QImage();
    }();
    return map;
}

} // namespace atlas::scenes

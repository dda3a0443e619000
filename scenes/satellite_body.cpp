#include "scenes/satellite_body.h"

#include "scenes/colour.h"
#include "scenes/stroke.h"

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

namespace {

constexpr double kBusM = 3; // a side of the bus
constexpr double kBusHighM = 3.6;
constexpr double kBoomM = 1.2;    // from the bus to wings and radiators
constexpr double kWingAspect = 3; // length over height
constexpr double kRadiatorAspect = 2;
constexpr double kLinesFromPx = 6; // of a cell string: below, it is a plain panel
constexpr double kNearM = 0.2;     // what is nearer to the eye is cut off
constexpr double kAmbient = 0.25;  // of light on what does not face the Sun

/// A rectangle from a middle and two half sides.
BodyFace panel(PartOf part, const Vector& middle, const Vector& a, const Vector& b, const Vector& normal) {
    return {part, {middle - a - b, middle + a - b, middle + a + b, middle - a + b}, normal};
}

QPointF between(const QPointF& a, const QPointF& b, double share) {
    return a + (b - a) * share;
}

QPointF inQuad(const std::array<QPointF, 4>& q, double u, double v) {
    return between(between(q[0], q[1], u), between(q[3], q[2], u), v);
}

/// The corners on the pane, those behind the eye replaced by where the edges come into view.
QPolygonF cutOff(const std::array<Vector, 4>& corners, const GlobeView& view, bool& whole) {
    QPolygonF outline;
    const auto depth = [&](const Vector& p) { return dot(p - view.eyeM(), view.forward()) - kNearM; };
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const Vector& here = corners[i];
        const Vector& next = corners[(i + 1) % corners.size()];
        const double a = depth(here);
        const double b = depth(next);
        whole = whole && a >= 0;
        if (a >= 0)
            if (const auto seen = view.seen(here))
                outline << seen->at;
        if ((a >= 0) != (b >= 0))
            if (const auto seen = view.seen(here + (next - here) * (a / (a - b))))
                outline << seen->at;
    }
    return outline;
}

double wingHeight(double arrayM2) {
    return std::sqrt(arrayM2 / 2 / kWingAspect);
}

} // namespace

double bodySpanM(double arrayM2) {
    return kBusM + 2 * kBoomM + 2 * kWingAspect * wingHeight(arrayM2);
}

SatelliteBody makeBody(double arrayM2, double radiatorM2, const Vector& placeM, const Vector& alongM,
                       const Vector& sun) {
    // Wings along the flight as far as the Sun allows, square to it.
    const Vector flight = unit(alongM - placeM);
    Vector a = flight - sun * dot(flight, sun);
    if (length(a) < 1e-3)
        a = cross(sun, unit(placeM));
    a = unit(a);
    const Vector b = cross(sun, a);
    SatelliteBody body;
    body.spanM = bodySpanM(arrayM2);
    const double high = wingHeight(arrayM2);
    const double wide = kWingAspect * high;
    const double tall = std::sqrt(radiatorM2 / 2 * kRadiatorAspect);
    const double deep = tall / kRadiatorAspect;
    for (const double side : {-1.0, 1.0}) {
        body.faces.push_back(panel(PartOf::Array, placeM + a * (side * (kBusM / 2 + kBoomM + wide / 2)),
                                   a * (wide / 2), b * (high / 2), sun));
        body.faces.push_back(panel(PartOf::Radiator,
                                   placeM + b * (side * (kBusHighM / 2 + kBoomM + tall / 2)),
                                   sun * (deep / 2), b * (tall / 2), a));
    }
    const std::array<Vector, 3> axes = {a, b, sun};
    const std::array<double, 3> half = {kBusM / 2, kBusHighM / 2, kBusM / 2};
    for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t j = (i + 1) % 3;
        const std::size_t k = (i + 2) % 3;
        for (const double side : {-1.0, 1.0})
            body.faces.push_back(panel(PartOf::Bus, placeM + axes[i] * (side * half[i]), axes[j] * half[j],
                                       axes[k] * half[k], axes[i] * side));
    }
    return body;
}

QPolygonF CellGrid::cell(int i) const {
    constexpr double kGap = 0.1; // of a cell
    const double u = i % columns;
    const double v = i / columns;
    const auto at = [this](double x, double y) { return inQuad(corners, x / columns, y / rows); };
    return QPolygonF() << at(u + kGap, v + kGap) << at(u + 1 - kGap, v + kGap)
                       << at(u + 1 - kGap, v + 1 - kGap) << at(u + kGap, v + 1 - kGap);
}

double CellGrid::cellPx() const {
    const auto side = [](QPointF a, QPointF b) { return std::hypot(a.x() - b.x(), a.y() - b.y()); };
    return std::min(side(corners[0], corners[1]) / columns, side(corners[1], corners[2]) / rows);
}

int CellGrid::cellAt(QPointF screen, int count) const {
    if (!QPolygonF(QVector<QPointF>(corners.begin(), corners.end())).containsPoint(screen, Qt::OddEvenFill))
        return -1;
    for (int i = 0; i < count; ++i) {
        const auto at = [this](double x, double y) { return inQuad(corners, x / columns, y / rows); };
        const int u = i % columns;
        const int v = i / columns;
        const QPolygonF whole = QPolygonF() << at(u, v) << at(u + 1, v) << at(u + 1, v + 1) << at(u, v + 1);
        if (whole.containsPoint(screen, Qt::OddEvenFill))
            return i;
    }
    return -1;
}

BodyPicture projectBody(const SatelliteBody& body, const GlobeView& view, const Vector& sun, bool lit,
                        int gpus) {
    BodyPicture picture;
    std::array<double, 3> most{};
    double facingMost = 0;
    for (const BodyFace& face : body.faces) {
        BodyPicture::Polygon polygon;
        polygon.part = face.part;
        std::array<QPointF, 4> corners;
        Vector middle{0, 0, 0};
        for (std::size_t i = 0; i < 4; ++i) {
            middle = middle + face.corners[i] * 0.25;
            if (const auto seen = view.seen(face.corners[i]))
                corners[i] = seen->at;
        }
        polygon.outline = cutOff(face.corners, view, polygon.whole);
        if (polygon.outline.size() < 3)
            continue;
        const Vector way = unit(view.eyeM() - middle);
        const double facing = dot(way, face.normal);
        if (face.part == PartOf::Bus && facing <= 0)
            continue;
        polygon.depthM = length(view.eyeM() - middle);
        const bool twoSided = face.part == PartOf::Radiator;
        polygon.working = twoSided || facing > 0;
        const double sunny = dot(face.normal, sun);
        polygon.light = !lit ? 0 : twoSided ? kAmbient : std::max(polygon.working ? sunny : 0.0, 0.0);
        picture.bounds |= polygon.outline.boundingRect();
        // The nearer wing and radiator carry the label.
        const auto part = static_cast<std::size_t>(face.part);
        if (const double weight = 1 / polygon.depthM; polygon.whole && weight > most[part]) {
            most[part] = weight;
            picture.anchors[part] = inQuad(corners, 0.5, 0.5);
        }
        if (face.part == PartOf::Bus && polygon.whole && facing > facingMost) {
            facingMost = facing;
            picture.cells.corners = corners;
        }
        picture.polygons.push_back(std::move(polygon));
    }
    std::stable_sort(picture.polygons.begin(), picture.polygons.end(),
                     [](const auto& a, const auto& b) { return a.depthM > b.depthM; });
    const auto& c = picture.cells.corners;
    const double across = std::hypot(c[1].x() - c[0].x(), c[1].y() - c[0].y());
    const double down = std::max(1e-9, std::hypot(c[2].x() - c[1].x(), c[2].y() - c[1].y()));
    picture.cells.columns =
        std::clamp(static_cast<int>(std::lround(std::sqrt(gpus * std::clamp(across / down, 0.2, 5.0)))), 1,
                   std::max(1, gpus));
    picture.cells.rows = std::max(1, (gpus + picture.cells.columns - 1) / picture.cells.columns);
    const Vector centre = (body.faces[0].corners[0] + body.faces[2].corners[2]) * 0.5;
    if (const auto seen = view.seen(centre))
        picture.spanPx = body.spanM * seen->pixelsPerMetre;
    return picture;
}

void paintBody(QPainter& painter, const BodyPicture& body, const Theme& theme,
               const std::vector<QColor>& cellColours, double heat) {
    painter.setRenderHint(QPainter::Antialiasing);
    const bool dark = theme.mode == ThemeMode::Dark;
    const QColor cellsLit = mixed(theme.accent, QColor(20, 40, 92), 0.62);
    const QColor night = dark ? mixed(theme.ground, theme.text, 0.10) : mixed(theme.text, theme.ground, 0.42);
    const QColor metal =
        dark ? mixed(theme.text, theme.ground, 0.22) : mixed(theme.ground, theme.quietText, 0.30);
    const QColor warm = mixed(metal, theme.warning, 0.55 * std::clamp(heat, 0.0, 1.0));
    const QColor edge = mixed(theme.quietText, theme.ground, 0.2);
    for (const BodyPicture::Polygon& polygon : body.polygons) {
        const double light = kAmbient + (1 - kAmbient) * polygon.light;
        QColor fill;
        switch (polygon.part) {
        case PartOf::Array:
            fill = mixed(night, polygon.working ? cellsLit : metal, polygon.working ? light : 0.5 * light);
            break;
        case PartOf::Radiator:
            fill = mixed(night, warm, 0.45 + 0.4 * std::clamp(heat, 0.0, 1.0));
            break;
        case PartOf::Bus:
            fill = mixed(night, metal, light);
            break;
        }
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawPolygon(polygon.outline);
        QPainterPath outline;
        outline.addPolygon(polygon.outline);
        outline.closeSubpath();
        drawStroke(painter, outline, QPen(edge, 1));
        if (polygon.part == PartOf::Bus || !polygon.whole)
            continue;
        const std::array<QPointF, 4> q = {polygon.outline[0], polygon.outline[1], polygon.outline[2],
                                          polygon.outline[3]};
        const double longPx = std::hypot(q[1].x() - q[0].x(), q[1].y() - q[0].y());
        const double shortPx = std::hypot(q[2].x() - q[1].x(), q[2].y() - q[1].y());
        const int strings = polygon.part == PartOf::Array ? 12 : 4;
        const int rows = polygon.part == PartOf::Array ? 4 : 10;
        if (std::min(longPx / strings, shortPx / rows) < kLinesFromPx / 2)
            continue;
        QColor line = polygon.part == PartOf::Array ? mixed(fill, theme.text, 0.35) : mixed(fill, edge, 0.8);
        line.setAlpha(150);
        const QPen hair(line, 0.7);
        for (int i = 1; i < strings; ++i)
            drawStroke(painter,
                       QLineF(inQuad(q, static_cast<double>(i) / strings, 0),
                              inQuad(q, static_cast<double>(i) / strings, 1)),
                       hair);
        for (int i = 1; i < rows; ++i)
            drawStroke(painter,
                       QLineF(inQuad(q, 0, static_cast<double>(i) / rows),
                              inQuad(q, 1, static_cast<double>(i) / rows)),
                       hair);
    }
    if (body.cells.cellPx() < 1)
        return;
    painter.setPen(Qt::NoPen);
    for (std::size_t i = 0; i < cellColours.size(); ++i) {
        painter.setBrush(cellColours[i]);
        painter.drawPolygon(body.cells.cell(static_cast<int>(i)));
    }
}

} // namespace atlas::scenes

#include "scenes/camera.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace atlas::scenes {

namespace {

constexpr double kRho = 1.41421356237309505; // trade-off of zooming and panning, van Wijk and Nuij section 4

double fitScale(const QRectF& world, const Viewport& viewport, double margin) {
    const double w = std::max(1.0, viewport.size.width() - 2 * margin);
    const double h = std::max(1.0, viewport.size.height() - 2 * margin);
    if (world.width() <= 0 || world.height() <= 0)
        return 1.0;
    return std::min(w / world.width(), h / world.height());
}

constexpr double kTurnPerPx = 0.005;       // radians of a globe a pixel of dragging
constexpr double kSteepest = 1.45;         // a globe is never looked at from its very poles
constexpr double kWholeGlobePxPerM = 2e-5; // from one satellite to another a flight passes by the whole of it

QPointF onGlobe(QPointF direction) {
    return {std::remainder(direction.x(), 2 * std::numbers::pi),
            std::clamp(direction.y(), -kSteepest, kSteepest)};
}

} // namespace

QSize Viewport::deviceSize() const {
    return {std::max(1, static_cast<int>(std::lround(size.width() * devicePixelRatio))),
            std::max(1, static_cast<int>(std::lround(size.height() * devicePixelRatio)))};
}

QPointF Camera::toScreen(QPointF world, const Viewport& viewport) const {
    const QPointF way = world - centre;
    return QPointF(way.x() * pixelsPerMetre, way.y() * pixelsPerUnitDown()) + viewport.rect().center();
}

QRectF Camera::toScreen(const QRectF& world, const Viewport& viewport) const {
    return {toScreen(world.topLeft(), viewport), toScreen(world.bottomRight(), viewport)};
}

QPointF Camera::toWorld(QPointF screen, const Viewport& viewport) const {
    const QPointF way = screen - viewport.rect().center();
    return QPointF(way.x() / pixelsPerMetre, way.y() / pixelsPerUnitDown()) + centre;
}

QRectF Camera::visible(const Viewport& viewport) const {
    return {toWorld({0, 0}, viewport),
            QSizeF(viewport.size.width() / pixelsPerMetre, viewport.size.height() / pixelsPerUnitDown())};
}

Camera Camera::panned(QPointF delta) const {
    if (axes == CameraAxes::Globe)
        return {onGlobe(centre + QPointF(-delta.x(), delta.y()) * kTurnPerPx), pixelsPerMetre, axes, focus};
    return {centre - QPointF(delta.x() / pixelsPerMetre, delta.y() / pixelsPerUnitDown()), pixelsPerMetre,
            axes};
}

Camera Camera::zoomed(double factor, QPointF cursor, const Viewport& viewport) const {
    if (axes == CameraAxes::Globe)
        return {centre, pixelsPerMetre * factor, axes, focus};
    Camera closer{centre, pixelsPerMetre * factor, axes};
    closer.centre += toWorld(cursor, viewport) - closer.toWorld(cursor, viewport);
    return closer;
}

double ZoomLimits::clamp(double pixelsPerMetre) const {
    return std::clamp(pixelsPerMetre, smallest, std::max(smallest, largest));
}

ZoomLimits zoomLimits(const QRectF& bounds, double smallestCell, const Viewport& viewport) {
    const double shorter = std::max(1, std::min(viewport.size.width(), viewport.size.height()));
    return {fitScale(bounds, viewport, 0) * 0.5, 0.4 * shorter / std::max(smallestCell, 1e-3)};
}

Camera fitted(const QRectF& world, const Viewport& viewport, double margin) {
    return {world.center(), fitScale(world, viewport, margin), CameraAxes::Plane};
}

Camera linked(const Camera& leader, const QRectF& leaderBounds, const Viewport& leaderViewport,
              const Camera& follower, const QRectF& followerBounds, const Viewport& followerViewport,
              CameraLink link) {
    if (link == CameraLink::Free)
        return follower;
    if (leader.axes == CameraAxes::Globe)
        return leader;
    if (leader.axes == CameraAxes::Time)
        return {{leader.centre.x(), follower.centre.y()}, leader.pixelsPerMetre, leader.axes};
    const QPointF offset = leader.centre - leaderBounds.center();
    switch (link) {
    case CameraLink::Free:
        break;
    case CameraLink::SameScale:
        return {followerBounds.center() + offset, leader.pixelsPerMetre, leader.axes};
    case CameraLink::SameExtent: {
        const double ratio =
            fitScale(followerBounds, followerViewport, 16) / fitScale(leaderBounds, leaderViewport, 16);
        return {followerBounds.center() + offset / ratio, leader.pixelsPerMetre * ratio, leader.axes};
    }
    }
    return follower;
}

CameraFlight::CameraFlight(const Camera& from, const Camera& to, const Viewport& viewport)
    : m_from(from)
    , m_to(to)
    , m_paneW(std::max(1, viewport.size.width())) {
    if (to.axes == CameraAxes::Globe) {
        m_length = std::abs(std::log(to.pixelsPerMetre / from.pixelsPerMetre)) / kRho;
        return;
    }
    const QPointF way = to.centre - from.centre;
    m_distance = to.axes == CameraAxes::Plane ? std::hypot(way.x(), way.y()) : std::abs(way.x());
    const double w0 = m_paneW / from.pixelsPerMetre;
    const double w1 = m_paneW / to.pixelsPerMetre;
    if (m_distance < 1e-6 * std::min(w0, w1)) {
        m_distance = 0;
        m_length = std::abs(std::log(w1 / w0)) / kRho;
        return;
    }
    const double rho2 = kRho * kRho;
    const auto r = [&](double w, double sign) {
        const double b =
            (w1 * w1 - w0 * w0 + sign * rho2 * rho2 * m_distance * m_distance) / (2 * w * rho2 * m_distance);
        return -std::asinh(b);
    };
    m_r0 = r(w0, 1);
    m_length = (r(w1, -1) - m_r0) / kRho;
}

Camera CameraFlight::at(double progress) const {
    if (progress <= 0)
        return m_from;
    if (progress >= 1)
        return m_to;
    const double eased = progress * progress * (3 - 2 * progress);
    if (m_to.axes == CameraAxes::Globe)
        return turnedAt(eased);
    const double s = eased * m_length;
    const double w0 = m_paneW / m_from.pixelsPerMetre;
    if (m_distance == 0) {
        const double direction = m_to.pixelsPerMetre < m_from.pixelsPerMetre ? 1 : -1;
        return {m_from.centre + (m_to.centre - m_from.centre) * eased,
                m_paneW / (w0 * std::exp(direction * kRho * s)), m_to.axes};
    }
    const double u = w0 / (kRho * kRho) * (std::cosh(m_r0) * std::tanh(kRho * s + m_r0) - std::sinh(m_r0));
    const double w = w0 * std::cosh(m_r0) / std::cosh(kRho * s + m_r0);
    return {m_from.centre + (m_to.centre - m_from.centre) * (u / m_distance), m_paneW / w, m_to.axes};
}

Camera CameraFlight::turnedAt(double eased) const {
    const QPointF way(std::remainder(m_to.centre.x() - m_from.centre.x(), 2 * std::numbers::pi),
                      m_to.centre.y() - m_from.centre.y());
    const double from = std::log(m_from.pixelsPerMetre);
    const double to = std::log(m_to.pixelsPerMetre);
    double scale = from + (to - from) * eased;
    const bool between =
        m_from.focus != m_to.focus && m_from.focus != cluster::kNone && m_to.focus != cluster::kNone;
    if (between) {
        const double whole = std::min({from, to, std::log(kWholeGlobePxPerM)});
        scale = eased < 0.5 ? from + (whole - from) * 2 * eased : whole + (to - whole) * (2 * eased - 1);
    }
    const bool leaves = m_to.focus == cluster::kNone || (between && eased < 0.5);
    return {onGlobe(m_from.centre + way * eased), std::exp(scale), CameraAxes::Globe,
            leaves ? m_from.focus : m_to.focus};
}

double CameraFlight::durationS() const {
    return std::clamp(0.18 + 0.16 * m_length, 0.2, 1.2);
}

} // namespace atlas::scenes

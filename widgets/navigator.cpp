#include "widgets/navigator.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace atlas::widgets {

namespace {
constexpr double kDragThresholdPx = 4;
constexpr double kWheelZoomPerDegree = 1.0 / 60.0; ///< a notch of 15 degrees zooms by 2^(1/4)
constexpr double kKeyPanShare = 0.15;              ///< of the pane
constexpr double kKeyZoom = 1.5;
constexpr double kDoubleClickZoom = 3.0;
constexpr double kFittedShare = 0.7; ///< of the pane that a fitted span of time takes
constexpr int kRestMs = 120;
constexpr int kFlightTickMs = 16;
} // namespace

Navigator::Navigator(QObject* parent)
    : QObject(parent) {
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRestMs);
    connect(&m_rest, &QTimer::timeout, this, &Navigator::settled);
    m_flightTimer.setTimerType(Qt::PreciseTimer);
    m_flightTimer.setInterval(kFlightTickMs);
    connect(&m_flightTimer, &QTimer::timeout, this, &Navigator::fly);
}

void Navigator::setCamera(const scenes::Camera& camera) {
    m_flight.reset();
    m_flightTimer.stop();
    m_camera = camera;
}

void Navigator::setViewport(const scenes::Viewport& viewport) {
    m_viewport = viewport;
}

void Navigator::setWorld(const scenes::Camera& home, const scenes::ZoomLimits& limits) {
    m_home = home;
    m_limits = limits;
}

void Navigator::flyTo(const scenes::Camera& target) {
    scenes::Camera bounded = target;
    bounded.pixelsPerMetre = m_limits.clamp(target.pixelsPerMetre);
    if (m_motion == Motion::Reduced) {
        moveTo(bounded);
        return;
    }
    m_flight.emplace(m_camera, bounded, m_viewport);
    m_flightWatch.start();
    m_flightTimer.start();
}

void Navigator::fit() {
    flyTo(m_home);
}

void Navigator::fitRect(const QRectF& world) {
    scenes::Camera camera = scenes::fitted(world, m_viewport);
    if (m_camera.axes == scenes::CameraAxes::Time) {
        // Lanes keep their height: only the time is fitted.
        camera.axes = scenes::CameraAxes::Time;
        camera.centre.setY(m_camera.centre.y());
        camera.pixelsPerMetre = kFittedShare * m_viewport.size.width() / std::max(1e-9, world.width());
    }
    flyTo(camera);
}

void Navigator::zoomBy(double factor, QPointF at) {
    // Time goes from microseconds to years, a globe from an orbit to a bolt: there each notch counts double.
    const double wanted = m_camera.axes == scenes::CameraAxes::Plane ? factor : factor * factor;
    const double scale = m_limits.clamp(m_camera.pixelsPerMetre * wanted);
    moveTo(m_camera.zoomed(scale / m_camera.pixelsPerMetre, at, m_viewport));
}

bool Navigator::handle(QEvent* event) {
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        return press(*static_cast<QMouseEvent*>(event));
    case QEvent::MouseMove:
        return move(*static_cast<QMouseEvent*>(event));
    case QEvent::MouseButtonRelease:
        return release(*static_cast<QMouseEvent*>(event));
    case QEvent::MouseButtonDblClick: {
        const auto& click = *static_cast<QMouseEvent*>(event);
        if (click.button() != Qt::LeftButton || m_camera.axes == scenes::CameraAxes::Globe) {
            return false; // on a globe the pane knows what lies there
        }
        scenes::Camera closer = m_camera.zoomed(kDoubleClickZoom, click.position(), m_viewport);
        if (m_camera.axes == scenes::CameraAxes::Plane) {
            closer.centre = m_camera.toWorld(click.position(), m_viewport);
        }
        flyTo(closer);
        return true;
    }
    case QEvent::Wheel:
        return wheel(*static_cast<QWheelEvent*>(event));
    case QEvent::KeyPress:
        return key(*static_cast<QKeyEvent*>(event));
    case QEvent::NativeGesture: {
        const auto& gesture = *static_cast<QNativeGestureEvent*>(event);
        if (gesture.gestureType() != Qt::ZoomNativeGesture) {
            return false;
        }
        zoomBy(1.0 + gesture.value(), gesture.position());
        return true;
    }
    default:
        return false;
    }
}

bool Navigator::press(const QMouseEvent& event) {
    if (event.button() != Qt::LeftButton && event.button() != Qt::MiddleButton) {
        return false;
    }
    m_flight.reset();
    m_flightTimer.stop();
    m_pressed = true;
    m_dragging = false;
    m_pressedAt = m_lastAt = event.position();
    return false; // a press may still become a click
}

bool Navigator::move(const QMouseEvent& event) {
    if (!m_pressed) {
        return false;
    }
    const QPointF way = event.position() - m_pressedAt;
    if (!m_dragging && std::hypot(way.x(), way.y()) < kDragThresholdPx) {
        return false;
    }
    m_dragging = true;
    moveTo(m_camera.panned(event.position() - m_lastAt));
    m_lastAt = event.position();
    return true;
}

bool Navigator::release(const QMouseEvent&) {
    const bool dragged = m_dragging;
    m_pressed = m_dragging = false;
    return dragged;
}

bool Navigator::wheel(const QWheelEvent& event) {
    m_flight.reset();
    m_flightTimer.stop();
    // A touchpad that scrolls pans; a wheel, or scrolling with Ctrl, zooms.
    if (!event.pixelDelta().isNull() && event.phase() != Qt::NoScrollPhase &&
        !(event.modifiers() & Qt::ControlModifier)) {
        moveTo(m_camera.panned(event.pixelDelta()));
        return true;
    }
    const double degrees = event.angleDelta().y() / 8.0;
    zoomBy(std::exp2(degrees * kWheelZoomPerDegree), event.position());
    return true;
}

bool Navigator::key(const QKeyEvent& event) {
    const QPointF middle = m_viewport.rect().center();
    const QPointF step(m_viewport.size.width() * kKeyPanShare, m_viewport.size.height() * kKeyPanShare);
    if (event.modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) {
        return false;
    }
    switch (event.key()) {
    case Qt::Key_Left:
        moveTo(m_camera.panned({step.x(), 0}));
        return true;
    case Qt::Key_Right:
        moveTo(m_camera.panned({-step.x(), 0}));
        return true;
    case Qt::Key_Up:
        moveTo(m_camera.panned({0, step.y()}));
        return true;
    case Qt::Key_Down:
        moveTo(m_camera.panned({0, -step.y()}));
        return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(kKeyZoom, middle);
        return true;
    case Qt::Key_Minus:
        zoomBy(1 / kKeyZoom, middle);
        return true;
    case Qt::Key_F:
        fit();
        return true;
    default:
        return false;
    }
}

void Navigator::moveTo(const scenes::Camera& camera) {
    m_camera = camera;
    emit cameraChanged(m_camera);
    m_rest.start();
}

void Navigator::fly() {
    if (!m_flight) {
        m_flightTimer.stop();
        return;
    }
    const double progress =
        std::min(1.0, static_cast<double>(m_flightWatch.nsecsElapsed()) * 1e-9 / m_flight->durationS());
    const scenes::Camera camera = m_flight->at(progress);
    if (progress >= 1.0) {
        m_flight.reset();
        m_flightTimer.stop();
    }
    moveTo(camera);
}

} // namespace atlas::widgets

#include "widgets/navigator.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QPointingDevice>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

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
constexpr double kGlideS = 0.16;       ///< of a key or a notch of the wheel
constexpr double kFineShare = 0.2;     ///< of a step of the keyboard, with Shift
constexpr double kLassoStepPx = 4;     ///< between the corners of a lasso
constexpr double kTouchpadShare = 0.5; ///< pixels an eighth of a degree, where a touchpad tells no pixels

double easedOut(double progress) {
    const double left = 1 - progress;
    return 1 - left * left * left;
}
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
    stop();
    m_camera = camera;
}

void Navigator::stop() {
    m_flight.reset();
    m_glide.reset();
    m_flightTimer.stop();
    m_kind = FlightKind::Alone;
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
    launch(bounded, FlightKind::Alone);
}

void Navigator::fit() {
    launch(m_home, FlightKind::Home);
}

void Navigator::flyTogether(const scenes::Camera& target, double durationS, FlightKind kind) {
    launch(target, kind, durationS);
}

void Navigator::launch(const scenes::Camera& target, FlightKind kind, std::optional<double> durationS) {
    stop();
    m_kind = kind;
    if (m_motion == Motion::Reduced) {
        moveTo(target);
        m_kind = FlightKind::Alone;
        return;
    }
    m_flight.emplace(m_camera, target, m_viewport);
    m_flightS = durationS.value_or(m_flight->durationS());
    m_flightWatch.start();
    m_flightTimer.start();
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
    glide({}, wanted, at);
}

void Navigator::centreOn(QPointF world) {
    stop();
    scenes::Camera camera = m_camera;
    camera.centre = world;
    moveTo(camera);
}

scenes::Camera Navigator::Glide::at(double eased, const scenes::Viewport& viewport) const {
    return from.zoomed(std::pow(factor, eased), anchor, viewport).panned(pan * eased);
}

void Navigator::glide(QPointF pan, double factor, QPointF anchor) {
    const std::optional<Glide> before = m_glide;
    stop();
    if (before) {
        const double left = 1 - before->done;
        pan += before->pan * left;
        factor *= std::pow(before->factor, left);
    }
    const double scale = m_limits.clamp(m_camera.pixelsPerMetre * factor);
    m_glide = Glide{m_camera, pan, scale / m_camera.pixelsPerMetre, anchor};
    if (m_motion == Motion::Reduced) {
        const scenes::Camera target = m_glide->at(1, m_viewport);
        stop();
        moveTo(target);
        return;
    }
    m_flightWatch.start();
    m_flightTimer.start();
    m_glide->done = easedOut(kFlightTickMs * 1e-3 / kGlideS); // answers at once
    moveTo(m_glide->at(m_glide->done, m_viewport));
}

void Navigator::zoomNow(double factor, QPointF at) {
    stop();
    const double scale = m_limits.clamp(m_camera.pixelsPerMetre * factor);
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
        if (gesture.gestureType() == Qt::PanNativeGesture) {
            stop();
            moveTo(m_camera.panned(gesture.delta()));
            return true;
        }
        if (gesture.gestureType() != Qt::ZoomNativeGesture) {
            return false;
        }
        zoomNow(1.0 + gesture.value(), gesture.position());
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
    stop();
    m_pressed = true;
    m_dragging = false;
    m_pressedAt = m_lastAt = event.position();
    const bool selects = event.button() == Qt::LeftButton && m_camera.axes == scenes::CameraAxes::Plane;
    m_wanted = selects && event.modifiers() & Qt::AltModifier     ? AreaShape::Lasso
               : selects && event.modifiers() & Qt::ShiftModifier ? AreaShape::Box
                                                                  : AreaShape::None;
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
    if (m_wanted != AreaShape::None) {
        m_areaShape = m_wanted;
        drawArea(event.position());
        return true;
    }
    m_dragging = true;
    moveTo(m_camera.panned(event.position() - m_lastAt));
    m_lastAt = event.position();
    return true;
}

bool Navigator::release(const QMouseEvent&) {
    const bool dragged = m_dragging || drawing();
    m_pressed = m_dragging = false;
    if (drawing()) {
        endArea(true);
    }
    return dragged;
}

void Navigator::drawArea(QPointF at) {
    if (m_areaShape == AreaShape::Box) {
        m_area = QPolygonF(QRectF(m_pressedAt, at).normalized());
    } else {
        if (m_area.isEmpty()) {
            m_area << m_pressedAt;
        }
        const QPointF way = at - m_area.back();
        if (std::hypot(way.x(), way.y()) < kLassoStepPx) {
            return;
        }
        m_area << at;
    }
    emit areaDrawn(m_area);
}

void Navigator::endArea(bool chosen) {
    const QPolygonF area = std::exchange(m_area, {});
    m_areaShape = m_wanted = AreaShape::None;
    emit areaDrawn({});
    if (chosen && area.size() > 2) {
        emit areaChosen(area);
    }
}

bool Navigator::wheel(const QWheelEvent& event) {
    // A touchpad that scrolls pans; a wheel, or scrolling with Ctrl, zooms.
    const bool touchpad = event.pointingDevice() != nullptr &&
                          event.pointingDevice()->type() == QInputDevice::DeviceType::TouchPad;
    const bool fingers = !event.pixelDelta().isNull() && event.phase() != Qt::NoScrollPhase;
    if ((touchpad || fingers) && !(event.modifiers() & Qt::ControlModifier)) {
        stop();
        moveTo(m_camera.panned(event.pixelDelta().isNull() ? QPointF(event.angleDelta()) * kTouchpadShare
                                                           : QPointF(event.pixelDelta())));
        return true;
    }
    const double degrees = event.angleDelta().y() / 8.0;
    zoomBy(std::exp2(degrees * kWheelZoomPerDegree), event.position());
    return true;
}

bool Navigator::key(const QKeyEvent& event) {
    const QPointF middle = m_viewport.rect().center();
    const double share = kKeyPanShare * (event.modifiers() & Qt::ShiftModifier ? kFineShare : 1);
    const QPointF step(m_viewport.size.width() * share, m_viewport.size.height() * share);
    if (event.key() == Qt::Key_Escape && drawing()) {
        m_pressed = false;
        endArea(false);
        return true;
    }
    if (event.modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) {
        return false;
    }
    switch (event.key()) {
    case Qt::Key_Left:
        glide({step.x(), 0}, 1, middle);
        return true;
    case Qt::Key_Right:
        glide({-step.x(), 0}, 1, middle);
        return true;
    case Qt::Key_Up:
        glide({0, step.y()}, 1, middle);
        return true;
    case Qt::Key_Down:
        glide({0, -step.y()}, 1, middle);
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
    const double elapsedS = static_cast<double>(m_flightWatch.nsecsElapsed()) * 1e-9;
    if (!flying()) {
        m_flightTimer.stop();
        return;
    }
    const double progress =
        std::min(1.0, m_flight ? elapsedS / m_flightS : (elapsedS + kFlightTickMs * 1e-3) / kGlideS);
    if (m_glide) {
        m_glide->done = easedOut(progress);
    }
    const scenes::Camera camera = m_flight ? m_flight->at(progress) : m_glide->at(m_glide->done, m_viewport);
    if (progress < 1.0) {
        moveTo(camera);
        return;
    }
    const FlightKind kind = m_kind;
    stop();
    m_kind = kind; // for those who hear of the last movement
    moveTo(camera);
    m_kind = FlightKind::Alone;
}

} // namespace atlas::widgets

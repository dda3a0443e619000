// Moves a camera as people expect: drag pans, wheel and pinch zoom about the cursor, double click flies
// closer, arrows and + - do both from the keyboard, F fits. Flights are eased, or jumps where motion is to be
// reduced.
#pragma once

#include "scenes/camera.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <optional>

class QEvent;
class QKeyEvent;
class QMouseEvent;
class QWheelEvent;

namespace atlas::widgets {

enum class Motion { Eased, Reduced };

class Navigator : public QObject {
    Q_OBJECT
public:
    explicit Navigator(QObject* parent = nullptr);

    [[nodiscard]] const scenes::Camera& camera() const { return m_camera; }
    /// Sets the camera without a flight and without telling it as a movement of the user.
    void setCamera(const scenes::Camera& camera);
    void setViewport(const scenes::Viewport& viewport);
    [[nodiscard]] const scenes::Viewport& viewport() const { return m_viewport; }
    /// Where fit leads, and the zoom limits.
    void setWorld(const scenes::Camera& home, const scenes::ZoomLimits& limits);
    void setMotion(Motion motion) { m_motion = motion; }

    void flyTo(const scenes::Camera& target);
    void fit();
    void fitRect(const QRectF& world);
    void zoomBy(double factor, QPointF at);
    /// True from the press of the button until it is released after a drag.
    [[nodiscard]] bool dragging() const { return m_dragging; }
    [[nodiscard]] bool flying() const { return m_flight.has_value(); }

    /// Feeds an event of the pane. True where it was used; a click that did not drag is left to the pane.
    bool handle(QEvent* event);

signals:
    void cameraChanged(const atlas::scenes::Camera& camera); ///< moved by the user or by a flight
    void settled();                                          ///< a movement has come to rest

private:
    bool press(const QMouseEvent& event);
    bool move(const QMouseEvent& event);
    bool release(const QMouseEvent& event);
    bool wheel(const QWheelEvent& event);
    bool key(const QKeyEvent& event);
    void moveTo(const scenes::Camera& camera);
    void fly();

    scenes::Camera m_camera;
    scenes::Viewport m_viewport;
    scenes::Camera m_home;
    scenes::ZoomLimits m_limits;
    Motion m_motion = Motion::Eased;
    QPointF m_pressedAt;
    QPointF m_lastAt;
    bool m_pressed = false;
    bool m_dragging = false;
    std::optional<scenes::CameraFlight> m_flight;
    QTimer m_flightTimer;
    QElapsedTimer m_flightWatch;
    QTimer m_rest;
};

} // namespace atlas::widgets

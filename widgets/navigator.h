// Moves a camera as people expect: drag pans, wheel and pinch zoom about the cursor, two fingers pan, double
// click flies closer, arrows and + - do both from the keyboard (with Shift in small steps), F fits. Shift and
// drag draws a box, Alt and drag a lasso. Movements are eased, or jumps where motion is to be reduced.
#pragma once

#include "scenes/camera.h"

#include <QElapsedTimer>
#include <QObject>
#include <QPolygonF>
#include <QTimer>

#include <optional>

class QEvent;
class QKeyEvent;
class QMouseEvent;
class QWheelEvent;

namespace atlas::widgets {

enum class Motion { Eased, Reduced };
enum class FlightKind {
    Alone,
    Together, ///< both panes fly, neither leads
    Home,     ///< to where all of the world is in view, which is followed from then on
};

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
    [[nodiscard]] Motion motion() const { return m_motion; }

    void flyTo(const scenes::Camera& target);
    /// To where fit leads.
    void fit();
    /// A flight of two panes at once, to what they have agreed on in a time they agree on.
    void flyTogether(const scenes::Camera& target, double durationS, FlightKind kind);
    void fitRect(const QRectF& world);
    void zoomBy(double factor, QPointF at);
    /// Brings a point of the world to the middle, at once: a hand drags it there.
    void centreOn(QPointF world);
    /// True from the press of the button until it is released after a drag.
    [[nodiscard]] bool dragging() const { return m_dragging; }
    [[nodiscard]] bool flying() const { return m_flight || m_glide; }
    /// What the movement is part of, up to and with its last step.
    [[nodiscard]] FlightKind flightKind() const { return m_kind; }
    /// True while a box or a lasso is drawn.
    [[nodiscard]] bool drawing() const { return m_areaShape != AreaShape::None; }

    /// Feeds an event of the pane. True where it was used; a click that did not drag is left to the pane.
    bool handle(QEvent* event);

signals:
    void cameraChanged(const atlas::scenes::Camera& camera); ///< moved by the user or by a flight
    void settled();                                          ///< a movement has come to rest
    void areaDrawn(const QPolygonF& screen);                 ///< so far; empty: given up
    void areaChosen(const QPolygonF& screen);                ///< closed by letting go

private:
    enum class AreaShape : std::uint8_t { None, Box, Lasso };
    struct Glide {
        scenes::Camera from;
        QPointF pan;       ///< pixels of the floor's drag
        double factor = 1; ///< of the scale
        QPointF anchor;    ///< stays where it is while zooming
        double done = 0;   ///< share of it, eased
        [[nodiscard]] scenes::Camera at(double eased, const scenes::Viewport& viewport) const;
    };
    bool press(const QMouseEvent& event);
    bool move(const QMouseEvent& event);
    bool release(const QMouseEvent& event);
    bool wheel(const QWheelEvent& event);
    bool key(const QKeyEvent& event);
    void moveTo(const scenes::Camera& camera);
    /// Eases a movement in; what was left of the one before is done along.
    void glide(QPointF pan, double factor, QPointF anchor);
    void zoomNow(double factor, QPointF at);
    void stop();
    void launch(const scenes::Camera& target, FlightKind kind, std::optional<double> durationS = {});
    void fly();
    void drawArea(QPointF at);
    void endArea(bool chosen);

    scenes::Camera m_camera;
    scenes::Viewport m_viewport;
    scenes::Camera m_home;
    scenes::ZoomLimits m_limits;
    Motion m_motion = Motion::Eased;
    QPointF m_pressedAt;
    QPointF m_lastAt;
    bool m_pressed = false;
    bool m_dragging = false;
    FlightKind m_kind = FlightKind::Alone;
    AreaShape m_wanted = AreaShape::None; ///< that a drag would draw
    AreaShape m_areaShape = AreaShape::None;
    QPolygonF m_area;
    std::optional<scenes::CameraFlight> m_flight;
    double m_flightS = 0;
    std::optional<Glide> m_glide;
    QTimer m_flightTimer;
    QElapsedTimer m_flightWatch;
    QTimer m_rest;
};

} // namespace atlas::widgets

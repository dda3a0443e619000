// Where a pane looks: world metres <-> pixels of the pane. A camera is a plain value; it does not know the
// size of the pane, so that it survives resizing and can be stored in a bookmark or a story.
#pragma once

#include "model/cluster/cluster.h"

#include <QPointF>
#include <QRectF>
#include <QSize>

#include <cstdint>

namespace atlas::scenes {

/// A pane: device-independent size and the ratio to device pixels (1, 1.5, 2, ...).
struct Viewport {
    QSize size;
    double devicePixelRatio = 1.0;

    /// Size in device pixels, at least 1 x 1.
    [[nodiscard]] QSize deviceSize() const;
    [[nodiscard]] QRectF rect() const { return {QPointF(0, 0), QSizeF(size)}; }
    bool operator==(const Viewport&) const = default;
};

/// What the scale of a camera applies to.
enum class CameraAxes : std::uint8_t {
    Plane, ///< both axes of a floor
    Time,  ///< the world is seconds across and pixels down: zooming stretches time, lanes keep their height
    Globe, ///< the world is the Earth: the centre is a direction of view, see Camera
};

struct Camera {
    QPointF centre;              ///< world metres in the middle of the pane
    double pixelsPerMetre = 1.0; ///< device-independent pixels; a second, where the world is time
    CameraAxes axes = CameraAxes::Plane;
    /// Of a Globe: the satellite it turns about when close, else the Earth. There the centre is where the eye
    /// stands as seen from what it looks at: radians of longitude (0: towards the Sun) and of latitude; the
    /// scale holds where it looks.
    cluster::Index focus = cluster::kNone;

    [[nodiscard]] QPointF toScreen(QPointF world, const Viewport& viewport) const;
    [[nodiscard]] QRectF toScreen(const QRectF& world, const Viewport& viewport) const;
    [[nodiscard]] QPointF toWorld(QPointF screen, const Viewport& viewport) const;
    [[nodiscard]] QRectF visible(const Viewport& viewport) const;

    /// The camera after dragging the floor by `delta` pixels.
    [[nodiscard]] Camera panned(QPointF delta) const;
    /// The camera after zooming by `factor`; the world under `cursor` stays under it.
    [[nodiscard]] Camera zoomed(double factor, QPointF cursor, const Viewport& viewport) const;
    bool operator==(const Camera&) const = default;

private:
    [[nodiscard]] double pixelsPerUnitDown() const { return axes == CameraAxes::Plane ? pixelsPerMetre : 1; }
};

/// How close and how far one may zoom: from a little beyond the whole campus to one GPU filling a good part
/// of the pane. `smallestCell` is the shorter side of a GPU in metres.
struct ZoomLimits {
    double smallest = 0.0;
    double largest = 1e9;
    [[nodiscard]] double clamp(double pixelsPerMetre) const;
};
[[nodiscard]] ZoomLimits zoomLimits(const QRectF& bounds, double smallestCell, const Viewport& viewport);

/// The camera that shows all of `world` with `margin` pixels around it. An empty rectangle or pane gives the
/// default scale around its centre.
[[nodiscard]] Camera fitted(const QRectF& world, const Viewport& viewport, double margin = 16);

/// How two panes hang together.
enum class CameraLink : std::uint8_t {
    Free,
    SameScale,  ///< a metre is as long in both; offsets from the middle of the campus are the same metres
    SameExtent, ///< the same share of either campus
};

/// The follower's camera for a leader's. For Free it is `follower` unchanged; where the world is time, both
/// panes show the same span of it and each keeps its own lanes.
[[nodiscard]] Camera linked(const Camera& leader, const QRectF& leaderBounds, const Viewport& leaderViewport,
                            const Camera& follower, const QRectF& followerBounds,
                            const Viewport& followerViewport, CameraLink link);

/// A flight between two cameras: smooth and efficient zooming and panning (van Wijk and Nuij, InfoVis 2003,
/// equations 9 to 13, rho = sqrt 2). Eased in and out.
class CameraFlight {
public:
    CameraFlight(const Camera& from, const Camera& to, const Viewport& viewport);
    /// `progress` in [0, 1]; the ends are met exactly.
    [[nodiscard]] Camera at(double progress) const;
    /// A comfortable length: longer ways take longer, 0.2 s to 1.2 s.
    [[nodiscard]] double durationS() const;

private:
    Camera m_from;
    Camera m_to;
    double m_paneW = 1;
    double m_distance = 0; ///< between the centres, metres
    double m_r0 = 0;
    double m_length = 0; ///< of the path in its own metric

    [[nodiscard]] Camera turnedAt(double eased) const;
};

[[nodiscard]] inline QRectF toQt(const cluster::Rect& r) {
    return {r.x, r.y, r.w, r.h};
}

} // namespace atlas::scenes

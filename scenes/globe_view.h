// The Earth and its satellites in perspective: what a camera on a globe sees in a pane. Metres in the frame
// of orbit::Constellation::place (z to the north, the mean Sun in the plane of x and z).
#pragma once

#include "model/orbit/geometry.h"
#include "scenes/camera.h"

#include <optional>

namespace atlas::scenes {

using orbit::Vector;

/// A point on the pane, device-independent pixels, and its distance along the line of sight.
struct Seen {
    QPointF at;
    double depthM = 0;
    double pixelsPerMetre = 0; ///< across the line of sight, there
};

class GlobeView {
public:
    GlobeView() = default;
    /// `focusM` is where camera.focus is now, on a shell of radius `shellM`. From afar the view turns about
    /// the Earth's centre, from near about the focus.
    GlobeView(const Camera& camera, const Viewport& viewport, const std::optional<Vector>& focusM,
              double shellM);

    /// Empty behind the eye.
    [[nodiscard]] std::optional<Seen> seen(const Vector& pointM) const;
    /// True where the Earth is in front of a point.
    [[nodiscard]] bool hidden(const Vector& pointM) const;
    /// Where a line of sight meets the Earth first; empty where it goes by.
    [[nodiscard]] std::optional<Vector> groundAt(QPointF screen) const;
    /// The pane's part that can show the Earth or its air up to `airM` above it.
    [[nodiscard]] QRectF earthRect(double airM) const;

    [[nodiscard]] const Vector& eyeM() const { return m_eye; }
    [[nodiscard]] const Vector& forward() const { return m_forward; }
    [[nodiscard]] const Vector& right() const { return m_right; }
    [[nodiscard]] const Vector& up() const { return m_up; }
    /// Pixels a unit of the tangent of the angle from the line of sight.
    [[nodiscard]] double focalPx() const { return m_focal; }
    [[nodiscard]] const Viewport& viewport() const { return m_viewport; }
    bool operator==(const GlobeView&) const;

    /// Focal length for a pane: the same field of view over its shorter side in any.
    [[nodiscard]] static double focalPx(const Viewport& viewport);

private:
    Viewport m_viewport;
    double m_focal = 1;
    Vector m_eye{1, 0, 0}, m_forward{-1, 0, 0}, m_right{0, 1, 0}, m_up{0, 0, 1};
};

} // namespace atlas::scenes

// A cluster in orbit: the Earth by day and night, the satellites on their orbit in sunlight or in shadow, the
// links between them, and one satellite close up with its power and heat. See scene.h for hosting.
//
// The world is the Earth in the frame of orbit::Constellation::place; a camera turns about it, and about one
// satellite where it is close (CameraAxes::Globe).
#pragma once

#include "scenes/cluster_scene.h"
#include "scenes/earth.h"
#include "scenes/orbit_overlay.h"

namespace atlas::scenes {

class GlEarth;

extern template class GlScene<GlEarth>;

class OrbitScene final : public GlScene<GlEarth> {
public:
    OrbitScene();
    ~OrbitScene() override;

    void setOptions(const OrbitOptions& options) { m_options = options; }
    [[nodiscard]] const OrbitOptions& options() const { return m_options; }
    /// Null, or one of another cluster: the cluster stands on the ground, and the scene says so.
    void setConstellation(std::shared_ptr<const orbit::Constellation> flown);
    /// The one shown; null where the cluster stands on the ground.
    [[nodiscard]] const orbit::Constellation* flown() const;

    [[nodiscard]] QRectF bounds() const override;
    [[nodiscard]] ZoomLimits zoomLimits(const Viewport& viewport) const override;
    /// The whole orbit, from beside the Sun.
    [[nodiscard]] Camera home(const Viewport& viewport) const override;
    /// Chooses what to turn about when the camera comes close: what is pointed at, else what is selected,
    /// else the satellite next to the middle of the pane.
    [[nodiscard]] Camera bounded(const Camera& camera, const Viewport& viewport) const override;
    [[nodiscard]] std::optional<Camera> cameraOn(Target target, const Viewport& viewport) const override;

    void paint(QPainter& painter, const Viewport& viewport) override;

    [[nodiscard]] Target pick(QPointF screen, const Viewport& viewport) const override;
    [[nodiscard]] HoverText hoverText(Target target) const override;
    /// Not empty where a target flies; the place itself says nothing, see cameraOn().
    [[nodiscard]] QRectF worldRect(Target target) const override;
    [[nodiscard]] Legend legend(const Viewport& viewport) const override;

    /// What a camera sees in a pane at the frame's instant; for tests. Precondition: flown().
    [[nodiscard]] GlobeView viewOf(const Camera& camera, const Viewport& viewport) const;
    /// What the last drawing consists of.
    [[nodiscard]] const OrbitPicture& picture() const { return m_picture; }
    [[nodiscard]] const OrbitMoment& moment() const { return m_moment; }

private:
    void drawGl(GlEarth& painter, const Viewport& viewport) override;
    void update(const Viewport& viewport);
    void shadeEarth(const Viewport& viewport);
    [[nodiscard]] double timeS() const;
    [[nodiscard]] OrbitPane pane() const;
    [[nodiscard]] EarthShading shading() const;
    [[nodiscard]] Overlay overlay(const Viewport& viewport) const;
    [[nodiscard]] bool drawn(const Viewport& viewport) const;
    [[nodiscard]] double shellM() const;

    std::shared_ptr<const orbit::Constellation> m_flown;
    OrbitOptions m_options;

    OrbitMoment m_moment;
    GlobeView m_view;
    Camera m_drawnCamera;
    OrbitPicture m_picture;
    EarthShading m_shaded; ///< what m_image shows
    QImage m_image;
};

} // namespace atlas::scenes

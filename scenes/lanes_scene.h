// The step timeline: lanes of ranks by group over time, from inside a step to months. See scene.h for
// hosting.
//
// The scene draws what it was last given. When the camera or the clock leaves that, `wish()` says what it
// wants to see, and the host has it computed elsewhere; until it comes, what there is stays on screen.
#pragma once

#include "scenes/cluster_scene.h"
#include "scenes/lanes_ground.h"
#include "scenes/overlay.h"

#include <optional>

namespace atlas::scenes {

struct LanesOptions {
    Target selected;
    Target hovered;
    double durationS = 0; ///< of the scenario
    double paceSPerS = 0; ///< simulated seconds a second of the wall while playing: a page lasts a while
    bool criticalPath = true;
    bool operator==(const LanesOptions&) const = default;
};

/// What the lanes on screen are to be computed from.
struct LanesWish {
    double fromS = 0, toS = 0;
    double pixelsPerS = 1;
    double focusS = 0;                        ///< the step whose culprit comes first
    cluster::Index selected = cluster::kNone; ///< a GPU that wants a lane
    bool operator==(const LanesWish&) const = default;
};

class GlPicture;

extern template class GlScene<GlPicture>;

class LanesScene final : public GlScene<GlPicture> {
public:
    LanesScene();
    ~LanesScene() override;

    void setOptions(const LanesOptions& options);
    [[nodiscard]] const LanesOptions& options() const { return m_options; }
    /// Null shows nothing. Lanes of another cluster count as null.
    void setLanes(std::shared_ptr<const operations::StepLanes> lanes);
    [[nodiscard]] const std::shared_ptr<const operations::StepLanes>& lanes() const { return m_lanes; }
    /// What has to be computed for this pane; nothing where the lanes that are there will do.
    [[nodiscard]] std::optional<LanesWish> wish(const Viewport& viewport) const;
    /// The instant a target stands for; nothing where it stands for none.
    [[nodiscard]] std::optional<double> instantOf(Target target, const Viewport& viewport) const;
    /// Whether an instant lies within the part of the pane in which time is drawn.
    [[nodiscard]] bool shows(double timeS, const Viewport& viewport) const;

    [[nodiscard]] QRectF bounds() const override;
    [[nodiscard]] ZoomLimits zoomLimits(const Viewport& viewport) const override;
    /// The step at the play-head, or as much as plays in some seconds of the wall.
    [[nodiscard]] Camera home(const Viewport& viewport) const override;
    [[nodiscard]] Camera bounded(const Camera& camera, const Viewport& viewport) const override;

    void paint(QPainter& painter, const Viewport& viewport) override;

    [[nodiscard]] Target pick(QPointF screen, const Viewport& viewport) const override;
    [[nodiscard]] HoverText hoverText(Target target) const override;
    [[nodiscard]] QRectF worldRect(Target target) const override;
    [[nodiscard]] Legend legend(const Viewport& viewport) const override;

    /// What the last drawing shows; for tests and for the host's status line.
    [[nodiscard]] const LanesPicture& picture() const { return m_picture; }
    [[nodiscard]] const LanesLayout& layout() const { return m_layout; }

private:
    void themeChanged() override;
    void drawGl(GlPicture& painter, const Viewport& viewport) override;
    void update(const Viewport& viewport);
    [[nodiscard]] const operations::StepLanes* fitting() const;
    [[nodiscard]] LanesLayout layoutFor(const Viewport& viewport) const;
    [[nodiscard]] Overlay overlay() const;
    [[nodiscard]] const DrawnLane* drawnLaneOf(Target target) const;
    [[nodiscard]] const LaneItem* itemOf(Target target) const;

    std::shared_ptr<const operations::StepLanes> m_lanes;
    LaneLooks m_looks;
    LanesOptions m_options;

    LanesLayout m_layout;
    LanesPicture m_picture;
    Camera m_drawnCamera;
    Viewport m_viewport;
    QImage m_image;
};

} // namespace atlas::scenes

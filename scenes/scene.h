// What a host (a widget, an export, a test) can do with a scene, whichever it is.
//
// A scene draws plain values: a cluster, a frame, a camera, a theme. It is used from one thread, never starts
// a timer and never asks for a repaint: the host sets values and repaints when `set...` was called.
//
// A plain QWidget host (raster):
//
//     void paintEvent(QPaintEvent*) override {
//         QPainter painter(this);
//         m_scene->paint(painter, {size(), devicePixelRatioF()});
//     }
//
// A QOpenGLWidget host (3.3 core; AA_ShareOpenGLContexts and the default format set before the application):
//
//     void initializeGL() override { m_scene->initializeGl(); }
//     void paintGL() override { m_scene->renderGl({size(), devicePixelRatioF()}, defaultFramebufferObject());
//     } ~Host() { makeCurrent(); m_scene->releaseGl(); doneCurrent(); }
//     // and releaseGl() on QOpenGLContext::aboutToBeDestroyed, with the context current
//
// An export: `scene->image({QSize(1600, 900), 2.0})`, or renderWithGl() of scenes/offscreen_gl.h.
#pragma once

#include "scenes/camera.h"
#include "scenes/pane_rows.h"
#include "scenes/theme.h"

#include <QImage>
#include <QPainter>

#include <memory>
#include <optional>
#include <vector>

namespace atlas::scenes {

/// What lies under a point, from the coarse to the fine.
enum class TargetKind : std::uint8_t {
    None,
    Hall,
    Row,
    Rack,
    Gpu,
    Switch,
    LinkGroup,
    Work,   ///< beside the halls; index in Site::works
    Lane,   ///< of the step timeline, where it is no GPU's; index: the lane
    Instant ///< of a time axis; index: pixels from the left
};

struct Target {
    TargetKind kind = TargetKind::None;
    cluster::Index index = cluster::kNone; ///< in the cluster's array of that kind
    cluster::Index part = cluster::kNone;  ///< what of it: in a lane, the span; in a matrix, the place
    bool operator==(const Target&) const = default;
    explicit operator bool() const { return kind != TargetKind::None; }
    /// Without its part: what means the same in every scene.
    [[nodiscard]] Target whole() const { return {kind, index, cluster::kNone}; }
};

/// What a tooltip says: a title and rows of name and value.
struct HoverText {
    QString title;
    std::vector<std::pair<QString, QString>> rows;
};

struct LegendEntry {
    QColor colour;
    Pattern pattern = Pattern::Solid;
    QString label;
    /// A group of the chain of blame, drawn as its outline; nothing: a state or a class.
    std::optional<operations::Group> blame = std::nullopt;
};

/// A legend for the host to draw: entries, or a ramp with its two ends, and what one pixel stands for.
struct Legend {
    std::vector<LegendEntry> entries;
    bool hasRamp = false;
    ColourMap ramp{};
    QString rampLow, rampHigh;
    QString note; ///< "1 px = 3 GPUs, coloured by mean; marks = worst"
};

class Scene {
public:
    Scene() = default;
    Scene(const Scene&) = delete;
    Scene& operator=(const Scene&) = delete;
    virtual ~Scene() = default;

    virtual void setCluster(std::shared_ptr<const cluster::Cluster> cluster) = 0;
    /// Null shows the cluster unpowered. A frame of another cluster counts as null.
    virtual void setFrame(std::shared_ptr<const operations::Frame> frame) = 0;
    virtual void setTheme(const Theme& theme) = 0;
    virtual void setCamera(const Camera& camera) = 0;
    [[nodiscard]] virtual const Camera& camera() const = 0;

    /// The world's extent in metres, with room for captions: what fitted() should show.
    [[nodiscard]] virtual QRectF bounds() const = 0;
    [[nodiscard]] virtual ZoomLimits zoomLimits(const Viewport& viewport) const = 0;
    /// The camera one wants to begin with and come back to: all of the world, unless a scene says otherwise.
    [[nodiscard]] virtual Camera home(const Viewport& viewport) const { return fitted(bounds(), viewport); }
    /// A camera that looks at something: by itself any does.
    [[nodiscard]] virtual Camera bounded(const Camera& camera, const Viewport&) const { return camera; }

    /// Raster: draws the whole pane at the painter's origin, in device-independent coordinates.
    virtual void paint(QPainter& painter, const Viewport& viewport) = 0;
    /// The pane as a picture (RGB32, devicePixelRatio set).
    [[nodiscard]] QImage image(const Viewport& viewport) { return image(viewport, {}); }
    /// Some rows of that picture, pixel for pixel, in memory for little more than these; QImage::offset() is
    /// where they lie. Null where that is more than there is.
    [[nodiscard]] QImage image(const Viewport& viewport, PaneRows rows);

    /// OpenGL 3.3 core; a current context is needed for all three. Throws nothing; false with a sentence in
    /// `error` if shaders do not build.
    virtual bool initializeGl(QString* error = nullptr) = 0;
    virtual void renderGl(const Viewport& viewport, unsigned int framebuffer) = 0;
    virtual void releaseGl() = 0;

    [[nodiscard]] virtual Target pick(QPointF screen, const Viewport& viewport) const = 0;
    [[nodiscard]] virtual HoverText hoverText(Target target) const = 0;
    /// Where a target is in the world, for flights and marks; empty if it is nowhere in this scene.
    [[nodiscard]] virtual QRectF worldRect(Target target) const = 0;
    /// The camera that shows a target as one wants to see it; empty where its worldRect() says enough.
    [[nodiscard]] virtual std::optional<Camera> cameraOn(Target, const Viewport&) const { return {}; }
    [[nodiscard]] virtual Legend legend(const Viewport& viewport) const = 0;

protected:
    /// Until it is called again, paint() need only paint these rows; a scene that keeps a picture of the pane
    /// then keeps one of these rows.
    virtual void keepRows(PaneRows) {}
};

} // namespace atlas::scenes

// What every scene of a cluster keeps, and how it is drawn with OpenGL: the rest is what makes them differ.
#pragma once

#include "model/operations/site_works.h"
#include "scenes/colouring.h"
#include "scenes/scene.h"

namespace atlas::scenes {

/// How OpenGL gets its picture. A processor that plays the part of a GPU shades pixels more slowly than the
/// raster painter colours them: there the painter's picture is copied.
enum class GlWay : std::uint8_t { Auto, Shaders, Copied };

class ClusterScene : public Scene {
public:
    /// Takes effect with the next initializeGl(). Auto, unless a test or a benchmark wants to know.
    void setGlWay(GlWay way) { m_glWay = way; }
    void setCluster(std::shared_ptr<const cluster::Cluster> cluster) final;
    void setFrame(std::shared_ptr<const operations::Frame> frame) final { m_frame = std::move(frame); }
    void setTheme(const Theme& theme) final;
    void setCamera(const Camera& camera) final { m_camera = camera; }
    [[nodiscard]] const Camera& camera() const final { return m_camera; }
    /// What states mean in watts, degrees and dollars, and what stands beside the halls; null: not known.
    void setSite(std::shared_ptr<const operations::Site> site);

protected:
    ClusterScene();

    /// Called after another cluster, site or theme has been set.
    virtual void clusterChanged() {}
    virtual void siteChanged() {}
    virtual void themeChanged() {}

    /// The frame as it was set; null where there is none.
    [[nodiscard]] const operations::Frame* anyFrame() const { return m_frame.get(); }
    /// The frame if it is one of this cluster, else null.
    [[nodiscard]] const operations::Frame* frame() const;
    /// A picture of the pane's size, or of the rows to be kept; left as it is where it is one already.
    void fitPicture(QImage& picture, const Viewport& viewport) const;
    /// Clears a framebuffer to the ground: all there is to see without an OpenGL side.
    void clearToGround() const;

    std::shared_ptr<const cluster::Cluster> m_cluster; ///< never null
    /// Of the site; null: not known.
    [[nodiscard]] std::shared_ptr<const operations::GpuConditions> conditions() const;

    std::shared_ptr<const operations::Site> m_site; ///< null: not known
    Theme m_theme;
    Camera m_camera;
    GlWay m_glWay = GlWay::Auto;
    bool m_stale = true;       ///< what was drawn last shows another cluster or theme
    unsigned m_generation = 0; ///< of the still part, for uploads

private:
    void keepRows(PaneRows rows) final;

    std::shared_ptr<const operations::Frame> m_frame;
    PaneRows m_rows;
};

class GlCopy;

/// A scene whose OpenGL side is a `Painter`, made by Painter::make(QString*) in the current context. Its
/// members are in scenes/gl_scene.h: only the scene that instantiates it need know its painter.
template <class Painter>
class GlScene : public ClusterScene {
public:
    ~GlScene() override;
    bool initializeGl(QString* error = nullptr) final;
    void renderGl(const Viewport& viewport, unsigned int framebuffer) final;
    void releaseGl() final;

protected:
    GlScene();
    /// Draws into the bound framebuffer.
    virtual void drawGl(Painter& painter, const Viewport& viewport) = 0;

private:
    std::unique_ptr<Painter> m_gl;
    std::unique_ptr<GlCopy> m_copy; ///< instead of m_gl where pictures are copied
};

} // namespace atlas::scenes

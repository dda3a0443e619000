// A scene drawn with OpenGL into a picture, without a window: for tests, benchmarks and checks on a machine
// with a GPU. Exports use Scene::image(), which draws the same and has no limit of size.
#pragma once

#include "scenes/scene.h"

#include <memory>

class QOffscreenSurface;
class QOpenGLContext;
class QOpenGLFramebufferObject;

namespace atlas::scenes {

class OffscreenGl {
public:
    /// A current 3.3 core context of its own; null with a reason if there is none.
    static std::unique_ptr<OffscreenGl> make(QString* reason);
    ~OffscreenGl();

    void makeCurrent();
    [[nodiscard]] QString device() const;
    /// Draws the scene, which must have been initialised with initializeGl() in this context. RGB32. Null if
    /// the pane is larger than a framebuffer may be.
    [[nodiscard]] QImage render(Scene& scene, const Viewport& viewport);
    /// Draws without reading back, and waits until it is done; for benchmarks.
    void draw(Scene& scene, const Viewport& viewport);
    /// A framebuffer of that size, bound.
    QOpenGLFramebufferObject& framebuffer(const QSize& device);

private:
    OffscreenGl();
    std::unique_ptr<QOffscreenSurface> m_surface;
    std::unique_ptr<QOpenGLContext> m_context;
    std::unique_ptr<QOpenGLFramebufferObject> m_framebuffer;
};

} // namespace atlas::scenes

// Which renderer to use, decided once before the first window.
#pragma once

#include <QString>

#include <cstdint>
#include <optional>

namespace atlas::scenes {

enum class RendererWish : std::uint8_t { Auto, Gl, Raster };
enum class Renderer : std::uint8_t { Gl, Raster };

struct RendererChoice {
    Renderer renderer = Renderer::Raster;
    QString sentence; ///< for the status bar: "Raster renderer: OpenGL runs in software here (llvmpipe)"
    QString device;   ///< GL_RENDERER where there is a context
};

/// What a probe of OpenGL found; the decision from it is a pure function, so that it can be tested.
struct GlFinding {
    bool context = false; ///< a 3.3 core context was made and made current
    QString reason;       ///< why not
    QString device;       ///< GL_RENDERER
    QString version;      ///< "3.3"
};

/// True if a device of that name (GL_RENDERER) is the processor and no GPU.
[[nodiscard]] bool runsOnProcessor(const QString& device);

/// Tries a 3.3 core context on an offscreen surface. Needs a QGuiApplication.
[[nodiscard]] GlFinding probeGl();

/// Raster where the platform cannot show an OpenGL window (offscreen, minimal, vnc), where there is no 3.3
/// context, or where OpenGL runs on the CPU; otherwise, or where wished and possible, OpenGL.
[[nodiscard]] RendererChoice chooseRenderer(RendererWish wish, const QString& platform,
                                            const GlFinding& finding);

/// probeGl() and chooseRenderer() for this application. The platform is asked first: no probe where it cannot
/// matter.
[[nodiscard]] RendererChoice probeRenderer(RendererWish wish);

/// "auto", "gl", "raster"; none otherwise.
[[nodiscard]] std::optional<RendererWish> rendererWish(const QString& text);

/// 3.3 core, no depth, stencil or multisampling: set as the default before the application object, together
/// with Qt::AA_ShareOpenGLContexts.
void setDefaultSurfaceFormat();

} // namespace atlas::scenes

#include "scenes/renderer_probe.h"

#include "scenes/words.h"

#include <QGuiApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QStringList>
#include <QSurfaceFormat>

namespace atlas::scenes {

namespace {

QSurfaceFormat sceneFormat() {
    QSurfaceFormat format;
    format.setRenderableType(QSurfaceFormat::OpenGL);
    format.setVersion(3, 3);
    format.setProfile(QSurfaceFormat::CoreProfile);
    format.setDepthBufferSize(0);
    format.setStencilBufferSize(0);
    format.setSamples(0);
    return format;
}

bool canShowGl(const QString& platform) {
    static const QStringList without = {"offscreen", "minimal", "vnc", "linuxfb"};
    return !without.contains(platform);
}

} // namespace

bool runsOnProcessor(const QString& device) {
    for (const char* name :
         {"llvmpipe", "softpipe", "swr", "swiftshader", "software", "gdi generic", "basic render"})
        if (device.contains(QLatin1String(name), Qt::CaseInsensitive))
            return true;
    return false;
}

void setDefaultSurfaceFormat() {
    QSurfaceFormat::setDefaultFormat(sceneFormat());
}

GlFinding probeGl() {
    GlFinding finding;
    QOffscreenSurface surface;
    surface.setFormat(sceneFormat());
    surface.create();
    QOpenGLContext context;
    context.setFormat(sceneFormat());
    if (!surface.isValid() || !context.create()) {
        finding.reason = tr("no OpenGL context could be made");
        return finding;
    }
    if (!context.makeCurrent(&surface)) {
        finding.reason = tr("the OpenGL context could not be used");
        return finding;
    }
    const auto format = context.format();
    finding.version = QStringLiteral("%1.%2").arg(format.majorVersion()).arg(format.minorVersion());
    const auto* device = context.functions()->glGetString(GL_RENDERER);
    finding.device = device ? QString::fromLatin1(reinterpret_cast<const char*>(device)) : QString();
    context.doneCurrent();
    finding.context = format.version() >= qMakePair(3, 3);
    if (!finding.context)
        finding.reason = tr("OpenGL %1 is older than 3.3").arg(finding.version);
    return finding;
}

RendererChoice chooseRenderer(RendererWish wish, const QString& platform, const GlFinding& finding) {
    if (wish == RendererWish::Raster)
        return {Renderer::Raster, tr("Raster renderer, as asked for"), finding.device};
    if (!canShowGl(platform))
        return {
            Renderer::Raster, tr("Raster renderer: the platform \"%1\" shows no OpenGL").arg(platform), {}};
    if (!finding.context)
        return {Renderer::Raster, tr("Raster renderer: %1").arg(finding.reason), finding.device};
    if (wish == RendererWish::Gl)
        return {Renderer::Gl, tr("OpenGL 3.3, as asked for, on %1").arg(finding.device), finding.device};
    if (runsOnProcessor(finding.device))
        return {
            Renderer::Raster,
            tr("Raster renderer: OpenGL runs in software here (%1)").arg(finding.device.section(' ', 0, 0)),
            finding.device};
    return {Renderer::Gl, tr("OpenGL 3.3 on %1").arg(finding.device), finding.device};
}

RendererChoice probeRenderer(RendererWish wish) {
    const QString platform = QGuiApplication::platformName();
    const bool matters = wish != RendererWish::Raster && canShowGl(platform);
    return chooseRenderer(wish, platform, matters ? probeGl() : GlFinding{});
}

std::optional<RendererWish> rendererWish(const QString& text) {
    if (text == "auto")
        return RendererWish::Auto;
    if (text == "gl")
        return RendererWish::Gl;
    if (text == "raster")
        return RendererWish::Raster;
    return std::nullopt;
}

} // namespace atlas::scenes

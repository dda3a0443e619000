#include "scenes/gl_earth.h"

#include "scenes/land_map.h"

#include <QOpenGLContext>

namespace atlas::scenes {

namespace {

QVector3D narrowed(const Vector& v) {
    return {static_cast<float>(v.x), static_cast<float>(v.y), static_cast<float>(v.z)};
}
QVector3D narrowed(const EarthColours::Rgb& c) {
    return {c.r, c.g, c.b};
}

} // namespace

std::unique_ptr<GlEarth> GlEarth::make(QString* error) {
    std::unique_ptr<GlEarth> earth(new GlEarth);
    earth->m_image = makeProgram("rect.vert", "image.frag", {}, error);
    earth->m_earth = makeProgram("rect.vert", "earth.frag", {}, error);
    if (!earth->m_image || !earth->m_earth)
        return nullptr;
    const QImage& land = landMap();
    earth->m_land.reserve(land.width(), land.height());
    earth->m_land.upload(land.rect(), land.constBits(), static_cast<int>(land.bytesPerLine()));
    return earth;
}

void GlEarth::drawEarth(const EarthShading& s, const QSize& device) {
    const double ratio = s.view.viewport().devicePixelRatio;
    const QRectF part = s.view.earthRect(kAirM);
    const QRect rect =
        QRectF(part.topLeft() * ratio, part.size() * ratio).toAlignedRect() & QRect(QPoint(), device);
    if (rect.isEmpty())
        return;
    QOpenGLShaderProgram& p = *m_earth;
    p.bind();
    p.setUniformValue("eye", narrowed(s.view.eyeM() * (1 / orbit::kEarthRadiusM)));
    p.setUniformValue("forward", narrowed(s.view.forward()));
    p.setUniformValue("right", narrowed(s.view.right()));
    p.setUniformValue("up", narrowed(s.view.up()));
    p.setUniformValue("sun", narrowed(s.sun));
    p.setUniformValue("middle", s.view.viewport().rect().center() * ratio);
    p.setUniformValue("focal", static_cast<float>(s.view.focalPx() * ratio));
    p.setUniformValue("greenwich", static_cast<float>(s.greenwichRad));
    p.setUniformValue("air", static_cast<float>(kAirM / orbit::kEarthRadiusM));
    const EarthColours& c = s.colours;
    for (const auto& [name, colour] :
         {std::pair{"space", c.space}, std::pair{"seaDay", c.seaDay}, std::pair{"landDay", c.landDay},
          std::pair{"seaNight", c.seaNight}, std::pair{"landNight", c.landNight},
          std::pair{"lineColour", c.line}, std::pair{"airColour", c.air}})
        p.setUniformValue(name, narrowed(colour));
    p.setUniformValue("land", 0);
    QOpenGLContext::currentContext()->functions()->glUniform2i(p.uniformLocation("cells"), landMap().width(),
                                                               landMap().height());
    m_land.bind(0);
    m_pane.fill(p, rect);
}

void GlEarth::draw(const EarthShading* shading, const QColor& space, const Overlay& overlay,
                   const Viewport& viewport) {
    auto& gl = *QOpenGLContext::currentContext()->functions();
    const QSize device = viewport.deviceSize();
    m_pane.begin(device);
    gl.glClearColor(space.redF(), space.greenF(), space.blueF(), 1);
    gl.glClear(GL_COLOR_BUFFER_BIT);
    if (shading != nullptr)
        drawEarth(*shading, device);
    m_image->bind();
    m_image->setUniformValue("image", 0);
    m_overlay.draw(overlay, viewport, *m_image, m_pane);
    m_pane.end();
}

} // namespace atlas::scenes

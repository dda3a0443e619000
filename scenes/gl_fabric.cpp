#include "scenes/gl_fabric.h"

#include <QOpenGLContext>

namespace atlas::scenes {

namespace {
constexpr int kParts = 24;  // of a ribbon, as in ribbon.vert
constexpr int kNumbers = 4; // texels a ribbon
} // namespace

std::unique_ptr<GlFabric> GlFabric::make(QString* error) {
    std::unique_ptr<GlFabric> fabric(new GlFabric);
    fabric->m_image = makeProgram("rect.vert", "image.frag", {}, error);
    fabric->m_ribbon = makeProgram("ribbon.vert", "ribbon.frag", {}, error);
    fabric->m_ground = GlGround::make(error);
    if (!fabric->m_ground || !fabric->m_image || !fabric->m_ribbon)
        return nullptr;
    return fabric;
}

void GlFabric::draw(const Input& input) {
    auto& gl = *QOpenGLContext::currentContext()->extraFunctions();
    const QSize device = input.viewport.deviceSize();
    m_pane.begin(device);
    if (input.generation != m_generation) {
        m_ground->set(input.ground, input.groundColour, input.panelColour);
        m_generation = input.generation;
    }
    m_ground->draw(m_pane);

    if (!input.ribbons.empty()) {
        std::vector<float> numbers;
        numbers.reserve(input.ribbons.size() * kNumbers * 4);
        for (const RibbonDraw& r : input.ribbons)
            for (const float v : {r.x0, r.y0, r.x1, r.y1, r.halfWidth, r.alpha, r.dash, r.phase, r.r, r.g,
                                  r.b, r.dashPeriod, r.dashHalfWidth, r.dashTone, 0.0f, 0.0f})
                numbers.push_back(v);
        const auto count = static_cast<int>(input.ribbons.size());
        m_ribbons.reserve(kNumbers, count);
        m_ribbons.upload({0, 0, kNumbers, count}, numbers.data(), kNumbers);
        m_ribbon->bind();
        m_ribbon->setUniformValue("ribbons", 0);
        gl.glUniform2i(m_ribbon->uniformLocation("pane"), device.width(), device.height());
        gl.glEnable(GL_BLEND);
        gl.glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
        gl.glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 2 * (kParts + 1), count);
        gl.glDisable(GL_BLEND);
    }
    m_image->bind();
    m_image->setUniformValue("image", 0);
    m_overlay.draw(input.overlay, input.viewport, *m_image, m_pane);
    m_pane.end();
}

} // namespace atlas::scenes

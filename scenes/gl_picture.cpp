#include "scenes/gl_picture.h"

namespace atlas::scenes {

std::unique_ptr<GlPicture> GlPicture::make(QString* error) {
    std::unique_ptr<GlPicture> picture(new GlPicture);
    picture->m_image = makeProgram("rect.vert", "image.frag", {}, error);
    picture->m_ground = GlGround::make(error);
    if (!picture->m_ground || !picture->m_image)
        return nullptr;
    return picture;
}

void GlPicture::draw(const Input& input) {
    m_pane.begin(input.viewport.deviceSize());
    if (input.generation != m_generation) {
        m_ground->set(input.picture, input.groundColour, input.panelColour);
        m_generation = input.generation;
    }
    m_ground->draw(m_pane);
    m_image->bind();
    m_image->setUniformValue("image", 0);
    m_overlay.draw(input.overlay, input.viewport, *m_image, m_pane);
    m_pane.end();
}

} // namespace atlas::scenes

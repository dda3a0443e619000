#include "scenes/gl_overlay.h"

#include <QOpenGLContext>

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

namespace {
constexpr int kTile = 64; // device pixels
}

GlOverlay::GlOverlay()
    : m_texture(GlTexture::Format::Bgra8) {}

void GlOverlay::clearTouched() {
    for (int row = 0; row < m_rows; ++row)
        for (int column = 0; column < m_columns; ++column) {
            const auto tile = static_cast<std::size_t>(row * m_columns + column);
            if (!m_touched[tile])
                continue;
            const QRect rect = QRect(column * kTile, row * kTile, kTile, kTile) & m_image.rect();
            for (int y = rect.top(); y <= rect.bottom(); ++y)
                std::fill_n(reinterpret_cast<QRgb*>(m_image.scanLine(y)) + rect.left(), rect.width(), 0u);
            m_touched[tile] = false;
        }
}

void GlOverlay::touch(const QRectF& device) {
    const int left = std::max(0, static_cast<int>(std::floor(device.left() - 2)) / kTile);
    const int top = std::max(0, static_cast<int>(std::floor(device.top() - 2)) / kTile);
    const int right = std::min(m_columns - 1, static_cast<int>(std::ceil(device.right() + 2)) / kTile);
    const int bottom = std::min(m_rows - 1, static_cast<int>(std::ceil(device.bottom() + 2)) / kTile);
    for (int row = top; row <= bottom; ++row)
        for (int column = left; column <= right; ++column)
            m_touched[static_cast<std::size_t>(row * m_columns + column)] = true;
}

void GlOverlay::draw(const Overlay& overlay, const Viewport& viewport, QOpenGLShaderProgram& program,
                     GlPane& pane) {
    const QSize device = viewport.deviceSize();
    if (m_image.size() != device) {
        m_image = QImage(device, QImage::Format_ARGB32_Premultiplied);
        m_image.fill(Qt::transparent);
        m_columns = (device.width() + kTile - 1) / kTile;
        m_rows = (device.height() + kTile - 1) / kTile;
        m_touched.assign(static_cast<std::size_t>(m_columns * m_rows), false);
        m_texture.reserve(device.width(), device.height());
    }
    m_image.setDevicePixelRatio(viewport.devicePixelRatio);
    clearTouched();
    if (overlay.empty())
        return;
    {
        QPainter painter(&m_image);
        paintOverlay(painter, overlay);
    }
    const double ratio = viewport.devicePixelRatio;
    for (const OverlayItem& item : overlay)
        touch(QRectF(item.bounds.topLeft() * ratio, item.bounds.size() * ratio));

    auto& gl = *QOpenGLContext::currentContext()->extraFunctions();
    gl.glEnable(GL_BLEND);
    gl.glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    const int rowLength = static_cast<int>(m_image.bytesPerLine() / 4);
    for (int row = 0; row < m_rows; ++row) {
        for (int column = 0; column < m_columns;) {
            int end = column;
            while (end < m_columns && m_touched[static_cast<std::size_t>(row * m_columns + end)])
                ++end;
            if (end > column) {
                const QRect run =
                    QRect(column * kTile, row * kTile, (end - column) * kTile, kTile) & m_image.rect();
                m_texture.upload(run, m_image.constScanLine(run.top()) + run.left() * 4, rowLength);
                program.bind();
                pane.fill(program, run);
            }
            column = std::max(end, column + 1);
        }
    }
    gl.glDisable(GL_BLEND);
}

} // namespace atlas::scenes

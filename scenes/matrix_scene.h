// The fabric as a matrix of links: colour = load. For those who want every link at once, and the shape of the
// network at a glance. See scene.h for hosting.
#pragma once

#include "scenes/cluster_scene.h"
#include "scenes/label_placer.h"
#include "scenes/matrix_layout.h"
#include "scenes/overlay.h"

namespace atlas::scenes {

struct MatrixOptions {
    Target selected; ///< a LinkGroup, Hall, Switch, Rack or Gpu
    Target hovered;  ///< a LinkGroup; its part: the link
    bool labels = true;
    bool operator==(const MatrixOptions&) const = default;
};

struct MatrixLabel {
    QRectF rect; ///< device-independent pixels
    QString text;
    QString quiet;
    bool plate = false; ///< lies over tiles
};

/// Load of a tile's links at an instant: 0..1, NaN where the bundle is down.
[[nodiscard]] double tileLoad(const MatrixTile& tile, const operations::Frame* frame);

class GlPicture;

extern template class GlScene<GlPicture>;

class MatrixScene final : public GlScene<GlPicture> {
public:
    MatrixScene();
    ~MatrixScene() override;

    void setOptions(const MatrixOptions& options);
    [[nodiscard]] const MatrixOptions& options() const { return m_options; }

    [[nodiscard]] QRectF bounds() const override;
    [[nodiscard]] ZoomLimits zoomLimits(const Viewport& viewport) const override;

    void paint(QPainter& painter, const Viewport& viewport) override;

    /// A link group, and in `part` the link; the group alone between its links.
    [[nodiscard]] Target pick(QPointF screen, const Viewport& viewport) const override;
    [[nodiscard]] HoverText hoverText(Target target) const override;
    [[nodiscard]] QRectF worldRect(Target target) const override;
    [[nodiscard]] Legend legend(const Viewport& viewport) const override;

    [[nodiscard]] const MatrixLayout& layout() const { return m_layout; }
    [[nodiscard]] const std::vector<MatrixLabel>& labels() const { return m_labels; }

private:
    void clusterChanged() override;
    void drawGl(GlPicture& painter, const Viewport& viewport) override;
    /// Draws what changed since the last picture.
    void update(const Viewport& viewport);
    [[nodiscard]] Overlay overlay() const;
    /// The square of a link; nothing where it is in no tile.
    [[nodiscard]] QRectF squareOf(cluster::Index link) const;

    MatrixOptions m_options;
    MatrixLayout m_layout;
    Camera m_drawnCamera;
    Viewport m_viewport;
    std::vector<double> m_loads; ///< of tiles, as drawn
    std::vector<MatrixLabel> m_labels;
    QImage m_image;
};

} // namespace atlas::scenes

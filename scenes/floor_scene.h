// The floorplan: campus, halls, rows, racks, trays, GPUs as one continuous zoom. See scene.h for hosting.
#pragma once

#include "scenes/blame_look.h"
#include "scenes/floor_cells.h"
#include "scenes/floor_labels.h"
#include "scenes/overlay.h"
#include "scenes/scene.h"

namespace atlas::scenes {

struct FloorOptions {
    ColourBy colourBy = ColourBy::State;
    Target selected;
    Target hovered;
    bool ringCulprit = true;                 ///< rings round the culprit of the frame
    QString calloutTitle;                    ///< "1-203-7/4/5 holds the step"; empty: no callout
    QString calloutDetail;                   ///< "164 992 GPUs wait"
    std::shared_ptr<const BlameChain> blame; ///< who waits for the culprit; null: not outlined
    bool labels = true;
    bool trunks = true;
    bool operator==(const FloorOptions&) const = default;
};

class CardPainter;
class GlFloor;

class FloorScene final : public Scene {
public:
    FloorScene();
    ~FloorScene() override;

    void setOptions(const FloorOptions& options) { m_options = options; }
    [[nodiscard]] const FloorOptions& options() const { return m_options; }

    void setCluster(std::shared_ptr<const cluster::Cluster> cluster) override;
    void setFrame(std::shared_ptr<const operations::Frame> frame) override;
    void setTheme(const Theme& theme) override;
    void setCamera(const Camera& camera) override { m_camera = camera; }
    [[nodiscard]] const Camera& camera() const override { return m_camera; }
    [[nodiscard]] QRectF bounds() const override;
    [[nodiscard]] ZoomLimits zoomLimits(const Viewport& viewport) const override;

    void paint(QPainter& painter, const Viewport& viewport) override;
    bool initializeGl(QString* error = nullptr) override;
    void renderGl(const Viewport& viewport, unsigned int framebuffer) override;
    void releaseGl() override;

    [[nodiscard]] Target pick(QPointF screen, const Viewport& viewport) const override;
    [[nodiscard]] HoverText hoverText(Target target) const override;
    [[nodiscard]] QRectF worldRect(Target target) const override;
    [[nodiscard]] Legend legend(const Viewport& viewport) const override;

    /// The maps, labels and colours of the last drawing; for tests and for the host's status line.
    [[nodiscard]] const FloorMap& map() const { return m_map; }
    [[nodiscard]] const FloorLabels& labels() const { return m_labels; }

private:
    void update(const Viewport& viewport);
    [[nodiscard]] const operations::Frame* frame() const;
    [[nodiscard]] Overlay overlay() const;

    std::shared_ptr<const FloorGeometry> m_geometry;
    std::shared_ptr<const operations::Frame> m_frame;
    Theme m_theme;
    Camera m_camera;
    FloorOptions m_options;

    FloorMap m_map;
    FloorLabels m_labels;
    FloorCells m_cells;
    bool m_stale = true;       ///< map, labels and ground must be made again
    unsigned m_generation = 0; ///< counts them, for the OpenGL side
    QImage m_image;            ///< ground and racks
    std::unique_ptr<CardPainter> m_cards;
    std::unique_ptr<GlFloor> m_gl;
};

} // namespace atlas::scenes

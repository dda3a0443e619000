// The floorplan: campus, halls, rows, racks, trays, GPUs as one continuous zoom. See scene.h for hosting.
#pragma once

#include "model/operations/step_shape.h"
#include "scenes/blame_look.h"
#include "scenes/cluster_scene.h"
#include "scenes/floor_cells.h"
#include "scenes/floor_labels.h"
#include "scenes/network_rows.h"
#include "scenes/overlay.h"
#include "scenes/site_yard.h"

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
    /// Of the same floor, see sameFloor(): shown is the frame minus this one; null: the frame itself. Has a
    /// meaning for quantities only.
    std::shared_ptr<const operations::Frame> base;
    bool operator==(const FloorOptions&) const = default;
};

class CardPainter;
class GlFloor;

extern template class GlScene<GlFloor>;

class FloorScene final : public GlScene<GlFloor> {
public:
    FloorScene();
    ~FloorScene() override;

    void setOptions(const FloorOptions& options) { m_options = options; }
    [[nodiscard]] const FloorOptions& options() const { return m_options; }
    /// The job's layout, for the groups on cards; null: no job, or not known. wantsShape(): cards are shown.
    void setShape(std::shared_ptr<const operations::StepShape> shape) { m_shape = std::move(shape); }
    [[nodiscard]] bool wantsShape() const { return m_map.detail == Detail::Cards; }

    [[nodiscard]] QRectF bounds() const override;
    [[nodiscard]] ZoomLimits zoomLimits(const Viewport& viewport) const override;

    void paint(QPainter& painter, const Viewport& viewport) override;

    [[nodiscard]] Target pick(QPointF screen, const Viewport& viewport) const override;
    [[nodiscard]] HoverText hoverText(Target target) const override;
    [[nodiscard]] QRectF worldRect(Target target) const override;
    [[nodiscard]] Legend legend(const Viewport& viewport) const override;

    /// The maps, labels and colours of the last drawing; for tests and for the host's status line.
    [[nodiscard]] const FloorMap& map() const { return m_map; }
    [[nodiscard]] const FloorLabels& labels() const { return m_labels; }

private:
    void clusterChanged() override;
    void themeChanged() override;
    void siteChanged() override;
    [[nodiscard]] HoverText aboutWork(std::size_t index) const;
    [[nodiscard]] HoverText aboutSwitch(cluster::Index number) const;
    void drawGl(GlFloor& painter, const Viewport& viewport) override;
    void update(const Viewport& viewport);
    /// The frame that is taken off; null where the frame itself is shown.
    [[nodiscard]] const operations::Frame* base() const;
    void colour();
    [[nodiscard]] Overlay overlay() const;
    [[nodiscard]] std::vector<YardCaption> yardCaptions() const;

    std::shared_ptr<const FloorGeometry> m_geometry;
    std::shared_ptr<const operations::StepShape> m_shape;
    SiteYard m_yard;
    std::vector<NetworkRow> m_network;
    FloorOptions m_options;

    FloorMap m_map;
    FloorLabels m_labels;
    FloorCells m_cells;
    QImage m_image; ///< ground and racks
    std::unique_ptr<CardPainter> m_cards;
};

} // namespace atlas::scenes

// The fabric: NVLink domains, rails, spines, cores and trunks, as layers. See scene.h for hosting.
#pragma once

#include "scenes/blame_look.h"
#include "scenes/cluster_scene.h"
#include "scenes/fabric_layout.h"
#include "scenes/label_placer.h"
#include "scenes/overlay.h"

namespace atlas::scenes {

enum class FabricMode : std::uint8_t {
    Full,  ///< all layers, through the camera
    Strip, ///< two layers that fill the pane, whatever the camera: under a floorplan
};

struct FabricOptions {
    FabricMode mode = FabricMode::Full;
    Target selected; ///< a Hall, Rack or Gpu opens its hall; a LinkGroup is emphasised
    Target hovered;
    bool labels = true;
    double clockS = 0;                        ///< moves the dashes; stand still for reduced motion
    double pace = 1;                          ///< simulated seconds a second of the wall
    std::shared_ptr<const BlameChain> blame;  ///< who waits for the culprit; null: not shown
    std::shared_ptr<const RankGroups> groups; ///< of the selected GPU, shown instead; null: none
    bool operator==(const FabricOptions&) const = default;
};

struct FabricLabel {
    QRectF rect; ///< device-independent pixels
    QString text;
    QString quiet;
    bool dim = false;
    bool overRibbons = false; ///< drawn above them, on a halo
};

class GlFabric;

extern template class GlScene<GlFabric>;

class FabricScene final : public GlScene<GlFabric> {
public:
    FabricScene();
    ~FabricScene() override;

    void setOptions(const FabricOptions& options);
    [[nodiscard]] const FabricOptions& options() const { return m_options; }

    [[nodiscard]] QRectF bounds() const override;
    [[nodiscard]] ZoomLimits zoomLimits(const Viewport& viewport) const override;

    void paint(QPainter& painter, const Viewport& viewport) override;

    [[nodiscard]] Target pick(QPointF screen, const Viewport& viewport) const override;
    [[nodiscard]] HoverText hoverText(Target target) const override;
    [[nodiscard]] QRectF worldRect(Target target) const override;
    [[nodiscard]] Legend legend(const Viewport& viewport) const override;

    [[nodiscard]] const FabricLayout& layout() const { return m_layout; }
    [[nodiscard]] const std::vector<FabricLabel>& labels() const { return m_labels; }

private:
    void clusterChanged() override;
    void drawGl(GlFabric& painter, const Viewport& viewport) override;
    void update(const Viewport& viewport);
    void planLabels();
    void paintGround();
    [[nodiscard]] Camera drawnCamera(const Viewport& viewport) const;
    [[nodiscard]] cluster::Index opened() const;
    [[nodiscard]] Overlay overlay() const;
    [[nodiscard]] std::vector<struct RibbonDraw> ribbons() const;

    FabricOptions m_options;

    FabricLayout m_layout;
    Camera m_drawnCamera;
    Viewport m_viewport;
    std::vector<FabricLabel> m_labels;
    std::vector<QRectF> m_taken; ///< by labels
    bool m_layoutStale = true;
    QImage m_ground;
    QImage m_image;
};

} // namespace atlas::scenes

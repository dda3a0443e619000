// The whole world in small while a pane is zoomed in: where one is, a handle to go elsewhere, and every GPU
// that cannot be missed as a mark of its own, however many share its pixel.
#pragma once

#include "scenes/fabric_scene.h"
#include "scenes/floor_scene.h"
#include "widgets/scene_view.h"

#include <QImage>
#include <QWidget>

namespace atlas::widgets {

class Minimap : public QWidget {
    Q_OBJECT
public:
    /// `view` must outlive it.
    Minimap(SceneView& view, QWidget* parent);

    void setTheme(const scenes::Theme& theme);
    void setCluster(std::shared_ptr<const cluster::Cluster> cluster);
    void setFrame(std::shared_ptr<const operations::Frame> frame);
    void setColourBy(scenes::ColourBy colourBy);
    /// Shows the floor as the pane does: minus this frame; null: as it is.
    void setBase(std::shared_ptr<const operations::Frame> base);
    void setSelection(scenes::Target target);
    /// Where what is selected lies, pixels of the map; empty where nothing is, or nowhere here.
    [[nodiscard]] QRectF selectedPart() const;
    enum class World { None, Floor, Fabric };
    /// Which world the view shows; None has no map.
    void setWorld(World world);
    /// For the pane: as large as the world's shape asks for.
    [[nodiscard]] QSize sizeHint() const override;
    /// The part of the world that the view shows, pixels of the map.
    [[nodiscard]] QRectF shownPart() const;
    /// Where racks with a culprit or a fault are marked, pixels of the map; one mark a pixel. On the fabric
    /// their halls are, and cables that are down, as faults.
    [[nodiscard]] std::vector<std::pair<QPoint, operations::GpuState>> marks() const;
    /// True where the view shows so little of the world that a map helps.
    [[nodiscard]] bool wanted() const;

signals:
    void wantedChanged(); ///< its pane may have to show, hide or place it

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    [[nodiscard]] scenes::Scene* scene() const;
    [[nodiscard]] scenes::Viewport viewport() const { return {size(), devicePixelRatioF()}; }
    [[nodiscard]] QRectF fabricRect(scenes::Target target) const;
    void changed();
    void followView();
    void goTo(QPointF at);

    SceneView& m_view;
    mutable scenes::FloorScene m_floor;
    mutable scenes::FabricScene m_fabric;
    std::shared_ptr<const cluster::Cluster> m_cluster;
    std::shared_ptr<const operations::Frame> m_frame;
    scenes::Theme m_theme;
    scenes::Target m_selection;
    World m_world = World::Floor;
    QImage m_picture; ///< null: to be drawn again
    bool m_wanted = false;
};

} // namespace atlas::widgets

// One pane of the stage: a caption, a scene of one cluster, the card beside the pointer.
#pragma once

#include "scenes/fabric_scene.h"
#include "scenes/floor_scene.h"
#include "scenes/lanes_scene.h"
#include "scenes/matrix_scene.h"
#include "scenes/orbit_scene.h"
#include "widgets/area_veil.h"
#include "widgets/difference_panel.h"
#include "widgets/hover_card.h"
#include "widgets/minimap.h"
#include "widgets/performance_overlay.h"
#include "widgets/scene_view.h"
#include "widgets/side.h"

#include <QWidget>

#include <vector>

class QToolButton;

namespace atlas::widgets {

enum class PaneScene { Floorplan, Fabric, StepTimeline, Orbit, Matrix };

/// What stands above a pane, and what stands in it when there is nothing to draw.
struct PaneCaption {
    QString cluster;  ///< "Colossus 1 (article)"
    QString strategy; ///< "Train on Colossus 1"
    QString summary;  ///< "165,000 H100 + 55,000 A100 · training · 18 of 100 GPUs computing"
    QString clock;    ///< of a pane with a clock of its own: "day 12  07:41:08.220 · 1 s = 3 s"; else empty
    bool clockInHand = false; ///< the transport moves it
    QString problem;          ///< why there is no picture, with the remedy; empty where all is well
    struct Choice {
        QString id;
        QString name;
    };
    std::vector<Choice> clusters; ///< the strategy's clusters, to switch between
    QString currentCluster;       ///< id
};

class ScenePane : public QWidget {
    Q_OBJECT
public:
    ScenePane(Side side, SceneHost host, const scenes::Theme& theme, QWidget* parent = nullptr);
    ~ScenePane() override;

    void setTheme(const scenes::Theme& theme);
    void setCaption(const PaneCaption& caption);
    void setCluster(std::shared_ptr<const cluster::Cluster> cluster);
    /// What states mean on this site, and what stands there beside the halls; null: not known.
    void setSite(std::shared_ptr<const operations::Site> site);
    /// The satellites of the cluster; null where it stands on the ground.
    void setConstellation(std::shared_ptr<const orbit::Constellation> flown);
    void setFrame(std::shared_ptr<const operations::Frame> frame);
    void showScene(PaneScene scene);
    void setColourBy(scenes::ColourBy colourBy);
    /// Also gives up a selected area.
    void setSelection(scenes::Target target);
    /// The outline of what was selected by box or lasso, world metres; empty: nothing.
    void setArea(const QPolygonF& world);
    [[nodiscard]] const QPolygonF& area() const { return m_veil->area(); }
    /// How cameras move, and whether the dashes of the traffic do.
    void setMotion(Motion motion);
    /// What the performance overlay says; nothing hides it.
    void setPerformance(const std::vector<PerformanceLine>& lines);
    /// Moves the dashes of the traffic; simulated seconds, or the same value always to keep them still.
    void setTrafficClock(double clockS);
    /// Of the scenario, and simulated seconds a second of the wall: how much of it a page shows.
    void setDuration(double seconds);
    void setPace(double simulatedSecondsPerSecond);
    void setLanes(std::shared_ptr<const operations::StepLanes> lanes);
    /// What the step timeline lacks; nothing where it is not shown or lacks nothing.
    [[nodiscard]] std::optional<scenes::LanesWish> lanesWish() const;
    /// The label at the ringed culprit; empty shows the ring alone.
    void setCallout(const QString& title, const QString& detail);

    /// Shows the frame minus `base`, where the content says that this has a meaning, above its figures; else
    /// the words and figures alone. Nothing: the frame itself.
    void setDifference(const std::optional<DifferenceContent>& content,
                       std::shared_ptr<const operations::Frame> base);
    [[nodiscard]] bool showsDifference() const { return m_difference.has_value(); }

    /// Outlines who waits for the culprit; null: nobody is.
    void setBlame(std::shared_ptr<const scenes::BlameChain> blame);
    /// The groups the selected GPU works in, on the fabric; null: none.
    void setGroups(std::shared_ptr<const scenes::RankGroups> groups);

    [[nodiscard]] const PaneCaption& caption() const { return m_caption; }
    [[nodiscard]] SceneView& view() { return *m_view; }
    [[nodiscard]] Minimap& minimap() { return *m_minimap; }
    [[nodiscard]] scenes::FloorScene& floor() { return *m_floor; }
    [[nodiscard]] scenes::LanesScene& lanes() { return *m_lanes; }
    [[nodiscard]] scenes::OrbitScene& orbit() { return *m_orbit; }
    [[nodiscard]] PaneScene shownScene() const { return m_shown; }
    [[nodiscard]] scenes::Legend legend() const;
    [[nodiscard]] scenes::Target selection() const { return m_selection; }
    [[nodiscard]] std::shared_ptr<const cluster::Cluster> cluster() const { return m_cluster; }

signals:
    void selected(atlas::scenes::Target target);
    void areaSelected(const QPolygonF& world);
    void contextMenuRequested(atlas::scenes::Target target, QPoint globalPosition);
    void clusterChosen(const QString& id);
    void fabricRequested(); ///< a click on the strip
    void lanesWanted();     ///< the step timeline lacks something: see lanesWish()
    void seekRequested(double timeS);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void layOut();
    template <class Change>
    void changeFabric(Change change);
    template <class Change>
    void changeLanes(Change change);
    template <class Change>
    void changeOrbit(Change change);
    template <class Change>
    void changeMatrix(Change change);
    void activate(scenes::Target target);
    void askForLanes();
    void showHover(scenes::Target target, QPointF position);

    Side m_side;
    scenes::Theme m_theme;
    PaneCaption m_caption;
    std::unique_ptr<scenes::FloorScene> m_floor;
    std::unique_ptr<scenes::FabricScene> m_fabric;
    std::unique_ptr<scenes::FabricScene> m_stripScene; ///< the network in small, under the floorplan
    std::unique_ptr<scenes::LanesScene> m_lanes;
    std::unique_ptr<scenes::OrbitScene> m_orbit;
    std::unique_ptr<scenes::MatrixScene> m_matrix;
    std::shared_ptr<const cluster::Cluster> m_cluster;
    scenes::Target m_selection;
    SceneView* m_view;
    SceneView* m_strip;
    PaneScene m_shown = PaneScene::Floorplan;
    AreaVeil* m_veil;
    std::optional<DifferenceContent> m_difference;
    DifferencePanel* m_differencePanel;
    Minimap* m_minimap;
    PerformanceOverlay* m_performance;
    HoverCard* m_hover;
    QToolButton* m_clusterButton;
    scenes::Target m_hovered;
    QPointF m_hoveredAt;
};

} // namespace atlas::widgets

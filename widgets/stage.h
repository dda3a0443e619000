// The two panes side by side, with linked cameras and one legend.
#pragma once

#include "scenes/camera.h"
#include "widgets/scene_pane.h"

#include <QWidget>

#include <array>
#include <optional>

class QToolButton;

namespace atlas::widgets {

class LegendBar;

class Stage : public QWidget {
    Q_OBJECT
public:
    Stage(SceneHost host, const scenes::Theme& theme, QWidget* parent = nullptr);

    [[nodiscard]] ScenePane& pane(Side side) { return *m_panes[index(side)]; }
    void setTheme(const scenes::Theme& theme);
    void showScene(PaneScene scene);
    [[nodiscard]] PaneScene scene() const { return m_scene; }
    void setColourBy(scenes::ColourBy colourBy);
    void setLink(scenes::CameraLink link);
    [[nodiscard]] scenes::CameraLink link() const { return m_link; }
    /// Same scale, same extent, free, and round again.
    void cycleLink();
    /// Both panes show their whole world again; with linked cameras at the same scale, the larger world
    /// decides.
    void fitAll();
    /// As fitAll, unless the user has moved a camera since the last fit.
    void fitIfFollowing();
    /// Turns the page of the step timelines when the clock runs out of them. Call after setFrame.
    void followClock(double timeS);
    void setPace(double simulatedSecondsPerSecond);
    /// True while a camera flies.
    [[nodiscard]] bool moving() const;
    /// Shows one pane alone, or both again.
    void setMaximised(std::optional<Side> side);
    /// Call after clusters or frames have changed what the legend says.
    void refreshLegend();

signals:
    void selected(atlas::widgets::Side side, atlas::scenes::Target target);
    void contextMenuRequested(atlas::widgets::Side side, atlas::scenes::Target target, QPoint globalPosition);
    void clusterChosen(atlas::widgets::Side side, const QString& id);
    void fabricRequested();
    void lanesWanted(atlas::widgets::Side side);
    void seekRequested(double timeS);
    void linkChanged(atlas::scenes::CameraLink link);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void follow(Side leader, const scenes::Camera& camera);
    void layOut();

    std::array<ScenePane*, 2> m_panes{};
    LegendBar* m_legend;
    QToolButton* m_linkButton;
    scenes::Theme m_theme;
    PaneScene m_scene = PaneScene::Floorplan;
    scenes::CameraLink m_link = scenes::CameraLink::SameScale;
    std::optional<Side> m_maximised;
    double m_clockS = 0; ///< as last shown
};

} // namespace atlas::widgets

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
    /// The same as a flight.
    void flyHome();
    /// Both panes fly to cameras of their own; links hold again when they are there.
    void flyTo(const std::array<scenes::Camera, 2>& cameras);
    /// Whether cameras fly or jump, and whether traffic moves.
    void setMotion(Motion motion);
    [[nodiscard]] Motion motion() const { return m_panes[0]->view().navigator().motion(); }
    void setPerformance(Side side, const std::vector<PerformanceLine>& lines);
    /// As fitAll, unless the user has moved a camera since the last fit.
    void fitIfFollowing();
    /// Turns the page of the step timelines when a clock, of [side], runs out of them. Call after setFrame.
    void followClocks(const std::array<double, 2>& timesS);
    void setPace(Side side, double simulatedSecondsPerSecond);
    /// True while a camera flies.
    [[nodiscard]] bool moving() const;
    /// Shows one pane alone, or both again.
    void setMaximised(std::optional<Side> side);
    [[nodiscard]] const std::optional<Side>& maximised() const { return m_maximised; }
    /// Call after clusters or frames have changed what the legend says.
    void refreshLegend();
    /// How much a pixel stands for, as the legend says it.
    [[nodiscard]] QString scaleNote() const;

signals:
    void scaleNoteChanged(const QString& note);
    void selected(atlas::widgets::Side side, atlas::scenes::Target target);
    void areaSelected(atlas::widgets::Side side, const QPolygonF& world);
    void contextMenuRequested(atlas::widgets::Side side, atlas::scenes::Target target, QPoint globalPosition);
    void clusterChosen(atlas::widgets::Side side, const QString& id);
    void fabricRequested();
    void lanesWanted(atlas::widgets::Side side);
    void seekRequested(atlas::widgets::Side side, double timeS);
    void entered(atlas::widgets::Side side); ///< its pane has the keyboard now
    void linkChanged(atlas::scenes::CameraLink link);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void follow(Side leader, const scenes::Camera& camera);
    /// A camera on a time line, where the clock of `there` is as far along as that of `here`.
    [[nodiscard]] scenes::Camera atClockOf(Side there, Side here, scenes::Camera camera) const;
    void layOut();
    /// Where fitting leads both panes.
    [[nodiscard]] std::array<scenes::Camera, 2> homes();
    void fly(const std::array<scenes::Camera, 2>& cameras, FlightKind kind);
    [[nodiscard]] scenes::Legend legendOfPanes() const;
    [[nodiscard]] int legendWidth() const;

    std::array<ScenePane*, 2> m_panes{};
    LegendBar* m_legend;
    QToolButton* m_linkButton;
    scenes::Theme m_theme;
    PaneScene m_scene = PaneScene::Floorplan;
    scenes::CameraLink m_link = scenes::CameraLink::SameScale;
    std::optional<Side> m_maximised;
    std::array<double, 2> m_clocksS{}; ///< as last shown
    int m_legendHeight = 0;            ///< kept for it, until the stage or the scene is another
    bool m_layingOut = false;
    bool m_together = false; ///< both fly, neither leads
};

} // namespace atlas::widgets

// Hosts the scenes of one pane, on the CPU or in OpenGL, and moves their camera. Draws only when something
// changed.
#pragma once

#include "scenes/scene.h"
#include "widgets/navigator.h"

#include <QWidget>

#include <vector>

namespace atlas::widgets {

enum class SceneHost { Raster, Gl };

class SceneView : public QWidget {
    Q_OBJECT
public:
    /// `scenes` are not owned and outlive the view; the first one is shown.
    SceneView(SceneHost host, std::vector<scenes::Scene*> scenes, QWidget* parent = nullptr);
    ~SceneView() override;

    void showScene(std::size_t index);
    [[nodiscard]] scenes::Scene& scene() const { return *m_scenes[m_current]; }
    [[nodiscard]] Navigator& navigator() { return m_navigator; }
    [[nodiscard]] scenes::Viewport viewport() const;

    /// The world of the current scene changed: limits follow, and the camera fits unless the user has moved
    /// it.
    void worldChanged();
    /// The same without moving the camera: where fit leads has changed.
    void refreshHome();
    /// To be called after any set... on a scene.
    void redraw();
    /// Keeps the whole world in view while the pane is resized, until the user moves the camera.
    void setFollowsFit(bool follows) { m_followsFit = follows; }
    [[nodiscard]] bool followsFit() const { return m_followsFit; }
    /// Sets the camera as another pane's movement asks for.
    void setCamera(const scenes::Camera& camera);
    /// Flies to where a target is shown as one wants to see it; nothing where this scene does not have it.
    void flyTo(scenes::Target target);
    /// Milliseconds the last picture took to paint.
    [[nodiscard]] double paintMs() const { return m_paintMs; }
    /// Pictures painted so far; tests see that an idle view paints none.
    [[nodiscard]] int paintCount() const { return m_paintCount; }
    /// Why OpenGL could not be used by this view, empty where all is well.
    [[nodiscard]] const QString& glError() const { return m_glError; }

signals:
    void cameraChanged(const atlas::scenes::Camera& camera); ///< by the user
    void hovered(atlas::scenes::Target target, QPointF position);
    void left();
    void clicked(atlas::scenes::Target target, Qt::KeyboardModifiers modifiers);
    void areaDrawn(const QPolygonF& screen); ///< a box or lasso so far; empty: no more
    void areaChosen(const QPolygonF& world);
    void contextMenuRequested(atlas::scenes::Target target, QPoint globalPosition);
    void resized();
    void viewChanged(); ///< the camera or the size, whoever moved it
    void entered();     ///< has the keyboard now

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    class RasterCanvas;
    class GlCanvas;
    void painted(qint64 nanoseconds);
    void applyCamera(const scenes::Camera& camera);

    std::vector<scenes::Scene*> m_scenes;
    std::size_t m_current = 0;
    Navigator m_navigator;
    QWidget* m_canvas = nullptr;
    bool m_followsFit = true;
    double m_paintMs = 0;
    int m_paintCount = 0;
    QString m_glError;
};

} // namespace atlas::widgets

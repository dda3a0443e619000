// A pane as a picture for documents: caption, scene, legend, provenance; drawn by the raster renderer, so
// that it needs no display and comes out the same everywhere.
#pragma once

#include "app/workspace.h"
#include "scenes/colouring.h"
#include "scenes/scene.h"

#include <QImage>
#include <QString>

#include <memory>
#include <optional>

namespace atlas::app {

enum class SceneKind { Floorplan, Fabric, StepTimeline, Orbit, Matrix };

struct ScenePictureOptions {
    scenes::Theme theme;
    QSize size{960, 640};         ///< of the whole picture, device-independent pixels
    double pixelRatio = 2;        ///< device pixels a device-independent pixel
    double atS = 0;               ///< simulated instant
    bool caption = true;          ///< name and activity above, provenance below
    bool legend = true;           ///< what the colours mean, under the scene
    bool transparent = false;     ///< nothing where else the theme's ground is
    std::optional<QRectF> around; ///< what is in view, world metres; empty: all there is
    scenes::ColourBy colourBy = scenes::ColourBy::State; ///< of a floor and of satellites
};

/// "A  Colossus 1 · article" and what its GPUs are doing at the instant.
struct SceneWords {
    QString title;
    QString detail;
};
[[nodiscard]] SceneWords sceneWords(const scenario::Scenario& scenario, const Pane& pane, Side side,
                                    const operations::Frame* frame);

/// The page that a pane makes: drawn whole, or in parts where it is too large to be held.
class ScenePage {
public:
    /// Null where the pane's cluster could not be built (its problems say why). `workspace` must outlive it.
    static std::unique_ptr<ScenePage> make(const Workspace& workspace, Side side, SceneKind kind,
                                           const ScenePictureOptions& options);
    ~ScenePage();

    [[nodiscard]] QSize deviceSize() const;
    /// RGB32, or premultiplied ARGB32 where it is transparent; null where the memory does not hold it.
    /// QImage::offset() is where the rows lie.
    [[nodiscard]] QImage rows(scenes::PaneRows rows);

private:
    ScenePage();
    void layOut(const Workspace& workspace, const Pane& pane);
    [[nodiscard]] bool paintScene(QImage& picture);
    void paintCaption(QPainter& painter) const;

    ScenePictureOptions m_options;
    std::unique_ptr<scenes::Scene> m_scene;
    scenes::Viewport m_viewport; ///< of the scene
    QImage m_legend;
    int m_sceneTop = 0, m_legendTop = 0; ///< device-independent pixels
    QString m_title, m_detail, m_source; ///< empty: no caption
};

/// All of it; null where there is no page or no memory for it.
[[nodiscard]] QImage scenePicture(const Workspace& workspace, Side side, SceneKind kind,
                                  const ScenePictureOptions& options);

} // namespace atlas::app

// A pane as a picture for documents: caption, scene, legend, provenance; drawn by the raster renderer, so
// that it needs no display and comes out the same everywhere.
#pragma once

#include "app/workspace.h"
#include "scenes/theme.h"

#include <QImage>
#include <QString>

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
};

/// "A  Colossus 1 · article" and what its GPUs are doing at the instant.
struct SceneWords {
    QString title;
    QString detail;
};
[[nodiscard]] SceneWords sceneWords(const scenario::Scenario& scenario, const Pane& pane, Side side,
                                    const operations::Frame* frame);

/// The picture; null where the pane's cluster could not be built (its problems say why).
[[nodiscard]] QImage scenePicture(const Workspace& workspace, Side side, SceneKind kind,
                                  const ScenePictureOptions& options);

} // namespace atlas::app

// A scene without its ground, for pictures that lie on something else.
#pragma once

#include "scenes/scene.h"

namespace atlas::scenes {

/// The pane as a picture (premultiplied ARGB32, devicePixelRatio set) whose ground lets through what lies
/// under it. Drawn on black and on white: what differs is let through, so that edges that fade into the
/// ground fade into whatever takes its place (Smith and Blinn, Blue screen matting, SIGGRAPH 1996, section 4,
/// triangulation). The scene has `theme` before and after.
/// With `rows`, some rows of it, as of Scene::image().
[[nodiscard]] QImage transparentImage(Scene& scene, const Theme& theme, const Viewport& viewport,
                                      PaneRows rows = {});

} // namespace atlas::scenes

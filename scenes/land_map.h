// Where on Earth there is land: shares of land on a grid of longitude and latitude, from the shores that
// travel inside the program (resources/earth/land.json, Natural Earth, public domain).
#pragma once

#include <QByteArray>
#include <QImage>

namespace atlas::scenes {

/// Draws shores into a picture of `size` (Grayscale8, no padding between rows): 0 sea, 255 land. Its left
/// edge is longitude -180 degrees, its top the North Pole. Null where `json` is no such file.
[[nodiscard]] QImage drawLand(const QByteArray& json, QSize size);

/// The bundled shores on 2048 x 1024 cells; drawn once, the first time it is asked for.
[[nodiscard]] const QImage& landMap();

} // namespace atlas::scenes

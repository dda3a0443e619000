// One satellite as a thing in space: wings of solar cells square to the Sun, radiators edge on to it, a bus
// with its GPUs. Areas of array and radiator are the model's; the bus is drawn 3 m wide.
#pragma once

#include "scenes/globe_view.h"
#include "scenes/overlay.h"
#include "scenes/theme.h"

#include <array>
#include <vector>

namespace atlas::scenes {

enum class PartOf : std::uint8_t { Array, Radiator, Bus };

struct BodyFace {
    PartOf part = PartOf::Bus;
    std::array<Vector, 4> corners; ///< in turn, metres
    Vector normal;                 ///< of length one; of a panel, the side that works
};

struct SatelliteBody {
    std::vector<BodyFace> faces;
    double spanM = 0; ///< from tip to tip
};

/// `alongM` is a place of the same satellite a moment later.
[[nodiscard]] SatelliteBody makeBody(double arrayM2, double radiatorM2, const Vector& placeM,
                                     const Vector& alongM, const Vector& sun);
/// Tip to tip of a body, without making it.
[[nodiscard]] double bodySpanM(double arrayM2);

/// The bus's face that looks most at the eye, with a cell a GPU: where cell `i` of `count` is on the pane.
struct CellGrid {
    std::array<QPointF, 4> corners; ///< on the pane, in turn
    int columns = 1, rows = 1;
    [[nodiscard]] QPolygonF cell(int i) const;
    [[nodiscard]] double cellPx() const; ///< the shorter side of a cell
    /// The cell under a point, -1 beside the face.
    [[nodiscard]] int cellAt(QPointF screen, int count) const;
};

struct BodyPicture {
    struct Polygon {
        PartOf part = PartOf::Bus;
        QPolygonF outline;
        double depthM = 0;
        double light = 0;    ///< 0 dark .. 1 square to the Sun
        bool working = true; ///< the side that works is seen
        bool whole = true;   ///< nothing of it is behind the eye: four corners
    };
    std::vector<Polygon> polygons; ///< the farthest first
    CellGrid cells;
    QRectF bounds;
    std::array<QPointF, 3> anchors; ///< middle of what one sees of each part, for its label
    double spanPx = 0;
};
/// `lit` is false in the shadow. What is behind the eye is cut off.
[[nodiscard]] BodyPicture projectBody(const SatelliteBody& body, const GlobeView& view, const Vector& sun,
                                      bool lit, int gpus);

/// Paints it; `cellColours` has a colour a GPU, `heat` is what the radiator gives off over its most.
void paintBody(QPainter& painter, const BodyPicture& body, const Theme& theme,
               const std::vector<QColor>& cellColours, double heat);

} // namespace atlas::scenes

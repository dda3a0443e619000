// What stands before the Earth: the orbit with its laser links, the satellites, a close one as a body, marks
// for the worst, names that never overlap.
#pragma once

#include "scenes/orbit_beads.h"
#include "scenes/overlay.h"
#include "scenes/satellite_body.h"
#include "scenes/satellite_card.h"
#include "scenes/scene.h"

namespace atlas::scenes {

struct OrbitOptions {
    ColourBy colourBy = ColourBy::State;
    Target selected;
    Target hovered;
    QString calloutTitle;  ///< at the worst GPU's satellite; empty: its state in a word
    QString calloutDetail; ///< "164 992 GPUs wait"
    bool labels = true;    ///< marks stay without them
    double clockS = 0;     ///< moves the light along the links; stand still for reduced motion
    bool operator==(const OrbitOptions&) const = default;
};

struct OrbitLabel {
    enum class Manner : std::uint8_t { Plain, Callout, Card };
    Manner manner = Manner::Plain;
    QRectF rect; ///< device-independent pixels
    QString text;
    QString quiet;
    QColor colour;
    QPointF from; ///< where its line begins; null: it has none
};

/// A satellite close enough to be more than a dot.
struct CloseUp {
    int satellite = -1;
    BodyPicture body;
    double heat = 0;         ///< what the radiator gives off, of its most
    bool cellsShown = false; ///< its GPUs are large enough to be pointed at
};

/// What a drawing consists of, kept for picking and tests.
struct OrbitPicture {
    std::vector<Bead> beads;
    std::vector<CloseUp> close; ///< the farthest first
    int carded = -1;            ///< the satellite whose card is shown
    std::vector<OrbitLabel> labels;
};

/// `focus` is the satellite the camera turns about, -1 where it turns about the Earth.
[[nodiscard]] OrbitPicture planOrbit(const OrbitPane& pane, const OrbitOptions& options, int focus);

/// The items refer to `pane` and `picture`, which must outlive them.
[[nodiscard]] Overlay orbitOverlay(const OrbitPane& pane, const OrbitOptions& options,
                                   const OrbitPicture& picture);

/// Where the Sun's mark stands, beyond the orbit in its direction; empty where there is no room, or where it
/// is before or behind the pane.
[[nodiscard]] std::optional<QPointF> sunMark(const OrbitPane& pane);

/// Places labels and cards; a part of planOrbit().
void labelOrbit(const OrbitPane& pane, const OrbitOptions& options, int focus, OrbitPicture& picture);

} // namespace atlas::scenes

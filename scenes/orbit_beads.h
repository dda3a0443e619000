// A constellation as beads on its orbit: one a satellite where there is room, else one for several.
#pragma once

#include "model/orbit/constellation.h"
#include "scenes/globe_view.h"
#include "scenes/group_colour.h"

#include <vector>

namespace atlas::scenes {

struct Target;

/// Everything at one instant, in the frame of orbit::Constellation::place.
struct OrbitMoment {
    double timeS = 0;
    Vector sun;
    std::vector<Vector> places; ///< [satellites]
    std::vector<bool> shadow;   ///< [satellites], by orbit::inShadow
};
[[nodiscard]] OrbitMoment momentOf(const orbit::Constellation& flown, double timeS);

/// What of a constellation a pane shows.
struct OrbitPane {
    const orbit::Constellation& flown;
    const OrbitMoment& moment;
    const operations::Frame* frame; ///< null: without power
    const GlobeView& view;
    const Theme& theme;
    Colouring colouring = ColourBy::State;
};

struct Bead {
    int first = 0, count = 1; ///< satellites
    QPointF at;               ///< device-independent pixels
    double pixelsPerMetre = 0;
    bool hidden = false; ///< behind the Earth
    int inShadow = 0;    ///< of its satellites
    bool paused = false; ///< most of them stand still in shadow, whatever the frame says of their GPUs
    GroupColour light;   ///< of its GPUs; idle where it is paused
    int worst = -1;      ///< the satellite of the worst GPU
};

/// At most some hundreds, in the order of satellites; those behind the eye are left out. A bead that would be
/// larger than a dot is split down to single satellites; which satellites share one depends on how they are
/// numbered and on the view, and not on the frame.
[[nodiscard]] std::vector<Bead> makeBeads(const OrbitPane& pane);

/// The satellite nearest to a point of the pane, of those not behind the Earth, at most `reachPx` away; -1
/// where there is none.
[[nodiscard]] int satelliteAt(const OrbitMoment& moment, const GlobeView& view, QPointF screen,
                              double reachPx);

/// Load of the laser links about a satellite, the worst of its hall's bundles: 0..1, NaN where one is down.
[[nodiscard]] double meshLoad(const orbit::Constellation& flown, const operations::Frame* frame,
                              int satellite);

/// The satellite that a target of any scene flies on; -1 for none.
[[nodiscard]] int satelliteOf(const orbit::Constellation& flown, const Target& target);
/// What stands for a satellite in every scene: its rack, or its first GPU where a rack fills several.
[[nodiscard]] Target targetOf(const orbit::Constellation& flown, int satellite);

} // namespace atlas::scenes

// A card per GPU at full zoom: its place, class, state and utilisation in words.
#pragma once

#include "scenes/floor_overlay.h"

namespace atlas::scenes {

/// Appends a card for every GPU in view whose hall is shown at Detail::Cards.
void addCards(const FloorOverlayInput& input, Overlay& overlay);

} // namespace atlas::scenes

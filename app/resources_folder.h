// Where the catalogue, the scenarios and the calibration lie.
#pragma once

#include <QString>

namespace atlas::app {

/// $ATLAS_RESOURCES, else share/colossus-atlas beside the program, else the source tree it was built from.
[[nodiscard]] QString resourcesFolder();

} // namespace atlas::app

// Exhibits on sites in orbit, for the page of the programme.
#pragma once

#include "app/pages/exhibit.h"

namespace atlas::app {

[[nodiscard]] std::vector<Exhibit> orbitExhibits();

} // namespace atlas::app

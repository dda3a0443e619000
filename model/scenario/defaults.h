// Defaults that depend on other values, filled in once a file is read.
#pragma once

#include "model/scenario/scenario.h"

namespace atlas::scenario {

/// Names from ids, racks and fabrics from GPU classes, head sizes from widths, months from the start, a
/// strategy a training job where none is given, and what opens side by side. Idempotent.
void fillDefaults(Scenario& scenario);

} // namespace atlas::scenario

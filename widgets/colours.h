// Colours derived from the roles of a theme.
#pragma once

#include "scenes/colour.h"
#include "scenes/theme.h"
#include "widgets/side.h"

#include <QColor>

namespace atlas::widgets {

using scenes::mixed;
using scenes::TextRole;
using scenes::Theme;

/// The colour a strategy keeps in every chart, badge and table.
[[nodiscard]] QColor sideColour(const Theme& theme, Side side);

} // namespace atlas::widgets

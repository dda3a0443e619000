// How the whole program looks: palette, style sheet and fonts, all derived from the roles of a theme.
#pragma once

#include "scenes/theme.h"

#include <QPalette>
#include <QString>

class QApplication;

namespace atlas::widgets {

/// Dresses the program; may be called again at any time to change between dark and light.
void applyStyle(QApplication& application, const scenes::Theme& theme);

/// The colours of Qt's own roles.
[[nodiscard]] QPalette palette(const scenes::Theme& theme);

/// Flat panels, hairlines, slim scroll bars, one accent. Buttons and labels may carry the dynamic property
/// `look`: "primary", "quiet" or "tool" for buttons, "card" and "panel" for frames.
[[nodiscard]] QString styleSheet(const scenes::Theme& theme);

} // namespace atlas::widgets

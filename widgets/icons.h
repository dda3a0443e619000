// Icons: one stroke style, SVG, drawn in the colour of the theme's role.
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>

namespace atlas::widgets {

/// The icon `name` of resources/icons, crisp at any size and device pixel ratio. Disabled and selected states
/// follow from `normal` and `disabled`.
[[nodiscard]] QIcon icon(const QString& name, const QColor& normal, const QColor& disabled);

} // namespace atlas::widgets

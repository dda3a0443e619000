// Whether the desktop asks programs to move less.
#pragma once

#include "widgets/navigator.h"

#include <QString>

namespace atlas::widgets {

/// Reduced where the desktop says so: KDE's speed of animations at 0, GTK's or GNOME's animations switched
/// off, Windows' "Animation effects" off, macOS' "Reduce motion". Eased where it says nothing.
[[nodiscard]] Motion motionOfDesktop();

/// What the settings files of a Linux desktop say (KDE's kdeglobals, GTK's settings.ini), in a folder such as
/// ~/.config.
[[nodiscard]] Motion motionOfFolder(const QString& folder);

} // namespace atlas::widgets

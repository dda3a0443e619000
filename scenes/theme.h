// Colours, type and spacing of the whole program: the one place scenes, charts and widgets read them from.
// A Theme is a plain value, read from resources/theme and passed on explicitly.
#pragma once

#include "model/core/result.h"
#include "model/operations/frame.h"

#include <QColor>
#include <QFont>
#include <QString>

#include <array>
#include <cstddef>
#include <cstdint>

namespace atlas::scenes {

enum class ThemeMode : std::uint8_t { Dark, Light };

/// The mark that goes with a state's hue, so that no state is told by colour alone.
enum class Pattern : std::uint8_t {
    Empty,   ///< an outline, barely there
    Hollow,  ///< an outline
    Solid,   ///< full
    Stripes, ///< horizontal lines
    Hatch,   ///< diagonal lines
    Target,  ///< a ring round a dot
    Cross,   ///< an x
    Bar,     ///< a bar at the foot
    Wedge,   ///< a triangle that points on
    Columns, ///< vertical lines
    Dots,    ///< four dots
};
inline constexpr std::size_t kPatternCount = 11;

struct StateStyle {
    QColor colour;
    Pattern pattern = Pattern::Solid;
};

enum class TextRole : std::uint8_t {
    Label,   ///< 10.5 px: axes, captions, legends
    Body,    ///< 12 px
    Head,    ///< 13 px semi-bold: titles of panels, charts and panes
    Strong,  ///< 12 px semi-bold: a value that matters
    Section, ///< 10.5 px semi-bold capitals, spaced: names of groups in a dock
    Figure,  ///< 20 px semi-bold: a headline number
};

/// 256 colours from low to high.
using ColourMap = std::array<QRgb, 256>;

/// Four steps of spacing, device-independent pixels.
struct Spacing {
    int tight = 4;
    int small = 8;
    int medium = 12;
    int large = 16;
};

struct Theme {
    QString name; ///< "dark", "light"
    ThemeMode mode = ThemeMode::Dark;

    QColor ground;    ///< behind everything, the stage
    QColor panel;     ///< docks and halls
    QColor raised;    ///< cards, fields, tooltips
    QColor line;      ///< hairlines and outlines
    QColor text;      ///< 4.5:1 or better on ground, panel and raised
    QColor quietText; ///< 4.5:1 too, but steps back
    QColor accent;    ///< the one accent: actions, focus, the play-head
    QColor onAccent;  ///< text on a filled accent
    QColor selection; ///< background of a selected row
    QColor link;      ///< an unloaded cable
    QColor halo;      ///< behind labels on a busy ground
    QColor positive;  ///< a gain
    QColor negative;  ///< a loss
    QColor warning;   ///< beyond what is validated, or costly

    std::array<QColor, 6> strategies; ///< A, B, then further ones; the same everywhere
    std::array<QColor, 6> classes;    ///< GPU classes of a cluster, in their order
    std::array<StateStyle, operations::kStateCount> states;

    ColourMap sequential; ///< utilisation, temperature, power: cividis
    ColourMap load;       ///< of a link: idle, busy, congested
    ColourMap diverging;  ///< B minus A; the middle is 0

    Spacing spacing;
    int cornerRadius = 4; ///< of cards and buttons

    [[nodiscard]] const StateStyle& state(operations::GpuState s) const {
        return states[static_cast<std::size_t>(s)];
    }
    /// Colour of a share in [0, 1]; values outside are clamped, NaN counts as 0.
    [[nodiscard]] QColor sequentialAt(double share) const;
    [[nodiscard]] QColor loadAt(double share) const;
    /// Colour of a signed share in [-1, 1].
    [[nodiscard]] QColor divergingAt(double share) const;

    /// Inter at the size of the role, in device-independent pixels at any screen resolution. `scale` enlarges
    /// for the presenter. Needs a QGuiApplication; call registerFonts() once before.
    [[nodiscard]] QFont font(TextRole role, double scale = 1.0) const;
};

/// The two themes of the program. The resources are part of the program, so a broken one aborts with its
/// diagnostics: it cannot happen to a user.
[[nodiscard]] Theme loadTheme(ThemeMode mode);

/// Reads a theme file (JSON, as resources/theme/dark.json). Errors: no file, not JSON, a role, state or
/// pattern that is missing, unknown or not a colour.
[[nodiscard]] Result<Theme> readTheme(const QString& path);

/// Makes the bundled Inter known to Qt. False when a font file could not be read.
bool registerFonts();

/// The state in words, for legends and tooltips ("waiting at the barrier").
[[nodiscard]] QString stateLabel(operations::GpuState state);

} // namespace atlas::scenes

// Colour arithmetic that has to be right: relative luminance and contrast (WCAG 2.1), CIE L*a*b*, mixing, and
// how a colour looks with deuteranopia.
#pragma once

#include <QColor>

namespace atlas::scenes {

struct Lab {
    double l = 0; ///< 0 black .. 100 white
    double a = 0;
    double b = 0;
};

/// Relative luminance, 0..1 (WCAG 2.1, definition of relative luminance).
[[nodiscard]] double luminance(const QColor& colour);
/// Contrast ratio of two opaque colours, 1..21 (WCAG 2.1, success criterion 1.4.3).
[[nodiscard]] double contrast(const QColor& one, const QColor& other);
/// CIE 1976 L*a*b* under D65.
[[nodiscard]] Lab lab(const QColor& colour);
[[nodiscard]] QColor fromLab(const Lab& lab);
/// CIE 1976 colour difference: about 2.3 is just noticeable.
[[nodiscard]] double difference(const QColor& one, const QColor& other);
/// `share` = 0 gives `from`, 1 gives `to`; straight in sRGB, as painters blend.
[[nodiscard]] QColor mixed(const QColor& from, const QColor& to, double share);
/// What an eye without M cones sees (Machado, Oliveira, Fernandes: A physiologically-based model for
/// simulation of color vision deficiency, IEEE TVCG 15(6), 2009, table 1, severity 1.0).
[[nodiscard]] QColor deuteranope(const QColor& colour);

} // namespace atlas::scenes

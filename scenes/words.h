// Words and numbers of the scenes, for people.
#pragma once

#include <QCoreApplication>
#include <QString>

#include <cmath>
#include <cstdint>

namespace atlas::scenes {

[[nodiscard]] inline QString tr(const char* text) {
    return QCoreApplication::translate("scenes", text);
}

/// "164 992", groups of three set apart by a thin space.
[[nodiscard]] QString grouped(std::int64_t number);

/// "97 %" from 0.97; "<1 %" where rounding would say 0 of something.
[[nodiscard]] QString percent(double share);

/// "2.75 Pbit/s": three significant digits and the unit's prefix.
[[nodiscard]] QString withPrefix(double value, const QString& unit);

} // namespace atlas::scenes

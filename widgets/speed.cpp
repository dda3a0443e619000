#include "widgets/speed.h"

#include "widgets/format.h"

#include <QCoreApplication>

#include <array>

namespace atlas::widgets {

namespace {

/// 43,830 s a second is a mean month a minute.
constexpr std::array kSpeeds = {0.001, 0.003, 0.01, 0.03,  0.1,    0.3,    1.0,
                                3.0,   10.0,  60.0, 300.0, 1800.0, 7200.0, 43830.0};
/// Speeds from a slider are compared with room for rounding.
constexpr double kSlack = 1e-9;

} // namespace

std::span<const double> speeds() {
    return kSpeeds;
}

double fasterThan(double speed) {
    for (const double next : kSpeeds) {
        if (next > speed * (1 + kSlack)) {
            return next;
        }
    }
    return kSpeeds.back();
}

double slowerThan(double speed) {
    double found = kSpeeds.front();
    for (const double next : kSpeeds) {
        if (next < speed * (1 - kSlack)) {
            found = next;
        }
    }
    return found;
}

QString speedText(double speed) {
    if (speed == kSpeeds.back()) {
        return QCoreApplication::translate("Speed", "1 min = 1 month");
    }
    return QCoreApplication::translate("Speed", "1 s = %1").arg(durationText(speed));
}

} // namespace atlas::widgets

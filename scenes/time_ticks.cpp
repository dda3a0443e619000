#include "scenes/time_ticks.h"

#include "scenes/words.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace atlas::scenes {

namespace {

constexpr double kMinute = 60;
constexpr double kHour = 3600;
constexpr double kDay = 86400;
constexpr std::size_t kMostTicks = 2000;

/// The smallest round step that is at least `gapS`.
double roundStep(double gapS) {
    if (gapS <= 1) {
        double unit = std::pow(10.0, std::floor(std::log10(gapS)));
        for (const double factor : {1.0, 2.0, 5.0, 10.0})
            if (unit * factor >= gapS * (1 - 1e-9))
                return unit * factor;
    }
    constexpr std::array kSteps = {1.0,          2.0,          5.0,         10.0,        15.0,
                                   30.0,         kMinute,      2 * kMinute, 5 * kMinute, 10 * kMinute,
                                   15 * kMinute, 30 * kMinute, kHour,       2 * kHour,   3 * kHour,
                                   6 * kHour,    12 * kHour};
    for (const double step : kSteps)
        if (step >= gapS * (1 - 1e-9))
            return step;
    double days = 1;
    for (;;) {
        for (const double factor : {1.0, 2.0, 5.0})
            if (days * factor * kDay >= gapS)
                return days * factor * kDay;
        days *= 10;
    }
}

QString twoDigits(std::int64_t n) {
    return QStringLiteral("%1").arg(n, 2, 10, QLatin1Char('0'));
}

int decimalsFor(double resolutionS) {
    return resolutionS >= 1 ? 0
                            : std::clamp(static_cast<int>(std::ceil(-std::log10(resolutionS) - 1e-9)), 1, 6);
}

} // namespace

QString instantText(double timeS, double resolutionS) {
    const int decimals = decimalsFor(resolutionS);
    const double unit = std::pow(10.0, decimals);
    const auto all = static_cast<std::int64_t>(std::floor(std::max(0.0, timeS) * unit + 0.5));
    const auto perSecond = static_cast<std::int64_t>(unit);
    const std::int64_t seconds = all / perSecond;
    QString text = tr("day %1").arg(grouped(seconds / 86400)) + QLatin1Char(' ') +
                   twoDigits(seconds / 3600 % 24) + ':' + twoDigits(seconds / 60 % 60) + ':' +
                   twoDigits(seconds % 60);
    if (decimals > 0)
        text += '.' + QStringLiteral("%1").arg(all % perSecond, decimals, 10, QLatin1Char('0'));
    return text;
}

QString lengthText(double seconds) {
    struct Unit {
        double s;
        const char* name;
    };
    constexpr std::array kUnits = {Unit{kDay, "d"}, Unit{kHour, "h"}, Unit{kMinute, "min"}, Unit{1, "s"},
                                   Unit{1e-3, "ms"}};
    const double size = std::abs(seconds);
    Unit unit{1e-6, "µs"};
    for (const Unit& each : kUnits)
        // Minutes, hours and days from twice their length on: "90 s" says more than "1.5 min".
        if (size >= (each.s > 1 ? 2 * each.s : each.s) * 0.9995) {
            unit = each;
            break;
        }
    const double value = seconds / unit.s;
    const int decimals = std::abs(value) >= 99.95 ? 0 : std::abs(value) >= 9.995 ? 1 : 2;
    return seconds == 0
               ? QStringLiteral("0\u00a0s")
               : QString::number(value, 'f', decimals) + QChar(0x00a0) + QString::fromUtf8(unit.name);
}

std::vector<TimeTick> timeTicks(double fromS, double toS, double gapS) {
    std::vector<TimeTick> ticks;
    if (!(gapS > 0) || !(toS > fromS))
        return ticks;
    const double step = roundStep(gapS);
    const int decimals = decimalsFor(step);
    for (double n = std::ceil(fromS / step); n * step <= toS && ticks.size() < kMostTicks; ++n) {
        TimeTick tick;
        tick.timeS = n * step;
        // Rounded to the axis' own decimals first: 59.9999 is the next minute.
        const double unit = std::pow(10.0, decimals);
        const double exact = std::round(tick.timeS * unit) / unit;
        const auto whole = static_cast<std::int64_t>(std::floor(exact + 1e-9));
        const double rest = exact - static_cast<double>(whole);
        const std::int64_t ofDay = whole % 86400;
        const bool sharp = rest < 0.5 / unit;
        if (step >= kDay || (sharp && ofDay == 0)) {
            tick.label = tr("day %1").arg(grouped(whole / 86400));
            tick.major = step < kDay;
        } else if (step >= kMinute || (sharp && ofDay % 60 == 0)) {
            tick.label = twoDigits(ofDay / 3600) + ':' + twoDigits(ofDay / 60 % 60);
            tick.major = step < kMinute;
        } else {
            tick.label = QString::number(static_cast<double>(ofDay % 60) + rest, 'f', decimals) +
                         QChar(0x00a0) + QLatin1Char('s');
        }
        ticks.push_back(tick);
    }
    return ticks;
}

} // namespace atlas::scenes

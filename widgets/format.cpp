#include "widgets/format.h"

#include <QCoreApplication>
#include <QLocale>

#include <array>
#include <cmath>

namespace atlas::widgets {
namespace {

constexpr QChar kMinus(0x2212);
constexpr QChar kThinSpace(0x202f); // narrow, no break
constexpr double kDayS = 86400.0;
constexpr double kFarthestMonths = 12.0 * 200;

QString tr(const char* source, int n = -1) {
    return QCoreApplication::translate("Format", source, nullptr, n);
}

/// Typography of numbers: a real minus sign, groups of three set apart by a thin space.
QString typeset(QString number) {
    for (qsizetype i = 1; i + 1 < number.size(); ++i) {
        if (number[i] == ',' && number[i - 1].isDigit() && number[i + 1].isDigit()) {
            number[i] = kThinSpace;
        }
    }
    for (qsizetype i = 0; i < number.size(); ++i) {
        // The hyphen of "GPU-h" stays one.
        if (number[i] == '-' && (i == 0 || !number[i - 1].isLetterOrNumber())) {
            number[i] = kMinus;
        }
    }
    return number;
}

struct Parts {
    QString before; ///< "$"
    QString number; ///< "1.25"
    QString after;  ///< "B"
};

bool belongsToNumber(QChar c) {
    return c.isDigit() || c == '.' || c == ',' || c == '+' || c == '-' || c == kMinus || c == kThinSpace;
}

/// Splits "−$1.25B" into sign and prefix, digits, unit.
Parts split(const QString& text) {
    qsizetype first = 0;
    while (first < text.size() && !text[first].isDigit()) {
        ++first;
    }
    qsizetype last = first;
    while (last < text.size() && belongsToNumber(text[last])) {
        ++last;
    }
    return {text.left(first), text.mid(first, last - first), text.mid(last)};
}

/// Three significant digits: no headline is known better than that.
double rounded(double value) {
    if (value == 0.0) {
        return value;
    }
    const double unit = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 2.0);
    return std::round(value / unit) * unit;
}

bool isShare(const explore::Headline& headline) {
    return headline.dimension == units::Dimension::Number && headline.unit == "1";
}

QString plain(double value) {
    return typeset(text(units::formatQuantity(value, units::Dimension::Number)));
}

} // namespace

QString text(const std::string& utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString notApplicable() {
    return QString(QChar(0x2014));
}

QString quantityText(double value, units::Dimension dimension) {
    if (!std::isfinite(value)) {
        return notApplicable();
    }
    return typeset(text(units::formatQuantity(value, dimension)));
}

QString percentText(double share, int decimals) {
    if (!std::isfinite(share)) {
        return notApplicable();
    }
    const double percent = share * 100.0;
    const double smallest = std::pow(10.0, -decimals);
    if (percent != 0.0 && std::abs(percent) < smallest / 2) {
        return (percent < 0 ? QStringLiteral("%1<").arg(kMinus) : QStringLiteral("<")) +
               QString::number(smallest, 'f', decimals) + QStringLiteral(" %");
    }
    // Two digits say enough from ten percent on.
    const int shown = std::abs(percent) >= 9.95 ? 0 : decimals;
    QString number = QString::number(percent, 'f', shown);
    if (number.contains('.')) {
        while (number.endsWith('0')) {
            number.chop(1);
        }
        if (number.endsWith('.')) {
            number.chop(1);
        }
    }
    return typeset(number) + QStringLiteral(" %");
}

QString rangeText(const QString& low, const QString& high) {
    if (low == high) {
        return low;
    }
    const Parts a = split(low);
    const Parts b = split(high);
    const bool negative = low.contains(kMinus) || high.contains(kMinus);
    const QString dash = negative ? QString(QChar(0x2026)) : QString(QChar(0x2013));
    if (a.before == b.before && a.after == b.after && !negative) {
        return a.before + a.number + dash + b.number + b.after;
    }
    if (a.after == b.after) {
        return a.before + a.number + dash + b.before + b.number + b.after;
    }
    return low + dash + high;
}

QString headlineText(double exact, const explore::Headline& headline, std::optional<scenario::Month> start) {
    if (!std::isfinite(exact)) {
        return notApplicable();
    }
    const double value = rounded(exact);
    if (isShare(headline)) {
        return percentText(value);
    }
    if (headline.dimension == units::Dimension::Number && !headline.unit.empty()) {
        const QString unit = text(headline.unit);
        if (unit == QLatin1String("month") || unit == QLatin1String("months")) {
            if (start) {
                return exact < kFarthestMonths
                           // What is done after exactly one month is done at the end of that month.
                           ? monthText({start->index + std::max(0, static_cast<int>(std::ceil(exact)) - 1)})
                           : tr("after 200 years");
            }
            return tr("%1 months").arg(plain(value));
        }
        return plain(value) + ' ' + unit;
    }
    return quantityText(value, headline.dimension);
}

QString headlineRangeText(const explore::Headline& headline, std::optional<scenario::Month> start) {
    if (!headline.value || !headline.hasRange || headline.low == headline.high) {
        return {};
    }
    const QString low = headlineText(headline.low, headline, start);
    const QString high = headlineText(headline.high, headline, start);
    return low == high ? QString() : rangeText(low, high);
}

QString headlineDifferenceText(double difference, const explore::Headline& headline) {
    QString number = headlineText(difference, headline);
    if (isShare(headline) && number.endsWith('%')) {
        number.chop(1);
        number += tr("pp", -1);
    }
    return difference > 0 ? '+' + number : number;
}

QString clockText(double timeS) {
    // Milliseconds as integers, so that 59.9996 s never prints as 60.000.
    const auto ms = static_cast<qint64>(std::floor(std::max(0.0, timeS) * 1000.0 + 0.5));
    const qint64 day = ms / 86'400'000;
    const qint64 rest = ms % 86'400'000;
    const auto two = [](qint64 v) { return QStringLiteral("%1").arg(v, 2, 10, QChar('0')); };
    return tr("day %1").arg(day) + QStringLiteral("  ") + two(rest / 3'600'000) + ':' +
           two(rest / 60'000 % 60) + ':' + two(rest / 1000 % 60) + '.' +
           QStringLiteral("%1").arg(rest % 1000, 3, 10, QChar('0'));
}

QString durationText(double seconds) {
    struct Unit {
        double s;
        const char* name;
    };
    static constexpr std::array<Unit, 7> kUnits{{{kDayS, QT_TRANSLATE_NOOP("Format", "%1 days")},
                                                 {3600, QT_TRANSLATE_NOOP("Format", "%1 h")},
                                                 {60, QT_TRANSLATE_NOOP("Format", "%1 min")},
                                                 {1, QT_TRANSLATE_NOOP("Format", "%1 s")},
                                                 {1e-3, QT_TRANSLATE_NOOP("Format", "%1 ms")},
                                                 {1e-6, QT_TRANSLATE_NOOP("Format", "%1 µs")},
                                                 {1e-9, QT_TRANSLATE_NOOP("Format", "%1 ns")}}};
    if (seconds == 0.0) {
        return tr("%1 s").arg(0);
    }
    const double size = std::abs(seconds);
    for (const Unit& unit : kUnits) {
        // A hair below one unit still counts as one: 59.9999 s is a minute.
        if (size >= unit.s * 0.9995 || &unit == &kUnits.back()) {
            const double value = seconds / unit.s;
            if (unit.s == kDayS && std::abs(value - 1) < 5e-4) {
                return tr("1 day");
            }
            return tr(unit.name).arg(typeset(QString::number(value, 'g', std::abs(value) >= 100 ? 4 : 3)));
        }
    }
    return {};
}

QString countText(double count) {
    return quantityText(std::round(count), units::Dimension::Number);
}

QString fixedText(double value, int decimals) {
    return typeset(QLocale(QLocale::English).toString(value, 'f', decimals));
}

QString monthText(scenario::Month month) {
    return QLocale(QLocale::English).monthName(month.month(), QLocale::ShortFormat) +
           QStringLiteral(" %1").arg(month.year());
}

} // namespace atlas::widgets

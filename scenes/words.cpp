#include "scenes/words.h"

#include <iterator>

namespace atlas::scenes {

namespace {
const QChar kThinSpace(0x2009);
}

QString grouped(std::int64_t number) {
    QString digits = QString::number(number < 0 ? -number : number);
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3)
        digits.insert(at, kThinSpace);
    return number < 0 ? QChar(0x2212) + digits : digits;
}

QString percent(double share) {
    const double value = share * 100;
    if (value > 0 && value < 0.5)
        return QStringLiteral("<1") + kThinSpace + '%';
    return QString::number(std::lround(value)) + kThinSpace + '%';
}

QString withPrefix(double value, const QString& unit) {
    const char* const prefixes[] = {"", "k", "M", "G", "T", "P", "E"};
    double size = std::abs(value);
    std::size_t p = 0;
    while (size >= 999.5 && p + 1 < std::size(prefixes)) {
        size /= 1000;
        ++p;
    }
    const int decimals = size >= 99.95 || value == 0 ? 0 : size >= 9.995 ? 1 : 2;
    return (value < 0 ? QString(QChar(0x2212)) : QString()) + QString::number(size, 'f', decimals) +
           QChar(0x00a0) + QLatin1String(prefixes[p]) + unit;
}

} // namespace atlas::scenes

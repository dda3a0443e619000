#include "scenes/words.h"

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

} // namespace atlas::scenes

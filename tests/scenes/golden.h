// A picture against the one last agreed on, in tests/scenes/golden. ATLAS_GOLDEN=write writes it anew.
#pragma once

#include <QImage>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace atlas::fixture {

/// True if the picture is the golden one, nearly; says how it differs.
inline bool isGolden(const QImage& now, const QString& name) {
    const QString path = QStringLiteral(ATLAS_TEST_DATA "/golden/%1.png").arg(name);
    if (qEnvironmentVariable("ATLAS_GOLDEN") == QLatin1String("write") && !now.save(path))
        return false;
    const QImage golden = QImage(path).convertToFormat(QImage::Format_RGB32);
    if (golden.size() != now.size()) {
        qWarning("%s is missing or of another size", qPrintable(path));
        return false;
    }
    double mean = 0;
    int off = 0;
    QPoint worst;
    int largest = -1;
    for (int y = 0; y < now.height(); ++y)
        for (int x = 0; x < now.width(); ++x) {
            const QRgb a = now.pixel(x, y);
            const QRgb b = golden.pixel(x, y);
            const int most = std::max({std::abs(qRed(a) - qRed(b)), std::abs(qGreen(a) - qGreen(b)),
                                       std::abs(qBlue(a) - qBlue(b))});
            mean += most;
            off += most > 24;
            if (most > largest) {
                largest = most;
                worst = {x, y};
            }
        }
    const double pixels = static_cast<double>(now.width()) * now.height();
    const bool alike = mean / pixels < 1.0 && off < 0.01 * pixels;
    if (!alike)
        qWarning("%s: mean %g, %d pixels off, worst at %d, %d", qPrintable(name), mean / pixels, off,
                 worst.x(), worst.y());
    return alike;
}

} // namespace atlas::fixture

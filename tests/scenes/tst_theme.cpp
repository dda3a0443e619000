// The theme: complete, readable in both modes, and safe for colour-blind viewers.
#include "scenes/colour.h"
#include "scenes/theme.h"

#include <QFontInfo>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>

using namespace atlas;
using namespace atlas::scenes;
using operations::GpuState;

namespace {

/// Linear light seen through a kind of colour blindness (Machado, Oliveira, Fernandes 2009, table 1,
/// severity 1.0).
using Eye = std::array<std::array<double, 3>, 3>;
constexpr Eye kProtanope = {
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}};
constexpr Eye kDeuteranope = {
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}};
constexpr Eye kTritanope = {
    {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}};

QColor seenBy(const Eye& eye, const QColor& colour) {
    const auto light = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    const auto coded = [](double v) {
        const double c = std::clamp(v, 0.0, 1.0);
        return c <= 0.0031308 ? c * 12.92 : 1.055 * std::pow(c, 1 / 2.4) - 0.055;
    };
    const std::array<double, 3> in = {light(colour.redF()), light(colour.greenF()), light(colour.blueF())};
    std::array<double, 3> out{};
    for (std::size_t row = 0; row < 3; ++row)
        out[row] = coded(eye[row][0] * in[0] + eye[row][1] * in[1] + eye[row][2] * in[2]);
    return QColor::fromRgbF(static_cast<float>(out[0]), static_cast<float>(out[1]),
                            static_cast<float>(out[2]));
}

} // namespace

class TestTheme : public QObject {
    Q_OBJECT

    static QList<GpuState> activeStates() {
        return {GpuState::Computing, GpuState::Communicating, GpuState::Waiting,
                GpuState::Culprit,   GpuState::Fault,         GpuState::Checkpoint,
                GpuState::Restart,   GpuState::Prefill,       GpuState::Decode};
    }
    static void bothModes() {
        QTest::addColumn<int>("mode");
        QTest::newRow("dark") << static_cast<int>(ThemeMode::Dark);
        QTest::newRow("light") << static_cast<int>(ThemeMode::Light);
    }
    static Theme current() {
        QFETCH_GLOBAL(int, mode);
        return loadTheme(static_cast<ThemeMode>(mode));
    }

private slots:
    void initTestCase_data() { bothModes(); }

    void contrastKnownPairs() {
        QVERIFY(qAbs(contrast(Qt::white, Qt::black) - 21.0) < 0.01);
        QVERIFY(qAbs(contrast(QColor("#777777"), Qt::white) - 4.48) < 0.01); // the textbook near miss
    }

    void labRoundTrips() {
        for (const QColor& c : {QColor("#e69f00"), QColor("#0e1218"), QColor("#56b4e9")})
            QVERIFY(difference(fromLab(lab(c)), c) < 0.5);
        QVERIFY(qAbs(lab(Qt::white).l - 100) < 0.01);
    }

    void textIsReadable() {
        const Theme t = current();
        for (const QColor& ground : {t.ground, t.panel, t.raised, t.selection}) {
            QVERIFY2(contrast(t.text, ground) >= 7.0, qPrintable(ground.name()));
            QVERIFY2(contrast(t.quietText, ground) >= 4.5,
                     qPrintable(ground.name() + QString::number(contrast(t.quietText, ground))));
            QVERIFY2(contrast(t.accent, ground) >= 4.5, qPrintable(ground.name()));
        }
        QVERIFY(contrast(t.onAccent, t.accent) >= 4.5);
        for (const QColor& ground : {t.ground, t.panel, t.raised})
            QVERIFY2(contrast(t.warning, ground) >= 4.5, qPrintable(ground.name()));
        for (const QColor& ink : {t.positive, t.negative, t.strategies[0], t.strategies[1]})
            QVERIFY2(contrast(ink, t.panel) >= 4.5, qPrintable(ink.name()));
    }

    void graphicsStandOut() {
        const Theme t = current();
        for (const GpuState s : activeStates())
            for (const QColor& ground : {t.ground, t.panel})
                QVERIFY2(contrast(t.state(s).colour, ground) >= 3.0, qPrintable(stateLabel(s)));
        for (const QColor& c : t.strategies)
            QVERIFY2(contrast(c, t.panel) >= 3.0, qPrintable(c.name()));
        for (const QColor& c : t.classes)
            QVERIFY2(contrast(c, t.panel) >= 3.0, qPrintable(c.name()));
        for (const QColor& c : {t.positive, t.negative, t.warning})
            QVERIFY2(contrast(c, t.panel) >= 3.0, qPrintable(c.name()));
    }

    void statesKeepApart() {
        const Theme t = current();
        for (std::size_t i = 0; i < t.states.size(); ++i)
            for (std::size_t j = 0; j < i; ++j) {
                const auto& a = t.states[i];
                const auto& b = t.states[j];
                QVERIFY2(a.pattern != b.pattern, "two states share a pattern");
                const bool sameHue =
                    a.colour == b.colour; // culprit/fault, checkpoint/restart: the mark tells
                const double seen = difference(deuteranope(a.colour), deuteranope(b.colour));
                QVERIFY2(sameHue || seen >= 8.0, qPrintable(QString("%1 / %2: %3").arg(i).arg(j).arg(seen)));
            }
    }

    void activeStatesKeepApartForEveryEye_data() {
        QTest::addColumn<int>("eye");
        QTest::newRow("protanope") << 0;
        QTest::newRow("deuteranope") << 1;
        QTest::newRow("tritanope") << 2;
    }
    void activeStatesKeepApartForEveryEye() {
        QFETCH(int, eye);
        const Eye& seen = eye == 0 ? kProtanope : eye == 1 ? kDeuteranope : kTritanope;
        const Theme t = current();
        for (const GpuState one : activeStates())
            for (const GpuState other : activeStates()) {
                const QColor a = t.state(one).colour;
                const QColor b = t.state(other).colour;
                const double apart = difference(seenBy(seen, a), seenBy(seen, b));
                QVERIFY2(
                    a == b || apart >= 8.0,
                    qPrintable(QString("%1 / %2: %3").arg(stateLabel(one), stateLabel(other)).arg(apart)));
            }
        // Who waits, and for whom, keeps apart by colour alone.
        const auto apart = [&](GpuState a, GpuState b) {
            return difference(seenBy(seen, t.state(a).colour), seenBy(seen, t.state(b).colour));
        };
        QVERIFY(apart(GpuState::Computing, GpuState::Waiting) > 25);
        QVERIFY(apart(GpuState::Computing, GpuState::Culprit) > 25);
        QVERIFY(apart(GpuState::Waiting, GpuState::Culprit) > 20);
        QVERIFY(difference(seenBy(seen, t.divergingAt(1)), seenBy(seen, t.divergingAt(-1))) > 25);
    }

    /// Curves of strategies and GPUs of classes have no pattern: their colours tell them apart for every eye.
    void palettesKeepApartForEveryEye_data() { activeStatesKeepApartForEveryEye_data(); }
    void palettesKeepApartForEveryEye() {
        QFETCH(int, eye);
        const Eye& seen = eye == 0 ? kProtanope : eye == 1 ? kDeuteranope : kTritanope;
        const Theme t = current();
        for (const auto& palette : {t.strategies, t.classes})
            for (std::size_t i = 0; i < palette.size(); ++i)
                for (std::size_t j = 0; j < i; ++j) {
                    const double apart = difference(seenBy(seen, palette[i]), seenBy(seen, palette[j]));
                    QVERIFY2(
                        apart >= 15,
                        qPrintable(
                            QString("%1 / %2: %3").arg(palette[i].name(), palette[j].name()).arg(apart)));
                }
        // Quantities: lighter is more, whoever looks.
        for (double share = 0.1; share <= 1.0; share += 0.1)
            QVERIFY(lab(seenBy(seen, t.sequentialAt(share))).l >
                    lab(seenBy(seen, t.sequentialAt(share - 0.1))).l);
        // Links: idle, busy and congested.
        QVERIFY(difference(seenBy(seen, t.loadAt(0)), seenBy(seen, t.loadAt(1))) > 15);
        QVERIFY(difference(seenBy(seen, t.loadAt(0.6)), seenBy(seen, t.loadAt(1))) > 15);
    }

    void whatMattersKeepsApartByColourAlone() {
        const Theme t = current();
        const auto seen = [&](GpuState a, GpuState b) {
            return difference(deuteranope(t.state(a).colour), deuteranope(t.state(b).colour));
        };
        QVERIFY(seen(GpuState::Computing, GpuState::Waiting) > 25);
        QVERIFY(seen(GpuState::Computing, GpuState::Culprit) > 25);
        QVERIFY(seen(GpuState::Waiting, GpuState::Culprit) > 20);
        QVERIFY(seen(GpuState::Computing, GpuState::Communicating) > 20);
    }

    void sequentialMapIsMonotone() {
        const Theme t = current();
        for (std::size_t i = 8; i < t.sequential.size(); ++i)
            QVERIFY(lab(QColor::fromRgb(t.sequential[i])).l > lab(QColor::fromRgb(t.sequential[i - 8])).l);
        QVERIFY(lab(t.sequentialAt(1)).l - lab(t.sequentialAt(0)).l > 70);
        QCOMPARE(t.sequentialAt(-3), t.sequentialAt(0));
        QCOMPARE(t.sequentialAt(std::numeric_limits<double>::quiet_NaN()), t.sequentialAt(0));
    }

    void divergingMapIsSymmetric() {
        const Theme t = current();
        const double towards = lab(t.divergingAt(1)).l > lab(t.divergingAt(0)).l ? 1 : -1;
        for (const double side : {-1.0, 1.0})
            for (double x = 0.1; x <= 1.0; x += 0.1)
                QVERIFY((lab(t.divergingAt(side * x)).l - lab(t.divergingAt(side * (x - 0.1))).l) * towards >
                        0);
        QVERIFY(qAbs(lab(t.divergingAt(1)).l - lab(t.divergingAt(-1)).l) < 12);
        QVERIFY(difference(deuteranope(t.divergingAt(1)), deuteranope(t.divergingAt(-1))) > 25);
    }

    void fontsAreBundled() {
        QVERIFY(registerFonts());
        const Theme t = current();
        QCOMPARE(QFontInfo(t.font(TextRole::Body)).family(), QString("Inter"));
        QCOMPARE(QFontInfo(t.font(TextRole::Head)).weight(), int(QFont::DemiBold));
        QCOMPARE(QFontInfo(t.font(TextRole::Body)).pixelSize(), 12);
        QCOMPARE(QFontInfo(t.font(TextRole::Body, 2.0)).pixelSize(), 24);
    }

    void brokenFilesSayWhatIsWrong_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("says");
        QFile good(":/atlas/theme/dark.json");
        QVERIFY(good.open(QIODevice::ReadOnly));
        const QByteArray all = good.readAll();
        QTest::newRow("not JSON") << QByteArray("{") << "is not JSON";
        QTest::newRow("role gone") << QByteArray(all).replace("\"accent\"", "\"acent\"") << "`accent`";
        QTest::newRow("no colour") << QByteArray(all).replace("#4cc2e0", "teal-ish") << "`accent`";
        QTest::newRow("pattern") << QByteArray(all).replace("\"hatch\"", "\"hatched\"") << "`waiting`";
        QTest::newRow("mode") << QByteArray(all).replace("\"mode\": \"dark\"", "\"mode\": \"dim\"")
                              << "neither dark nor light";
    }
    void brokenFilesSayWhatIsWrong() {
        QFETCH(QByteArray, content);
        QFETCH(QString, says);
        const QTemporaryDir dir;
        QFile file(dir.filePath("theme.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        const auto theme = readTheme(file.fileName());
        QVERIFY(!theme.ok());
        const QString errors = QString::fromStdString(text(theme.errors()));
        QVERIFY2(errors.contains(says), qPrintable(errors));
        QVERIFY2(errors.contains("theme.json"), qPrintable(errors));
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"

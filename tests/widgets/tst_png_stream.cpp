// PNG row by row: what is read back is what was written, and a full disk is noticed.
#include "widgets/export_service.h"
#include "widgets/png_stream.h"

#include <QBuffer>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace atlas;
using namespace atlas::widgets;

namespace {

/// Takes so many bytes and no more.
class FullDevice final : public QIODevice {
public:
    explicit FullDevice(qint64 room)
        : m_room(room) {
        open(QIODevice::WriteOnly);
    }

protected:
    qint64 readData(char*, qint64) override { return -1; }
    qint64 writeData(const char*, qint64 size) override {
        if (size > m_room) {
            return -1;
        }
        m_room -= size;
        return size;
    }

private:
    qint64 m_room;
};

/// Flat parts, ramps and noise, so that every filter is the best of some row.
QImage sample(QSize size, bool transparent) {
    QImage image(size, transparent ? QImage::Format_ARGB32 : QImage::Format_RGB32);
    QRandomGenerator random(4);
    for (int y = 0; y < size.height(); ++y) {
        for (int x = 0; x < size.width(); ++x) {
            const QRgb noise = random.generate();
            const int alpha = transparent ? (x * 255 / size.width()) : 255;
            image.setPixel(x, y,
                           y % 3 == 0   ? qRgba(qRed(noise), qGreen(noise), qBlue(noise), alpha)
                           : y % 3 == 1 ? qRgba(x % 256, (x + y) % 256, 9, alpha)
                                        : qRgba(17, 34, 51, alpha));
        }
    }
    return image;
}

} // namespace

class TestPngStream : public QObject {
    Q_OBJECT
private slots:
    void readsBackAsWritten_data() {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<bool>("transparent");
        QTest::addColumn<int>("rows");
        QTest::newRow("whole") << QSize(301, 97) << false << 97;
        QTest::newRow("row by row") << QSize(301, 97) << false << 1;
        QTest::newRow("transparent, in parts") << QSize(301, 97) << true << 10;
        QTest::newRow("a pixel") << QSize(1, 1) << true << 1;
        QTest::newRow("wider than 32,768") << QSize(70'000, 3) << false << 2;
        QTest::newRow("chunk after chunk") << QSize(900, 700) << true << 64;
    }
    void readsBackAsWritten() {
        QFETCH(QSize, size);
        QFETCH(bool, transparent);
        QFETCH(int, rows);
        const QImage image = sample(size, transparent);
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);
        PngStream png(buffer, size, transparent, QStringLiteral("a · b"));
        for (int first = 0; first < size.height(); first += rows) {
            QVERIFY(png.write(image.copy(0, first, size.width(), std::min(rows, size.height() - first))));
        }
        QVERIFY(png.finish());
        QImage back;
        QVERIFY(back.loadFromData(buffer.data(), "PNG"));
        QCOMPARE(back.hasAlphaChannel(), transparent);
        QCOMPARE(back.text(QStringLiteral("Description")), QStringLiteral("a · b"));
        QCOMPARE(back.convertToFormat(image.format()), image);
    }

    void rowsThatAreMissingAreNoticed() {
        const QImage image = sample({40, 30}, false);
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);
        PngStream shorter(buffer, {40, 31}, false, {});
        QVERIFY(shorter.write(image));
        QVERIFY(!shorter.finish());
        PngStream narrower(buffer, {39, 30}, false, {});
        QVERIFY(!narrower.write(image));
    }

    /// Wherever it happens: in the head, among the pixels, at the end.
    void aFullDiskIsNoticed() {
        const QImage image = sample({300, 300}, false);
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);
        PngStream whole(buffer, image.size(), false, {});
        QVERIFY(whole.write(image) && whole.finish());
        const qint64 bytes = buffer.size();
        for (const qint64 room : {qint64(0), qint64(20), bytes / 2, bytes - 1}) {
            FullDevice device(room);
            PngStream png(device, image.size(), false, {});
            const bool good = png.write(image) && png.finish();
            QVERIFY2(!good, qPrintable(QString::number(room)));
        }
        FullDevice enough(bytes);
        PngStream png(enough, image.size(), false, {});
        QVERIFY(png.write(image) && png.finish());
    }

    void partsMakeAFile() {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("a.png"));
        const QImage image = sample({600, 400}, false);
        int asked = 0;
        const PictureParts parts{image.size(), false, [&](scenes::PaneRows rows) {
                                     ++asked;
                                     return image.copy(0, rows.first, image.width(), rows.count);
                                 }};
        QVERIFY(exportParts(path, parts, QStringLiteral("source")).empty());
        QCOMPARE(QImage(path).convertToFormat(QImage::Format_RGB32), image);
        QVERIFY(asked >= 1);
    }

    void whatIsTooLargeIsSaid_data() {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("memory");
        QTest::addColumn<QString>("says");
        QTest::newRow("no memory") << QSize(4000, 4000) << "a.png" << false << "memory does not hold";
        QTest::newRow("too many pixels") << QSize(300'000, 10) << "a.png" << true << "more than a picture";
        QTest::newRow("no folder") << QSize(10, 10) << "none/a.png" << true << "cannot write";
        QTest::newRow("no PNG") << QSize(10, 10) << "a.gif" << true << ".png";
    }
    /// And nothing is left behind.
    void whatIsTooLargeIsSaid() {
        QFETCH(QSize, size);
        QFETCH(QString, name);
        QFETCH(bool, memory);
        QFETCH(QString, says);
        const QTemporaryDir folder;
        const PictureParts parts{size, false, [&](scenes::PaneRows rows) {
                                     return memory ? sample({size.width(), rows.count}, false) : QImage();
                                 }};
        const Diagnostics problems = exportParts(folder.filePath(name), parts, {});
        QVERIFY(!problems.empty());
        const QString told = QString::fromStdString(text(problems));
        QVERIFY2(told.contains(says), qPrintable(told));
        QVERIFY(!problems.front().remedy.empty());
        QVERIFY(QDir(folder.path()).isEmpty());
    }
};

QTEST_MAIN(TestPngStream)
#include "tst_png_stream.moc"

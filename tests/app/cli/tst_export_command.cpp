// `atlas export`, run as a script would run it: files that exist, parse and say the same thing twice.
#include "app/cli/cli.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QImageReader>
#include <QJsonDocument>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <set>
#include <sstream>

using namespace atlas;

namespace {

struct Run {
    int status = 0;
    std::string out;
    std::string err;
};

Run run(const QStringList& arguments) {
    std::vector<QByteArray> words = {"atlas", "export"};
    for (const QString& argument : arguments) {
        words.push_back(argument.toUtf8());
    }
    std::vector<const char*> argv;
    for (const QByteArray& word : words) {
        argv.push_back(word.constData());
    }
    std::ostringstream out;
    std::ostringstream err;
    const int status = cli::run(static_cast<int>(argv.size()), argv.data(), out, err);
    return {status, out.str(), err.str()};
}

QByteArray content(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A record per line, as many cells in each as in the heading, at least one record, and no line cut short.
bool isWholeTable(const QByteArray& csv) {
    qsizetype columns = 0;
    qsizetype records = 0;
    qsizetype cells = 1;
    bool quoted = false;
    for (const char c : csv) {
        quoted = quoted != (c == '"');
        if (!quoted && c == ',') {
            ++cells;
        } else if (!quoted && c == '\n') {
            columns = records == 0 ? cells : columns;
            if (cells != columns) {
                return false;
            }
            ++records;
            cells = 1;
        }
    }
    return csv.endsWith('\n') && !quoted && columns > 1 && records > 1;
}

const QString kScenario = QStringLiteral(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml");

} // namespace

class TestExportCommand : public QObject {
    Q_OBJECT

private slots:
    void listNamesEverything() {
        const Run listed = run({QStringLiteral("--list")});
        QCOMPARE(listed.status, 0);
        for (const char* name :
             {"table", "report", "waterfall", "utilisation", "cash", "floorplan-a", "fabric-b", "assumptions",
              "plan", "plan-memory", "plan-stages", "plan-families", "scaling", "all"}) {
            QVERIFY2(listed.out.find(name) != std::string::npos, name);
        }
    }

    void misuseIsExplained_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("says");
        QTest::newRow("no name") << QStringList{kScenario, "-o", "x.png"} << 2 << "--list";
        QTest::newRow("unknown name")
            << QStringList{kScenario, "--what", "moon", "-o", "x.png"} << 2 << "moon";
        QTest::newRow("wrong ending")
            << QStringList{kScenario, "--what", "report", "-o", "x.png"} << 2 << "pdf";
        QTest::newRow("wrong size") << QStringList{kScenario, "--what", "cash", "-o", "x.png", "--size", "9x"}
                                    << 2 << "WIDTHxHEIGHT";
        QTest::newRow("scene too large")
            << QStringList{kScenario, "--what", "fabric-a", "-o", "x.png", "--size", "200000x9"} << 2
            << "131072";
        QTest::newRow("chart too large")
            << QStringList{kScenario, "--what", "cash", "-o", "x.png", "--size", "20000x900"} << 2 << "16384";
        QTest::newRow("part of the floor")
            << QStringList{kScenario, "--what", "floorplan-a", "-o", "x.png", "--around", "1,2,0,4"} << 2
            << "--around";
        QTest::newRow("time without unit")
            << QStringList{kScenario, "--what", "cash", "-o", "x.png", "--at", "12"} << 2 << "--at 12";
        QTest::newRow("no file") << QStringList{"/nowhere.yaml", "--what", "cash", "-o", "x.png"} << 1
                                 << "nowhere";
        QTest::newRow("no strategy") << QStringList{kScenario, "--what",       "cash", "-o",
                                                    "x.png",   "--strategy-a", "sell"}
                                     << 1 << "sell";
        QTest::newRow("no folder") << QStringList{kScenario, "--what", "assumptions", "-o", "/no/such/a.csv"}
                                   << 1 << "/no/such/a.csv";
    }
    void misuseIsExplained() {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QString, says);
        const Run done = run(arguments);
        QCOMPARE(done.status, status);
        QVERIFY2(QString::fromStdString(done.err).contains(says), done.err.c_str());
    }

    void everyFileIsWhole() {
        QTemporaryDir folder;
        const QString out = folder.filePath(QStringLiteral("out"));
        const Run done = run({kScenario, "--what", "all", "-o", out, "--draws", "4", "--quiet"});
        QVERIFY2(done.status == 0, done.err.c_str());
        const QStringList names = QDir(out).entryList(QDir::Files);
        QVERIFY(names.size() >= 16);
        for (const QString& name : names) {
            const QByteArray bytes = content(QDir(out).filePath(name));
            QVERIFY2(!bytes.isEmpty(), qPrintable(name));
            if (name.endsWith(QLatin1String(".png"))) {
                const QImage image = QImage::fromData(bytes);
                std::set<QRgb> colours;
                for (int y = 0; y < image.height(); y += 7) {
                    for (int x = 0; x < image.width(); x += 7) {
                        colours.insert(image.pixel(x, y));
                    }
                }
                QVERIFY2(colours.size() > 8, qPrintable(name)); // not an empty picture
            } else if (name.endsWith(QLatin1String(".svg")) || name.endsWith(QLatin1String(".graphml"))) {
                QXmlStreamReader xml(bytes);
                std::set<QString> nodes;
                while (!xml.atEnd()) {
                    xml.readNext();
                    if (xml.isStartElement() && xml.name() == QLatin1String("node")) {
                        QVERIFY(nodes.insert(xml.attributes().value(QLatin1String("id")).toString()).second);
                    } else if (xml.isStartElement() && xml.name() == QLatin1String("edge")) {
                        for (const char* end : {"source", "target"}) {
                            QVERIFY(nodes.contains(xml.attributes().value(QLatin1String(end)).toString()));
                        }
                    }
                }
                QVERIFY2(!xml.hasError(), qPrintable(name + xml.errorString()));
                QVERIFY(name.endsWith(QLatin1String(".svg")) || nodes.size() > 3);
            } else if (name.endsWith(QLatin1String(".pdf"))) {
                QVERIFY(bytes.startsWith("%PDF-"));
            } else if (name.endsWith(QLatin1String(".csv"))) {
                QVERIFY2(isWholeTable(bytes), qPrintable(name));
            }
        }
    }

    void theScalingChartTakesItsChoices() {
        QTemporaryDir folder;
        const auto rows = [&](const QStringList& choices) {
            const QString path = folder.filePath(QStringLiteral("s.csv"));
            const Run done =
                run(QStringList{kScenario, "--what", "scaling", "-o", path, "--quiet", "--job", "dense"} +
                    choices);
            return done.status == 0 ? content(path).trimmed().split('\n') : QList<QByteArray>();
        };
        const auto held = rows({});
        const auto grown = rows({"--batch", "grows"});
        const auto all = rows({"--curves", "all"});
        QVERIFY(held.size() > 6 * 17);
        QCOMPARE(grown.size(), held.size());
        QVERIFY(grown != held);
        QVERIFY(all.size() > held.size());
        QVERIFY(rows({"--precision", "fp8"}) != held);
        QCOMPARE(rows({"--metric", "mfu"}), held); // another picture of the same numbers
        QCOMPARE(run({kScenario, "--what", "scaling", "-o", "x.csv", "--batch", "shrinks"}).status, 2);
    }

    void thePlanIsThatOfTheSideAskedFor() {
        QTemporaryDir folder;
        const QString a = folder.filePath(QStringLiteral("a.csv"));
        const QString b = folder.filePath(QStringLiteral("b.csv"));
        QCOMPARE(run({kScenario, "--what", "plan", "-o", a, "--quiet"}).status, 0);
        QCOMPARE(run({kScenario, "--what", "plan", "-o", b, "--quiet", "--side", "b"}).status, 0);
        QVERIFY(content(a).startsWith("rank,state,"));
        QVERIFY(content(a) != content(b));
    }

    void scenesLieOnAnything() {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("floor.png"));
        const Run made = run({kScenario, "--what", "floorplan-a", "-o", path, "--size", "400x300", "--scale",
                              "1.5", "--at", "1d", "--transparent", "--no-legend", "--no-caption"});
        QVERIFY2(made.status == 0, made.err.c_str());
        const QImage picture(path);
        QCOMPARE(picture.size(), QSize(600, 450));
        QCOMPARE(qAlpha(picture.pixel(0, 0)), 0);
        // Halls hide what lies below, the ground between and around them does not.
        int hidden = 0;
        int open = 0;
        for (int y = 0; y < picture.height(); ++y) {
            for (int x = 0; x < picture.width(); ++x) {
                const int alpha = qAlpha(picture.pixel(x, y));
                hidden += alpha == 255 ? 1 : 0;
                open += alpha == 0 ? 1 : 0;
            }
        }
        const int all = picture.width() * picture.height();
        QVERIFY2(hidden > all / 10 && open > all / 4, qPrintable(QString("%1 %2").arg(hidden).arg(open)));
        // A part of it is larger than all of it: another picture, on the theme's ground.
        const QString part = folder.filePath(QStringLiteral("part.png"));
        QCOMPARE(run({kScenario, "--what", "floorplan-a", "-o", part, "--size", "400x300", "--at", "1d",
                      "--around", "5,5,20,15"})
                     .status,
                 0);
        const QImage closer(part);
        QCOMPARE(closer.size(), QSize(800, 600));
        QVERIFY(!closer.hasAlphaChannel() || qAlpha(closer.pixel(0, 0)) == 255);
    }

    /// Larger than Qt writes a picture whole, in either direction.
    void scenesAtAnySize_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("size");
        QTest::addColumn<QStringList>("more");
        QTest::newRow("wide") << "floorplan-b"
                              << "40000x240" << QStringList{"--transparent"};
        QTest::newRow("high") << "fabric-a"
                              << "300x20000" << QStringList{"--no-legend"};
    }
    void scenesAtAnySize() {
        QFETCH(QString, what);
        QFETCH(QString, size);
        QFETCH(QStringList, more);
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("large.png"));
        const Run made = run(
            QStringList{kScenario, "--what", what, "-o", path, "--size", size, "--scale", "1", "--at", "1d"} +
            more);
        QVERIFY2(made.status == 0, made.err.c_str());
        QImageReader reader(path);
        QCOMPARE(reader.size(), QSize(size.section('x', 0, 0).toInt(), size.section('x', 1, 1).toInt()));
        const QImage picture = reader.read();
        QVERIFY(!picture.isNull());
        QCOMPARE(picture.hasAlphaChannel(), more.contains("--transparent"));
        // There is something in the middle of it.
        std::set<QRgb> colours;
        for (int i = -100; i < 100; ++i) {
            colours.insert(picture.pixel(picture.width() / 2 + i, picture.height() / 2));
        }
        QVERIFY2(colours.size() > 3, qPrintable(QString::number(colours.size())));
    }

    void scenesAreColouredBy() {
        const QTemporaryDir folder;
        QByteArray made[2];
        for (const bool power : {false, true}) {
            const QString path = folder.filePath(QStringLiteral("floor.png"));
            QCOMPARE(run({kScenario, "--what", "floorplan-a", "-o", path, "--size", "300x200", "--at", "1d",
                          "--colour", power ? "power" : "state"})
                         .status,
                     0);
            made[power ? 1 : 0] = content(path);
        }
        QVERIFY(made[0] != made[1]);
    }

    void sameBytesTwice_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("ending");
        QTest::newRow("report") << "report"
                                << "pdf";
        QTest::newRow("waterfall") << "waterfall"
                                   << "svg";
        QTest::newRow("floorplan") << "floorplan-a"
                                   << "png";
        QTest::newRow("table") << "table"
                               << "xlsx";
        QTest::newRow("plan") << "plan"
                              << "csv";
        QTest::newRow("scaling") << "scaling"
                                 << "svg";
        QTest::newRow("cash") << "cash"
                              << "json";
    }
    /// In processes of their own: nothing may hang on the seed of a hash or on the clock.
    void sameBytesTwice() {
        QFETCH(QString, what);
        QFETCH(QString, ending);
        QTemporaryDir folder;
        QByteArray first;
        for (int i = 0; i < 2; ++i) {
            const QString path = folder.filePath(QStringLiteral("%1.%2").arg(i).arg(ending));
            QProcess atlas;
            atlas.start(QStringLiteral(ATLAS_BINARY_DIR "/bin/atlas"),
                        {"export", kScenario, "--what", what, "-o", path, "--draws", "3", "--quiet"});
            QVERIFY(atlas.waitForFinished(120'000));
            QVERIFY2(atlas.exitCode() == 0, atlas.readAllStandardError().constData());
            const QByteArray bytes = content(path);
            QVERIFY(!bytes.isEmpty());
            if (i == 0) {
                first = bytes;
            } else {
                QVERIFY(bytes == first);
            }
        }
        if (ending == QLatin1String("json")) {
            QVERIFY(QJsonDocument::fromJson(first).isObject());
        }
    }
};

QTEST_MAIN(TestExportCommand)
#include "tst_export_command.moc"

// The strategies table, workbooks and the report.
#include "samples.h"
#include "widgets/assumptions_dialog.h"
#include "widgets/export_service.h"
#include "widgets/format.h"
#include "widgets/report.h"
#include "widgets/strategy_header.h"
#include "widgets/strategy_table.h"
#include "widgets/style.h"
#include "widgets/table_card.h"
#include "widgets/xlsx.h"

#include <QClipboard>
#include <QMimeData>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace atlas;
using namespace atlas::widgets;

namespace {

const Theme& light() {
    static const Theme theme = scenes::loadTheme(scenes::ThemeMode::Light);
    return theme;
}

/// A report that fills several pages, with a source longer than a page.
struct Sample {
    WaterfallPlot waterfall;
    CashPlot cash;
    ReportContent content;
    Sample() {
        waterfall.setValues(samples::waterfallValues());
        cash.setValues(samples::cashValues());
        content.title = QStringLiteral("Train on Colossus 1, or lease it and train on Colossus 2?");
        content.scenarioName = QStringLiteral("Colossus");
        content.scenarioFile = QStringLiteral("colossus.atlas.yaml");
        content.findings = {waterfallFinding(waterfall.values()), cashFinding(cash.values())};
        QImage picture(800, 600, QImage::Format_RGB32);
        picture.fill(QColor(20, 30, 40));
        content.pictures = {{QStringLiteral("A  Colossus 1"), QStringLiteral("220 000 GPUs"), picture},
                            {QStringLiteral("B  Colossus 2"), QStringLiteral("550 000 GPUs"), picture}};
        content.comparison = samples::comparison();
        content.strategyA = QStringLiteral("train-1");
        content.strategyB = QStringLiteral("lease-train");
        content.charts = {
            {{waterfallFinding(waterfall.values()), QStringLiteral("share of peak"), {}}, &waterfall},
            {{cashFinding(cash.values()), QStringLiteral("USD"), {}}, &cash}};
        for (int i = 0; i < 120; ++i) {
            catalog::Sourced number(1e6 * i, "a source of number " + std::to_string(i));
            number.low = number.value * 0.9;
            number.high = number.value * 1.2;
            if (i == 50) {
                for (int k = 0; k < 5000; ++k) {
                    number.source += " endless";
                }
            }
            content.assumptions.push_back(
                {QStringLiteral("clusters.colossus-1.number-%1").arg(i), number, units::Dimension::Usd});
        }
        content.seed = 7;
    }
};

} // namespace

class TestTables : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(scenes::registerFonts());
        applyStyle(*qApp, light());
    }

    void columnsAreReadDownwards() {
        DataTableModel model;
        model.setTable({QStringLiteral("sample"),
                        {"GPUs", "step [s]", "slower [%]", "error", "bytes"},
                        {{2048.0, 17.0, 0.0, -0.5, 3.5},
                         {16.0, 17.24, 0.992, QVariant(), 7.0e9},
                         {220000.0, 9.5, 14.96, 0.125, 1e-7}}});
        const auto column = [&](int c) {
            QStringList texts;
            for (int r = 0; r < model.rowCount(); ++r) {
                texts << model.data(model.index(r, c), Qt::DisplayRole).toString();
            }
            return texts;
        };
        const QString minus(QChar(0x2212));
        QCOMPARE(column(0), QStringList({countText(2048), countText(16), countText(220000)}));
        QCOMPARE(column(1), QStringList({"17.0", "17.2", "9.5"}));
        QCOMPARE(column(2), QStringList({"0.0", "1.0", "15.0"}));
        QCOMPARE(column(3), QStringList({minus + "0.500", notApplicable(), "0.125"}));
        // Sixteen decades have no decimals in common: each number has its own digits.
        QCOMPARE(column(4).first(), QStringLiteral("3.5"));
        QCOMPARE(fixedText(-1204.04, 1), minus + "1" + QChar(0x202f) + "204.0");
    }

    void valuesRangesAndDifferences() {
        StrategyTableModel model;
        model.setComparison(samples::comparison());
        model.setBase(QStringLiteral("train-1"));
        QCOMPARE(model.rowCount(), 5);
        QCOMPARE(model.columnCount(), 3);
        QCOMPARE(model.index(0, 1).data().toString(), QStringLiteral("36 %"));
        QCOMPARE(model.index(0, 1).data(StrategyTableModel::RangeRole).toString(), QStringLiteral("33–39 %"));
        QCOMPARE(model.index(0, 1).data(StrategyTableModel::DifferenceRole).toString(),
                 QStringLiteral("+25 pp"));
        QCOMPARE(model.index(0, 0).data(StrategyTableModel::DifferenceRole).toString(), QString());
        QCOMPARE(model.index(1, 1).data(StrategyTableModel::DirectionRole).toInt(),
                 1); // fewer months are better
        QCOMPARE(model.index(4, 0).data().toString(), QString(QChar(0x2014)));
        QVERIFY(!model.index(4, 0).data(StrategyTableModel::ValueRole).isValid());
        QCOMPARE(model.headerData(3, Qt::Vertical).toString(), QStringLiteral("Cash at the horizon"));
    }

    void winnersOnlyWhereRangesPart() {
        StrategyTableModel model;
        model.setComparison(samples::comparison());
        const auto wins = [&](int row, int column) {
            return model.index(row, column).data(StrategyTableModel::WinnerRole).toBool();
        };
        QVERIFY(wins(0, 1));
        QVERIFY(!wins(0, 0));
        QVERIFY(!wins(1, 1)); // 11.8–14.9 months overlap 13.2–19
        QVERIFY(wins(3, 1));
        QVERIFY(!wins(4, 1)); // nobody to beat, and neither way is better
    }

    void whatWasNeverCheckedIsMarked() {
        auto comparison = samples::comparison();
        const std::string words = "550,000 GPUs is 239 times the largest validated run";
        comparison.strategies[1].validity.training.excesses = {{validation::Axis::Size, 239, words}};
        StrategyTableModel model;
        model.setComparison(comparison);
        const auto caveat = [&](int row, int column) {
            return model.index(row, column).data(StrategyTableModel::CaveatRole).toString();
        };
        QCOMPARE(caveat(0, 1), QString::fromStdString(words)); // MFU rests on the training model
        QCOMPARE(caveat(0, 0), QString());
        QCOMPARE(caveat(3, 1), QString()); // cash does not
        QCOMPARE(model.index(0, 1).data().toString(), QStringLiteral("36 %") + outsideMark());
        QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("11 %"));
        QVERIFY(model.index(0, 1).data(Qt::AccessibleTextRole).toString().contains(text(words)));
        QVERIFY(model.table().csv().contains(text(words)));
        QVERIFY(model.marked());
        model.setComparison(samples::comparison());
        QVERIFY(!model.marked() && !model.table().csv().contains(outsideMark()));
    }

    void rangesArriveWithoutLosingTheView() {
        StrategyTable table;
        table.setTheme(light());
        table.resize(700, 400);
        auto central = samples::comparison();
        central.draws = 0;
        table.setComparison(central);
        table.view()->setCurrentIndex(table.model().index(2, 1));
        QSignalSpy resets(table.view()->model(), &QAbstractItemModel::modelReset);
        table.setComparison(samples::comparison());
        QCOMPARE(resets.size(), 0);
        QCOMPARE(table.view()->currentIndex(), table.model().index(2, 1));
        QVERIFY(table.title().startsWith(
            QStringLiteral("Lease Colossus 1, train on Colossus 2 is clearly best")));
    }

    void headerChoosesSides() {
        StrategyTable table;
        table.setTheme(light());
        table.resize(800, 400);
        table.setComparison(samples::comparison());
        table.setSides(QStringLiteral("train-1"), QStringLiteral("fix"));
        table.show();
        QCOMPARE(table.header()->visualIndex(2), 1); // A and B stand first
        QSignalSpy chosen(&table, &StrategyTable::sideChosen);
        QTest::mouseClick(table.header()->viewport(), Qt::LeftButton, {},
                          table.header()->badgeRect(1, Side::A).center());
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].value<Side>(), Side::A);
        QCOMPARE(chosen[0][1].toString(), QStringLiteral("lease-train"));
        table.view()->setCurrentIndex(table.model().index(0, 1));
        table.view()->setFocus();
        QTest::keyClick(table.view(), Qt::Key_B);
        QCOMPARE(chosen.last()[0].value<Side>(), Side::B);
        QSignalSpy why(&table, &StrategyTable::whyRequested);
        QTest::keyClick(table.view(), Qt::Key_Return);
        QCOMPARE(why.size(), 1);
        QCOMPARE(why[0][1].toString(), QStringLiteral("mfu"));
        QTest::keyClick(table.view(), Qt::Key_C, Qt::ControlModifier);
        QVERIFY(
            QGuiApplication::clipboard()->text().contains(QStringLiteral("mfu\tModel FLOPs utilisation")));
    }

    void tablesAsFiles() {
        StrategyTableModel model;
        model.setComparison(samples::comparison());
        const DataTable table = model.table();
        QVERIFY(table.csv().contains(QStringLiteral("owner_cash_usd,Cash at the horizon,USD,-20600000000")));
        const auto first = xlsxFile({table}, QStringLiteral("t"));
        QVERIFY(first.ok());
        QVERIFY(first->startsWith("PK"));
        QTest::qWait(1100);
        QCOMPARE(*xlsxFile({table}, QStringLiteral("t")), *first);
    }

    void cellsAreQuoted() {
        DataTable table;
        table.columns = {"a", "b"};
        table.rows = {{QStringLiteral("x, \"y\""), 0.1}, {QStringLiteral("=1+1"), QVariant()}};
        QCOMPARE(table.csv(), QStringLiteral("a,b\n\"x, \"\"y\"\"\",0.1\n'=1+1,\n"));
        table.rows = {{QStringLiteral("a\tb\nc"), 2.0}};
        QCOMPARE(table.tsv(), QStringLiteral("a\tb\na b c\t2\n"));
    }

    void reportIsADocument() {
        Sample sample;
        const QByteArray pdf = reportPdf(sample.content, light());
        QVERIFY(pdf.startsWith("%PDF-"));
        QTest::qWait(1100);
        QCOMPARE(reportPdf(sample.content, light()), pdf);
        if (QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty()) {
            QSKIP("pdftotext (poppler-utils) is not there to read the report");
        }
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("r.pdf")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(pdf);
        file.close();
        QProcess reader;
        reader.start(QStringLiteral("pdftotext"), {QStringLiteral("-layout"), file.fileName(), "-"});
        QVERIFY(reader.waitForFinished(20000));
        const QString words = QString::fromUtf8(reader.readAllStandardOutput());
        const QStringList pages = words.split('\f', Qt::SkipEmptyParts);
        QVERIFY(pages.size() >= 4);
        for (qsizetype i = 0; i < pages.size(); ++i) {
            QVERIFY2(pages[i].contains(QStringLiteral("%1 of %2").arg(i + 1).arg(pages.size())),
                     qPrintable(pages[i].right(200)));
        }
        QVERIFY(words.contains(QStringLiteral("clusters.colossus-1.number-119")));
        QVERIFY(words.contains(QStringLiteral("a source of number 119")));
        QVERIFY(words.contains(QStringLiteral("seed 7")));
        QVERIFY(words.contains(QStringLiteral("36 %")));
    }
};

QTEST_MAIN(TestTables)
#include "tst_tables.moc"

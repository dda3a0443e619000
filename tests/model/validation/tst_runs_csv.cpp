// Published runs as files: what a spreadsheet may write, and what is wrong with a file.
#include "model/validation/runs_csv.h"

#include <QTest>

using namespace atlas::validation;

class TestRunsCsv : public QObject {
    Q_OBJECT

private slots:
    void readsWhatSpreadsheetsWrite_data();
    void readsWhatSpreadsheetsWrite();
    void numbersAreReadStrictly();
    void brokenFilesAreNamed_data();
    void brokenFilesAreNamed();
    void quotesWhatNeedsIt();
    void readsThePublishedRuns();
};

void TestRunsCsv::readsWhatSpreadsheetsWrite_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("plain") << QByteArray("id,gpu,notes\na,H100-SXM,\"x, \"\"y\"\"\"\nb,A100,\n");
    QTest::newRow("CRLF") << QByteArray("id,gpu,notes\r\na,H100-SXM,\"x, \"\"y\"\"\"\r\nb,A100,\r\n");
    QTest::newRow("byte order mark") << QByteArray(
        "\xEF\xBB\xBFid,gpu,notes\na,H100-SXM,\"x, \"\"y\"\"\"\nb,A100,");
    QTest::newRow("other order, unknown column, blank lines")
        << QByteArray("\ncolour,notes,gpu,id\n\nred,\"x, \"\"y\"\"\", H100-SXM ,a\nblue,,A100,b\n\n");
    QTest::newRow("comments ahead") << QByteArray(
        "# what\n# this is\nid,gpu,notes\na,H100-SXM,\"x, \"\"y\"\"\"\nb,A100,\n");
    QTest::newRow("short row") << QByteArray("id,gpu,notes\na,H100-SXM,\"x, \"\"y\"\"\"\nb,A100\n");
}

void TestRunsCsv::readsWhatSpreadsheetsWrite() {
    QFETCH(QByteArray, text);
    const auto rows =
        parseRuns(std::string_view(text.constData(), static_cast<std::size_t>(text.size())), "f.csv");
    QVERIFY(rows.ok());
    QCOMPARE(rows->size(), std::size_t{2});
    QCOMPARE(rows->at(0).text("id"), std::string("a"));
    QCOMPARE(rows->at(0).text("gpu"), std::string("H100-SXM"));
    QCOMPARE(rows->at(0).text("notes"), std::string("x, \"y\""));
    QCOMPARE(rows->at(1).text("id"), std::string("b"));
    QCOMPARE(rows->at(1).text("notes"), std::string());
    QCOMPARE(rows->at(1).text("no such column"), std::string());
}

void TestRunsCsv::numbersAreReadStrictly() {
    const auto rows = parseRuns("id,a,b,c,d\nx,12.5,,1e3x,inf\n", "f.csv");
    QVERIFY(rows.ok());
    bool wrong = false;
    QCOMPARE(rows->at(0).number("a", &wrong).value(), 12.5);
    QVERIFY(!rows->at(0).number("b", &wrong) && !wrong);
    QVERIFY(!rows->at(0).number("c", &wrong) && wrong);
    wrong = false;
    QVERIFY(!rows->at(0).number("d", &wrong) && wrong);
}

void TestRunsCsv::brokenFilesAreNamed_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("empty") << QByteArray() << "no column `id`";
    QTest::newRow("no id") << QByteArray("gpu,precision\nH100,bf16\n") << "no column `id`";
    QTest::newRow("open quote") << QByteArray("id,notes\na,\"never\nb,c\n")
                                << "a quote in this row never ends";
    QTest::newRow("only a comment") << QByteArray("# nothing") << "no column `id`";
    QTest::newRow("binary") << QByteArray("\x7f"
                                          "ELF\0\0\1\2",
                                          8)
                            << "no column `id`";
}

void TestRunsCsv::brokenFilesAreNamed() {
    QFETCH(QByteArray, text);
    QFETCH(QString, expected);
    const auto rows =
        parseRuns(std::string_view(text.constData(), static_cast<std::size_t>(text.size())), "f.csv");
    QVERIFY(!rows.ok());
    QVERIFY2(QString::fromStdString(atlas::text(rows.errors())).contains(expected),
             atlas::text(rows.errors()).c_str());
}

void TestRunsCsv::quotesWhatNeedsIt() {
    QCOMPARE(csvCell("plain"), std::string("plain"));
    QCOMPARE(csvCell("a,b"), std::string("\"a,b\""));
    QCOMPARE(csvCell("a\"b"), std::string("\"a\"\"b\""));
}

void TestRunsCsv::readsThePublishedRuns() {
    const auto rows = readRuns(ATLAS_SOURCE_RESOURCES "/validation/training_runs.csv");
    QVERIFY(rows.ok());
    QCOMPARE(rows->size(), std::size_t{524});
    QCOMPARE(std::count_if(rows->begin(), rows->end(), [](const RunRow& row) { return row.isClean(); }), 381);
    QVERIFY(!readRuns("/no/such/file.csv").ok());
}

QTEST_APPLESS_MAIN(TestRunsCsv)
#include "tst_runs_csv.moc"

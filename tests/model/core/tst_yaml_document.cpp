#include "model/core/yaml_document.h"

#include <QTest>

using namespace atlas;

namespace {

/// The first error of a text that must not parse, as "line:column: message".
QString refusal(const std::string& text, const yaml::Limits& limits = {}) {
    Diagnostics problems;
    const auto root = yaml::parse(text, "f", limits, problems);
    if (root && problems.empty()) {
        return "parsed";
    }
    const Diagnostic& why = root ? problems.front() : root.errors().front();
    return QString("%1:%2: %3")
        .arg(why.place.line)
        .arg(why.place.column)
        .arg(QString::fromStdString(why.message));
}

std::string nested(int depth, char open, char close) {
    return std::string(static_cast<std::size_t>(depth), open) +
           std::string(static_cast<std::size_t>(depth), close);
}

/// The "billion laughs": every level holds the one before it ten times.
std::string laughs(int levels) {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i <= levels; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
        for (int j = 1; j < 10; ++j) {
            text += ", " + before;
        }
        text += "]\n";
    }
    return text;
}

} // namespace

/// Untrusted YAML: what is read, with places, and what is refused, where.
class TestYamlDocument : public QObject {
    Q_OBJECT
private slots:
    void keepsPlaces() {
        Diagnostics problems;
        const auto root =
            yaml::parse("a: 1\nb:\n  - x\n  - {c: \u00e4\u00f6, d: \"q\"}\n", "f", {}, problems);
        QVERIFY(root.ok());
        QVERIFY(problems.empty());
        const yaml::Node& map = *(*root)->find("b")->items[1];
        QCOMPARE(map.find("c")->place.line, 4);
        QCOMPARE(map.find("c")->place.column, 9);
        QCOMPARE(map.find("d")->place.column, 16); // characters, not bytes
        QVERIFY(map.find("d")->quoted);
        QCOMPARE((*root)->entries[1].place.line, 2);
        QVERIFY((*root)->find("z") == nullptr);
    }
    void sharesAliases() {
        Diagnostics problems;
        const auto root = yaml::parse("a: &x {k: 1}\nb: *x\n", "f", {}, problems);
        QVERIFY(root.ok());
        QCOMPARE((*root)->find("a"), (*root)->find("b"));
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("empty") << QByteArray() << "0:0: the file is empty";
        QTest::newRow("blank") << QByteArray(" \n\t\n") << "0:0: the file is empty";
        QTest::newRow("comment") << QByteArray("# nothing\n") << "0:0: the file holds no values";
        QTest::newRow("binary") << QByteArray("a: 1\nb: \0 c", 11)
                                << "2:4: a control character (byte 0): this looks like a binary file";
        QTest::newRow("latin1") << QByteArray("name: caf\xe9\n") << "1:10: a byte that is not UTF-8 text";
        QTest::newRow("overlong") << QByteArray("a: \xc0\xaf\n") << "1:4: a byte that is not UTF-8 text";
        QTest::newRow("surrogate") << QByteArray("a: \xed\xa0\x80\n") << "1:4: a byte that is not UTF-8 text";
        QTest::newRow("cut") << QByteArray("a: \xe2\x82") << "1:4: a byte that is not UTF-8 text";
        QTest::newRow("twice") << QByteArray("a: 1\nb: 2\na: 3\n") << "3:1: `a` is given twice";
        QTest::newRow("mapping key") << QByteArray("{a: 1}: 2\n") << "1:1: a mapping or list as a key";
        QTest::newRow("list key") << QByteArray("? [a, b]\n: 2\n") << "1:3: a mapping or list as a key";
        QTest::newRow("null key") << QByteArray("~: 2\n") << "1:1: a key that is not text";
        QTest::newRow("merge") << QByteArray("a: &x {b: 1}\nc:\n  <<: *x\n")
                               << "3:3: merge keys (`<<`) are not supported";
        QTest::newRow("self") << QByteArray("a: &x [1, *x]\n")
                              << "1:11: an alias of a value that contains it";
        QTest::newRow("second") << QByteArray("a: 1\n---\nb: 1\n") << "3:1: a second document";
        QTest::newRow("syntax") << QByteArray("a: [1, 2\nb: 3\n")
                                << "2:2: not YAML: end of sequence flow not found";
        QTest::newRow("tab") << QByteArray("a:\n\tb: 1\n") << "2:3: not YAML: illegal map value";
        QTest::newRow("unknown alias")
            << QByteArray("a: *b\n") << "1:4: not YAML: the referenced anchor is not defined";
    }
    void refuses() {
        QFETCH(QByteArray, text);
        QFETCH(QString, expected);
        QCOMPARE(refusal(text.toStdString()), expected);
    }

    void limits() {
        QCOMPARE(refusal(std::string(5u << 20, ' ')),
                 QString("0:0: the file has 5242880 bytes; the limit is 4194304"));
        QCOMPARE(refusal(nested(33, '[', ']')), QString("1:33: nested deeper than 32 levels"));
        QCOMPARE(refusal(nested(32, '[', ']')), QString("parsed"));
        QCOMPARE(refusal(nested(2'000'000, '[', ']')), QString("1:33: nested deeper than 32 levels"));
        QCOMPARE(refusal(std::string(2'000'000, '{')), QString("1:1: a mapping or list as a key"));
        std::string deep;
        for (int i = 0; i < 100; ++i) {
            deep += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
        }
        QCOMPARE(refusal(deep), QString("33:33: nested deeper than 32 levels"));
        QCOMPARE(refusal("[" + std::string(600'000, ',') + "]"),
                 QString("1:200002: more than 200000 values"));
    }
    void aliasBombs() {
        QCOMPARE(refusal(laughs(3)), QString("parsed"));
        QVERIFY(refusal(laughs(9)).endsWith(
            "more than 200000 values, aliases counted as often as they are used"));
        yaml::Limits few;
        few.maxAliases = 5;
        QVERIFY(refusal(laughs(1), few).endsWith("more than 5 aliases"));
    }
    void files() {
        QVERIFY(!yaml::readFile("/nowhere.yaml", 100).ok());
        QCOMPARE(yaml::readFile("/nowhere.yaml", 100).errors().front().message, std::string("no such file"));
        QCOMPARE(yaml::readFile("/tmp", 100).errors().front().message, std::string("is a folder"));
        QCOMPARE(yaml::readFile("/dev/zero", 100).errors().front().message,
                 std::string("is larger than the limit of 100 bytes"));
    }
};

QTEST_APPLESS_MAIN(TestYamlDocument)
#include "tst_yaml_document.moc"

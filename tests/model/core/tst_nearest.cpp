#include "model/core/nearest.h"

#include <QTest>

using namespace atlas;

/// "Did you mean": the distance, the nearest word, and when to keep silent.
class TestNearest : public QObject {
    Q_OBJECT
private slots:
    void distances() {
        QCOMPARE(editDistance("halls", "halls", 3), 0);
        QCOMPARE(editDistance("hals", "halls", 3), 1);   // insert
        QCOMPARE(editDistance("hallls", "halls", 3), 1); // delete
        QCOMPARE(editDistance("halks", "halls", 3), 1);  // replace
        QCOMPARE(editDistance("hlals", "halls", 3), 1);  // swap
        QCOMPARE(editDistance("HALLS", "halls", 3), 0);  // case
        QCOMPARE(editDistance("kitten", "sitting", 9), 3);
        QCOMPARE(editDistance("abc", "xyzw", 2), 3); // past the limit
        QCOMPARE(editDistance("", "abc", 5), 3);
    }
    void nearestWord() {
        const std::vector<std::string> keys = {"gpu", "gpu_count", "halls", "fabric", "H100-SXM"};
        QCOMPARE(nearest("gpu_cout", keys), std::string("gpu_count"));
        QCOMPARE(nearest("hall", keys), std::string("halls"));
        QCOMPARE(nearest("H100", keys), std::string("H100-SXM")); // a part of it
        QCOMPARE(nearest("temperature", keys), std::string());
        QCOMPARE(nearest("", keys), std::string());
        QCOMPARE(nearest(std::string(5000, 'x'), keys), std::string());
    }
    void suggestions() {
        QCOMPARE(suggestion("trian", {"train", "serve"}), std::string("did you mean `train`?"));
        QCOMPARE(suggestion("quux", {"train", "serve"}), std::string("valid are: train, serve"));
        QCOMPARE(suggestion("quux", {"train"}), std::string("valid is: train"));
        QCOMPARE(suggestion("quux", {}), std::string());
        QVERIFY(suggestion("quux", std::vector<std::string>(20, "something")).starts_with("valid are: "));
        QCOMPARE(suggestion("quux", std::vector<std::string>(21, "something")), std::string());
    }
};

QTEST_APPLESS_MAIN(TestNearest)
#include "tst_nearest.moc"

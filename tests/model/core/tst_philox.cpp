#include "model/core/philox.h"

#include <QTest>

using namespace atlas;

/// The generator against its published known answer, and the uniform it feeds.
class TestPhilox : public QObject {
    Q_OBJECT
private slots:
    void knownAnswer() {
        // Random123 kat_vectors: philox4x32 10 rounds, all counter and key words 0.
        const r123::Philox4x32::ctr_type zero = {{0, 0, 0, 0}};
        const r123::Philox4x32::key_type key = {{0, 0}};
        const auto out = r123::Philox4x32{}(zero, key);
        QCOMPARE(out[0], 0x6627e8d5u);
        QCOMPARE(out[1], 0xe169c58du);
        QCOMPARE(out[2], 0xbc57ac4cu);
        QCOMPARE(out[3], 0x9b00dbd8u);
    }
    void uniformStaysInside() {
        QVERIFY(random::uniform(0u, 0u) > 0.0);
        QVERIFY(random::uniform(0xffffffffu, 0xffffffffu) < 1.0);
    }
    void purposesDiffer() {
        QVERIFY(random::uniform(7, random::Purpose::StaticSpeed, 3) !=
                random::uniform(7, random::Purpose::StepMaximum, 3));
    }
};

QTEST_APPLESS_MAIN(TestPhilox)
#include "tst_philox.moc"

// Why one layout loses: the parts add up, and the words say what grew.
#include "model/explore/step_difference.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using explore::StepPart;
using training::StepAnatomy;

namespace {

StepAnatomy step(double gemm, double ep, double bubble) {
    StepAnatomy s;
    s.breakdown.gemm = gemm;
    s.breakdown.ep = ep;
    s.breakdown.bubble = bubble;
    s.stepTimeS = s.breakdown.sum();
    return s;
}

} // namespace

class TestStepDifference : public QObject {
    Q_OBJECT
private slots:
    void partsAddUp() {
        const StepAnatomy a = step(5, 1, 2);
        const StepAnatomy b = step(4.5, 1.4, 4);
        double sum = 0;
        for (const StepPart& part : explore::stepParts(b)) {
            sum += part.seconds;
        }
        QCOMPARE(sum, b.stepTimeS);
        double difference = 0;
        double last = 1e9;
        for (const StepPart& part : explore::stepDifference(a, b)) {
            QVERIFY(part.seconds <= last);
            last = part.seconds;
            difference += part.seconds;
        }
        QVERIFY(std::abs(difference - (b.stepTimeS - a.stepTimeS)) < 1e-12);
    }
    void whatGrewIsSaid_data() {
        QTest::addColumn<double>("gemm");
        QTest::addColumn<double>("ep");
        QTest::addColumn<double>("bubble");
        QTest::addColumn<QString>("words");
        QTest::newRow("two parts") << 5.0 << 1.3 << 2.8
                                   << "14 % slower: pipeline bubble +800 ms, expert all-to-all +300 ms";
        QTest::newRow("a hair is left out") << 5.0 << 1.001 << 2.8 << "10 % slower: pipeline bubble +800 ms";
        QTest::newRow("against it") << 4.5 << 1.0 << 4.0
                                    << "19 % slower: pipeline bubble +2 s; matrix products -500 ms";
        QTest::newRow("little") << 5.0 << 1.0 << 2.08 << "1.0 % slower: pipeline bubble +80 ms";
        QTest::newRow("nothing") << 5.0 << 1.0 << 2.0 << "as fast as the best";
    }
    void whatGrewIsSaid() {
        QFETCH(double, gemm);
        QFETCH(double, ep);
        QFETCH(double, bubble);
        QFETCH(QString, words);
        QCOMPARE(QString::fromStdString(explore::whyItLoses(step(5, 1, 2), step(gemm, ep, bubble))), words);
    }
};

QTEST_APPLESS_MAIN(TestStepDifference)
#include "tst_step_difference.moc"

// The step's anatomy: limits by hand, conservation, errors that name the constraint.
#include "training_fixtures.h"

#include <QTest>

#include <cmath>

using namespace atlas::training;
using namespace atlas::training::fixtures;

namespace {

bool close(double a, double b, double relative) {
    return std::abs(a - b) <= relative * std::max(std::abs(a), std::abs(b));
}

void verifyConserved(const StepAnatomy& step) {
    QVERIFY(close(step.breakdown.sum(), step.stepTimeS, 1e-9));
    double tokens = 0;
    for (const ClassShare& share : step.classes) {
        QVERIFY(close(share.computeS + share.communicateS + share.waitS, step.stepTimeS, 1e-9));
        QVERIFY(share.computeS >= 0 && share.communicateS >= 0 && share.waitS >= -1e-9);
        tokens += share.shareOfTokens;
    }
    QVERIFY(close(tokens, 1, 1e-6));
}

} // namespace

class TestStep : public QObject {
    Q_OBJECT

private slots:
    void partsAddUpUnderEveryPolicy_data();
    void partsAddUpUnderEveryPolicy();
    void oneStageHasNoBubble();
    void errorsNameTheConstraint_data();
    void errorsNameTheConstraint();
};

void TestStep::partsAddUpUnderEveryPolicy_data() {
    QTest::addColumn<int>("placement");
    QTest::newRow("naive") << static_cast<int>(Placement::Naive);
    QTest::newRow("proportional") << static_cast<int>(Placement::Proportional);
    QTest::newRow("class stages") << static_cast<int>(Placement::ClassStages);
    QTest::newRow("local SGD") << static_cast<int>(Placement::LocalSgd);
    QTest::newRow("drop slowest") << static_cast<int>(Placement::DropSlowest);
}

void TestStep::partsAddUpUnderEveryPolicy() {
    QFETCH(int, placement);
    Job j = job(llama70b(), 2048);
    j.placement = static_cast<Placement>(placement);
    const auto step = evaluateStep(machine({hopper(1024), ampere(1024)}), j, layout(4, 8, 1, 32, 2048));
    if (!step) {
        QFAIL(atlas::text(step.errors()).c_str());
    }
    verifyConserved(*step);
    QVERIFY(step->mfu > 0 && step->mfu < 1);
    QCOMPARE(step->gpusTotal, std::int64_t{2048});
}

void TestStep::oneStageHasNoBubble() {
    const auto step = evaluateStep(machine({hopper(64)}), job(llama70b(), 64), layout(8, 1, 1, 8, 64));
    QVERIFY(step.ok());
    QCOMPARE(step->breakdown.bubble, 0.0);
    QCOMPARE(step->breakdown.pp, 0.0);
    verifyConserved(*step);
}

void TestStep::errorsNameTheConstraint_data() {
    QTest::addColumn<int>("tp");
    QTest::addColumn<int>("layers");
    QTest::addColumn<int>("batch");
    QTest::addColumn<double>("bandwidth");
    QTest::addColumn<QString>("expected");
    QTest::newRow("heads") << 24 << 80 << 64 << 450e9 << "tp 24 does not divide 64 heads";
    QTest::newRow("layers") << 8 << 0 << 64 << 450e9 << "the model has no layers";
    QTest::newRow("batch") << 8 << 80 << 4 << 450e9 << "a batch of 4 sequences is smaller than dp 8";
    QTest::newRow("bandwidth") << 8 << 80 << 64 << 0.0 << "the bandwidth of level `NVLink domain`";
    QTest::newRow("memory") << 1 << 80 << 64 << 450e9 << "memory:";
}

void TestStep::errorsNameTheConstraint() {
    QFETCH(int, tp);
    QFETCH(int, layers);
    QFETCH(int, batch);
    QFETCH(double, bandwidth);
    QFETCH(QString, expected);
    Machine m = machine({hopper(64 * 8)});
    m.pools[0].levels[0].bytesPerS = bandwidth;
    Job j = job(llama70b(), batch);
    j.model.layers = layers;
    const auto step = evaluateStep(m, j, layout(tp, 1, 1, 8, batch));
    QVERIFY(!step.ok());
    QVERIFY2(QString::fromStdString(atlas::text(step.errors())).contains(expected),
             atlas::text(step.errors()).c_str());
}

QTEST_APPLESS_MAIN(TestStep)
#include "tst_step.moc"

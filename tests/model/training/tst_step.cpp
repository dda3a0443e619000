// The step's anatomy: limits by hand, conservation, monotonicity, errors that name the constraint.
#include "training_fixtures.h"

#include "model/core/philox.h"

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
    for (const double part :
         {step.breakdown.gemm, step.breakdown.attention, step.breakdown.elementwise, step.breakdown.tp,
          step.breakdown.cp, step.breakdown.ep, step.breakdown.pp, step.breakdown.dp,
          step.breakdown.optimizer, step.breakdown.bubble, step.breakdown.barrier}) {
        QVERIFY(part >= -1e-12);
    }
}

/// A random layout of `job` on at most 512 GPUs that the model accepts, memory aside.
Layout randomLayout(const Machine& m, const Job& j, std::uint64_t draw) {
    for (std::uint64_t attempt = 0;; ++attempt) {
        const auto w = atlas::random::words(11, atlas::random::Purpose::MonteCarlo, draw * 1000 + attempt);
        Layout l;
        l.tp = 1 << (w[0] % 4);
        l.pp = 1 << (w[1] % 4);
        l.cp = 1 << (w[2] % 2);
        l.ep = j.model.experts > 0 ? 1 << (w[2] / 8 % 5) : 1;
        l.dp = std::int64_t{1} << (w[3] % 6);
        l.vp = l.pp > 1 ? 1 + static_cast<int>(w[1] / 16 % 3) : 1;
        l.microBatch = 1 << (w[0] / 16 % 3);
        l.globalBatch = j.globalBatch;
        l.sequenceParallel = l.tp > 1 && w[3] / 64 % 2 == 0;
        l.recompute = static_cast<Recompute>(w[2] / 256 % 4);
        l.sharding = static_cast<Sharding>(w[3] / 256 % 3);
        if (checkLayout(m, j, l).empty()) {
            return l;
        }
    }
}

/// Memory for any layout, so that properties of time can be asked of all of them.
Machine roomy(Machine m) {
    for (Pool& pool : m.pools) {
        pool.hbmBytes = 1e15;
    }
    return m;
}

} // namespace

class TestStep : public QObject {
    Q_OBJECT

private slots:
    void partsAddUpUnderEveryPolicy_data();
    void partsAddUpUnderEveryPolicy();
    void partsAddUpForAnyLayout();
    void oneGpuComputesAndNothingElse();
    void oneStageHasNoBubble();
    void bubbleFollowsTheFormula();
    void aPipelineKeepsWeightsGathered();
    void infiniteBandwidthExposesNothing();
    void moreIsNeverSlower_data();
    void moreIsNeverSlower();
    void recomputeCostsTimeAndSavesMemory();
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
    QVERIFY2(step.ok(), step.ok() ? "" : atlas::text(step.errors()).c_str());
    verifyConserved(*step);
    QVERIFY(step->mfu > 0 && step->mfu < 1);
    QCOMPARE(step->gpusTotal, std::int64_t{2048});
}

void TestStep::partsAddUpForAnyLayout() {
    const Machine m = roomy(machine({hopper(512)}));
    for (const auto& model : {llama70b(), deepseek()}) {
        Job j = job(model, 512, Precision::Fp8);
        for (std::uint64_t draw = 0; draw < 150; ++draw) {
            const Layout l = randomLayout(m, j, draw);
            const auto step = evaluateStep(m, j, l);
            QVERIFY2(step.ok(), l.text().c_str());
            verifyConserved(*step);
            QVERIFY(step->hfu >= step->mfu && step->mfu < 1);
            QVERIFY(step->energyJ > 0);
        }
    }
}

void TestStep::oneGpuComputesAndNothingElse() {
    const Machine m = roomy(machine({hopper(1)}));
    const auto step = evaluateStep(m, job(llama70b(), 4), layout(1, 1, 1, 1, 4));
    QVERIFY(step.ok());
    const Breakdown& b = step->breakdown;
    QCOMPARE(b.tp + b.cp + b.ep + b.pp + b.dp + b.bubble + b.barrier, 0.0);
    // The step can be no shorter than its FLOPs at the datasheet's peak.
    const double flop = step->modelFlopPerToken * 4 * 8192;
    QVERIFY(step->stepTimeS > flop / 989e12);
    QVERIFY(close(step->kernelS, flop / 989e12, 1e-12));
    QVERIFY(close(step->mfu, step->kernelS / step->stepTimeS, 1e-12));
}

void TestStep::oneStageHasNoBubble() {
    const auto step = evaluateStep(machine({hopper(64)}), job(llama70b(), 64), layout(8, 1, 1, 8, 64));
    QVERIFY(step.ok());
    QCOMPARE(step->breakdown.bubble, 0.0);
    QCOMPARE(step->breakdown.pp, 0.0);
    verifyConserved(*step);
}

void TestStep::bubbleFollowsTheFormula() {
    // Narayanan et al. 2021: (p - 1) / (v m) of the ideal time; a model whose LM head weighs nothing, so that
    // the stages are nearly even.
    Machine m = roomy(machine({hopper(64)}));
    for (NetworkLevel& level : m.pools[0].levels) {
        level.bytesPerS = 1e30;
        level.latencyS = 0;
    }
    Job j = job(llama70b(), 64);
    j.model.vocab = 1;
    for (const int vp : {1, 2, 5}) {
        const auto step = evaluateStep(m, j, layout(8, 4, vp, 2, 64));
        QVERIFY(step.ok());
        const Breakdown& b = step->breakdown;
        const double ideal = b.gemm + b.attention + b.elementwise;
        QVERIFY2(close(b.bubble / ideal, 3.0 / (vp * 32), 0.04),
                 qPrintable(QString::number(b.bubble / ideal)));
    }
}

void TestStep::aPipelineKeepsWeightsGathered() {
    // Sharded in full or in the optimizer only, a stage gathers its weights once a step and sums its
    // gradients once; without a pipeline full sharding pays for every micro-batch.
    const Machine m = roomy(machine({hopper(512)}));
    const Job j = job(llama70b(), 1024);
    Layout staged = layout(4, 8, 1, 16, 1024);
    Layout flat = layout(4, 1, 1, 128, 1024);
    const auto timeOf = [&](Layout l, Sharding sharding) {
        l.sharding = sharding;
        return evaluateStep(m, j, l)->stepTimeS;
    };
    QCOMPARE(timeOf(staged, Sharding::Fsdp), timeOf(staged, Sharding::Optimizer));
    QVERIFY(timeOf(flat, Sharding::Fsdp) > 1.05 * timeOf(flat, Sharding::Optimizer));
}

void TestStep::infiniteBandwidthExposesNothing() {
    Machine m = roomy(machine({hopper(512)}));
    for (NetworkLevel& level : m.pools[0].levels) {
        level.bytesPerS = 1e30;
        level.latencyS = 0;
    }
    Job j = job(deepseek(), 512);
    for (std::uint64_t draw = 0; draw < 50; ++draw) {
        const auto step = evaluateStep(m, j, randomLayout(m, j, draw));
        QVERIFY(step.ok());
        const Breakdown& b = step->breakdown;
        QVERIFY(b.tp + b.cp + b.ep + b.pp + b.dp < 1e-6 * step->stepTimeS);
    }
}

void TestStep::moreIsNeverSlower_data() {
    QTest::addColumn<QString>("what");
    for (const char* what : {"links", "NVLink", "latency", "FLOPs", "memory bandwidth"}) {
        QTest::newRow(what) << what;
    }
}

void TestStep::moreIsNeverSlower() {
    QFETCH(QString, what);
    const Machine before = roomy(machine({hopper(512)}));
    Machine after = before;
    Pool& pool = after.pools[0];
    for (std::size_t i = 0; i < pool.levels.size(); ++i) {
        NetworkLevel& level = pool.levels[i];
        level.bytesPerS *= (what == "links" && i > 0) || (what == "NVLink" && i == 0) ? 1.7 : 1.0;
        level.latencyS *= what == "latency" ? 0.5 : 1.0;
    }
    if (what == "FLOPs") {
        pool.bf16FlopPerS *= 1.5;
        pool.fp8FlopPerS *= 1.5;
    }
    pool.hbmBytesPerS *= what == "memory bandwidth" ? 1.5 : 1.0;
    for (const auto& model : {llama70b(), deepseek()}) {
        for (const Precision precision : {Precision::Bf16, Precision::Fp8}) {
            const Job j = job(model, 512, precision);
            for (std::uint64_t draw = 0; draw < 60; ++draw) {
                const Layout l = randomLayout(before, j, draw);
                const auto slow = evaluateStep(before, j, l);
                const auto fast = evaluateStep(after, j, l);
                QVERIFY(slow.ok() && fast.ok());
                QVERIFY2(fast->stepTimeS <= slow->stepTimeS * (1 + 1e-12), l.text().c_str());
            }
        }
    }
}

void TestStep::recomputeCostsTimeAndSavesMemory() {
    const Machine m = roomy(machine({hopper(64)}));
    const Job j = job(llama70b(), 64);
    Layout l = layout(8, 2, 1, 4, 64);
    l.recompute = Recompute::None;
    const auto none = evaluateStep(m, j, l);
    l.recompute = Recompute::Selective;
    const auto selective = evaluateStep(m, j, l);
    l.recompute = Recompute::Full;
    const auto full = evaluateStep(m, j, l);
    QVERIFY(none.ok() && selective.ok() && full.ok());
    QVERIFY(none->stepTimeS < selective->stepTimeS && selective->stepTimeS < full->stepTimeS);
    QVERIFY(full->memory.activations < 0.2 * none->memory.activations);
    // A whole forward again: a third more hardware FLOPs.
    QVERIFY(close(full->hfu / full->mfu, 4.0 / 3, 1e-9));
    QCOMPARE(none->hfu, none->mfu);
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
    QTest::newRow("share") << 8 << 80 << 63 << 450e9 << "does not divide a batch of 63";
    QTest::newRow("bandwidth") << 8 << 80 << 64 << 0.0 << "the bandwidth of level `NVLink domain`";
    QTest::newRow("memory") << 1 << 80 << 64 << 450e9 << "memory:";
    QTest::newRow("machine") << 32 << 80 << 64 << 450e9 << "needs 256 GPUs, the machine has 64";
}

void TestStep::errorsNameTheConstraint() {
    QFETCH(int, tp);
    QFETCH(int, layers);
    QFETCH(int, batch);
    QFETCH(double, bandwidth);
    QFETCH(QString, expected);
    Machine m = machine({hopper(64)});
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

// Memory by kind against published formulas.
#include "training_fixtures.h"

#include "model/training/work.h"

#include <QTest>

#include <cmath>

using namespace atlas::training;
using namespace atlas::training::fixtures;

namespace {

/// GPT-3 175B: 96 layers, h 12288, f 4h, no grouped queries, no gate.
atlas::scenario::Transformer gpt3() {
    atlas::scenario::Transformer m;
    m.id = "gpt-3-175b";
    m.layers = 96;
    m.hidden = 12288;
    m.ffnHidden = 4 * 12288;
    m.heads = 96;
    m.kvHeads = 96;
    m.headDim = 128;
    m.vocab = 51200;
    m.gatedMlp = false;
    m.tiedEmbedding = true;
    return m;
}

Memory memoryWith(int tp, bool sequenceParallel, double recompute, std::int64_t dp = 1) {
    Job j = job(gpt3(), 1);
    j.sequence = 2048;
    Layout l = layout(tp, 1, 1, dp, dp);
    l.sequenceParallel = sequenceParallel;
    const auto shape = shapeOf(j.model);
    return memoryOf(*shape, workOf(j, Precision::Bf16, Calibration::builtin()), l, 1e15, recompute);
}

constexpr double kSbh = 2048.0 * 12288; ///< one micro-batch of one sequence
constexpr double kFragmentation = 1.05;
constexpr double kLogits = 2048.0 * 51200 * 4;

} // namespace

class TestMemory : public QObject {
    Q_OBJECT

private slots:
    void activationsFollowKorthikanti_data();
    void activationsFollowKorthikanti();
    void statesFollowMixedPrecisionAdam();
    void interleavingRaisesActivations();
    void deepSeekHasItsPublishedSize();
};

void TestMemory::activationsFollowKorthikanti_data() {
    // Korthikanti et al. 2022, table 2: 34 sbh a layer (5 as/h more without flash attention), with tensor
    // parallelism 10 + 24 / t, with sequence parallelism all over t, full recompute 2. Two of the 34, both
    // outside the part that is split, are dropout masks, which today's models do not have.
    QTest::addColumn<int>("tp");
    QTest::addColumn<bool>("sequenceParallel");
    QTest::addColumn<double>("recompute");
    QTest::addColumn<double>("sbhPerLayer");
    QTest::newRow("none") << 1 << false << 0.0 << 34.0 - 2;
    QTest::newRow("tensor parallel") << 8 << false << 0.0 << 10 + 24.0 / 8 - 2;
    QTest::newRow("sequence parallel") << 8 << true << 0.0 << (34.0 - 2) / 8;
    QTest::newRow("full recompute") << 8 << true << 1.0 << 2.0 / 8;
}

void TestMemory::activationsFollowKorthikanti() {
    QFETCH(int, tp);
    QFETCH(bool, sequenceParallel);
    QFETCH(double, recompute);
    QFETCH(double, sbhPerLayer);
    const Memory memory = memoryWith(tp, sequenceParallel, recompute);
    double expected = 96 * sbhPerLayer * kSbh;
    if (recompute > 0) {
        expected += 32.0 / tp * kSbh; // the layer that is being recomputed
    }
    expected = expected * kFragmentation + kLogits / tp;
    QVERIFY2(std::abs(memory.activations / expected - 1) < 0.01,
             qPrintable(QString("%1, expected %2").arg(memory.activations).arg(expected)));
}

void TestMemory::statesFollowMixedPrecisionAdam() {
    // 2 bytes a weight, 2 a gradient, 12 of master weight and moments; the last sharded over dp.
    const double params = 175e9;
    const Memory alone = memoryWith(8, true, 0);
    QVERIFY(std::abs(alone.weights / (2 * params / 8) - 1) < 0.02);
    QVERIFY(std::abs(alone.gradients / (2 * params / 8) - 1) < 0.02);
    QVERIFY(std::abs(alone.optimizer / (12 * params / 8) - 1) < 0.02);
    const Memory sharded = memoryWith(8, true, 0, 16);
    QVERIFY(std::abs(sharded.optimizer * 16 / alone.optimizer - 1) < 1e-9);
    QCOMPARE(sharded.weights, alone.weights);
}

void TestMemory::interleavingRaisesActivations() {
    Job j = job(gpt3(), 64);
    const auto shape = shapeOf(j.model);
    const Work work = workOf(j, Precision::Bf16, Calibration::builtin());
    const Memory plain = memoryOf(*shape, work, layout(8, 8, 1, 1, 64), 1e15, 0);
    const Memory interleaved = memoryOf(*shape, work, layout(8, 8, 4, 1, 64), 1e15, 0);
    QVERIFY(std::abs(interleaved.activations / plain.activations - (1 + 7.0 / 32)) < 1e-9);
}

void TestMemory::deepSeekHasItsPublishedSize() {
    const auto shape = shapeOf(deepseek());
    QVERIFY(shape.ok());
    QVERIFY(std::abs(shape->totalParams() / 671e9 - 1) < 0.01);
    QVERIFY(std::abs(shape->activeParams() / 37e9 - 1) < 0.03);
}

QTEST_APPLESS_MAIN(TestMemory)
#include "tst_memory.moc"

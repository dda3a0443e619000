// Mixed hardware: equal classes give the homogeneous answer, equal shares the slowest class's pace, a good
// placement nearly the sum of what the classes can do alone.
#include "training_fixtures.h"

#include <QTest>

#include <cmath>

using namespace atlas::training;
using namespace atlas::training::fixtures;

namespace {

bool close(double a, double b, double relative) {
    return std::abs(a - b) <= relative * std::max(std::abs(a), std::abs(b));
}

StepAnatomy best(const Machine& m, Job j, Placement placement) {
    j.placement = placement;
    PlanOptions options;
    options.top = 1;
    const auto found = plan(m, j, options);
    if (!found) {
        qFatal("%s", atlas::text(found.errors()).c_str());
    }
    return found->best.front();
}

constexpr std::int64_t kBatch = 2048;
constexpr double kFastTrunk = 1e18; // two pools as if they were one

} // namespace

class TestPlacement : public QObject {
    Q_OBJECT

private slots:
    void equalClassesGiveTheHomogeneousAnswer_data();
    void equalClassesGiveTheHomogeneousAnswer();
    void equalSharesGoAtTheSlowestPace();
    void commonPrecisionIsTheLowest();
    void proportionalNearlyAddsUp_data();
    void proportionalNearlyAddsUp();
    void droppingLeavesTheOthers();
    void looseSynchronisationOutlivesAThinTrunk();
    void islandsTakeTheLayoutsThatSuitThem();
    void equalIslandsAreTwiceOne();
    void anIslandWithoutRoomStaysIdle();
    void goodPlacementNearsTheEqualHomogeneousCluster();
};

void TestPlacement::equalClassesGiveTheHomogeneousAnswer_data() {
    QTest::addColumn<int>("placement");
    QTest::newRow("naive") << static_cast<int>(Placement::Naive);
    QTest::newRow("proportional") << static_cast<int>(Placement::Proportional);
    QTest::newRow("class stages") << static_cast<int>(Placement::ClassStages);
}

void TestPlacement::equalClassesGiveTheHomogeneousAnswer() {
    QFETCH(int, placement);
    // No head, so that stages are even; no spine to split, so that both halves are like the whole.
    Job j = job(llama70b(), kBatch);
    j.model.vocab = 1;
    Machine halves = machine({hopper(256), hopper(256)}, kFastTrunk);
    halves.trunkLatencyS = 0;
    const Layout l = layout(4, 4, 1, 32, kBatch);
    const auto whole = evaluateStep(machine({hopper(512)}), j, l);
    j.placement = static_cast<Placement>(placement);
    const auto mixed = evaluateStep(halves, j, l);
    QVERIFY(whole.ok() && mixed.ok());
    QVERIFY2(close(whole->stepTimeS, mixed->stepTimeS, 2e-3),
             qPrintable(QString("%1 and %2").arg(whole->stepTimeS).arg(mixed->stepTimeS)));
    QVERIFY(mixed->mismatchS < 1e-3 * mixed->stepTimeS);
}

void TestPlacement::equalSharesGoAtTheSlowestPace() {
    const Job j = job(llama70b(), kBatch);
    const Layout l = layout(4, 4, 1, 32, kBatch);
    const auto slow = evaluateStep(machine({ampere(512)}), j, l);
    const auto mixed = evaluateStep(machine({hopper(256), ampere(256)}, kFastTrunk), j, l);
    QVERIFY(slow.ok() && mixed.ok());
    QVERIFY(close(slow->stepTimeS, mixed->stepTimeS, 0.02));
    QVERIFY(mixed->classes[0].gpu == "H100-SXM" && mixed->classes[0].waitS > 0.5 * mixed->stepTimeS);
    QVERIFY(mixed->classes[1].waitS < 0.3 * mixed->stepTimeS);
    QVERIFY(mixed->mismatchS > 0.2 * mixed->stepTimeS);
}

void TestPlacement::commonPrecisionIsTheLowest() {
    const Job j = job(llama70b(), kBatch, Precision::Fp8);
    const auto mixed = evaluateStep(machine({hopper(256), ampere(256)}), j, layout(4, 4, 1, 32, kBatch));
    QVERIFY(mixed.ok());
    QVERIFY(std::find(mixed->notes.begin(), mixed->notes.end(), "A100-80GB has no fp8: bf16") !=
            mixed->notes.end());
}

void TestPlacement::proportionalNearlyAddsUp_data() {
    QTest::addColumn<int>("precision");
    QTest::newRow("bf16") << static_cast<int>(Precision::Bf16);
    QTest::newRow("fp8") << static_cast<int>(Precision::Fp8);
}

void TestPlacement::proportionalNearlyAddsUp() {
    QFETCH(int, precision);
    const Job j = job(llama70b(), kBatch, static_cast<Precision>(precision));
    const double sum = best(machine({hopper(256)}), j, Placement::Naive).tokensPerS +
                       best(machine({ampere(256)}), j, Placement::Naive).tokensPerS;
    const Machine mixed = machine({hopper(256), ampere(256)}, 10e12);
    const double naive = best(mixed, j, Placement::Naive).tokensPerS;
    const double proportional = best(mixed, j, Placement::Proportional).tokensPerS;
    // A little more than the sum is possible: shares in proportion need not divide the batch, alone they do.
    QVERIFY2(proportional > 0.965 * sum && proportional < 1.05 * sum,
             qPrintable(QString("%1 of %2").arg(proportional).arg(sum)));
    QVERIFY(naive < 0.75 * proportional);
}

void TestPlacement::droppingLeavesTheOthers() {
    const Job j = job(llama70b(), kBatch);
    const StepAnatomy dropped = best(machine({hopper(256), ampere(256)}), j, Placement::DropSlowest);
    const StepAnatomy alone = best(machine({hopper(256)}), j, Placement::Naive);
    QCOMPARE(dropped.stepTimeS, alone.stepTimeS);
    QCOMPARE(dropped.gpusUsed, alone.gpusUsed);
    QCOMPARE(dropped.gpusTotal, std::int64_t{512});
    QCOMPARE(dropped.classes.back().gpu, std::string("A100-80GB"));
    QCOMPARE(dropped.classes.back().computeS, 0.0);
}

void TestPlacement::looseSynchronisationOutlivesAThinTrunk() {
    const Job j = job(llama70b(), kBatch);
    const Machine thin = machine({hopper(256), ampere(256)}, 1e9);
    const double local = best(thin, j, Placement::LocalSgd).tokensPerS;
    const double proportional = best(thin, j, Placement::Proportional).tokensPerS;
    const double wide =
        best(machine({hopper(256), ampere(256)}, 10e12), j, Placement::Proportional).tokensPerS;
    QVERIFY2(local > 2 * proportional,
             qPrintable(QString("%1 %2 %3").arg(local).arg(proportional).arg(wide)));
    QVERIFY(local > 0.95 * wide);
}

void TestPlacement::islandsTakeTheLayoutsThatSuitThem() {
    // A quarter more memory and three times the arithmetic: what fits the one is not best for the other.
    const Job j = job(llama70b(), kBatch);
    Pool roomy = hopper(256);
    roomy.hbmBytes *= 2;
    const Machine m = machine({roomy, ampere(256)}, 10e12);
    const StepAnatomy local = best(m, j, Placement::LocalSgd);
    QCOMPARE(local.classes.size(), std::size_t{2});
    // Each goes as fast as it does alone, but for batches that divide and the wait for the other.
    const double alone = best(machine({roomy}), j, Placement::LocalSgd).tokensPerS +
                         best(machine({ampere(256)}), j, Placement::LocalSgd).tokensPerS;
    QVERIFY2(local.tokensPerS > 0.95 * alone && local.tokensPerS < 1.02 * alone,
             qPrintable(QString("%1 of %2").arg(local.tokensPerS).arg(alone)));
    double tokens = 0;
    double sequences = 0;
    for (const ClassShare& share : local.classes) {
        QVERIFY(close(share.computeS + share.communicateS + share.waitS, local.stepTimeS, 1e-9));
        QVERIFY(share.waitS >= 0);
        QCOMPARE(share.layout.gpus(), share.count);
        tokens += share.shareOfTokens;
        sequences += static_cast<double>(share.layout.globalBatch);
    }
    QVERIFY(close(tokens, 1, 1e-12));
    QCOMPARE(sequences, static_cast<double>(kBatch));
    QVERIFY(close(sequences * j.sequence, local.tokensPerStep, 1e-12));
    QVERIFY(close(local.breakdown.sum(), local.stepTimeS, 1e-9));
    QVERIFY(local.memory.fits() && local.mfu > 0.3 && local.mfu < 0.7);
}

void TestPlacement::equalIslandsAreTwiceOne() {
    const Job half = job(llama70b(), kBatch / 2);
    const StepAnatomy one = best(machine({hopper(256)}), half, Placement::LocalSgd);
    const Machine halves = machine({hopper(256), hopper(256)}, kFastTrunk);
    const StepAnatomy two = best(halves, job(llama70b(), kBatch), Placement::LocalSgd);
    QVERIFY(close(two.tokensPerS, 2 * one.tokensPerS, 1e-6));
    QVERIFY(close(two.energyJ, 2 * one.energyJ, 1e-6));
    QVERIFY(close(two.mfu, one.mfu, 1e-6));
    QCOMPARE(two.classes[0].layout, one.layout);
    QCOMPARE(two.classes[1].layout, one.layout);
}

void TestPlacement::anIslandWithoutRoomStaysIdle() {
    const Job j = job(llama70b(), kBatch);
    const StepAnatomy local = best(machine({hopper(256), ampere(4)}, 10e12), j, Placement::LocalSgd);
    const StepAnatomy alone = best(machine({hopper(256)}), j, Placement::LocalSgd);
    QVERIFY(close(local.tokensPerS, alone.tokensPerS, 1e-9));
    QCOMPARE(local.gpusUsed, alone.gpusUsed);
    QCOMPARE(local.gpusTotal, std::int64_t{260});
    QCOMPARE(local.classes[1].computeS, 0.0);
    QCOMPARE(local.classes[1].waitS, local.stepTimeS);
}

void TestPlacement::goodPlacementNearsTheEqualHomogeneousCluster() {
    // HexiScale (arXiv:2409.01143): the MFU of a good placement over mixed classes lies 3.5 % on average
    // below that of a homogeneous cluster of the same FLOP/s, and so do some settings further. Three mixtures
    // of Hopper with slower classes, each against Hoppers that add up to the same peak.
    double loss = 0;
    int mixtures = 0;
    for (const auto& [fast, slow] :
         {std::pair<std::int64_t, std::int64_t>{256, 256}, {256, 512}, {384, 128}}) {
        const Job j = job(llama70b(), kBatch);
        const auto equal = static_cast<std::int64_t>(
            std::llround((static_cast<double>(fast) * 989 + static_cast<double>(slow) * 312) / 989 / 8) * 8);
        double mixed = 0;
        for (const Placement placement :
             {Placement::Proportional, Placement::ClassStages, Placement::LocalSgd}) {
            const StepAnatomy step = best(machine({hopper(fast), ampere(slow)}, 10e12), j, placement);
            // Of all GPUs, at work or not.
            const double peak = static_cast<double>(fast) * 989e12 + static_cast<double>(slow) * 312e12;
            mixed = std::max(mixed, step.modelFlopPerToken * step.tokensPerS / peak);
        }
        const StepAnatomy whole = best(machine({hopper(equal)}), j, Placement::Naive);
        const double homogeneous =
            whole.modelFlopPerToken * whole.tokensPerS / (static_cast<double>(equal) * 989e12);
        loss += 1 - mixed / homogeneous;
        ++mixtures;
    }
    QVERIFY2(loss / mixtures < 0.035, qPrintable(QString("mean loss %1").arg(loss / mixtures)));
}

QTEST_APPLESS_MAIN(TestPlacement)
#include "tst_placement.moc"

// The search over layouts.
#include "training_fixtures.h"

#include "model/training/waterfall.h"

#include <QTest>

#include <cmath>

using namespace atlas::training;
using namespace atlas::training::fixtures;

class TestPlanner : public QObject {
    Q_OBJECT

private slots:
    void bestIsFastestAndFits();
    void theBatchStaysTheUsers();
    void awkwardCountsLeaveFewIdle();
    void moreGpusAreNeverSlower();
    void fixedEntriesAreKept();
    void whatLosesIsCounted();
    void whatCannotWorkSaysWhy();
    void searchingTwiceFindsTheSame();
    void itStopsWhenAsked();
    void waterfallAddsUp();
};

void TestPlanner::bestIsFastestAndFits() {
    const Machine m = machine({hopper(512)});
    const Job j = job(llama70b(), 1024);
    const auto found = plan(m, j);
    QVERIFY(found.ok());
    QCOMPARE(found->best.size(), std::size_t{10});
    double last = 0;
    for (const StepAnatomy& step : found->best) {
        QVERIFY(step.stepTimeS >= last);
        QVERIFY(step.memory.fits());
        const auto again = evaluateStep(m, j, step.layout);
        QVERIFY(again.ok());
        QCOMPARE(again->stepTimeS, step.stepTimeS);
        last = step.stepTimeS;
    }
    QVERIFY(found->nearOptimal >= 1 && found->nearOptimal <= found->feasible);
    QVERIFY(found->feasible <= found->evaluated);
}

void TestPlanner::theBatchStaysTheUsers() {
    const auto found = plan(machine({hopper(512)}), job(llama70b(), 1000));
    QVERIFY(found.ok());
    for (const StepAnatomy& step : found->best) {
        QCOMPARE(step.layout.globalBatch, std::int64_t{1000});
        QCOMPARE(step.tokensPerStep, 1000.0 * 8192);
        QVERIFY(1000 % (step.layout.dp * step.layout.microBatch) == 0);
    }
}

void TestPlanner::awkwardCountsLeaveFewIdle() {
    for (const std::int64_t gpus : {220000, 165000, 1000, 777}) {
        const auto found = plan(machine({hopper(gpus)}), job(llama70b(), 16384));
        QVERIFY(found.ok());
        const StepAnatomy& step = found->best.front();
        QVERIFY(step.gpusUsed <= gpus && step.gpusTotal == gpus);
        QVERIFY2(static_cast<double>(step.gpusUsed) > 0.6 * static_cast<double>(gpus),
                 step.layout.text().c_str());
    }
}

void TestPlanner::moreGpusAreNeverSlower() {
    double last = 0;
    for (std::int64_t gpus = 64; gpus <= 65536; gpus *= 4) {
        const auto found = plan(machine({hopper(gpus)}), job(llama70b(), 2048));
        QVERIFY(found.ok());
        const double rate = found->best.front().tokensPerS;
        QVERIFY(rate >= last);
        // Strong scaling runs into the batch: twice the GPUs never give more than twice the tokens.
        QVERIFY(last == 0 || rate <= 4.05 * last);
        last = rate;
    }
}

void TestPlanner::fixedEntriesAreKept() {
    PlanOptions options;
    options.fixed.tp = 4;
    options.fixed.pp = 8;
    options.fixed.vp = 2;
    options.fixed.microBatch = 2;
    const auto found = plan(machine({hopper(512)}), job(llama70b(), 1024), options);
    QVERIFY(found.ok());
    for (const StepAnatomy& step : found->best) {
        QCOMPARE(step.layout.tp, 4);
        QCOMPARE(step.layout.pp, 8);
        QCOMPARE(step.layout.vp, 2);
        QCOMPARE(step.layout.microBatch, 2);
    }
}

void TestPlanner::whatLosesIsCounted() {
    const auto found = plan(machine({hopper(64)}), job(llama70b(), 64));
    QVERIFY(found.ok());
    const auto memory = std::find_if(found->rejected.begin(), found->rejected.end(), [](const Rejection& r) {
        return r.constraint.rfind("memory: ", 0) == 0;
    });
    QVERIFY(memory != found->rejected.end() && memory->count > 0);
    QCOMPARE(memory->count + found->feasible, found->evaluated);
}

void TestPlanner::whatCannotWorkSaysWhy() {
    const auto tight = plan(machine({hopper(8)}), job(deepseek(), 64));
    QVERIFY(!tight.ok());
    QVERIFY(atlas::text(tight.errors()).find("memory: ") != std::string::npos);
    const auto empty = plan(machine({hopper(8)}), job(llama70b(), 0));
    QVERIFY(!empty.ok());
    QVERIFY(atlas::text(empty.errors()).find("the global batch has no sequences") != std::string::npos);
}

void TestPlanner::searchingTwiceFindsTheSame() {
    const Machine m = machine({hopper(1024), ampere(512)});
    Job j = job(deepseek(), 4096, Precision::Fp8);
    j.placement = Placement::Proportional;
    const auto first = plan(m, j);
    const auto second = plan(m, j);
    QVERIFY(first.ok() && second.ok());
    for (std::size_t i = 0; i < first->best.size(); ++i) {
        QCOMPARE(first->best[i].stepTimeS, second->best[i].stepTimeS);
        QVERIFY(first->best[i].layout == second->best[i].layout);
    }
}

void TestPlanner::itStopsWhenAsked() {
    std::stop_source source;
    source.request_stop();
    PlanOptions options;
    options.stop = source.get_token();
    const auto found = plan(machine({hopper(512)}), job(llama70b(), 1024), options);
    QVERIFY(!found.ok());
    QVERIFY(atlas::text(found.errors()).find("stopped") != std::string::npos);
}

void TestPlanner::waterfallAddsUp() {
    const Machine m = machine({hopper(1024), ampere(1024)});
    for (const Placement placement : {Placement::Naive, Placement::Proportional, Placement::DropSlowest}) {
        Job j = job(llama70b(), 2048);
        j.placement = placement;
        const auto found = plan(m, j);
        QVERIFY(found.ok());
        const auto bars = waterfallOf(m, found->best.front(), 0.9);
        double left = bars.front().share;
        for (std::size_t i = 1; i + 1 < bars.size(); ++i) {
            QVERIFY2(bars[i].share >= -1e-9, bars[i].name.c_str());
            left -= bars[i].share;
        }
        QCOMPARE(bars.front().share, 1.0);
        QVERIFY(std::abs(left - bars.back().share) < 1e-9);
        QVERIFY(bars.back().share > 0);
    }
}

QTEST_APPLESS_MAIN(TestPlanner)
#include "tst_planner.moc"

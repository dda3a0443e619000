// The step by stage and class: rows add up to the step, and their mean is the step's own breakdown.
#include "training_fixtures.h"

#include "model/training/stages.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace atlas::training;
using namespace atlas::training::fixtures;

namespace {

bool close(double a, double b) {
    return std::abs(a - b) <= 1e-9 * std::max({std::abs(a), std::abs(b), 1e-3});
}

struct Found {
    StepAnatomy step;
    std::vector<StageAnatomy> stages;
};

Found found(const Machine& m, const Job& j, const atlas::scenario::LayoutChoice& fixed) {
    PlanOptions options;
    options.top = 1;
    options.fixed = fixed;
    const auto plan = atlas::training::plan(m, j, options);
    if (!plan) {
        qFatal("%s", atlas::text(plan.errors()).c_str());
    }
    const auto stages = stagesOf(m, j, plan->best.front());
    if (!stages) {
        qFatal("%s", atlas::text(stages.errors()).c_str());
    }
    return {plan->best.front(), *stages};
}

} // namespace

class TestStages : public QObject {
    Q_OBJECT

private slots:
    void rowsAddUpToTheStep_data();
    void rowsAddUpToTheStep();
    void theMeanIsTheBreakdown_data();
    void theMeanIsTheBreakdown();
    void layersAndGpusAddUp_data();
    void layersAndGpusAddUp();
    void theHeadSitsOnTheLastStage();
    void wholeCommunicationIsNeverLessThanExposed();
    void theSlowClassMakesTheFastOneWait();
};

namespace {

void placements() {
    QTest::addColumn<int>("placement");
    QTest::addColumn<int>("pp");
    QTest::addColumn<bool>("experts");
    for (const Placement p : {Placement::Naive, Placement::Proportional, Placement::ClassStages,
                              Placement::DropSlowest, Placement::LocalSgd}) {
        for (const int pp : {1, 8, 16, 32}) {
            if (p == Placement::ClassStages && pp == 1) {
                continue; // two classes need two stages
            }
            for (const bool experts : {false, true}) {
                QTest::addRow("placement %d, pp %d, %s", static_cast<int>(p), pp, experts ? "MoE" : "dense")
                    << static_cast<int>(p) << pp << experts;
            }
        }
    }
}

Found foundFor(int placement, int pp, bool experts) {
    Job j = job(experts ? deepseek() : llama70b(), 4096);
    j.placement = static_cast<Placement>(placement);
    atlas::scenario::LayoutChoice fixed;
    fixed.pp = pp;
    return found(machine({hopper(2048), ampere(1024)}), j, fixed);
}

} // namespace

void TestStages::rowsAddUpToTheStep_data() {
    placements();
}

void TestStages::rowsAddUpToTheStep() {
    QFETCH(int, placement);
    QFETCH(int, pp);
    QFETCH(bool, experts);
    const Found f = foundFor(placement, pp, experts);
    for (const StageAnatomy& row : f.stages) {
        QVERIFY(close(row.sum(), f.step.stepTimeS));
        for (const double part :
             {row.gemm, row.attention, row.elementwise, row.optimizer, row.bubble, row.barrier, row.wait}) {
            QVERIFY2(part >= -1e-9 * f.step.stepTimeS, row.pool.c_str());
        }
    }
}

void TestStages::theMeanIsTheBreakdown_data() {
    placements();
}

/// Over the stages of the class that sets the pace, weighted by GPUs, each term is that of the breakdown.
void TestStages::theMeanIsTheBreakdown() {
    QFETCH(int, placement);
    QFETCH(int, pp);
    QFETCH(bool, experts);
    const Found f = foundFor(placement, pp, experts);
    const auto pace = std::ranges::min_element(f.stages, {}, &StageAnatomy::wait);
    StageAnatomy mean;
    double gpus = 0;
    double tp = 0, cp = 0, ep = 0, sends = 0, dp = 0;
    for (const StageAnatomy& row : f.stages) {
        if (row.pool != pace->pool) {
            continue;
        }
        const auto weight = static_cast<double>(row.gpus);
        gpus += weight;
        mean.gemm += weight * row.gemm;
        mean.attention += weight * row.attention;
        mean.elementwise += weight * row.elementwise;
        mean.optimizer += weight * row.optimizer;
        mean.bubble += weight * row.bubble;
        mean.barrier += weight * row.barrier;
        tp += weight * row.tp.exposedS;
        cp += weight * row.cp.exposedS;
        ep += weight * row.ep.exposedS;
        sends += weight * row.pp.exposedS;
        dp += weight * row.dp.exposedS;
    }
    const Breakdown& b = f.step.breakdown;
    if (static_cast<Placement>(placement) == Placement::ClassStages) {
        // The breakdown spreads the head over all classes, the rows leave it on its stage: attention and
        // communication have no head.
        QVERIFY(close(mean.attention / gpus, b.attention));
        QVERIFY(close(ep / gpus, b.ep));
        return;
    }
    QVERIFY(close(mean.gemm / gpus, b.gemm));
    QVERIFY(close(mean.attention / gpus, b.attention));
    QVERIFY(close(mean.elementwise / gpus, b.elementwise));
    QVERIFY(close(mean.optimizer / gpus, b.optimizer));
    QVERIFY(close(mean.bubble / gpus, b.bubble));
    QVERIFY(close(mean.barrier / gpus, b.barrier));
    QVERIFY(close(tp / gpus, b.tp));
    QVERIFY(close(cp / gpus, b.cp));
    QVERIFY(close(ep / gpus, b.ep));
    QVERIFY(close(sends / gpus, b.pp));
    QVERIFY(close(dp / gpus, b.dp));
}

void TestStages::layersAndGpusAddUp_data() {
    placements();
}

void TestStages::layersAndGpusAddUp() {
    QFETCH(int, placement);
    QFETCH(int, pp);
    QFETCH(bool, experts);
    const Found f = foundFor(placement, pp, experts);
    const double layers = experts ? 61 : 80;
    std::int64_t gpus = 0;
    double total = 0;
    int heads = 0;
    std::set<std::string> pools;
    for (const StageAnatomy& row : f.stages) {
        gpus += row.gpus;
        total += row.layers * (row.last - row.first + 1);
        heads += row.head ? 1 : 0;
        pools.insert(row.pool);
        QVERIFY(row.layers >= 0 && row.layers == std::floor(row.layers));
    }
    QCOMPARE(gpus, f.step.gpusUsed);
    const bool split = static_cast<Placement>(placement) == Placement::ClassStages;
    QCOMPARE(total, split ? layers : layers * static_cast<double>(pools.size()));
    QCOMPARE(heads, split ? 1 : static_cast<int>(pools.size()));
}

void TestStages::theHeadSitsOnTheLastStage() {
    // 80 layers on 16 stages: five each, and the last one has the head as well.
    Job j = job(llama70b(), 1024);
    const Found f = found(machine({hopper(512)}), j, {.pp = 16});
    QCOMPARE(f.stages.size(), std::size_t{2});
    QCOMPARE(f.stages[0].first, 1);
    QCOMPARE(f.stages[0].last, 15);
    QCOMPARE(f.stages[0].layers, 5.0);
    QCOMPARE(f.stages[1].first, 16);
    QVERIFY(f.stages[1].head && !f.stages[0].head);
    QVERIFY(f.stages[1].gemm > f.stages[0].gemm);
    QCOMPARE(f.stages[1].attention, f.stages[0].attention);
    // The stage with the head sets the beat: it waits least.
    QVERIFY(f.stages[1].bubble < f.stages[0].bubble);
    // Without a head both are alike.
    j.model.vocab = 1;
    const Found even = found(machine({hopper(512)}), j, {.pp = 16});
    QVERIFY(std::abs(even.stages[1].gemm / even.stages[0].gemm - 1) < 1e-3);
}

void TestStages::wholeCommunicationIsNeverLessThanExposed() {
    for (const bool experts : {false, true}) {
        Job j = job(experts ? deepseek() : llama70b(), 2048);
        const Found f =
            found(machine({hopper(1024)}), j, {.tp = 8, .pp = 8, .cp = 2, .ep = experts ? 16 : 0});
        for (const StageAnatomy& row : f.stages) {
            for (const Transfer* transfer : {&row.tp, &row.cp, &row.ep, &row.pp, &row.dp}) {
                QVERIFY(transfer->totalS >= transfer->exposedS * (1 - 1e-12));
                QVERIFY(transfer == &row.ep && !experts ? transfer->totalS == 0 : transfer->totalS > 0);
            }
            QVERIFY(row.dp.hiddenS() > 0); // gradients hide behind the backward pass
        }
    }
}

void TestStages::theSlowClassMakesTheFastOneWait() {
    const Found f = foundFor(static_cast<int>(Placement::Naive), 8, false);
    for (const StageAnatomy& row : f.stages) {
        if (row.gpu == "A100-80GB") {
            QVERIFY(std::abs(row.wait) < 1e-9);
        } else {
            QVERIFY(row.wait > 0.3 * f.step.stepTimeS);
        }
    }
}

QTEST_APPLESS_MAIN(TestStages)
#include "tst_stages.moc"

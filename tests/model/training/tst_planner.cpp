// The search over layouts.
#include "training_fixtures.h"

#include "model/training/placement.h"
#include "model/training/waterfall.h"

#include <QTest>

#include <cmath>
#include <map>

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
    void familiesAddUpToTheWhole();
    void whatDoesNotDivideIsNamed_data();
    void whatDoesNotDivideIsNamed();
    void expertsDivideTheReplicasOfEveryPool();
    void aPoolTooSmallForAReplicaHoldsNobodyUp();
    void everyLayoutFoundCanBeAskedFor_data();
    void everyLayoutFoundCanBeAskedFor();
    void selectiveRecomputeIsListed();
    void theNearOptimalSetIsReturned();
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

void TestPlanner::familiesAddUpToTheWhole() {
    const auto found = plan(machine({hopper(512)}), job(deepseek(), 1000));
    QVERIFY(found.ok());
    std::int64_t evaluated = 0;
    std::int64_t feasible = 0;
    std::map<std::string, std::int64_t> kinds;
    bool feasibleFirst = true;
    for (const Family& family : found->families) {
        evaluated += family.evaluated;
        feasible += family.feasible;
        QVERIFY2(feasibleFirst || family.feasible == 0, family.name.c_str());
        feasibleFirst = family.feasible > 0;
        QVERIFY2(family.feasible > 0 || !family.rejected.empty(), family.name.c_str());
        for (const Rejection& rejection : family.rejected) {
            kinds[rejection.constraint.substr(0, rejection.constraint.find(':'))] += rejection.count;
        }
    }
    QCOMPARE(evaluated, found->evaluated);
    QCOMPARE(feasible, found->feasible);
    for (const Rejection& rejection : found->rejected) {
        QCOMPARE(kinds[rejection.constraint.substr(0, rejection.constraint.find(':'))], rejection.count);
    }
    QCOMPARE(kinds.size(), found->rejected.size());
    QCOMPARE(found->families.front().bestStepS, found->best.front().stepTimeS);
}

void TestPlanner::whatDoesNotDivideIsNamed_data() {
    QTest::addColumn<int>("which");
    QTest::addColumn<int>("value");
    QTest::addColumn<QString>("constraint");
    QTest::newRow("tp") << 0 << 7 << "tp 7 does not divide 128 heads";
    QTest::newRow("pp") << 1 << 64 << "pp x vp 64 is more than 61 layers";
    QTest::newRow("vp") << 2 << 40 << "pp x vp 80 is more than 61 layers";
    QTest::newRow("cp") << 3 << 3 << "cp 3 does not divide a sequence of 8192";
    QTest::newRow("ep") << 4 << 5 << "ep 5 does not divide 256 experts";
    QTest::newRow("micro-batch") << 5 << 3 << "micro-batch 3 does not divide a batch of 1024";
    QTest::newRow("batch below it") << 5 << 2048
                                    << "a batch of 1024 sequences is smaller than the micro-batch";
    QTest::newRow("machine") << 3 << 1024 << "needs 1024 GPUs, the machine has 512";
}

void TestPlanner::whatDoesNotDivideIsNamed() {
    QFETCH(int, which);
    QFETCH(int, value);
    QFETCH(QString, constraint);
    PlanOptions options;
    atlas::scenario::LayoutChoice& l = options.fixed;
    *std::array{&l.tp, &l.pp, &l.vp, &l.cp, &l.ep, &l.microBatch}[static_cast<std::size_t>(which)] = value;
    const auto found = plan(machine({hopper(512)}), job(deepseek(), 1024), options);
    QVERIFY(!found.ok());
    const std::string said = atlas::text(found.errors());
    QVERIFY2(said.find(constraint.toStdString()) != std::string::npos, said.c_str());
}

void TestPlanner::expertsDivideTheReplicasOfEveryPool() {
    // 1016 and 520 GPUs: with tp = pp = 1 their replicas are no multiples of 64 as they are.
    const Machine m = machine({hopper(1016), ampere(520)});
    for (const Placement placement : {Placement::Naive, Placement::Proportional, Placement::LocalSgd}) {
        Job j = job(deepseek(), 4096);
        j.placement = placement;
        PlanOptions options;
        options.fixed.ep = 64;
        options.top = 50;
        const auto found = plan(m, j, options);
        QVERIFY(found.ok());
        const auto setup = setUp(m, j, Calibration::builtin());
        for (const StepAnatomy& step : found->best) {
            std::array<std::int64_t, kMaxLanes> replicas{};
            QVERIFY(spreadReplicas(*setup, step.layout, replicas));
            QCOMPARE(replicas[0] + replicas[1], step.layout.dp);
            for (const std::int64_t here : {replicas[0], replicas[1]}) {
                QCOMPARE(here * step.layout.cp * step.layout.tp % 64, std::int64_t{0});
            }
        }
    }
}

void TestPlanner::aPoolTooSmallForAReplicaHoldsNobodyUp() {
    for (const Placement placement : {Placement::Naive, Placement::Proportional}) {
        Job j = job(llama70b(), 1024, Precision::Bf16);
        j.placement = placement;
        PlanOptions options;
        options.fixed.tp = 8;
        const auto mixed = plan(machine({hopper(512), ampere(4)}), j, options);
        const auto alone = plan(machine({hopper(512)}), j, options);
        QVERIFY(mixed.ok() && alone.ok());
        // Gradients are still taken to cross a trunk, which costs or saves a little; the pace is the
        // Hoppers'.
        const double ratio = mixed->best.front().stepTimeS / alone->best.front().stepTimeS;
        QVERIFY2(ratio > 0.95 && ratio < 1.05, std::to_string(ratio).c_str());
    }
}

void TestPlanner::everyLayoutFoundCanBeAskedFor_data() {
    QTest::addColumn<bool>("experts");
    QTest::addColumn<int>("placement");
    for (const bool experts : {false, true}) {
        for (const Placement p : {Placement::Naive, Placement::Proportional, Placement::ClassStages}) {
            QTest::addRow("%s, placement %d", experts ? "experts" : "dense", static_cast<int>(p))
                << experts << static_cast<int>(p);
        }
    }
}

/// A layout of the table, fixed, gives its row again: what "apply" rests on.
void TestPlanner::everyLayoutFoundCanBeAskedFor() {
    QFETCH(bool, experts);
    QFETCH(int, placement);
    const Machine m = machine({hopper(1024), ampere(512)});
    Job j = job(experts ? deepseek() : llama70b(), 2048);
    j.placement = static_cast<Placement>(placement);
    PlanOptions options;
    options.top = 60;
    const auto found = plan(m, j, options);
    QVERIFY(found.ok());
    for (const StepAnatomy& step : found->best) {
        const Layout& l = step.layout;
        QVERIFY2(checkLayout(m, j, l).empty(), l.text().c_str());
        PlanOptions asked;
        asked.fixed = choiceOf(l);
        const auto again = plan(m, j, asked);
        QVERIFY2(again.ok(), l.text().c_str());
        QCOMPARE(again->evaluated, std::int64_t{1});
        QVERIFY2(again->best.front().layout == l,
                 (l.text() + " / " + again->best.front().layout.text()).c_str());
        QCOMPARE(again->best.front().stepTimeS, step.stepTimeS);
    }
}

void TestPlanner::selectiveRecomputeIsListed() {
    Job j = job(llama70b(), 256);
    j.stack = "torchtitan-2024"; // there selective recompute frees memory
    PlanOptions options;
    options.top = 1000;
    const auto found = plan(machine({hopper(128)}), j, options);
    QVERIFY(found.ok());
    std::map<Recompute, int> listed;
    for (const StepAnatomy& step : found->best) {
        ++listed[step.layout.recompute];
        switch (step.layout.recompute) {
        case Recompute::None:
            QCOMPARE(step.recomputeShare, 0.0);
            break;
        case Recompute::Layers:
            QVERIFY(step.recomputeShare > 0 && step.recomputeShare < 1);
            break;
        default:
            QCOMPARE(step.recomputeShare, 1.0);
        }
    }
    QVERIFY(listed[Recompute::Selective] > 0);
    QVERIFY(listed[Recompute::Layers] > 0);
    QCOMPARE(listed[Recompute::Auto], 0);
    // Where it frees nothing, it only costs: it is not listed.
    j.stack.clear();
    const auto plain = plan(machine({hopper(128)}), j, options);
    QVERIFY(plain.ok());
    for (const StepAnatomy& step : plain->best) {
        QVERIFY(step.layout.recompute != Recompute::Selective);
    }
}

void TestPlanner::theNearOptimalSetIsReturned() {
    const Machine m = machine({hopper(512)});
    const Job j = job(llama70b(), 1024);
    PlanOptions options;
    options.top = 1;
    options.nearOptimalAtMost = 1000;
    const auto found = plan(m, j, options);
    QVERIFY(found.ok());
    QVERIFY(found->nearOptimal > 1);
    QCOMPARE(static_cast<std::int64_t>(found->best.size()), found->nearOptimal);
    QVERIFY(found->best.back().stepTimeS <= kNearOptimal * found->best.front().stepTimeS);
    options.top = static_cast<int>(found->nearOptimal) + 1;
    const auto more = plan(m, j, options);
    QVERIFY(more->best.back().stepTimeS > kNearOptimal * more->best.front().stepTimeS);
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

#include "model/operations/injections.h"
#include "model/operations/waterfall.h"
#include "tests/model/operations/operations_fixtures.h"
#include "tests/model/operations/scenario_fixtures.h"

#include <tbb/task_arena.h>

#include <QTest>

#include <cmath>
#include <numeric>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;

namespace {

constexpr double kHour = 3600;

/// 2,048 H100 that train a model of 70 billion parameters.
scenario::Scenario site(const std::string& operations = {}) {
    return scenarioOf(
        oneIsland("H100-SXM", 2048, operations, "model: llama-3-70b, global_batch: 4.194304 M tokens"));
}

/// Slow parts often enough for a week to tell.
const std::string kSlow = "fail_stop: {multiplier: 0, planned_every: 0 s}, fail_slow: {multiplier: 20}";

double lossOf(const Waterfall& waterfall, const std::string& name) {
    const auto bar = std::ranges::find(waterfall, name, &WaterfallBar::name);
    return bar == waterfall.end() ? 0 : bar->share;
}

double phaseOf(const Account& account, Phase phase) {
    return account.phaseS[static_cast<std::size_t>(phase)];
}

Account weekOf(const std::string& operations) {
    return timelineOf(site(operations))->account(0, 7 * kDay);
}

QByteArray both(double a, double b) {
    return QByteArray::number(a, 'g', 12) + " and " + QByteArray::number(b, 'g', 12);
}

} // namespace

/// What spans were spent on, who is to blame, and what mitigations bring and cost.
class TestAccounts : public QObject {
    Q_OBJECT
private slots:
    void barsAddUpOverAnySpan_data() {
        QTest::addColumn<double>("fromS");
        QTest::addColumn<double>("toS");
        QTest::newRow("fifty-four days") << 0.0 << 54 * kDay;
        QTest::newRow("a quarter of an hour") << 3 * kDay << 3 * kDay + 900;
        QTest::newRow("three seconds") << 3 * kDay << 3 * kDay + 3;
        QTest::newRow("from a month to the next") << 29.5 * kDay << 33.25 * kDay;
    }
    void barsAddUpOverAnySpan() {
        QFETCH(double, fromS);
        QFETCH(double, toS);
        const Account account = timelineOf(site())->account(fromS, toS);
        const Waterfall& bars = account.waterfall;
        QVERIFY(bars.size() > 2);
        double left = bars.front().share;
        for (std::size_t i = 1; i + 1 < bars.size(); ++i) {
            QVERIFY(!bars[i].total);
            left -= bars[i].share;
        }
        QVERIFY2(std::abs(left - bars.back().share) < 1e-12, both(left, bars.back().share));
        const double all = std::accumulate(account.phaseS.begin(), account.phaseS.end(), 0.0);
        QVERIFY2(std::abs(all - (toS - fromS)) < 1e-9 * (toS - fromS) + 1e-6, both(all, toS - fromS));
        const double waits = std::accumulate(account.waitGpuS.begin(), account.waitGpuS.end(), 0.0);
        QVERIFY(std::abs(waits - account.waitGpuSeconds()) < 1e-9 * waits + 1e-6);
    }
    void partsOfASpanAddUp() {
        const auto timeline = timelineOf(site());
        const Account whole = timeline->account(0, 20 * kDay);
        const Account first = timeline->account(0, 7.3 * kDay);
        const Account second = timeline->account(7.3 * kDay, 20 * kDay);
        QCOMPARE(first.interruptions + second.interruptions, whole.interruptions);
        QCOMPARE(first.planned + second.planned, whole.planned);
        for (std::size_t p = 0; p < kPhaseCount; ++p) {
            QVERIFY(std::abs(first.phaseS[p] + second.phaseS[p] - whole.phaseS[p]) < 1e-3);
        }
        // The step that the cut goes through belongs to the span in which it begins.
        QVERIFY(std::abs(static_cast<double>(first.steps + second.steps) -
                         static_cast<double>(whole.steps)) <= 1);
        QVERIFY(std::abs(first.steppingS + second.steppingS - whole.steppingS) < 2 * whole.stepMaxS);
    }
    void bridgesAddUp() {
        const Account a = weekOf({});
        const Account b = weekOf("checkpoint: {mode: sync}, mitigations: {backup_replicas: 1}");
        const auto steps = bridge(a.waterfall, b.waterfall);
        double sum = 0;
        for (const BridgeStep& step : steps) {
            sum += step.change;
        }
        const double difference = b.waterfall.back().share - a.waterfall.back().share;
        QVERIFY(difference != 0);
        QVERIFY2(std::abs(sum - difference) < 1e-12, both(sum, difference));
    }
    void oneThreadOrManyGiveTheSameBits() {
        const auto tell = [] {
            return timelineOf(site("fail_slow: {multiplier: 20}"))->account(0, 30 * kDay);
        };
        const Account many = tell();
        tbb::task_arena arena(1);
        const Account one = arena.execute(tell);
        QVERIFY(one.goodput == many.goodput && one.steps == many.steps && one.lostS == many.lostS);
        QVERIFY(one.phaseS == many.phaseS && one.waitGpuS == many.waitGpuS);
        QVERIFY(one.stallGpuSByClass == many.stallGpuSByClass);
        QVERIFY(one.stepP50S == many.stepP50S && one.stepP99S == many.stepP99S &&
                one.stepMeanS == many.stepMeanS);
        for (std::size_t i = 0; i < one.waterfall.size(); ++i) {
            QVERIFY(one.waterfall[i].share == many.waterfall[i].share);
        }
    }

    /// The counterfactual step is the latest of all the others, every one of them looked at.
    void withoutTheCulprit() {
        const auto timeline = atlas::testing::timelineOf(smallMixedSpec(), inputsOf(mixedStep(), 0.02, 0.02));
        std::vector<cluster::Index> gpus(timeline->cluster()->gpuCount);
        std::iota(gpus.begin(), gpus.end(), 0u);
        double t = 1000;
        for (int step = 0; step < 200; ++step) {
            const auto told = timeline->attributionAt(t);
            const auto work = timeline->workAt(t, gpus);
            QVERIFY(told && work);
            QCOMPARE(told->culprit, work->step.culprit);
            double latestS = 0;
            double waits = 0;
            for (const RankWork& rank : work->ranks) {
                latestS = rank.gpu == told->culprit ? latestS : std::max(latestS, rank.finishS);
                waits += work->step.barrierS - (rank.finishS - rank.bubbleS);
            }
            const double tailS = told->stepS - work->step.barrierS;
            QVERIFY2(std::abs(told->withoutCulpritS - (latestS + tailS)) < 1e-5,
                     both(told->withoutCulpritS, latestS + tailS));
            QVERIFY2(std::abs(told->waitGpuSeconds - waits) < 1e-3, both(told->waitGpuSeconds, waits));
            const double parts = told->mismatchS + told->staticS + told->jitterS + told->slowS;
            QVERIFY(std::abs(parts - told->lateS) < 1e-9);
            for (std::size_t i = 1; i < told->chain.size(); ++i) {
                QVERIFY(told->chain[i].group > told->chain[i - 1].group);
            }
            t = timeline->stepBoundary(t, 1) + 0.01;
        }
    }

    void injectionsReplayAndAreBlamed() {
        // GPU 12 loses half of its speed from the second to the third hour.
        const std::string injection =
            kSlow + ", injections: [{at: 2 h, cluster: c, what: slow-gpu, target: \"rack 1-1-1, tray 2, GPU "
                    "5\", magnitude: 0.5, lasts: 1 h}]";
        const auto quiet = "fail_stop: {multiplier: 0, planned_every: 0 s}, fail_slow: {multiplier: 0}" +
                           injection.substr(kSlow.size());
        const auto once = timelineOf(site(quiet));
        const auto again = timelineOf(site(quiet));
        QVERIFY(hashOf(*once->frameAt(2.5 * kHour)) == hashOf(*again->frameAt(2.5 * kHour)));
        const auto blamed = once->attributionAt(2.5 * kHour);
        QVERIFY(blamed.has_value());
        QCOMPARE(blamed->culprit, cluster::Index{12});
        QCOMPARE(int(blamed->cause), int(Cause::Injection));
        QCOMPARE(blamed->injection, 0);
        QVERIFY(blamed->slowS > 0 && blamed->withoutCulpritS < blamed->stepS);
        // Before and after it the run without the injection, bit by bit.
        const auto calm =
            timelineOf(site("fail_stop: {multiplier: 0, planned_every: 0 s}, fail_slow: {multiplier: 0}"));
        QVERIFY(hashOf(*once->frameAt(1.9 * kHour)) == hashOf(*calm->frameAt(1.9 * kHour)));
        QVERIFY(calm->attributionAt(2.5 * kHour)->stepS < blamed->stepS);
        const Account account = once->account(0, 4 * kHour);
        QVERIFY(account.waitGpuS[static_cast<std::size_t>(Cause::Injection)] > 0);
        QCOMPARE(calm->account(0, 4 * kHour).waitGpuS[static_cast<std::size_t>(Cause::Injection)], 0.0);
    }
    void injectionsOnWhatIsNotThere() {
        const auto s = site("injections: [{at: 2 h, cluster: c, what: fail-rack, target: \"rack 1-1-900\"}]");
        const auto problems = checkInjections(s);
        QCOMPARE(problems.size(), std::size_t{1});
        QVERIFY(problems.front().problem.message.find("rack 1-1-900") != std::string::npos);
        QVERIFY(!problems.front().problem.remedy.empty());
        const scenario::Assignment& train = s.strategies.front().assignments.front();
        const auto floor = cluster::buildCluster(s, *s.cluster(train.cluster));
        QVERIFY(!operations::makeTimeline(s, train, *floor).ok());
    }

    void synchronousCheckpointsStallForTheWholeWrite() {
        // Both every half hour: 30 s against 5 s and one in a hundred of 30.
        const Account async = weekOf("checkpoint: {interval: 30 min}");
        const Account sync = weekOf("checkpoint: {interval: 30 min, mode: sync}");
        const double perAsync = phaseOf(async, Phase::Checkpoint) / static_cast<double>(async.checkpoints);
        const double perSync = phaseOf(sync, Phase::Checkpoint) / static_cast<double>(sync.checkpoints);
        QVERIFY2(std::abs(perAsync - 5.3) < 0.1, both(perAsync, 5.3));
        QVERIFY2(std::abs(perSync - 30) < 0.5, both(perSync, 30));
        QVERIFY2(async.goodput > sync.goodput, both(async.goodput, sync.goodput));
    }
    void evictionTradesRestartsForSlowSteps() {
        const Account without = weekOf(kSlow);
        const Account with = weekOf(kSlow + ", mitigations: {evict_slow: true}");
        QCOMPARE(without.evictions, std::uint64_t{0});
        QVERIFY(with.evictions > 0);
        QVERIFY2(lossOf(with.waterfall, "fail-slow") < lossOf(without.waterfall, "fail-slow"),
                 both(lossOf(with.waterfall, "fail-slow"), lossOf(without.waterfall, "fail-slow")));
        // Each costs a restart: 240 s, and a checkpoint before it.
        const double restarting = phaseOf(with, Phase::Restarting);
        QVERIFY2(restarting >= 240.0 * static_cast<double>(with.evictions),
                 both(restarting, static_cast<double>(with.evictions)));
        QCOMPARE(phaseOf(without, Phase::Restarting), 0.0);
    }
    void proportionalBatchesEaseWhatIsSlow() {
        const std::string often = "fail_stop: {multiplier: 0, planned_every: 0 s}, fail_slow: {multiplier: "
                                  "10, thermal: {lasts: 2 h}}";
        const Account without = weekOf(often);
        const Account with = weekOf(often + ", mitigations: {proportional_batches: true}");
        QVERIFY2(lossOf(with.waterfall, "fail-slow") < lossOf(without.waterfall, "fail-slow"),
                 both(lossOf(with.waterfall, "fail-slow"), lossOf(without.waterfall, "fail-slow")));
        QVERIFY(with.goodput > without.goodput);
    }
    void backupReplicasCostTheirGpus() {
        const Account without = weekOf(kSlow);
        const Account with = weekOf(kSlow + ", mitigations: {backup_replicas: 1}");
        QVERIFY2(with.stepMeanS < without.stepMeanS, both(with.stepMeanS, without.stepMeanS));
        QVERIFY2(with.stepP99S < without.stepP99S, both(with.stepP99S, without.stepP99S));
        // What one replica in so many would have done is gone.
        QVERIFY2(lossOf(with.waterfall, "idle GPUs") > lossOf(without.waterfall, "idle GPUs"),
                 both(lossOf(with.waterfall, "idle GPUs"), lossOf(without.waterfall, "idle GPUs")));
    }
    void aBackupReplicaStandsInForOneReplicaOnly() {
        // A slow tray is one replica's; a slow leaf switch holds a GPU of each of 64 nodes.
        const auto at = [](const std::string& what, int backups) {
            const auto timeline = timelineOf(site(
                "fail_stop: {multiplier: 0, planned_every: 0 s}, fail_slow: {multiplier: 0}, mitigations: "
                "{backup_replicas: " +
                std::to_string(backups) + "}, injections: [{at: 2 h, cluster: c, what: " + what +
                ", magnitude: 0.9, lasts: 1 h}]"));
            return *timeline->attributionAt(2.5 * kHour);
        };
        const std::string gpu = "slow-gpu, target: \"rack 1-1-1, tray 2, GPU 5\"";
        const std::string leaf = "degrade-link, target: \"Hall 1, rail 2, leaf 1\"";
        QCOMPARE(int(at(gpu, 0).cause), int(Cause::Injection));
        QVERIFY(at(gpu, 1).cause != Cause::Injection);
        QVERIFY2(at(gpu, 1).stepS < at(gpu, 0).stepS, both(at(gpu, 1).stepS, at(gpu, 0).stepS));
        QCOMPARE(int(at(leaf, 0).cause), int(Cause::Injection));
        QCOMPARE(int(at(leaf, 1).cause), int(Cause::Injection));
    }
    void sparesStandBy() {
        const Account without = weekOf("fail_stop: {multiplier: 4}");
        const Account with = weekOf("fail_stop: {multiplier: 4}, mitigations: {spares: 0.05}");
        QVERIFY2(lossOf(with.waterfall, "idle GPUs") >= 0.05,
                 both(lossOf(with.waterfall, "idle GPUs"), lossOf(without.waterfall, "idle GPUs")));
        // Of the replicas the layout has, more run.
        QVERIFY2(with.goodput > without.goodput, both(with.goodput, without.goodput));
    }
    void partialRacksStandTheLossOfTrays() {
        const auto rackSite = [](const std::string& operations) {
            return scenarioOf(
                oneIsland("GB200", 1152, operations,
                          "model: llama-3-70b, global_batch: 4.194304 M tokens, layout: {tp: 8}"));
        };
        const std::string failing = "fail_stop: {multiplier: 6}";
        const Account whole = timelineOf(rackSite(failing))->account(0, 14 * kDay);
        const Account partial =
            timelineOf(rackSite(failing + ", mitigations: {partial_racks: true}"))->account(0, 14 * kDay);
        // Eight of 72 are given away for good ...
        QVERIFY2(lossOf(partial.waterfall, "idle GPUs") >= 8.0 / 72 - 1e-9,
                 both(lossOf(partial.waterfall, "idle GPUs"), lossOf(whole.waterfall, "idle GPUs")));
        // ... and what fails costs the replicas that are left less.
        QVERIFY2(partial.goodput > whole.goodput, both(partial.goodput, whole.goodput));
    }

    void hopelessRunsSaySo() {
        const auto never = timelineOf(site("fail_stop: {multiplier: 5000}"));
        const Account account = never->account(0, kDay);
        QVERIFY2(account.goodput >= 0 && account.goodput < 1e-3, both(account.goodput, 0));
        const auto notes = never->notes();
        QVERIFY(std::ranges::any_of(
            notes, [](const std::string& note) { return note.find("no uptime") != std::string::npos; }));
    }
    void checkpointsLongerThanTheTimeToFailureSaySo() {
        const auto slow = timelineOf(site("fail_stop: {multiplier: 50}, checkpoint: {write: 3 h}"));
        const Account account = slow->account(0, 2 * kDay);
        QVERIFY2(account.goodput >= 0 && account.goodput < 0.1, both(account.goodput, 0));
        const auto notes = slow->notes();
        QVERIFY(std::ranges::any_of(notes, [](const std::string& note) {
            return note.find("a checkpoint takes") != std::string::npos;
        }));
    }
};

QTEST_GUILESS_MAIN(TestAccounts)
#include "tst_accounts.moc"

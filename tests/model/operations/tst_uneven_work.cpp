#include "model/core/philox.h"
#include "model/operations/step_members.h"
#include "tests/model/operations/step_oracle.h"

#include <QTest>

#include <map>
#include <numbers>
#include <numeric>
#include <thread>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;

namespace {

constexpr int kSteps = 4000;
constexpr double kJitter = 0.004;

scenario::Imbalance imbalance(double lastStage, double sequences, double pauseS, double every) {
    scenario::Imbalance out;
    out.lastStage = scenario::Sourced(lastStage);
    out.sequences = scenario::Sourced(sequences);
    out.pauseS = scenario::Sourced(pauseS);
    out.pauseEvery = scenario::Sourced(every);
    return out;
}

scenario::Cluster specOf(bool mixed) {
    if (mixed) {
        return smallMixedSpec();
    }
    return clusterSpec({island("H100", "H100-SXM", "hgx", "rail8", 128)}, {});
}

std::vector<atlas::testing::ClassTimes> classesOf(bool mixed) {
    std::vector<atlas::testing::ClassTimes> classes{{"H100-SXM", "H100 island", mixed ? 96 : 128, 0.9, 0.3}};
    if (mixed) {
        classes.push_back({"A100-SXM", "A100 island", 32, 0.8, 0.4});
    }
    return classes;
}

/// 96 H100 and 32 A100, or 128 H100; TP 4 or 2 and a pipeline.
struct Case {
    std::shared_ptr<const cluster::Cluster> floor;
    training::StepAnatomy anatomy;
    StaticSpeeds speeds;
    std::shared_ptr<const LawBook> book;

    Case(const scenario::Imbalance& uneven, int tp, int pp, bool mixed, double spread = 0.01,
         SlowPolicy policy = {})
        : floor(built(specOf(mixed)))
        , speeds(7, floor->gpuCount, spread) {
        anatomy = anatomyOf(classesOf(mixed), 0.1, 0.02, 0.05);
        anatomy.layout.tp = tp;
        anatomy.layout.pp = pp;
        anatomy.layout.dp = 128 / (tp * pp);
        anatomy.layout.globalBatch = 4 * anatomy.layout.dp;
        book = std::make_shared<LawBook>(floor, *shapeOf(*floor, anatomy, scenario::Month::of(2026, 1)),
                                         LinkTraffic{}, speeds, StepNoise{kJitter}, policy, uneven);
    }
};

StepAt stepOf(const StepLaw& law, std::uint64_t step) {
    StepAt at;
    at.step = step;
    at.law = &law;
    at.draw = {7, 0, step};
    const BarrierDraw drawn = law.draw(at.draw);
    at.barrierS = drawn.timeS;
    at.slow = drawn.slow;
    at.heaviest = drawn.heaviest;
    at.loadS = drawn.loadS;
    at.stepS = drawn.timeS + law.tailS;
    return at;
}

/// Every GPU and every replica draws, with another generator; the heaviest load falls to the replica of
/// whoever is last, or stays where it fell.
class BruteForce {
public:
    struct Step {
        double barrierS = 0;
        double waitGpuS = 0;
    };
    BruteForce(const Case& c, const scenario::Imbalance& uneven)
        : m_case(c)
        , m_uneven(uneven) {}

    Step draw(bool heaviestLast) {
        const StepShape& plan = m_case.book->shape();
        const training::Layout& layout = plan.anatomy.layout;
        const auto replicas = static_cast<std::size_t>(layout.dp);
        double slowestComputeS = 0;
        for (const MemberClass& each : plan.classes) {
            slowestComputeS = std::max(slowestComputeS, each.computeS);
        }
        // A Rayleigh variate is the root of an exponential one.
        const double scaleS = m_uneven.sequences.value * slowestComputeS / std::sqrt(plan.microBatches) /
                              std::sqrt(1 - std::numbers::pi / 4);
        const double meanS = scaleS * std::sqrt(std::numbers::pi) / 2;
        std::vector<double> load(replicas);
        for (double& each : load) {
            each = scaleS * std::sqrt(m_unit(m_generator));
            bool pauses = false;
            for (int p = 0; p < layout.tp * layout.pp; ++p) {
                pauses =
                    std::uniform_real_distribution<>()(m_generator) < 1 / m_uneven.pauseEvery.value || pauses;
            }
            each += pauses ? m_uneven.pauseS.value : 0;
        }
        struct Member {
            double timeS;
            double bubbleS;
            std::size_t replica;
        };
        std::vector<Member> members;
        std::size_t before = 0;
        for (const MemberClass& own : plan.classes) {
            const auto count = static_cast<cluster::Index>(own.count());
            const cluster::Index stageGpus = count / static_cast<cluster::Index>(layout.pp);
            for (cluster::Index rank = 0; rank < count; ++rank) {
                const bool last = layout.pp > 1 && rank >= count - stageGpus;
                const double e = m_unit(m_generator);
                const double noise = kJitter * (e < 9 ? e : 9 + 3 * (e - 9));
                const double scale = own.computeS *
                                     m_case.speeds.slowdown(m_case.speeds.binOf(own.gpus.first + rank)) *
                                     (last ? 1 + m_uneven.lastStage.value : 1);
                members.push_back({own.communicateS + own.bubbleS + scale * (1 + noise), own.bubbleS,
                                   before + rank % stageGpus / static_cast<cluster::Index>(layout.tp)});
            }
            before += stageGpus / static_cast<cluster::Index>(layout.tp);
        }
        if (heaviestLast) {
            const auto slowest = std::ranges::max_element(members, {}, &Member::timeS);
            std::swap(load[slowest->replica], *std::ranges::max_element(load));
        }
        Step step;
        for (Member& each : members) {
            each.timeS += load[each.replica] - meanS;
            step.barrierS = std::max(step.barrierS, each.timeS);
        }
        for (const Member& each : members) {
            step.waitGpuS += step.barrierS - each.timeS + each.bubbleS;
        }
        return step;
    }

private:
    const Case& m_case;
    scenario::Imbalance m_uneven;
    std::mt19937_64 m_generator{99};
    std::exponential_distribution<double> m_unit{1.0};
};

std::shared_ptr<const TrainingTimeline> timelineWith(const scenario::Imbalance& uneven, int pp = 4) {
    const Case c(uneven, 4, pp, false);
    TrainingInputs inputs = inputsOf(c.anatomy, 0.01, kJitter);
    inputs.operations.imbalance = uneven;
    return timelineOf(specOf(false), inputs);
}

double barOf(const Waterfall& bars, const std::string& name) {
    const auto found = std::ranges::find(bars, name, &WaterfallBar::name);
    return found == bars.end() ? -1 : found->share;
}

} // namespace

/// Work that stages and replicas do not share evenly.
class TestUnevenWork : public QObject {
    Q_OBJECT
private slots:
    void oracleAgrees_data() {
        QTest::addColumn<scenario::Imbalance>("uneven");
        QTest::addColumn<int>("tp");
        QTest::addColumn<int>("pp");
        QTest::addColumn<bool>("mixed");
        QTest::newRow("last stage") << imbalance(0.1, 0, 0, 500) << 4 << 4 << false;
        QTest::newRow("last stage, mixed") << imbalance(0.05, 0, 0, 500) << 2 << 2 << true;
        QTest::newRow("sequences") << imbalance(0, 0.2, 0, 500) << 4 << 2 << false;
        QTest::newRow("sequences, mixed") << imbalance(0, 0.3, 0, 500) << 4 << 1 << true;
        QTest::newRow("pauses") << imbalance(0, 0, 0.2, 300) << 4 << 1 << false;
        QTest::newRow("everything") << imbalance(0.04, 0.1, 0.1, 200) << 4 << 4 << false;
    }
    void oracleAgrees() {
        QFETCH(scenario::Imbalance, uneven);
        QFETCH(int, tp);
        QFETCH(int, pp);
        QFETCH(bool, mixed);
        const Case c(uneven, tp, pp, mixed);
        BruteForce brute(c, uneven);
        std::vector<double> barriers, waits, bruteBarriers, bruteWaits;
        for (int s = 0; s < kSteps; ++s) {
            const StepAt at = stepOf(*c.book->healthy(), static_cast<std::uint64_t>(s));
            const StepMembers members(at, c.speeds);
            double latest = 0;
            double wait = 0;
            for (cluster::Index gpu = 0; gpu < 128; ++gpu) {
                const ClassLaw& law = *members.lawOf(gpu);
                const auto finish = static_cast<double>(members.finishOf(law, gpu));
                latest = std::max(latest, finish);
                wait += at.barrierS - (finish - static_cast<double>(law.bubbleS));
            }
            QVERIFY(std::abs(latest - at.barrierS) < 1e-6);
            barriers.push_back(at.barrierS);
            waits.push_back(wait);
            const BruteForce::Step step = brute.draw(true);
            bruteBarriers.push_back(step.barrierS);
            bruteWaits.push_back(step.waitGpuS);
        }
        QVERIFY2(ksRatio(barriers, bruteBarriers) < 1,
                 qPrintable(QString::number(ksRatio(barriers, bruteBarriers))));
        QVERIFY2(ksRatio(waits, bruteWaits) < 1, qPrintable(QString::number(ksRatio(waits, bruteWaits))));
        const double mean = std::accumulate(barriers.begin(), barriers.end(), 0.0) / kSteps;
        double variance = 0;
        for (const double each : barriers) {
            variance += (each - mean) * (each - mean) / kSteps;
        }
        QVERIFY2(std::abs(meanBarrier(*c.book->healthy()).timeS - mean) <
                     4 * std::sqrt(variance / kSteps) + 1e-4,
                 qPrintable(QString("%1 %2").arg(meanBarrier(*c.book->healthy()).timeS).arg(mean)));
    }
    /// Where the heaviest load stays where it falls, steps are shorter: never more than the replicas' latest
    /// members differ, which chance and lasting spread bound (2.5 standard deviations of the speeds at most).
    void heaviestLastIsABound() {
        const scenario::Imbalance uneven = imbalance(0, 0.2, 0, 500);
        const Case c(uneven, 4, 2, false);
        BruteForce together(c, uneven);
        BruteForce apart(c, uneven);
        double with = 0;
        double without = 0;
        for (int s = 0; s < kSteps; ++s) {
            with += together.draw(true).barrierS / kSteps;
            without += apart.draw(false).barrierS / kSteps;
        }
        QVERIFY2(with >= without && with - without < 2.5 * 0.01,
                 qPrintable(QString("%1 %2").arg(with).arg(without)));
    }
    /// All GPUs of a replica have its load, through all stages.
    void replicasShareTheirLoad() {
        const scenario::Imbalance uneven = imbalance(0, 0.5, 0, 500);
        const Case c(uneven, 4, 4, false, 0);
        const Case even({}, 4, 4, false, 0);
        const StepAt at = stepOf(*c.book->healthy(), 5);
        StepAt plain = at;
        plain.law = even.book->healthy().get();
        plain.barrierS = at.evenBarrierS();
        plain.loadS = 0;
        const StepMembers members(at, c.speeds);
        const StepMembers without(plain, c.speeds);
        std::map<std::uint32_t, float> loads;
        for (cluster::Index gpu = 0; gpu < 128; ++gpu) {
            const ClassLaw& law = *members.lawOf(gpu);
            const float load = members.finishOf(law, gpu) - without.finishOf(*without.lawOf(gpu), gpu);
            const std::uint32_t replica = law.replicaOf(law.members.rankOf(gpu));
            const auto [known, first] = loads.emplace(replica, load);
            QVERIFY(std::abs(known->second - load) < 1e-5f);
        }
        QCOMPARE(loads.size(), std::size_t{8});
    }

    void tunedRunsHaveNone() {
        const scenario::Imbalance tuned = imbalance(0, 0, 0, 500);
        const Case c(tuned, 4, 4, false);
        QVERIFY(c.book->healthy()->load.even());
        QCOMPARE(c.book->healthy(), c.book->even());
        QCOMPARE(c.book->lastStageS(), 0.0);
        QCOMPARE(barOf(timelineWith(tuned)->waterfall(), "uneven work"), 0.0);
    }
    void accountsAddUp_data() {
        QTest::addColumn<scenario::Imbalance>("uneven");
        QTest::addColumn<int>("cause");
        QTest::addColumn<double>("addsS");
        // By hand, seconds a step. Compute time 0.9 less the optimizer's 0.02; 8 replicas (TP 4, PP 4), four
        // micro-batches: the last stage adds a tenth of 0.88; sequences 0.2 / sqrt(4) of it, as often as the
        // largest of eight is standard deviations above the mean;
        // pauses 0.2 s as often as any of 128 processes pauses.
        QTest::newRow("last stage") << imbalance(0.1, 0, 0, 500) << int(Cause::LastStage) << 0.088;
        QTest::newRow("sequences") << imbalance(0, 0.2, 0, 500) << int(Cause::Sequences)
                                   << 0.1 * 0.88 * largestOf(8);
        QTest::newRow("collections") << imbalance(0, 0, 0.2, 200) << int(Cause::Collection)
                                     << 0.2 * (1 - std::pow(1 - 1.0 / 200, 128));
    }
    void accountsAddUp() {
        QFETCH(scenario::Imbalance, uneven);
        QFETCH(int, cause);
        QFETCH(double, addsS);
        const auto timeline = timelineWith(uneven);
        const auto even = timelineWith({});
        const Account account = timeline->account(0, 6 * 3600);
        for (const Waterfall& bars : {account.waterfall, timeline->waterfall()}) {
            double losses = 0;
            for (std::size_t i = 1; i + 1 < bars.size(); ++i) {
                losses += bars[i].share;
            }
            QVERIFY(std::abs(bars.front().share - losses - bars.back().share) < 1e-12);
        }
        // The bar holds the members' share of the step's excess; kernels and all else keep their seconds.
        const double stepS = account.stepMeanS;
        const double bar = barOf(account.waterfall, "uneven work");
        QVERIFY2(std::abs(bar * stepS / addsS - 1) < 0.05,
                 qPrintable(QString("%1 %2").arg(bar * stepS).arg(addsS)));
        QVERIFY(std::abs(stepS - even->account(0, 6 * 3600).stepMeanS - addsS) < 0.05 * addsS);
        // Who does not have the load waits for it: three of four stages, or all replicas but the heaviest.
        const auto waited = [&](Cause which) {
            return account.waitGpuS[static_cast<std::size_t>(which)] / static_cast<double>(account.steps);
        };
        const double wait = waited(static_cast<Cause>(cause));
        QVERIFY(wait > 0.5 * addsS * 128 && wait < 1.2 * addsS * 128);
        for (const Cause other : {Cause::LastStage, Cause::Sequences, Cause::Collection}) {
            QVERIFY(int(other) == cause || waited(other) == 0);
        }
        // Attribution: parts add up, the cause is named most of the time, even work would save what it adds.
        int named = 0;
        double saved = 0;
        double t = 0;
        for (int s = 0; s < 200; ++s, t = timeline->stepBoundary(t, 1) + 1e-3) {
            const auto told = timeline->attributionAt(t);
            QVERIFY(told);
            const double parts =
                told->mismatchS + told->staticS + told->jitterS + told->slowS + told->stageS + told->loadS;
            QVERIFY(std::abs(parts - told->lateS) < 1e-9);
            named += int(told->cause) == cause ? 1 : 0;
            saved += (told->stepS - told->evenS) / 200;
        }
        QVERIFY2(named > 80, qPrintable(QString::number(named)));
        QVERIFY2(std::abs(saved / addsS - 1) < 0.25, qPrintable(QString("%1 %2").arg(saved).arg(addsS)));
    }
    /// Any instant, in any order, from any thread: the same bytes.
    void pureFunctionOfTime() {
        const scenario::Imbalance uneven = imbalance(0.1, 0.2, 0.2, 200);
        const auto first = timelineWith(uneven);
        const auto second = timelineWith(uneven);
        std::vector<std::size_t> forward, backward(40);
        for (int i = 0; i < 40; ++i) {
            forward.push_back(hashOf(*first->frameAt(7.3 + 911.7 * i)));
        }
        std::thread other([&] {
            for (int i = 39; i >= 0; --i) {
                backward[static_cast<std::size_t>(i)] = hashOf(*second->frameAt(7.3 + 911.7 * i));
            }
        });
        other.join();
        QCOMPARE(forward, backward);
    }
};

QTEST_GUILESS_MAIN(TestUnevenWork)
#include "tst_uneven_work.moc"

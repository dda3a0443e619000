#include "model/training/model_shape.h"
#include "tests/model/operations/operations_fixtures.h"
#include "tests/model/training/training_fixtures.h"

#include <QTest>

#include <cmath>
#include <numbers>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;

namespace {

constexpr double kFastS = 1.2; ///< a step of the first island, without noise
constexpr double kComputeS = 0.9;

/// Two islands that train apart for `inner` steps, then exchange for `exchangeS`. No failures.
struct Islands {
    double secondS = 1.2; ///< a step of the second island
    std::uint64_t inner = 50;
    double exchangeS = 6;
    double jitter = 0;
    bool together = false; ///< synchronous training instead
    double slowForS = 0;   ///< so long a GPU of the first island is half as fast, from 1000 s on

    [[nodiscard]] std::shared_ptr<const TrainingTimeline> timeline() const {
        // Exchange of gradients and optimizer take no time: steps are compute and communication.
        auto anatomy = anatomyOf({{"H100-SXM", "H100 island", 96, kComputeS, kFastS - kComputeS},
                                  {"A100-SXM", "A100 island", 32, kComputeS, secondS - kComputeS}},
                                 0, 0, 0);
        for (training::ClassShare& share : anatomy.classes) {
            share.layout = anatomy.layout;
            share.layout.dp = share.count / 8;
            share.layout.globalBatch = 4 * share.layout.dp;
            share.shareOfTokens = static_cast<double>(share.count) / 128;
        }
        TrainingInputs inputs = inputsOf(anatomy, 0, jitter);
        const OuterBarrier outer = together ? OuterBarrier{} : OuterBarrier{inner, exchangeS};
        inputs.phases.front().plan = [anatomy, outer] { return PlannedStep{anatomy, {}, {}, {}, {}, outer}; };
        if (slowForS > 0) {
            Event event;
            event.kind = EventKind::FailSlow;
            event.component = Component::Thermal;
            event.part = {cluster::PartKind::Gpu, 5};
            event.timeS = 1000;
            event.durationS = slowForS;
            event.slowdown = 2;
            event.injection = 0;
            inputs.injections.push_back(event);
        }
        return timelineOf(smallMixedSpec(), inputs);
    }
};

double outerOf(const Account& account) {
    return account.phaseS[static_cast<std::size_t>(Phase::Outer)];
}

QByteArray both(double a, double b) {
    return QString("%1 %2").arg(a, 0, 'g', 10).arg(b, 0, 'g', 10).toUtf8();
}

} // namespace

/// What local SGD costs and saves, by hand: rounds of H inner steps, then an outer barrier with an exchange.
class TestLocalSgd : public QObject {
    Q_OBJECT
private slots:
    void roundsByHand_data() {
        QTest::addColumn<double>("secondS");
        QTest::addColumn<int>("inner");
        QTest::addColumn<double>("exchangeS");
        QTest::newRow("equal islands") << 1.2 << 50 << 6.0;
        QTest::newRow("long rounds") << 1.2 << 500 << 6.0;
        QTest::newRow("free exchange") << 1.2 << 50 << 0.0;
        QTest::newRow("one island is slower") << 1.5 << 50 << 6.0;
    }
    /// A round takes H steps of the slower island and the exchange; the faster one waits for the rest. In
    /// `rounds` of them that is all there is.
    void roundsByHand() {
        QFETCH(double, secondS);
        QFETCH(int, inner);
        QFETCH(double, exchangeS);
        Islands islands;
        islands.secondS = secondS;
        islands.inner = static_cast<std::uint64_t>(inner);
        islands.exchangeS = exchangeS;
        const double roundS = inner * std::max(kFastS, secondS) + exchangeS;
        const int rounds = 40;
        const Account account = islands.timeline()->account(0, rounds * roundS);
        QVERIFY2(std::abs(static_cast<double>(account.steps) - 2.0 * inner * rounds) <= 2,
                 both(static_cast<double>(account.steps), 2.0 * inner * rounds));
        // Time at the outer barrier, by members: three quarters are in the first island.
        const double waits = rounds * (0.75 * (roundS - inner * kFastS) + 0.25 * (roundS - inner * secondS));
        QVERIFY2(std::abs(outerOf(account) - waits) < 1e-6 * rounds * roundS + 2,
                 both(outerOf(account), waits));
        // Progress: inner steps over the time they would take without anything between them.
        const double goodput = (0.75 * inner * kFastS + 0.25 * inner * secondS) / roundS;
        QVERIFY2(std::abs(account.goodput - goodput) < 2e-3, both(account.goodput, goodput));
    }
    /// The exchange is paid once a round: ten times longer rounds cost a tenth.
    void longerRoundsCostLess() {
        const auto loss = [](std::uint64_t inner) {
            Islands islands;
            islands.inner = inner;
            return 1 - islands.timeline()->account(0, 40 * (500 * kFastS + 6)).goodput;
        };
        const double often = 6 / (50 * kFastS + 6);
        const double seldom = 6 / (500 * kFastS + 6);
        QVERIFY2(std::abs(loss(50) - often) < 2e-3, both(loss(50), often));
        QVERIFY2(std::abs(loss(500) - seldom) < 2e-3, both(loss(500), seldom));
    }
    /// What it saves in waits for chance: every step waits for the slowest of 96 instead of 128, and the
    /// islands for each other once a round. With exponential noise the slowest of n is sigma (ln n + gamma)
    /// late and varies by sigma pi / sqrt(6); of two sums of H the later is later by the standard deviation
    /// of their difference over sqrt(2 pi).
    void waitsForChanceAreShared() {
        constexpr double kSigma = 0.02;
        Islands apart;
        apart.jitter = kSigma;
        apart.exchangeS = 0;
        Islands together = apart;
        together.together = true;
        constexpr double kSpanS = 40'000;
        const Account local = apart.timeline()->account(0, kSpanS);
        const Account synchronous = together.timeline()->account(0, kSpanS);
        const double unit = kSigma * kComputeS;
        const auto late = [unit](double n) { return unit * (std::log(n) + std::numbers::egamma); };
        // 0.3 % of a step: the knee of the noise lies far out, ln n + gamma is exact to 1 / (2 n).
        QVERIFY2(std::abs(synchronous.stepMeanS - (kFastS + late(128))) < 0.003 * kFastS,
                 both(synchronous.stepMeanS, kFastS + late(128)));
        const double alone = (late(96) + late(32)) / 2; // as many steps of one as of the other
        QVERIFY2(std::abs(local.stepMeanS - (kFastS + alone)) < 0.003 * kFastS,
                 both(local.stepMeanS, kFastS + alone));
        // A round: H steps of the first island, whose steps are longer by sigma ln 3 on average, and what
        // the other is later by at times.
        const double roundS = kSpanS / (static_cast<double>(local.steps) / 2 / 50);
        const double gap = 50 * (late(96) - late(32));
        const double sd = unit * std::numbers::pi / std::sqrt(6.0) * std::sqrt(2.0 * 50);
        const double z = gap / sd;
        const double later = sd * std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi) -
                             gap * 0.5 * std::erfc(z / std::sqrt(2.0)); // E[max(0, -(gap + sd Z))]
        const double expected = 50 * (kFastS + late(96)) + later;
        QVERIFY2(std::abs(roundS / expected - 1) < 0.003, both(roundS, expected));
        QVERIFY(roundS < 50 * synchronous.stepMeanS);
    }
    /// What it saves in waits for what is slow: an episode shorter than a round's slack is hidden from the
    /// other island until the outer barrier, and costs it only then.
    void slownessStaysInItsIsland() {
        Islands islands;
        islands.exchangeS = 0;
        islands.slowForS = 30;
        const auto timeline = islands.timeline();
        double fast = 0;
        double second = 0;
        for (const StepSpan& step : timeline->steps(1000, 1030, 1000)) {
            const bool first = timeline->cluster()->islands[step.island].gpus.contains(5);
            (first ? fast : second) = std::max(first ? fast : second, step.endS - step.startS);
        }
        QVERIFY2(std::abs(fast - (kFastS + kComputeS)) < 1e-6, both(fast, kFastS + kComputeS));
        QVERIFY2(std::abs(second - kFastS) < 1e-6, both(second, kFastS));
    }
    /// What the exchange costs and what local SGD loses statistically, as planned: the weights of 16 bits
    /// there and back over the trunk and two of its latencies, once in H steps; a token makes as much
    /// progress as the constants say (DiLoCo matched synchronous training with 8 workers: all of it).
    void plannedCost() {
        using namespace training;
        QCOMPARE(Calibration::builtin().assumptions.dilocoSteps, 500.0);
        QCOMPARE(Calibration::builtin().assumptions.dilocoTokenEfficiency, 1.0);
        const Machine m = fixtures::machine({fixtures::hopper(256), fixtures::ampere(256)}, 10e9);
        Job job = fixtures::job(fixtures::llama70b(), 2048);
        job.placement = Placement::LocalSgd;
        PlanOptions options;
        options.top = 1;
        const double params = shapeOf(job.model)->totalParams();
        const auto planned = [&](double inner, const Calibration& calibration) {
            job.localSgdSteps = inner;
            const auto found = plan(m, job, options, calibration);
            return found ? found->best.front() : StepAnatomy{};
        };
        for (const double inner : {1.0, 50.0, 500.0}) {
            const StepAnatomy step = planned(inner, Calibration::builtin());
            const double outerS = (2 * 2 * params / 10e9 + 2 * m.trunkLatencyS) / inner;
            QVERIFY2(std::abs(step.outerS / outerS - 1) < 1e-9, both(step.outerS, outerS));
            QCOMPARE(step.innerSteps, inner);
        }
        // Synchronous steps would exchange 28 s each; every 500th costs 0.06 s a step.
        QVERIFY(planned(1, Calibration::builtin()).stepTimeS >
                planned(500, Calibration::builtin()).stepTimeS + 20);
        Calibration losing = Calibration::builtin();
        losing.assumptions.dilocoTokenEfficiency = 0.9;
        const StepAnatomy whole = planned(500, Calibration::builtin());
        const StepAnatomy less = planned(500, losing);
        QCOMPARE(less.stepTimeS, whole.stepTimeS);
        QVERIFY2(std::abs(less.tokensPerS / whole.tokensPerS - 0.9) < 1e-12,
                 both(less.tokensPerS, whole.tokensPerS));
    }
};

QTEST_GUILESS_MAIN(TestLocalSgd)
#include "tst_local_sgd.moc"

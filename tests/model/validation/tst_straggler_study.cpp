#include "model/validation/straggler_study.h"
#include "tests/model/operations/operations_fixtures.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::validation;

namespace {

/// Three standard deviations of a share over the study's jobs.
double sampling(double share) {
    return 3 * std::sqrt(share * (1 - share) / stragglerConstants().jobCount.value);
}

template <class Has>
double shareOf(const std::vector<StudyJob>& jobs, Has has) {
    return static_cast<double>(std::ranges::count_if(jobs, has)) / static_cast<double>(jobs.size());
}

QByteArray both(double a, double b) {
    return QString("%1 %2").arg(a).arg(b).toUtf8();
}

} // namespace

/// The published study of 3,079 jobs against a population of jobs run through the model.
class TestStragglerStudy : public QObject {
    Q_OBJECT
private slots:
    /// The population is that of the study: sizes and causes.
    void populationIsTheStudys() {
        const StragglerConstants& c = stragglerConstants();
        const auto jobs = studyJobs(c);
        QCOMPARE(jobs.size(), std::size_t{3079});
        const auto larger = [&](std::int64_t gpus) {
            return shareOf(jobs, [gpus](const StudyJob& job) { return job.gpus >= gpus; });
        };
        QCOMPARE(larger(128), 1.0);
        // Sizes are whole multiples of 16 GPUs: 4,992 stands for 5,000.
        for (const auto& [gpus, wanted] :
             {std::pair<std::int64_t, double>{256, 0.317}, {512, 0.183}, {4992, 0.036}}) {
            QVERIFY2(std::abs(larger(gpus) - wanted) < sampling(wanted), both(larger(gpus), wanted));
        }
        const double sequences =
            shareOf(jobs, [](const StudyJob& job) { return job.imbalance.sequences.value > 0; });
        const double stage =
            shareOf(jobs, [](const StudyJob& job) { return job.imbalance.lastStage.value > 0; });
        QVERIFY(std::abs(sequences - 0.214) < sampling(0.214));
        QVERIFY(std::abs(stage - 0.393) < sampling(0.393));
        for (const StudyJob& job : jobs) {
            QVERIFY(job.replicas() >= 4);
        }
    }
    /// What the population was told of causes comes out again: jobs with sequences are 1.34 times slower on
    /// average, planning collections wins 12.6 % at 128 replicas.
    void causesAreAsTold() {
        const StragglerConstants& c = stragglerConstants();
        StragglerConstants still = c;
        still.jobSpeedSpread.value = 0;
        still.jobStepJitter.value = 0;
        double slowdown = 0;
        double count = 0;
        for (const StudyJob& job : studyJobs(c)) {
            if (job.imbalance.sequences.value > 0) {
                slowdown += slowdownOf(job, c);
                ++count;
            }
        }
        QVERIFY2(std::abs(slowdown / count - 1.34) < 1e-3, both(slowdown / count, 1.34));

        StudyJob job;
        job.gpus = 1024;
        job.imbalance.pauseEvery = c.collectionEvery;
        const double any = 1 - std::pow(1 - 1 / c.collectionEvery.value, 1024);
        job.imbalance.pauseS = Sourced(0.126 / any);
        QVERIFY2(std::abs(slowdownOf(job, still) - 1.126) < 1e-3, both(slowdownOf(job, still), 1.126));

        job.imbalance.pauseS = Sourced(0);
        job.imbalance.lastStage = Sourced(0.1);
        job.pp = 4;
        // The last of four stages takes a tenth longer; the mean stage a fortieth.
        const double compute = c.jobCompute.value;
        QVERIFY(std::abs(slowdownOf(job, still) - (1 + 0.1 * compute) / (1 + 0.025 * compute)) < 1e-9);
    }
    /// No constant is fitted to these four, though they were known when the model was given its form. What
    /// they may be off by, by hand: the share of slowed jobs three standard deviations of sampling 3,079 jobs
    /// (2.7 points) and as much again for what is assumed; the worst tenth and hundredth are the least that
    /// the study says, and at most a quarter of what is left above. GPU-hours are known to be too many by
    /// half at most: large jobs, which are a third of them, lose more in the model.
    void comparedFigures() {
        const StragglerStudy study = stragglerStudy(stragglerConstants());
        const StragglerCost& model = study.model;
        const StragglerCost& published = study.published;
        qInfo(
            "slowed %.3f (%.3f), wasted %.3f (%.3f; mean job %.3f), worst tenth %.3f (%.3f), hundredth %.3f "
            "(%.3f)",
            model.slowed, published.slowed, model.wasted, published.wasted, model.wastedByMeanJob,
            model.worstTenth, published.worstTenth, model.worstHundredth, published.worstHundredth);
        QCOMPARE(published.slowed, 0.425);
        QCOMPARE(published.wasted, 0.104);
        QVERIFY(std::abs(model.slowed - published.slowed) < 2 * sampling(published.slowed));
        QVERIFY(model.worstTenth >= published.worstTenth);
        QVERIFY(model.worstTenth < published.worstTenth + 0.25 * published.worstTenth);
        QVERIFY(model.worstHundredth >= published.worstHundredth);
        QVERIFY(model.worstHundredth < published.worstHundredth + 0.25 * published.worstHundredth);
        QVERIFY(model.wasted < 1.5 * published.wasted);
        QVERIFY(std::abs(model.wastedByMeanJob - published.wasted) < 0.25 * published.wasted);
    }
    /// Over the ranges of what is assumed, the share of slowed jobs goes to either side of the published one.
    void assumptionsDecide() {
        const auto slowed = [](bool high) {
            StragglerConstants c = stragglerConstants();
            for (Sourced* each : {&c.stageExcess, &c.collectionShare, &c.jobSpeedSpread, &c.workerShare}) {
                each->value = high ? each->high : each->low;
            }
            return stragglerStudy(c).model.slowed;
        };
        QVERIFY(slowed(false) < 0.425 && 0.425 < slowed(true));
    }
    /// Another draw of the same population tells the same.
    void drawsAgree() {
        const StragglerCost a = stragglerStudy(stragglerConstants(), 1).model;
        const StragglerCost b = stragglerStudy(stragglerConstants(), 2).model;
        QVERIFY2(std::abs(a.slowed - b.slowed) < std::sqrt(2.0) * sampling(0.425), both(a.slowed, b.slowed));
        QVERIFY2(std::abs(a.wasted - b.wasted) < 0.02, both(a.wasted, b.wasted));
    }
    /// What is expected of a job is what simulating it gives.
    void simulationAgrees_data() {
        QTest::addColumn<double>("lastStage");
        QTest::addColumn<double>("sequences");
        QTest::addColumn<double>("pauseS");
        QTest::newRow("even") << 0.0 << 0.0 << 0.0;
        QTest::newRow("last stage") << 0.15 << 0.0 << 0.0;
        QTest::newRow("sequences") << 0.0 << 0.5 << 0.0;
        QTest::newRow("everything") << 0.1 << 0.3 << 0.1;
    }
    void simulationAgrees() {
        QFETCH(double, lastStage);
        QFETCH(double, sequences);
        QFETCH(double, pauseS);
        const StragglerConstants& c = stragglerConstants();
        StudyJob job;
        job.gpus = 256;
        job.pp = 4;
        job.microBatches = 16;
        job.imbalance.lastStage = Sourced(lastStage);
        job.imbalance.sequences = Sourced(sequences);
        job.imbalance.pauseS = Sourced(pauseS);
        job.imbalance.pauseEvery = c.collectionEvery;
        auto anatomy = testing::anatomyOf(
            {{"H100-SXM", "H100 island", 256, c.jobCompute.value, 1 - c.jobCompute.value}}, 0, 0, 0);
        anatomy.layout.tp = job.tp;
        anatomy.layout.pp = job.pp;
        anatomy.layout.dp = job.replicas();
        anatomy.layout.globalBatch = 16 * anatomy.layout.dp;
        auto inputs = testing::inputsOf(anatomy, c.jobSpeedSpread.value, c.jobStepJitter.value);
        inputs.operations.imbalance = job.imbalance;
        const auto timeline = testing::timelineOf(
            testing::clusterSpec({testing::island("H100", "H100-SXM", "hgx", "rail8", 256)}, {}), inputs);
        const operations::Account account = timeline->account(0, 4 * 3600);
        // The mean member: compute with its share of the last stage's excess, and the mean noise.
        const double meanS =
            1 - c.jobCompute.value + c.jobCompute.value * (1 + lastStage / 4) * (1 + c.jobStepJitter.value);
        const double simulated = account.stepMeanS / meanS;
        const double expected = slowdownOf(job, c);
        // The floor's own slowest GPU instead of that of the mean floor: half a per cent.
        QVERIFY2(std::abs(simulated / expected - 1) < 0.01, both(simulated, expected));
    }
};

QTEST_GUILESS_MAIN(TestStragglerStudy)
#include "tst_straggler_study.moc"

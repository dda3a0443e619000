#include "model/core/philox.h"
#include "model/operations/outlook.h"
#include "model/training/planner.h"
#include "tests/model/operations/scenario_fixtures.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;

namespace {

training::StepAnatomy plannedOf(const scenario::Scenario& s) {
    const auto plan =
        training::planJob(s, s.clusters.front(), s.trainJobs.front(), scenario::Placement::Naive, s.start);
    if (!plan) {
        qFatal("%s", text(plan.errors()).c_str());
    }
    return plan->best.front();
}

/// Such runs last hours on screened machines: nothing fails or slows down on the way.
scenario::Scenario screened(const QString& gpu, int gpus) {
    return scenarioOf(
        oneIsland(gpu.toStdString(), gpus,
                  "fail_stop: {multiplier: 0, planned_every: 0 s}, fail_slow: {multiplier: 0}"));
}

/// p90 and p99 of the step over its median.
std::pair<double, double> tailOf(const scenario::Scenario& s) {
    const Account account = timelineOf(s)->account(0, kDay);
    return {account.stepP90S / account.stepP50S, account.stepP99S / account.stepP50S};
}

QByteArray told(std::pair<double, double> tail) {
    return QByteArray::number(tail.first) + ' ' + QByteArray::number(tail.second) + ' ';
}

std::string number(double value) {
    return QByteArray::number(value).toStdString();
}

} // namespace

/// The simulation against what was published.
class TestRecord : public QObject {
    Q_OBJECT
private slots:
    void llama3() {
        // 16,384 H100 for 54 days: 419 unplanned interruptions, 47 planned ones, more than 90 % effective
        // training time (arXiv:2407.21783, section 3.3.4). Its layout: TP 8, PP 16, DP 128.
        const auto s = scenarioOf(oneIsland("H100-SXM", 16384, {},
                                            "model: llama-3-1-405b, global_batch: 16.777216 M tokens, "
                                            "layout: {tp: 8, pp: 16, cp: 1}"));
        QCOMPARE(plannedOf(s).gpusUsed, 16384);
        std::vector<double> counts;
        for (int seed = 1; seed <= 6; ++seed) {
            auto seeded = s;
            seeded.seed = static_cast<std::uint64_t>(seed);
            const Account account = timelineOf(seeded)->account(0, 54 * kDay);
            counts.push_back(static_cast<double>(account.interruptions));
            QVERIFY2(account.goodput > 0.90 && account.goodput < 0.97,
                     qPrintable(QString::number(account.goodput)));
            QVERIFY(account.planned >= 44 && account.planned <= 47);
        }
        // Six Poisson counts around 419: their mean is within 3.3 sigma.
        const double mean = std::accumulate(counts.begin(), counts.end(), 0.0) / 6;
        QVERIFY2(std::abs(mean - 419) < 3.3 * std::sqrt(419 / 6.0), qPrintable(QString::number(mean)));
    }
    void causesOfLlama3() {
        // Of 419: 268 GPUs, 46 hosts, 42 links, 63 software; chi-square with 3 degrees of freedom, one in a
        // thousand above 16.3.
        const auto timeline = timelineOf(scenarioOf(oneIsland("H100-SXM", 16384)));
        std::array<double, 4> counted{};
        double all = 0;
        for (const Event& event : timeline->events(0, 200 * kDay)) {
            const auto c = static_cast<std::size_t>(event.component == Component::Software ? Component::Leaf
                                                                                           : event.component);
            if (event.kind == EventKind::FailStop && c < 4) {
                ++counted[c];
                ++all;
            }
        }
        const std::array<double, 4> shares = {268 / 419.0, 46 / 419.0, 42 / 419.0, 63 / 419.0};
        double chi = 0;
        for (std::size_t c = 0; c < 4; ++c) {
            chi += (counted[c] - all * shares[c]) * (counted[c] - all * shares[c]) / (all * shares[c]);
        }
        QVERIFY2(chi < 16.3, qPrintable(QString::number(chi)));
    }
    void meanTimeToFailure_data() {
        // Kokolis et al. (HPCA 2025, arXiv:2410.21680): 6.50 failures per 1000 node-days of A100, projected
        // to 1.8 h at 16,384 and 0.23 h at 131,072 GPUs. At 1,024 they measured 7.9 h, of which hardware
        // explains 28.8 h.
        QTest::addColumn<int>("gpus");
        QTest::addColumn<double>("hours");
        QTest::newRow("1,024, hardware") << 1024 << 28.8;
        QTest::newRow("16,384") << 16384 << 1.8;
        QTest::newRow("131,072") << 131072 << 0.23;
    }
    void meanTimeToFailure() {
        QFETCH(int, gpus);
        QFETCH(double, hours);
        const auto s = with(scenarioOf(oneIsland("A100-80GB", gpus)), "gpus.A100-80GB.node_failures",
                            "6.5 per 1000 node-days");
        const auto anatomy = plannedOf(s);
        // Per GPU in the job: a layout may leave some idle.
        const Outlook outlook = outlookOf(s, s.clusters.front(), anatomy);
        const double scale = static_cast<double>(anatomy.gpusUsed) / gpus;
        QVERIFY2(std::abs(outlook.mttfS() / 3600 * scale / hours - 1) < 0.06,
                 qPrintable(QString::number(outlook.mttfS() / 3600 * scale)));
        // And as it is simulated.
        const double days = std::clamp(400 * hours / 24, 10.0, 300.0);
        const Account account = timelineOf(s)->account(0, days * kDay);
        const double mean = days * 24 / static_cast<double>(account.interruptions) * scale;
        const double error = 3.5 / std::sqrt(static_cast<double>(account.interruptions));
        QVERIFY2(std::abs(mean / hours - 1) < 0.06 + error, qPrintable(QString::number(mean)));
    }
    void stepTimesOfPublishedLogs_data() {
        // MLPerf logs, first steps dropped (facts stragglers.md, section 2b): GPUs, p90 and p99 of the step
        // over its median. Left out are the p99 of two runs (1.28 and 1.42) that stalled for seconds.
        QTest::addColumn<QString>("gpu");
        QTest::addColumn<int>("gpus");
        QTest::addColumn<double>("p90");
        QTest::addColumn<double>("p99");
        QTest::newRow("GPT-3, 4,096 H100") << "H100-SXM" << 4096 << 1.007 << 1.021;
        QTest::newRow("GPT-3, 8,192 H100") << "H100-SXM" << 8192 << 1.008 << 1.023;
        QTest::newRow("GPT-3, 10,752 H100") << "H100-SXM" << 10752 << 1.011 << 1.027;
        QTest::newRow("GPT-3, 10,752 H100, another cluster") << "H100-SXM" << 10752 << 1.036 << 1.062;
        QTest::newRow("GPT-3, 3,072 H100, another network") << "H100-SXM" << 3072 << 1.063 << 1.144;
        QTest::newRow("405B, 2,432 H100") << "H100-SXM" << 2432 << 1.015 << 0.0;
        QTest::newRow("405B, 2,560 H100") << "H100-SXM" << 2560 << 1.011 << 0.0;
        QTest::newRow("405B, 8,192 H100") << "H100-SXM" << 8192 << 1.015 << 1.047;
        QTest::newRow("405B, 2,496 GB200") << "GB200" << 2496 << 1.022 << 1.060;
        QTest::newRow("405B, 5,120 GB200") << "GB200" << 5120 << 1.027 << 1.068;
    }
    void stepTimesOfPublishedLogs() {
        // The range of the jitter covers what clusters were seen to do.
        QFETCH(QString, gpu);
        QFETCH(int, gpus);
        QFETCH(double, p90);
        QFETCH(double, p99);
        const auto jitter = screened(gpu, gpus).clusters.front().stepJitter;
        const auto least = tailOf(with(screened(gpu, gpus), "clusters.c.step_jitter", number(jitter.low)));
        const auto most = tailOf(with(screened(gpu, gpus), "clusters.c.step_jitter", number(jitter.high)));
        QVERIFY2(least.first < p90 && p90 < most.first, told(least) + told(most));
        QVERIFY2(p99 == 0 || (least.second < p99 && p99 < most.second), told(least) + told(most));
    }
    void stepTimesOfTheUsualCluster() {
        // And its middle is the middle of the four runs on 8,192 to 10,752 H100: p90 1.008 to 1.036, in the
        // middle 1.013; p99 1.023 to 1.062, in the middle 1.037.
        const auto ours = tailOf(screened("H100-SXM", 10752));
        QVERIFY2(ours.first > 1 + 0.013 / 1.25 && ours.first < 1 + 0.013 * 1.25, told(ours));
        QVERIFY2(ours.second > 1 + 0.037 / 1.25 && ours.second < 1 + 0.037 * 1.25, told(ours));
    }
    void tailsGrowWithSize() {
        double last90 = 0;
        for (const int gpus : {512, 2048, 8192}) {
            const auto s = scenarioOf(
                oneIsland("H100-SXM", gpus,
                          "fail_stop: {multiplier: 0, planned_every: 0 s}, fail_slow: {multiplier: 0}",
                          "model: llama-3-70b, global_batch: 4 M tokens"));
            const Account account = timelineOf(s)->account(0, kDay);
            QVERIFY(account.stepP90S / account.stepP50S > last90);
            last90 = account.stepP90S / account.stepP50S;
        }
    }
};

QTEST_GUILESS_MAIN(TestRecord)
#include "tst_record.moc"

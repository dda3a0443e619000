// Scaling: figures by hand, sums that add up, and the knee against a scan of the whole range.
#include "model/explore/scaling_knee.h"
#include "model/scenario/scenario_loader.h"

#include <QTest>

#include <tbb/global_control.h>

#include <cmath>
#include <thread>

using namespace atlas;
using namespace atlas::explore;

namespace {

const scenario::Scenario& colossus() {
    static const scenario::Scenario loaded = [] {
        auto read = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                           ATLAS_SOURCE_RESOURCES);
        if (!read) {
            qFatal("%s", text(read.errors()).c_str());
        }
        return read->scenario;
    }();
    return loaded;
}

ScalingOptions denseOn(const std::string& curve, BatchRule batch = BatchRule::Held) {
    ScalingOptions options;
    options.job = "dense";
    options.curves = {curve};
    options.batch = batch;
    return options;
}

Scaling found(const ScalingOptions& options) {
    auto result = scaling(colossus(), options);
    if (!result) {
        qFatal("%s", text(result.errors()).c_str());
    }
    return *result;
}

bool close(double a, double b, double relative = 1e-9) {
    return std::abs(a - b) <= relative * std::max(std::abs(a), std::abs(b));
}

} // namespace

class TestScaling : public QObject {
    Q_OBJECT

private slots:
    void everyClassAndEveryMixHasACurve();
    void figuresByHand();
    void whatDoesNotRunSaysWhy();
    void costsAddUp_data();
    void costsAddUp();
    void moreGpusAreNeverSlowerBeforeTheyFail();
    void aGrowingBatchIsTheSameUntilItGrows();
    void atItsOwnSizeAMixIsTheCluster();
    void aMixKeepsItsShares();
    void theKneeIsThatOfAScan_data();
    void theKneeIsThatOfAScan();
    void theKneeMovesWithTheShare();
    void theCauseIsWhatGrewMost();
    void oneThreadGivesTheSame();
    void itStopsWhenAsked();
    void unknownJobsAreNamed();
};

void TestScaling::everyClassAndEveryMixHasACurve() {
    ScalingOptions options;
    options.fromGpus = 4096;
    options.toGpus = 4096;
    const Scaling s = found(options);
    std::vector<std::string> ids;
    for (const ScalingCurve& curve : s.curves) {
        ids.push_back(curve.id);
        QCOMPARE(curve.points.size(), std::size_t{1});
    }
    const std::vector<std::string> expected = {"A100-80GB",
                                               "H100-SXM",
                                               "H200",
                                               "GB200",
                                               "GB300",
                                               "colossus-1-article naive",
                                               "colossus-1-article proportional",
                                               "colossus-2 naive"};
    QCOMPARE(ids, expected);
    QCOMPARE(s.jobName, std::string("Frontier MoE"));
}

void TestScaling::figuresByHand() {
    ScalingOptions options = denseOn("H100-SXM");
    options.fromGpus = 1024;
    options.toGpus = 4096;
    const Scaling s = found(options);
    QCOMPARE(s.curves.front().points.size(), std::size_t{3});
    const scenario::GpuClass& gpu = *colossus().gpu("H100-SXM");
    for (const ScalingPoint& p : s.curves.front().points) {
        QVERIFY(p.runs());
        QVERIFY2(p.goodput > 0.9 && p.goodput < 1, qPrintable(QString::number(p.goodput)));
        QVERIFY(close(p.tokensPerS, p.step.tokensPerStep / p.step.stepTimeS * p.goodput));
        const auto gpus = static_cast<double>(p.gpus);
        QVERIFY(close(p.mfu, p.tokensPerS * p.step.modelFlopPerToken / (gpus * gpu.bf16FlopPerS.value)));
        const double usdPerS = gpus * gpu.rentUsdPerGpuHour.value / 3600;
        QVERIFY(close(p.usdPerMtokens, usdPerS / p.tokensPerS * 1e6));
        QCOMPARE(p.step.gpusTotal, p.gpus);
    }
}

void TestScaling::whatDoesNotRunSaysWhy() {
    ScalingOptions options = denseOn("A100-80GB");
    options.toGpus = 64;
    const Scaling s = found(options);
    const ScalingCurve& curve = s.curves.front();
    QVERIFY(!curve.points.front().runs());
    QVERIFY(curve.points.front().reason.find("memory: ") != std::string::npos);
    QVERIFY(!curve.knee);
    QVERIFY(scalingFinding(s, curve).find("does not run") != std::string::npos);
}

void TestScaling::costsAddUp_data() {
    QTest::addColumn<QString>("curve");
    for (const char* curve :
         {"H100-SXM", "GB300", "colossus-1-article naive", "colossus-1-article proportional"}) {
        QTest::newRow(curve) << curve;
    }
}

void TestScaling::costsAddUp() {
    QFETCH(QString, curve);
    const Scaling s = found(denseOn(curve.toStdString()));
    for (const ScalingPoint& p : s.curves.front().points) {
        if (!p.runs()) {
            continue;
        }
        double sum = 0;
        for (const TokenCost& cost : tokenCosts(p)) {
            QVERIFY2(cost.gpuS >= -1e-12, std::string(cost.name).c_str());
            sum += cost.gpuS;
        }
        QVERIFY(close(sum, static_cast<double>(p.gpus) / p.tokensPerS));
        QVERIFY(p.efficiency > 0 && p.efficiency <= 1);
    }
}

void TestScaling::moreGpusAreNeverSlowerBeforeTheyFail() {
    for (const BatchRule batch : {BatchRule::Held, BatchRule::Grows}) {
        // One hall, so that no further tier of switches comes in between.
        ScalingOptions options = denseOn("H100-SXM", batch);
        options.toGpus = 16384;
        double last = 0;
        const Scaling s = found(options);
        for (const ScalingPoint& p : s.curves.front().points) {
            QVERIFY2(p.step.tokensPerS >= last, p.step.layout.text().c_str());
            last = p.step.tokensPerS;
        }
    }
}

void TestScaling::aGrowingBatchIsTheSameUntilItGrows() {
    ScalingOptions held = denseOn("H100-SXM");
    ScalingOptions grows = denseOn("H100-SXM", BatchRule::Grows);
    held.growFromGpus = 4096;
    grows.growFromGpus = 4096;
    const auto a = found(held).curves.front().points;
    const auto b = found(grows).curves.front().points;
    QCOMPARE(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!a[i].runs()) {
            continue;
        }
        if (a[i].gpus <= 4096) {
            QCOMPARE(a[i].tokensPerS, b[i].tokensPerS);
            continue;
        }
        QVERIFY2(b[i].tokensPerS >= a[i].tokensPerS,
                 qPrintable(QString::number(b[i].tokensPerS / a[i].tokensPerS)));
        const double asked = 16e6 * static_cast<double>(b[i].gpus) / 4096;
        QVERIFY(close(b[i].step.tokensPerStep, asked, 0.025)); // rounded to what replicas can share
    }
    QVERIFY(b.back().tokensPerS > 1.5 * a.back().tokensPerS);
}

void TestScaling::atItsOwnSizeAMixIsTheCluster() {
    const scenario::Scenario& s = colossus();
    const Scaling all = found(denseOn("colossus-1-article naive"));
    const auto scaled = training::machineOf(s, clusterAt(s, all.curves.front(), 220'000), s.start);
    const auto own = training::machineOf(s, *s.cluster("colossus-1-article"), s.start);
    QVERIFY(scaled.ok() && own.ok());
    QCOMPARE(scaled->gpus(), own->gpus());
    QCOMPARE(scaled->trunkBytesPerS, own->trunkBytesPerS);
    for (std::size_t i = 0; i < own->pools.size(); ++i) {
        QCOMPARE(scaled->pools[i].gpus, own->pools[i].gpus);
        for (std::size_t l = 0; l < own->pools[i].levels.size(); ++l) {
            QCOMPARE(scaled->pools[i].levels[l].size, own->pools[i].levels[l].size);
        }
    }
}

void TestScaling::aMixKeepsItsShares() {
    const scenario::Scenario& s = colossus();
    const ScalingCurve curve = found(denseOn("colossus-1-article naive")).curves.front();
    for (const std::int64_t gpus : {64, 4096, 1'000'000}) {
        const auto machine = training::machineOf(s, clusterAt(s, curve, gpus), s.start);
        QVERIFY(machine.ok());
        QCOMPARE(machine->gpus(), gpus);
        QCOMPARE(machine->pools[0].gpus, gpus * 3 / 4);
        const double perGpu = machine->trunkBytesPerS / static_cast<double>(gpus);
        QVERIFY(close(perGpu, 51.2e12 / 220'000));
    }
}

void TestScaling::theKneeIsThatOfAScan_data() {
    QTest::addColumn<QString>("curve");
    QTest::addColumn<int>("batch");
    QTest::addColumn<double>("share");
    for (const char* curve : {"H100-SXM", "colossus-1-article proportional"}) {
        for (const double share : {0.5, 0.7}) {
            for (const BatchRule batch : {BatchRule::Held, BatchRule::Grows}) {
                QTest::addRow("%s %d %g", curve, static_cast<int>(batch), share)
                    << curve << static_cast<int>(batch) << share;
            }
        }
    }
}

/// Every fine step of the whole range is planned; where efficiency is below the share from then on, or has
/// been at every coarse point since, must be the knee.
void TestScaling::theKneeIsThatOfAScan() {
    QFETCH(QString, curve);
    QFETCH(int, batch);
    QFETCH(double, share);
    ScalingOptions options = denseOn(curve.toStdString(), static_cast<BatchRule>(batch));
    options.kneeShare = share;
    const ScalingCurve c = found(options).curves.front();
    double most = 0;
    double fastest = 0;
    double fastestAt = 0;
    double below = 0;
    for (std::size_t i = 1; i < c.points.size() && below == 0; ++i) {
        if (!c.points[i - 1].runs()) {
            continue;
        }
        // Efficiency counts against coarse points: a fine step may lie a little above its neighbours.
        most = std::max(most, c.points[i - 1].tokensPerS / static_cast<double>(c.points[i - 1].gpus));
        double doubling = 0;
        for (int step = 1; step <= kKneeSteps; ++step) {
            const std::int64_t gpus = kneeCount(c.points[i - 1].gpus, c.points[i].gpus, step);
            const ScalingPoint p = scalingPoint(colossus(), c, options, gpus);
            if (p.tokensPerS > fastest) {
                fastest = p.tokensPerS;
                fastestAt = static_cast<double>(gpus);
            }
            if (doubling == 0 && p.tokensPerS / static_cast<double>(gpus) < share * most) {
                doubling = static_cast<double>(gpus);
            }
        }
        // A dip that is made good by the end of its doubling is none.
        const ScalingPoint& end = c.points[i];
        below = end.tokensPerS / static_cast<double>(end.gpus) < share * most ? doubling : 0;
    }
    if (below == 0) {
        QVERIFY(!c.knee || c.knee->kind == ScalingKnee::Kind::StopsGrowing);
        QVERIFY(!c.knee || c.knee->gpus == fastestAt);
        return;
    }
    QVERIFY(c.knee.has_value());
    QVERIFY(c.knee->kind == ScalingKnee::Kind::Efficiency);
    QCOMPARE(c.knee->gpus, below);
    QVERIFY(c.knee->beyond.efficiency < share);
}

void TestScaling::theKneeMovesWithTheShare() {
    double last = 1e9;
    for (const double share : {0.3, 0.5, 0.7, 0.9}) {
        ScalingOptions options = denseOn("H100-SXM");
        options.kneeShare = share;
        const auto knee = found(options).curves.front().knee;
        QVERIFY(knee.has_value());
        QVERIFY(knee->gpus <= last);
        last = knee->gpus;
    }
}

/// A pipeline that is starved: of two points that differ only in bubble, the bubble is the cause, with its
/// share and its micro-batches and stages.
void TestScaling::theCauseIsWhatGrewMost() {
    const auto point = [](double bubble, std::int64_t dp) {
        ScalingPoint p;
        p.goodput = 1;
        p.step.breakdown.gemm = 6;
        p.step.breakdown.bubble = bubble;
        p.step.stepTimeS = 6 + bubble;
        p.step.tokensPerStep = 1000;
        p.step.tokensPerS = 1000 / p.step.stepTimeS;
        p.step.layout.pp = 8;
        p.step.layout.dp = dp;
        p.step.layout.globalBatch = 64;
        p.gpus = p.step.gpusUsed = p.step.gpusTotal = 256;
        p.tokensPerS = p.step.tokensPerS;
        p.step.classes.push_back({"X", "X", p.gpus, 1, 6, 0, bubble, 1, {}});
        return p;
    };
    QCOMPARE(causeOf(point(1, 2), point(4, 32)),
             std::string("each replica has 2 micro-batches for 8 stages, and the bubble takes 40 %"));
}

void TestScaling::oneThreadGivesTheSame() {
    const Scaling many = found(denseOn("GB300"));
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    const Scaling alone = found(denseOn("GB300"));
    for (std::size_t i = 0; i < many.curves.front().points.size(); ++i) {
        QCOMPARE(alone.curves.front().points[i].tokensPerS, many.curves.front().points[i].tokensPerS);
        QVERIFY(alone.curves.front().points[i].step.layout == many.curves.front().points[i].step.layout);
    }
    QCOMPARE(alone.curves.front().knee->gpus, many.curves.front().knee->gpus);
}

void TestScaling::itStopsWhenAsked() {
    std::stop_source source;
    ScalingOptions options;
    options.stop = source.get_token();
    std::optional<std::string> said;
    std::thread worker([&] {
        const auto result = scaling(colossus(), options);
        said = result ? std::string("done") : text(result.errors());
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    source.request_stop();
    worker.join();
    QVERIFY(said && said->find("cancelled") != std::string::npos);
}

void TestScaling::unknownJobsAreNamed() {
    ScalingOptions options;
    options.job = "nothing";
    const auto result = scaling(colossus(), options);
    QVERIFY(!result.ok());
    QVERIFY(text(result.errors()).find("there is no training job `nothing`") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestScaling)
#include "tst_scaling.moc"

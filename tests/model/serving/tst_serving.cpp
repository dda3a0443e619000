#include "model/serving/batching.h"
#include "model/serving/demand.h"
#include "model/serving/disaggregation.h"
#include "model/serving/serving.h"
#include "tests/model/serving/published_machines.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace atlas;
using namespace atlas::serving;
using namespace atlas::test;
using scenario::Precision;

namespace {

/// Constants that leave the bare roofline: the fitted rates reached, nothing added, all of the shorter of
/// arithmetic and memory hidden.
ServingConstants ideal() {
    ServingConstants c;
    visitConstants(c, [](std::string_view, catalog::Sourced& x) { x = catalog::Sourced(1.0); });
    for (catalog::Sourced* x : {&c.workspaceBytes, &c.reduceHidden, &c.exchangeHidden, &c.layerOverheadS,
                                &c.stepOverheadS, &c.nvlinkLatencyS, &c.exchangeLatencyS, &c.nicLatencyS,
                                &c.elementwisePasses, &c.lengthVariation, &c.expertSpread}) {
        *x = catalog::Sourced(0.0);
    }
    return c;
}

/// A replica with what it refers to.
struct Bench {
    training::Pool pool;
    scenario::Transformer model;
    ServingConstants constants;
    scenario::ServingEngine engine;
    Precision precision = Precision::Fp8;
    ModelShape shape = *shapeOf(model);

    [[nodiscard]] Arithmetic arithmetic() const {
        return arithmeticOf(pool, shape, precision, engine, constants);
    }
    [[nodiscard]] Replica replica(const ReplicaLayout& layout) const {
        return {pool, shape, model.hidden, model.layers, arithmetic(), layout, constants, engine};
    }
    /// A step of `sequences` with `context` cached tokens each.
    [[nodiscard]] StepTime step(const ReplicaLayout& layout, double sequences, double context) const {
        return engineStep(replica(layout), {sequences, context});
    }
};

bool closeTo(double value, double expected, double relative = 1e-9) {
    return std::abs(value - expected) <= relative * std::abs(expected);
}

} // namespace

class TestServing : public QObject {
    Q_OBJECT
private slots:
    void parametersOfPublishedModels_data() {
        QTest::addColumn<double>("total");
        QTest::addColumn<double>("published");
        QTest::newRow("Llama 2 70B") << shapeOf(llama2_70b())->total() << 69e9;
        QTest::newRow("Llama 3.1 405B") << shapeOf(llama31_405b())->total() << 405.85e9;
        QTest::newRow("DeepSeek R1 total") << shapeOf(deepseekR1())->total() << 671e9;
        QTest::newRow("DeepSeek R1 active") << shapeOf(deepseekR1())->active() << 37e9;
    }
    void parametersOfPublishedModels() {
        QFETCH(double, total);
        QFETCH(double, published);
        QVERIFY(closeTo(total, published, 0.02));
    }

    void kvCacheByHand() {
        // Llama 2 70B: 80 layers x 2 x 8 heads x 128 = 163,840 numbers a token; fp8 on an H100: 163,840 B.
        // Two H100: 0.9 x 80 GB - 4 GB - 34.5 GB a GPU for the cache, half of each token's cache on each.
        Bench bench{h100(), llama2_70b(), defaultConstants(), {}};
        bench.constants.lengthVariation = catalog::Sourced(0.0);
        const auto& shape = bench.shape;
        QCOMPARE(shape.kvElementsPerToken, 163840.0);
        const auto a = bench.arithmetic();
        const ReplicaLayout two{2, 1, 1};
        const double room = kvRoomBytes(bench.pool, shape, a, two, bench.constants);
        QVERIFY(closeTo(room, 0.9 * 80e9 - 4e9 - shape.total() / 2));
        QCOMPARE(kvBytesPerGpu(shape, a, two), 81920.0);
        // Capacity in tokens, and the batch it allows of requests of 1,000 + 1,000 tokens without variation:
        // half of an answer is written on average.
        const auto mix = requestMixOf(serveJob(1000, 1000, 0, 1e6, 1e6, Precision::Fp8), bench.constants);
        QCOMPARE(mix->context, 1500.0);
        QVERIFY(closeTo(fittingBatch(bench.replica(two), *mix), room / 81920.0 / 1500.0));
        std::string reason;
        const auto w = workingPoint(bench.replica(two), *mix, 4, reason);
        QVERIFY(w.has_value());
        QVERIFY(closeTo(w->batch, room / 81920.0 / 1500.0));
        QCOMPARE(w->limit, std::string("KV-cache memory"));
        // Sixteen-way splits of eight KV heads keep a copy on two GPUs each.
        QCOMPARE(kvBytesPerGpu(shape, a, {16, 1, 1}), 163840.0 / 8);
    }

    void decodeByHand() {
        // One sequence on one ideal H200 in bf16 with short context: the weights are read once.
        const Bench bench{h200(), llama2_70b(), ideal(), {}, Precision::Bf16};
        const double flopPerS = bench.arithmetic().gemmFlopPerS;
        const auto one = bench.step({1, 1, 1}, 1, 1);
        QVERIFY(closeTo(one.gemm, 2.0 * bench.shape.dense() / 4.8e12));
        QVERIFY(one.gemmIsMemory);
        QCOMPARE(one.communication, 0.0);
        // A thousand sequences: arithmetic takes over, 2 FLOPs a parameter and token.
        const auto many = bench.step({1, 1, 1}, 1000, 1);
        QVERIFY(closeTo(many.gemm, 2.0 * bench.shape.dense() * 1000 / flopPerS));
        QVERIFY(!many.gemmIsMemory);
        // Eight-way tensor parallel, ring all-reduce: 2 a layer, 2 (8 - 1) / 8 x 8192 x 2 B each.
        const auto split = bench.step({8, 1, 1}, 1, 1);
        QVERIFY(closeTo(split.gemm, one.gemm / 8));
        QVERIFY(closeTo(split.communication, 160 * 1.75 * 16384 / 450e9));
        // The cache of 100 sequences of 1,000 tokens, 2 B a number.
        const auto cache = bench.step({1, 1, 1}, 100, 1000);
        QVERIFY(closeTo(cache.attention, 163840.0 * 2 * 1000 * 100 / 4.8e12));
        QVERIFY(closeTo(cache.total(), cache.gemm + cache.attention));
    }

    /// Prompt tokens share the one read of the weights: beside a step bound by memory they cost nothing until
    /// arithmetic takes over.
    void chunkedPromptsRideAlong() {
        const Bench bench{h200(), llama2_70b(), ideal(), {}, Precision::Bf16};
        const Replica r = bench.replica({1, 1, 1});
        const auto alone = engineStep(r, {10, 1});
        const auto beside = engineStep(r, {10, 1, 1, 100, 0});
        QVERIFY(alone.gemmIsMemory && beside.gemmIsMemory);
        QVERIFY(closeTo(beside.gemm, alone.gemm));
        const auto long_ = engineStep(r, {10, 1, 1, 8000, 0});
        QVERIFY(!long_.gemmIsMemory);
        // Of a prompt only the last token meets the output head.
        const double flop = 2.0 * (bench.shape.dense() * 8010 - bench.shape.outputParameters * 8000);
        QVERIFY(closeTo(long_.gemm, flop / bench.arithmetic().gemmFlopPerS));
    }

    /// What does not hide adds: at a share of nothing arithmetic and memory take turns.
    void hidingByHand() {
        Bench bench{h200(), llama2_70b(), ideal(), {}, Precision::Bf16};
        const double memoryS = 2.0 * bench.shape.dense() / 4.8e12;
        const double flopS = 2.0 * bench.shape.dense() * 100 / bench.arithmetic().gemmFlopPerS;
        bench.constants.memoryHidden = catalog::Sourced(0.0);
        QVERIFY(closeTo(bench.step({1, 1, 1}, 100, 1).gemm, memoryS + flopS));
        bench.constants.memoryHidden = catalog::Sourced(0.75);
        QVERIFY(closeTo(bench.step({1, 1, 1}, 100, 1).gemm,
                        std::max(memoryS, flopS) + 0.25 * std::min(memoryS, flopS)));
    }

    void expertsTouchedByHand() {
        // One token touches top-k of the experts, a large batch all of them.
        const Bench bench{gb200(), deepseekR1(), ideal(), {}};
        const ReplicaLayout eight{1, 1, 8};
        const auto one = bench.step(eight, 1, 1);
        QVERIFY(closeTo(one.experts, bench.shape.expertParameters / 8 * (8.0 / 256.0) / 8e12, 1e-6));
        const auto many = bench.step(eight, 100000, 1);
        QVERIFY(closeTo(many.experts,
                        2 * bench.shape.activeExperts() * 100000 / 8 / bench.arithmetic().gemmFlopPerS,
                        1e-6));
    }

    void speculationByHand_data() {
        QTest::addColumn<double>("drafted");
        QTest::addColumn<double>("acceptance");
        QTest::addColumn<double>("tokens");
        QTest::newRow("off") << 0.0 << 0.8 << 1.0;
        QTest::newRow("one at 0.8") << 1.0 << 0.8 << 1.8;
        QTest::newRow("three at 0.5") << 3.0 << 0.5 << 1.0 + 0.5 + 0.25 + 0.125;
        QTest::newRow("never right") << 4.0 << 0.0 << 1.0;
        QTest::newRow("always right") << 4.0 << 1.0 << 5.0;
    }
    void speculationByHand() {
        QFETCH(double, drafted);
        QFETCH(double, acceptance);
        QFETCH(double, tokens);
        QVERIFY(closeTo(tokensPerStep({drafted, acceptance, 0.05}), tokens));
    }

    /// A draft helps where steps wait for memory; an engine without it must not change.
    void speculationPaysAtSmallBatches() {
        Bench bench{h200(), llama2_70b(), ideal(), {}};
        auto job = serveJob(100, 1000, 0, 1e6, 1e6, Precision::Fp8);
        const auto plain = requestMixOf(job, bench.constants);
        job.engine.speculative = true;
        job.engine.draftAcceptance = catalog::Sourced(0.8);
        const auto drafted = requestMixOf(job, bench.constants);
        const Replica r = bench.replica({8, 1, 1});
        QVERIFY(decodeSeconds(r, *drafted, 1) < 0.65 * decodeSeconds(r, *plain, 1));
        job.engine.draftAcceptance = catalog::Sourced(1.5);
        QVERIFY(!requestMixOf(job, bench.constants));
    }

    /// Ricardo: who reads relatively better reads, the last in part, and prompts keep pace with answers.
    void divisionByHand() {
        // 100 GPUs that read 10 and write 10, 100 that read 40 and write 20; 2 prompt tokens an answer token.
        // The second class reads all it can before the first: x of it with 4,000 x = 2 (3,000 - 2,000 x).
        const Division d = divide({{100, 10, 10}, {100, 40, 20}}, 2);
        QVERIFY(closeTo(d.prefillShare[1], 0.75));
        QCOMPARE(d.prefillShare[0], 0.0);
        QVERIFY(closeTo(d.outputTokensPerS, 1500));
        // A class that only reads frees the others.
        const Division helped = divide({{100, 10, 10}, {100, 40, 20}, {50, 60, 0}}, 2);
        QVERIFY(closeTo(helped.prefillShare[2], 1.0));
        QVERIFY(helped.outputTokensPerS > d.outputTokensPerS);
        // Best of all splits of a grid.
        double best = 0;
        for (double x = 0; x <= 1; x += 0.001) {
            for (double y = 0; y <= 1; y += 0.05) {
                const double reads = 1000 * y + 4000 * x;
                best = std::max(best, std::min(1000 * (1 - y) + 2000 * (1 - x), reads / 2));
            }
        }
        QVERIFY(d.outputTokensPerS >= best - 1e-9);
    }

    /// Mean of the largest of n Poisson numbers: one of them has the mean, two by hand.
    /// Whole replicas: no better than GPUs that could be cut, and no GPU twice.
    void wholeReplicasDivideAPool() {
        const auto model = deepseekR1();
        const ModelShape shape = *shapeOf(model);
        const auto job = serveJob(4000, 500, 0, 1e9, 0.05, Precision::Fp8);
        const auto mix = requestMixOf(job, defaultConstants());
        const Service service{shape, model, Precision::Fp8, *mix, job.engine, defaultConstants()};
        std::string reason;
        for (const std::int64_t gpus : {32, 48, 64, 256, 4096}) {
            const training::Pool pool = h100(gpus);
            const auto whole = dividedPool(service, pool, reason);
            QVERIFY2(whole.has_value(), reason.c_str());
            QVERIFY(whole->readers >= 1 && whole->writers >= 1);
            QVERIFY(whole->readers * whole->prefill.layout.gpus() +
                        whole->writers * whole->decode.layout.gpus() <=
                    gpus);
            // 8 prompt tokens belong to a token of an answer.
            QVERIFY(closeTo(whole->readsPerS, whole->prefill.tokensPerSPerGpu * whole->readingGpus() / 8));
            const auto reads = prefillPoint(service, pool, gpus, reason);
            const auto writes = decodePoint(service, pool, reason);
            const Division cut =
                divide({{static_cast<double>(gpus), reads->tokensPerSPerGpu, writes->tokensPerSPerGpu}}, 8);
            QVERIFY(whole->outputTokensPerS() <= cut.outputTokensPerS * (1 + 1e-9));
            if (gpus == 4096) {
                QVERIFY(closeTo(whole->outputTokensPerS(), cut.outputTokensPerS, 0.05));
            }
        }
        // Sixteen H100 hold the weights once: they cannot both read and write.
        QVERIFY(!dividedPool(service, h100(16), reason));
        QVERIFY(!reason.empty());
    }

    void largestPoissonByHand() {
        QVERIFY(closeTo(largestPoisson(2.5, 1), 2.5, 1e-6));
        // P(max >= k) of two with mean 0.1, summed.
        double sum = 0;
        double below = 0;
        double term = std::exp(-0.1);
        for (int k = 0; k < 10; ++k) {
            below += term;
            sum += 1 - below * below;
            term *= 0.1 / (k + 1);
        }
        QVERIFY(closeTo(largestPoisson(0.1, 2), sum, 1e-4));
        QVERIFY(largestPoisson(3, 8) > 3);
    }

    void a100KeepsFp8WeightsAndComputesInBf16() {
        const auto arithmetic = [](const training::Pool& pool, Precision precision) {
            return Bench{pool, deepseekR1(), defaultConstants(), {}, precision}.arithmetic();
        };
        const auto a = arithmetic(a100(), Precision::Fp8);
        QCOMPARE(a.weightBytes, 1.0);
        QCOMPARE(a.kvBytes, 2.0);
        QCOMPARE(a.gemmFlopPerS, arithmetic(a100(), Precision::Bf16).gemmFlopPerS);
        QVERIFY(a.gemmFlopPerS < 312e12);
        QVERIFY(a.note.find("no fp8") != std::string::npos);
        QVERIFY(arithmetic(h100(), Precision::Nvfp4).note.find("no fp4") != std::string::npos);
        QVERIFY(arithmetic(h100(), Precision::Fp8).note.empty());
        // Latent attention keeps its projections in fp8 when the experts are fp4.
        const auto b = arithmetic(gb200(), Precision::Nvfp4);
        QCOMPARE(b.weightBytes, 0.5625);
        QCOMPARE(b.projectionBytes, 1.0);
        QVERIFY(b.gemmFlopPerS > b.projectionFlopPerS);
    }

    void totalsAddOverTheClasses() {
        training::Machine mixed;
        mixed.name = "mix";
        mixed.pools = {h100(1600), a100(800)};
        const auto job = serveJob(4000, 400, 0.5, 5, 0.1, Precision::Fp8);
        const auto both = servingRate(mixed, deepseekR1(), job);
        const auto fast = servingRate(machine(h100(1600)), deepseekR1(), job);
        const auto slow = servingRate(machine(a100(800)), deepseekR1(), job);
        QVERIFY(both && fast && slow);
        // Replicas wait for nobody: the mix serves the sum of its parts.
        QVERIFY(closeTo(both->outputTokensPerS, fast->outputTokensPerS + slow->outputTokensPerS));
        QVERIFY(closeTo(both->inputTokensPerS, both->outputTokensPerS * 10));
        QVERIFY(closeTo(both->usersServed, both->outputTokensPerS * 11 * 86400 / 1.6 / 20000));
        QVERIFY(closeTo(both->meanUtilisation, (5 + 2 * 0.65) / 7 / 1.6));
        QVERIFY(both->sloAttainment > 0.9 && both->sloAttainment <= 1.0);
        QVERIFY(closeTo(both->classes[0].outputTokensPerSPerGpu * 1600 +
                            both->classes[1].outputTokensPerSPerGpu * 800,
                        both->outputTokensPerS));
    }

    void betterHardwareIsNeverSlower() {
        const auto job = serveJob(2000, 500, 0.4, 4, 0.06, Precision::Fp8);
        const auto rate = [&](const training::Pool& p) {
            return servingRate(machine(p), deepseekR1(), job)->outputTokensPerS;
        };
        const auto base = h100(1024);
        const double before = rate(base);
        for (double training::Pool::*member :
             {&training::Pool::hbmBytes, &training::Pool::hbmBytesPerS, &training::Pool::nvlinkBytesPerS,
              &training::Pool::nicBytesPerS, &training::Pool::fp8FlopPerS, &training::Pool::bf16FlopPerS}) {
            auto better = base;
            better.*member *= 1.3;
            QVERIFY(rate(better) >= before * (1 - 1e-4)); // the batch is found to four digits
        }
    }

    void longerObjectiveAndMoreHitsServeMore() {
        double last = 0;
        for (const double tokenS : {0.03, 0.05, 0.1, 0.2}) {
            const auto rate = servingRate(machine(h200(1024)), deepseekR1(),
                                          serveJob(2000, 500, 0, 4, tokenS, Precision::Fp8));
            QVERIFY(rate && rate->outputTokensPerS >= last);
            last = rate->outputTokensPerS;
        }
        for (const double hit : {0.2, 0.6, 0.9}) {
            const auto rate = servingRate(machine(h200(1024)), deepseekR1(),
                                          serveJob(2000, 500, hit, 4, 0.2, Precision::Fp8));
            QVERIFY(rate && rate->outputTokensPerS >= last);
            last = rate->outputTokensPerS;
        }
    }

    void replicasStayInsideTheirDomains() {
        QCOMPARE(replicaCount(gb200(144), {16, 1, 1}), std::int64_t{8}); // four a rack of 72, 8 GPUs idle
        QCOMPARE(replicaCount(gb200(144), {1, 1, 72}), std::int64_t{2});
        QCOMPARE(replicaCount(h100(100), {8, 1, 1}), std::int64_t{12});
        QCOMPARE(replicaCount(h100(100), {8, 2, 1}), std::int64_t{6});
        QCOMPARE(replicaCount(h100(4), {8, 1, 1}), std::int64_t{0});
    }

    void dayHasItsPeakAndItsMean() {
        for (const double peak : {1.0, 1.23, 1.6, 2.0, 2.5, 4.0}) {
            const auto day = dayProfile(peak);
            QVERIFY(closeTo(std::accumulate(day.begin(), day.end(), 0.0), 24.0));
            QVERIFY(closeTo(*std::max_element(day.begin(), day.end()), peak, 1e-3));
            QVERIFY(*std::min_element(day.begin(), day.end()) >= 0.0);
        }
    }

    void poissonAgainstTables() {
        QVERIFY(closeTo(poissonCdf(0, 1), std::exp(-1.0)));
        QVERIFY(closeTo(poissonCdf(2, 3), std::exp(-3.0) * (1 + 3 + 4.5)));
        QVERIFY(closeTo(poissonCdf(10, 10), 0.58303975, 1e-6)); // Abramowitz and Stegun, table 26.7
        QVERIFY(closeTo(poissonCdf(1000, 1000), 0.5084, 1e-3)); // 1/2 + 1/(3 sqrt(2 pi m)) + ...
        QCOMPARE(poissonCdf(5, 0), 1.0);
        QVERIFY(sloAttainment(50, 0.7, 1.6) > sloAttainment(50, 0.95, 1.6));
        QVERIFY(sloAttainment(1000, 0.9, 1.6) > sloAttainment(10, 0.9, 1.6));
    }
};

QTEST_APPLESS_MAIN(TestServing)
#include "tst_serving.moc"

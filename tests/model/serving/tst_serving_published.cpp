#include "model/serving/serving.h"
#include "tests/model/serving/published_machines.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace atlas;
using namespace atlas::test;
using scenario::Precision;

namespace {

constexpr double kNoLimit = 1e6; // offline: no latency objective

enum class Measure { Mixed, Prefill, Decode };

struct Row {
    const char* fact;
    double published; // tokens/s a GPU
    training::Pool pool;
    scenario::Transformer model;
    double input, output, firstS, tokenS;
    Precision precision;
    Measure measure = Measure::Mixed;
};

/// Rows of facts/inference.yaml that give a class, a model and an operating point. Request lengths of the
/// MLPerf rows are those of the rounds (294/294; 9,400/700; 800/3,900), recalled there "from memory".
std::vector<Row> publishedRows() {
    const auto l2 = llama2_70b();
    const auto l3 = llama31_405b();
    const auto r1 = deepseekR1();
    const auto n = kNoLimit;
    return {
        {"llama2_70b.h100.offline", 3900, h100(), l2, 294, 294, n, n, Precision::Fp8},
        {"llama2_70b.h100.server", 3820, h100(), l2, 294, 294, 2, 0.2, Precision::Fp8},
        {"llama2_70b.h200.offline", 4360, h200(), l2, 294, 294, n, n, Precision::Fp8},
        {"llama2_70b.h200.interactive", 2554, h200(), l2, 294, 294, 0.45, 0.04, Precision::Fp8},
        {"llama2_70b.b200.offline", 12690, b200(), l2, 294, 294, n, n, Precision::Nvfp4},
        {"llama2_70b.b200.server", 12395, b200(), l2, 294, 294, 2, 0.2, Precision::Nvfp4},
        {"llama2_70b.b200.interactive", 7516, b200(), l2, 294, 294, 0.45, 0.04, Precision::Nvfp4},
        {"llama2_70b.gb200.interactive", 7436, gb200(), l2, 294, 294, 0.45, 0.04, Precision::Nvfp4},
        {"llama31_405b.h100.offline", 49, h100(16), l3, 9400, 700, n, n, Precision::Fp8},
        {"llama31_405b.h100.server", 35, h100(16), l3, 9400, 700, 6, 0.175, Precision::Fp8},
        {"llama31_405b.h200.server", 36.7, h200(), l3, 9400, 700, 6, 0.175, Precision::Fp8},
        {"llama31_405b.h200.interactive", 25.4, h200(), l3, 9400, 700, 4.5, 0.08, Precision::Fp8},
        {"llama31_405b.b200.interactive", 94, b200(), l3, 9400, 700, 4.5, 0.08, Precision::Nvfp4},
        {"llama31_405b.gb200_nvl72.offline", 205, gb200(), l3, 9400, 700, n, n, Precision::Nvfp4},
        {"llama31_405b.gb200_nvl72.server", 161, gb200(), l3, 9400, 700, 6, 0.175, Precision::Nvfp4},
        {"llama31_405b.gb200_nvl72.interactive", 138, gb200(), l3, 9400, 700, 4.5, 0.08, Precision::Nvfp4},
        {"llama31_405b.gb300_nvl72.offline", 224, gb300(), l3, 9400, 700, n, n, Precision::Nvfp4},
        {"llama31_405b.gb300_nvl72.server", 170, gb300(), l3, 9400, 700, 6, 0.175, Precision::Nvfp4},
        {"deepseek_r1.b200.offline", 3859, b200(), r1, 800, 3900, n, n, Precision::Nvfp4},
        {"deepseek_r1.b200.server", 1829, b200(), r1, 800, 3900, 2, 0.08, Precision::Nvfp4},
        {"deepseek_r1.gb200_nvl72.offline", 4024, gb200(), r1, 800, 3900, n, n, Precision::Nvfp4},
        {"deepseek_r1.gb200_nvl72.server", 2327, gb200(), r1, 800, 3900, 2, 0.08, Precision::Nvfp4},
        {"deepseek_r1.gb300_nvl72.server", 2907, gb300(), r1, 800, 3900, 2, 0.08, Precision::Nvfp4},
        {"a100.llama70b_128_128", 670, a100(), l2, 128, 128, n, n, Precision::Bf16},
        {"a100.llama70b_128_2048", 525, a100(), l2, 128, 2048, n, n, Precision::Bf16},
        {"h100.llama70b_128_128", 2657, h100(), l2, 128, 128, n, n, Precision::Fp8},
        {"h100.llama70b_2048_128", 306, h100(), l2, 2048, 128, n, n, Precision::Fp8},
        {"h100.llama70b_2048_2048", 547, h100(), l2, 2048, 2048, n, n, Precision::Fp8},
        {"sglang.h100.prefill", 6540, h100(96), r1, 2000, 100, n, n, Precision::Fp8, Measure::Prefill},
        {"sglang.h100.decode", 2790, h100(96), r1, 2000, 100, n, 0.1, Precision::Fp8, Measure::Decode},
        {"sglang.gb200.prefill_fp4", 26156, gb200(), r1, 2000, 2000, n, n, Precision::Nvfp4,
         Measure::Prefill},
        {"sglang.gb200.decode_fp4", 13386, gb200(), r1, 2000, 2000, n, 0.1, Precision::Nvfp4,
         Measure::Decode},
        {"deepseek.decode_per_node / 8", 1850, h100(1152), r1, 4400, 590, n, 0.0476, Precision::Fp8,
         Measure::Decode},
        {"plan.a100.decode", 300, a100(4096), r1, 2000, 500, n, 0.0286, Precision::Fp8, Measure::Decode},
        {"plan.h100.prefill", 6540, h100(4096), r1, 2000, 500, n, 0.0286, Precision::Fp8, Measure::Prefill},
        {"plan.h100.decode", 1100, h100(4096), r1, 2000, 500, n, 0.0286, Precision::Fp8, Measure::Decode},
        {"plan.h200.decode", 1500, h200(4096), r1, 2000, 500, n, 0.0286, Precision::Fp8, Measure::Decode},
        {"plan.gb200.decode", 5000, gb200(4608), r1, 2000, 500, n, 0.0286, Precision::Nvfp4, Measure::Decode},
        {"plan.gb300.decode", 6500, gb300(4608), r1, 2000, 500, n, 0.0286, Precision::Nvfp4, Measure::Decode},
    };
}

double predicted(const Row& row, std::string& how) {
    serving::ServingConstants constants = serving::defaultConstants();
    if (row.firstS >= kNoLimit) {
        constants.sloHeadroom = catalog::Sourced(1.0); // offline: nobody waits
    }
    const auto rate = serving::servingRate(
        machine(row.pool), row.model,
        serveJob(row.input, row.output, 0, row.firstS, row.tokenS, row.precision), constants);
    if (!rate) {
        how = text(rate.errors());
        return 0;
    }
    const auto& c = rate->classes.front();
    how = c.layout + " batch " + std::to_string(c.batchPerReplica) + ", " + c.reason;
    switch (row.measure) {
    case Measure::Prefill:
        return c.prefillTokensPerSPerGpu;
    case Measure::Decode:
        return c.decodeTokensPerSPerGpu;
    case Measure::Mixed:
        break;
    }
    return c.outputTokensPerSPerGpu;
}

} // namespace

/// The serving model against published rates: one set of constants, nothing fitted row by row.
class TestServingPublished : public QObject {
    Q_OBJECT
private slots:
    void errors() {
        std::vector<double> factors; // |log(model / published)| of the rows that are not assumptions
        std::printf("%-38s %9s %9s %7s\n", "published row", "published", "model", "error");
        for (const Row& row : publishedRows()) {
            std::string how;
            const double value = predicted(row, how);
            const double error = 100.0 * (value / row.published - 1.0);
            std::printf("%-38s %9.4g %9.4g %+6.0f%%  %s\n", row.fact, row.published, value, error,
                        how.c_str());
            QVERIFY2(value > 0, row.fact);
            const double factor = std::max(value / row.published, row.published / value);
            const std::string name = row.fact;
            // MLPerf's reasoning rows and the static batches of 2023 lie far below what the hardware allows
            // (and below the 13,386 tokens/s published for the same GPU and model elsewhere): the model does
            // not follow.
            const bool immature = name.starts_with("deepseek_r1.") || name == "h100.llama70b_2048_2048";
            QVERIFY2(factor < (immature ? 3.5 : name.starts_with("plan.") ? 2.5 : 1.6), row.fact);
            if (!name.starts_with("plan.")) {
                factors.push_back(std::log(factor));
            }
        }
        std::ranges::sort(factors);
        const double median = std::exp(factors[factors.size() / 2]);
        std::printf("median factor %.2f, worst factor %.2f over %zu rows\n", median, std::exp(factors.back()),
                    factors.size());
        QVERIFY(median < 1.35);
    }

    void ratiosBetweenGenerations_data() {
        QTest::addColumn<QString>("over");
        QTest::addColumn<QString>("under");
        QTest::newRow("B200 over H200, 70B") << "llama2_70b.b200.offline"
                                             << "llama2_70b.h200.offline";
        QTest::newRow("H200 over H100, 70B") << "llama2_70b.h200.offline"
                                             << "llama2_70b.h100.offline";
        QTest::newRow("H100 over A100, 70B") << "h100.llama70b_128_128"
                                             << "a100.llama70b_128_128";
        QTest::newRow("GB200 over H100, 405B") << "llama31_405b.gb200_nvl72.offline"
                                               << "llama31_405b.h100.offline";
        QTest::newRow("GB300 over GB200, 405B") << "llama31_405b.gb300_nvl72.offline"
                                                << "llama31_405b.gb200_nvl72.offline";
        QTest::newRow("GB200 over H100, R1 prefill") << "sglang.gb200.prefill_fp4"
                                                     << "sglang.h100.prefill";
        QTest::newRow("GB200 over H100, R1 decode") << "sglang.gb200.decode_fp4"
                                                    << "sglang.h100.decode";
    }
    void ratiosBetweenGenerations() {
        QFETCH(QString, over);
        QFETCH(QString, under);
        double model[2] = {0, 0};
        double published[2] = {0, 0};
        for (const Row& row : publishedRows()) {
            std::string how;
            for (const int i : {0, 1}) {
                if ((i == 0 ? over : under) == QLatin1String(row.fact)) {
                    model[i] = predicted(row, how);
                    published[i] = row.published;
                }
            }
        }
        const double error = (model[0] / model[1]) / (published[0] / published[1]) - 1.0;
        std::printf("%-28s published %5.2f, model %5.2f, %+.0f%%\n", QTest::currentDataTag(),
                    published[0] / published[1], model[0] / model[1], 100 * error);
        QVERIFY(std::abs(error) < 0.45);
    }
};

QTEST_APPLESS_MAIN(TestServingPublished)
#include "tst_serving_published.moc"

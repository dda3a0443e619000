#include "model/catalog/fact.h"
#include "model/validation/serving_points.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace atlas;
using validation::ServingRun;

namespace {

const ServingRun* find(const std::vector<ServingRun>& runs, const QString& id) {
    const auto found = std::ranges::find_if(
        runs, [&](const ServingRun& run) { return QString::fromStdString(run.point.id) == id; });
    return found == runs.end() ? nullptr : &*found;
}

} // namespace

/// The serving model against published rates: one set of constants, nothing fitted row by row.
class TestServingPublished : public QObject {
    Q_OBJECT
private slots:
    void errors() {
        const std::vector<ServingRun> runs = validation::servingRuns();
        QVERIFY(runs.size() >= 39);
        std::vector<double> factors; // |log(model / published)| of the rows that are not assumptions
        std::printf("%-38s %9s %9s %7s\n", "published row", "published", "model", "error");
        for (const ServingRun& run : runs) {
            const std::string& name = run.point.id;
            std::printf("%-38s %9.4g %9.4g %+6.0f%%  %s\n", name.c_str(), run.point.published, run.predicted,
                        100 * run.error(), run.how.c_str());
            QVERIFY2(run.predicted > 0, name.c_str());
            const double factor =
                std::max(run.predicted / run.point.published, run.point.published / run.predicted);
            // MLPerf's reasoning rows and the static batches of 2023 lie far below what the hardware allows
            // (and below the 13,386 tokens/s published for the same GPU and model elsewhere): the model does
            // not follow.
            const bool immature = name.starts_with("deepseek_r1.") || name == "h100.llama70b_2048_2048";
            QVERIFY2(factor < (immature ? 3.5 : run.point.assumed ? 2.5 : 1.6), name.c_str());
            if (!run.point.assumed) {
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
        const std::vector<ServingRun> runs = validation::servingRuns();
        const ServingRun* above = find(runs, over);
        const ServingRun* below = find(runs, under);
        QVERIFY(above != nullptr && below != nullptr);
        const double published = above->point.published / below->point.published;
        const double model = above->predicted / below->predicted;
        std::printf("%-28s published %5.2f, model %5.2f, %+.0f%%\n", QTest::currentDataTag(), published,
                    model, 100 * (model / published - 1));
        QVERIFY(std::abs(model / published - 1) < 0.45);
    }

    /// The table repeats what the fact record says, and nothing else.
    void pointsAreFacts() {
        const auto facts = catalog::FactBook::load(ATLAS_SOURCE_RESOURCES "/catalog/facts");
        QVERIFY(facts.ok());
        for (const ServingRun& run : validation::servingRuns()) {
            const catalog::Fact* fact = facts->find(run.point.id);
            QVERIFY2(fact != nullptr, run.point.id.c_str());
            QCOMPARE(run.point.published, fact->value * run.point.factScale);
            QCOMPARE(run.point.assumed, fact->grade == catalog::Grade::Assumption);
            QCOMPARE(QString::fromStdString(run.point.source), QString::fromStdString(fact->source));
        }
    }

    void brokenPointsAreNamed_data() {
        QTest::addColumn<QString>("column");
        QTest::addColumn<QString>("value");
        QTest::newRow("no rate") << "published_tokens_per_s_per_gpu"
                                 << "";
        QTest::newRow("a word for a number") << "layers"
                                             << "many";
        QTest::newRow("unknown GPU") << "gpu"
                                     << "H900";
        QTest::newRow("unknown precision") << "precision"
                                           << "int3";
        QTest::newRow("unknown measure") << "measure"
                                         << "guess";
    }
    void brokenPointsAreNamed() {
        QFETCH(QString, column);
        QFETCH(QString, value);
        const auto rows = validation::readRuns(ATLAS_SOURCE_RESOURCES "/validation/serving_points.csv");
        QVERIFY(rows.ok());
        auto row = rows->front();
        QVERIFY(validation::servingPointOf(row).ok());
        row.cells[column.toStdString()] = value.toStdString();
        const auto point = validation::servingPointOf(row);
        QVERIFY(!point.ok());
        QVERIFY(QString::fromStdString(text(point.errors())).contains(value.isEmpty() ? column : value));
    }
};

QTEST_APPLESS_MAIN(TestServingPublished)
#include "tst_serving_published.moc"

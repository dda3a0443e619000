#include "model/catalog/fact.h"
#include "model/validation/credibility.h"
#include "model/validation/published_data.h"
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

/// The serving model against published rates: one set of constants, none of them fitted to a single row.
class TestServingPublished : public QObject {
    Q_OBJECT
private slots:
    void errors() {
        const std::vector<ServingRun> runs = validation::servingRuns();
        QVERIFY(runs.size() >= 47);
        std::vector<double> errors; // of the rows that are not assumptions
        std::printf("%-38s %9s %9s %7s\n", "published row", "published", "model", "error");
        for (const ServingRun& run : runs) {
            const std::string& name = run.point.id;
            std::printf("%-38s %9.4g %9.4g %+6.0f%%  %s\n", name.c_str(), run.point.published, run.predicted,
                        100 * run.error(), run.how.c_str());
            QVERIFY2(run.predicted > 0, name.c_str());
            if (run.point.assumed) {
                QVERIFY2(validation::offBy(run) < 3.0, name.c_str());
                continue;
            }
            QVERIFY2(std::abs(run.error()) < 0.5, name.c_str());
            errors.push_back(std::abs(run.error()));
        }
        std::ranges::sort(errors);
        const double median = errors[errors.size() / 2];
        std::printf("median %.1f %%, worst %.1f %% over %zu rows\n", 100 * median, 100 * errors.back(),
                    errors.size());
        QVERIFY(median < 0.15);
    }

    void ratiosBetweenGenerations() {
        const std::vector<ServingRun> runs = validation::servingRuns();
        std::vector<double> errors;
        for (const validation::ServingRatio& ratio :
             validation::servingRatiosOf(validation::publishedServingRatios())) {
            const ServingRun* above = find(runs, QString::fromStdString(ratio.over));
            const ServingRun* below = find(runs, QString::fromStdString(ratio.under));
            QVERIFY2(above != nullptr && below != nullptr, ratio.name.c_str());
            const double published = above->point.published / below->point.published;
            const double model = above->predicted / below->predicted;
            errors.push_back(std::abs(model / published - 1));
            std::printf("%-34s published %5.2f, model %5.2f, %+.0f%%\n", ratio.name.c_str(), published, model,
                        100 * (model / published - 1));
            QVERIFY2(errors.back() < 0.4, ratio.name.c_str());
        }
        QCOMPARE(errors.size(), std::size_t{16});
        const auto within = std::ranges::count_if(errors, [](double e) { return e <= 0.15; });
        std::printf("%td of %zu within 15 %%\n", within, errors.size());
        QVERIFY(within >= 12);
    }

    /// The table repeats what the fact record says, and nothing else.
    void pointsAreFacts() {
        const auto facts = catalog::FactBook::load(ATLAS_SOURCE_RESOURCES "/catalog/facts");
        QVERIFY(facts.ok());
        for (const ServingRun& run : validation::servingRuns()) {
            const validation::ServingPoint& point = run.point;
            const catalog::Fact* fact = facts->find(point.fact);
            QVERIFY2(fact != nullptr, point.fact.c_str());
            const double value = point.factItem > 0
                                     ? fact->values.at(static_cast<std::size_t>(point.factItem) - 1)
                                     : fact->value;
            QVERIFY2(std::abs(point.published - value * point.factScale) <= 1e-9 * point.published,
                     point.id.c_str());
            QCOMPARE(point.assumed, fact->grade == catalog::Grade::Assumption);
            QCOMPARE(QString::fromStdString(point.source), QString::fromStdString(fact->source));
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

#include "model/catalog/fact.h"
#include "model/validation/credibility.h"
#include "model/validation/published_data.h"
#include "model/validation/serving_errors.h"
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
        QVERIFY(median < 0.12);
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
            QVERIFY2(errors.back() <= 0.15, ratio.name.c_str());
        }
        QCOMPARE(errors.size(), std::size_t{16});
    }

    void groupsHoldEveryRateOnce() {
        const std::vector<ServingRun> runs = validation::servingRuns();
        for (const auto by : {validation::ServingGroupBy::Gpu, validation::ServingGroupBy::Group}) {
            std::size_t all = 0;
            double worst = 0;
            for (const validation::GroupSummary& group : validation::servingSummariesBy(runs, by)) {
                QCOMPARE(group.inSample.runs, group.leftOut.runs);
                all += group.inSample.runs;
                worst = std::max(worst, group.inSample.worst);
            }
            QCOMPARE(all, std::size_t{47});
            QVERIFY(worst > 0.1 && worst < 0.5);
        }
        const auto checks =
            validation::ratioChecks(runs, validation::servingRatiosOf(validation::publishedServingRatios()));
        const std::string said = validation::ratioFinding(checks);
        QVERIFY2(said.starts_with("16 of 16 ratios"), said.c_str());
    }

    void findingsByHand() {
        ServingRun over;
        over.point.id = "new";
        over.point.published = 40;
        over.predicted = 50;
        ServingRun under;
        under.point.id = "old";
        under.point.published = 10;
        under.predicted = 10;
        const std::vector runs = {over, under};
        const auto checks = validation::ratioChecks(
            runs,
            std::vector<validation::ServingRatio>{{"new over old", "new", "old"}, {"x", "new", "gone"}});
        QCOMPARE(checks.size(), std::size_t{1});
        QCOMPARE(checks[0].published, 4.0);
        QCOMPARE(checks[0].error(), 0.25);
        const std::string said = validation::ratioFinding(checks);
        QVERIFY2(said.starts_with("0 of 1 ratios") && said.find("new over old, by 25") != std::string::npos,
                 said.c_str());
        std::vector<validation::GroupSummary> groups(2);
        groups[0].name = "a";
        groups[0].leftOut.median = 0.1;
        groups[1].name = "b";
        groups[1].leftOut.median = 0.3;
        QVERIFY(validation::servingGroupFinding(groups).starts_with("Left out, b is missed by 30"));
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

#include "app/serving_market.h"
#include "app/serving_values.h"
#include "model/explore/serving_cost.h"
#include "model/scenario/scenario_loader.h"
#include "model/serving/fleet.h"
#include "model/serving/frontier.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::app;

/// What the market charts of the serving page draw, against the model and against sums by hand.
class TestServingMarket : public QObject {
    Q_OBJECT
    std::shared_ptr<const Workspace> m_workspace;

private slots:
    void initTestCase() {
        auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                             ATLAS_SOURCE_RESOURCES);
        QVERIFY(loaded.ok());
        WorkspaceRequest request;
        request.scenario = std::make_shared<const scenario::Scenario>(std::move(loaded->scenario));
        request.choices = {PaneChoice{"lease-1", "colossus-1-article"},
                           PaneChoice{"train-1", "colossus-1-article"}};
        m_workspace = buildWorkspace(request, {});
    }
    /// Two classes, both by themselves and divided; the promise of 80 ms is 12.5 tokens/s.
    void frontierByHand() {
        const widgets::FrontierValues values = frontierValues(*m_workspace);
        QCOMPARE(values.curves.size(), std::size_t{4});
        QVERIFY(std::abs(values.promised - 12.5) < 1e-9);
        QCOMPARE(values.curves[0].classColour, 0);
        QCOMPARE(values.curves[1].classColour, 1);
        QCOMPARE(values.curves[2].classColour, -1);
        QVERIFY(values.curves[3].dashed && !values.curves[2].dashed);
        for (const auto& curve : values.curves) {
            QVERIFY2(curve.points.size() > 3, qPrintable(curve.name));
            for (std::size_t i = 1; i < curve.points.size(); ++i) {
                // Equal where memory and not the objective bounds the batch.
                QVERIFY(curve.points[i].userTokensPerS >= curve.points[i - 1].userTokensPerS * (1 - 1e-3));
                QVERIFY(curve.points[i].tokensPerSPerGpu <=
                        curve.points[i - 1].tokensPerSPerGpu * (1 + 1e-4));
            }
        }
        // The mix is the mean of its classes by GPUs: three quarters H100, one quarter A100.
        const double h100 = values.curves[0].points.front().tokensPerSPerGpu;
        const double a100 = values.curves[1].points.front().tokensPerSPerGpu;
        const double mix = values.curves[2].points.front().tokensPerSPerGpu;
        QVERIFY(std::abs(mix / (0.75 * h100 + 0.25 * a100) - 1) < 1e-6);
        QVERIFY(h100 > 2 * a100);
        QVERIFY2(values.finding.contains(QStringLiteral("12.5 tokens/s")), qPrintable(values.finding));
    }
    /// Energy and what rent is above it add up to the rent; the table says the same numbers.
    void costsAddUp() {
        const widgets::StackValues stack = tokenCost(*m_workspace);
        QString finding;
        const widgets::DataTable classes = servingClasses(*m_workspace, &finding);
        QCOMPARE(stack.rows.size(), std::size_t{2});
        QCOMPARE(classes.rows.size(), std::size_t{2});
        QVERIFY(!finding.isEmpty());
        for (std::size_t i = 0; i < 2; ++i) {
            const auto& row = stack.rows[i];
            QVERIFY(row.values.size() == 2 && row.values[0] > 0 && row.values[1] >= 0);
            const QVariantList& cells = classes.rows[i];
            QVERIFY(std::abs((row.values[0] + row.values[1]) / cells[9].toDouble() - 1) < 0.01);
            QVERIFY(std::abs(row.values[0] / cells[10].toDouble() - 1) < 0.01);
            // A GPU's rent for an hour over what it writes in an hour.
            const scenario::GpuClass* gpu = m_workspace->scenario->gpu(i == 0 ? "H100-SXM" : "A100-80GB");
            const double perHour = cells[4].toDouble() * 3600 / 1e6;
            QVERIFY(std::abs(gpu->rentUsdPerGpuHour.value / perHour / cells[9].toDouble() - 1) < 0.01);
        }
    }
    /// Tokens of the classes add up to those of the fleet.
    void tokensOfTheDayAddUp() {
        constexpr double kAtS = 86'400 * 200.0 + 43'200;
        const widgets::CourseValues values = tokensCourse(*m_workspace, kAtS);
        QCOMPARE(values.curves.size(), std::size_t{2});
        const serving::Fleet& fleet = *shownService(*m_workspace).fleet;
        for (const std::size_t i : {0U, 40U, 72U, 144U}) {
            double sum = 0;
            for (const auto& curve : values.curves) {
                sum += curve.points[i].y();
            }
            const double at = values.curves[0].points[i].x();
            QVERIFY(std::abs(sum / fleet.at(at, serving::Fleet::Detail::Flows).outputTokensPerS - 1) < 1e-6);
        }
    }
    /// What the tenant pays and keeps, and what the owner keeps: each row adds up.
    void marginsAddUp() {
        QString finding;
        const widgets::DataTable table = leaseTable(*m_workspace, &finding);
        QVERIFY(table.rows.size() >= 4);
        for (const QVariantList& row : table.rows) {
            const double fee = row[1].toDouble();
            QVERIFY(std::abs(row[4].toDouble() - fee - row[5].toDouble()) < 0.21); // to a tenth of a million
            QVERIFY(std::abs(fee - row[6].toDouble() - row[7].toDouble()) < 0.21);
            QVERIFY(fee > 0 && !row[0].toString().isEmpty());
        }
        QVERIFY(!finding.isEmpty());
    }
    /// The promise is 95 %: the week that the strategies table tells keeps it.
    void theClusterKeepsItsPromise() {
        const serving::Fleet& fleet = *shownService(*m_workspace).fleet;
        double asked = 0;
        double kept = 0;
        for (int hour = 0; hour < 24; ++hour) {
            const auto now = fleet.at(86'400 * 10.0 + 3600.0 * hour, serving::Fleet::Detail::Promises);
            asked += now.kinds[0].arrivals + now.kinds[1].arrivals;
            kept += now.kept() * (now.kinds[0].arrivals + now.kinds[1].arrivals);
        }
        QVERIFY2(kept / asked > 0.94, qPrintable(QString::number(kept / asked)));
    }
};

QTEST_GUILESS_MAIN(TestServingMarket)
#include "tst_serving_market.moc"

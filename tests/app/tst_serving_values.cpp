#include "app/pages/page_catalogue.h"
#include "app/serving_contrast.h"
#include "app/serving_values.h"
#include "model/scenario/scenario_loader.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::app;

namespace {

constexpr double kInstantS = 86'400 * 200.0 + 43'200;

std::shared_ptr<const Workspace>
workspaceOf(const std::string& a, const std::string& b,
            const std::vector<std::pair<std::string, std::string>>& set = {}) {
    auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                         ATLAS_SOURCE_RESOURCES);
    scenario::Scenario scenario = loaded->scenario;
    for (const auto& [path, value] : set) {
        auto changed = scenario::withValue(scenario, path, value);
        if (!changed) {
            qFatal("%s", text(changed.errors()).c_str());
        }
        scenario = *changed;
    }
    WorkspaceRequest request;
    request.scenario = std::make_shared<const scenario::Scenario>(std::move(scenario));
    request.choices = {PaneChoice{a, "colossus-1-article"}, PaneChoice{b, "colossus-1-article"}};
    return buildWorkspace(request, {});
}

double mean(const widgets::CourseCurve& curve) {
    double sum = 0;
    for (const QPointF& p : curve.points) {
        sum += p.y();
    }
    return sum / static_cast<double>(curve.points.size());
}

} // namespace

/// The serving page's numbers, of the scenario that opens with the program.
class TestServingValues : public QObject {
    Q_OBJECT
    std::shared_ptr<const Workspace> m_workspace;

private slots:
    void initTestCase() { m_workspace = workspaceOf("train-1", "lease-1"); }

    void everyCourseSaysItsFinding() {
        const Workspace& w = *m_workspace;
        for (const widgets::CourseValues& values :
             {promiseCourse(w, kInstantS), firstTokenCourse(w, kInstantS), tokenTimeCourse(w, kInstantS),
              demandCourse(w, kInstantS), queueCourse(w, kInstantS)}) {
            QVERIFY2(!values.finding.isEmpty() && !values.name.isEmpty(), qPrintable(values.name));
            QVERIFY(!values.curves.empty());
            for (const widgets::CourseCurve& curve : values.curves) {
                for (const QPointF& p : curve.points) {
                    QVERIFY2(std::isfinite(p.y()) && p.y() >= 0, qPrintable(curve.name));
                }
            }
        }
    }
    /// The day is the one of the instant: 200 days after the start, from midnight to midnight.
    void theDayIsThatOfTheInstant() {
        const auto points = promiseCourse(*m_workspace, kInstantS).curves.front().points;
        QCOMPARE(points.front().x(), 86'400.0 * 200);
        QCOMPARE(points.back().x(), 86'400.0 * 201);
    }
    void servingIsBusierThanTrainingOnTheSameCluster() {
        const auto values = trainingOrServing(*m_workspace, kInstantS, {});
        QCOMPARE(values.curves.size(), std::size_t{3});
        QVERIFY(mean(values.curves[0]) > 0.3);
        QVERIFY(mean(values.curves[2]) > 0.2); // the mixed cluster trains, and waits
        QVERIFY(values.finding.contains(QStringLiteral("nobody waits")));
        // Without a pane that trains, the scenario's own training there is drawn: the same.
        const auto other = trainingOrServing(*workspaceOf("lease-1", "lease-1"), kInstantS, {});
        QCOMPARE(other.finding, values.finding);
    }
    void aSlowGpuCostsItsReplicaOnly() {
        QString finding;
        const widgets::DataTable table = slowGpuTable(*m_workspace, kInstantS, &finding);
        QCOMPARE(table.rows.size(), std::size_t{2});
        for (const QVariantList& row : table.rows) {
            QVERIFY(row[3].toDouble() > 0 && row[3].toDouble() < 0.002);
            QCOMPARE(row[4].toDouble(), 0.3);
        }
        QVERIFY2(finding.contains("30 %"), qPrintable(finding));
    }
    void overloadIsSaid() {
        const auto crowded = workspaceOf("train-1", "lease-1", {{"traffic.load", "1.4"}});
        QVERIFY2(demandCourse(*crowded, kInstantS).finding.contains(QStringLiteral("queues grow")),
                 qPrintable(demandCourse(*crowded, kInstantS).finding));
        QVERIFY(queueCourse(*crowded, kInstantS).finding.contains(QStringLiteral("given up")));
        QVERIFY(mean(promiseCourse(*crowded, kInstantS).curves[0]) <
                mean(promiseCourse(*m_workspace, kInstantS).curves[0]));
    }
    /// Where no pane serves, the lease of a strategy on screen is told, else of any strategy.
    void theServiceIsFound() {
        QCOMPARE(shownService(*m_workspace).pane->choice.strategy, std::string("lease-1"));
        const auto neither = workspaceOf("train-1", "fix-1");
        QVERIFY(shownService(*neither));
        QCOMPARE(shownService(*neither).pane->clusterName, std::string("Colossus 1 · article"));
    }
    void nothingServesNothingIsDrawn() {
        auto bare = std::make_shared<Workspace>(*m_workspace);
        bare->service = {};
        const Workspace& idle = *bare;
        QVERIFY(!shownService(idle));
        QVERIFY(promiseCourse(idle, kInstantS).curves.empty());
        QVERIFY(trainingOrServing(idle, kInstantS, {}).curves.empty());
        QVERIFY(slowGpuTable(idle, kInstantS, nullptr).rows.empty());
    }
    void exhibitsGoByTheirNames() {
        for (const char* name : {"serving-promises", "training-or-serving", "serving-first-token",
                                 "serving-token-time", "serving-demand", "serving-queue", "slow-gpu"}) {
            QVERIFY2(exhibitOf(QString::fromLatin1(name)).has_value(), name);
        }
    }
};

QTEST_GUILESS_MAIN(TestServingValues)
#include "tst_serving_values.moc"

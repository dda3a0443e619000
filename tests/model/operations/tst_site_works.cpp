// What the record says of a site, and what states mean there.
#include "model/operations/site_works.h"
#include "model/scenario/scenario_loader.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using operations::WorkKind;

class TestSiteWorks : public QObject {
    Q_OBJECT

    std::shared_ptr<const scenario::Scenario> m_scenario;

    [[nodiscard]] operations::Site siteOf(const char* id) const {
        const auto built = cluster::buildCluster(*m_scenario, *m_scenario->cluster(id));
        return operations::siteOf(*m_scenario, *built.value());
    }

private slots:
    void initTestCase() {
        auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                             ATLAS_SOURCE_RESOURCES);
        if (!loaded)
            qFatal("%s", text(loaded.errors()).c_str());
        m_scenario = std::make_shared<const scenario::Scenario>(std::move(loaded.value().scenario));
    }

    void worksComeFromTheRecord() {
        const auto works = siteOf("colossus-1-article").works;
        QCOMPARE(works.size(), std::size_t{3});
        QVERIFY(works[0].kind == WorkKind::Substations && works[0].count == 2);
        QCOMPARE(works[1].powerW, 247e6);
        QCOMPARE(works[2].count, 208);
        QCOMPARE(works[2].energyJ, 811 * 3.6e9);
        for (const auto& work : works)
            QVERIFY(!work.source.empty());
        const auto second = siteOf("colossus-2").works;
        QVERIFY(second.back().kind == WorkKind::Chillers && second.back().count == 119);
    }

    void aPowerOfNoFactHasNoWorks() {
        scenario::Cluster cluster = *m_scenario->cluster("colossus-2");
        cluster.provisionedPowerW.fact.clear();
        QVERIFY(operations::siteWorks(*m_scenario, cluster).empty());
    }

    /// Parts of a cluster have a share of the site's power, and no works of their own.
    void aPartHasNoWorks() {
        for (const char* part : {"colossus-2-leased", "colossus-2-kept"})
            QVERIFY2(siteOf(part).works.empty(), part);
        scenario::Cluster half = *m_scenario->cluster("colossus-2");
        QVERIFY(!operations::siteWorks(*m_scenario, half).empty());
        half.provisionedPowerW.value /= 2;
        QVERIFY(operations::siteWorks(*m_scenario, half).empty());
    }

    /// Every class of the opening scenario has its laws; scales hold all of them.
    void everyClassHasItsConditions() {
        for (const char* id : {"colossus-1-article", "colossus-1-record", "colossus-2"}) {
            const operations::GpuConditions conditions = siteOf(id).conditions;
            for (const operations::ConditionLaw& law : conditions.classes) {
                const double full = law.temperatureC(operations::GpuState::Computing, 1);
                QCOMPARE(full, law.fullLoadC);
                QVERIFY(full > law.supplyC && full < conditions.mostC && law.supplyC >= conditions.leastC);
                QVERIFY(law.tdpW <= conditions.mostW && law.idleW < law.tdpW);
                QVERIFY(law.rentUsdPerHour > 0 && law.rentUsdPerHour <= conditions.mostUsdPerHour);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestSiteWorks)
#include "tst_site_works.moc"

#include "model/explore/orbit_study.h"
#include "model/scenario/scenario_loader.h"

#include <QTest>
#include <tbb/global_control.h>

#include <cmath>

using namespace atlas;

namespace {

scenario::Scenario shipped(const char* name) {
    auto loaded = scenario::loadScenario(std::string(ATLAS_SOURCE_RESOURCES "/scenarios/") + name,
                                         ATLAS_SOURCE_RESOURCES);
    Q_ASSERT(loaded.ok());
    return loaded->scenario;
}

} // namespace

class TestOrbitStudy : public QObject {
    Q_OBJECT
private slots:
    void bandsHoldTheCentralValueAndRiseWithThePrice() {
        const auto study = explore::studyOrbit(shipped("orbit.atlas.yaml"), "ai1", nullptr, 200, {});
        QVERIFY2(study.ok(), study.ok() ? "" : text(study.errors()).c_str());
        QCOMPARE(study->draws, 200);
        double before = 0;
        for (const explore::Band& band : study->orbitUsdPerHour) {
            QVERIFY(band.low <= band.high && band.value > before);
            before = band.value;
        }
        // At the site's own price the curve passes through the central cost; parity is where it meets the
        // ground.
        const auto& c = study->central;
        for (std::size_t i = 0; i < study->priceUsdPerKg.size(); ++i) {
            const double byHand = c.orbit.totalUsd() - c.orbit.launchUsd +
                                  c.orbit.launchUsd * study->priceUsdPerKg[i] / study->launchUsdPerKg;
            QVERIFY(std::abs(study->orbitUsdPerHour[i].value - byHand) < 1e-9 * byHand);
        }
        QVERIFY(study->parityShare >=
                study->cheaperShare); // who is cheaper already would stay so at no price
    }
    void theSiteNeedNotBeFlown() {
        const auto study = explore::studyOrbit(shipped("colossus.atlas.yaml"), "ai1", nullptr, 50, {});
        QVERIFY(study.ok());
        QVERIFY(study->orbitUsdPerHour.front().high >
                study->orbitUsdPerHour.front().low); // its facts are drawn
    }
    void oneThreadGivesTheSameBits() {
        const auto scenario = shipped("orbit.atlas.yaml");
        const auto many = explore::studyOrbit(scenario, "ai1", nullptr, 64, {});
        const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
        const auto single = explore::studyOrbit(scenario, "ai1", nullptr, 64, {});
        QVERIFY(many.ok() && single.ok());
        QCOMPARE(many->groundUsdPerHour.high, single->groundUsdPerHour.high);
        QCOMPARE(many->orbitUsdPerHour[10].low, single->orbitUsdPerHour[10].low);
        QCOMPARE(many->parityShare, single->parityShare);
    }
    void badRequests() {
        auto scenario = shipped("orbit.atlas.yaml");
        QVERIFY(!explore::studyOrbit(scenario, "moon", nullptr, 1, {}).ok());
        scenario.clusters.erase(scenario.clusters.begin()); // the hall
        QVERIFY(!explore::studyOrbit(scenario, "ai1", nullptr, 1, {}).ok());
    }
};

QTEST_APPLESS_MAIN(TestOrbitStudy)
#include "tst_orbit_study.moc"

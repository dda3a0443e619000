// A cluster in orbit trains, serves and earns as another does, less what light, radiation, links and the want
// of repair take.
#include "model/explore/programme.h"
#include "model/finance/contract.h"
#include "model/orbit/flown_site.h"
#include "model/scenario/scenario_loader.h"
#include "model/training/machine.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::explore;

namespace {

scenario::Scenario shipped() {
    auto loaded =
        scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/orbit.atlas.yaml", ATLAS_SOURCE_RESOURCES);
    Q_ASSERT(loaded.ok());
    return std::move(loaded->scenario);
}

scenario::Scenario with(const std::string& path, const std::string& value) {
    auto changed = scenario::withValue(shipped(), "orbits.ai1." + path, value);
    Q_ASSERT(changed.ok());
    return std::move(*changed);
}

double row(const scenario::Scenario& s, const char* strategy, const char* key) {
    const auto p = programme(s, strategy);
    Q_ASSERT(p.ok());
    return p->rows[*rowOf(key)].value.value_or(-1);
}

double delivered(const scenario::Scenario& s, const char* strategy) {
    return row(s, strategy, "delivered_exaflop_days");
}

bool closeTo(double value, double expected, double relative) {
    return std::abs(value - expected) <= relative * std::abs(expected);
}

} // namespace

class TestOrbitCluster : public QObject {
    Q_OBJECT
private slots:
    void checksAgainstUpsetsTakeTheirShare() {
        const auto s = with("upset_overhead", "20 %");
        const auto up = training::machineOf(s, *s.cluster("orbit"), scenario::Month::of(2028, 7));
        const auto down = training::machineOf(s, *s.cluster("ground"), scenario::Month::of(2028, 7));
        QVERIFY(up.ok() && down.ok());
        QVERIFY(closeTo(up->pools[0].bf16FlopPerS, 0.8 * down->pools[0].bf16FlopPerS, 1e-12));
        QVERIFY(closeTo(up->pools[0].hbmBytesPerS, 0.8 * down->pools[0].hbmBytesPerS, 1e-12));
        const auto none = with("upset_overhead", "0 %");
        QVERIFY(delivered(s, "train-orbit") < delivered(none, "train-orbit"));
        QVERIFY(row(s, "serve-orbit", "serving_tokens_per_s") <
                row(none, "serve-orbit", "serving_tokens_per_s"));
        QVERIFY(closeTo(delivered(s, "train-ground"), delivered(none, "train-ground"), 1e-12));
    }

    /// Month by month what is left is exp(-loss * age); over the stretches of a year each, and those of the
    /// horizon, the sum is the same.
    void whatFailsStaysDead() {
        auto s = with("gpu_losses", "30 %/year");
        scenario::OrbitalSite& site = s.orbits.front();
        site.satelliteLossPerYear.value = 0;
        auto whole = s;
        whole.orbits.front().gpuLossPerYear.value = 0;
        double left = 0;
        const int months = s.horizonMonths - 1; // powered in the second month
        for (int m = 0; m < months; ++m) {
            left += m / 12.0 < site.lifeYears.value ? std::exp(-0.3 * m / 12.0) : 0.0;
        }
        QVERIFY(closeTo(delivered(s, "train-orbit"), delivered(whole, "train-orbit") * left / months, 1e-6));
        QVERIFY(row(s, "train-orbit", "train_months") > row(whole, "train-orbit", "train_months"));
    }

    void withoutBatteriesWorkInStepWaitsForTheLight() {
        const auto battery = shipped();
        const auto pause = with("eclipse", "pause");
        const double lit = orbit::allPoweredShare(pause.orbits.front());
        QVERIFY(lit > 0.6 && lit < 0.9);
        QVERIFY(closeTo(delivered(pause, "train-orbit"), lit * delivered(battery, "train-orbit"), 1e-9));
        const double served = row(pause, "serve-orbit", "serving_tokens_per_s") /
                              row(battery, "serve-orbit", "serving_tokens_per_s");
        QVERIFY2(closeTo(served, orbit::poweredShare(pause.orbits.front()), 0.01),
                 qPrintable(QString::number(served)));
    }

    void theWayToTheGroundCountsAgainstThePromise() {
        const double near = row(shipped(), "serve-orbit", "slo_attainment");
        const double far = row(with("ground_latency", "30 s"), "serve-orbit", "slo_attainment");
        QVERIFY2(near > 0.9 && far < 0.5 * near, qPrintable(QString::number(far)));
        QVERIFY(row(with("ground_latency", "1 s"), "serve-orbit", "slo_attainment") <
                row(with("ground_latency", "0 s"), "serve-orbit", "slo_attainment"));
    }

    /// Nothing on the ground changes where the orbit does.
    void theHallDoesNotCare() {
        const auto pause = with("eclipse", "pause");
        for (const char* key : {"npv_usd", "serving_tokens_per_s", "slo_attainment"}) {
            QCOMPARE(row(pause, "serve-ground", key), row(shipped(), "serve-ground", key));
        }
    }
};

QTEST_APPLESS_MAIN(TestOrbitCluster)
#include "tst_orbit_cluster.moc"

#include "model/finance/cash.h"
#include "model/finance/contract.h"
#include "model/finance/fleet.h"
#include "model/finance/funding.h"
#include "model/orbit/flown_site.h"
#include "model/orbit/satellite.h"
#include "tests/model/finance/small_programme.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::finance;
using scenario::Month;

namespace {

bool closeTo(double value, double expected, double relative = 1e-9) {
    return std::abs(value - expected) <= relative * std::max(1.0, std::abs(expected));
}

double paid(const CashMonth& month, const std::string& what) {
    double usd = 0;
    for (const Payment& p : month.payments) {
        usd += p.what.starts_with(what) ? p.usd : 0.0;
    }
    return usd;
}

} // namespace

class TestCash : public QObject {
    Q_OBJECT
private slots:
    void everyMonthBalances() {
        const auto s = test::smallProgramme();
        for (const auto& strategy : s.strategies) {
            const auto flow = cashFlow(s, strategy, {});
            QVERIFY(flow);
            QCOMPARE(flow->months.size(), std::size_t(24));
            double ownerBefore = s.economics.startingCashUsd.value;
            for (const CashMonth& m : flow->months) {
                double in = 0;
                double out = 0;
                double balances = 0;
                for (const auto& [name, e] : m.entities) {
                    in += e.in;
                    out += e.out;
                    balances += e.balance;
                }
                QVERIFY(closeTo(in, out));
                // Money is neither made nor lost: all balances together stay at the starting cash.
                QVERIFY(closeTo(balances, s.economics.startingCashUsd.value, 1e-8));
                const auto& owner = m.entities.at("Lab");
                QVERIFY(closeTo(owner.balance, ownerBefore + owner.in - owner.out, 1e-8));
                QVERIFY(owner.balance >= -1e-6); // lenders step in
                ownerBefore = owner.balance;
                for (const Payment& p : m.payments) {
                    QVERIFY(p.usd > 0 && p.from != p.to);
                }
            }
        }
    }

    /// In orbit there is no bill for energy, staff or repair; satellite and launch are paid, and GPUs that
    /// fail stay dead.
    void aClusterInOrbit() {
        auto s = test::smallProgramme();
        scenario::OrbitalSite site;
        site.id = "leo";
        site.altitudeM.value = 600e3;
        site.solarWPerM2.value = 1361;
        site.cellEfficiency.value = 0.22;
        site.arrayWPerKg.value = 150;
        site.batteryJPerKg.value = 540e3;
        site.depthOfDischarge.value = 0.5;
        site.pue.value = 1.05;
        site.radiatorK.value = 343;
        site.emissivity.value = 0.9;
        site.thermalWPerKg.value = 77;
        site.platformUsdPerW.value = 22;
        site.launchUsdPerKg.value = 300;
        site.lifeYears.value = 5;
        site.gpuLossPerYear.value = 0.07;
        site.satelliteLossPerYear.value = 0.01;
        s.orbits.push_back(site);
        const auto onGround = cashFlow(s, s.strategies[0], {{"one", "lease", 640e3}});
        s.clusters[0].orbit = "leo";
        const auto inOrbit = cashFlow(s, s.strategies[0], {{"one", "lease", 640e3}});
        QVERIFY(onGround && inOrbit);
        for (const CashMonth& m : inOrbit->months) {
            for (const char* what : {"energy", "staff", "maintenance", "failed"}) {
                QCOMPARE(paid(m, what), 0.0);
            }
        }
        QVERIFY(closeTo(orbit::survivors(site, 2.0), std::exp(-0.16)));
        QCOMPARE(orbit::survivors(site, 5.0), 0.0);
        // By hand: 735 W of load a kilowatt-class GPU at $22, and its mass at $300 a kilogram.
        const auto& gpu = s.gpus.front();
        const double gpuW = gpu.tdpW.value + gpu.hostOverheadW.value;
        const auto satellite = orbit::sizeSatellite(site, gpuW * site.gpusPerSatellite);
        const double place = 22 * gpuW * 1.05 + 300 * satellite.massKg() / site.gpusPerSatellite;
        QVERIFY(closeTo(orbit::placeUsdPerGpu(site, gpu), place));
        const auto tranches = tranchesOf(s, s.clusters[0]);
        QVERIFY(tranches && closeTo(tranches->front().facilityCapexUsd, tranches->front().gpus * place));
    }

    void aMonthByHand() {
        const auto s = test::smallProgramme();
        const auto flow = cashFlow(s, s.strategies[0], {{"one", "lease", 640e3}});
        QVERIFY(flow);
        const CashMonth& third = flow->months[2];
        // Tenant -> lessor -> owner: half of 2 M$ is for this cluster, the ramp is over.
        QVERIFY(closeTo(paid(third, "lease fee, One"), 1e6));
        QVERIFY(closeTo(paid(third, "lease fee passed on"), 1e6));
        QVERIFY(closeTo(third.entities.at("Tenant").out, 1e6));
        QVERIFY(closeTo(third.entities.at("Lessor").in, third.entities.at("Lessor").out));
        // 640 kW x 1.25 x 730.5 h x 0.072 $/kWh.
        QVERIFY(closeTo(paid(third, "energy"), 640 * 1.25 * 730.5 * 0.072));
        QVERIFY(closeTo(paid(third, "staff"), 1.0 * 2 * 120000 / 12));
        QVERIFY(closeTo(paid(third, "maintenance"), 1000 * 20000 * 0.06 / 12));
        QVERIFY(closeTo(paid(third, "failed"), 1000 * 10000 * 0.036 / 12));
        QVERIFY(closeTo(flow->leaseIncomeUsd, 1e6 * (0.25 + 0.5 + 16)));
        // 48 months old at the horizon: 1,000 x 10,000 x 0.7^4.
        QVERIFY(closeTo(flow->residualUsd, 1e7 * std::pow(0.7, 4)));
        const double running = 640 * 1.25 * 730.5 * 0.072 + 20000 + 100000 + 30000;
        QVERIFY(closeTo(flow->ownerCashUsd, 3e6 + 16.75e6 - 24 * running));
        QCOMPARE(flow->peakFundingUsd, 0.0);
    }

    void powerNotGivenIsLoadFactorOfProvisioned() {
        const auto s = test::smallProgramme();
        const auto flow = cashFlow(s, s.strategies[0], {});
        QVERIFY(flow); // 1 MW x 0.8 at the meter
        QVERIFY(closeTo(paid(flow->months[5], "energy"), 800 * 730.5 * 0.072));
    }

    void tranchesAreIncrementsAndFundedInTheirOrder() {
        const auto s = test::smallProgramme();
        const auto tranches = tranchesOf(s, s.clusters[1]);
        QVERIFY(tranches);
        QCOMPARE(tranches->size(), std::size_t(3));
        QVERIFY((*tranches)[0].bought && !(*tranches)[1].bought);
        QCOMPARE((*tranches)[1].gpus, 100.0);
        // 100 x 60,000 + 100 GPUs x 1 kW x 10 $/W.
        QVERIFY(closeTo((*tranches)[1].capexUsd(), 6e6 + 1e6));
        QCOMPARE(gpusPoweredBy(*tranches, Month::of(2026, 12)), 200.0);

        const std::vector<ClusterUse> use = {{"one", "lease", 640e3}, {"two", "train", 240e3}};
        const auto flow = cashFlow(s, s.strategies[1], use);
        QVERIFY(flow);
        QCOMPARE(flow->tranches.size(), std::size_t(2));
        QVERIFY(closeTo(paid(flow->months[6], "GPUs and network of Two tranche 2"), 6e6));
        QVERIFY(closeTo(paid(flow->months[6], "building and power of Two tranche 2"), 1e6));
        // By hand: cash without capex crosses 7 M$, then 14 M$.
        double cash = 3e6;
        std::vector<Month> crossed;
        for (const CashMonth& m : flow->months) {
            cash += paid(m, "lease fee passed on") - paid(m, "energy") - paid(m, "staff") -
                    paid(m, "maintenance") - paid(m, "failed");
            while (crossed.size() < 2 && cash >= 7e6 * static_cast<double>(crossed.size() + 1)) {
                crossed.push_back(m.month);
            }
        }
        for (std::size_t i = 0; i < 2; ++i) {
            QCOMPARE(flow->tranches[i].ever, i < crossed.size());
            if (i < crossed.size()) {
                QCOMPARE(flow->tranches[i].funded.index, crossed[i].index);
            }
        }
        QVERIFY(flow->tranches[0].ever);
    }

    void aTrancheThatIsNeverFunded() {
        auto s = test::smallProgramme();
        s.contracts[0].usdPerMonth = catalog::Sourced(1e5);
        const auto flow = cashFlow(s, s.strategies[1], {});
        QVERIFY(flow && !flow->tranches[1].ever);
        QCOMPARE(flow->tranches[1].funded.index, s.start.index + 24);
    }

    void lendersBridgeTheGapWithInterest() {
        auto s = test::smallProgramme();
        s.economics.startingCashUsd = catalog::Sourced(0);
        const auto flow = cashFlow(s, s.strategies[2], {{"one", "train", 640e3}}); // cost only
        QVERIFY(flow);
        const double running = 640 * 1.25 * 730.5 * 0.072 + 20000 + 100000 + 30000;
        QVERIFY(closeTo(paid(flow->months[0], "bridge drawn"), running));
        QVERIFY(closeTo(paid(flow->months[1], "interest"), running * 0.01));
        // Debt of an annuity: running x ((1.01^24 - 1) / 0.01).
        QVERIFY(closeTo(flow->months.back().ownerDebtUsd, running * (std::pow(1.01, 24) - 1) / 0.01));
        QVERIFY(closeTo(flow->ownerCashUsd, -flow->months.back().ownerDebtUsd));
        QVERIFY(closeTo(flow->peakFundingUsd, flow->months.back().ownerDebtUsd));
        QVERIFY(!flow->breakEvenFeeUsdPerMonth && flow->breakEvenNote == "nothing is leased");
    }

    void npvOfTheOwnerByHand() {
        const auto s = test::smallProgramme();
        const auto flow = cashFlow(s, s.strategies[0], {{"one", "lease", 640e3}});
        const double running = 640 * 1.25 * 730.5 * 0.072 + 20000 + 100000 + 30000;
        double npv = 1e7 * std::pow(0.7, 4) / std::pow(1.12, 2);
        for (int m = 0; m < 24; ++m) {
            const double fee = m == 0 ? 0.25e6 : m == 1 ? 0.5e6 : m < 18 ? 1e6 : 0;
            npv += (fee - running) / std::pow(1.12, m / 12.0);
        }
        QVERIFY(closeTo(flow->ownerNpvUsd, npv));
        QVERIFY(!flow->ownerIrrPerYear && !flow->irrNote.empty()); // starts in plus: changes sign twice
    }

    void breakEvenFeeMakesTheNpvZero() {
        auto s = test::smallProgramme();
        s.horizonMonths = 18;
        const std::vector<ClusterUse> use = {{"one", "lease", 640e3}, {"two", "train", 240e3}};
        const auto flow = cashFlow(s, s.strategies[1], use);
        QVERIFY(flow && flow->breakEvenFeeUsdPerMonth);
        auto at = s;
        at.contracts[0].usdPerMonth = catalog::Sourced(*flow->breakEvenFeeUsdPerMonth);
        const auto zero = cashFlow(at, at.strategies[1], use);
        QVERIFY(std::abs(zero->ownerNpvUsd) < 1e-3 * std::abs(flow->ownerNpvUsd) + 2e3);
        // The other kind of contract meets in the same place.
        auto hourly = s;
        hourly.contracts[0].kind = scenario::ContractKind::PerGpuHour;
        hourly.contracts[0].usdPerGpuHour = catalog::Sourced(1e6 / 1000 / 730.5);
        const auto other = cashFlow(hourly, hourly.strategies[1], use);
        QVERIFY(closeTo(other->ownerNpvUsd, flow->ownerNpvUsd));
        QVERIFY(other->breakEvenFeeUsdPerMonth);
    }

    void higherFeeNeverHurtsTheOwner() {
        double cash = -1e300;
        double npv = -1e300;
        double need = 1e300;
        int funded = 1 << 30;
        for (const double fee : {0.0, 0.5e6, 1e6, 2e6, 4e6, 8e6}) {
            auto s = test::smallProgramme();
            s.contracts[0].usdPerMonth = catalog::Sourced(fee);
            const auto flow = cashFlow(s, s.strategies[1], {});
            QVERIFY(flow);
            QVERIFY(flow->ownerCashUsd >= cash && flow->ownerNpvUsd >= npv && flow->peakFundingUsd <= need);
            QVERIFY(flow->tranches[0].funded.index <= funded);
            cash = flow->ownerCashUsd;
            npv = flow->ownerNpvUsd;
            need = flow->peakFundingUsd;
            funded = flow->tranches[0].funded.index;
        }
    }

    void ownerWhoIsTheLessorPaysNobodyOnTheWay() {
        auto s = test::smallProgramme();
        s.contracts[0].lessor = "Lab";
        const auto flow = cashFlow(s, s.strategies[0], {});
        QVERIFY(closeTo(paid(flow->months[3], "lease fee passed on"), 0));
        QVERIFY(closeTo(flow->months[3].entities.at("Lab").in, 1e6));
    }

    void aClusterChangesHandsOnItsDate() {
        auto s = test::smallProgramme();
        s.strategies[2].assignments.push_back(
            {"one", scenario::Activity::Lease, "chat", "lease", {}, Month::of(2026, 9)});
        const auto flow = cashFlow(s, s.strategies[2], {});
        QVERIFY(flow);
        QCOMPARE(paid(flow->months[3], "lease fee, One"), 0.0);
        QVERIFY(closeTo(paid(flow->months[4], "lease fee, One"), 1e6));
    }

    void badInput_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<QString>("words");
        QTest::newRow("contract that is not there") << 0 << "contract 'nothing'";
        QTest::newRow("cluster that is not there") << 1 << "cluster 'nowhere'";
        QTest::newRow("contract ends before it starts") << 2 << "ends before it starts";
        QTest::newRow("negative fee") << 3 << "negative price";
        QTest::newRow("no months") << 4 << "horizon is 0 months";
        QTest::newRow("unknown GPU") << 5 << "class 'unobtainium'";
        QTest::newRow("negative ramp") << 6 << "negative ramp";
    }
    void badInput() {
        QFETCH(int, what);
        QFETCH(QString, words);
        auto s = test::smallProgramme();
        auto& a = s.strategies[0].assignments[0];
        auto& c = s.contracts[0];
        switch (what) {
        case 0:
            a.contract = "nothing";
            break;
        case 1:
            a.cluster = "nowhere";
            break;
        case 2:
            c.end = Month::of(2020, 1);
            break;
        case 3:
            c.usdPerMonth = catalog::Sourced(-1);
            break;
        case 4:
            s.horizonMonths = 0;
            break;
        case 5:
            s.clusters[0].islands[0].gpu = "unobtainium";
            break;
        default:
            c.ramp = {-1.0};
            break;
        }
        const auto flow = cashFlow(s, s.strategies[0], {});
        QVERIFY(!flow);
        const QString said = QString::fromStdString(text(flow.errors()));
        QVERIFY2(said.contains(words), qPrintable(said));
    }
};

QTEST_APPLESS_MAIN(TestCash)
#include "tst_cash.moc"

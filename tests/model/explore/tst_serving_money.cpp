#include "model/explore/lease_margins.h"
#include "model/explore/serving_cost.h"
#include "model/finance/contract.h"
#include "model/scenario/scenario_loader.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::explore;
using catalog::Sourced;

namespace {

bool closeTo(double value, double expected, double relative = 1e-9) {
    return std::abs(value - expected) <= relative * std::abs(expected);
}

scenario::Scenario loaded() {
    auto found = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                        ATLAS_SOURCE_RESOURCES);
    if (!found) {
        qFatal("%s", text(found.errors()).c_str());
    }
    return found->scenario;
}

} // namespace

/// What tokens cost and what a lease leaves, against sums done by hand.
class TestServingMoney : public QObject {
    Q_OBJECT
    scenario::Scenario m_scenario = loaded();

    [[nodiscard]] const scenario::Strategy& leases() const {
        const scenario::Strategy* found = m_scenario.strategy("lease-1-train-2");
        return found != nullptr ? *found : m_scenario.strategies.front();
    }
    [[nodiscard]] Result<std::vector<LeaseMargin>> margins() const {
        return leaseMargins(ModelInputs::central(m_scenario), leases());
    }

private slots:
    /// 100 tokens/s a GPU are 0.36 M an hour: at $1.80 an hour $5 a million. 1,000 W (0.8 of 1,000 W and 200
    /// W of host) at a PUE of 1.25 and $0.072 a kWh are $0.09 an hour: $0.25 a million.
    void aMillionTokensByHand() {
        scenario::Scenario s;
        scenario::GpuClass gpu;
        gpu.id = gpu.name = "G";
        gpu.rentUsdPerGpuHour = Sourced(1.80);
        gpu.tdpW = Sourced(1000);
        gpu.idleW = Sourced(100);
        gpu.hostOverheadW = Sourced(200);
        s.gpus = {gpu};
        s.economics.loadFactor = Sourced(0.8);
        scenario::Cluster cluster;
        cluster.pue = Sourced(1.25);
        cluster.energyUsdPerJoule = Sourced(0.072 / 3.6e6);
        serving::ClassRate rate;
        rate.gpu = "G";
        rate.outputTokensPerSPerGpu = 100;
        rate.count = 10;
        const ClassCost cost = classCost(s, cluster, rate);
        QVERIFY(closeTo(cost.rentUsd, 5.0));
        QVERIFY(closeTo(cost.energyUsd, 0.25));
        // A hundred idle GPUs of another class are paid for too: 110 GPU-hours for 3.6 M tokens.
        serving::ClassRate idle = rate;
        idle.outputTokensPerSPerGpu = 0;
        idle.count = 100;
        serving::ServingRate both;
        both.classes = {rate, idle};
        both.outputTokensPerS = 1000;
        QVERIFY(closeTo(rentUsdPerMillion(s, both), 110 * 1.80 / 3.6));
        QCOMPARE(classCost(s, cluster, idle).rentUsd, 0.0);
        rate.gpu = "unknown";
        QCOMPARE(classCost(s, cluster, rate).energyUsd, 0.0);
    }

    /// $1.25B a month, half of it for this cluster; of the 37 months from May 2026 to May 2029 two pay half.
    void feeOfTheFilingByHand() {
        const auto all = margins();
        QVERIFY2(all.ok(), all.ok() ? "" : text(all.errors()).c_str());
        const LeaseMargin& m = all->front();
        const scenario::Contract* contract = m_scenario.contract(m.contract);
        QVERIFY(contract != nullptr);
        QCOMPARE(m.contract, std::string("anthropic"));
        const double share = contract->shareOfThisCluster.value;
        QVERIFY(closeTo(m.feeUsd + m.creditUsd, 1.25e9 * share * 36 / 37, 1e-6));
        // Hours of GPUs, not of servers; all with power from the first month.
        QVERIFY(closeTo(m.gpuHours, 220'000 * finance::kHoursPerMonth, 0.05));
        QVERIFY(closeTo(m.feePerGpuHour(), m.feeUsd / m.gpuHours));
        QVERIFY(closeTo(m.tenantUsd(), m.tenantSalesUsd - m.feeUsd));
        QVERIFY(closeTo(m.ownerUsd(), m.feeUsd - m.runningUsd));
        QVERIFY(m.runningUsd > 0 && m.millionTokens > 0);
    }
    /// The whole fee for this cluster: $7.78 a GPU-hour where 220,000 GPUs have power for 730 h, as reported.
    void wholeFeeIsTheReportedPrice() {
        const auto all = margins();
        QVERIFY(all.ok());
        const auto whole = std::ranges::find(*all, "anthropic-colossus-1-only", &LeaseMargin::contract);
        QVERIFY(whole != all->end());
        QVERIFY(closeTo(whole->feePerGpuHour(), 1.25e9 * 36 / 37 / (220'000 * 730.0), 0.03));
        // Tellings differ in the fee alone: what runs is the same.
        QVERIFY(closeTo(whole->millionTokens, all->front().millionTokens));
        QVERIFY(closeTo(whole->gpuHours, all->front().gpuHours));
        QVERIFY(whole->ownerUsd() > all->front().ownerUsd());
        QVERIFY(whole->tenantUsd() < all->front().tenantUsd());
    }
    void aStrategyWithoutALeaseIsRefused() {
        scenario::Strategy none = leases();
        std::erase_if(none.assignments,
                      [](const scenario::Assignment& a) { return a.activity == scenario::Activity::Lease; });
        const auto refused = leaseMargins(ModelInputs::central(m_scenario), none);
        QVERIFY(!refused.ok());
        QVERIFY(!refused.errors().front().remedy.empty());
    }
};

QTEST_APPLESS_MAIN(TestServingMoney)
#include "tst_serving_money.moc"

// The ledger from above: nothing is lost between the entities, and the parts of a value add up to it.
#include "model/finance/money_flows.h"
#include "tests/model/finance/small_programme.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace atlas;
using namespace atlas::finance;
using scenario::Month;

namespace {

CashFlow flowOf(const char* strategy, double debtShare = 0) {
    scenario::Scenario s = test::smallProgramme();
    s.financing.debtShare = catalog::Sourced(debtShare);
    s.financing.loanTermS = catalog::Sourced(3600 * 24 * 365.0);
    auto cash = cashFlow(s, *s.strategy(strategy), {});
    return cash ? std::move(*cash) : CashFlow{};
}

bool closeTo(double value, double expected, double scale) {
    return std::abs(value - expected) <= 1e-9 * std::max(1.0, scale);
}

double moved(const CashMonth& month) {
    double usd = 0;
    for (const Payment& p : month.payments) {
        usd += p.usd;
    }
    return usd;
}

const MoneyFlows::Link* linkOf(const MoneyFlows& flows, const std::string& from, const std::string& to) {
    const auto found = std::ranges::find_if(flows.links, [&](const MoneyFlows::Link& link) {
        return flows.nodes[link.from].name == from && flows.nodes[link.to].name == to;
    });
    return found == flows.links.end() ? nullptr : &*found;
}

} // namespace

class TestMoneyFlows : public QObject {
    Q_OBJECT
private slots:
    void strategies_data() {
        QTest::addColumn<QString>("strategy");
        QTest::addColumn<double>("debtShare");
        QTest::newRow("leases") << "lease" << 0.0;
        QTest::newRow("builds from cash") << "build" << 0.0;
        QTest::newRow("builds on loans") << "build" << 0.625;
        QTest::newRow("trains") << "train" << 0.0;
    }

    /// What all entities together gain in a month is nothing.
    void everyMonthSumsToZero_data() { strategies_data(); }
    void everyMonthSumsToZero() {
        QFETCH(QString, strategy);
        QFETCH(double, debtShare);
        const CashFlow cash = flowOf(strategy.toUtf8().constData(), debtShare);
        QVERIFY(!cash.months.empty());
        const auto entities = entityMonths(cash);
        QVERIFY(entities.size() >= 2);
        QCOMPARE(entities.front().name, cash.owner);
        for (std::size_t m = 0; m < cash.months.size(); ++m) {
            double sum = 0;
            for (const EntityMonths& entity : entities) {
                sum += entity.netUsd[m];
            }
            QVERIFY(closeTo(sum, 0, moved(cash.months[m])));
        }
    }

    /// Between the sources and the sinks what flows in flows out, and what the sources give the sinks get.
    void flowsAreConserved_data() { strategies_data(); }
    void flowsAreConserved() {
        QFETCH(QString, strategy);
        QFETCH(double, debtShare);
        const CashFlow cash = flowOf(strategy.toUtf8().constData(), debtShare);
        for (const int year : {2026, 2027, 2028}) {
            const MoneyFlows flows = moneyFlows(cash, Month::of(year, 1), Month::of(year + 1, 1));
            QVERIFY(!flows.links.empty());
            double given = 0;
            double got = 0;
            for (std::size_t i = 0; i < flows.nodes.size(); ++i) {
                const FlowStage stage = flows.nodes[i].stage;
                if (stage == FlowStage::Source) {
                    given += flows.outUsd(i);
                } else if (stage == FlowStage::Sink) {
                    got += flows.inUsd(i);
                } else {
                    QVERIFY(closeTo(flows.inUsd(i), flows.outUsd(i), flows.inUsd(i)));
                }
            }
            QVERIFY(closeTo(given, got, given));
            for (const MoneyFlows::Link& link : flows.links) {
                QVERIFY(link.usd > 0);
                QVERIFY(flows.nodes[link.from].stage < flows.nodes[link.to].stage);
            }
        }
    }

    /// Eight months of 2026 with a ramp of 25 and 50 %: half of $2M a month for this cluster, 6.75 times.
    void aYearByHand() {
        const CashFlow cash = flowOf("lease");
        const MoneyFlows flows = moneyFlows(cash, Month::of(2026, 1), Month::of(2027, 1));
        const MoneyFlows::Link* fee = linkOf(flows, "Tenant", "Lessor");
        QVERIFY(fee != nullptr);
        QVERIFY(closeTo(fee->usd, 6.75e6, 6.75e6));
        QVERIFY(closeTo(linkOf(flows, "Lessor", "Lab")->usd, 6.75e6, 6.75e6));
        QVERIFY(linkOf(flows, "Tenant's own cash", "Tenant") !=
                nullptr); // it sells nothing in this programme
        QVERIFY(moneyFlows(cash, Month::of(2030, 1), Month::of(2031, 1)).links.empty());
    }

    /// Lenders stand on both sides.
    void loansComeAndGo() {
        const CashFlow cash = flowOf("build", 0.625);
        const MoneyFlows flows = moneyFlows(cash, Month::of(2027, 1), Month::of(2028, 1));
        const MoneyFlows::Link* lent = linkOf(flows, kLenders, "Lab");
        const MoneyFlows::Link* back = linkOf(flows, "Lab", kLenders);
        QVERIFY(lent != nullptr && back != nullptr);
        QVERIFY(lent->from != back->to);
    }

    void partsAddUpToTheNpv_data() { strategies_data(); }
    void partsAddUpToTheNpv() {
        QFETCH(QString, strategy);
        QFETCH(double, debtShare);
        const CashFlow cash = flowOf(strategy.toUtf8().constData(), debtShare);
        const NpvParts parts = npvParts(cash, 0.12); // the rate of the programme
        QVERIFY(closeTo(parts.totalUsd(), cash.ownerNpvUsd,
                        parts.leaseUsd + parts.residualUsd - parts.capexUsd - parts.runningUsd));
        QVERIFY(parts.runningUsd < 0 && parts.capexUsd <= 0 && parts.residualUsd > 0);
    }
};

QTEST_APPLESS_MAIN(TestMoneyFlows)
#include "tst_money_flows.moc"

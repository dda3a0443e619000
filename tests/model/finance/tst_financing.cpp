#include "model/finance/cash.h"
#include "model/finance/segments.h"
#include "model/units/unit_table.h"
#include "tests/model/finance/small_programme.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::finance;
using catalog::Sourced;
using scenario::Month;

namespace {

bool closeTo(double value, double expected, double relative = 1e-9) {
    return std::abs(value - expected) <= relative * std::max(1.0, std::abs(expected));
}

Sourced months(double count) {
    return Sourced(count * units::kMonthS);
}

/// Everything that moves money at once: loans, shares, tax, lead times, credits, token sales.
scenario::Scenario busyProgramme() {
    auto s = test::smallProgramme();
    s.financing.debtShare = Sourced(0.6);
    s.financing.loanTermS = months(9);
    s.financing.equityUsd = Sourced(2e6);
    s.financing.equityMonth = Month::of(2026, 9);
    s.financing.taxRate = Sourced(0.21);
    s.financing.gpuLifeS = months(60);
    s.financing.facilityLifeS = months(240);
    s.financing.facilityLeadS = months(4);
    s.financing.gpuLeadS = months(3);
    s.financing.gpuDeposit = Sourced(0.25);
    s.contracts[0].usdPerMonth = Sourced(8e6);
    s.contracts[0].slaTarget = Sourced(0.99);
    s.contracts[0].slaCredit = Sourced(10);
    s.contracts[0].slaCreditCap = Sourced(1);
    s.market.tenantInputUsd = Sourced(3);
    s.market.tenantOutputUsd = Sourced(15);
    s.market.cachedPriceShare = Sourced(0.1);
    s.market.paidTokenShare = Sourced(0.5);
    return s;
}

std::vector<ClusterUse> busyUse() {
    ClusterUse lease{"one", "lease", 640e3, 0.7, 0.97, 1000, 0.5, 200};
    ClusterUse train{"two", "train", 240e3};
    return {lease, train};
}

} // namespace

class TestFinancing : public QObject {
    Q_OBJECT
private slots:
    void annuityAgainstTextbooks_data() {
        QTest::addColumn<double>("principal");
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("months");
        QTest::addColumn<double>("payment");
        // The mortgage of every table: 100,000 at 6 % over 30 years.
        QTest::newRow("mortgage") << 100000.0 << 0.06 << 360.0 << 599.55;
        // Ross, Westerfield & Jordan, Fundamentals of Corporate Finance, chapter 6: 5,000 at 9 % a period
        // over 5 periods; a period is a month here.
        QTest::newRow("amortised loan") << 5000.0 << 0.09 * 12 << 5.0 << 1285.46;
        QTest::newRow("no interest") << 1200.0 << 0.0 << 12.0 << 100.0;
    }
    void annuityAgainstTextbooks() {
        QFETCH(double, principal);
        QFETCH(double, rate);
        QFETCH(double, months);
        QFETCH(double, payment);
        QVERIFY(std::abs(annuityUsd(principal, rate, months) - payment) < 0.005);
    }

    void aLoanIsPaidBackByItsSchedule() {
        // One tranche of 7 M$ in November; 60 % of it by a loan of 9 months at 1 % a month.
        auto s = test::smallProgramme();
        s.financing.debtShare = Sourced(0.6);
        s.financing.loanTermS = months(9);
        s.clusters[1].islands[0].tranches.pop_back();
        s.clusters[1].provisionedPowerW = Sourced(0.2e6);
        s.clusters[1].islands[0].gpuCount = Sourced(200);
        const auto plan = ownerMonths(s, s.strategies[1], {});
        QVERIFY(plan);
        const FinancedMonths f = financedMonths(*plan, s);
        QVERIFY(closeTo(f.months[6].loanDrawnUsd, 0.6 * 7e6));
        const double payment = 0.6 * 7e6 * 0.01 / (1 - std::pow(1.01, -9));
        double owed = 0.6 * 7e6;
        for (std::size_t m = 7; m < 16; ++m) {
            QVERIFY(closeTo(f.months[m].loanInterestUsd, owed * 0.01));
            QVERIFY(closeTo(f.months[m].loanInterestUsd + f.months[m].loanRepaidUsd, payment));
            owed -= payment - owed * 0.01;
            QVERIFY(closeTo(f.months[m].loanUsd, owed, 1e-6));
        }
        QVERIFY(std::abs(f.months[15].loanUsd) < 1e-3);
        QVERIFY(std::abs(f.months[16].loanRepaidUsd) < 1e-3);
    }

    void instalmentsAddUpAndKeepTheirMonths() {
        const auto s = busyProgramme();
        const auto tranches = tranchesOf(s, s.clusters[1]);
        QVERIFY(tranches);
        const Tranche& t = (*tranches)[1]; // power in November 2026
        double it = 0;
        double facility = 0;
        double counted = 0;
        for (const Instalment& due : instalmentsOf(t, s.financing)) {
            it += due.itUsd;
            facility += due.facilityUsd;
            counted += due.month >= s.start ? due.itUsd + due.facilityUsd : 0;
            QVERIFY(due.month <= t.month);
        }
        QVERIFY(closeTo(it, t.itCapexUsd) && closeTo(facility, t.facilityCapexUsd));
        QVERIFY(closeTo(t.toPayUsd, counted));
        const auto due = instalmentsOf(t, s.financing);
        QCOMPARE(due.size(), std::size_t(5)); // July to October for the building, GPUs in August and November
        QVERIFY(closeTo(due[0].facilityUsd, t.facilityCapexUsd / 4) && due[0].itUsd == 0);
        QVERIFY(closeTo(due[1].itUsd, 0.25 * t.itCapexUsd));
        QVERIFY(closeTo(due[4].itUsd, 0.75 * t.itCapexUsd) && due[4].facilityUsd == 0);
        // An order before the start is sunk: 9 months before November 2026 is February.
        auto early = s;
        early.financing.gpuLeadS = months(9);
        const auto sunk = tranchesOf(early, early.clusters[1]);
        QVERIFY(closeTo((*sunk)[1].toPayUsd, t.capexUsd() - 0.25 * t.itCapexUsd));
    }

    void everyMonthBalancesWhateverMoves() {
        const auto s = busyProgramme();
        for (const auto& strategy : s.strategies) {
            const auto flow = cashFlow(s, strategy, busyUse());
            QVERIFY2(flow, flow ? "" : text(flow.errors()).c_str());
            QVERIFY(flow->balances());
            QCOMPARE(flow->checks.size(), flow->months.size());
            double before = s.economics.startingCashUsd.value;
            for (std::size_t m = 0; m < flow->months.size(); ++m) {
                // The books tell the owner's cash a third time.
                const BookMonth& b = flow->books[m];
                double financing = 0;
                for (const Payment& p : flow->months[m].payments) {
                    QVERIFY(p.usd > 0 && p.from != p.to && p.what.starts_with(paymentName(p.kind)));
                    if (isFinancing(p.kind)) {
                        financing += p.to == "Lab" ? p.usd : -p.usd;
                    }
                }
                const double cash =
                    before + b.ebitdaUsd() - b.capexUsd - b.interestUsd - b.taxUsd + financing;
                QVERIFY(closeTo(b.cashUsd, cash, 1e-8));
                before = b.cashUsd;
            }
        }
    }

    void aLedgerThatLosesMoneyIsFound() {
        MonthCheck check;
        check.paidUsd = check.receivedUsd = 1e9;
        check.ownerLedgerUsd = check.ownerPlanUsd = 5e8;
        QVERIFY(check.balances());
        check.receivedUsd -= 100;
        QVERIFY(!check.balances());
        check.receivedUsd = check.paidUsd;
        check.ownerPlanUsd += 100;
        QVERIFY(!check.balances());
        check.ownerPlanUsd = check.ownerLedgerUsd;
        check.debtLedgerUsd = 100;
        QVERIFY(!check.balances());
    }

    void tokenSalesByHand() {
        const auto s = busyProgramme();
        const auto flow = cashFlow(s, s.strategies[0], busyUse());
        QVERIFY(flow);
        // 1000 tokens/s of input, half of them cached at a tenth, at 3 $; 200 of output at 15 $; half is
        // paid.
        const double sales = (1000 * (0.5 + 0.05) * 3 + 200 * 15) * 1e-6 * 0.5 * 730.5 * 3600;
        const auto& tenant = flow->months[3].entities.at("Tenant");
        // Two points missed at 10 a point: a fifth of the fee comes back.
        QVERIFY(closeTo(tenant.in, sales + 0.2 * 4e6));
        QVERIFY(closeTo(tenant.out, 4e6));
        QVERIFY(closeTo(flow->months[3].entities.at(kCustomers).out, sales));
        QVERIFY(closeTo(flow->books[3].leaseUsd, 0.8 * 4e6));
    }

    void depreciationSpreadsWhatWasPaid() {
        auto s = busyProgramme();
        const auto tranches = tranchesOf(s, s.clusters[1]);
        double it = 0;
        for (int m = 0; m < 400; ++m) {
            it += bookedDepreciationUsd({(*tranches)[1]}, {s.start.index + m}, s.financing);
        }
        QVERIFY(closeTo(it, (*tranches)[1].capexUsd(), 1e-9));
        const double month = bookedDepreciationUsd({(*tranches)[1]}, Month::of(2026, 11), s.financing);
        QVERIFY(closeTo(month, 6e6 / 60 + 1e6 / 240));
    }

    void taxesAreOffByDefaultAndLossesAreCarriedForward() {
        auto s = test::smallProgramme();
        auto plan = ownerMonths(s, s.strategies[0], {});
        for (const OwnerMonth& m : plan->months) {
            QCOMPARE(m.taxUsd, 0.0);
        }
        s.financing.taxRate = Sourced(0.2);
        s.contracts[0].ramp = {0.0, 0.0};
        plan = ownerMonths(s, s.strategies[0], {});
        // Two months of loss come off the third month's profit.
        const double loss = -plan->months[0].ebitdaUsd() - plan->months[1].ebitdaUsd();
        QVERIFY(loss > 0);
        QCOMPARE(plan->months[1].taxUsd, 0.0);
        QVERIFY(closeTo(plan->months[2].taxUsd, 0.2 * (plan->months[2].ebitdaUsd() - loss)));
        QVERIFY(closeTo(plan->months[3].taxUsd, 0.2 * plan->months[3].ebitdaUsd()));
    }

    void newSharesAreNoDebtButANeed() {
        auto s = test::smallProgramme();
        s.economics.startingCashUsd = Sourced(0);
        const auto without = cashFlow(s, s.strategies[1], {});
        s.financing.equityUsd = Sourced(5e6);
        s.financing.equityMonth = s.start;
        const auto with = cashFlow(s, s.strategies[1], {});
        QVERIFY(without && with && with->balances());
        QVERIFY(closeTo(with->months[0].entities.at(kPublicMarket).out, 5e6));
        QVERIFY(with->months.back().ownerDebtUsd < without->months.back().ownerDebtUsd);
        // What comes from outside stays what it was but for the interest that is saved.
        QVERIFY(with->peakFundingUsd <= without->peakFundingUsd);
        QVERIFY(with->peakFundingUsd > without->peakFundingUsd - 5e6);
        QVERIFY(closeTo(with->ownerNpvUsd, without->ownerNpvUsd)); // no part of the NPV
    }

    void segmentsByHand() {
        auto s = test::smallProgramme();
        s.market.landlordMultiple = Sourced(8);
        s.market.labMultiple = Sourced(20);
        s.market.labRevenueUsdPerMonth = Sourced(1e6);
        const auto plan = ownerMonths(s, s.strategies[1], {{"one", "lease", 640e3}, {"two", "train", 0}});
        const Segments g = segmentsOf(*plan, s, 7e6);
        const double running = 640 * 1.25 * 730.5 * 0.072 + 20000 + 100000 + 30000;
        QVERIFY(closeTo(g.landlordSalesUsd, 12e6));
        QVERIFY(closeTo(g.landlordEbitdaUsd, 12 * (1e6 - running)));
        QVERIFY(closeTo(g.landlordValueUsd, 8 * 12 * (1e6 - running)));
        QVERIFY(closeTo(g.labValueUsd, 20 * 12e6));
        QVERIFY(closeTo(g.landlordShare(), 0.5));
        QVERIFY(closeTo(g.buildOutUsd, 7e6 / std::pow(1.12, 0.5) + 7e6 / 1.12));
        QVERIFY(closeTo(g.impliedUsd(), g.landlordValueUsd + g.labValueUsd + 7e6 - g.buildOutUsd));
    }
};

QTEST_APPLESS_MAIN(TestFinancing)
#include "tst_financing.moc"

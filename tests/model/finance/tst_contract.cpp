#include "model/finance/contract.h"
#include "tests/model/finance/small_programme.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::finance;
using catalog::Sourced;
using scenario::ContractKind;
using scenario::Month;

namespace {

bool closeTo(double value, double expected) {
    return std::abs(value - expected) <= 1e-9 * std::max(1.0, std::abs(expected));
}

double feeUsd(const scenario::Contract& c, Month month, const Service& service = {},
              std::optional<Month> notice = std::nullopt) {
    return leaseFee(c, month, service, notice).netUsd();
}

/// A contract without ramp, for what is not about the ramp.
scenario::Contract plain() {
    auto c = test::smallProgramme().contracts.front();
    c.ramp.clear();
    return c;
}

} // namespace

class TestContract : public QObject {
    Q_OBJECT
private slots:
    void rampTermAndNotice() {
        const auto c = test::smallProgramme().contracts.front();
        QCOMPARE(feeUsd(c, Month::of(2026, 4)), 0.0);
        QCOMPARE(feeUsd(c, Month::of(2026, 5)), 0.25e6);
        QCOMPARE(feeUsd(c, Month::of(2026, 6)), 0.5e6);
        QCOMPARE(feeUsd(c, Month::of(2027, 10)), 1e6);
        QCOMPARE(feeUsd(c, Month::of(2027, 11)), 0.0);
        // Notice of 90 days at the start of January: 2.957 months are still paid.
        const Month notice = Month::of(2027, 1);
        QCOMPARE(feeUsd(c, Month::of(2027, 2), {}, notice), 1e6);
        QVERIFY(closeTo(feeUsd(c, Month::of(2027, 3), {}, notice), 1e6 * (90 / (365.25 / 12) - 2)));
        QCOMPARE(feeUsd(c, Month::of(2027, 4), {}, notice), 0.0);
        // The same notice as a term of the contract; the earlier of two counts.
        auto noticed = c;
        noticed.noticeGiven = notice;
        QCOMPARE(feeUsd(noticed, Month::of(2027, 4)), 0.0);
        QCOMPARE(feeUsd(noticed, Month::of(2027, 2), {}, Month::of(2027, 6)), 1e6);
        QCOMPARE(lastPaidMonth(c).index, Month::of(2027, 10).index);
        QCOMPARE(lastPaidMonth(noticed).index, Month::of(2027, 3).index);
    }

    void perGpuHourBillsWhatIsUsedOrTakeOrPay() {
        auto c = plain();
        c.kind = ContractKind::PerGpuHour;
        c.usdPerGpuHour = Sourced(2.0);
        const Month month = Month::of(2026, 9);
        c.billedShare = Sourced(1.0);
        QVERIFY(closeTo(feeUsd(c, month, {1000, 0.4}), 2.0 * 1000 * 730.5));
        c.billedShare = Sourced(0.5);
        QVERIFY(closeTo(feeUsd(c, month, {1000, 0.4}), 2.0 * 1000 * 730.5 * 0.5));
        QVERIFY(closeTo(feeUsd(c, month, {1000, 0.8}), 2.0 * 1000 * 730.5 * 0.8));
    }

    void revenueShareHasAFloor() {
        auto c = plain();
        c.kind = ContractKind::RevenueShare;
        c.revenueShare = Sourced(0.4);
        c.minimumUsdPerMonth = Sourced(3e6);
        c.shareOfThisCluster = Sourced(1.0);
        Service service;
        service.tenantSalesUsd = 10e6;
        QVERIFY(closeTo(feeUsd(c, Month::of(2026, 9), service), 4e6));
        service.tenantSalesUsd = 5e6;
        QVERIFY(closeTo(feeUsd(c, Month::of(2026, 9), service), 3e6));
    }

    void theEscalatorSteps() {
        auto c = plain();
        c.end = Month::of(2030, 1);
        c.escalatorPerYear = Sourced(0.1);
        QVERIFY(closeTo(feeUsd(c, Month::of(2027, 4)), 1e6));
        QVERIFY(closeTo(feeUsd(c, Month::of(2027, 5)), 1.1e6));
        QVERIFY(closeTo(feeUsd(c, Month::of(2029, 4)), 1.21e6));
        QVERIFY(closeTo(feeUsd(c, Month::of(2029, 5)), 1.331e6));
    }

    void serviceCredits_data() {
        QTest::addColumn<double>("attained");
        QTest::addColumn<double>("creditShare");
        QTest::newRow("kept") << 0.999 << 0.0;
        QTest::newRow("just kept") << 0.99 << 0.0;
        QTest::newRow("one point missed") << 0.98 << 0.1;
        QTest::newRow("capped") << 0.5 << 0.3;
    }
    void serviceCredits() {
        QFETCH(double, attained);
        QFETCH(double, creditShare);
        auto c = plain();
        c.slaTarget = Sourced(0.99);
        c.slaCredit = Sourced(10);
        c.slaCreditCap = Sourced(0.3);
        Service service;
        service.sloAttainment = attained;
        const Fee fee = leaseFee(c, Month::of(2026, 9), service);
        QVERIFY(closeTo(fee.usd, 1e6));
        QVERIFY(closeTo(fee.creditUsd, 1e6 * creditShare));
        QVERIFY(closeTo(fee.netUsd(), 1e6 * (1 - creditShare)));
    }

    void overlappingContractsAreNamed() {
        auto s = test::smallProgramme();
        auto second = s.contracts.front();
        second.id = "second";
        second.start = Month::of(2027, 6);
        second.end = Month::of(2028, 6);
        s.contracts.push_back(second);
        auto& strategy = s.strategies[0];
        strategy.assignments.push_back(
            {"one", scenario::Activity::Lease, "chat", "second", {}, Month::of(2027, 6)});
        const auto errors = checkOverlaps(s, strategy);
        QCOMPARE(errors.size(), std::size_t(1));
        const QString said = QString::fromStdString(text(errors));
        QVERIFY2(said.contains("'lease' and 'second' overlap on 'one' from 2027-06 to 2027-10"),
                 qPrintable(said));
        // With notice in time the second may begin; on another cluster it may begin at once.
        auto noticed = s;
        noticed.contracts[0].noticeGiven = Month::of(2027, 2);
        QVERIFY(checkOverlaps(noticed, noticed.strategies[0]).empty());
        strategy.assignments.back().cluster = "two";
        QVERIFY(checkOverlaps(s, strategy).empty());
    }

    void termsThatNobodyCanHave_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<QString>("words");
        QTest::newRow("negative minimum") << 0 << "negative price";
        QTest::newRow("share above one") << 1 << "share_of_cluster between 0 and 1";
        QTest::newRow("more than all revenue") << 2 << "terms outside their range";
        QTest::newRow("price below nothing") << 3 << "escalator";
        QTest::newRow("notice before the start") << 4 << "before it starts in 2026-05";
        QTest::newRow("negative notice") << 5 << "negative notice";
    }
    void termsThatNobodyCanHave() {
        QFETCH(int, what);
        QFETCH(QString, words);
        auto c = plain();
        switch (what) {
        case 0:
            c.minimumUsdPerMonth = Sourced(-1);
            break;
        case 1:
            c.shareOfThisCluster = Sourced(1.5);
            break;
        case 2:
            c.revenueShare = Sourced(1.5);
            break;
        case 3:
            c.escalatorPerYear = Sourced(-1.5);
            break;
        case 4:
            c.noticeGiven = Month::of(2026, 1);
            break;
        default:
            c.noticeDays = -1;
            break;
        }
        const QString said = QString::fromStdString(text(checkContract(c)));
        QVERIFY2(said.contains(words), qPrintable(said));
        QVERIFY(checkContract(plain()).empty());
    }
};

QTEST_APPLESS_MAIN(TestContract)
#include "tst_contract.moc"

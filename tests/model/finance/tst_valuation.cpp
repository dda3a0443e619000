#include "model/finance/valuation.h"

#include <QTest>

#include <cmath>
#include <vector>

using namespace atlas::finance;

namespace {

/// Yearly flows as textbooks have them, on the monthly grid.
std::vector<double> yearly(std::initializer_list<double> flows) {
    std::vector<double> months;
    for (const double flow : flows) {
        months.push_back(flow);
        months.resize(months.size() + 11, 0.0);
    }
    return months;
}

} // namespace

class TestValuation : public QObject {
    Q_OBJECT
private slots:
    void npvAgainstTextbooks_data() {
        QTest::addColumn<std::vector<double>>("flows");
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("npv");
        // Annuity of 4 x 5,000 after 10,000 at 10 %: 5000 (1 - 1.1^-4) / 0.1 - 10000.
        QTest::newRow("annuity") << yearly({-10000, 5000, 5000, 5000, 5000}) << 0.10 << 5849.327;
        // -400,000 then 120,000, 140,000, 160,000 and 180,000 at 10 %: 109,090.91 + 115,702.48 + 120,210.37 +
        // 122,942.42 - 400,000.
        QTest::newRow("uneven") << yearly({-400000, 120000, 140000, 160000, 180000}) << 0.10 << 67946.18;
        // Brealey, Myers & Allen, Principles of Corporate Finance, chapter 2: an office block that costs
        // 370,000 and sells for 420,000 in a year, at 5 %.
        QTest::newRow("office block") << yearly({-370000, 420000}) << 0.05 << 30000.0;
        QTest::newRow("no rate") << yearly({-100, 60, 60}) << 0.0 << 20.0;
        QTest::newRow("one year on") << yearly({0, 112}) << 0.12 << 100.0;
    }
    void npvAgainstTextbooks() {
        QFETCH(std::vector<double>, flows);
        QFETCH(double, rate);
        QFETCH(double, npv);
        QVERIFY(std::abs(npvUsd(flows, rate) - npv) < 1e-2);
    }

    void irrAgainstTextbooks_data() {
        QTest::addColumn<std::vector<double>>("flows");
        QTest::addColumn<double>("irr");
        QTest::newRow("doubling in a year") << yearly({-100, 200}) << 1.0;
        QTest::newRow("perpetual-like") << yearly({-100, 10, 110}) << 0.10;
        QTest::newRow("annuity") << yearly({-10000, 5000, 5000, 5000, 5000})
                                 << 0.3490344; // 2.0 = annuity factor
        QTest::newRow("golden ratio") << yearly({-1, 1, 1}) << (std::sqrt(5.0) - 1) / 2;
        // Brealey, Myers & Allen, chapter 5: -4,000, +2,000, +4,000 has an IRR of 28.08 %.
        QTest::newRow("machine tool") << yearly({-4000, 2000, 4000}) << (1 + std::sqrt(17.0)) / 4 - 1;
        QTest::newRow("loss") << yearly({-100, 50}) << -0.5;
    }
    void irrAgainstTextbooks() {
        QFETCH(std::vector<double>, flows);
        QFETCH(double, irr);
        const Root root = irrPerYear(flows);
        QVERIFY2(root.value, root.reason.c_str());
        QVERIFY(std::abs(*root.value - irr) < 1e-6);
        QVERIFY(std::abs(npvUsd(flows, *root.value)) < 1e-4);
    }

    void irrThatDoesNotExist() {
        QVERIFY(!irrPerYear(yearly({100, 50})).value);
        QVERIFY(QString::fromStdString(irrPerYear(yearly({100, 50})).reason).contains("nothing is paid in"));
        QVERIFY(
            QString::fromStdString(irrPerYear(yearly({-100, -50})).reason).contains("nothing comes back"));
        QVERIFY(!irrPerYear(std::vector<double>{}).value);
        // -100, 230, -132: both 10 % and 20 % solve it.
        const Root two = irrPerYear(yearly({-100, 230, -132}));
        QVERIFY(!two.value);
        QVERIFY(QString::fromStdString(two.reason).contains("several"));
        // 100, -200, 150 has no real root.
        QVERIFY(!irrPerYear(yearly({100, -200, 150})).value);
    }

    void payback() {
        QCOMPARE(paybackMonth(std::vector<double>{-10, 4, 4, 4}).value_or(-1), 3);
        QCOMPARE(paybackMonth(std::vector<double>{5, -10, 20}).value_or(-1), 2);
        QVERIFY(!paybackMonth(std::vector<double>{-10, 4}));
    }

    void bisection() {
        const Root root = bisect([](double x) { return x * x - 2; }, 0, 2, 1e-12);
        QVERIFY(root.value && std::abs(*root.value - std::sqrt(2.0)) < 1e-11);
        QVERIFY(!bisect([](double x) { return x * x + 1; }, -1, 1).value);
        QVERIFY(!bisect([](double) { return std::nan(""); }, -1, 1).value);
        QCOMPARE(bisect([](double x) { return x; }, 0, 1).value.value_or(-1), 0.0);
    }
};

QTEST_APPLESS_MAIN(TestValuation)
#include "tst_valuation.moc"

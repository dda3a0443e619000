#include "model/explore/difference.h"
#include "model/explore/findings.h"

#include <QTest>

using namespace atlas;
using namespace atlas::explore;

namespace {

QString said(const std::string& text) {
    return QString::fromStdString(text);
}

finance::CashFlow cash(std::initializer_list<bool> funded, double lease) {
    finance::CashFlow flow;
    flow.owner = "xAI";
    flow.leaseIncomeUsd = lease;
    flow.ownerCashUsd = 6e9;
    flow.months.resize(1);
    flow.months[0].month = scenario::Month::of(2030, 4);
    int month = 0;
    for (const bool ever : funded) {
        flow.tranches.push_back({"Colossus 2 tranche " + std::to_string(month + 1),
                                 scenario::Month::of(2026, 6), scenario::Month::of(2027, 10 + month), ever,
                                 1e10});
        ++month;
    }
    return flow;
}

StrategyResult result(const char* name, std::optional<double> value, double low, double high) {
    StrategyResult r;
    r.name = name;
    Headline h;
    h.key = "npv_usd";
    h.label = "Net present value";
    h.unit = "USD";
    h.dimension = units::Dimension::Usd;
    h.value = value;
    h.low = low;
    h.high = high;
    h.hasRange = true;
    r.headline = {h};
    return r;
}

} // namespace

class TestFindings : public QObject {
    Q_OBJECT
private slots:
    void training_data() {
        QTest::addColumn<QString>("expected");
        QTest::addColumn<std::vector<Side>>("sides");
        const auto row = [](const char* name, const char* expected, std::vector<Side> sides) {
            QTest::newRow(name) << QString(expected) << std::move(sides);
        };
        row("as in the story", "Colossus 1 turns 11 of 100 FLOPs into training; Colossus 2 turns 36",
            {{"Colossus 1 · article", 0.11, {}}, {"Colossus 2, the plan", 0.36, {}}});
        row("the other way round", "Colossus 1 turns 36 of 100 FLOPs into training; Colossus 2 turns 11",
            {{"Colossus 1", 0.36, {}}, {"Colossus 2", 0.11, {}}});
        row("alike", "Colossus 1 and Colossus 2 each turn 36 of 100 FLOPs into training",
            {{"Colossus 1", 0.361, {}}, {"Colossus 2", 0.3599, {}}});
        row("one is leased",
            "Colossus 2 turns 36 of 100 FLOPs into training; Colossus 1 is leased to Anthropic",
            {{"Colossus 1", {}, "is leased to Anthropic"}, {"Colossus 2", 0.36, {}}});
        row("neither trains", "Colossus 1 does not train; Colossus 2 does not train",
            {{"Colossus 1", {}, {}}, {"Colossus 2", {}, {}}});
        row("next to nothing", "A turns fewer than 1 of 100 FLOPs into training; B turns 0",
            {{"A", 0.001, {}}, {"B", 0.0, {}}});
        row("one side alone", "A turns 40 of 100 FLOPs into training", {{"A", 0.4, {}}});
        row("no side", "", {});
    }
    void training() {
        QFETCH(QString, expected);
        QFETCH(std::vector<Side>, sides);
        QCOMPARE(said(trainingFinding(sides)), expected);
    }

    void step_data() {
        QTest::addColumn<QString>("expected");
        QTest::addColumn<double>("mismatch");
        QTest::addColumn<double>("exchange");
        QTest::addColumn<double>("bubble");
        QTest::newRow("mixed") << "Faster GPUs wait for slower ones 52 % of the step" << 5.2 << 1.0 << 1.0;
        QTest::newRow("network") << "Communication that nothing hides takes 30 % of the step" << 0.0 << 3.0
                                 << 1.0;
        QTest::newRow("pipeline") << "The pipeline bubble takes 20 % of the step" << 0.0 << 1.0 << 2.0;
        QTest::newRow("healthy") << "Nothing holds the step up: compute fills 93 % of it" << 0.0 << 0.4
                                 << 0.2;
    }
    void step() {
        QFETCH(QString, expected);
        training::StepAnatomy a;
        a.stepTimeS = 10;
        QFETCH(double, mismatch);
        QFETCH(double, exchange);
        QFETCH(double, bubble);
        a.mismatchS = mismatch;
        a.breakdown.ep = exchange;
        a.breakdown.bubble = bubble;
        a.breakdown.gemm = 9.3;
        QCOMPARE(said(stepFinding(a)), expected);
        QCOMPARE(said(stepFinding({})), QString("No step to show"));
    }

    void funding() {
        QCOMPARE(said(fundingFinding(cash({true, true}, 1e9))),
                 QString("The lease funds all 2 tranches by November 2027"));
        QCOMPARE(said(fundingFinding(cash({true, false}, 1e9))),
                 QString("The lease funds 1 of 2 tranches, the last by October 2027"));
        QCOMPARE(said(fundingFinding(cash({false, false}, 0))),
                 QString("Own cash funds no tranche by April 2030"));
        QCOMPARE(said(fundingFinding(cash({true}, 1e9))),
                 QString("The lease funds Colossus 2 tranche 1 by October 2027"));
        QCOMPARE(said(fundingFinding(cash({}, 1e9))),
                 QString("Nothing is left to build: xAI has $6B by April 2030"));
    }

    void difference() {
        const auto low = result("Train", 2e9, 1e9, 3e9);
        const auto high = result("Lease", 9e9, 8e9, 12e9);
        const auto near = result("Keep", 3e9, 2e9, 4e9);
        QCOMPARE(said(differenceFinding(low, high, "npv_usd")),
                 QString("Net present value: Lease is $7B above Train"));
        QCOMPARE(said(differenceFinding(high, low, "npv_usd")),
                 QString("Net present value: Train is $7B below Lease"));
        QCOMPARE(said(differenceFinding(low, near, "npv_usd")),
                 QString("Net present value: Keep is $1B above Train, and the ranges overlap"));
        QCOMPARE(said(differenceFinding(low, low, "npv_usd")),
                 QString("Net present value is the same for Train and Train"));
        QCOMPARE(said(differenceFinding(low, result("None", {}, 0, 0), "npv_usd")),
                 QString("Net present value does not apply to None"));
        QCOMPARE(said(differenceFinding(low, high, "nothing")), QString());
    }

    void winners() {
        Comparison c;
        c.strategies = {result("Train", 2e9, 1e9, 3e9), result("Lease", 9e9, 8e9, 12e9),
                        result("None", {}, 0, 0)};
        QCOMPARE(winner(c, 0).value_or(9), std::size_t{1});
        QCOMPARE(said(tableFinding(c)), QString("Lease is clearly better in 1 of 1 rows"));
        const auto rows = differences(c.strategies[0], c.strategies[1]);
        QVERIFY(rows[0].value == 7e9 && rows[0].better && !rows[0].worse);
        QVERIFY(!differences(c.strategies[0], c.strategies[2])[0].value);
        c.strategies[1].headline[0].low = 2.5e9; // now they overlap
        QVERIFY(!winner(c, 0));
        QCOMPARE(said(tableFinding(c)), QString("No strategy is clearly better in any row"));
        c.strategies.erase(c.strategies.begin()); // nobody left to be better than
        QVERIFY(!winner(c, 0));
        Headline a = c.strategies[0].headline[0];
        Headline b = a;
        a.better = b.better = Better::Lower;
        a.high = b.low / 2;
        QVERIFY(clearlyBetter(a, b) && !clearlyBetter(b, a));
        a.better = Better::Neither;
        QVERIFY(!clearlyBetter(a, b));
        b.hasRange = false; // without draws nothing is beyond doubt
        a.better = Better::Lower;
        QVERIFY(!clearlyBetter(a, b));
    }
};

QTEST_APPLESS_MAIN(TestFindings)
#include "tst_findings.moc"

#include "model/explore/break_even.h"
#include "model/explore/programme.h"
#include "model/explore/solve.h"
#include "model/scenario/scenario_loader.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::explore;

namespace {

scenario::Scenario shipped() {
    auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                         ATLAS_SOURCE_RESOURCES);
    return loaded ? std::move(loaded->scenario) : scenario::Scenario{};
}

Question ask(const char* row, double target, const char* lever) {
    return {"lease-1-train-2", row, target, lever, {}, {}};
}

std::optional<double> rowOfProgramme(const scenario::Scenario& s, const std::string& strategy,
                                     const char* row) {
    const auto p = programme(s, strategy);
    return p ? p->rows[*rowOf(row)].value : std::nullopt;
}

bool within(double value, double expected, double relative) {
    return std::abs(value - expected) <= relative * std::abs(expected);
}

} // namespace

class TestSolve : public QObject {
    Q_OBJECT
private slots:
    void theFeeAtWhichItPays() {
        // Two roads to one number: the solver, and the closed form behind the break-even row.
        const auto s = shipped();
        const auto answer = solve(s, ask("npv_usd", 0, "contracts.anthropic.usd_per_month"));
        QVERIFY2(answer && answer->value, answer ? answer->reason.c_str() : text(answer.errors()).c_str());
        const auto expected = rowOfProgramme(s, "lease-1-train-2", "break_even_fee_usd_per_month");
        QVERIFY(within(*answer->value, *expected, 1e-3));
        QVERIFY(answer->reason.empty());
        QCOMPARE(answer->rowToday.value_or(0), rowOfProgramme(s, "lease-1-train-2", "npv_usd").value_or(1));
    }

    void anAnswerHoldsWhenItIsTried_data() {
        QTest::addColumn<QString>("row");
        QTest::addColumn<double>("target");
        QTest::addColumn<QString>("lever");
        QTest::newRow("money only") << "owner_cash_usd" << 0.0 << "contracts.anthropic.usd_per_month";
        QTest::newRow("physics") << "train_months" << 0.5 << "train_jobs.frontier.tokens";
        QTest::newRow("cost of money") << "npv_with_models_usd" << -5e9 << "market.worth_decay";
        QTest::newRow("saturates") << "build_out_funded_share" << 1.0 << "contracts.anthropic.usd_per_month";
    }
    void anAnswerHoldsWhenItIsTried() {
        QFETCH(QString, row);
        QFETCH(double, target);
        QFETCH(QString, lever);
        auto s = shipped();
        const std::string key = row.toStdString();
        const auto answer = solve(s, ask(key.c_str(), target, lever.toStdString().c_str()));
        QVERIFY2(answer && answer->value, answer ? answer->reason.c_str() : text(answer.errors()).c_str());
        scenario::visitInputs(s, [&](const std::string& path, catalog::Sourced& number, units::Dimension) {
            number.value = path == lever.toStdString() ? *answer->value : number.value;
        });
        const auto reached = rowOfProgramme(s, "lease-1-train-2", key.c_str());
        QVERIFY(reached.has_value());
        QVERIFY2(std::abs(*reached - target) <= 1e-3 * std::max(std::abs(target), 1e10 * (target == 0)),
                 qPrintable(QString::number(*reached)));
    }

    void aFactMovesAllItsPlaces() {
        const auto answer = solve(shipped(), ask("npv_usd", -20e9, "c2.gpus_planned"));
        QVERIFY2(answer && answer->value, answer ? answer->reason.c_str() : text(answer.errors()).c_str());
        QVERIFY(*answer->value < answer->central.value); // fewer GPUs, less to pay
    }

    void noneIsSaidWithTheNearest() {
        const auto answer = solve(shipped(), ask("npv_usd", 0, "economics.staff"));
        QVERIFY(answer && !answer->value);
        const QString said = QString::fromStdString(answer->reason);
        QVERIFY2(said.contains("no value between") && said.contains("the nearest is"), qPrintable(said));
        QVERIFY(answer->curve.size() > 10);
        auto narrow = ask("npv_usd", 0, "contracts.anthropic.usd_per_month");
        narrow.low = 1e8;
        narrow.high = 1e9;
        QVERIFY(!solve(shipped(), narrow)->value);
    }

    void badQuestions() {
        const auto s = shipped();
        QVERIFY(!solve(s, ask("no_such_row", 0, "economics.staff")));
        const auto lever = solve(s, ask("npv_usd", 0, "economics.staf"));
        QVERIFY(!lever && QString::fromStdString(text(lever.errors())).contains("economics.staff"));
        auto strategy = ask("npv_usd", 0, "economics.staff");
        strategy.strategy = "nobody";
        QVERIFY(!solve(s, strategy));
        auto upside = ask("npv_usd", 0, "economics.staff");
        upside.low = 2.0;
        upside.high = 1.0;
        QVERIFY(!solve(s, upside));
    }

    void theMapMeetsTheStrategiesWhereTheyStand() {
        const auto s = shipped();
        BreakEvenOptions options;
        options.keep = "fix-1";
        options.lease = "lease-1";
        const auto map = breakEvenMap(s, options);
        QVERIFY2(map, map ? "" : text(map.errors()).c_str());
        QCOMPARE(map->gain.size(), map->feesUsdPerMonth.size() * map->mfus.size());
        // At today's fee and MFU the gain is the difference of the two programmes.
        const double today = *rowOfProgramme(s, "lease-1", "npv_with_models_usd") -
                             *rowOfProgramme(s, "fix-1", "npv_with_models_usd");
        options.highestFee = 1.0;
        options.highestMfu = map->mfuToday;
        const auto ending = breakEvenMap(s, options);
        QVERIFY(within(ending->gain.back(), today, 1e-6));
        // More fee is better for the lease, more MFU for keeping.
        for (std::size_t f = 1; f < map->feesUsdPerMonth.size(); ++f) {
            for (std::size_t m = 1; m < map->mfus.size(); ++m) {
                QVERIFY(map->at(f, m) > map->at(f - 1, m));
                QVERIFY(map->at(f, m) <= map->at(f, m - 1) + 1e-3);
            }
        }
        // On the line neither is better: try it.
        const auto fee = map->feeAt(map->mfuToday);
        QVERIFY(fee.has_value());
        auto there = s;
        for (auto& contract : there.contracts) {
            contract.usdPerMonth.value = contract.id == "anthropic" ? *fee : contract.usdPerMonth.value;
        }
        const double gain = *rowOfProgramme(there, "lease-1", "npv_with_models_usd") -
                            *rowOfProgramme(there, "fix-1", "npv_with_models_usd");
        QVERIFY2(std::abs(gain) < 2e-2 * std::abs(today), qPrintable(QString::number(gain)));
    }

    void mapsThatMakeNoSense() {
        const auto s = shipped();
        BreakEvenOptions options;
        options.keep = "lease-1";
        options.lease = "lease-1";
        const auto none = breakEvenMap(s, options);
        QVERIFY(!none && QString::fromStdString(text(none.errors())).contains("trains nothing"));
        options.keep = "fix-1";
        options.lease = "train-1";
        const auto noFee = breakEvenMap(s, options);
        QVERIFY(!noFee && QString::fromStdString(text(noFee.errors())).contains("no lease"));
    }
};

QTEST_APPLESS_MAIN(TestSolve)
#include "tst_solve.moc"

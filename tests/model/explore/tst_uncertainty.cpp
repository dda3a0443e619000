#include "model/explore/headline.h"
#include "model/explore/uncertainty.h"
#include "model/scenario/scenario_loader.h"

#include <QTest>

#include <cmath>
#include <map>
#include <set>

using namespace atlas;
using namespace atlas::explore;

namespace {

scenario::Scenario shipped() {
    auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                         ATLAS_SOURCE_RESOURCES);
    return loaded ? std::move(loaded->scenario) : scenario::Scenario{};
}

std::map<std::string, catalog::Sourced> numbersOf(ModelInputs inputs) {
    std::map<std::string, catalog::Sourced> numbers;
    visitModelInputs(
        inputs, [&](const std::string& path, catalog::Sourced& n, units::Dimension) { numbers[path] = n; });
    return numbers;
}

std::vector<double> valuesOf(ModelInputs inputs) {
    std::vector<double> values;
    visitModelInputs(inputs, [&](const std::string&, catalog::Sourced& n, units::Dimension) {
        values.push_back(n.value);
    });
    return values;
}

} // namespace

class TestUncertainty : public QObject {
    Q_OBJECT
private slots:
    void quantilesByHand() {
        // Half the mass on each side of the mode.
        QCOMPARE(triangularQuantile(0.0, 1, 3, 11), 1.0);
        QCOMPARE(triangularQuantile(0.5, 1, 3, 11), 3.0);
        QCOMPARE(triangularQuantile(1.0, 1, 3, 11), 11.0);
        QCOMPARE(triangularQuantile(0.125, 1, 3, 11),
                 2.0); // a quarter of a side's mass lies in its outer half
        QCOMPARE(triangularQuantile(0.875, 1, 3, 11), 7.0);
        QCOMPARE(triangularQuantile(0.3, 5, 5, 5), 5.0);
        QCOMPARE(triangularQuantile(0.3, 5, 5, 9), 5.0);
    }

    void drawsFollowTheDistribution() {
        // Kolmogorov-Smirnov over 2,000 draws of one input of a real scenario; 1.95 / sqrt(n) is the 0.1 %
        // limit.
        const Uncertainty uncertainty(ModelInputs::central(shipped()));
        std::vector<double> values;
        const auto pue = numbersOf(uncertainty.central()).at("clusters.colossus-1-article.pue");
        QVERIFY(pue.low < pue.value && pue.value < pue.high);
        for (std::uint64_t i = 0; i < 2000; ++i) {
            values.push_back(uncertainty.draw(7, i).scenario.cluster("colossus-1-article")->pue.value);
        }
        std::ranges::sort(values);
        double distance = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double x = values[i];
            QVERIFY(x >= pue.low && x <= pue.high);
            const double left = (x - pue.low) / (pue.value - pue.low);
            const double right = (pue.high - x) / (pue.high - pue.value);
            const double cdf = x < pue.value ? left * left / 2 : 1 - right * right / 2;
            distance = std::max({distance, std::abs(cdf - static_cast<double>(i) / 2000.0),
                                 std::abs(cdf - static_cast<double>(i + 1) / 2000.0)});
        }
        QVERIFY(distance < 1.95 / std::sqrt(2000.0));
    }

    void oneFactMovesAsOneAndStatedNumbersStay() {
        const Uncertainty uncertainty(ModelInputs::central(shipped()));
        const auto central = numbersOf(uncertainty.central());
        const auto drawn = numbersOf(uncertainty.draw(7, 3));
        QCOMPARE(central.size(), drawn.size());
        std::map<std::string, double> byFact;
        int moved = 0;
        for (const auto& [path, number] : drawn) {
            const auto& before = central.at(path);
            QVERIFY2(number.value >= std::min(before.low, before.value) &&
                         number.value <= std::max(before.high, before.value),
                     path.c_str());
            if (before.low == before.high) {
                QCOMPARE(number.value, before.value);
            }
            moved += number.value != before.value ? 1 : 0;
            if (!number.fact.empty() && before.value != 0 && before.low < before.high) {
                const double relative = (number.value - before.value) / (before.high - before.low);
                const auto [at, fresh] = byFact.emplace(number.fact, relative);
                QVERIFY2(std::abs(at->second - relative) < 1e-9, path.c_str());
            }
        }
        QVERIFY(moved > 40);
    }

    void correlatedFactsMoveTogether() {
        const Uncertainty uncertainty(ModelInputs::central(shipped()));
        for (std::uint64_t i = 0; i < 50; ++i) {
            const ModelInputs d = uncertainty.draw(11, i);
            // More H100 is less A100: the sum of the two shares stays.
            double gpus = 0;
            for (const auto& island : d.scenario.cluster("colossus-1-article")->islands) {
                gpus += island.gpuCount.value;
            }
            QVERIFY(std::abs(gpus - 220000) < 1.0);
            double recorded = 0;
            for (const auto& island : d.scenario.cluster("colossus-1-record")->islands) {
                recorded += island.gpuCount.value;
                QVERIFY(island.gpuCount.value >= 0);
            }
            QVERIFY(std::abs(recorded - 220000) < 1.0);
            // High rents, slow decay.
            const auto& rent = d.scenario.gpu("H100-SXM")->rentUsdPerGpuHour;
            const auto& decay = d.scenario.economics.gpuPriceDecayPerYear;
            const auto& rent0 = uncertainty.central().scenario.gpu("H100-SXM")->rentUsdPerGpuHour;
            const auto& decay0 = uncertainty.central().scenario.economics.gpuPriceDecayPerYear;
            QVERIFY((rent.value - rent0.value) * (decay.value - decay0.value) <= 0);
        }
    }

    void drawsArePureFunctionsOfSeedAndNumber() {
        const Uncertainty a(ModelInputs::central(shipped()));
        const Uncertainty b(ModelInputs::central(shipped()));
        const auto later = numbersOf(a.draw(7, 9));
        const auto alone = numbersOf(b.draw(7, 9));
        const auto other = numbersOf(a.draw(8, 9));
        int differ = 0;
        for (const auto& [path, number] : later) {
            QCOMPARE(number.value, alone.at(path).value);
            differ += number.value != other.at(path).value ? 1 : 0;
        }
        QVERIFY(differ > 40);
    }

    void tranchesGrowInEveryDraw() {
        const Uncertainty uncertainty(ModelInputs::central(shipped()));
        int late = 0;
        for (std::uint64_t i = 0; i < 200; ++i) {
            const ModelInputs d = uncertainty.draw(3, i);
            for (const auto& cluster : d.scenario.clusters) {
                for (const auto& island : cluster.islands) {
                    double before = 0;
                    for (const auto& tranche : island.tranches) {
                        QVERIFY(tranche.gpus.value >= before);
                        QVERIFY(tranche.gpus.value <= std::max(before, island.gpuCount.value));
                        before = tranche.gpus.value;
                    }
                }
            }
            // A build-out that is late in its first month is late in its second.
            const auto& third = d.scenario.cluster("colossus-2")->islands.back().tranches;
            QVERIFY((third[0].gpus.value < 110000) == (third[1].gpus.value < 220000) ||
                    third[1].gpus.value == d.scenario.cluster("colossus-2")->islands.back().gpuCount.value);
            late += third[0].gpus.value < 110000 ? 1 : 0;
        }
        QVERIFY(late > 50 && late < 150);
    }

    void moneyIsDrawnWithoutTouchingTheRest() {
        const Uncertainty uncertainty(ModelInputs::central(shipped()));
        Workbench bench(uncertainty);
        std::vector<double> first;
        std::vector<double> second;
        std::vector<double> mixed;
        int money = 0;
        for (std::size_t v = 0; v < uncertainty.variables().size(); ++v) {
            first.push_back(uncertainty.uniform(7, 1, v));
            second.push_back(uncertainty.uniform(7, 2, v));
            mixed.push_back(uncertainty.variables()[v].moneyOnly ? second.back() : first.back());
            money += uncertainty.variables()[v].moneyOnly ? 1 : 0;
        }
        QVERIFY(money > 20 && money < static_cast<int>(first.size()) - 20);
        bench.set(first);
        QCOMPARE(valuesOf(bench.inputs()), valuesOf(uncertainty.draw(7, 1)));
        bench.setMoney(second);
        const auto after = valuesOf(bench.inputs());
        bench.set(mixed);
        QCOMPARE(after, valuesOf(bench.inputs()));
        bench.reset();
        QCOMPARE(valuesOf(bench.inputs()), valuesOf(uncertainty.central()));
    }

    void oneAtATimeMovesOneFactAndWhatFollows() {
        const Uncertainty uncertainty(ModelInputs::central(shipped()));
        const auto central = numbersOf(uncertainty.central());
        std::set<std::string> keys;
        for (std::size_t i = 0; i < uncertainty.inputs().size(); ++i) {
            const UncertainInput& input = uncertainty.inputs()[i];
            QVERIFY2(keys.insert(input.key).second, input.key.c_str());
            const ModelInputs moved = uncertainty.at(i, Uncertainty::End::High);
            for (const auto& [path, number] : numbersOf(moved)) {
                const bool its = std::ranges::find(input.paths, path) != input.paths.end();
                const bool follows = path.find(".tranches.") != std::string::npos ||
                                     path == "clusters.colossus-1-article.islands.h100.gpu_count" ||
                                     path == "clusters.colossus-1-record.islands.h100.gpu_count";
                QVERIFY2(its || follows || number.value == central.at(path).value, path.c_str());
                QVERIFY2(!its || follows ||
                             number.value == std::max(central.at(path).high, central.at(path).value),
                         path.c_str());
            }
            double gpus = 0;
            for (const auto& island : moved.scenario.cluster("colossus-1-article")->islands) {
                gpus += island.gpuCount.value;
            }
            QVERIFY2(std::abs(gpus - 220000) < 1.0, input.key.c_str());
        }
        QVERIFY(keys.contains("seed.c1.a100_share") && !keys.contains("seed.c1.h100_share"));
    }

    void percentilesByHand() {
        QCOMPARE(quantile({4, 1, 3, 2, 5}, 0.5), 3.0);
        QCOMPARE(quantile({4, 1, 3, 2, 5}, 0.05), 1.2);
        QCOMPARE(quantile({7}, 0.95), 7.0);
        HeadlineValues central{};
        at(central, HeadlineKey::Mfu) = 0.5;
        std::vector<HeadlineValues> draws(11);
        for (std::size_t i = 0; i < draws.size(); ++i) {
            at(draws[i], HeadlineKey::Mfu) = 0.6 + 0.01 * static_cast<double>(i);
            at(draws[i], HeadlineKey::NpvUsd) = 1.0;
        }
        const auto rows = headlinesOf(central, draws);
        QCOMPARE(rows.size(), kHeadlines);
        QCOMPARE(rows[0].low, 0.5); // widened to hold the central value
        QCOMPARE(rows[0].high, 0.695);
        QVERIFY(rows[0].hasRange);
        const auto& npv = rows[static_cast<std::size_t>(HeadlineKey::NpvUsd)];
        QVERIFY(!npv.value && !npv.hasRange);
        QVERIFY(!headlinesOf(central, {})[0].hasRange);
    }
};

QTEST_APPLESS_MAIN(TestUncertainty)
#include "tst_uncertainty.moc"

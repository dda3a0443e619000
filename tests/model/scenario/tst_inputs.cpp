#include "model/scenario/scenario_loader.h"

#include <QTest>

#include <map>

using namespace atlas;
using scenario::Scenario;
using scenario::Sourced;
using units::Dimension;

namespace {

std::map<std::string, Sourced> inputsOf(const Scenario& s) {
    std::map<std::string, Sourced> out;
    scenario::visitInputs(
        s, [&out](const std::string& path, const Sourced& number, Dimension) { out.emplace(path, number); });
    return out;
}

std::string exact(double value) {
    std::array<char, 40> buffer{};
    return {buffer.data(),
            static_cast<std::size_t>(std::snprintf(buffer.data(), buffer.size(), "%.17g", value))};
}

} // namespace

/// The walk over inputs, and setting values by path.
class TestInputs : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                             ATLAS_SOURCE_RESOURCES);
        QVERIFY2(loaded.ok(), loaded.ok() ? "" : text(loaded.errors()).c_str());
        m_scenario = std::move(loaded->scenario);
    }
    void pathsAreTheKeysOfTheFile() {
        const auto inputs = inputsOf(m_scenario);
        for (const char* path :
             {"gpus.H100-SXM.tdp", "fabrics.ethernet-200-ecmp.link", "clusters.colossus-1-article.pue",
              "clusters.colossus-1-article.islands.a100.gpu_count",
              "clusters.colossus-1-article.trunks.h100-a100.bandwidth",
              "clusters.colossus-2.islands.southaven.tranches.2026-12.gpus", "train_jobs.frontier.tokens",
              "serve_jobs.assistant.cache_hit", "contracts.anthropic.usd_per_month",
              "economics.discount_rate"}) {
            QVERIFY2(inputs.contains(path), path);
        }
    }
    void onlyWhatIsUsedOfTheCatalogue() {
        const auto inputs = inputsOf(m_scenario);
        QVERIFY(!inputs.contains("gpus.B200.tdp")); // no island has one
        QVERIFY(!inputs.contains("fabrics.infiniband-hdr-200.link"));
        QVERIFY(m_scenario.gpu("B200") != nullptr); // but it can be chosen
    }
    void pathsAreUnique() {
        std::size_t visited = 0;
        scenario::visitInputs(std::as_const(m_scenario),
                              [&](const std::string&, const Sourced&, Dimension) { ++visited; });
        QCOMPARE(inputsOf(m_scenario).size(), visited);
    }
    void valuesAreThoseOfTheRecord() {
        const auto inputs = inputsOf(m_scenario);
        const Sourced& count = inputs.at("clusters.colossus-1-article.islands.a100.gpu_count");
        QCOMPARE(count.value, 55000.0);
        QCOMPARE(count.low, 11000.0);
        QCOMPARE(count.high, 110000.0);
        QCOMPARE(count.fact, std::string("seed.c1.a100_share"));
        QCOMPARE(count.grade, catalog::Grade::Assumption);
        QCOMPARE(inputs.at("contracts.anthropic.usd_per_month").value, 1.25e9);
        QCOMPARE(inputs.at("gpus.GB200.price").value, 3.4e6 / 72);
        QVERIFY(inputs.at("clusters.colossus-1-article.speed_spread").source.find("node_gpu_spread") !=
                std::string::npos);
    }
    /// Every input can be set to its own value, written in its SI unit, and stays bit for bit what it was.
    void everyInputCanBeSet() {
        std::vector<std::tuple<std::string, double, Dimension>> inputs;
        scenario::visitInputs(std::as_const(m_scenario),
                              [&](const std::string& path, const Sourced& number, Dimension dimension) {
                                  inputs.emplace_back(path, number.value, dimension);
                              });
        for (const auto& [path, value, dimension] : inputs) {
            const std::string unit =
                dimension == Dimension::Number ? "" : std::string(units::unitName(dimension));
            const auto changed = scenario::withValue(m_scenario, path, exact(value) + " " + unit);
            QVERIFY2(changed.ok(), (path + ": " + (changed.ok() ? "" : text(changed.errors()))).c_str());
            const Sourced set = inputsOf(*changed).at(path);
            QVERIFY2(set.value == value && set.low == value && set.high == value, path.c_str());
        }
    }
    void setsNumbers() {
        const auto changed =
            scenario::withValue(m_scenario, "clusters.colossus-1-article.islands.a100.gpu_count", "8,192");
        QVERIFY(changed.ok());
        const Sourced& count = changed->cluster("colossus-1-article")->islands[1].gpuCount;
        QCOMPARE(count.value, 8192.0);
        QCOMPARE(count.source, std::string("set to 8,192"));
        QVERIFY(count.fact.empty());
        const auto fact =
            scenario::withValue(m_scenario, "economics.discount_rate", "{fact: wacc.hyperscaler}");
        QVERIFY(fact.ok());
        QCOMPARE(fact->economics.discountRatePerYear.value, 0.09);
        QCOMPARE(fact->economics.discountRatePerYear.fact, std::string("wacc.hyperscaler"));
    }
    void setsWordsToo() {
        const auto set = [this](const std::string& path, const std::string& value) {
            auto changed = scenario::withValue(m_scenario, path, value);
            return changed.ok() ? std::move(*changed) : Scenario{};
        };
        QCOMPARE(set("train_jobs.frontier.layout.tp", "8").trainJobs[0].layout.tp, 8);
        QCOMPARE(set("train_jobs.frontier.precision", "nvfp4").trainJobs[0].precision,
                 scenario::Precision::Nvfp4);
        QCOMPARE(set("contracts.anthropic.end", "2027-01").contracts[0].end, scenario::Month::of(2027, 1));
        QCOMPARE(set("contracts.anthropic.notice", "180 d").contracts[0].noticeDays, 180);
        QCOMPARE(set("strategies.fix-1.assignments.1.placement", "local-sgd")
                     .strategies[1]
                     .assignments[0]
                     .placement,
                 scenario::Placement::LocalSgd);
        QCOMPARE(set("seed", "12").seed, std::uint64_t{12});
        QCOMPARE(set("horizon", "5 years").horizonMonths, 60);
        QCOMPARE(set("contracts.anthropic.ramp", "[0.2, 40 %]").contracts[0].ramp,
                 (std::vector<double>{0.2, 0.4}));
        QCOMPARE(set("racks.nvl72.width", "0.75 m").rack("nvl72")->widthM, 0.75);
    }

    void refuses_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* path, const char* value, const char* message) {
            QTest::newRow((std::string(path) + "=" + value).c_str()) << path << value << message;
        };
        row("clusters.colossus-1-articel.pue", "1.1",
            "error: there is no value `clusters.colossus-1-articel.pue`; did you mean "
            "`clusters.colossus-1-article.pue`?\n");
        row("clusters.colossus-2.pue", "1.1 W",
            "error: clusters.colossus-2.pue: `1.1 W` is not a plain number; write 0.75, 75 %, 165,000 or "
            "1.5k\n");
        row("clusters.colossus-2.pue", "0.5",
            "error: clusters.colossus-2.pue: 0.5 is out of range; it must be 1 to 3\n");
        row("clusters.colossus-2.energy_price", "0.05",
            "error: clusters.colossus-2.energy_price: `0.05` has no unit; write 0.062 USD/kWh\n");
        row("clusters.colossus-2.islands.tulane.gpu_count", "1e12",
            "error: clusters.colossus-2.islands.tulane.gpu_count: the cluster has 1 T GPUs; the limit is "
            "4,000,000; "
            "lower gpu_count\n");
        row("train_jobs.frontier.model", "kimi-k3",
            "error: train_jobs.frontier.model: unknown model `kimi-k3`; did you mean `kimi-k2`?\n");
        row("train_jobs.frontier.layout.tp", "lots",
            "error: train_jobs.frontier.layout.tp: `lots` is not a whole number; `tp` takes 0 to 1048576\n");
        row("contracts.anthropic.end", "2020-01",
            "error: contracts.anthropic.end: the contract ends in 2020-01, before it starts in 2026-05; give "
            "`end` a "
            "later month\n");
        row("seed", "", "error: `` is not a value for seed; write it as in a scenario file\n");
        row("seed", "[", "error: `[` is not a value for seed; write it as in a scenario file\n");
        row("", "1", "error: there is no value ``; `atlas info FILE --inputs` lists the paths\n");
    }
    void refuses() {
        QFETCH(QString, path);
        QFETCH(QString, value);
        QFETCH(QString, message);
        const auto changed = scenario::withValue(m_scenario, path.toStdString(), value.toStdString());
        QVERIFY(!changed.ok());
        QCOMPARE(QString::fromStdString(text(changed.errors())), message);
    }

    void tellsItWithTheOtherCluster() {
        const auto told = scenario::withCluster(m_scenario, "colossus-1-article", "colossus-1-record");
        QVERIFY(told.ok());
        for (const scenario::Strategy& strategy : told->strategies) {
            for (const scenario::Assignment& assignment : strategy.assignments) {
                QVERIFY(assignment.cluster != "colossus-1-article");
            }
        }
        QCOMPARE(told->strategies[0].assignments[0].cluster, std::string("colossus-1-record"));
        QCOMPARE(told->cluster("colossus-1-record")->alternativeTo, std::string("colossus-1-article"));
        const auto none = scenario::withCluster(m_scenario, "colossus-1-article", "colossus-3");
        QVERIFY(!none.ok());
        QCOMPARE(text(none.errors()),
                 std::string("error: unknown cluster `colossus-3`; did you mean `colossus-2`?\n"));
    }

private:
    Scenario m_scenario;
};

QTEST_APPLESS_MAIN(TestInputs)
#include "tst_inputs.moc"

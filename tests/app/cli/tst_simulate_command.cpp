// atlas simulate: the fixed format, the table of events, and what is said where nothing comes of it.
#include "atlas_run.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

using namespace atlas;
using Json = nlohmann::json;

namespace {

using test::Run;

Run simulated(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "simulate");
    return test::atlasWith(std::move(arguments));
}

std::vector<std::string> linesOf(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

} // namespace

class TestSimulateCommand : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    /// 1,024 H100 that train a model of 70 billion parameters.
    std::string site(const std::string& operations = {}) {
        const std::string path = m_folder.filePath("site.atlas.yaml").toStdString();
        std::ofstream(path) << "start: 2026-01\nhorizon: 12 months\n"
                               "clusters: {c: {islands: {i: {gpu: H100-SXM, gpu_count: \"1024\"}}}}\n"
                               "train_jobs: {t: {model: llama-3-70b, global_batch: 4.194304 M tokens}}\n"
                            << (operations.empty() ? "" : "operations: {" + operations + "}\n");
        return path;
    }

private slots:
    void jsonHasTheFixedFormat() {
        const Run run = simulated({site(), "--for", "30d", "--json"});
        QCOMPARE(run.status, 0);
        const Json json = Json::parse(run.out);
        QCOMPARE(json["simulated_s"].get<double>(), 30 * 86400.0);
        QVERIFY(json["steps"].get<double>() > 0);
        QVERIFY(json["interruptions"].get<double>() > 0);
        QVERIFY(json["goodput"].get<double>() > 0.5 && json["goodput"].get<double>() < 1);
        const Json& step = json["step_time_s"];
        QVERIFY(step["p50"] <= step["p90"] && step["p90"] <= step["p99"] && step["p99"] <= step["max"]);
        QVERIFY(json["stall_gpu_hours"].get<double>() > 0 && json["stall_cost_usd"].get<double>() > 0);
        double left = 0;
        const Json& bars = json["waterfall"];
        for (std::size_t i = 0; i + 1 < bars.size(); ++i) {
            left += (i == 0 ? 1 : -1) * bars[i]["share"].get<double>();
        }
        QVERIFY(std::abs(left - bars.back()["share"].get<double>()) < 1e-9);
        double phases = 0;
        for (const auto& [name, seconds] : json["phases_s"].items()) {
            phases += seconds.get<double>();
        }
        QVERIFY(std::abs(phases - 30 * 86400.0) < 1e-3);
    }
    void theSameSeedGivesTheSameBytes() {
        const std::string file = site();
        const Run once = simulated({file, "--for", "10d", "--json"});
        QCOMPARE(simulated({file, "--for", "10d", "--json"}).out, once.out);
        QVERIFY(simulated({file, "--for", "10d", "--json", "--seed", "99"}).out != once.out);
    }
    void eventsAreATable() {
        const std::string csv = m_folder.filePath("events.csv").toStdString();
        const Run run = simulated({site(), "--for", "30d", "--json", "--events", csv});
        QCOMPARE(run.status, 0);
        std::ifstream stream(csv);
        std::stringstream text;
        text << stream.rdbuf();
        const auto lines = linesOf(text.str());
        QCOMPARE(lines.front(), std::string("time_s,kind,component,gpu,duration_s,slowdown"));
        double before = 0;
        int stopped = 0;
        for (std::size_t i = 1; i < lines.size(); ++i) {
            QCOMPARE(std::ranges::count(lines[i], ','), std::ptrdiff_t{5});
            const double timeS = std::stod(lines[i]);
            QVERIFY(timeS >= before && timeS < 30 * 86400.0);
            before = timeS;
            stopped += lines[i].find("fail-stop") != std::string::npos ? 1 : 0;
        }
        // All that stopped the job is in it; what hit idle GPUs as well.
        QVERIFY(stopped >= Json::parse(run.out)["interruptions"].get<int>());
    }
    void textTellsTheSame() {
        const std::string file = site();
        const Run run = simulated({file, "--for", "30d"});
        QCOMPARE(run.status, 0);
        const auto lines = linesOf(run.out);
        for (const char* word : {"simulated", "interruptions", "goodput", "step time p50", "stalled",
                                 "checkpoint", "work lost", "peak"}) {
            QVERIFY2(std::ranges::any_of(lines,
                                         [word](const std::string& line) { return line.starts_with(word); }),
                     word);
        }
    }
    void hopelessRunsAreSimulatedHonestly() {
        const Run run = simulated({site("fail_stop: {multiplier: 9000}"), "--for", "2d", "--json"});
        QCOMPARE(run.status, 0);
        QVERIFY(Json::parse(run.out)["goodput"].get<double>() < 1e-3);
        QVERIFY2(run.err.find("no uptime") != std::string::npos, run.err.c_str());
    }
    void badInputIsNamed_data() {
        QTest::addColumn<std::string>("span");
        QTest::addColumn<std::string>("operations");
        QTest::addColumn<std::string>("named");
        QTest::newRow("no time") << std::string("0 s") << std::string() << std::string("no time to simulate");
        QTest::newRow("not a time") << std::string("7 kg") << std::string() << std::string("7 kg");
        QTest::newRow("too long") << std::string("100 years") << std::string() << std::string("50 years");
        QTest::newRow("injection on nothing")
            << std::string("1d")
            << std::string("injections: [{at: 1 h, what: fail-rack, target: \"rack 9-9-9\"}]")
            << std::string("rack 9-9-9");
    }
    void badInputIsNamed() {
        QFETCH(std::string, span);
        QFETCH(std::string, operations);
        QFETCH(std::string, named);
        const Run run = simulated({site(operations), "--for", span});
        QVERIFY(run.status != 0);
        QVERIFY2(run.err.find(named) != std::string::npos, run.err.c_str());
        QVERIFY(run.out.empty());
    }
};

QTEST_GUILESS_MAIN(TestSimulateCommand)
#include "tst_simulate_command.moc"

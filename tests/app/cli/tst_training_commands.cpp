// atlas train, plan, predict and collective: the fixed formats, exit statuses and messages.
#include "atlas_run.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>
#include <set>
#include <sstream>

using namespace atlas;
using Json = nlohmann::json;

namespace {

const std::string kScenario = ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml";
const std::string kMinimal = ATLAS_SOURCE_RESOURCES "/scenarios/minimal.atlas.yaml";
const std::string kRuns = ATLAS_SOURCE_RESOURCES "/validation/training_runs.csv";

using test::atlasWith;
using test::Run;

std::set<std::string> keysOf(const Json& object) {
    std::set<std::string> keys;
    for (const auto& [key, value] : object.items()) {
        keys.insert(key);
    }
    return keys;
}

const std::set<std::string> kLayout = {"tp", "cp", "pp", "vp", "dp", "ep", "micro_batch", "global_batch"};

} // namespace

class TestTrainingCommands : public QObject {
    Q_OBJECT

private slots:
    void trainHasTheFixedFormat();
    void whatWasNeverCheckedIsMarked();
    void trainAddsUp();
    void planHasTheFixedFormat();
    void badInputsAreNamedByTheirConstraint_data();
    void badInputsAreNamedByTheirConstraint();
    void scalingHasItsFormat();
    void choicesAreNamedWhenWrong_data();
    void choicesAreNamedWhenWrong();
    void predictWritesARowForEveryRow();
    void predictRefusesWhatIsNoTable();
    void collectiveHasTheFixedFormat();
    void collectiveSaysWhatIsWrong_data();
    void collectiveSaysWhatIsWrong();
};

void TestTrainingCommands::trainHasTheFixedFormat() {
    const Run run = atlasWith({"train", kScenario, "--json"});
    QCOMPARE(run.status, 0);
    const Json json = Json::parse(run.out);
    for (const char* key : {"step_time_s", "tokens_per_s", "tokens_per_s_per_gpu", "model_tflops_per_gpu",
                            "mfu", "hfu", "goodput"}) {
        QVERIFY2(json.contains(key) && json[key].get<double>() > 0, key);
    }
    QCOMPARE(keysOf(json["memory_bytes"]),
             (std::set<std::string>{"weights", "gradients", "optimizer", "activations", "workspace", "total",
                                    "capacity"}));
    QCOMPARE(keysOf(json["breakdown_s"]),
             (std::set<std::string>{"gemm", "attention", "elementwise", "tp", "cp", "ep", "pp", "dp",
                                    "optimizer", "bubble", "barrier"}));
    QCOMPARE(keysOf(json["layout"]), kLayout);
    for (const Json& share : json["classes"]) {
        QVERIFY(share["gpu"].is_string() && share["count"].is_number() && share["compute_s"].is_number() &&
                share["wait_s"].is_number());
    }
    QVERIFY(json["waterfall"].size() > 5);
}

void TestTrainingCommands::whatWasNeverCheckedIsMarked() {
    const std::string words = "550,000 GPUs is 239 times the largest validated run";
    const Json outside =
        Json::parse(atlasWith({"train", kScenario, "--cluster", "colossus-2", "--json"}).out);
    QCOMPARE(outside["outside_validated_range"].front().get<std::string>(), words);
    const Run text = atlasWith({"train", kScenario, "--cluster", "colossus-2"});
    QVERIFY(text.out.find("\u2021 " + words) != std::string::npos);
    const Run plan = atlasWith({"plan", kScenario, "--cluster", "colossus-2", "--json"});
    QVERIFY(plan.err.find(words) != std::string::npos);
    const std::string small = ATLAS_SOURCE_RESOURCES "/scenarios/bloom-384.atlas.yaml";
    QVERIFY(Json::parse(atlasWith({"train", small, "--json"}).out)["outside_validated_range"].empty());
    QVERIFY(atlasWith({"train", small}).out.find("\u2021") == std::string::npos);
}

void TestTrainingCommands::trainAddsUp() {
    const Json json = Json::parse(atlasWith({"train", kMinimal, "--json"}).out);
    double parts = 0;
    for (const auto& [name, seconds] : json["breakdown_s"].items()) {
        parts += seconds.get<double>();
    }
    QVERIFY(std::abs(parts / json["step_time_s"].get<double>() - 1) < 1e-9);
    double left = json["waterfall"].front()["share"].get<double>();
    for (std::size_t i = 1; i + 1 < json["waterfall"].size(); ++i) {
        left -= json["waterfall"][i]["share"].get<double>();
    }
    QVERIFY(std::abs(left - json["waterfall"].back()["share"].get<double>()) < 1e-9);
    const Json& l = json["layout"];
    const double gpus =
        l["tp"].get<double>() * l["pp"].get<double>() * l["cp"].get<double>() * l["dp"].get<double>();
    const double perGpu = json["tokens_per_s"].get<double>() / gpus;
    QVERIFY(std::abs(perGpu / json["tokens_per_s_per_gpu"].get<double>() - 1) < 1e-9);
}

void TestTrainingCommands::planHasTheFixedFormat() {
    const Run run = atlasWith({"plan", kScenario, "--top", "3", "--json"});
    QCOMPARE(run.status, 0);
    const Json json = Json::parse(run.out);
    QCOMPARE(keysOf(json), (std::set<std::string>{"evaluated", "feasible", "seconds", "plans", "rejected"}));
    QCOMPARE(json["plans"].size(), std::size_t{3});
    for (std::size_t i = 0; i < 3; ++i) {
        const Json& plan = json["plans"][i];
        QCOMPARE(plan["rank"].get<std::size_t>(), i + 1);
        QCOMPARE(keysOf(plan["layout"]), kLayout);
        QVERIFY(i == 0 || plan["step_time_s"] >= json["plans"][i - 1]["step_time_s"]);
    }
    for (const Json& rejection : json["rejected"]) {
        QVERIFY(rejection["count"].get<int>() > 0 && !rejection["constraint"].get<std::string>().empty());
    }
}

void TestTrainingCommands::badInputsAreNamedByTheirConstraint_data() {
    QTest::addColumn<QString>("set");
    QTest::addColumn<QString>("constraint");
    const auto layout = [](const char* entry, const char* constraint) {
        QTest::newRow(entry) << QStringLiteral("train_jobs.frontier.layout.") + QLatin1String(entry)
                             << constraint;
    };
    layout("tp=7", "tp 7 does not divide 96 heads");
    layout("pp=120", "pp x vp 120 is more than 96 layers");
    layout("vp=80", "pp x vp 160 is more than 96 layers");
    layout("cp=3", "cp 3 does not divide a sequence of 8192");
    layout("ep=5", "ep 5 does not divide 384 experts");
    layout("micro_batch=13", "micro-batch 13 does not divide a batch of");
    layout("micro_batch=50000", "sequences is smaller than the micro-batch of 50000");
    QTest::newRow("batch below a sequence") << "train_jobs.frontier.global_batch=100 tokens"
                                            << "is less than one sequence of 8192";
    QTest::newRow("no layers") << "models.frontier-moe-6t.layers=0"
                               << "`layers` takes 1 to";
    QTest::newRow("no fabric") << "fabrics.spectrum-x-400.link=0 Gbit/s"
                               << "fabrics.spectrum-x-400.link: 0 B/s is out of range";
    QTest::newRow("no NVLink") << "gpus.H100-SXM.nvlink=0 GB/s"
                               << "gpus.H100-SXM.nvlink: 0 B/s is out of range";
    QTest::newRow("no trunk") << "clusters.colossus-1-article.trunks.h100-a100.bandwidth=0 GB/s"
                              << "bandwidth: 0 B/s is out of range";
}

void TestTrainingCommands::badInputsAreNamedByTheirConstraint() {
    QFETCH(QString, set);
    QFETCH(QString, constraint);
    for (const char* command : {"train", "plan"}) {
        const Run run = atlasWith({command, kScenario, "--set", set.toStdString()});
        QCOMPARE(run.status, 1);
        QVERIFY2(run.err.find(constraint.toStdString()) != std::string::npos, run.err.c_str());
    }
}

void TestTrainingCommands::scalingHasItsFormat() {
    const Run run =
        atlasWith({"scaling", kScenario, "--job", "dense", "--curve", "H100-SXM", "--from", "64", "--json"});
    QCOMPARE(run.status, 0);
    const Json json = Json::parse(run.out);
    QCOMPARE(json["job"].get<std::string>(), std::string("Dense 405B"));
    QCOMPARE(json["batch"].get<std::string>(), std::string("held"));
    QCOMPARE(json["curves"].size(), std::size_t{1});
    const Json& curve = json["curves"][0];
    double last = 0;
    int running = 0;
    for (const Json& point : curve["points"]) {
        QVERIFY(point["gpus"].get<double>() > last);
        last = point["gpus"].get<double>();
        if (point.contains("reason")) {
            continue;
        }
        ++running;
        QVERIFY(point["tokens_per_s"].get<double>() > 0 && point["usd_per_million_tokens"].get<double>() > 0);
        QVERIFY(point["efficiency"].get<double>() <= 1);
        QCOMPARE(keysOf(point["layout"]), kLayout);
    }
    QVERIFY(running > 8);
    QCOMPARE(last, 1e6);
    QVERIFY(curve["knee"]["gpus"].get<double>() > 1000);
    QVERIFY(curve["finding"].get<std::string>().find(curve["knee"]["cause"].get<std::string>()) !=
            std::string::npos);
    QCOMPARE(atlasWith({"scaling", kScenario, "--job", "nothing"}).status, 1);
    QCOMPARE(atlasWith({"scaling", kScenario, "--batch", "shrinks"}).status, 2);
}

void TestTrainingCommands::choicesAreNamedWhenWrong_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("expected");
    QTest::newRow("cluster") << QStringList{"--cluster", "colossus-9"} << 1
                             << "there is no cluster `colossus-9`; one of colossus-1-article";
    QTest::newRow("job") << QStringList{"--job", "nothing"} << 1 << "there is no training job `nothing`";
    QTest::newRow("placement") << QStringList{"--placement", "even"} << 1 << "there is no placement `even`";
    QTest::newRow("month") << QStringList{"--month", "2027-13"} << 1 << "`2027-13` is no month";
    QTest::newRow("dark") << QStringList{"--month", "2001-01"} << 1 << "has power in 2001-01";
    QTest::newRow("usage") << QStringList{"--nonsense"} << 2 << "nonsense";
}

void TestTrainingCommands::choicesAreNamedWhenWrong() {
    QFETCH(QStringList, arguments);
    QFETCH(int, status);
    QFETCH(QString, expected);
    for (const char* command : {"train", "plan"}) {
        std::vector<std::string> all = {command, kScenario};
        for (const QString& argument : arguments) {
            all.push_back(argument.toStdString());
        }
        const Run run = atlasWith(all);
        QCOMPARE(run.status, status);
        QVERIFY2(QString::fromStdString(run.err).contains(expected), run.err.c_str());
        QVERIFY(run.out.empty());
    }
}

void TestTrainingCommands::predictWritesARowForEveryRow() {
    QTemporaryDir folder;
    const std::string output = folder.filePath("out.csv").toStdString();
    const Run run = atlasWith({"predict", kRuns, "-o", output});
    QCOMPARE(run.status, 0);
    QVERIFY(run.out.empty());
    QVERIFY(run.err.find("524 rows: ") == 0);
    std::ifstream stream(output);
    std::string line;
    int lines = 0;
    while (std::getline(stream, line)) {
        ++lines;
    }
    QCOMPARE(lines, 525);
    const Run json = atlasWith({"predict", kRuns, "--json", "--quiet"});
    QCOMPARE(Json::parse(json.out)["rows"].size(), std::size_t{524});
    QVERIFY(json.err.empty());
}

void TestTrainingCommands::predictRefusesWhatIsNoTable() {
    const Run missing = atlasWith({"predict", "/no/such/runs.csv", "-o", "/tmp/never.csv"});
    QCOMPARE(missing.status, 1);
    QVERIFY(missing.err.find("/no/such/runs.csv") != std::string::npos);
    const Run wrong = atlasWith({"predict", kScenario});
    QCOMPARE(wrong.status, 1);
    QVERIFY(wrong.err.find("no column `id`") != std::string::npos);
}

void TestTrainingCommands::collectiveHasTheFixedFormat() {
    const Run run = atlasWith({"collective", "--op", "all-reduce", "--bytes", "1GiB", "--level",
                               "switch:8@450GB/s,1.5us", "--level", "switch:32@50GB/s,5us", "--json"});
    QCOMPARE(run.status, 0);
    const Json json = Json::parse(run.out);
    QCOMPARE(keysOf(json), (std::set<std::string>{"op", "bytes", "ranks", "algorithm", "time_s",
                                                  "bus_bandwidth_bytes_per_s"}));
    QCOMPARE(json["ranks"].get<int>(), 256);
    QCOMPARE(json["bytes"].get<std::int64_t>(), std::int64_t{1} << 30);
    QCOMPARE(json["algorithm"].get<std::string>(), std::string("hierarchical"));
    const double bus = json["bytes"].get<double>() / json["time_s"].get<double>() * 2 * 255 / 256;
    QVERIFY(std::abs(bus / json["bus_bandwidth_bytes_per_s"].get<double>() - 1) < 1e-9);
}

void TestTrainingCommands::collectiveSaysWhatIsWrong_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("expected");
    const QString good = "switch:8@450GB/s,1us";
    QTest::newRow("operation") << QStringList{"gather", "1GiB", good} << 2
                               << "there is no operation `gather`";
    QTest::newRow("size") << QStringList{"all-reduce", "1 apple", good} << 1 << "apple";
    QTest::newRow("kind") << QStringList{"all-reduce", "1GiB", "torus:8@450GB/s,1us"} << 1
                          << "unknown kind `torus`";
    QTest::newRow("form") << QStringList{"all-reduce", "1GiB", "switch-8"} << 1
                          << "KIND:SIZE@BANDWIDTH,LATENCY";
    QTest::newRow("members") << QStringList{"all-reduce", "1GiB", "switch:x@1GB/s,1us"} << 1
                             << "whole number";
    QTest::newRow("no members") << QStringList{"all-reduce", "1GiB", "switch:0@1GB/s,1us"} << 1
                                << "the size of level 1 is below 1";
    QTest::newRow("bandwidth") << QStringList{"all-reduce", "1GiB", "switch:8@0GB/s,1us"} << 1
                               << "the bandwidth of level 1 is not positive";
}

void TestTrainingCommands::collectiveSaysWhatIsWrong() {
    QFETCH(QStringList, arguments);
    QFETCH(int, status);
    QFETCH(QString, expected);
    const Run run = atlasWith({"collective", "--op", arguments[0].toStdString(), "--bytes",
                               arguments[1].toStdString(), "--level", arguments[2].toStdString()});
    QCOMPARE(run.status, status);
    QVERIFY2(QString::fromStdString(run.err).contains(expected), run.err.c_str());
}

QTEST_APPLESS_MAIN(TestTrainingCommands)
#include "tst_training_commands.moc"

// atlas serve: the fixed format, exit statuses and messages.
#include "atlas_run.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <cmath>
#include <sstream>

using namespace atlas;
using Json = nlohmann::json;

namespace {

const std::string kScenario = ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml";

using test::Run;

Run serve(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "serve");
    return test::atlasWith(std::move(arguments));
}

} // namespace

class TestServeCommand : public QObject {
    Q_OBJECT
private slots:
    void hasTheFixedFormat() {
        const Run run = serve({kScenario, "--json"});
        QCOMPARE(run.status, 0);
        const Json json = Json::parse(run.out);
        for (const char* key : {"tokens_per_s", "slo_attainment", "usd_per_million_tokens"}) {
            QVERIFY2(json.contains(key) && json[key].get<double>() > 0, key);
        }
        QVERIFY(json["slo_attainment"].get<double>() <= 1);
        double tokens = 0;
        QVERIFY(json["classes"].size() >= 2);
        for (const Json& c : json["classes"]) {
            QVERIFY(c["gpu"].is_string());
            for (const char* key : {"count", "tokens_per_s_per_gpu", "prefill_tokens_per_s_per_gpu",
                                    "decode_tokens_per_s_per_gpu"}) {
                QVERIFY2(c[key].is_number(), key);
            }
            // Doing only one of both is faster than doing both.
            QVERIFY(c["decode_tokens_per_s_per_gpu"].get<double>() >=
                    c["tokens_per_s_per_gpu"].get<double>());
            tokens += c["count"].get<double>() * c["tokens_per_s_per_gpu"].get<double>();
        }
        QVERIFY(std::abs(tokens / json["tokens_per_s"].get<double>() - 1) < 1e-9);
    }
    /// Cost and rate move as they must: twice the rent, twice the cost and the same tokens.
    void costFollowsRent() {
        const Json before = Json::parse(serve({kScenario, "--json"}).out);
        std::vector<std::string> dearer = {kScenario, "--json"};
        for (const Json& c : before["classes"]) {
            const double rent = c["usd_per_million_tokens"].get<double>() *
                                c["tokens_per_s_per_gpu"].get<double>() * 3600 / 1e6;
            dearer.push_back("--set");
            dearer.push_back("gpus." + c["gpu"].get<std::string>() + ".rent=" + std::to_string(2 * rent) +
                             " USD/GPU-h");
        }
        const Run run = serve(dearer);
        QVERIFY2(run.status == 0, run.err.c_str());
        const Json after = Json::parse(run.out);
        QCOMPARE(after["tokens_per_s"].get<double>(), before["tokens_per_s"].get<double>());
        const double times =
            after["usd_per_million_tokens"].get<double>() / before["usd_per_million_tokens"].get<double>();
        QVERIFY2(std::abs(times - 2) < 1e-3, qPrintable(QString::number(times)));
    }
    void demandBeyondCapacityIsSaid() {
        const Run run = serve({kScenario, "--json", "--set", "traffic.load=2"});
        QVERIFY2(run.status == 0, run.err.c_str());
        const Json json = Json::parse(run.out);
        QVERIFY(json["demand_over_capacity"].get<double>() > 1);
        QVERIFY(json["slo_attainment"].get<double>() < 0.9);
        QVERIFY(json["given_up_share"].get<double>() > 0);
    }
    void saysWhatIsWrong_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("words");
        QTest::newRow("unknown cluster") << QStringList{"--cluster", "colossus-9"} << "there is no cluster";
        QTest::newRow("unknown service") << QStringList{"--job", "oracle"} << "there is no service";
        QTest::newRow("no month") << QStringList{"--month", "May"} << "is no month";
        QTest::newRow("a promise below the floor of the hardware")
            << QStringList{"--set", "serve_jobs.assistant.time_per_output_token=0.01 ms", "--set",
                           "traffic.chat.time_per_output_token=0.01 ms"}
            << "a token takes at least";
        QTest::newRow("a first token below it")
            << QStringList{"--set", "serve_jobs.assistant.time_to_first_token=1 us", "--set",
                           "traffic.chat.time_to_first_token=1 us"}
            << "the first token takes at least";
    }
    void saysWhatIsWrong() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, words);
        std::vector<std::string> all = {kScenario};
        for (const QString& argument : arguments) {
            all.push_back(argument.toStdString());
        }
        const Run run = serve(all);
        QCOMPARE(run.status, 1);
        QVERIFY2(QString::fromStdString(run.err).contains(words), run.err.c_str());
        QVERIFY(!QString::fromStdString(run.err + run.out).contains("nan"));
    }
};

QTEST_APPLESS_MAIN(TestServeCommand)
#include "tst_serve_command.moc"

#include "app/cli/cli.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

#include <sstream>

using Json = nlohmann::json;

namespace {

constexpr auto kColossus = ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml";
constexpr auto kBroken = ATLAS_SOURCE_RESOURCES "/../tests/model/scenario/broken/unknown-gpu.yaml";

struct Answer {
    int status = 0;
    std::string out;
    std::string err;
};

Answer run(std::vector<const char*> arguments) {
    qputenv("ATLAS_RESOURCES", ATLAS_SOURCE_RESOURCES);
    arguments.insert(arguments.begin(), "atlas");
    std::ostringstream out;
    std::ostringstream err;
    const int status = atlas::cli::run(static_cast<int>(arguments.size()), arguments.data(), out, err);
    return {status, out.str(), err.str()};
}

bool has(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

} // namespace

/// `atlas info` and `atlas check`, for people and as JSON.
class TestInfoCheck : public QObject {
    Q_OBJECT
private slots:
    void infoCounts() {
        const Answer answer = run({"info", kColossus});
        QCOMPARE(answer.status, 0);
        QCOMPARE(answer.err, std::string());
        QVERIFY(has(answer.out, "220,000 (165,000 H100-SXM + 55,000 A100-80GB)"));
        QVERIFY(has(answer.out, "220,000 (150,000 H100-SXM + 50,000 H200 + 20,000 GB200)"));
        QVERIFY(has(answer.out, "550,000 (110,000 GB200 + 440,000 GB300)"));
        QVERIFY(has(answer.out, "lease-1-train-2"));
        QVERIFY(!has(answer.out, "inputs"));
    }
    void infoAsJson() {
        const Answer answer = run({"info", kColossus, "--json"});
        QCOMPARE(answer.status, 0);
        const Json json = Json::parse(answer.out);
        const Json& article = json["clusters"][0];
        QCOMPARE(article["gpus"]["A100-80GB"].get<int>(), 55000);
        QCOMPARE(article["gpu_count"].get<int>(), 220000);
        // 165,000 / 64 and 55,000 / 32 GPUs a rack, spread over 7 and 3 halls, each hall rounded up
        QCOMPARE(article["racks"].get<int>(), 2579 + 1719);
        QCOMPARE(article["switches"]["nvlink_domains"].get<int>(), 220000 / 8);
        // 165,000 x (700 + 575) W + 55,000 x (400 + 413) W
        QCOMPARE(article["it_power_w"].get<double>(), 165000.0 * 1275 + 55000.0 * 813);
        QCOMPARE(json["strategies"].size(), std::size_t{6});
        QVERIFY(json["inputs"].size() > 100);
        QCOMPARE(json["inputs"][0]["path"].get<std::string>().substr(0, 5), std::string("gpus."));
    }
    void infoSets() {
        const Answer answer = run({"info", kColossus, "--json", "--set",
                                   "clusters.colossus-1-article.islands.a100.gpu_count=8,000"});
        QCOMPARE(answer.status, 0);
        QCOMPARE(Json::parse(answer.out)["clusters"][0]["gpu_count"].get<int>(), 173000);
        const Answer wrong = run({"info", kColossus, "--set", "clusters.colossus-1.pue=1"});
        QCOMPARE(wrong.status, 1);
        QVERIFY(has(wrong.err, "did you mean `clusters.colossus-2.pue`?"));
    }
    void infoListsInputs() {
        const Answer answer = run({"info", kColossus, "--inputs"});
        QCOMPARE(answer.status, 0);
        QVERIFY(has(
            answer.out,
            "contracts.anthropic.usd_per_month: $1.25B/month, $250M/month to $1.25B/month, reported-press, "
            "lease.anthropic.usd_per_month"));
    }
    void checkSaysWhere() {
        const Answer answer = run({"check", kBroken});
        QCOMPARE(answer.status, 1);
        QCOMPARE(answer.out, std::string());
        QVERIFY(has(answer.err,
                    "unknown-gpu.yaml:4:19: error: unknown GPU `H100-SMX`; did you mean `H100-SXM`?"));
    }
    void checkAsJson() {
        const Answer answer = run({"check", kBroken, "--json"});
        QCOMPARE(answer.status, 1);
        QCOMPARE(answer.err, std::string());
        const Json json = Json::parse(answer.out);
        QCOMPARE(json["ok"].get<bool>(), false);
        QCOMPARE(json["diagnostics"].size(), std::size_t{2});
        QCOMPARE(json["diagnostics"][0]["line"].get<int>(), 4);
        QCOMPARE(json["diagnostics"][0]["column"].get<int>(), 19);
    }
    void checkGood() {
        const Answer answer = run({"check", kColossus});
        QCOMPARE(answer.status, 0);
        QVERIFY(has(answer.out, "no errors"));
        QCOMPARE(run({"check", kColossus, "--quiet"}).out, std::string());
    }
    void missingFileAndWrongUse() {
        QCOMPARE(run({"info", "/nowhere.yaml"}).status, 1);
        QVERIFY(has(run({"check", "/nowhere.yaml"}).err, "/nowhere.yaml: error: no such file"));
        QCOMPARE(run({"check"}).status, 2);
        QCOMPARE(run({"info", kColossus, "--colour"}).status, 2);
    }
    void helpHasAnExample() {
        for (const char* command : {"info", "check"}) {
            const Answer answer = run({command, "--help"});
            QCOMPARE(answer.status, 0);
            QVERIFY(has(answer.out, "Example: atlas "));
        }
    }

    /// A target that is not there is named with its place in the file and the nearest one that is.
    void checkNamesBadInjections() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("bad.atlas.yaml"));
        QVERIFY(QFile::copy(QString::fromLatin1(kColossus), path));
        QFile file(path);
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        QVERIFY(file.open(QIODevice::Append));
        file.write("\noperations:\n  injections:\n"
                   "    - {at: 1 d, cluster: colossus-2, what: fail-rack, target: \"rack 1-1-1\"}\n"
                   "    - {at: 2 d, cluster: colossus-2, what: fail-rack, target: \"rack 1-9999-1\"}\n");
        file.close();
        const Answer answer = run({"check", path.toUtf8().constData(), "--json"});
        QCOMPARE(answer.status, 1);
        const Json json = Json::parse(answer.out);
        QCOMPARE(json["ok"].get<bool>(), false);
        QCOMPARE(json["diagnostics"].size(), std::size_t{1});
        const Json& said = json["diagnostics"][0];
        QVERIFY(has(said["message"].get<std::string>(), "operations.injections.2"));
        QVERIFY(has(said["message"].get<std::string>(), "rack 1-9999-1"));
        QFile again(path);
        QVERIFY(again.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = again.readAll().split('\n');
        QVERIFY(lines.at(said["line"].get<int>() - 1).contains("1-9999-1"));
    }
    /// An injection told to the command line does what the same one in the file does, to the last digit.
    void injectedAsInTheFile() {
        constexpr auto kInjection = "{at: 60 s, cluster: colossus-1-article, what: fail-rack, target: \"rack "
                                    "1-1-1\", lasts: 1800 s}";
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("colossus.atlas.yaml"));
        QVERIFY(QFile::copy(QString::fromLatin1(kColossus), path));
        QFile file(path);
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        QVERIFY(file.open(QIODevice::Append));
        file.write(QByteArray("\noperations: {injections: [") + kInjection + "]}\n");
        file.close();
        const Answer plain = run({"simulate", kColossus, "--for", "2h", "--json"});
        const Answer told = run({"simulate", kColossus, "--for", "2h", "--json", "--inject", kInjection});
        const Answer read = run({"simulate", path.toUtf8().constData(), "--for", "2h", "--json"});
        QCOMPARE(told.status, 0);
        QCOMPARE(QByteArray::fromStdString(told.out), QByteArray::fromStdString(read.out));
        QVERIFY(told.out != plain.out);
        const Answer bad = run({"simulate", kColossus, "--for", "1h", "--inject", "slow-gpu please"});
        QCOMPARE(bad.status, 1);
        QVERIFY(has(bad.err, "is not an injection"));
    }
};

QTEST_APPLESS_MAIN(TestInfoCheck)
#include "tst_info_check.moc"

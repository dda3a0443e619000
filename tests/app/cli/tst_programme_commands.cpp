#include "atlas_run.h"
#include "model/explore/programme_rows.h"

#include <nlohmann/json.hpp>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

using namespace atlas;

namespace {

const std::string kScenario = ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml";
const std::string kFees = "contracts.anthropic.usd_per_month=$0.5B/month:$2B/month:5";

using test::atlasWith;
using test::Run;

/// Cells of a line of CSV without line breaks inside.
std::vector<std::string> cellsOf(const std::string& line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (const char c : line) {
        quoted = c == '"' ? !quoted : quoted;
        if (c == ',' && !quoted) {
            cells.emplace_back();
        } else if (c != '"') {
            cells.back() += c;
        }
    }
    return cells;
}

std::string contentOf(const QString& path) {
    std::ifstream stream(path.toStdString());
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

} // namespace

class TestProgrammeCommands : public QObject {
    Q_OBJECT
private slots:
    void programmeJsonHasTheFixedFormat() {
        const Run run = atlasWith({"programme", kScenario, "--json"});
        QCOMPARE(run.status, 0);
        const auto json = nlohmann::json::parse(run.out);
        QCOMPARE(json["months"].size(), std::size_t{48});
        for (const auto& month : json["months"]) {
            double in = 0;
            double out = 0;
            QVERIFY(month["month"].is_string());
            QVERIFY(month["entities"].contains("Anthropic") && month["entities"].contains("SpaceX") &&
                    month["entities"].contains("xAI"));
            for (const auto& [name, entity] : month["entities"].items()) {
                in += entity["cash_in_usd"].get<double>();
                out += entity["cash_out_usd"].get<double>();
                QVERIFY(entity["balance_usd"].is_number());
            }
            QVERIFY(std::abs(in - out) <= 1e-6 * std::max(1.0, in));
        }
        for (const auto& row : explore::programmeRows()) {
            const auto& value = json["headline"][row.key];
            QCOMPARE(value.size(), std::size_t{4});
            QCOMPARE(value["unit"].get<std::string>(), row.unit);
        }
        QVERIFY(json["balances"].get<bool>());
    }

    void theLedgerAddsUpToTheMonths() {
        const auto json = nlohmann::json::parse(atlasWith({"programme", kScenario, "--json"}).out);
        std::istringstream ledger(atlasWith({"programme", kScenario, "--ledger"}).out);
        std::string line;
        std::getline(ledger, line);
        QCOMPARE(line, std::string("month,payer,payee,kind,what,usd"));
        std::map<std::pair<std::string, std::string>, std::pair<double, double>> sums; // in, out
        while (std::getline(ledger, line)) {
            const auto cells = cellsOf(line);
            QCOMPARE(cells.size(), std::size_t{6});
            const double usd = std::stod(cells[5]);
            sums[{cells[0], cells[2]}].first += usd;
            sums[{cells[0], cells[1]}].second += usd;
        }
        QVERIFY(sums.size() > 200);
        for (const auto& month : json["months"]) {
            for (const auto& [name, entity] : month["entities"].items()) {
                const auto& sum = sums[{month["month"].get<std::string>(), name}];
                QVERIFY(std::abs(sum.first - entity["cash_in_usd"].get<double>()) < 1e-3);
                QVERIFY(std::abs(sum.second - entity["cash_out_usd"].get<double>()) < 1e-3);
            }
        }
    }

    void monteCarloIsReproducible() {
        const std::vector<std::string> asked = {"montecarlo", kScenario, "--strategy", "lease-1", "--draws",
                                                "200",        "--json",  "--seed",     "11",      "--quiet"};
        const Run first = atlasWith(asked);
        QCOMPARE(first.status, 0);
        QCOMPARE(first.out, atlasWith(asked).out);
        const auto json = nlohmann::json::parse(first.out);
        QCOMPARE(json["draws"].get<int>(), 200);
        const auto& npv = json["strategies"][0]["headline"]["npv_usd"];
        QVERIFY(npv["draws"]["p5"] < npv["draws"]["p50"] && npv["draws"]["p50"] < npv["draws"]["p95"]);
        QCOMPARE(json["strategies"][0]["net_cash_usd"].size(), std::size_t{48});
    }

    void monteCarloNamesWhatTheSpreadIsDueTo() {
        const Run run = atlasWith({"montecarlo", kScenario, "--strategy", "lease-1", "--draws", "50",
                                   "--json", "--sensitivity", "npv_usd", "--samples", "64", "--quiet"});
        QCOMPARE(run.status, 0);
        const auto json = nlohmann::json::parse(run.out);
        const auto& sensitivity = json["strategies"][0]["sensitivity"];
        QCOMPARE(sensitivity["row"].get<std::string>(), std::string("npv_usd"));
        QVERIFY(sensitivity["indices"].size() > 4);
    }

    void solveSaysWhatOrThatNothingWould() {
        const Run yes = atlasWith({"solve", kScenario, "--outcome", "npv_usd", "--target", "$0", "--lever",
                                   "contracts.anthropic.usd_per_month"});
        QCOMPARE(yes.status, 0);
        QVERIFY2(QString::fromStdString(yes.out).contains("would have to be $"), yes.out.c_str());
        const Run no = atlasWith(
            {"solve", kScenario, "--outcome", "npv_usd", "--target", "$0", "--lever", "economics.staff"});
        QCOMPARE(no.status, 0);
        QVERIFY2(QString::fromStdString(no.out).startsWith("Nothing would do"), no.out.c_str());
    }

    void shardsConcatenateToTheWhole() {
        const Run whole =
            atlasWith({"sweep", kScenario, "--vary", kFees, "--strategy", "lease-1", "--quiet"});
        QCOMPARE(whole.status, 0);
        std::string joined;
        for (const char* shard : {"1/3", "2/3", "3/3"}) {
            joined += atlasWith({"sweep", kScenario, "--vary", kFees, "--strategy", "lease-1", "--quiet",
                                 "--shard", shard})
                          .out;
        }
        QVERIFY(whole.out == joined);
        QCOMPARE(std::ranges::count(whole.out, '\n'), 6);
    }

    void theJobArrayRunsItsShards() {
        const QTemporaryDir folder;
        const QString script = ATLAS_SOURCE_RESOURCES "/sweep/slurm-array.sh";
        const QString scenario = QString::fromStdString(kScenario);
        const auto run = [&](QProcessEnvironment environment, const QStringList& arguments) {
            QProcess process;
            process.setProcessEnvironment(environment);
            process.start("bash", QStringList{script} + arguments);
            process.waitForFinished(120'000);
            return std::pair(process.exitCode(), process.readAllStandardOutput().toStdString());
        };
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("ATLAS", ATLAS_PROGRAM);
        environment.insert("SLURM_ARRAY_TASK_COUNT", "3");
        const QString out = folder.filePath("out");
        for (const char* task : {"2", "3"}) {
            environment.insert("SLURM_ARRAY_TASK_ID", task);
            QCOMPARE(run(environment, {scenario, out, "--vary", QString::fromStdString(kFees)}).first, 0);
        }
        QCOMPARE(run(environment, {"--join", out}).first, 1); // the first is still missing
        environment.insert("SLURM_ARRAY_TASK_ID", "1");
        QCOMPARE(run(environment, {scenario, out, "--vary", QString::fromStdString(kFees)}).first, 0);
        const auto joined = run(environment, {"--join", out});
        QCOMPARE(joined.first, 0);
        const QString whole = folder.filePath("whole.csv");
        QCOMPARE(
            atlasWith({"sweep", kScenario, "--vary", kFees, "--quiet", "-o", whole.toStdString()}).status, 0);
        QVERIFY(joined.second == contentOf(whole));
    }

    void theLeaseCanBeToldAnotherWay() {
        const Run run = atlasWith({"programme", kScenario, "--strategy", "lease-1", "--json", "--use",
                                   "anthropic=anthropic-colossus-1-only"});
        QCOMPARE(run.status, 0);
        const auto json = nlohmann::json::parse(run.out);
        QVERIFY(std::abs(json["headline"]["lease_usd_per_month"]["value"].get<double>() - 1.25e9) < 1);
    }

    /// No error: it may be meant; but nobody should wonder where the rent is.
    void aContractThatIsOverIsWarnedOf() {
        const QTemporaryDir folder;
        std::string text = contentOf(QString::fromStdString(kScenario));
        const std::string term = "    start: 2026-05\n    end: 2029-05\n    ramp:";
        QVERIFY(text.find(term) != std::string::npos);
        text.replace(text.find(term), term.size(), "    start: 2025-01\n    end: 2025-06\n    ramp:");
        const std::string file = folder.filePath("over.atlas.yaml").toStdString();
        std::ofstream(file) << text;
        const Run run = atlasWith({"check", file});
        QCOMPARE(run.status, 0);
        const QString said = QString::fromStdString(run.out + run.err);
        QVERIFY2(said.contains("ends in 2025-06, before the scenario starts in 2026-05: it never pays"),
                 qPrintable(said));
        const Run never = atlasWith({"programme", file, "--strategy", "lease-1", "--json", "--quiet"});
        QCOMPARE(never.status, 0);
        QVERIFY(nlohmann::json::parse(never.out)["headline"]["lease_usd_per_month"]["value"].is_null());
        const Run fine = atlasWith({"check", kScenario});
        QVERIFY(!QString::fromStdString(fine.out + fine.err).contains("it never pays"));
    }

    void wrongInput_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("words");
        QTest::newRow("strategy") << QStringList{"programme", "--strategy", "nobody"} << "choose from";
        QTest::newRow("contract") << QStringList{"programme", "--use", "anthropic=nobody"}
                                  << "unknown contract `nobody`";
        QTest::newRow("shard") << QStringList{"sweep", "--vary", QString::fromStdString(kFees), "--shard",
                                              "4/3"}
                               << "`4/3` is no shard";
        QTest::newRow("axis") << QStringList{"sweep", "--vary", "nothing=1:2:3"} << "no number 'nothing'";
        QTest::newRow("outcome") << QStringList{"solve",   "--outcome",      "fun", "--target", "1",
                                                "--lever", "economics.staff"}
                                 << "no outcome 'fun'";
        QTest::newRow("sensitivity") << QStringList{"montecarlo", "--draws", "1", "--sensitivity", "fun"}
                                     << "no outcome 'fun'";
        QTest::newRow("negative term")
            << QStringList{"programme", "--set", "contracts.anthropic.end=2025-01"} << "before it starts";
        QTest::newRow("notice before the start")
            << QStringList{"programme", "--set", "contracts.anthropic.notice_given=2025-01"}
            << "before the contract starts";
        QTest::newRow("inside the Earth")
            << QStringList{"programme", "--set", "orbits.ai1.altitude=-5 km"} << "inside the Earth";
        QTest::newRow("shares before the start") << QStringList{"programme", "--set", "financing.equity=$1B",
                                                                "--set", "financing.equity_month=2025-01"}
                                                 << "before the start in 2026-05";
    }
    void wrongInput() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, words);
        std::vector<std::string> all = {arguments.front().toStdString(), kScenario};
        for (const QString& argument : arguments.mid(1)) {
            all.push_back(argument.toStdString());
        }
        const Run run = atlasWith(all);
        QCOMPARE(run.status, 1);
        QVERIFY2(QString::fromStdString(run.err).contains(words), run.err.c_str());
        QVERIFY(run.out.empty());
    }
};

QTEST_GUILESS_MAIN(TestProgrammeCommands)
#include "tst_programme_commands.moc"

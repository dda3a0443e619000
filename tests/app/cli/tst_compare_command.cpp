#include "app/cli/text_table.h"
#include "atlas_run.h"
#include "model/explore/headline.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <sstream>

using namespace atlas;

namespace {

const std::string kScenario = ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml";

using test::atlasWith;
using test::Run;

} // namespace

class TestCompareCommand : public QObject {
    Q_OBJECT
private slots:
    void jsonHasTheFixedFormat() {
        const Run run = atlasWith({"compare", kScenario, "--json", "--draws", "8"});
        QCOMPARE(run.status, 0);
        const auto json = nlohmann::json::parse(run.out);
        QCOMPARE(json.size(), std::size_t{1});
        QVERIFY(json["strategies"].size() >= 5);
        for (const auto& strategy : json["strategies"]) {
            QCOMPARE(strategy.size(), std::size_t{2});
            QVERIFY(strategy["name"].is_string());
            QCOMPARE(strategy["headline"].size(), explore::kHeadlines);
            for (const auto& row : explore::headlineRows()) {
                const auto& value = strategy["headline"][row.key];
                QCOMPARE(value.size(), std::size_t{4});
                QCOMPARE(value["unit"].get<std::string>(), row.unit);
                QCOMPARE(value["value"].is_null(), value["low"].is_null());
                QVERIFY(value["value"].is_null() || value["low"] <= value["high"]);
            }
        }
    }

    void sameSeedSameBytes() {
        const std::vector<std::string> arguments = {"compare", kScenario, "--json", "--draws",
                                                    "8",       "--seed",  "3"};
        const Run once = atlasWith(arguments);
        QCOMPARE(atlasWith(arguments).out, once.out);
        QVERIFY(atlasWith({"compare", kScenario, "--json", "--draws", "8", "--seed", "4"}).out != once.out);
    }

    void tableForPeopleIsAligned() {
        const Run run = atlasWith(
            {"compare", kScenario, "--draws", "8", "--strategy", "train-1", "--strategy", "lease-1"});
        QCOMPARE(run.status, 0);
        QVERIFY(run.err.empty()); // no bar where there is no terminal
        std::istringstream lines(run.out);
        std::string head;
        std::getline(lines, head);
        const std::size_t second = head.find("Lease Colossus 1");
        QVERIFY(head.starts_with("Strategies") && second != std::string::npos);
        bool found = false;
        for (std::string line; std::getline(lines, line);) {
            QVERIFY(line.empty() || line.back() != ' ');
            if (line.starts_with("Owner's cash")) {
                found = true;
                QCOMPARE(line[second], '$');
                QCOMPARE(line[second - 1], ' ');
            }
        }
        QVERIFY(found);
        QVERIFY(run.out.find("difference from Train on Colossus 1") != std::string::npos);
        QVERIFY(run.out.find("\u2021 Train on Colossus 1, training: 220,000 GPUs is 95 times the largest "
                             "validated run") != std::string::npos);
    }

    void csvAndFiles() {
        const QTemporaryDir folder;
        const std::string file = folder.filePath("compare.csv").toStdString();
        const Run run = atlasWith({"compare", kScenario, "--draws", "0", "-o", file});
        QCOMPARE(run.status, 0);
        QVERIFY(run.out.empty());
        std::ifstream stream(file);
        std::string line;
        std::getline(stream, line);
        QCOMPARE(line, std::string("strategy,name,key,label,unit,value,low,high,outside_validated_range"));
        std::size_t rows = 0;
        while (std::getline(stream, line)) {
            ++rows;
            // A number that was extrapolated says so; one that was not, or is none, does not.
            const bool training = line.find(",mfu,") != std::string::npos;
            const bool there = line.find(",,,,") == std::string::npos;
            const bool marked = line.find("times the largest validated run") != std::string::npos;
            QVERIFY2(!training || there == marked, line.c_str());
            QVERIFY2(line.find(",npv_usd,") == std::string::npos || !marked, line.c_str());
        }
        QCOMPARE(rows % explore::kHeadlines, std::size_t{0});
        QVERIFY(!std::ifstream(file + ".part").good());
        QCOMPARE(atlasWith({"compare", kScenario, "--draws", "0", "-o", "/nowhere/at/all.csv"}).status, 1);
    }

    void settingAnInputChangesTheTable() {
        const Run low = atlasWith({"compare", kScenario, "--json", "--draws", "0", "--set",
                                   "contracts.anthropic.usd_per_month=$0.1B/month"});
        const Run high = atlasWith({"compare", kScenario, "--json", "--draws", "0", "--set",
                                    "contracts.anthropic.usd_per_month=$3B/month"});
        QCOMPARE(low.status, 0);
        const auto cash = [](const Run& run) {
            return nlohmann::json::parse(run.out)["strategies"][2]["headline"]["owner_cash_usd"]["value"]
                .get<double>();
        };
        QVERIFY(cash(high) > cash(low));
    }

    void wrongInputAndWrongUsage() {
        const Run unknown = atlasWith({"compare", kScenario, "--strategy", "sell-it"});
        QCOMPARE(unknown.status, 1);
        QVERIFY(unknown.out.empty() &&
                unknown.err.find("there is no strategy 'sell-it'") != std::string::npos);
        QCOMPARE(atlasWith({"compare", "/nowhere.atlas.yaml"}).status, 1);
        QCOMPARE(atlasWith({"compare"}).status, 2);
        QCOMPARE(atlasWith({"compare", kScenario, "--draws", "-3"}).status, 2);
    }

    void tablesMeasureWhatIsSeen() {
        QCOMPARE(cli::widthOf("\u2014"), std::size_t{1});
        cli::TextTable table;
        table.add({"a", "\u2014", "x"});
        table.gap();
        table.add({"long", "12", "y"});
        std::ostringstream out;
        table.print(out);
        QCOMPARE(out.str(), std::string("a     \u2014   x\n\nlong  12  y\n"));
    }
};

QTEST_APPLESS_MAIN(TestCompareCommand)
#include "tst_compare_command.moc"

#include "model/explore/programme.h"
#include "model/explore/sweep.h"
#include "model/scenario/scenario_loader.h"

#include <QTest>

using namespace atlas;
using namespace atlas::explore;

namespace {

scenario::Scenario shipped() {
    auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                         ATLAS_SOURCE_RESOURCES);
    return loaded ? std::move(loaded->scenario) : scenario::Scenario{};
}

SweepOptions grid(const scenario::Scenario& s) {
    SweepOptions options;
    options.axes = {*parseVary(s, "contracts.anthropic.usd_per_month=$0.5B/month:$2B/month:7"),
                    *parseVary(s, "clusters.colossus-1-article.pue=1.1:1.3:3")};
    options.strategies = {"lease-1", "train-1"};
    return options;
}

} // namespace

class TestSweep : public QObject {
    Q_OBJECT
private slots:
    void axesHaveBothEnds() {
        const auto axis = parseVary(shipped(), "contracts.anthropic.usd_per_month=$0.5B/month:$2B/month:7");
        QVERIFY(axis);
        QCOMPARE(axis->values.size(), std::size_t(7));
        QCOMPARE(axis->values.front(), 0.5e9);
        QCOMPARE(axis->values[1], 0.75e9);
        QCOMPARE(axis->values.back(), 2e9);
        QCOMPARE(parseVary(shipped(), "clusters.colossus-2.pue=1.2:1.3:1")->values.size(), std::size_t(1));
    }

    void axesThatAreNone_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("words");
        QTest::newRow("no range") << "clusters.colossus-2.pue=1.2"
                                  << "path=low:high:n";
        QTest::newRow("no equals") << "clusters.colossus-2.pue"
                                   << "path=low:high:n";
        QTest::newRow("unknown") << "clusters.colossus-2.puh=1.1:1.2:3"
                                 << "clusters.colossus-2.pue";
        QTest::newRow("unit") << "contracts.anthropic.usd_per_month=1:2:3"
                              << "has no unit";
        QTest::newRow("not a count") << "clusters.colossus-2.pue=1.1:1.2:many"
                                     << "whole number";
        QTest::newRow("no values") << "clusters.colossus-2.pue=1.1:1.2:0"
                                   << "whole number";
        QTest::newRow("out of bounds") << "clusters.colossus-2.pue=0.5:1.2:3"
                                       << "pue";
    }
    void axesThatAreNone() {
        QFETCH(QString, text);
        QFETCH(QString, words);
        const auto axis = parseVary(shipped(), text.toStdString());
        QVERIFY(!axis);
        const QString said = QString::fromStdString(atlas::text(axis.errors()));
        QVERIFY2(said.contains(words), qPrintable(said));
    }

    void shardsAreRead() {
        QCOMPARE(parseShard("3/8")->part, std::size_t(3));
        QCOMPARE(parseShard("3/8")->parts, std::size_t(8));
        for (const char* wrong : {"0/8", "9/8", "3", "3/", "/8", "a/b", "1/2/3", "-1/3", ""}) {
            QVERIFY2(!parseShard(wrong), wrong);
        }
    }

    void shardsAddUpToTheWhole_data() {
        QTest::addColumn<int>("parts");
        for (const int parts : {1, 2, 5, 21, 30}) {
            QTest::newRow(std::to_string(parts).c_str()) << parts;
        }
    }
    void shardsAddUpToTheWhole() {
        QFETCH(int, parts);
        const auto s = shipped();
        SweepOptions options = grid(s);
        const auto whole = sweep(s, options);
        QVERIFY(whole);
        QCOMPARE(whole->size(), std::size_t(7 * 3 * 2));
        std::string joined;
        for (int i = 1; i <= parts; ++i) {
            options.shard = {static_cast<std::size_t>(i), static_cast<std::size_t>(parts)};
            const auto rows = sweep(s, options);
            QVERIFY(rows);
            joined += sweepCsv(options.axes, *rows, options.shard);
        }
        QVERIFY(joined == sweepCsv(options.axes, *whole, {}));
    }

    void aPointIsTheProgrammeThere() {
        const auto s = shipped();
        const auto rows = sweep(s, grid(s));
        QVERIFY(rows);
        // Point 10 is the fourth fee, 1.25B, and the second PUE, 1.2: the central values.
        const SweepRow& row = (*rows)[2 * 10];
        QCOMPARE(row.at[0], 1.25e9);
        QVERIFY(std::abs(row.at[1] - 1.2) < 1e-12);
        QCOMPARE(row.strategy, std::string("lease-1"));
        const auto p = programme(s, "lease-1");
        const double npv = *row.values[rowOf(HeadlineKey::NpvUsd)];
        QVERIFY(std::abs(npv - p->cash.ownerNpvUsd) < 1e-6 * std::abs(npv));
        // More fee, more value, at the same PUE.
        QVERIFY(*(*rows)[2 * 13].values[rowOf(HeadlineKey::NpvUsd)] > npv);
    }

    void tooLargeAGrid() {
        const auto s = shipped();
        SweepOptions options;
        options.axes = {*parseVary(s, "clusters.colossus-2.pue=1.1:1.3:10000"),
                        *parseVary(s, "clusters.colossus-1-article.pue=1.1:1.3:10000")};
        const auto rows = sweep(s, options);
        QVERIFY(!rows && QString::fromStdString(text(rows.errors())).contains("1000000 points"));
    }
};

QTEST_APPLESS_MAIN(TestSweep)
#include "tst_sweep.moc"

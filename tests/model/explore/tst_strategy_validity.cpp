// Which rows of the strategies table carry a mark, and which say nothing of the models.
#include "model/explore/headline.h"
#include "model/scenario/scenario_loader.h"

#include <QTest>

using namespace atlas;
using namespace atlas::explore;

class TestStrategyValidity : public QObject {
    Q_OBJECT

private slots:
    void everyRowRestsOnWhatItSays_data();
    void everyRowRestsOnWhatItSays();
    void theSharePlayedByEachCluster();
};

void TestStrategyValidity::everyRowRestsOnWhatItSays_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("words");
    // Training rows stand before serving rows, those before rows of money (explore/headline.h).
    const auto& rows = headlineRows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool training = i < static_cast<std::size_t>(HeadlineKey::ServingTokensPerS);
        const bool serving = !training && i <= static_cast<std::size_t>(HeadlineKey::UsersServed);
        QTest::newRow(rows[i].key.c_str()) << QString::fromStdString(rows[i].key)
                                           << (training  ? "too large"
                                               : serving ? "new class"
                                                         : "");
    }
    QTest::newRow("no row") << "no_such_key"
                            << "";
}

void TestStrategyValidity::everyRowRestsOnWhatItSays() {
    QFETCH(QString, key);
    QFETCH(QString, words);
    StrategyValidity validity;
    validity.training.excesses = {{validation::Axis::Size, 2, "too large"}};
    validity.serving.excesses = {{validation::Axis::Class, 0, "new class"}};
    QCOMPARE(QString::fromStdString(validity.of(key.toStdString()).words()), words);
    QCOMPARE(validity.words(), std::string("training: too large; serving: new class"));
}

void TestStrategyValidity::theSharePlayedByEachCluster() {
    const auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                               ATLAS_SOURCE_RESOURCES);
    QVERIFY(loaded.ok());
    const scenario::Scenario& s = loaded->scenario;
    const scenario::Strategy& strategy = *s.strategy("lease-1-train-2");
    for (const scenario::Assignment& assignment : strategy.assignments) {
        const validation::Validity found = validityOf(s, strategy, assignment);
        if (assignment.activity == scenario::Activity::Train) {
            QCOMPARE(found.words(), std::string("550,000 GPUs is 239 times the largest validated run"));
        } else { // 220,000 GPUs, and no word about it: replicas do not wait for one another
            QVERIFY(QString::fromStdString(found.allWords()).indexOf("GPUs is") < 0);
        }
    }
    scenario::Assignment idle = strategy.assignments.front();
    idle.activity = scenario::Activity::Idle;
    QVERIFY(validityOf(s, strategy, idle).inside());
    QVERIFY(validityOf(s, strategy, nullptr).training.inside());
}

QTEST_APPLESS_MAIN(TestStrategyValidity)
#include "tst_strategy_validity.moc"

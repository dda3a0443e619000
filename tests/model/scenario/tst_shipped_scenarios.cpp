#include "model/scenario/scenario_loader.h"

#include <QTest>

#include <filesystem>

using namespace atlas;

/// The scenarios and the catalogue that come with the program.
class TestShippedScenarios : public QObject {
    Q_OBJECT
private slots:
    void load_data() {
        QTest::addColumn<QString>("file");
        for (const auto& entry : std::filesystem::directory_iterator(ATLAS_SOURCE_RESOURCES "/scenarios")) {
            QTest::newRow(entry.path().filename().c_str()) << QString::fromStdString(entry.path().string());
        }
    }
    void load() {
        QFETCH(QString, file);
        const auto loaded = scenario::loadScenario(file.toStdString(), ATLAS_SOURCE_RESOURCES);
        QVERIFY2(loaded.ok(), loaded.ok() ? "" : text(loaded.errors()).c_str());
        QVERIFY2(loaded->warnings.empty(), text(loaded->warnings).c_str());
    }
    void everyInputHasASource() {
        const auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                                   ATLAS_SOURCE_RESOURCES);
        QVERIFY2(loaded.ok(), loaded.ok() ? "" : text(loaded.errors()).c_str());
        int visited = 0;
        scenario::visitInputs(loaded->scenario, [&](const std::string& path, const scenario::Sourced& number,
                                                    units::Dimension) {
            ++visited;
            QVERIFY2(!number.source.empty(), path.c_str());
            // a fact, or a number with a source of its own
            QVERIFY2(!number.source.starts_with("stated in"), path.c_str());
            QVERIFY2(number.low <= number.value && number.value <= number.high, path.c_str());
        });
        QVERIFY(visited > 100);
    }
};

QTEST_APPLESS_MAIN(TestShippedScenarios)
#include "tst_shipped_scenarios.moc"

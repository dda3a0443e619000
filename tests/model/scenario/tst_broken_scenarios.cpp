#include "model/core/yaml_document.h"
#include "model/scenario/scenario_loader.h"

#include <QFile>
#include <QTest>

#include <filesystem>

using namespace atlas;

namespace {

/// Diagnostics as the .expected files have them: one a line, "line:column: error: message; remedy".
QString without(const std::string& file, const Diagnostics& diagnostics) {
    QString out = QString::fromStdString(text(diagnostics));
    return out.replace(QString::fromStdString(file) + ":", "");
}

} // namespace

/// Every broken file beside this test gives exactly the findings written next to it.
class TestBrokenScenarios : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        auto loaded = scenario::loadCatalogue(ATLAS_SOURCE_RESOURCES);
        QVERIFY2(loaded.ok(), loaded.ok() ? "" : text(loaded.errors()).c_str());
        m_catalogue = std::move(*loaded);
    }
    void enoughFiles() {
        int files = 0;
        for (const auto& entry : std::filesystem::directory_iterator(ATLAS_TEST_DATA "/broken")) {
            files += entry.path().extension() == ".yaml" ? 1 : 0;
        }
        QVERIFY(files >= 30);
    }
    void saysWhatIsWrong_data() {
        QTest::addColumn<QString>("path");
        for (const auto& entry : std::filesystem::directory_iterator(ATLAS_TEST_DATA "/broken")) {
            if (entry.path().extension() == ".yaml") {
                QTest::newRow(entry.path().stem().c_str()) << QString::fromStdString(entry.path().string());
            }
        }
    }
    void saysWhatIsWrong() {
        QFETCH(QString, path);
        QFile expected(QString(path).replace(".yaml", ".expected"));
        const auto content = yaml::readFile(path.toStdString(), 1u << 20);
        QVERIFY(content.ok());
        const auto loaded = scenario::parseScenario(*content, path.toStdString(), m_catalogue);
        QVERIFY(!loaded.ok());
        const QString found = without(path.toStdString(), loaded.errors());
        if (qEnvironmentVariableIsSet("ATLAS_WRITE_EXPECTED")) {
            QVERIFY(expected.open(QIODevice::WriteOnly));
            expected.write(found.toUtf8());
            return;
        }
        QVERIFY2(expected.open(QIODevice::ReadOnly), "no .expected file");
        QCOMPARE(found, QString::fromUtf8(expected.readAll()));
    }
    void missingFile() {
        const auto loaded = scenario::loadScenario("/nowhere/x.atlas.yaml", ATLAS_SOURCE_RESOURCES);
        QVERIFY(!loaded.ok());
        QCOMPARE(text(loaded.errors()),
                 std::string("/nowhere/x.atlas.yaml: error: no such file; check the name and the folder\n"));
    }
    void missingCatalogue() {
        const auto loaded = scenario::parseScenario("clusters: {}", "f", std::string("/nowhere"));
        QVERIFY(!loaded.ok());
        QVERIFY(text(loaded.errors()).find("no facts in /nowhere/catalog/facts") != std::string::npos);
    }
    void limitsAreTheCallers() {
        const std::string yaml = "clusters:\n  a: {islands: {x: {gpu: H100-SXM, gpu_count: 1000}}}\n"
                                 "  b: {islands: {x: {gpu: H100-SXM, gpu_count: 10}}}\n";
        QVERIFY(scenario::parseScenario(yaml, "f", m_catalogue).ok());
        scenario::LoaderLimits limits;
        limits.maxGpusPerCluster = 999;
        limits.maxClusters = 1;
        const auto loaded = scenario::parseScenario(yaml, "f", m_catalogue, limits);
        QVERIFY(!loaded.ok());
        QCOMPARE(
            text(loaded.errors()),
            std::string("f:2:3: error: 2 clusters; the limit is 1; split the file\n"
                        "f:2:47: error: the cluster has 1,000 GPUs; the limit is 999; lower gpu_count\n"));
    }
    void thousandsOfErrorsAreCut() {
        std::string yaml = "clusters: {a: {islands: {x: {gpu: H100-SXM, gpu_count: 1000}}}}\n";
        for (int i = 0; i < 1000; ++i) {
            yaml += "key" + std::to_string(i) + ": 1\n";
        }
        const auto loaded = scenario::parseScenario(yaml, "f", m_catalogue);
        QVERIFY(!loaded.ok());
        QCOMPARE(loaded.errors().size(), std::size_t{201});
        QCOMPARE(loaded.errors().back().message, std::string("and 800 more"));
    }

private:
    scenario::Catalogue m_catalogue;
};

QTEST_APPLESS_MAIN(TestBrokenScenarios)
#include "tst_broken_scenarios.moc"

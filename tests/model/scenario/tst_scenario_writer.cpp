#include "model/scenario/scenario_loader.h"
#include "model/scenario/scenario_writer.h"

#include "model/core/yaml_document.h"

#include <QTest>

#include <filesystem>

using namespace atlas;
using namespace atlas::scenario;

namespace {

/// Everything a scenario says, as text that can be compared: inputs bit by bit, and the rest as written.
std::string dump(const Scenario& scenario, const Catalogue& catalogue) {
    std::string out;
    visitInputs(scenario, [&out](const std::string& path, const Sourced& number, units::Dimension) {
        std::array<char, 120> numbers{};
        std::snprintf(numbers.data(), numbers.size(), " %.17g %.17g %.17g ", number.value, number.low,
                      number.high);
        out += path + numbers.data() + std::string(catalog::name(number.grade)) + ' ' + number.fact + '\n';
    });
    return out + writeScenario(scenario, catalogue);
}

} // namespace

/// Written, a scenario reads back as it was.
class TestScenarioWriter : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        auto loaded = loadCatalogue(ATLAS_SOURCE_RESOURCES);
        QVERIFY2(loaded.ok(), loaded.ok() ? "" : text(loaded.errors()).c_str());
        m_catalogue = std::move(*loaded);
    }
    void roundTrips_data() {
        QTest::addColumn<QString>("path");
        for (const auto& entry : std::filesystem::directory_iterator(ATLAS_SOURCE_RESOURCES "/scenarios")) {
            QTest::newRow(entry.path().filename().c_str()) << QString::fromStdString(entry.path().string());
        }
    }
    void roundTrips() {
        QFETCH(QString, path);
        const Scenario first = read(*yaml::readFile(path.toStdString(), 1u << 20));
        const std::string written = writeScenario(first, m_catalogue);
        const Scenario second = read(written);
        QCOMPARE(dump(second, m_catalogue), dump(first, m_catalogue));
        // not a copy of the catalogue
        QVERIFY2(written.find("H100-96GB-500W") == std::string::npos, written.c_str());
    }
    void keepsTheSpelling() {
        const std::string written = writeScenario(
            read("clusters: {c: {islands: {i: {gpu: H100-SXM, gpu_count: {fact: c1.h100}}}, pue: 1.30, "
                 "energy_price: 0.062 USD/kWh}}\n"),
            m_catalogue);
        QVERIFY2(written.find("gpu_count: {fact: c1.h100}\n") != std::string::npos, written.c_str());
        QVERIFY(written.find("pue: 1.30\n") != std::string::npos);
        QVERIFY(written.find("energy_price: 0.062 USD/kWh\n") != std::string::npos);
        QVERIFY(written.find("halls") == std::string::npos); // has its default
        QVERIFY(written.find("economics") == std::string::npos);
    }
    void writesWhatWasChanged() {
        Scenario s = read("clusters: {c: {islands: {i: {gpu: H100-SXM, gpu_count: 8}}, pue: 1.3}}\n"
                          "train_jobs: {j: {model: llama-3-8b}}\n");
        s.clusters[0].pue.value = s.clusters[0].pue.low = s.clusters[0].pue.high = 1.0 / 3.0 + 1.0;
        s.trainJobs[0].layout.tp = 4;
        s.trainJobs[0].precision = Precision::Nvfp4;
        s.economics.discountRatePerYear.value = 0.1;
        s.name = "He said: \"no\", # twice\nand left";
        const Scenario back = read(writeScenario(s, m_catalogue));
        QCOMPARE(back.clusters[0].pue.value, 1.0 / 3.0 + 1.0);
        QCOMPARE(back.trainJobs[0].layout.tp, 4);
        QCOMPARE(back.trainJobs[0].precision, Precision::Nvfp4);
        QCOMPARE(back.economics.discountRatePerYear.value, 0.1);
        QCOMPARE(back.name, s.name);
    }
    void writesChangesOfTheCatalogue() {
        Scenario s = read("gpus: {H100-SXM: {like: H100-SXM, tdp: 500 W}}\n"
                          "clusters: {c: {islands: {i: {gpu: H100-SXM, gpu_count: 8}}}}\n");
        const Scenario back = read(writeScenario(s, m_catalogue));
        QCOMPARE(back.gpu("H100-SXM")->tdpW.value, 500.0);
        QCOMPARE(back.gpu("H100-SXM")->bf16FlopPerS.fact, std::string("h100_sxm.bf16_dense"));
        QCOMPARE(back.gpus.size(), m_catalogue.gpus.size());
    }

private:
    Scenario read(const std::string& yaml) {
        auto loaded = parseScenario(yaml, "written.atlas.yaml", m_catalogue);
        if (!loaded) {
            qFatal("%s\n%s", text(loaded.errors()).c_str(), yaml.c_str());
        }
        return std::move(loaded->scenario);
    }
    Catalogue m_catalogue;
};

QTEST_APPLESS_MAIN(TestScenarioWriter)
#include "tst_scenario_writer.moc"

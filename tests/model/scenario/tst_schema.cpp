#include "model/scenario/schema.h"

#include "model/core/yaml_document.h"

#include <QFile>
#include <QTest>
#include <nlohmann/json.hpp>

using namespace atlas;
using Json = nlohmann::json;

namespace {

/// The schema of the value at `key` of an object that `schema` describes, or null.
const Json* below(const Json& schema, const std::string& key) {
    if (schema.contains("properties") && schema["properties"].contains(key)) {
        return &schema["properties"][key];
    }
    if (schema.contains("additionalProperties") && schema["additionalProperties"].is_object()) {
        return &schema["additionalProperties"];
    }
    return nullptr;
}

bool isQuantity(const Json& schema) {
    return schema.contains("allOf") || schema.contains("$ref");
}

/// Keys of a file that the schema does not have.
void strangers(const yaml::Node& node, const Json& schema, const std::string& path, QStringList& out) {
    if (isQuantity(schema)) {
        return;
    }
    for (const yaml::Entry& entry : node.entries) {
        const Json* next = below(schema, entry.key);
        const std::string here = path + "/" + entry.key;
        if (next == nullptr) {
            out.append(QString::fromStdString(here));
        } else {
            strangers(*entry.value, *next, here, out);
        }
    }
    for (const yaml::NodePtr& item : node.items) {
        if (schema.contains("items")) {
            strangers(*item, schema["items"], path + "/-", out);
        }
    }
}

} // namespace

/// The schema in resources is the one the loader would write, and the files that come with the program keep
/// to it.
class TestSchema : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        auto loaded = scenario::loadCatalogue(ATLAS_SOURCE_RESOURCES);
        QVERIFY2(loaded.ok(), loaded.ok() ? "" : text(loaded.errors()).c_str());
        m_catalogue = std::move(*loaded);
    }
    void fileIsCurrent_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("scenario") << "scenario.schema.json"
                                  << QByteArray::fromStdString(scenario::scenarioSchema(m_catalogue));
        QTest::newRow("catalogue") << "catalogue.schema.json"
                                   << QByteArray::fromStdString(scenario::catalogueSchema());
    }
    /// Run with ATLAS_WRITE_SCHEMA=1 to bring the files up to date.
    void fileIsCurrent() {
        QFETCH(QString, name);
        QFETCH(QByteArray, expected);
        QFile file(QString(ATLAS_SOURCE_RESOURCES "/schema/") + name);
        if (qEnvironmentVariableIsSet("ATLAS_WRITE_SCHEMA")) {
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(expected);
            return;
        }
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray found = file.readAll();
        QVERIFY2(found == expected, "run this test with ATLAS_WRITE_SCHEMA=1 and look at the difference");
    }
    void filesKeepToIt_data() {
        QTest::addColumn<QString>("path");
        for (const char* path :
             {"scenarios/colossus.atlas.yaml", "scenarios/minimal.atlas.yaml", "catalog/gpus.yaml",
              "catalog/racks.yaml", "catalog/fabrics.yaml", "catalog/models.yaml"}) {
            QTest::newRow(path) << QString(path);
        }
    }
    void filesKeepToIt() {
        QFETCH(QString, path);
        const auto content = yaml::readFile(ATLAS_SOURCE_RESOURCES "/" + path.toStdString(), 1u << 20);
        QVERIFY(content.ok());
        Diagnostics problems;
        const auto root = yaml::parse(*content, "f", {}, problems);
        QVERIFY(root.ok());
        QStringList found;
        strangers(**root, Json::parse(scenario::scenarioSchema(m_catalogue)), "", found);
        QCOMPARE(found, QStringList());
    }
    /// Every key has a description, and every optional number a default.
    void everyKeyIsDocumented() {
        int keys = 0;
        walk(Json::parse(scenario::scenarioSchema(m_catalogue)), "", keys);
        QVERIFY(keys > 120);
    }

private:
    void walk(const Json& schema, const std::string& path, int& keys) {
        const Json required = schema.value("required", Json::array());
        const Json properties = schema.value("properties", Json::object());
        for (const auto& [key, value] : properties.items()) {
            const std::string here = path + "/" + key;
            ++keys;
            QVERIFY2(value.value("description", "").size() > 5, here.c_str());
            const bool mustBeGiven = std::find(required.begin(), required.end(), key) != required.end();
            if (isQuantity(value) && !mustBeGiven && !schema.contains("anyOf")) {
                QVERIFY2(value.contains("default"), here.c_str());
            }
            walk(value, here, keys);
        }
        for (const char* inner : {"items", "additionalProperties"}) {
            if (schema.contains(inner) && schema[inner].is_object()) {
                walk(schema[inner], path + "/*", keys);
            }
        }
    }

    scenario::Catalogue m_catalogue;
};

QTEST_APPLESS_MAIN(TestSchema)
#include "tst_schema.moc"

#include "app/bookmarks.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace atlas;
using app::Bookmark;
using widgets::Side;

namespace {

Bookmark sample(const QString& name) {
    Bookmark view;
    view.name = name;
    view.scene = QStringLiteral("fabric");
    view.colouring = QStringLiteral("state");
    view.link = scenes::CameraLink::SameExtent;
    view.cameras[0] = {{12.5, -3.25}, 0.7, scenes::CameraAxes::Plane};
    view.cameras[1] = {{1e6, 120}, 3e-5, scenes::CameraAxes::Globe, 17};
    view.clockLink = scenes::ClockLink::Own;
    view.difference = true;
    view.clocks = {scenes::Clock{86'400.125, 0.003, false}, scenes::Clock{3.5, 300, false}};
    view.choices = {app::PaneChoice{"train-1", "colossus-1"}, app::PaneChoice{"train-2", ""}};
    view.side = Side::B;
    view.selection = QStringLiteral("rack 1-203-7, tray 4, GPU 5");
    return view;
}

} // namespace

/// Views as they are kept in a file.
class TestBookmarks : public QObject {
    Q_OBJECT
private slots:
    void writtenAndReadBack() {
        const std::vector<Bookmark> views = {sample(QStringLiteral("The culprit & its „row“")), sample("b")};
        const auto back = app::bookmarksFromJson(app::toJson(views));
        QVERIFY(back.ok());
        QVERIFY(*back == views);
        QCOMPARE(app::toJson(*back), app::toJson(views));
        QVERIFY(app::bookmarksFromJson(app::toJson({}))->empty());
    }

    void brokenFilesAreRefused_data() {
        QTest::addColumn<QByteArray>("json");
        const QByteArray good = app::toJson({sample("a")});
        const auto without = [&good](const char* from, const char* to) {
            QByteArray changed = good;
            return changed.replace(from, to);
        };
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no json") << QByteArray("views: []");
        QTest::newRow("other format") << QByteArray(R"({"format": 99, "views": []})");
        QTest::newRow("cut off") << good.left(good.size() / 2);
        QTest::newRow("no name") << without("\"name\": \"a\"", "\"name\": \"\"");
        QTest::newRow("scene") << without("\"fabric\"", "\"cellar\"");
        QTest::newRow("link") << without("same-extent", "loose");
        QTest::newRow("axes") << without("\"globe\"", "\"disc\"");
        QTest::newRow("clocks") << without("\"own\"", "\"three\"");
        QTest::newRow("speed") << without("0.003", "0");
        QTest::newRow("time") << without("86400.125", "-1");
        QTest::newRow("scale") << without("0.7", "-0.7");
    }
    void brokenFilesAreRefused() {
        QFETCH(QByteArray, json);
        const auto read = app::bookmarksFromJson(json);
        QVERIFY(!read.ok());
        QVERIFY(!read.errors().front().remedy.empty());
    }

    void aViewFromBeforeThereWereTwoClocksHasOneTime() {
        QJsonObject file = QJsonDocument::fromJson(app::toJson({sample("a")})).object();
        QJsonObject view = file["views"].toArray()[0].toObject();
        view.remove("clocks");
        view["time_s"] = 77.5;
        QJsonArray panes;
        for (const QJsonValue& each : view["panes"].toArray()) {
            QJsonObject pane = each.toObject();
            pane.remove("time_s");
            pane.remove("speed");
            panes.append(pane);
        }
        view["panes"] = panes;
        file["views"] = QJsonArray{view};
        const auto read = app::bookmarksFromJson(QJsonDocument(file).toJson());
        QVERIFY(read.ok());
        QVERIFY(read->front().clockLink == scenes::ClockLink::Shared);
        QCOMPARE(read->front().clocks[0].timeS, 77.5);
        QCOMPARE(read->front().clocks[1].timeS, 77.5);
    }

    void eachScenarioHasItsOwnFile() {
        const QString a = QStringLiteral("/data/a/colossus.atlas.yaml");
        const QString b = QStringLiteral("/data/b/colossus.atlas.yaml");
        QCOMPARE(app::bookmarkFile(a, true), QStringLiteral("/data/a/colossus.views.json"));
        QVERIFY(app::bookmarkFile(a, false) != app::bookmarkFile(b, false));
        QCOMPARE(app::bookmarkFile(a, false), app::bookmarkFile(a, false));
        QVERIFY(QFileInfo(app::bookmarkFile(a, false)).fileName().startsWith("colossus-"));
    }
};

QTEST_GUILESS_MAIN(TestBookmarks)
#include "tst_bookmarks.moc"

// Pages of scenes: in parts as whole, with and without what lies around the scene.
#include "app/composition.h"
#include "app/scene_picture.h"
#include "model/scenario/scenario_loader.h"

#include <QTest>

using namespace atlas;
using app::SceneKind;

class TestScenePage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QVERIFY(scenes::registerFonts());
        const auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/mixed-2048.atlas.yaml",
                                                   ATLAS_SOURCE_RESOURCES);
        QVERIFY(loaded.ok());
        m_workspace = app::composeWorkspace(loaded->scenario);
    }

    void partsMakeTheWhole_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("dark");
        QTest::addColumn<bool>("transparent");
        QTest::addColumn<bool>("around");
        const std::pair<const char*, SceneKind> kinds[] = {{"floorplan", SceneKind::Floorplan},
                                                           {"fabric", SceneKind::Fabric},
                                                           {"matrix", SceneKind::Matrix},
                                                           {"timeline", SceneKind::StepTimeline},
                                                           {"orbit", SceneKind::Orbit}};
        for (const auto& [name, kind] : kinds) {
            for (const bool dark : {true, false}) {
                for (const bool transparent : {true, false}) {
                    for (const bool around : {true, false}) {
                        QTest::addRow("%s, %s, %s, %s", name, dark ? "dark" : "light",
                                      transparent ? "transparent" : "on its ground",
                                      around ? "with legend and caption" : "bare")
                            << int(kind) << dark << transparent << around;
                    }
                }
            }
        }
    }
    void partsMakeTheWhole() {
        QFETCH(int, kind);
        QFETCH(bool, dark);
        QFETCH(bool, transparent);
        QFETCH(bool, around);
        app::ScenePictureOptions options;
        options.theme = scenes::loadTheme(dark ? scenes::ThemeMode::Dark : scenes::ThemeMode::Light);
        options.size = {420, 330};
        options.pixelRatio = 1.5;
        options.atS = 4e5;
        options.transparent = transparent;
        options.legend = options.caption = around;
        const auto page =
            app::ScenePage::make(*m_workspace, app::Side::A, static_cast<SceneKind>(kind), options);
        QVERIFY(page != nullptr);
        QCOMPARE(page->deviceSize(), QSize(630, 495));
        const QImage whole = page->rows({});
        QCOMPARE(whole.size(), page->deviceSize());
        QCOMPARE(whole.hasAlphaChannel(), transparent);
        for (int first = 0; first < whole.height(); first += 77) {
            const QImage part = page->rows({first, std::min(77, whole.height() - first)});
            for (int y = 0; y < part.height(); ++y) {
                QVERIFY2(std::equal(part.constScanLine(y), part.constScanLine(y) + part.bytesPerLine(),
                                    whole.constScanLine(first + y)),
                         qPrintable(QString("row %1").arg(first + y)));
            }
        }
        options.legend = options.caption = !around;
        QVERIFY(app::scenePicture(*m_workspace, app::Side::A, static_cast<SceneKind>(kind), options) !=
                whole);
    }

private:
    std::shared_ptr<const app::Workspace> m_workspace;
};

QTEST_MAIN(TestScenePage)
#include "tst_scene_page.moc"

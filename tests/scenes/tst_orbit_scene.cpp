// The orbit as it is drawn: labels, the worst, sizes of panes, what is said where nothing flies.
#include "tests/scenes/golden.h"
#include "tests/scenes/orbit_setting.h"

#include <QTest>

#include <cmath>
#include <numbers>

using namespace atlas;
using namespace atlas::scenes;
using fixture::Setting;

class TestOrbitScene : public QObject {
    Q_OBJECT

    Theme m_dark, m_light;

private slots:
    void initTestCase() {
        QVERIFY(registerFonts());
        m_dark = loadTheme(ThemeMode::Dark);
        m_light = loadTheme(ThemeMode::Light);
    }

    void labelsNeverOverlap() {
        QRandomGenerator random(3);
        const Setting setting(140, 12, 5000, 12);
        OrbitScene scene;
        int most = 0;
        for (int c = 0; c < 60; ++c) {
            const Viewport pane{{240 + int(random.bounded(900)), 160 + int(random.bounded(700))}, 1.0};
            setting.fill(scene, m_dark, random.bounded(3e7));
            OrbitOptions options;
            options.selected = c % 3 == 0 ? Target{} : Target{TargetKind::Rack, random.bounded(140u)};
            options.calloutTitle = c % 2 ? QString("rack 1-4-6, GPU 3 holds the step") : QString();
            options.calloutDetail = "9 000 GPUs wait";
            scene.setOptions(options);
            scene.setCamera(c % 4 == 3 ? *scene.cameraOn({TargetKind::Rack, random.bounded(140u)}, pane)
                                       : fixture::randomCamera(random, scene, pane));
            QVERIFY(!scene.image(pane).isNull());
            const auto& labels = scene.picture().labels;
            most = std::max(most, int(labels.size()));
            for (std::size_t i = 0; i < labels.size(); ++i) {
                QVERIFY(pane.rect().contains(labels[i].rect));
                for (std::size_t j = 0; j < i; ++j)
                    QVERIFY2(!labels[i].rect.intersects(labels[j].rect),
                             qPrintable(labels[i].text + " over " + labels[j].text));
            }
        }
        QVERIFY(most >= 5);
    }

    /// One faulty GPU among 550,000 on 7,640 satellites has its mark, wherever it flies, also behind the
    /// Earth.
    void theWorstIsNeverAveragedAway() {
        const Setting setting(7640);
        OrbitScene scene;
        const Viewport pane{{700, 500}, 1.0};
        QRandomGenerator random(5);
        for (int c = 0; c < 12; ++c) {
            const auto gpu = cluster::Index(random.bounded(setting.flown->cluster()->gpuCount));
            const std::uint8_t before = setting.frame->state[gpu];
            setting.frame->state[gpu] = std::uint8_t(operations::GpuState::Fault);
            setting.fill(scene, m_dark, random.bounded(3e7));
            scene.setCamera(scene.home(pane));
            const QImage with = scene.image(pane);
            const auto& beads = scene.picture().beads;
            QVERIFY(beads.size() <= 900);
            int satellites = 0;
            int marks = 0;
            for (const Bead& bead : beads) {
                satellites += bead.count;
                if (bead.worst >= 0) {
                    ++marks;
                    QCOMPARE(bead.worst, setting.flown->satelliteOf(gpu));
                    QVERIFY(bead.first <= bead.worst && bead.worst < bead.first + bead.count);
                }
            }
            QCOMPARE(satellites, 7640);
            QCOMPARE(marks, 1);
            setting.frame->state[gpu] = before;
            QVERIFY(scene.image(pane) != with);
        }
    }

    /// Without batteries the computers stand still in shadow, whatever the frame has of their GPUs: colour,
    /// words and legend say so. With batteries they go on.
    void withoutBatteriesShadowIsAPause() {
        for (const auto eclipse : {scenario::EclipsePower::Battery, scenario::EclipsePower::Pause}) {
            Setting setting(60, 12);
            setting.flown = fixture::constellation(60, 12, 600e3, eclipse);
            setting.frame = fixture::frame(*setting.flown->cluster(), 0.4, 3, cluster::kNone, 0);
            OrbitScene scene;
            const Viewport pane{{800, 600}, 1.0};
            setting.fill(scene, m_dark, 86400.0 * 50);
            scene.setCamera(scene.home(pane));
            QVERIFY(!scene.image(pane).isNull());
            const bool pauses = eclipse == scenario::EclipsePower::Pause;
            const QColor idle = m_dark.state(operations::GpuState::Idle).colour;
            int shaded = 0;
            for (const Bead& bead : scene.picture().beads) {
                QCOMPARE(bead.paused, pauses && bead.inShadow > 0);
                QCOMPARE(bead.light.colour == idle, bead.paused);
                const orbit::Balance now = setting.flown->balance(86400.0 * 50, bead.first);
                QCOMPARE(now.loadW == 0, bead.paused);
                shaded += bead.inShadow;
                QString words;
                for (const auto& row : scene.hoverText(targetOf(*setting.flown, bead.first)).rows)
                    words += row.second + '\n';
                QCOMPARE(words.contains("paused"), bead.paused);
            }
            QVERIFY(shaded > 5 && shaded < 40);
            bool told = false;
            for (const auto& entry : scene.legend(pane).entries)
                told = told || entry.label.contains("paused");
            QCOMPARE(told, pauses);
        }
    }

    void anyPaneCanBeDrawn() {
        const Setting setting(140, 12, 400, 3);
        OrbitScene scene;
        setting.fill(scene, m_light, 4e6);
        const Viewport pane{{640, 420}, 1.0};
        scene.setCamera(scene.home(pane));
        const QImage before = scene.image(pane);
        for (const Viewport& odd : {Viewport{{1, 1}, 1.0}, Viewport{{0, 0}, 1.0}, Viewport{{3, 700}, 1.0},
                                    Viewport{{641, 421}, 1.5}, Viewport{{640, 420}, 2.0}}) {
            for (const double zoom : {1.0, 1e3, 1e5}) {
                Camera camera = scene.home(odd);
                camera.pixelsPerMetre *= zoom;
                scene.setCamera(scene.bounded(camera, odd));
                QCOMPARE(scene.image(odd).size(), odd.deviceSize());
            }
        }
        scene.setCamera(scene.home(pane));
        QCOMPARE(scene.image(pane), before);
        // One satellite, and a rack less than one.
        for (const int count : {1, 2, 3}) {
            const Setting few(count);
            few.fill(scene, m_dark, 100);
            scene.setCamera(scene.home(pane));
            QVERIFY(!scene.image(pane).isNull());
            QCOMPARE(int(scene.picture().beads.size()), count);
        }
    }

    /// Twice the pixels, the same picture.
    void pixelRatiosAgree() {
        const Setting setting(140, 15);
        OrbitScene scene;
        setting.fill(scene, m_dark, 4e6);
        const Viewport one{{480, 360}, 1.0};
        scene.setCamera(scene.home(one));
        const QImage plain = scene.image(one);
        for (const double ratio : {1.5, 2.0}) {
            const QImage fine = scene.image({{480, 360}, ratio})
                                    .scaled(plain.size(), Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
            double sum = 0;
            for (int y = 0; y < plain.height(); ++y)
                for (int x = 0; x < plain.width(); ++x)
                    sum += std::abs(qGreen(plain.pixel(x, y)) - qGreen(fine.pixel(x, y)));
            QVERIFY(sum / (plain.width() * plain.height()) < 2.0);
        }
    }

    void onTheGroundItSaysSo() {
        OrbitScene scene;
        scene.setTheme(m_dark);
        scene.setCluster(fixture::uniformCluster(7200));
        const Viewport pane{{500, 300}, 1.0};
        scene.setCamera(scene.home(pane));
        const QImage words = scene.image(pane);
        int lit = 0;
        for (int y = 0; y < words.height(); ++y)
            for (int x = 0; x < words.width(); ++x)
                lit += qGreen(words.pixel(x, y)) > 100;
        QVERIFY(lit > 200);
        QVERIFY(!scene.pick({250, 150}, pane));
        QVERIFY(scene.legend(pane).entries.empty());
        // A constellation of another cluster is none of this one.
        scene.setConstellation(fixture::constellation(5));
        QVERIFY(scene.flown() == nullptr);
        QCOMPARE(scene.image(pane), words);
    }

    void goldenPicture_data() {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<bool>("close");
        QTest::newRow("dark") << true << false;
        QTest::newRow("light") << false << false;
        QTest::newRow("close") << true << true;
    }
    void goldenPicture() {
        QFETCH(bool, dark);
        QFETCH(bool, close);
        const Setting setting(140, 15, 4000, 2);
        OrbitScene scene;
        setting.fill(scene, dark ? m_dark : m_light, 86400 * 30.4);
        const Viewport pane{{360, 270}, 1.0};
        OrbitOptions options;
        options.labels = false; // glyphs differ from machine to machine
        scene.setOptions(options);
        scene.setCamera(close ? *scene.cameraOn({TargetKind::Rack, 20}, pane) : scene.home(pane));
        const QImage now = scene.image(pane);
        // The card's words are there still: a hundredth of the pane at most.
        QVERIFY(fixture::isGolden(now, QStringLiteral("orbit-") + QTest::currentDataTag()));
    }
};

QTEST_MAIN(TestOrbitScene)
#include "tst_orbit_scene.moc"

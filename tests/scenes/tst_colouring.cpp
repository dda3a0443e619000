// What colours stand for: quantities of the model on scales of their own, the same from a GPU up to a rack.
#include "scenes/floor_scene.h"
#include "scenes/group_colour.h"
#include "tests/scenes/floor_fixture.h"
#include "tests/scenes/golden.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::scenes;
using operations::GpuState;

namespace {

/// 100 W idle, 700 W at work, a quarter of the span while waiting; coolant of 30 degrees, 60 at TDP; $2 an
/// hour.
std::shared_ptr<const operations::Site> site() {
    operations::ConditionLaw law;
    law.idleW = 100;
    law.tdpW = 700;
    law.waitingShare = 0.25;
    law.supplyC = 30;
    law.fullLoadC = 60;
    law.rentUsdPerHour = 2;
    auto made = std::make_shared<operations::Site>();
    made->conditions.classes = {law, law, law};
    made->conditions.mostW = 1400;
    made->conditions.leastC = 20;
    made->conditions.mostC = 90;
    made->conditions.mostUsdPerHour = 4;
    made->works = {{operations::WorkKind::Turbines, 15, 247e6, 0, "a permit", "Southaven"},
                   {operations::WorkKind::Batteries, 208, 150e6, 811 * 3.6e9, "a chamber", ""}};
    return made;
}

std::shared_ptr<const operations::GpuConditions> conditions() {
    const auto made = site();
    return {made, &made->conditions};
}

} // namespace

class TestColouring : public QObject {
    Q_OBJECT

    std::shared_ptr<const cluster::Cluster> m_uniform = fixture::uniformCluster(55000);
    Theme m_theme;

    /// All GPUs in one state at one utilisation, of 255.
    [[nodiscard]] std::shared_ptr<operations::Frame> frameOf(GpuState state, int utilisation) const {
        auto frame = fixture::frame(*m_uniform, 0, 1);
        std::fill(frame->state.begin(), frame->state.end(), static_cast<std::uint8_t>(state));
        std::fill(frame->utilisation.begin(), frame->utilisation.end(),
                  static_cast<std::uint8_t>(utilisation));
        return frame;
    }

private slots:
    void initTestCase() {
        QVERIFY(registerFonts());
        m_theme = loadTheme(ThemeMode::Dark);
    }

    void quantitiesByHand_data() {
        QTest::addColumn<int>("by");
        QTest::addColumn<int>("state");
        QTest::addColumn<double>("utilisation");
        QTest::addColumn<double>("expected"); // negative: not known
        const auto row = [](const char* name, ColourBy by, GpuState state, double u, double expected) {
            QTest::newRow(name) << int(by) << int(state) << u << expected;
        };
        row("full power", ColourBy::Power, GpuState::Computing, 1, 700);
        row("half power", ColourBy::Power, GpuState::Decode, 0.5, 400);
        row("waiting power: 100 + 600/4", ColourBy::Power, GpuState::Waiting, 0, 250);
        row("idle power", ColourBy::Power, GpuState::Idle, 0, 100);
        row("failed: no power", ColourBy::Power, GpuState::Fault, 0, 0);
        row("warm at TDP", ColourBy::Temperature, GpuState::Computing, 1, 60);
        row("idle: 30 + 30/7", ColourBy::Temperature, GpuState::Idle, 0, 30 + 30.0 / 7);
        row("failed: no temperature", ColourBy::Temperature, GpuState::Fault, 0, -1);
        row("waiting costs the rent", ColourBy::DollarsLost, GpuState::Waiting, 0, 2);
        row("a checkpoint too", ColourBy::DollarsLost, GpuState::Checkpoint, 0, 2);
        row("communication is work", ColourBy::DollarsLost, GpuState::Communicating, 0.15, 0);
        row("stands still", ColourBy::StallShare, GpuState::Restart, 0, 1);
        row("the culprit works", ColourBy::StallShare, GpuState::Culprit, 1, 0);
    }
    void quantitiesByHand() {
        QFETCH(int, by);
        QFETCH(int, state);
        QFETCH(double, utilisation);
        QFETCH(double, expected);
        const Colouring colouring(static_cast<ColourBy>(by), conditions());
        const double got = colouring.quantity(0, static_cast<GpuState>(state), utilisation);
        QCOMPARE(std::isnan(got), expected < 0);
        if (expected >= 0)
            QVERIFY2(std::abs(got - expected) < 1e-9, qPrintable(QString::number(got)));
    }

    /// The middle of the scale has the colour of the middle of the ramp, on the floor and for a group.
    void aCellHasTheColourOfItsQuantity_data() {
        QTest::addColumn<int>("by");
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("utilisation");
        QTest::addColumn<double>("share");
        QTest::newRow("power") << int(ColourBy::Power) << int(GpuState::Computing) << 255 << 0.5;
        QTest::newRow("temperature") << int(ColourBy::Temperature) << int(GpuState::Computing) << 255
                                     << 4.0 / 7;
        QTest::newRow("dollars") << int(ColourBy::DollarsLost) << int(GpuState::Waiting) << 0 << 0.5;
        QTest::newRow("stall") << int(ColourBy::StallShare) << int(GpuState::Waiting) << 0 << 1.0;
        QTest::newRow("utilisation") << int(ColourBy::Utilisation) << int(GpuState::Decode) << 51 << 0.2;
    }
    void aCellHasTheColourOfItsQuantity() {
        QFETCH(int, by);
        QFETCH(int, state);
        QFETCH(int, utilisation);
        QFETCH(double, share);
        const auto frame = frameOf(static_cast<GpuState>(state), utilisation);
        const Colouring colouring(static_cast<ColourBy>(by), conditions());
        const auto geometry = makeFloorGeometry(m_uniform);
        const QRgb wanted =
            m_theme.sequential[static_cast<std::size_t>(std::lround(share * 255))] & 0xffffffu;
        for (const double zoom : {0.3, 1.0, 40.0}) {
            const Viewport pane{{640, 400}, 1.0};
            Camera camera = fitted(toQt(m_uniform->bounds), pane);
            camera.pixelsPerMetre *= zoom;
            camera.centre = zoom > 1 ? toQt(m_uniform->gpuRect(30000)).center() : camera.centre;
            FloorCells cells;
            const FloorMap map = makeFloorMap(*geometry, camera, pane);
            colourCells(*geometry, map, frame.get(), colouring, m_theme, cells);
            QVERIFY(!cells.halls.empty());
            QCOMPARE(QString::number(cells.halls[0].colour[0] & 0xffffffu, 16), QString::number(wanted, 16));
        }
        const GroupColour group = groupColour(*m_uniform, frame.get(), {0, 72}, colouring, m_theme);
        QCOMPARE(QString::number(group.colour.rgb() & 0xffffffu, 16), QString::number(wanted, 16));
    }

    /// A rack in which a quarter stands still shows a quarter, in every cell, until single GPUs can be seen.
    void sharesAreOfARack() {
        auto frame = frameOf(GpuState::Computing, 255);
        for (cluster::Index g = 0; g < m_uniform->gpuCount; g += 4)
            frame->state[g] = static_cast<std::uint8_t>(GpuState::Waiting);
        const auto geometry = makeFloorGeometry(m_uniform);
        const Viewport pane{{640, 400}, 1.0};
        const FloorMap map = makeFloorMap(*geometry, fitted(toQt(m_uniform->bounds), pane), pane);
        FloorCells cells;
        colourCells(*geometry, map, frame.get(), ColourBy::StallShare, m_theme, cells);
        const QRgb quarter = m_theme.sequential[64] & 0xffffffu; // 0.25 * 255 = 63.75
        const HallCells& hall = cells.halls[0];
        for (int x = 0; x < map.halls[0].x.cellsPerUnit; ++x)
            QCOMPARE(QString::number(hall.colour[static_cast<std::size_t>(x)] & 0xffffffu, 16),
                     QString::number(quarter, 16));
    }

    void legendsNameUnitsAndEnds() {
        FloorScene scene;
        scene.setCluster(m_uniform);
        scene.setTheme(m_theme);
        scene.setSite(site());
        const Viewport pane{{640, 400}, 1.0};
        scene.setCamera(fitted(scene.bounds(), pane));
        scene.setFrame(frameOf(GpuState::Computing, 255));
        const auto ends = [&](ColourBy by) {
            FloorOptions options;
            options.colourBy = by;
            scene.setOptions(options);
            const Legend legend = scene.legend(pane);
            return legend.hasRamp ? legend.rampLow + " / " + legend.rampHigh : QString();
        };
        const QChar fixed(0x00a0);
        QVERIFY(ends(ColourBy::Temperature).startsWith(QString("20%1°C / 90%1°C").arg(fixed)));
        QVERIFY(ends(ColourBy::Power).contains(QString("1.40%1kW a GPU").arg(fixed)));
        QVERIFY(ends(ColourBy::DollarsLost).contains("$4.00 an hour"));
        QVERIFY(ends(ColourBy::StallShare).contains("stand still"));
        QVERIFY(ends(ColourBy::State).isEmpty());
        QVERIFY(scene.legend(pane).note.contains("px"));
    }

    /// Without the site's conditions nothing is invented: no ramp colour, and words that say so.
    void whatIsNotKnownIsNotShown() {
        const auto frame = frameOf(GpuState::Computing, 255);
        const GroupColour group =
            groupColour(*m_uniform, frame.get(), {0, 72}, ColourBy::Temperature, m_theme);
        QVERIFY(std::isnan(group.quantity));
        QCOMPARE(group.colour, m_theme.state(GpuState::Unpowered).colour);
        QCOMPARE(Colouring(ColourBy::Temperature).text(std::nan("")), QString("not known"));
    }

    void goldenPictures_data() {
        QTest::addColumn<int>("by");
        QTest::addColumn<bool>("dark");
        QTest::addColumn<double>("zoom");
        QTest::newRow("floor-temperature") << int(ColourBy::Temperature) << true << 1.0;
        QTest::newRow("floor-power-light") << int(ColourBy::Power) << false << 1.0;
        QTest::newRow("floor-stall") << int(ColourBy::StallShare) << true << 1.0;
        QTest::newRow("floor-lost-close") << int(ColourBy::DollarsLost) << false << 60.0;
    }
    void goldenPictures() {
        QFETCH(int, by);
        QFETCH(bool, dark);
        QFETCH(double, zoom);
        const auto cluster = fixture::mixedCluster(16000, 6000);
        FloorScene scene;
        scene.setCluster(cluster);
        scene.setTheme(dark ? m_theme : loadTheme(ThemeMode::Light));
        scene.setSite(site());
        FloorOptions options;
        options.colourBy = static_cast<ColourBy>(by);
        options.labels = false; // glyphs differ from machine to machine
        scene.setOptions(options);
        auto frame = fixture::frame(*cluster, 0.4, 3, 9000, 6);
        for (cluster::Index g = 0; g < cluster->gpuCount / 3; ++g) // so that racks differ
            frame->state[g] = static_cast<std::uint8_t>(GpuState::Computing);
        scene.setFrame(frame);
        const Viewport pane{{360, 270}, 1.0};
        Camera camera = fitted(scene.bounds(), pane);
        camera.pixelsPerMetre *= zoom;
        if (zoom > 1)
            camera.centre = toQt(cluster->gpuRect(9000)).center();
        scene.setCamera(camera);
        QVERIFY(fixture::isGolden(scene.image(pane), QTest::currentDataTag()));
    }

    /// Marks and cards come in by size, without a step and without a memory: the same camera gives the same
    /// picture, whichever way one came.
    void levelsOfDetailFadeIn() {
        const auto geometry = makeFloorGeometry(m_uniform);
        const Viewport pane{{640, 400}, 1.0};
        Camera camera = fitted(toQt(m_uniform->bounds), pane);
        camera.centre = toQt(m_uniform->gpuRect(30000)).center();
        double marks = 0;
        double cards = 0;
        bool between = false;
        for (; camera.pixelsPerMetre < 2000; camera.pixelsPerMetre *= 1.01) {
            const HallMap& hall = makeFloorMap(*geometry, camera, pane).halls[0];
            QVERIFY(hall.patternShare >= marks && hall.patternShare - marks < 0.12);
            QVERIFY(hall.cardShare >= cards && hall.cardShare - cards < 0.12);
            QVERIFY(hall.cardShare == 0 || hall.patternShare == 1);
            between = between || (hall.cardShare > 0.2 && hall.cardShare < 0.8);
            marks = hall.patternShare;
            cards = hall.cardShare;
        }
        QVERIFY(between);
        QCOMPARE(marks, 1.0);
        QCOMPARE(cards, 1.0);
    }

    /// Every unit the record counts stands in the yard, below the campus, none on another.
    void theYardHoldsWhatTheRecordCounts() {
        FloorScene scene;
        scene.setCluster(m_uniform);
        scene.setTheme(m_theme);
        const QRectF before = scene.bounds();
        scene.setSite(site());
        QVERIFY(scene.bounds().contains(before) && scene.bounds().height() > before.height());
        const SiteYard yard = makeSiteYard(*m_uniform, site()->works);
        QCOMPARE(yard.blocks.size(), std::size_t{2});
        const QRectF campus = toQt(m_uniform->bounds);
        for (const YardBlock& block : yard.blocks) {
            QVERIFY(block.columns * block.lines >= block.count);
            QVERIFY((block.columns - 1) * block.lines < block.count);
            QVERIFY(yard.rect.contains(block.rect) && block.rect.top() >= campus.bottom());
        }
        QVERIFY(!yard.blocks[0].rect.intersects(yard.blocks[1].rect));
        const Viewport pane{{900, 700}, 1.0};
        scene.setCamera(fitted(scene.bounds(), pane));
        const Target hit = scene.pick(scene.camera().toScreen(yard.blocks[1].rect.center(), pane), pane);
        QCOMPARE(hit, (Target{TargetKind::Work, 1}));
        const HoverText text = scene.hoverText(hit);
        QCOMPARE(text.title, QString("208 Megapacks"));
        QCOMPARE(text.rows[1].second, QString("811%1MWh").arg(QChar(0x00a0)));
        QCOMPARE(text.rows.back().second, QString("a chamber"));
        QCOMPARE(scene.worldRect(hit), yard.blocks[1].rect);
        (void)scene.image(pane);
        QStringList words;
        for (const FloorLabel& label : scene.labels().labels)
            words << label.text;
        QVERIFY(words.contains("208 Megapacks") && words.contains("15 gas turbines"));
    }
};

QTEST_MAIN(TestColouring)
#include "tst_colouring.moc"

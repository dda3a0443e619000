// The step timeline: folding keeps every span, words keep apart, a point is what is drawn there.
#include "scenes/colour.h"
#include "scenes/lanes_scene.h"
#include "scenes/time_ticks.h"
#include "tests/scenes/lanes_fixture.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::scenes;
using operations::SpanKind;

class TestLanes : public QObject {
    Q_OBJECT

    std::shared_ptr<const cluster::Cluster> m_cluster = fixture::mixedCluster(1600, 800);
    Theme m_theme;

    void prepare(LanesScene& scene, std::shared_ptr<const operations::StepLanes> lanes, double timeS = 1045) {
        scene.setTheme(m_theme);
        scene.setCluster(m_cluster);
        LanesOptions options;
        options.durationS = 1e8;
        scene.setOptions(options);
        auto frame = fixture::frame(*m_cluster, 0.5, 500, 2);
        frame->timeS = timeS;
        frame->stepStartS = std::floor(timeS / 10) * 10;
        frame->stepTimeS = 10;
        scene.setFrame(frame);
        scene.setLanes(std::move(lanes));
    }

private slots:
    void initTestCase() {
        QVERIFY(registerFonts());
        m_theme = loadTheme(ThemeMode::Dark);
    }

    /// Against a walk over every span, at scales from all in a pixel to one over the pane.
    void foldingKeepsEverySpan_data() {
        QTest::addColumn<double>("pixelsPerS");
        for (double scale = 1e-3; scale < 1e5; scale *= 7)
            QTest::addRow("%g px/s", scale) << scale;
    }
    void foldingKeepsEverySpan() {
        QFETCH(double, pixelsPerS);
        const auto spans = fixture::randomSpans(17, 20'000, 1e-3);
        const operations::LaneTrack track(spans);
        const double end = spans.back().endS;
        QRandomGenerator random(5);
        for (int round = 0; round < 20; ++round) {
            const LaneWindow window{random.bounded(end), pixelsPerS, 200 + random.bounded(1200.0)};
            const FoldedLane folded = foldLane(track, window);
            std::size_t visible = 0;
            std::size_t severe = 0;
            for (const auto& s : spans) {
                const bool in =
                    (s.endS > window.fromS || s.startS >= window.fromS) && s.startS < window.toS();
                visible += in;
                severe += in && operations::severe(s.kind);
            }
            std::size_t shown = 0;
            std::size_t hidden = 0;
            std::size_t severeShown = 0;
            std::uint32_t next = folded.items.empty() ? 0 : folded.items.front().first;
            double right = 0;
            for (const LaneItem& item : folded.items) {
                QCOMPARE(item.first, next);
                next = item.first + item.count;
                shown += item.count;
                QVERIFY(item.left >= right && item.right >= item.left);
                QVERIFY(item.right <= window.widthPx);
                right = item.right;
                bool anySevere = false;
                operations::KindSeconds sums{};
                for (std::uint32_t i = item.first; i < next; ++i) {
                    anySevere = anySevere || operations::severe(spans[i].kind);
                    severeShown += operations::severe(spans[i].kind);
                    sums[static_cast<std::size_t>(spans[i].kind)] += spans[i].seconds();
                    // Nothing that could be seen by itself is folded away.
                    QVERIFY(item.count == 1 || spans[i].seconds() * pixelsPerS < kFoldPx);
                }
                QCOMPARE(item.marked, anySevere);
                if (item.count > 1) {
                    hidden += item.count;
                    for (std::size_t k = 0; k < sums.size(); ++k)
                        QVERIFY(std::abs(sums[k] - item.seconds[k]) < 1e-6);
                    QVERIFY(sums[static_cast<std::size_t>(item.kind)] >=
                            *std::max_element(sums.begin(), sums.end()) - 1e-9);
                }
            }
            QCOMPARE(shown, visible);
            QCOMPARE(severeShown, severe);
            QCOMPARE(folded.folded, hidden);
            // Costs follow pixels: no more items than fit.
            QVERIFY(static_cast<double>(folded.items.size()) <= 2 * window.widthPx / kFoldPx + 2);
        }
    }

    void ticksAreRoundAndApart_data() {
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("gap");
        QTest::addColumn<double>("step");
        QTest::addColumn<QString>("contains");
        QTest::newRow("microseconds") << 86400.0 * 304 + 20.6 << 3e-6 << 5e-6 << QString("20.60");
        QTest::newRow("milliseconds") << 59.9 << 0.015 << 0.02 << QString("00:01");
        QTest::newRow("seconds") << 86399.0 << 1.1 << 2.0 << QString("day 1");
        QTest::newRow("minutes") << 3600.0 * 5 << 70.0 << 120.0 << QString("05:02");
        QTest::newRow("hours") << 86400.0 * 3 << 9000.0 << 10800.0 << QString("03:00");
        QTest::newRow("days") << 0.0 << 100'000.0 << 172'800.0 << QString("day 2");
        QTest::newRow("years") << 0.0 << 86400.0 * 300 << 86400.0 * 500 << QString("day 500");
    }
    void ticksAreRoundAndApart() {
        QFETCH(double, from);
        QFETCH(double, gap);
        QFETCH(double, step);
        QFETCH(QString, contains);
        const auto ticks = timeTicks(from, from + 40 * gap, gap);
        QVERIFY(ticks.size() > 10);
        bool found = false;
        for (std::size_t i = 0; i < ticks.size(); ++i) {
            if (i > 0)
                QVERIFY(std::abs(ticks[i].timeS - ticks[i - 1].timeS - step) < 1e-3 * step);
            QVERIFY(ticks[i].timeS >= from - 1e-6 * gap && ticks[i].timeS <= from + 40 * gap);
            found = found || ticks[i].label.contains(contains);
        }
        QVERIFY(found);
        QVERIFY(timeTicks(0, 1, 0).empty());
        QVERIFY(timeTicks(1, 0, 1).empty());
    }

    void lengthsHaveThreeDigits() {
        const QChar space(0x00a0);
        QCOMPARE(lengthText(0.000012), QString("12.0") + space + "µs");
        QCOMPARE(lengthText(0.9999), QString("1.00") + space + "s");
        QCOMPARE(lengthText(90), QString("90.0") + space + "s");
        QCOMPARE(lengthText(5400), QString("90.0") + space + "min");
        QCOMPARE(lengthText(86400 * 4), QString("4.00") + space + "d");
    }

    void wordsNeverOverlap() {
        QRandomGenerator random(3);
        std::size_t words = 0;
        for (int round = 0; round < 60; ++round) {
            LanesScene scene;
            prepare(scene, fixture::smallLanes(m_cluster));
            const Viewport pane{{360 + int(random.bounded(900)), 160 + int(random.bounded(500))},
                                round % 3 == 0 ? 2.0 : 1.0};
            Camera camera = scene.home(pane);
            if (round > 5)
                camera = camera.zoomed(std::exp(random.bounded(9.0) - 5),
                                       QPointF(random.bounded(double(pane.size.width())), 100), pane);
            scene.setCamera(camera);
            (void)scene.image(pane);
            const auto& texts = scene.picture().texts;
            for (std::size_t i = 0; i < texts.size(); ++i)
                for (std::size_t j = 0; j < i; ++j)
                    QVERIFY2(!texts[i].rect.adjusted(0.5, 0.5, -0.5, -0.5).intersects(texts[j].rect),
                             qPrintable(texts[i].text + " / " + texts[j].text));
            words += texts.size();
        }
        QVERIFY(words > 600);
    }

    /// The item under every pixel of a lane is the one that is drawn there.
    void pickingFindsWhatIsDrawn() {
        LanesScene scene;
        prepare(scene, fixture::smallLanes(m_cluster));
        const Viewport pane{{900, 320}, 1.0};
        for (const double zoom : {1.0, 0.05, 6.0}) {
            scene.setCamera(scene.home(pane).zoomed(zoom, {500, 100}, pane));
            (void)scene.image(pane);
            int spans = 0;
            for (const DrawnLane& drawn : scene.picture().lanes) {
                const double y = drawn.rect.center().y();
                const auto& lane = scene.lanes()->lanes[drawn.lane];
                for (double x = drawn.rect.left() + 0.5; x < drawn.rect.right(); x += 1) {
                    const Target target = scene.pick({x, y}, pane);
                    QCOMPARE(target.kind,
                             lane.kind == operations::LaneKind::Rank ? TargetKind::Gpu : TargetKind::Lane);
                    QCOMPARE(target.index, lane.kind == operations::LaneKind::Rank ? lane.gpu : drawn.lane);
                    const LaneItem* under = nullptr;
                    for (const LaneItem& item : drawn.folded.items)
                        if (drawn.rect.left() + item.left <= x && x < drawn.rect.left() + item.right)
                            under = &item;
                    if (under == nullptr)
                        continue; // a gap, or within reach of a neighbour
                    QCOMPARE(target.part, under->first);
                    const HoverText text = scene.hoverText(target);
                    QVERIFY(!text.title.isEmpty());
                    QCOMPARE(text.title.contains("folded"), under->count > 1);
                    ++spans;
                }
            }
            QVERIFY(spans > 500);
        }
        QCOMPARE(scene.pick({500, 5}, pane).kind, TargetKind::Instant);
        QCOMPARE(scene.pick({-5, 100}, pane).kind, TargetKind::None);
    }

    void selectingAGpuMeansTheSameElsewhere() {
        LanesScene scene;
        prepare(scene, fixture::smallLanes(m_cluster));
        const Viewport pane{{900, 320}, 1.0};
        scene.setCamera(scene.home(pane));
        (void)scene.image(pane);
        const QPointF at = scene.picture().lanes.back().rect.center();
        const Target target = scene.pick(at, pane).whole();
        QCOMPARE(target, (Target{TargetKind::Gpu, 905}));
        const QRectF world = scene.worldRect(target);
        QVERIFY(scene.camera().toScreen(world, pane).contains(QPointF(at.x(), at.y())));
    }

    void instantsAreWhereTheyAreDrawn() {
        LanesScene scene;
        prepare(scene, fixture::smallLanes(m_cluster));
        const Viewport pane{{900, 320}, 1.0};
        scene.setCamera(scene.home(pane));
        (void)scene.image(pane);
        // Home shows the step at the clock, from its start to its end.
        QVERIFY(scene.shows(1040, pane) && scene.shows(1049.99, pane));
        QVERIFY(!scene.shows(1039, pane) && !scene.shows(1051, pane));
        const auto at = scene.instantOf({TargetKind::Instant, 400}, pane);
        QVERIFY(at.has_value());
        QVERIFY(std::abs(scene.camera().toScreen({*at, 0}, pane).x() - 400) < 1e-6);
        // A step of the lane of steps begins where its span does.
        QCOMPARE(scene.instantOf({TargetKind::Lane, 1, 7}, pane), std::optional(1070.0));
        QVERIFY(!scene.instantOf({TargetKind::Gpu, 2, 7}, pane));
    }

    void foldsAreToldInTheLegend() {
        LanesScene scene;
        prepare(scene, fixture::smallLanes(m_cluster));
        const Viewport pane{{900, 320}, 1.0};
        scene.setCamera(scene.home(pane));
        (void)scene.image(pane);
        QCOMPARE(scene.picture().folded, std::size_t{0});
        QVERIFY(!scene.legend(pane).note.contains("folded"));
        QVERIFY(scene.legend(pane).note.contains("critical path"));
        scene.setCamera(scene.home(pane).zoomed(0.02, {500, 100}, pane));
        (void)scene.image(pane);
        QVERIFY(scene.picture().folded > 500);
        const QString note = scene.legend(pane).note;
        QVERIFY2(note.contains("folded") && note.contains("below 3 px"), qPrintable(note));
    }

    void whatIsMissingIsAskedFor() {
        LanesScene scene;
        prepare(scene, nullptr);
        const Viewport pane{{900, 320}, 1.0};
        scene.setCamera(scene.home(pane));
        auto wish = scene.wish(pane);
        QVERIFY(wish.has_value());
        QVERIFY(wish->fromS < 1040 && wish->toS > 1050);
        QCOMPARE(wish->focusS, 1045.0);
        auto lanes = fixture::smallLanes(m_cluster);
        lanes->fromS = wish->fromS;
        lanes->toS = wish->toS;
        lanes->pixelsPerS = wish->pixelsPerS;
        scene.setLanes(lanes);
        QVERIFY(!scene.wish(pane));
        const Camera home = scene.home(pane);
        scene.setCamera(home.panned({-300, 0}));
        QVERIFY(!scene.wish(pane)); // within what was asked for
        scene.setCamera(home.panned({-1500, 0}));
        QVERIFY(scene.wish(pane).has_value());
        scene.setCamera(home.zoomed(4, {400, 100}, pane));
        QVERIFY(scene.wish(pane).has_value());
        scene.setCamera(home);
        LanesOptions options = scene.options();
        options.selected = {TargetKind::Gpu, 1234};
        scene.setOptions(options);
        QCOMPARE(scene.wish(pane)->selected, 1234u);
    }

    /// A page lasts some seconds of the wall, however fast time goes.
    void pagesFollowThePace() {
        LanesScene scene;
        prepare(scene, fixture::smallLanes(m_cluster));
        const Viewport pane{{900, 320}, 1.0};
        LanesOptions options = scene.options();
        options.paceSPerS = 300;
        scene.setOptions(options);
        scene.setCamera(scene.home(pane));
        const double shownS = 900.0 / scene.camera().pixelsPerMetre;
        QVERIFY(shownS > 300 * 4 && shownS < 300 * 16);
        QVERIFY(scene.shows(1045, pane));
    }

    void lanesKeepTheirHeightWhenTimeIsZoomed() {
        LanesScene scene;
        prepare(scene, fixture::smallLanes(m_cluster));
        const Viewport pane{{900, 320}, 1.0};
        scene.setCamera(scene.home(pane));
        (void)scene.image(pane);
        const QRectF before = scene.picture().lanes[3].rect;
        scene.setCamera(scene.camera().zoomed(13, {500, 140}, pane));
        (void)scene.image(pane);
        QCOMPARE(scene.picture().lanes[3].rect, before);
        // No further than to the first and the last lane.
        const Camera far = scene.bounded(scene.camera().panned({0, 5000}), pane);
        QCOMPARE(far.centre.y(), scene.bounded(scene.home(pane), pane).centre.y());
    }

    void theCulpritIsRingedAndTheCriticalPathDrawn() {
        LanesScene scene;
        prepare(scene, fixture::smallLanes(m_cluster));
        const Viewport pane{{900, 320}, 1.0};
        scene.setCamera(scene.home(pane));
        const QImage with = scene.image(pane);
        const QColor culprit = m_theme.state(operations::GpuState::Culprit).colour;
        int ringed = 0;
        const QRectF row = scene.picture().lanes[4].rect;
        for (int y = int(row.top()); y < int(row.bottom()); ++y)
            for (int x = 0; x < int(row.left()); ++x)
                ringed += difference(with.pixelColor(x, y), culprit) < 12;
        QVERIFY(ringed > 10);
        LanesOptions options = scene.options();
        options.criticalPath = false;
        scene.setOptions(options);
        QVERIFY(scene.image(pane) != with);
    }

    void withoutLanesThePaneIsEmptyAndStands() {
        LanesScene scene;
        prepare(scene, nullptr);
        for (const QSize size : {QSize(900, 320), QSize(1, 1), QSize(0, 0), QSize(5, 700)}) {
            const Viewport pane{size, 1.0};
            scene.setCamera(scene.home(pane));
            QCOMPARE(scene.image(pane).size(), pane.deviceSize());
            QVERIFY(!scene.pick({50, 50}, pane) || scene.pick({50, 50}, pane).kind == TargetKind::Instant);
        }
        auto foreign = fixture::smallLanes(fixture::mixedCluster(1600, 1600));
        scene.setLanes(foreign);
        const Viewport pane{{900, 320}, 1.0};
        (void)scene.image(pane);
        QVERIFY(scene.picture().lanes.empty());
    }

    /// A guard against costs that follow spans: three million of them in sixty lanes, while time moves on.
    void millionsStaySmooth() {
        auto lanes = fixture::smallLanes(m_cluster);
        while (lanes->lanes.size() < 60) {
            lanes->lanes.push_back(lanes->lanes.back());
            lanes->lanes.back().track = operations::LaneTrack(fixture::evenSpans(
                0, 0.02, 50'000,
                {SpanKind::Forward, SpanKind::Backward, SpanKind::ExpertExchange, SpanKind::BarrierWait}));
        }
        LanesScene scene;
        prepare(scene, lanes, 505);
        const Viewport pane{{1600, 900}, 1.0};
        QImage target(pane.deviceSize(), QImage::Format_RGB32);
        const Camera home = scene.home(pane).zoomed(0.02, {800, 300}, pane);
        QElapsedTimer watch;
        watch.start();
        for (int i = 0; i < 20; ++i) {
            scene.setCamera(home.panned({2.0 * i, 0}));
            QPainter painter(&target);
            scene.paint(painter, pane);
        }
        QVERIFY2(watch.elapsed() < 20 * 60, qPrintable(QString::number(watch.elapsed())));
        QVERIFY(scene.picture().folded > 1'000'000);
    }
};

QTEST_MAIN(TestLanes)
#include "tst_lanes.moc"

#include "scenes/floor_difference.h"
#include "tests/scenes/floor_fixture.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::scenes;
using operations::GpuState;

/// B minus A, GPU by GPU: nothing where nothing differs, the mean of the differences where GPUs share a cell,
/// and no culprit or fault lost.
class TestFloorDifference : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        registerFonts();
        m_theme = loadTheme(ThemeMode::Dark);
        m_cluster = fixture::mixedCluster(16'000, 8'000);
        m_geometry = makeFloorGeometry(m_cluster);
    }

    void floorsAreTheSameByPlaceAndClass() {
        QVERIFY(sameFloor(*m_cluster, *m_cluster));
        QVERIFY(sameFloor(*m_cluster, *fixture::mixedCluster(16'000, 8'000))); // built anew
        QVERIFY(!sameFloor(*m_cluster, *fixture::mixedCluster(8'000, 16'000)));
        QVERIFY(!sameFloor(*m_cluster, *fixture::mixedCluster(16'000, 8'008)));
        QVERIFY(!sameFloor(*m_cluster, *fixture::uniformCluster(24'000)));
        cluster::Cluster other = *m_cluster; // of the same shape, one class for another
        other.gpuClasses.front().id = "another";
        QVERIFY(!sameFloor(*m_cluster, other));
    }

    void nothingWhereNothingDiffers() {
        const auto frame = fixture::frame(*m_cluster, 0.3, 7, 5, 12);
        const FloorCells cells = difference(*frame, *frame, farAway(), ColourBy::Utilisation);
        QVERIFY(cells.worst.empty()); // both have them
        for (const HallCells& hall : cells.halls)
            for (const QRgb cell : hall.colour)
                QVERIFY((cell & 0xffffff) == (m_theme.diverging[128] & 0xffffff) ||
                        (cell & 0xffffff) == (m_theme.panel.rgb() & 0xffffff));
    }

    void aCellIsTheMeanOfItsDifferences_data() {
        QTest::addColumn<int>("by");
        QTest::addColumn<double>("pixelsPerMetre");
        for (const ColourBy by : {ColourBy::Utilisation, ColourBy::StallShare})
            for (const double scale : {0.6, 2.0, 8.0, 20.0})
                QTest::addRow("%d at %g", static_cast<int>(by), scale) << static_cast<int>(by) << scale;
    }
    void aCellIsTheMeanOfItsDifferences() {
        QFETCH(int, by);
        QFETCH(double, pixelsPerMetre);
        const auto quantity = static_cast<ColourBy>(by);
        const auto a = fixture::frame(*m_cluster, 0.2, 1);
        const auto b = fixture::frame(*m_cluster, 0.7, 2);
        Camera camera = farAway();
        camera.pixelsPerMetre = pixelsPerMetre;
        const FloorMap map = makeFloorMap(*m_geometry, camera, kPane);
        const FloorCells cells = difference(*a, *b, camera, quantity);
        std::size_t compared = 0;
        for (std::size_t h = 0; h < map.halls.size(); ++h) {
            const HallMap& hall = map.halls[h];
            const HallGridView& grid = m_geometry->halls[hall.grid];
            const bool rackwise = quantity == ColourBy::StallShare && hall.detail < Detail::Trays;
            for (std::size_t line = 0; line < hall.y.unitCount; ++line)
                for (std::size_t u = 0; u < hall.x.unitCount; ++u) {
                    const auto r = grid.rackAt(hall.x.firstUnit + u, hall.y.firstUnit + line);
                    if (r == cluster::kNone)
                        continue;
                    const cluster::Rack& rack = m_cluster->racks[r];
                    for (int y = 0; y < hall.y.cellsPerUnit; ++y)
                        for (int x = 0; x < hall.x.cellsPerUnit; ++x) {
                            double sum = 0;
                            int count = 0;
                            for (cluster::Index g = rack.gpus.first; g < rack.gpus.end(); ++g) {
                                const auto local = static_cast<int>(g - rack.gpus.first);
                                const bool here =
                                    rackwise ||
                                    (local % rack.columns * hall.x.cellsPerUnit / grid.columns == x &&
                                     local / rack.columns * hall.y.cellsPerUnit / grid.lines == y);
                                if (here) {
                                    sum += value(*b, g, quantity) - value(*a, g, quantity);
                                    ++count;
                                }
                            }
                            if (count == 0)
                                continue;
                            const auto width = static_cast<std::size_t>(cells.halls[h].width);
                            const std::size_t row = line * static_cast<std::size_t>(hall.y.cellsPerUnit) +
                                                    static_cast<std::size_t>(y);
                            const std::size_t column = u * static_cast<std::size_t>(hall.x.cellsPerUnit) +
                                                       static_cast<std::size_t>(x);
                            const QRgb cell = cells.halls[h].colour[row * width + column];
                            const int wanted = static_cast<int>(std::lround(127.5 + 127.5 * sum / count));
                            const bool near = std::abs(wanted - entryOf(cell)) <= 1;
                            QVERIFY2(near,
                                     qPrintable(QStringLiteral("%1 for %2").arg(entryOf(cell)).arg(wanted)));
                            ++compared;
                        }
                }
        }
        QVERIFY(compared > 100);
    }

    void lessIsStripedToo() {
        const auto busy = fixture::frame(*m_cluster, 0.0, 1);
        const auto idle = fixture::frame(*m_cluster, 1.0, 1);
        const auto patternsOf = [&](const operations::Frame& a, const operations::Frame& b) {
            const FloorCells cells = difference(a, b, farAway(), ColourBy::Utilisation);
            return static_cast<Pattern>(qAlpha(cells.halls[0].colour[0]));
        };
        QVERIFY(patternsOf(*busy, *idle) == Pattern::Stripes);
        QVERIFY(patternsOf(*idle, *busy) == Pattern::Solid);
    }

    void whatOnlyBHasIsMarkedFromAfar() {
        const auto a = fixture::frame(*m_cluster, 0.5, 3);
        const auto b = std::make_shared<operations::Frame>(*a);
        const cluster::Index gpu = m_cluster->gpuCount / 3;
        b->state[gpu] = static_cast<std::uint8_t>(GpuState::Fault);
        const FloorCells cells = difference(*a, *b, farAway(), ColourBy::Utilisation);
        QCOMPARE(cells.worst.size(), std::size_t{1});
        QCOMPARE(cells.worst[0].gpu, gpu);
        QVERIFY(difference(*b, *a, farAway(), ColourBy::Utilisation).worst.empty()); // B has it no more
        const QRgb fault = m_theme.state(GpuState::Fault).colour.rgb() & 0xffffff;
        int seen = 0;
        for (const HallCells& hall : cells.halls)
            for (const QRgb cell : hall.colour)
                seen += (cell & 0xffffff) == fault ? 1 : 0;
        QCOMPARE(seen, 1);
    }

    void differencesHaveTheirSign() {
        QCOMPARE(differenceText(ColourBy::Utilisation, 0.123), QStringLiteral("+12 pp"));
        QCOMPARE(differenceText(ColourBy::StallShare, -0.0421), QStringLiteral("−4.2 pp"));
        QCOMPARE(differenceText(ColourBy::Power, -1.25e6), QStringLiteral("−") + withoutSign(1.25e6));
        QCOMPARE(differenceText(ColourBy::Utilisation, std::nan("")), QStringLiteral("not known"));
    }

private:
    static inline const Viewport kPane{QSize(900, 600), 1.0};
    [[nodiscard]] Camera farAway() const { return fitted(toQt(m_cluster->bounds), kPane); }
    [[nodiscard]] FloorCells difference(const operations::Frame& a, const operations::Frame& b,
                                        const Camera& camera, ColourBy by) const {
        FloorCells cells;
        colourDifference(*m_geometry, makeFloorMap(*m_geometry, camera, kPane), a, b, by, m_theme, cells);
        return cells;
    }
    static double value(const operations::Frame& frame, cluster::Index gpu, ColourBy by) {
        const auto state = static_cast<GpuState>(frame.state[gpu]);
        return by == ColourBy::StallShare ? (operations::standsStill(state) ? 1.0 : 0.0)
                                          : frame.utilisation[gpu] / 255.0;
    }
    /// Where a colour stands on the diverging scale.
    [[nodiscard]] int entryOf(QRgb cell) const {
        const auto found = std::ranges::find_if(
            m_theme.diverging, [cell](QRgb each) { return (each & 0xffffff) == (cell & 0xffffff); });
        return found == m_theme.diverging.end() ? -1000 : static_cast<int>(found - m_theme.diverging.begin());
    }
    static QString withoutSign(double watts) { return Colouring(ColourBy::Power).text(watts); }

    Theme m_theme;
    std::shared_ptr<const cluster::Cluster> m_cluster;
    std::shared_ptr<const FloorGeometry> m_geometry;
};

QTEST_MAIN(TestFloorDifference)
#include "tst_floor_difference.moc"

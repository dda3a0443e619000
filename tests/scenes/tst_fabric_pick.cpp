// The fabric: what lies under the cursor.
#include "scenes/fabric_look.h"
#include "scenes/fabric_overlay.h"
#include "scenes/fabric_routes.h"
#include "tests/scenes/fabric_fixture.h"

#include <QRandomGenerator>
#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::scenes;
using cluster::Index;

class TestFabricPick : public fixture::FabricTest {
    Q_OBJECT
private slots:
    void initTestCase() {
        QVERIFY(registerFonts());
        m_theme = loadTheme(ThemeMode::Dark);
    }

    void picksWhatIsDrawn() {
        FabricScene scene;
        prepare(scene, m_mixed);
        scene.setFrame(fixture::frame(*m_mixed, 0.5, 1));
        for (Index h = 0; h < m_mixed->halls.size(); ++h) {
            const QPointF at =
                scene.camera().toScreen(scene.worldRect({TargetKind::Hall, h}).center(), m_pane);
            QCOMPARE(scene.pick(at, m_pane), (Target{TargetKind::Hall, h}));
        }
        QRandomGenerator random(4);
        int found = 0;
        const auto& ribbons = scene.layout().ribbons;
        for (int i = 0; i < 300; ++i) {
            const FabricRibbon& ribbon = ribbons[random.bounded(static_cast<quint32>(ribbons.size()))];
            const RibbonDraw draw = placeOf(ribbon, scene.camera(), m_pane);
            const float y = draw.y0 + (draw.y1 - draw.y0) * static_cast<float>(0.2 + random.bounded(0.6));
            const QPointF at(static_cast<double>(ribbonX(draw, y)), static_cast<double>(y));
            const Target hit = scene.pick(at, m_pane);
            if (hit.kind != TargetKind::LinkGroup)
                continue; // a block or a label's place lies over it
            // Brute force: some ribbon of that group passes within reach of the point.
            const bool near = std::any_of(ribbons.begin(), ribbons.end(), [&](const FabricRibbon& r) {
                const RibbonDraw d = placeOf(r, scene.camera(), m_pane);
                return r.groups.contains(hit.index) && ribbonDistance(d, at) < d.halfWidth + 5;
            });
            QVERIFY(near);
            ++found;
        }
        QVERIFY(found > 250);
        QCOMPARE(scene.pick({2, 2}, m_pane), Target{});
    }

    /// Random points at random cameras against every ribbon walked point by point: what is picked is the
    /// nearest within reach, nothing only where none is, and blocks come first.
    void picksAgreeWithBruteForce() {
        constexpr double kSlackPx = 2; // of a walked line
        constexpr double kReach = 4;
        QRandomGenerator random(31);
        int groups = 0;
        int nothing = 0;
        int blocks = 0;
        for (int round = 0; round < 30; ++round) {
            const auto& c = round % 2 ? m_mixed : m_uniform;
            FabricScene scene;
            prepare(scene, c);
            Camera camera = scene.camera();
            camera.pixelsPerMetre *= std::exp(random.bounded(2.5));
            const QRectF world = scene.bounds();
            camera.centre = {world.left() + (0.2 + random.bounded(0.6)) * world.width(),
                             world.top() + (0.2 + random.bounded(0.6)) * world.height()};
            scene.setCamera(camera);
            const auto& ribbons = scene.layout().ribbons;
            std::vector<std::vector<QPointF>> walked;
            for (const FabricRibbon& ribbon : ribbons) {
                std::vector<QPointF>& line = walked.emplace_back();
                for (int i = 0; i <= 400; ++i) {
                    const double t = i / 400.0;
                    const double smooth = t * t * (3 - 2 * t);
                    line.push_back(camera.toScreen(
                        QPointF(ribbon.lower.x() + (ribbon.upper.x() - ribbon.lower.x()) * smooth,
                                ribbon.lower.y() + (ribbon.upper.y() - ribbon.lower.y()) * t),
                        m_pane));
                }
            }
            const auto away = [&](std::size_t i, QPointF at) {
                double least = 1e18;
                if (at.y() > walked[i].front().y() || at.y() < walked[i].back().y())
                    return least; // a ribbon ends straight, however wide it is
                for (const QPointF& p : walked[i])
                    least = std::min(least, QPointF::dotProduct(p - at, p - at));
                const RibbonDraw draw = placeOf(ribbons[i], camera, m_pane);
                return std::sqrt(least) - std::max(0.5, static_cast<double>(draw.halfWidth));
            };
            const FabricPane pane{*c, scene.layout(), camera, m_pane, m_theme};
            for (int k = 0; k < 40; ++k) {
                const QPointF at(random.bounded(double(m_pane.size.width())),
                                 random.bounded(double(m_pane.size.height())));
                const Target hit = scene.pick(at, m_pane);
                double nearest = 1e9;
                double own = 1e9;
                for (std::size_t i = 0; i < ribbons.size(); ++i) {
                    if (ribbons[i].groups.count == 0)
                        continue;
                    const double distance = away(i, at);
                    nearest = std::min(nearest, distance);
                    if (hit.kind == TargetKind::LinkGroup && ribbons[i].groups.contains(hit.index))
                        own = std::min(own, distance);
                }
                const bool onBlock = std::ranges::any_of(scene.layout().nodes, [&](const FabricNode& n) {
                    return pane.block(n).adjusted(-2, -2, 2, 2).contains(at);
                });
                if (onBlock) {
                    QVERIFY(hit);
                    ++blocks;
                } else if (hit.kind == TargetKind::LinkGroup) {
                    QVERIFY2(own < kReach + kSlackPx && own < nearest + kSlackPx,
                             qPrintable(QString("%1 of %2").arg(own).arg(nearest)));
                    ++groups;
                } else {
                    QCOMPARE(hit, Target{});
                    QVERIFY2(nearest > kReach - kSlackPx, qPrintable(QString::number(nearest)));
                    ++nothing;
                }
            }
        }
        QVERIFY2(groups > 100 && nothing > 100 && blocks > 10,
                 qPrintable(QString("%1 %2 %3").arg(groups).arg(nothing).arg(blocks)));
    }
};

QTEST_MAIN(TestFabricPick)
#include "tst_fabric_pick.moc"

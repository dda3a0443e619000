#include "app/gui_watch.h"
#include "tests/app/window_fixture.h"

#include <QElapsedTimer>
#include <QThread>

#include <ctime>

using namespace atlas;
using app::GuiWatch;
using testing::kPatienceMs;
using widgets::Side;

namespace {

/// Keeps this thread busy for a while of its own processor time.
void work(double ms) {
    const auto nowMs = [] {
        timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
    };
    const double end = nowMs() + ms;
    while (nowMs() < end) {
    }
}

} // namespace

/// Nobody waits for the window: what it does between two looks at the user stays short.
class TestGuiWatch : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        testing::prepareWindows();
        m_window = testing::makeWindow();
        m_window->open(testing::defaultScenario());
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
    }
    void cleanupTestCase() { m_window.reset(); }

    void aBlockIsSeenAndNamed() {
        GuiWatch watch;
        QTest::qWait(50);
        watch.reset();
        QObject busy;
        QMetaObject::invokeMethod(
            &busy, [] { work(120); }, Qt::QueuedConnection);
        QTRY_VERIFY_WITH_TIMEOUT(watch.blocks() >= 1, kPatienceMs); // seen once its turn is over
        QVERIFY2(watch.longest().cpuMs >= 100, qPrintable(QString::number(watch.longest().cpuMs)));
        QCOMPARE(watch.longest().what, QStringLiteral("MetaCall of QObject"));
    }

    void sleepingIsNoWork() {
        GuiWatch watch;
        QTest::qWait(50);
        watch.reset();
        QObject sleepy;
        QMetaObject::invokeMethod(
            &sleepy, [] { QThread::msleep(120); }, Qt::QueuedConnection);
        QTest::qWait(200);
        QCOMPARE(watch.blocks(), 0);
    }

    /// Widgets change a few at a time, and none is forgotten: no ground of the other theme is left.
    void aThemeIsWhole_data() {
        QTest::addColumn<bool>("light");
        QTest::newRow("light") << true;
        QTest::newRow("dark") << false;
    }
    void aThemeIsWhole() {
        QFETCH(bool, light);
        const scenes::Theme before = m_window->theme();
        (light ? m_window->actions().lightTheme : m_window->actions().darkTheme)->trigger();
        QVERIFY(!m_window->settled());
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
        const QImage picture = m_window->grab().toImage();
        const auto share = [&picture](const QColor& colour) {
            qint64 count = 0;
            for (int y = 0; y < picture.height(); ++y) {
                for (int x = 0; x < picture.width(); ++x) {
                    count += picture.pixel(x, y) == colour.rgb() ? 1 : 0;
                }
            }
            return static_cast<double>(count) / (picture.width() * picture.height());
        };
        const scenes::Theme now = m_window->theme();
        QVERIFY(share(now.panel) > 0.3);
        for (const QColor& old :
             {before.ground, before.panel, before.raised, before.selection, before.line}) {
            QVERIFY2(share(old) < 2e-4, qPrintable(QStringLiteral("%1: %2").arg(old.name()).arg(share(old))));
        }
    }

    void neverBlocked_data() {
        QTest::addColumn<QString>("scene");
        QTest::addColumn<QString>("what");
        for (const char* scene : {"floorplan", "fabric", "stepTimeline"}) {
            for (const char* what : {"play", "pan", "zoom", "scrub", "lever"}) {
                QTest::addRow("%s, %s", scene, what) << scene << what;
            }
        }
        for (const char* what : {"open", "resize", "pages", "select", "maximise", "theme"}) {
            QTest::addRow("floorplan, %s", what) << "floorplan" << what;
        }
    }
    void neverBlocked() {
        QFETCH(QString, scene);
        QFETCH(QString, what);
        m_window->findChild<QAction*>(scene)->trigger();
        m_window->actions().fit->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
        m_window->playback().setPlaying(true);
        QTest::qWait(300); // pictures of the scene itself, which is new
        widgets::SceneView& view = m_window->stage().pane(Side::A).view();
        // A processor shared with others serves even its own time unevenly: work that is too much is too
        // much every time.
        bool blocked = true;
        QString said;
        for (int attempt = 0; attempt < kAttempts && blocked; ++attempt) {
            GuiWatch watch;
            drive(view, what);
            blocked = watch.blocks() > 0;
            said = QStringLiteral("%1 turns, %2 blocks, longest %3 ms of work (%4 ms on the wall): %5")
                       .arg(watch.turns())
                       .arg(watch.blocks())
                       .arg(watch.longest().cpuMs, 0, 'f', 1)
                       .arg(watch.longest().wallMs, 0, 'f', 1)
                       .arg(watch.longest().what);
            qInfo("%s", qPrintable(said));
        }
        m_window->showPage({});
        m_window->resize(1600, 900);
        m_window->playback().setPlaying(false);
        QVERIFY2(!blocked, qPrintable(said));
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
        m_window->session().undoStack()->setIndex(0);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
    }

private:
    static constexpr int kWatchedMs = 1500;
    static constexpr int kAttempts = 3;

    void drive(widgets::SceneView& view, const QString& what) {
        QElapsedTimer clock;
        clock.start();
        int round = 0;
        while (clock.elapsed() < kWatchedMs) {
            ++round;
            if (what == QLatin1String("pan")) {
                view.navigator().handle(keyPress(round / 8 % 2 == 0 ? Qt::Key_Right : Qt::Key_Left));
            } else if (what == QLatin1String("zoom")) {
                view.navigator().handle(keyPress(round / 8 % 2 == 0 ? Qt::Key_Plus : Qt::Key_Minus));
            } else if (what == QLatin1String("scrub") && round % 6 == 0) {
                m_window->playback().seek(round * 40'000.0);
            } else if (what == QLatin1String("lever") && round % 12 == 0) {
                m_window->session().setNumber(QStringLiteral("economics.starting_cash"), 1e9 * round);
            } else if (round % 12 == 0) {
                other(what, round / 12);
            }
            QTest::qWait(16);
        }
    }
    /// What a person does now and then.
    void other(const QString& what, int count) {
        if (what == QLatin1String("open")) {
            m_window->open(testing::defaultScenario());
        } else if (what == QLatin1String("resize")) {
            m_window->resize(1600 - 40 * (count % 8), 900 - 20 * (count % 5));
        } else if (what == QLatin1String("pages")) {
            const auto& pages = m_window->actions().pages;
            pages[static_cast<std::size_t>(count) % pages.size()]->trigger();
        } else if (what == QLatin1String("select")) {
            emit m_window->stage().selected(
                Side::A, {scenes::TargetKind::Gpu, 1000U * unsigned(count), cluster::kNone});
        } else if (what == QLatin1String("theme")) {
            (count % 2 == 0 ? m_window->actions().darkTheme : m_window->actions().lightTheme)->trigger();
        } else if (what == QLatin1String("maximise")) {
            m_window->actions().maximiseA->trigger();
        }
    }
    /// Kept until the next one.
    QEvent* keyPress(Qt::Key key) {
        m_key = std::make_unique<QKeyEvent>(QEvent::KeyPress, key, Qt::NoModifier);
        return m_key.get();
    }

    std::unique_ptr<app::MainWindow> m_window;
    std::unique_ptr<QKeyEvent> m_key;
};

QTEST_MAIN(TestGuiWatch)
#include "tst_gui_watch.moc"

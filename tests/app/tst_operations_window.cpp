#include "app/chart_deck.h"
#include "app/injection_desk.h"
#include "app/mitigations_panel.h"
#include "app/pages/page_stack.h"
#include "model/scenario/scenario_loader.h"
#include "tests/app/window_fixture.h"
#include "widgets/blame_panel.h"
#include "widgets/format.h"
#include "widgets/injections_panel.h"
#include "widgets/scrubber.h"
#include "widgets/strategy_table_model.h"
#include "widgets/transport_bar.h"

#include <QCheckBox>
#include <QComboBox>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTimer>
#include <QToolButton>

using namespace atlas;
using app::MainWindow;
using scenes::Target;
using scenes::TargetKind;
using testing::answerFileDialog;
using testing::kPatienceMs;
using widgets::index;
using widgets::Side;

namespace {

constexpr cluster::Index kVictim = 4321;

} // namespace

/// What a person does to a cluster in the real window, and what the window says about who waits for whom.
class TestOperationsWindow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        testing::prepareWindows();
        open(testing::defaultScenario());
    }
    void cleanupTestCase() { m_window.reset(); }
    void init() {
        if (m_window->session().modified()) {
            m_window->session().undoStack()->setIndex(0);
        }
        settle();
    }

    void aButtonSlowsTheSelectedGpu() {
        select(kVictim);
        auto* button = find<QPushButton>("inject-slow-gpu");
        QTest::mouseClick(button, Qt::LeftButton);
        settle();
        const auto& injections = m_window->session().scenario()->operations.injections;
        QCOMPARE(injections.size(), std::size_t{1});
        QCOMPARE(injections[0].what, scenario::InjectionKind::SlowGpu);
        QCOMPARE(injections[0].atS, m_window->playback().timeS());
        QCOMPARE(injections[0].target, paneCluster(Side::A).gpuLabel(kVictim));
        QCOMPARE(injections[0].magnitude, 0.3);
        // At work in the frame on screen: 30 % of its speed gone is 1 / 0.7 of its time.
        const auto& slow = m_window->shown().frames[0]->slow;
        const auto hit = std::ranges::find_if(slow, [](const operations::SlowPart& part) {
            return part.part.kind == cluster::PartKind::Gpu && part.part.index == kVictim;
        });
        QVERIFY(hit != slow.end());
        QVERIFY(std::abs(hit->slowdown - 1 / 0.7) < 1e-12);
        // Listed and marked.
        QCOMPARE(panel()->items().size(), std::size_t{1});
        QVERIFY(panel()->items()[0].now);
        QCOMPARE(panel()->items()[0].badge, QStringLiteral("A"));
        QCOMPARE(marksByHand(), 1);
    }

    void undoAndRedoGiveTheSameBits() {
        select(kVictim);
        const auto before = m_window->shown().frames[0]->state;
        QTest::mouseClick(find<QPushButton>("inject-fail-gpu"), Qt::LeftButton);
        settle();
        const auto with = m_window->shown().frames[0]->state;
        QVERIFY(with != before);
        QCOMPARE(with[kVictim], static_cast<std::uint8_t>(operations::GpuState::Fault));
        m_window->actions().undo->trigger();
        settle();
        QVERIFY(m_window->session().scenario()->operations.injections.empty());
        QVERIFY(m_window->shown().frames[0]->state == before);
        QCOMPARE(marksByHand(), 0);
        m_window->actions().redo->trigger();
        settle();
        QVERIFY(m_window->shown().frames[0]->state == with);
    }

    void theComparisonStaysAsItIs() {
        const auto comparison = m_window->session().comparison();
        select(kVictim);
        QTest::mouseClick(find<QPushButton>("inject-fail-rack"), Qt::LeftButton);
        settle();
        QCOMPARE(m_window->session().comparison(), comparison);
    }

    void theStrengthIsThatOfTheLists() {
        select(kVictim);
        choose(find<QComboBox>("inject-share"), QStringLiteral("0.5"));
        choose(find<QComboBox>("inject-lasts"), QStringLiteral("600"));
        QTest::mouseClick(find<QPushButton>("inject-degrade-link"), Qt::LeftButton);
        settle();
        const auto& injection = m_window->session().scenario()->operations.injections.at(0);
        QCOMPARE(injection.magnitude, 0.5);
        QCOMPARE(injection.durationS, 600.0);
        choose(find<QComboBox>("inject-share"), QStringLiteral("0.3"));
        choose(find<QComboBox>("inject-lasts"), QStringLiteral("3600"));
    }

    void keysAndMenuDoTheSame() {
        select(kVictim);
        m_window->stage().pane(Side::A).view().setFocus();
        QTest::keyClick(m_window.get(), Qt::Key_I);
        QMenu* menu = nullptr;
        QTRY_VERIFY_WITH_TIMEOUT((menu = m_window->findChild<QMenu*>(QStringLiteral("injectMenu"))) !=
                                         nullptr &&
                                     menu->isVisible(),
                                 5000);
        QTest::keyClick(menu, Qt::Key_2); // the second entry
        settle();
        QCOMPARE(m_window->session().scenario()->operations.injections.at(0).what,
                 scenario::InjectionKind::DegradeLink);
        // The menu of the map lists the same for what lies under the pointer.
        QMenu context;
        m_window->injections().addTo(context, Side::A, {TargetKind::Hall, 2, cluster::kNone});
        QStringList names;
        for (const QAction* action : context.actions()) {
            names << action->objectName();
        }
        QCOMPARE(names, (QStringList{"inject-hall-cooling", "inject-power-cap"}));
        context.actions().front()->trigger();
        settle();
        QCOMPARE(m_window->session().scenario()->operations.injections.at(1).target, std::string("Hall 3"));
    }

    void theListTakesBackAndJumps() {
        select(kVictim);
        QTest::mouseClick(find<QPushButton>("inject-slow-gpu"), Qt::LeftButton);
        settle();
        const double at = m_window->playback().timeS();
        m_window->playback().seek(at + 7200);
        settle();
        QVERIFY(!panel()->items()[0].now); // its hour is over
        QTest::mouseClick(find<QPushButton>("jump-0"), Qt::LeftButton);
        settle();
        QCOMPARE(m_window->playback().timeS(), at);
        QCOMPARE(m_window->stage().pane(Side::A).selection(),
                 (Target{TargetKind::Gpu, kVictim, cluster::kNone}));
        QTest::mouseClick(find<QToolButton>("remove-0"), Qt::LeftButton);
        settle();
        QVERIFY(m_window->session().scenario()->operations.injections.empty());
    }

    void theListChangesWhatIsThere() {
        select(kVictim);
        QTest::mouseClick(find<QPushButton>("inject-slow-gpu"), Qt::LeftButton);
        settle();
        const scenario::Injection before = m_window->session().scenario()->operations.injections.front();
        QAction* other = nullptr;
        for (QAction* action : find<QToolButton>("change-0")->menu()->actions()) {
            // The first strength that it does not have; sections cannot be checked.
            if (other == nullptr && action->isCheckable() && !action->isChecked()) {
                other = action;
            }
        }
        QVERIFY(other != nullptr);
        const QString chosen = other->text(); // the row is built anew
        other->trigger();
        settle();
        const auto& injections = m_window->session().scenario()->operations.injections;
        QCOMPARE(injections.size(), std::size_t{1});
        QVERIFY(injections.front().magnitude != before.magnitude);
        QCOMPARE(widgets::percentText(injections.front().magnitude), chosen);
        QCOMPARE(injections.front().durationS, before.durationS);
        m_window->session().undoStack()->undo();
        settle();
        QCOMPARE(m_window->session().scenario()->operations.injections.front().magnitude, before.magnitude);
    }

    void closingAsksWhatToDoWithChanges() {
        app::Options options; // as a person starts it
        options.size = QSize(1280, 720);
        MainWindow window(options, {scenes::Renderer::Raster, QStringLiteral("raster"), {}},
                          QStringLiteral(ATLAS_SOURCE_RESOURCES));
        window.show();
        window.open(QStringLiteral(ATLAS_SOURCE_RESOURCES "/scenarios/minimal.atlas.yaml"));
        QTRY_VERIFY_WITH_TIMEOUT(window.settled(), kPatienceMs);
        window.session().setNumber(QStringLiteral("economics.starting_cash"), 7e9);
        QTRY_VERIFY_WITH_TIMEOUT(window.settled(), kPatienceMs);
        QVERIFY(window.session().modified());
        QVERIFY(!closedWith(window, QMessageBox::Cancel));
        QVERIFY(window.isVisible());
        QVERIFY(window.session().modified());
        QVERIFY(closedWith(window, QMessageBox::Discard));
        QVERIFY(!window.isVisible());
    }

    void saveAndReloadReplayTheSameBits() {
        select(kVictim);
        QTest::mouseClick(find<QPushButton>("inject-fail-tray"), Qt::LeftButton);
        settle();
        const double at = m_window->playback().timeS();
        const auto frame = m_window->shown().frames[0];
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("mine.atlas.yaml"));
        answerFileDialog(file);
        m_window->actions().save->trigger(); // the shipped file is not written over: it asks for a name
        settle();
        QVERIFY2(QFileInfo::exists(file), qPrintable(file));
        QVERIFY(!m_window->session().modified());
        QCOMPARE(m_window->session().file(), file);
        const auto read = scenario::loadScenario(file.toStdString(), ATLAS_SOURCE_RESOURCES);
        QVERIFY(read.ok());
        QCOMPARE(read->scenario.operations.injections.size(), std::size_t{1});
        m_window->open(file);
        QTRY_VERIFY_WITH_TIMEOUT(
            m_window->settled() && m_window->session().scenario()->file == file.toStdString(), kPatienceMs);
        m_window->playback().seek(at);
        settle();
        QVERIFY(m_window->shown().frames[0]->state == frame->state);
        QCOMPARE(m_window->shown().frames[0]->stepTimeS, frame->stepTimeS);
        open(QStringLiteral(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml"));
    }

    void switchesMoveTheTable() {
        showTab(2);
        auto* remedies = m_window->findChild<app::MitigationsPanel*>();
        QVERIFY(remedies != nullptr);
        const QString path = QStringLiteral("operations.mitigations.evict_slow");
        QCheckBox* evict = remedies->flag(path);
        QVERIFY(evict != nullptr && !evict->isChecked());
        const auto goodput = [this] { return m_window->session().comparison()->strategies.at(0).goodput; };
        const double before = goodput();
        QSignalSpy compared(&m_window->session(), &app::Session::comparisonChanged);
        QTest::mouseClick(evict, Qt::LeftButton, {}, QPoint(8, evict->height() / 2));
        settle();
        QVERIFY(!compared.isEmpty());
        QVERIFY(m_window->session().scenario()->operations.mitigations.evictSlow);
        QVERIFY(evict->isChecked());
        QVERIFY(goodput() != before);
        QVERIFY(m_window->session().commandLine().contains(path + QStringLiteral("=true")));
        m_window->actions().undo->trigger();
        settle();
        QVERIFY(!evict->isChecked());
        QCOMPARE(goodput(), before);
        // How A trains is a list of its own; another placement, another goodput.
        QComboBox* placement = remedies->choice(QStringLiteral("strategies.train-1.assignments.1.placement"));
        QVERIFY(placement != nullptr);
        QCOMPARE(placement->currentData().toString(), QStringLiteral("naive"));
        choose(placement, QStringLiteral("local-sgd"));
        settle();
        QCOMPARE(m_window->session().scenario()->strategy("train-1")->assignments.at(0).placement,
                 scenario::Placement::LocalSgd);
        QVERIFY(goodput() != before);
        showTab(0);
    }

    void thePanelNamesTheCulpritAndItsChain() {
        showTab(1);
        settle();
        auto* waiting = m_window->findChild<widgets::BlamePanel*>(QStringLiteral("blameA"));
        const auto& frame = *m_window->shown().frames[0];
        QVERIFY(frame.training && frame.culprit != cluster::kNone);
        QString name = QString::fromStdString(paneCluster(Side::A).gpuLabel(frame.culprit));
        name[0] = name[0].toUpper();
        QCOMPARE(waiting->content().culprit, name);
        // The chain ends with everybody else, and all of it together are the other members.
        const auto step = m_window->session().workspace()->pane(Side::A).timeline->attributionAt(
            m_window->playback().timeS());
        QVERIFY(step.has_value());
        QCOMPARE(waiting->content().chain.size(), step->chain.size() - 1);
        QCOMPARE(waiting->content().chain.back().group, operations::Group::Data);
        for (const operations::BlameLink& link : step->chain) {
            std::uint64_t gpus = 0;
            for (const cluster::Range& range : link.ranges) {
                gpus += range.count;
            }
            QCOMPARE(gpus, link.group == operations::Group::Data ? 0 : link.gpus);
        }
        // The map outlines the same culprit; a click on its name selects it.
        QCOMPARE(m_window->stage().pane(Side::A).floor().options().blame->culprit, frame.culprit);
        QTest::mouseClick(waiting->findChild<QPushButton*>(QStringLiteral("culprit")), Qt::LeftButton);
        settle();
        QCOMPARE(m_window->stage().pane(Side::A).selection(),
                 (Target{TargetKind::Gpu, frame.culprit, cluster::kNone}));
        showTab(0);
    }

    void everyChartOfThePageSaysSomething() {
        m_window->showPage(QStringLiteral("operations"));
        settle();
        const app::ExhibitPage* page = m_window->pages().page(QStringLiteral("operations"));
        for (const char* name :
             {"waterfall-month", "bridge", "stall-causes", "step-times", "utilisation", "interruptions",
              "interruption-causes", "checkpoint-interval", "slowdown-gpus"}) {
            widgets::ChartCard* card = page->chart(QString::fromLatin1(name));
            QVERIFY2(card != nullptr, name);
            QVERIFY2(!card->view().plot().empty(), name);
            QVERIFY2(!card->view().plot().table().rows.empty(), name);
            QVERIFY2(!card->caption().title.isEmpty(), name);
        }
        m_window->showPage({});
    }

private:
    void open(const QString& file) {
        if (!m_window) {
            m_window = testing::makeWindow();
        }
        m_window->open(file);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled() && m_window->session().file() == file, kPatienceMs);
    }
    /// Closes a window and answers its question.
    bool closedWith(MainWindow& window, QMessageBox::StandardButton answer) {
        bool asked = false;
        QTimer::singleShot(0, this, [&] {
            if (auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget())) {
                asked = true;
                QTest::mouseClick(box->button(answer), Qt::LeftButton);
            }
        });
        const bool closed = window.close();
        return asked && closed;
    }
    void settle() { QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs); }
    void select(cluster::Index gpu) {
        emit m_window->stage().selected(Side::A, {TargetKind::Gpu, gpu, cluster::kNone});
        settle();
    }
    template <class Widget>
    Widget* find(const char* name) {
        auto* found = m_window->findChild<Widget*>(QString::fromLatin1(name));
        if (found == nullptr) {
            qFatal("there is no %s", name);
        }
        return found;
    }
    void choose(QComboBox* box, const QString& id) {
        box->setCurrentIndex(box->findData(id));
        emit box->activated(box->currentIndex());
    }
    void showTab(int tab) { m_window->findChild<QTabWidget*>()->setCurrentIndex(tab); }
    widgets::InjectionsPanel* panel() { return m_window->findChild<widgets::InjectionsPanel*>(); }
    const cluster::Cluster& paneCluster(Side side) {
        return *m_window->session().workspace()->pane(side).timeline->cluster();
    }
    int marksByHand() {
        const auto& marks = m_window->findChild<widgets::Scrubber*>()->marks();
        return static_cast<int>(std::ranges::count_if(marks, &widgets::TimeMark::byHand));
    }
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestOperationsWindow)
#include "tst_operations_window.moc"

#include "app/chart_deck.h"
#include "app/pages/page_stack.h"
#include "app/pages/training_desk.h"
#include "tests/app/window_fixture.h"
#include "widgets/diagnostics_view.h"
#include "widgets/lever_slider.h"
#include "widgets/levers_panel.h"
#include "widgets/scrubber.h"
#include "widgets/strategy_table_model.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>

using namespace atlas;
using app::MainWindow;
using testing::answerFileDialog;
using testing::kPatienceMs;
using widgets::Side;

/// The real window on the default scenario, driven with mouse and keyboard.
class TestMainWindow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        testing::prepareWindows();
        m_window = testing::makeWindow();
        m_window->open(testing::defaultScenario());
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
    }
    void cleanupTestCase() { m_window.reset(); }

    void pagesTakeThePlaceOfTheStage() {
        app::PageStack& pages = m_window->pages();
        QVERIFY(pages.shownPage().isEmpty());
        QVERIFY(m_window->stage().isVisible() && m_window->charts().isVisible());
        int number = 1;
        for (app::ExhibitPage* page : pages.pages()) {
            ++number;
            QTest::keyClick(m_window.get(), static_cast<Qt::Key>(Qt::Key_0 + number), Qt::AltModifier);
            QCOMPARE(pages.shownPage(), page->id());
            QVERIFY(page->isVisible() && !m_window->stage().isVisible() && !m_window->charts().isVisible());
            QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
            for (const widgets::ChartCard* card : page->findChildren<widgets::ChartCard*>()) {
                QVERIFY2(!card->caption().title.isEmpty(), qPrintable(card->name()));
            }
        }
        QTest::keyClick(m_window.get(), Qt::Key_1, Qt::AltModifier);
        QVERIFY(pages.shownPage().isEmpty());
        QVERIFY(m_window->stage().isVisible() && m_window->charts().isVisible());
    }

    void hiddenPagesComputeNothing() {
        app::ExhibitPage* page = m_window->pages().page(QStringLiteral("programme"));
        QVERIFY(!page->isVisible());
        QVERIFY(!page->busy());
        const QString before = page->chart(QStringLiteral("cash"))->caption().title;
        QSignalSpy compared(&m_window->session(), &app::Session::comparisonChanged);
        m_window->session().setNumber(QStringLiteral("economics.starting_cash"), QStringLiteral("$1B"));
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled() && !compared.isEmpty(), kPatienceMs);
        QCOMPARE(page->chart(QStringLiteral("cash"))->caption().title, before);
        m_window->showPage(QStringLiteral("programme")); // shown, it catches up
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
        QVERIFY(page->chart(QStringLiteral("cash"))->caption().title != before);
        m_window->showPage({});
        m_window->session().undoStack()->undo();
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
    }

    void opensOnTheComparison() {
        QVERIFY(m_window->problems().empty());
        for (const Side side : widgets::kSides) {
            QVERIFY(m_window->stage().pane(side).cluster() != nullptr);
            QVERIFY(m_window->shown().frames[widgets::index(side)] != nullptr);
        }
        QCOMPARE(m_window->charts().table().model().columnCount(), 6); // the scenario's six strategies
        QVERIFY(m_window->charts().table().model().rowCount() >= 10);
        QVERIFY(m_window->session().comparison()->draws > 0);
        for (const widgets::ChartCard* card : m_window->charts().cards()) {
            QVERIFY2(!card->view().plot().empty(), qPrintable(card->name()));
            QVERIFY2(!card->caption().title.isEmpty(), qPrintable(card->name()));
        }
    }

    void thePlanIsReachable() {
        app::PageStack& pages = m_window->pages();
        auto* desk = qobject_cast<app::TrainingDesk*>(pages.page(QStringLiteral("training")));
        QVERIFY(desk != nullptr);
        QTest::keyClick(m_window.get(), Qt::Key_P, Qt::ShiftModifier);
        QCOMPARE(pages.shownPage(), QStringLiteral("training"));
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
        QVERIFY(desk->plan() != nullptr && desk->plan()->question.side == Side::B);
        m_window->showPage({});
        // From the inspector of A, which trains.
        auto* button = m_window->findChild<QPushButton*>(QStringLiteral("action-plan"));
        QVERIFY(button != nullptr && button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(pages.shownPage(), QStringLiteral("training"));
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled() && desk->plan()->question.side == Side::A, kPatienceMs);
        QVERIFY(!desk->table(QStringLiteral("plan"))->table().rows.empty());
        const auto actions = m_window->actions().all();
        for (const char* name : {"planA", "planB", "scaling"}) {
            QVERIFY2(std::ranges::any_of(actions,
                                         [&](QAction* a) { return a->objectName() == QLatin1String(name); }),
                     name);
        }
        // A layout that is used there is the scenario's, and undo takes it back.
        QTest::mouseClick(desk->findChild<QPushButton*>(QStringLiteral("applyLayout")), Qt::LeftButton);
        QVERIFY(m_window->session().scenario()->trainJob("frontier")->layout.tp > 0);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
        m_window->session().undoStack()->undo();
        QCOMPARE(m_window->session().scenario()->trainJob("frontier")->layout.tp, 0);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
        m_window->session().undoStack()->clear();
        m_window->showPage({});
    }

    void scrubbingShowsThatInstant() {
        auto* scrubber = m_window->findChild<widgets::Scrubber*>();
        QVERIFY(scrubber != nullptr);
        const double wantedS = 100 * 86400.0;
        const QPoint at(qRound(scrubber->positionOf(wantedS)), scrubber->height() / 2);
        QTest::mouseClick(scrubber, Qt::LeftButton, {}, at);
        const double dayS = m_window->playback().durationS() / scrubber->width();
        QVERIFY(std::abs(m_window->playback().timeS() - wantedS) < 2 * dayS);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
        QCOMPARE(m_window->shown().timesS[0], m_window->playback().timeS());
    }

    void sameInstantSamePicture() {
        const double instant = 50 * 86400.0 + 1.25;
        const auto frameAt = [this](double timeS) {
            m_window->playback().seek(timeS);
            [this] { QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs); }();
            return m_window->shown().frames[0];
        };
        const auto first = frameAt(instant);
        frameAt(3 * 86400.0);
        const auto again = frameAt(instant);
        QVERIFY(first->state == again->state);
        QVERIFY(first->utilisation == again->utilisation);
        QCOMPARE(first->culprit, again->culprit);
    }

    void periodGoesToTheNextStep() {
        const auto& timeline = m_window->session().workspace()->pane(Side::A).timeline;
        const double expected = timeline->stepBoundary(m_window->playback().timeS(), +1);
        QTest::keyClick(m_window.get(), Qt::Key_Period);
        QCOMPARE(m_window->playback().timeS(), expected);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
    }

    void strategyChoiceIsUndoable() {
        const auto before = m_window->session().choice(Side::A);
        m_window->session().setChoice(Side::A, {"lease-1", {}});
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
        QVERIFY(!m_window->shown().frames[0]->training);
        // A serving cluster has nobody who waits at a barrier.
        QCOMPARE(m_window->shown().frames[0]->counts[static_cast<std::size_t>(operations::GpuState::Waiting)],
                 0u);
        QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
        QCOMPARE(m_window->session().choice(Side::A).strategy, before.strategy);
        QVERIFY(m_window->shown().frames[0]->training);
    }

    void leverMovesNumbersAndUndoBringsThemBack() {
        auto* panel = m_window->findChild<widgets::LeversPanel*>();
        QVERIFY(!panel->levers().empty());
        const widgets::Lever lever = panel->levers().front();
        widgets::LeverSlider* slider = panel->slider(lever.path);
        QVERIFY(slider != nullptr);
        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_Right);
        const double moved = slider->value();
        QVERIFY(moved != lever.number.value);
        double inScenario = 0;
        const auto read = [&] {
            scenario::visitInputs(*m_window->session().scenario(),
                                  [&](const std::string& path, const scenario::Sourced& n, units::Dimension) {
                                      if (QString::fromStdString(path) == lever.path) {
                                          inScenario = n.value;
                                      }
                                  });
            return inScenario;
        };
        QCOMPARE(read(), moved);
        QVERIFY(m_window->session().commandLine().contains(lever.path));
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
        m_window->session().undoStack()->undo();
        QCOMPARE(read(), lever.number.value);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
    }

    void spacePressesAFocusedButton() {
        auto* button = m_window->findChild<QToolButton*>(QStringLiteral("link"));
        QVERIFY(button != nullptr);
        button->setFocus();
        QSignalSpy pressed(button, &QAbstractButton::clicked);
        QTest::keyClick(button, Qt::Key_Space);
        QCOMPARE(pressed.count(), 1);
        QVERIFY(!m_window->playback().playing());
        m_window->stage().pane(Side::A).view().setFocus();
        m_window->stage().setLink(scenes::CameraLink::SameScale);
    }

    void noTwoCommandsShareAKey() {
        QMap<QString, QString> owner;
        for (const QAction* action : m_window->actions().all()) {
            for (const QKeySequence& key : action->shortcuts()) {
                QVERIFY2(!key.isEmpty(), qPrintable(action->text()));
                QVERIFY2(!owner.contains(key.toString()), qPrintable(key.toString()));
                owner[key.toString()] = action->text();
            }
        }
    }

    void fleetTakesTheOthersPlace() {
        m_window->session().setFleet("colossus-1-article", "colossus-1-record");
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
        QCOMPARE(m_window->stage().pane(Side::A).cluster()->id, std::string("colossus-1-record"));
        QVERIFY(!m_window->stage().pane(Side::A).selection());
        QVERIFY(m_window->session().commandLine().contains("colossus-1-article=colossus-1-record"));
        m_window->session().undoStack()->undo();
        QTRY_VERIFY_WITH_TIMEOUT(m_window->settled(), kPatienceMs);
        QCOMPARE(m_window->stage().pane(Side::A).cluster()->id, std::string("colossus-1-article"));
    }

    void brokenFileLeavesWhatWasOpen() {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("broken.atlas.yaml"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("clusters:\n  c:\n    islands:\n      i: {gpu: H1000, gpu_count: 8}\n");
        file.close();
        const auto before = m_window->session().scenario();
        m_window->open(path);
        auto* view = m_window->findChild<widgets::DiagnosticsView*>();
        QTRY_VERIFY_WITH_TIMEOUT(view->isVisible(), kPatienceMs);
        QVERIFY(hasErrors(view->diagnostics()));
        QCOMPARE(view->diagnostics().front().place.line, 4);
        QVERIFY(m_window->session().scenario() == before);
        QVERIFY(m_window->stage().pane(Side::A).cluster() != nullptr);
    }

    void chartIsExportedThroughItsMenu_data() {
        QTest::addColumn<int>("format");
        QTest::addColumn<QByteArray>("begins");
        QTest::newRow("png") << static_cast<int>(widgets::ChartFormat::Png) << QByteArray("\x89PNG");
        QTest::newRow("svg") << static_cast<int>(widgets::ChartFormat::Svg) << QByteArray("<?xml");
        QTest::newRow("pdf") << static_cast<int>(widgets::ChartFormat::Pdf) << QByteArray("%PDF");
    }
    void chartIsExportedThroughItsMenu() {
        QFETCH(int, format);
        QFETCH(QByteArray, begins);
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("chart.") +
                                             widgets::suffix(static_cast<widgets::ChartFormat>(format)));
        answerFileDialog(path);
        emit m_window->charts().cards().front()->exportRequested(static_cast<widgets::ChartFormat>(format));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().startsWith(begins));
    }

private:
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"

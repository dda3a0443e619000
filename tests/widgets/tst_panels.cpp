// Panels driven as a person would: what they show equals what they were given, and gestures become signals.
#include "samples.h"
#include "widgets/command_palette.h"
#include "widgets/diagnostics_view.h"
#include "widgets/format.h"
#include "widgets/fuzzy_match.h"
#include "widgets/header_bar.h"
#include "widgets/lever_slider.h"
#include "widgets/scenario_panel.h"
#include "widgets/speed.h"
#include "widgets/style.h"
#include "widgets/tabular_label.h"
#include "widgets/transport_bar.h"

#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>

using namespace atlas;
using namespace atlas::widgets;

namespace {

const Theme& dark() {
    static const Theme theme = scenes::loadTheme(scenes::ThemeMode::Dark);
    return theme;
}

} // namespace

class TestPanels : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(scenes::registerFonts());
        applyStyle(*qApp, dark());
    }

    void numbersAsPeopleReadThem() {
        QCOMPARE(clockText(12 * 86400 + 7 * 3600 + 41 * 60 + 8.2204), QStringLiteral("day 12  07:41:08.220"));
        QCOMPARE(clockText(59.9996), QStringLiteral("day 0  00:01:00.000"));
        QCOMPARE(percentText(0.1149), QStringLiteral("11 %"));
        QCOMPARE(percentText(0.0042), QStringLiteral("0.4 %"));
        QCOMPARE(percentText(0.0002), QStringLiteral("<0.1 %"));
        QCOMPARE(percentText(-0.25), QStringLiteral("−25 %"));
        QCOMPARE(rangeText(QStringLiteral("$13B"), QStringLiteral("$22.9B")), QStringLiteral("$13–22.9B"));
        QCOMPARE(rangeText(QStringLiteral("−$29B"), QStringLiteral("−$14B")), QStringLiteral("−$29…−$14B"));
        QCOMPARE(rangeText(QStringLiteral("9 %"), QStringLiteral("14 %")), QStringLiteral("9–14 %"));
        QCOMPARE(rangeText(QStringLiteral("800 ms"), QStringLiteral("1.2 s")),
                 QStringLiteral("800 ms–1.2 s"));
        QCOMPARE(durationText(300), QStringLiteral("5 min"));
        QCOMPARE(durationText(86400), QStringLiteral("1 day"));
        QCOMPARE(durationText(0.003), QStringLiteral("3 ms"));
        QCOMPARE(monthText(scenario::Month::of(2027, 10)), QStringLiteral("Oct 2027"));
    }

    void speedsFormALadder() {
        double speed = speeds().front();
        for (std::size_t i = 1; i < speeds().size(); ++i) {
            QVERIFY(fasterThan(speed) > speed);
            QCOMPARE(slowerThan(fasterThan(speed)), speed);
            speed = fasterThan(speed);
        }
        QCOMPARE(fasterThan(speed), speed);
        QCOMPARE(slowerThan(speeds().front()), speeds().front());
        QCOMPARE(speedText(300), QStringLiteral("1 s = 5 min"));
        QCOMPARE(fasterThan(2.0), 3.0); // between two rungs
    }

    void transportSpeaksInSignals() {
        TransportBar bar;
        bar.setTheme(dark());
        bar.setDuration(30 * 86400.0);
        bar.setTime(12.5 * 86400);
        bar.setSpeed(300);
        bar.resize(1000, 40);
        bar.show();
        QCOMPARE(bar.findChild<TabularLabel*>(QStringLiteral("clock"))->text(),
                 QStringLiteral("day 12  12:00:00.000"));
        QSignalSpy plays(&bar, &TransportBar::playToggled);
        QSignalSpy steps(&bar, &TransportBar::stepRequested);
        QSignalSpy speedsAsked(&bar, &TransportBar::speedChanged);
        QSignalSpy seeks(&bar, &TransportBar::seekRequested);
        QTest::mouseClick(bar.findChild<QToolButton*>(QStringLiteral("play")), Qt::LeftButton);
        QCOMPARE(plays.size(), 1);
        QCOMPARE(plays[0][0].toBool(), true);
        bar.setPlaying(true);
        QWidget* scrubber = &bar.scrubber();
        QTest::keyClick(scrubber, Qt::Key_Space);
        QCOMPARE(plays[1][0].toBool(), false);
        QTest::keyClick(scrubber, Qt::Key_Comma);
        QTest::keyClick(scrubber, Qt::Key_Period);
        QCOMPARE(steps[0][0].toInt(), -1);
        QCOMPARE(steps[1][0].toInt(), 1);
        QTest::keyClick(scrubber, Qt::Key_J);
        QTest::keyClick(scrubber, Qt::Key_L);
        QCOMPARE(speedsAsked[0][0].toDouble(), 60.0);
        QCOMPARE(speedsAsked[1][0].toDouble(), 1800.0);
        QTest::keyClick(scrubber, Qt::Key_K);
        QCOMPARE(plays.last()[0].toBool(), false);
        QTest::keyClick(scrubber, Qt::Key_Home);
        QCOMPARE(seeks.last()[0].toDouble(), 0.0);
        QTest::keyClick(scrubber, Qt::Key_End);
        QCOMPARE(seeks.last()[0].toDouble(), 30 * 86400.0);
    }

    void scrubberSeeksWhereOneClicks() {
        Scrubber scrubber;
        scrubber.setTheme(dark());
        scrubber.setReducedMotion(true);
        scrubber.setDuration(1000);
        scrubber.setMarks({{250.0, Side::A, operations::GpuState::Fault, QStringLiteral("a fault")}});
        scrubber.resize(416, 30);
        scrubber.show();
        QSignalSpy seeks(&scrubber, &Scrubber::seekRequested);
        QTest::mouseClick(&scrubber, Qt::LeftButton, {}, QPoint(208, 15));
        QVERIFY(std::abs(seeks.last()[0].toDouble() - 500) < 2);
        // On a mark the click goes to its very instant.
        QTest::mouseClick(&scrubber, Qt::LeftButton, {}, QPoint(qRound(scrubber.positionOf(250)) + 2, 4));
        QCOMPARE(seeks.last()[0].toDouble(), 250.0);
        QTest::mousePress(&scrubber, Qt::LeftButton, {}, QPoint(100, 15));
        QTest::mouseMove(&scrubber, QPoint(5000, 15));
        QTest::mouseRelease(&scrubber, Qt::LeftButton, {}, QPoint(5000, 15));
        QVERIFY(scrubber.time() <= 1000);
        for (const double t : {0.0, 333.0, 1000.0}) {
            QVERIFY(std::abs(scrubber.timeAt(scrubber.positionOf(t)) - t) < 1e-6);
        }
    }

    void inspectorShowsItsContent() {
        InspectorPanel panel;
        panel.setTheme(dark());
        panel.resize(250, 500);
        panel.show();
        QVERIFY(!panel.findChild<QPushButton*>(QStringLiteral("why"))->isVisible());
        panel.setContent(samples::inspected());
        QCOMPARE(panel.findChild<ThemedLabel*>(QStringLiteral("title"))->text(), samples::inspected().title);
        QCOMPARE(panel.findChild<ThemedLabel*>(QStringLiteral("alert"))->text(), samples::inspected().alert);
        for (const auto& row : samples::inspected().rows) {
            const auto labels = panel.findChildren<ThemedLabel*>();
            QVERIFY(
                std::ranges::any_of(labels, [&](const ThemedLabel* l) { return l->text() == row.value; }));
        }
        QSignalSpy actions(&panel, &InspectorPanel::actionRequested);
        QTest::mouseClick(panel.findChild<QPushButton*>(QStringLiteral("action-locate")), Qt::LeftButton);
        QTest::mouseClick(panel.findChild<QPushButton*>(QStringLiteral("action-copy")), Qt::LeftButton);
        QCOMPARE(actions.size(), 1); // the second is disabled
        QCOMPARE(actions[0][0].toString(), QStringLiteral("locate"));
        QTest::keyClick(panel.findChild<QPushButton*>(QStringLiteral("why")), Qt::Key_Space);
        QVERIFY(panel.whyShown());
        // New values of the same rows: the labels stay, their text changes.
        auto next = samples::inspected();
        next.rows[2].value = QStringLiteral("12 % of this step");
        panel.setContent(next);
        QVERIFY(std::ranges::any_of(panel.findChildren<ThemedLabel*>(),
                                    [&](const ThemedLabel* l) { return l->text() == next.rows[2].value; }));
    }

    void strategiesAreChosenByMouseAndKeyboard() {
        ScenarioPanel panel;
        panel.setTheme(dark());
        panel.setStrategies(
            {{"one", "One", {}, {}, "A"}, {"two", "Two", {}, {}, "B"}, {"three", "Three", {}, {}, {}}});
        panel.setColourings({{"state", "State", {}, {}, {}}, {"class", "Class", {}, {}, {}}},
                            QStringLiteral("state"));
        panel.resize(220, 500);
        panel.show();
        QSignalSpy chosen(&panel, &ScenarioPanel::strategyChosen);
        PanelList& list = panel.strategies();
        QListWidget& view = list.view();
        const QPoint third = view.visualItemRect(view.item(2)).center();
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, third);
        QCOMPARE(chosen.last()[0].value<Side>(), Side::B);
        QCOMPARE(chosen.last()[1].toString(), QStringLiteral("three"));
        QTest::mouseClick(view.viewport(), Qt::LeftButton, Qt::ShiftModifier, third);
        QCOMPARE(chosen.last()[0].value<Side>(), Side::A);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, list.badgeRect(1, 'A').center());
        QCOMPARE(chosen.last()[0].value<Side>(), Side::A);
        QCOMPARE(chosen.last()[1].toString(), QStringLiteral("two"));
        view.setCurrentRow(0);
        QTest::keyClick(&view, Qt::Key_B);
        QCOMPARE(chosen.last()[0].value<Side>(), Side::B);
        QCOMPARE(chosen.last()[1].toString(), QStringLiteral("one"));
        QSignalSpy colours(&panel, &ScenarioPanel::colouringChosen);
        QListWidget& colourings = panel.colourings().view();
        colourings.setCurrentRow(1);
        QTest::keyClick(&colourings, Qt::Key_Return);
        QCOMPARE(colours.last()[0].toString(), QStringLiteral("class"));
    }

    void leversMoveAndRestore() {
        LeversPanel panel;
        panel.setTheme(dark());
        panel.setLevers(samples::levers());
        panel.resize(260, 300);
        panel.show();
        QSignalSpy changes(&panel, &LeversPanel::leverChanged);
        LeverSlider* fee = panel.slider(QStringLiteral("fee"));
        QVERIFY(fee != nullptr);
        QCOMPARE(fee->value(), 1.25e9);
        fee->setFocus();
        QTest::keyClick(fee, Qt::Key_Left);
        QCOMPARE(changes.size(), 1);
        QCOMPARE(changes[0][0].toString(), QStringLiteral("fee"));
        QVERIFY(changes[0][1].toDouble() < 1.25e9);
        QTest::mouseDClick(fee, Qt::LeftButton, {}, fee->rect().center());
        QCOMPARE(changes.last()[1].toDouble(), 1.1e9);
        QTest::mouseClick(fee, Qt::LeftButton, {}, QPoint(fee->width() - 1, fee->height() / 2));
        QVERIFY(std::abs(changes.last()[1].toDouble() - fee->scale().to) < 1);
        QVERIFY(fee->toolTip().contains(QStringLiteral("amended filing")));
        // The same levers again keep their sliders.
        panel.setLevers(samples::levers());
        QCOMPARE(panel.slider(QStringLiteral("fee")), fee);
        QCOMPARE(fee->value(), 1.25e9);
    }

    void leverScalesHoldTheirRange() {
        const LeverScale wide = LeverScale::around(12e12, 1e12, 25e12);
        QVERIFY(wide.logarithmic);
        const LeverScale share = LeverScale::around(0.95, 0.9, 1.0);
        QCOMPARE(share.to, 1.0);
        const LeverScale alone = LeverScale::around(0.0, 0.0, 0.0);
        QVERIFY(alone.to > alone.from);
        for (const LeverScale& scale : {wide, share, alone}) {
            for (const double u : {0.0, 0.3, 1.0}) {
                QVERIFY(std::abs(scale.share(scale.at(u)) - u) < 1e-9);
            }
        }
    }

    void diagnosticsSayPlaceMessageRemedy() {
        DiagnosticsView view;
        view.setTheme(dark());
        view.resize(900, 200);
        view.setDiagnostics(QStringLiteral("/tmp/mine.atlas.yaml"), samples::diagnostics());
        QVERIFY(!view.isHidden());
        const auto* table = view.findChild<QTableWidget*>();
        QCOMPARE(table->rowCount(), 3);
        QCOMPARE(table->item(0, 0)->text(), QStringLiteral("mine.atlas.yaml:14:7"));
        QCOMPARE(table->item(1, 1)->text(), QStringLiteral("`400 Gbit` is not a rate"));
        QCOMPARE(table->item(0, 2)->text(), QStringLiteral("did you mean `halls`?"));
        QVERIFY(view.findChild<ThemedLabel*>(QStringLiteral("title"))
                    ->text()
                    .contains(QStringLiteral("2 errors")));
        QSignalSpy dismissed(&view, &DiagnosticsView::dismissed);
        view.show();
        QTest::mouseClick(view.findChild<QToolButton*>(QStringLiteral("close")), Qt::LeftButton);
        QCOMPARE(dismissed.size(), 1);
        QVERIFY(view.isHidden());
        view.setDiagnostics({}, {});
        QVERIFY(view.isHidden());
    }

    void namesFromFilesAreNeverMarkup() {
        HeaderBar bar;
        bar.setTheme(dark());
        bar.setComparison(QStringLiteral("<img src=x>"), QStringLiteral("B & C"));
        const QString shown = bar.findChild<ThemedLabel*>(QStringLiteral("compare"))->text();
        QVERIFY(!shown.contains(QStringLiteral("<img")));
        QVERIFY(shown.contains(QStringLiteral("&lt;img")));
        QVERIFY(!bar.findChild<QPushButton*>(QStringLiteral("present"))->isVisibleTo(&bar));
    }

    void fuzzyFindsWordStarts() {
        QVERIFY(!fuzzyScore(QStringLiteral("xyz"), QStringLiteral("Export report")));
        QVERIFY(fuzzyScore(QStringLiteral("er"), QStringLiteral("Export report")) >
                fuzzyScore(QStringLiteral("er"), QStringLiteral("Other")));
        QVERIFY(fuzzyScore(QStringLiteral("fit"), QStringLiteral("Fit both panes")) >
                fuzzyScore(QStringLiteral("fit"), QStringLiteral("Find it")));
        QCOMPARE(fuzzyScore(QString(), QStringLiteral("anything")), std::optional(0));
    }

    void paletteRunsWhatOneTypes() {
        QWidget window;
        window.resize(900, 600);
        window.show();
        QAction open(QStringLiteral("&Open scenario…"));
        QAction dark1(QStringLiteral("Dark theme"));
        QAction report(QStringLiteral("Export report (PDF)…"));
        report.setEnabled(false);
        CommandPalette palette(&window);
        palette.setTheme(dark());
        palette.setActions({&open, &dark1, &report});
        palette.popUp();
        QCOMPARE(palette.shown().size(), 3);
        auto* field = palette.findChild<QLineEdit*>();
        QSignalSpy triggered(&dark1, &QAction::triggered);
        QTest::keyClicks(field, QStringLiteral("dth"));
        QCOMPARE(palette.shown(), QStringList{QStringLiteral("Dark theme")});
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(triggered.size(), 1);
        QVERIFY(palette.isHidden());
        palette.popUp();
        QTest::keyClicks(field, QStringLiteral("report"));
        QSignalSpy never(&report, &QAction::triggered);
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(never.size(), 0);
    }
};

QTEST_MAIN(TestPanels)
#include "tst_panels.moc"

#include "widgets/legend_bar.h"

#include <QTest>

using namespace atlas;
using scenes::Legend;
using scenes::LegendEntry;

/// One legend under two panes says what both show.
class TestLegend : public QObject {
    Q_OBJECT
    static LegendEntry state(const char* label) {
        return {QColor(Qt::red), scenes::Pattern::Solid, QString::fromLatin1(label), {}};
    }
    static QStringList labels(const Legend& legend) {
        QStringList all;
        for (const LegendEntry& entry : legend.entries) {
            all << entry.label;
        }
        return all;
    }

private slots:
    void aTrainingAndAServingPane() {
        Legend trains;
        trains.entries = {state("idle"), state("computing"), state("its tensor group")};
        trains.entries.back().blame = operations::Group::Tensor;
        trains.note = QStringLiteral("1 px = 4 GPUs");
        Legend serves;
        serves.entries = {state("idle"), state("reading prompts"), state("writing answers")};
        const Legend both = widgets::joined(trains, serves);
        QCOMPARE(labels(both), QStringList({"idle", "computing", "reading prompts", "writing answers",
                                            "its tensor group"}));
        QCOMPARE(both.note, trains.note);
        QCOMPARE(labels(widgets::joined(serves, serves)), labels(serves));
    }
    /// Only the first line ends before what stands beside it.
    void theFirstLineLeavesRoom() {
        widgets::LegendBar bar;
        bar.setTheme(scenes::loadTheme(scenes::ThemeMode::Dark));
        Legend legend;
        for (int i = 0; i < 12; ++i) {
            legend.entries.push_back(state("waits at the barrier"));
        }
        bar.setLegend(legend);
        const int width = 900;
        const int whole = bar.heightForWidth(width);
        bar.setReserved(width);
        QVERIFY(bar.heightForWidth(width) > whole);
        QVERIFY(bar.heightForWidth(width) < bar.heightForWidth(width / 2));
    }
    void anEmptyPaneLeavesItToTheOther() {
        Legend ramp;
        ramp.hasRamp = true;
        ramp.rampHigh = QStringLiteral("1");
        QVERIFY(widgets::joined({}, ramp).hasRamp);
        QCOMPARE(labels(widgets::joined(ramp, {})), QStringList());
    }
};

QTEST_MAIN(TestLegend)
#include "tst_legend.moc"

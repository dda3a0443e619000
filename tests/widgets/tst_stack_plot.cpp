// Stacked rows and scaling curves: what is drawn equals what was given, nothing is clipped, and what lies
// outside the validated range looks different.
#include "widgets/scaling_plot.h"
#include "widgets/stack_plot.h"
#include "widgets/style.h"

#include <QApplication>
#include <QFontMetricsF>
#include <QGraphicsScene>
#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::widgets;

namespace {

template <class PlotType>
struct Laid {
    template <class Values>
    Laid(const Values& values, QSizeF size, scenes::ThemeMode mode = scenes::ThemeMode::Dark) {
        auto made = std::make_unique<PlotType>();
        plot = made.get();
        scene.addItem(made.release());
        plot->resize(size);
        plot->setTheme(scenes::loadTheme(mode));
        plot->setValues(values);
    }
    QGraphicsScene scene;
    PlotType* plot;
};

void checkLabels(const Plot& plot) {
    const QRectF area(QPointF(), plot.size());
    const auto& labels = plot.labels();
    QVERIFY(!labels.empty());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        QVERIFY2(area.adjusted(-1, -1, 1, 1).contains(labels[i].rect),
                 qPrintable(QStringLiteral("%1 leaves the chart").arg(labels[i].text)));
        for (std::size_t j = 0; j < i; ++j) {
            const QRectF both = labels[i].rect.intersected(labels[j].rect);
            QVERIFY2(both.width() < 0.5 || both.height() < 0.5,
                     qPrintable(QStringLiteral("%1 covers %2").arg(labels[i].text, labels[j].text)));
        }
    }
}

StackValues stack(bool hidden, double limit) {
    StackValues values;
    values.name = QStringLiteral("sample");
    values.dimension = units::Dimension::Seconds;
    values.parts = {{QStringLiteral("matrix products"), {Tint::Role::Computing, 0}},
                    {QStringLiteral("EP"), {Tint::Role::Communicating, 0.3}},
                    {QStringLiteral("bubble"), {Tint::Role::Waiting, 0}},
                    {QStringLiteral("nothing"), {Tint::Role::Waiting, 0.5}}};
    values.rows = {
        {QStringLiteral("H100-SXM, stages 1–13"),
         QStringLiteral("7 layers each, 152,880 GPUs"),
         {6, 2, 2, 0},
         {}},
        {QStringLiteral("H100-SXM, stage 14"), QStringLiteral("5 layers and the head"), {7, 2, 1, 0}, {}}};
    if (hidden) {
        for (StackValues::Row& row : values.rows) {
            row.hidden = {0, 3, 0, 0};
        }
        values.hiddenName = QStringLiteral("hidden behind compute");
    }
    values.limit = limit;
    values.limitName = QStringLiteral("there");
    values.finding = QStringLiteral("a finding");
    return values;
}

explore::ScalingPoint point(std::int64_t gpus, double tokensPerS, bool outside) {
    explore::ScalingPoint p;
    p.gpus = gpus;
    p.tokensPerS = tokensPerS;
    p.mfu = 0.4;
    p.usdPerMtokens = 2;
    p.step.stepTimeS = 10;
    p.goodput = 0.9;
    p.efficiency = 0.8;
    p.outside = outside ? "10 times the largest validated run" : "";
    return p;
}

ScalingValues scalingValues(ScalingMetric metric) {
    ScalingValues values;
    values.metric = metric;
    values.validatedGpus = 2304;
    values.finding = QStringLiteral("a finding");
    for (int c = 0; c < 2; ++c) {
        explore::ScalingCurve curve;
        curve.id = curve.name = c == 0 ? "H100-SXM" : "GB300";
        for (std::int64_t gpus = 8; gpus <= 1 << 20; gpus *= 2) {
            curve.points.push_back(point(gpus, 1000.0 * (c + 1) * static_cast<double>(gpus), gpus > 2304));
        }
        curve.points.front().reason = "memory: 100 GB or more needed, 80 GB there";
        explore::ScalingKnee knee;
        knee.gpus = 100'000;
        knee.cause = "each replica has 2 micro-batches for 12 stages, and the bubble takes 41 %";
        knee.beyond = point(100'000, 1e8, true);
        curve.knee = knee;
        values.scaling.curves.push_back(std::move(curve));
        values.looks.push_back(
            {c == 0 ? QStringLiteral("H100-SXM") : QStringLiteral("GB300"), c, std::nullopt});
    }
    return values;
}

} // namespace

class TestStackPlot : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(scenes::registerFonts());
        applyStyle(*qApp, scenes::loadTheme(scenes::ThemeMode::Dark));
    }
    void segmentsAreAsLongAsTheirValues() {
        const StackValues values = stack(true, 0);
        const Laid<StackPlot> laid(values, QSizeF(700, 300));
        const QRectF area = laid.plot->plotArea();
        int drawn = 0;
        for (const StackPlot::Segment& s : laid.plot->segments()) {
            const StackValues::Row& row = values.rows[s.row];
            const double value = s.hidden ? row.hidden[s.part] : row.values[s.part];
            QVERIFY(std::abs(s.rect.width() - value / 10 * area.width()) < 0.01);
            ++drawn;
        }
        QCOMPARE(drawn, 8); // three parts and one hidden a row: nothing is drawn of nothing
        // Parts of a row follow one another to its end.
        double right = area.left();
        for (const StackPlot::Segment& s : laid.plot->segments()) {
            if (s.row == 1 && !s.hidden) {
                QVERIFY(std::abs(s.rect.left() - right) < 0.01);
                right = s.rect.right();
            }
        }
        QVERIFY(std::abs(right - area.right()) < 0.01);
    }
    void theLimitStandsWhereItIs() {
        const Laid<StackPlot> laid(stack(false, 20), QSizeF(700, 300));
        const QRectF area = laid.plot->plotArea();
        const double perSecond = laid.plot->segments().front().rect.width() / 6;
        QVERIFY(std::abs(laid.plot->limitX() - (area.left() + 20 * perSecond)) < 1);
        QVERIFY(laid.plot->limitX() < area.right());
        const Laid<StackPlot> without(stack(false, 0), QSizeF(700, 300));
        QVERIFY(without.plot->limitX() < 0);
    }
    void nothingIsClipped_data() {
        QTest::addColumn<QSizeF>("size");
        QTest::addColumn<bool>("hidden");
        QTest::addColumn<double>("limit");
        for (const QSizeF size : {QSizeF(320, 200), QSizeF(480, 260), QSizeF(760, 420), QSizeF(1400, 700)}) {
            for (const bool hidden : {false, true}) {
                QTest::addRow("%gx%g %d", size.width(), size.height(), hidden) << size << hidden << 0.0;
                QTest::addRow("%gx%g %d limit", size.width(), size.height(), hidden)
                    << size << hidden << 11.0;
            }
        }
    }
    void nothingIsClipped() {
        QFETCH(QSizeF, size);
        QFETCH(bool, hidden);
        QFETCH(double, limit);
        for (const auto mode : {scenes::ThemeMode::Dark, scenes::ThemeMode::Light}) {
            checkLabels(*Laid<StackPlot>(stack(hidden, limit), size, mode).plot);
        }
    }
    void hoverAndTableTellTheSame() {
        const StackValues values = stack(true, 11);
        const Laid<StackPlot> laid(values, QSizeF(700, 300));
        const auto& first = laid.plot->segments().front();
        const QString said = laid.plot->readout(first.rect.center());
        QVERIFY2(said.contains(QStringLiteral("matrix products")) && said.contains(QStringLiteral("6 s")) &&
                     said.contains(QStringLiteral("60 %")),
                 qPrintable(said));
        QVERIFY(laid.plot->readout(QPointF(1, 1)).isEmpty());
        const DataTable table = laid.plot->table();
        QCOMPARE(table.rows.size(), std::size_t{8});
        QCOMPARE(table.rows[1][3].toDouble(), 2.0);
        QCOMPARE(table.rows[1][4].toDouble(), 3.0);
        QCOMPARE(table.rows[1][5].toDouble(), 11.0);
        const auto copied = laid.plot->copy();
        QCOMPARE(copied->table().rows, table.rows);
    }

    void curvesStandAtTheLogarithm() {
        const Laid<ScalingPlot> laid(scalingValues(ScalingMetric::TokensPerS), QSizeF(900, 420));
        const auto& marks = laid.plot->marks();
        QCOMPARE(marks.size(), std::size_t{2 * 17}); // the smallest count does not run
        // Every doubling is as far along, and as far up: the curve of a linear law is a straight line.
        for (std::size_t i = 2; i < 17; ++i) {
            const QPointF step = marks[i].at - marks[i - 1].at;
            const QPointF before = marks[i - 1].at - marks[i - 2].at;
            QVERIFY(std::abs(step.x() - before.x()) < 0.01 && std::abs(step.y() - before.y()) < 0.01);
        }
        for (const ScalingPlot::Mark& mark : marks) {
            const auto& p = laid.plot->values().scaling.curves[mark.curve].points[mark.point];
            QCOMPARE(mark.hollow, p.gpus > 2304);
        }
    }
    void scalingIsReadable_data() {
        QTest::addColumn<int>("metric");
        QTest::addColumn<QSizeF>("size");
        for (int metric = 0; metric < 4; ++metric) {
            for (const QSizeF size : {QSizeF(420, 240), QSizeF(760, 420), QSizeF(1400, 600)}) {
                QTest::addRow("metric %d at %g", metric, size.width()) << metric << size;
            }
        }
    }
    void scalingIsReadable() {
        QFETCH(int, metric);
        QFETCH(QSizeF, size);
        for (const auto mode : {scenes::ThemeMode::Dark, scenes::ThemeMode::Light}) {
            const Laid<ScalingPlot> laid(scalingValues(static_cast<ScalingMetric>(metric)), size, mode);
            checkLabels(*laid.plot);
            QVERIFY(laid.plot->plotArea().width() > 0.4 * size.width());
        }
    }
    void scalingReadsOut() {
        const Laid<ScalingPlot> laid(scalingValues(ScalingMetric::TokensPerS), QSizeF(900, 420));
        const ScalingPlot::Mark& last = laid.plot->marks().back();
        const QString said = laid.plot->readout(last.at);
        QVERIFY2(said.startsWith(QString::fromUtf8("1\u2009048\u2009576 GPUs")) ||
                     said.contains(QStringLiteral("GPUs")),
                 qPrintable(said));
        QVERIFY2(said.contains(QStringLiteral("GB300: ")) &&
                     said.contains(QStringLiteral("10 times the largest")),
                 qPrintable(said));
        const DataTable table = laid.plot->table();
        QCOMPARE(table.rows.size(), std::size_t{2 * 18});
        QCOMPARE(table.rows[1][2].toDouble(), 16000.0);
        QVERIFY(table.rows[0][2].isNull());
        QVERIFY(table.rows[0][12].toString().startsWith(QStringLiteral("memory: ")));
        for (const QVariantList& row : table.rows) {
            QCOMPARE(row.size(), table.columns.size());
        }
        QCOMPARE(laid.plot->copy()->table().rows, table.rows);
    }
};

QTEST_MAIN(TestStackPlot)
#include "tst_stack_plot.moc"

// Predicted against reported, and errors by group: what is drawn stands where its numbers say, in every theme
// and size, and no label covers another.
#include "plot_checks.h"
#include "widgets/error_plot.h"
#include "widgets/scatter_plot.h"
#include "widgets/style.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace atlas;
using namespace atlas::widgets;
using test::checkLabels;
using test::Laid;

namespace {

ScatterValues scatter() {
    ScatterValues values;
    values.quantity = QStringLiteral("TFLOP/s");
    values.bandWords = QStringLiteral("within 10 %");
    for (int g = 0; g < 8; ++g) {
        ScatterValues::Group group{QStringLiteral("class %1").arg(g), {}};
        for (int i = 0; i < 20; ++i) {
            const double reported = 40.0 * std::pow(1.2, g + i);
            const double error = 0.03 * (i % 5 - 2) + (i == 7 ? 0.4 : 0);
            group.points.push_back({reported, reported * (1 + error),
                                    QStringLiteral("run %1-%2").arg(g).arg(i), i == 7 ? g + 1 : 0});
        }
        values.groups.push_back(group);
    }
    return values;
}

ErrorValues errors(int groups) {
    ErrorValues values;
    values.noun = QStringLiteral("runs");
    for (int g = 0; g < groups; ++g) {
        const double middle = 0.02 * (g - 2);
        values.groups.push_back({QStringLiteral("a group with a long name, number %1").arg(g),
                                 static_cast<std::size_t>(g == 1 ? 2 : 40), middle - 0.1, middle - 0.03,
                                 middle, middle + 0.03, middle + (g == 3 ? 0.9 : 0.1), 0.04});
    }
    return values;
}

} // namespace

class TestErrorCharts : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(scenes::registerFonts());
        applyStyle(*qApp, scenes::loadTheme(scenes::ThemeMode::Dark));
    }

    void labelsKeepApart_data() {
        QTest::addColumn<QSizeF>("size");
        QTest::addColumn<bool>("light");
        for (const QSizeF& size :
             {QSizeF(1200, 300), QSizeF(760, 420), QSizeF(520, 250), QSizeF(380, 220), QSizeF(280, 180)}) {
            for (const bool light : {false, true}) {
                QTest::addRow("%g x %g, %s", size.width(), size.height(), light ? "light" : "dark")
                    << size << light;
            }
        }
    }
    void labelsKeepApart() {
        QFETCH(QSizeF, size);
        QFETCH(bool, light);
        const auto mode = light ? scenes::ThemeMode::Light : scenes::ThemeMode::Dark;
        checkLabels(*Laid<ScatterPlot>(scatter(), size, mode).plot);
        for (const int groups : {1, 5, 20}) {
            checkLabels(*Laid<ErrorPlot>(errors(groups), size, mode).plot);
        }
    }

    void theDiagonalIsRight() {
        // Equal scales: a point that is right stands on the line from corner to corner.
        Laid<ScatterPlot> laid(scatter(), {600, 400});
        const QRectF plot = laid.plot->plotArea();
        for (const double value : {50.0, 200.0, 1000.0}) {
            const QPointF at = laid.plot->positionOf({value, value, {}, 0});
            const double u = (at.x() - plot.left()) / plot.width();
            const double v = (plot.bottom() - at.y()) / plot.height();
            QVERIFY(std::abs(u - v) < 1e-9);
        }
        // Promised twice as much is above, as far as one doubling of the scale.
        const QPointF right = laid.plot->positionOf({100, 100, {}, 0});
        const QPointF twice = laid.plot->positionOf({100, 200, {}, 0});
        QCOMPARE(twice.x(), right.x());
        const double decade = laid.plot->positionOf({100, 1000, {}, 0}).y() - right.y();
        QVERIFY(std::abs((twice.y() - right.y()) / decade - std::log10(2.0)) < 1e-9);
        for (const auto& group : laid.plot->values().groups) {
            for (const auto& point : group.points) {
                QVERIFY(plot.adjusted(-1, -1, 1, 1).contains(laid.plot->positionOf(point)));
            }
        }
    }

    void theReadOutIsOfTheNearestPoint() {
        Laid<ScatterPlot> laid(scatter(), {600, 400});
        const auto& point = laid.plot->values().groups[3].points[7];
        QCOMPARE(laid.plot->readout(laid.plot->positionOf(point)), point.words);
        QCOMPARE(laid.plot->readout(laid.plot->plotArea().topLeft() + QPointF(30, 30)), QString());
    }

    void shapesTellGroupsApart() {
        // Colours repeat after six classes, shapes after seven: no two of the first twenty look alike.
        const auto theme = scenes::loadTheme(scenes::ThemeMode::Dark);
        std::set<std::pair<int, QRgb>> looks;
        for (int g = 0; g < 20; ++g) {
            looks.insert({g % kMarkShapes, theme.classes[static_cast<std::size_t>(g) % 6].rgb()});
        }
        QCOMPARE(looks.size(), std::size_t{20});
        for (int a = 0; a < kMarkShapes; ++a) {
            QVERIFY(!markShape(a, {0, 0}, 10).isEmpty());
            for (int b = 0; b < a; ++b) {
                QVERIFY(markShape(a, {0, 0}, 10) != markShape(b, {0, 0}, 10));
            }
        }
    }

    void everyPointIsInTheTable() {
        Laid<ScatterPlot> laid(scatter(), {600, 400});
        QCOMPARE(laid.plot->table().rows.size(), std::size_t{160});
        QCOMPARE(laid.plot->copy()->table().csv(), laid.plot->table().csv());
        QVERIFY(laid.plot->description().contains(QStringLiteral("152 of 160 points are within 10 %")));
        QVERIFY(Laid<ScatterPlot>(ScatterValues{}, {600, 400}).plot->empty());
    }

    void groupsWithoutRoomAreCounted() {
        Laid<ErrorPlot> small(errors(20), {500, 200});
        QVERIFY(small.plot->shown() > 3 && small.plot->shown() < 20);
        const QString more = QStringLiteral("and %1 more").arg(20 - small.plot->shown());
        QVERIFY(std::ranges::any_of(small.plot->labels(),
                                    [&](const PlotLabel& label) { return label.text.startsWith(more); }));
        Laid<ErrorPlot> large(errors(20), {500, 600});
        QCOMPARE(large.plot->shown(), std::size_t{20});
        QCOMPARE(large.plot->table().rows.size(), std::size_t{20});
        QCOMPARE(small.plot->table().rows.size(), std::size_t{20});
    }

    void theReadOutIsOfTheRow() {
        Laid<ErrorPlot> laid(errors(5), {600, 300});
        for (int g = 0; g < 5; ++g) {
            const QPointF at = laid.plot->toPosition({0, 5.0 - g});
            QVERIFY(laid.plot->readout(at).startsWith(
                QStringLiteral("a group with a long name, number %1").arg(g)));
        }
        QCOMPARE(laid.plot->readout({10, 2}), QString());
        QVERIFY(laid.plot->readout(laid.plot->toPosition({0, 5})).contains(QStringLiteral("\u22124 %")));
        // Zero is in the middle, whatever the errors.
        const QRectF plot = laid.plot->plotArea();
        QVERIFY(std::abs(laid.plot->toPosition({0, 1}).x() - plot.center().x()) < 0.01);
    }
};

QTEST_MAIN(TestErrorCharts)
#include "tst_error_charts.moc"

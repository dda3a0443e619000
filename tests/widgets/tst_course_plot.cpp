// Curves over time: what is drawn equals what was given, labels neither leave the chart nor cover each other.
#include "widgets/course_plot.h"
#include "widgets/style.h"

#include <QGraphicsScene>
#include <QLineSeries>
#include <QSignalSpy>
#include <QTest>
#include <QValueAxis>

#include <cmath>

using namespace atlas;
using namespace atlas::widgets;

namespace {

CourseValues day(bool logarithmic) {
    CourseValues values;
    values.name = QStringLiteral("latency");
    values.column = QStringLiteral("seconds");
    values.dimension = units::Dimension::Seconds;
    values.logarithmic = logarithmic;
    for (int c = 0; c < 6; ++c) {
        CourseCurve curve{QStringLiteral("curve %1").arg(c),
                          static_cast<CourseInk>(c % 3),
                          static_cast<CourseDash>(c / 2),
                          {}};
        for (int i = 0; i <= 144; ++i) {
            curve.points.emplace_back(i * 600.0,
                                      (0.1 + 0.02 * c) * (2 + std::sin(i / 20.0)) * (c == 5 ? 20 : 1));
        }
        values.curves.push_back(curve);
    }
    values.levels.push_back({2, QStringLiteral("promise 2 s")});
    values.finding = QStringLiteral("a finding");
    return values;
}

struct Laid {
    Laid(const CourseValues& values, QSizeF size, scenes::ThemeMode mode) {
        auto made = std::make_unique<CoursePlot>();
        plot = made.get();
        scene.addItem(made.release());
        plot->resize(size);
        plot->setTheme(scenes::loadTheme(mode));
        plot->setValues(values);
    }
    QGraphicsScene scene;
    CoursePlot* plot;
};

} // namespace

class TestCoursePlot : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY(scenes::registerFonts()); }

    void labelsKeepTheirRoom_data() {
        QTest::addColumn<QSizeF>("size");
        QTest::addColumn<bool>("logarithmic");
        QTest::addColumn<bool>("dark");
        for (const bool logarithmic : {false, true}) {
            for (const bool dark : {false, true}) {
                QTest::addRow("wide %d %d", logarithmic, dark) << QSizeF(760, 420) << logarithmic << dark;
                QTest::addRow("card %d %d", logarithmic, dark) << QSizeF(520, 250) << logarithmic << dark;
            }
        }
    }
    void labelsKeepTheirRoom() {
        QFETCH(QSizeF, size);
        QFETCH(bool, logarithmic);
        QFETCH(bool, dark);
        const Laid laid(day(logarithmic), size, dark ? scenes::ThemeMode::Dark : scenes::ThemeMode::Light);
        const auto& labels = laid.plot->labels();
        QVERIFY(labels.size() > 8);
        for (std::size_t i = 0; i < labels.size(); ++i) {
            QVERIFY2(QRectF(QPointF(), size).adjusted(-1, -1, 1, 1).contains(labels[i].rect),
                     qPrintable(labels[i].text));
            for (std::size_t j = 0; j < i; ++j) {
                const QRectF both = labels[i].rect & labels[j].rect;
                QVERIFY2(both.width() < 0.5 || both.height() < 0.5,
                         qPrintable(labels[i].text + " covers " + labels[j].text));
            }
        }
    }

    void pointsStandWhereTheyShould() {
        for (const bool logarithmic : {false, true}) {
            const CourseValues values = day(logarithmic);
            const Laid laid(values, {760, 420}, scenes::ThemeMode::Dark);
            const auto all = laid.plot->series();
            QCOMPARE(all.size(), 6);
            const QPointF last = qobject_cast<QLineSeries*>(all[0])->points().last();
            const double y = values.curves[0].points.back().y();
            QCOMPARE(last.y(), logarithmic ? std::log10(y) : y);
            QCOMPARE(last.x(), 86'400.0);
        }
    }

    void valuesCanBeTakenAway() {
        Laid laid(day(true), {760, 420}, scenes::ThemeMode::Dark);
        const DataTable table = laid.plot->table();
        QCOMPARE(table.rows.size(), std::size_t{6 * 145});
        QCOMPARE(table.columns.last(), QStringLiteral("seconds"));
        const auto copy = laid.plot->copy();
        QCOMPARE(copy->table().csv(), table.csv());
        QVERIFY(laid.plot->readout(laid.plot->plotArea().center()).contains("curve 3"));
        QSignalSpy seeks(laid.plot, &Plot::seekRequested);
        laid.plot->activate(laid.plot->plotArea().center());
        QCOMPARE(seeks.count(), 1);
        QVERIFY(std::abs(seeks[0][0].toDouble() - 43'200) < 200);
        laid.plot->setValues({});
        QVERIFY(laid.plot->empty());
        QVERIFY(laid.plot->readout(laid.plot->plotArea().center()).isEmpty());
    }

    /// A value of nothing has no logarithm and is left out.
    void zeroesAreLeftOut() {
        CourseValues values = day(true);
        values.curves[0].points[10].setY(0);
        const Laid laid(values, {760, 420}, scenes::ThemeMode::Dark);
        for (const QPointF& p : qobject_cast<QLineSeries*>(laid.plot->series()[0])->points()) {
            QVERIFY(std::isfinite(p.y()));
        }
    }
};

QTEST_MAIN(TestCoursePlot)
#include "tst_course_plot.moc"

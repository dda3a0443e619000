// The charts: what is drawn equals what was given, nothing is clipped, files come out whole and the same.
#include "plot_checks.h"
#include "samples.h"
#include "widgets/chart_card.h"
#include "widgets/export_service.h"
#include "widgets/format.h"
#include "widgets/style.h"

#include <QAreaSeries>
#include <QClipboard>
#include <QGraphicsScene>
#include <QLineSeries>
#include <QMenu>
#include <QMimeData>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using namespace atlas;
using namespace atlas::widgets;
using test::checkLabels;
using test::Laid;
using test::separated;

namespace {

Caption caption() {
    return {QStringLiteral("A finding"), QStringLiteral("what, unit, span"),
            QStringLiteral("x.yaml · seed 7")};
}

PictureOptions options(scenes::ThemeMode mode = scenes::ThemeMode::Light) {
    PictureOptions out;
    out.theme = scenes::loadTheme(mode);
    return out;
}

} // namespace

class TestCharts : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(scenes::registerFonts());
        applyStyle(*qApp, scenes::loadTheme(scenes::ThemeMode::Dark));
    }

    void waterfallBarsAddUp() {
        const auto values = samples::waterfallValues();
        Laid<WaterfallPlot> laid(values, {460, 200});
        const auto& bars = laid.plot->bars();
        QCOMPARE(bars.size(), std::size_t{18});
        const double perShare = bars.front().rect.height(); // the peak is a share of one
        for (const Side side : kSides) {
            double level = 0;
            double top = 0;
            for (const auto& bar : bars) {
                if (bar.side != side) {
                    continue;
                }
                if (!bar.total) {
                    // Each loss begins where the bar before ended, in values and in pixels.
                    QVERIFY(std::abs(bar.to - level) < 1e-12);
                    QVERIFY(std::abs(bar.rect.top() - top) < 0.01);
                    level -= bar.share;
                    top += bar.share * perShare;
                    if (bar.share * perShare > 2) {
                        QVERIFY(std::abs(bar.rect.height() - bar.share * perShare) < 0.01);
                    }
                } else {
                    if (bar.category > 0) {
                        QVERIFY(std::abs(bar.share - level) < 1e-9); // what the losses leave is the goodput
                    }
                    QVERIFY(std::abs(bar.rect.bottom() - laid.plot->plotArea().bottom()) < 0.01);
                    level = bar.share;
                    top = bar.rect.top();
                }
            }
        }
    }

    void waterfallSeriesAreTheBars() {
        const auto values = samples::waterfallValues();
        Laid<WaterfallPlot> laid(values, {460, 200});
        const auto all = laid.plot->series();
        QCOMPARE(static_cast<std::size_t>(all.size()), laid.plot->bars().size());
        for (std::size_t i = 0; i < laid.plot->bars().size(); ++i) {
            const auto* area = qobject_cast<QAreaSeries*>(all[static_cast<qsizetype>(i)]);
            QVERIFY(area != nullptr);
            QVERIFY(std::abs(area->upperSeries()->at(0).y() - laid.plot->bars()[i].to) < 1e-9);
        }
    }

    void waterfallMarksWhatSetsThemApart() {
        Laid<WaterfallPlot> laid(samples::waterfallValues(), {460, 200});
        int marked = 0;
        for (const auto& bar : laid.plot->bars()) {
            if (bar.decisive) {
                ++marked;
                QCOMPARE(laid.plot->categories()[static_cast<std::size_t>(bar.category)], "class mismatch");
                QVERIFY(bar.side == Side::A);
            }
        }
        QCOMPARE(marked, 1);
        QVERIFY(laid.plot->readout({460 * 4.5 / 9, 100}).contains(QStringLiteral("29 %")));
        QCOMPARE(waterfallFinding(laid.plot->values()),
                 QStringLiteral("A turns 11 of 100 peak FLOPs into training, B turns 36"));
    }

    void waterfallOfOneSide() {
        auto values = samples::waterfallValues();
        values.sides[1].bars.clear();
        values.sides[1].reason = QStringLiteral("leased: the tenant serves");
        Laid<WaterfallPlot> laid(values, {460, 200});
        QCOMPARE(laid.plot->bars().size(), std::size_t{9});
        checkLabels(*laid.plot);
        values.sides[0].bars.clear();
        laid.plot->setEmptyReason(QStringLiteral("Neither side trains."));
        laid.plot->setValues(values);
        QVERIFY(laid.plot->empty());
        QCOMPARE(laid.plot->labels().size(), std::size_t{1});
    }

    void labelsNeitherClipNorOverlap_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<bool>("light");
        for (int width = 300; width <= 900; width += 50) {
            QTest::addRow("%d dark", width) << width << false;
        }
        QTest::addRow("640 light") << 640 << true;
    }
    void labelsNeitherClipNorOverlap() {
        QFETCH(int, width);
        QFETCH(bool, light);
        const auto mode = light ? scenes::ThemeMode::Light : scenes::ThemeMode::Dark;
        for (const double height : {150.0, 220.0, 400.0}) {
            const QSizeF size(width, height);
            Laid<WaterfallPlot> waterfall(samples::waterfallValues(), size, mode);
            checkLabels(*waterfall.plot);
            // Every category keeps its name at every width.
            for (const std::string& name : waterfall.plot->categories()) {
                const QString label = waterfallLabel(name);
                QVERIFY2(std::ranges::any_of(waterfall.plot->labels(),
                                             [&](const PlotLabel& l) {
                                                 return QString(l.text).replace('\n', ' ') == label ||
                                                        QString(l.text).remove('\n') == label;
                                             }),
                         qPrintable(label));
            }
            checkLabels(*Laid<UtilisationPlot>(samples::utilisationValues(), size, mode).plot);
            checkLabels(*Laid<CashPlot>(samples::cashValues(), size, mode).plot);
        }
    }

    void utilisationShowsItsSamples() {
        const auto values = samples::utilisationValues();
        Laid<UtilisationPlot> laid(values, {460, 200});
        for (QAbstractSeries* series : laid.plot->series()) {
            const auto* line = qobject_cast<QLineSeries*>(series);
            QVERIFY(line != nullptr);
            QVERIFY(line->count() > 2);
            QVERIFY(line->count() <= 2000);
        }
        const QString words = laid.plot->readout(laid.plot->toPosition({15 * 86400.0, 0.5}));
        QVERIFY(words.startsWith(QStringLiteral("day 15")));
        QSignalSpy seeks(laid.plot, &Plot::seekRequested);
        laid.plot->activate(laid.plot->toPosition({10 * 86400.0, 0.5}));
        QCOMPARE(seeks.size(), 1);
        QVERIFY(std::abs(seeks[0][0].toDouble() - 10 * 86400.0) < 1.0);
        const DataTable table = laid.plot->table();
        QCOMPARE(table.rows.size(), std::size_t{2880});
        QCOMPARE(table.rows[3][3].toDouble(), static_cast<double>(values.sides[0].samples[3].utilisation));
    }

    void cashMarksTranchesAndBands() {
        Laid<CashPlot> laid(samples::cashValues(), {460, 220});
        QVERIFY(std::ranges::any_of(laid.plot->labels(), [](const PlotLabel& label) {
            return label.text.contains(QStringLiteral("Oct 2027"));
        }));
        QCOMPARE(cashFinding(laid.plot->values()),
                 QStringLiteral("B funds tranche 2 by Oct 2027, A never does"));
        const QPointF at =
            laid.plot->toPosition({static_cast<double>(scenario::Month::of(2027, 10).index), 0});
        QVERIFY(laid.plot->readout(at).contains(QStringLiteral("tranche 2 funded")));
    }

    void decimationKeepsExtremes() {
        std::vector<QPointF> points;
        for (int i = 0; i < 100'000; ++i) {
            points.emplace_back(i, i == 54'321 ? 9.0 : i == 70'000 ? -9.0 : std::sin(i * 0.01));
        }
        const QList<QPointF> kept = decimated(points, 900);
        QVERIFY(kept.size() <= 1802);
        const auto [low, high] = std::ranges::minmax_element(kept, {}, &QPointF::y);
        QCOMPARE(low->x(), 70'000.0);
        QCOMPARE(high->x(), 54'321.0);
        QCOMPARE(kept.first(), points.front());
        QCOMPARE(kept.last(), points.back());
        QVERIFY(std::ranges::is_sorted(kept, {}, &QPointF::x));
    }

    void ticksAreRound() {
        const auto ticks = roundTicks(-21.3, 6.2, 5);
        QCOMPARE(ticks.size(), std::size_t{3});
        QCOMPARE(ticks[0], -20.0);
        QCOMPARE(ticks[2], 0.0);
        QCOMPARE(timeTicks(0, 30 * 86400.0, 4).back().label, QStringLiteral("30 days"));
        const double day = 86400;
        const auto clock = instantTicks(305 * day, 306 * day, 5);
        QCOMPARE(clock.front().label, QStringLiteral("day 305"));
        QCOMPARE(clock[1].label, QStringLiteral("06:00"));
        QCOMPARE(clock[1].at, 305.25 * day);
        QCOMPARE(clock.back().label, QStringLiteral("day 306"));
        QCOMPARE(instantTicks(301 * day, 308 * day, 4).back().label, QStringLiteral("308 days"));
        QVERIFY(roundTicks(1, 1, 5).empty());
    }

    void themeSwitchesLive() {
        auto plot = std::make_unique<WaterfallPlot>();
        plot->setValues(samples::waterfallValues());
        ChartCard card(QStringLiteral("waterfall"), std::move(plot));
        card.setCaption(caption());
        card.resize(460, 260);
        const auto background = [&](scenes::ThemeMode mode) {
            const Theme theme = scenes::loadTheme(mode);
            applyStyle(*qApp, theme);
            card.setTheme(theme);
            return card.grab().toImage().pixelColor(2, 2).lightness();
        };
        QVERIFY(background(scenes::ThemeMode::Light) > 200);
        QVERIFY(background(scenes::ThemeMode::Dark) < 60);
    }

    void cardOffersItsGestures() {
        auto plot = std::make_unique<WaterfallPlot>();
        plot->setValues(samples::waterfallValues());
        ChartCard card(QStringLiteral("waterfall"), std::move(plot));
        card.setCaption(caption());
        card.setTheme(scenes::loadTheme(scenes::ThemeMode::Dark));
        card.resize(460, 260);
        card.show();
        QSignalSpy exports(&card, &ChartCard::exportRequested);
        QSignalSpy maximised(&card, &ChartCard::maximiseRequested);
        for (QAction* action : card.menu()->actions()) {
            if (!action->isSeparator()) {
                action->trigger();
            }
        }
        QCOMPARE(exports.size(), 4);
        QCOMPARE(maximised.size(), 1);
        const QMimeData* copied = QGuiApplication::clipboard()->mimeData();
        QVERIFY(copied->hasImage());
        QVERIFY(copied->hasFormat(QStringLiteral("image/svg+xml")));
        QVERIFY(copied->text().contains(QStringLiteral("class mismatch\tloss\t0.29")));
        // The keyboard reads the chart, too.
        card.view().setFocus();
        QTest::keyClick(&card.view(), Qt::Key_Right);
        QVERIFY(!card.view().readout().isEmpty());
        QTest::keyClick(&card.view(), Qt::Key_Escape);
        QVERIFY(card.view().readout().isEmpty());
    }

    void filesAreWholeAndTheSame_data() {
        QTest::addColumn<QString>("ending");
        for (const char* ending : {"png", "svg", "pdf", "csv"}) {
            QTest::addRow("%s", ending) << QString::fromLatin1(ending);
        }
    }
    void filesAreWholeAndTheSame() {
        QFETCH(QString, ending);
        QTemporaryDir folder;
        WaterfallPlot plot;
        plot.setValues(samples::waterfallValues());
        QByteArray first;
        for (int run = 0; run < 2; ++run) {
            const QString path = folder.filePath(QStringLiteral("chart%1.%2").arg(run).arg(ending));
            QVERIFY(exportChart(path, plot, caption(), options()).empty());
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray bytes = file.readAll();
            QVERIFY(bytes.size() > 200);
            if (run == 0) {
                first = bytes;
                QTest::qWait(1100); // a moment of writing would show
            } else {
                QCOMPARE(bytes, first);
            }
        }
        if (ending == QLatin1String("svg")) {
            QXmlStreamReader xml(first);
            QString words;
            while (!xml.atEnd()) {
                xml.readNext();
                words += xml.text();
            }
            QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
            QVERIFY(words.contains(QStringLiteral("A finding")));
            QVERIFY(words.contains(QStringLiteral("goodput")));
        } else if (ending == QLatin1String("png")) {
            const QImage image = QImage::fromData(first);
            QCOMPARE(image.size(), (options().size * options().pixelRatio).toSize());
        } else if (ending == QLatin1String("csv")) {
            QVERIFY(first.contains("class mismatch,loss,0.29,0"));
        } else {
            QVERIFY(first.startsWith("%PDF-"));
            if (!QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty()) {
                QProcess pdf;
                pdf.start(QStringLiteral("pdftotext"), {folder.filePath(QStringLiteral("chart0.pdf")), "-"});
                QVERIFY(pdf.waitForFinished(20000));
                const QString words = QString::fromUtf8(pdf.readAllStandardOutput());
                QVERIFY(words.contains(QStringLiteral("A finding")));
                QVERIFY(words.contains(QStringLiteral("goodput")));
            }
        }
    }

    void wrongEndingsAreRefused() {
        WaterfallPlot plot;
        const Diagnostics problems =
            exportChart(QStringLiteral("/nowhere/x.doc"), plot, caption(), options());
        QCOMPARE(problems.size(), std::size_t{1});
        QVERIFY(problems[0].remedy.find(".svg") != std::string::npos);
        QVERIFY(!exportChart(QStringLiteral("/no/such/folder/x.csv"), plot, caption(), options()).empty());
    }
};

QTEST_MAIN(TestCharts)
#include "tst_charts.moc"

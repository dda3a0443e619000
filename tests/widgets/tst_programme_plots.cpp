// Plots of the programme: what is drawn equals what was given, sums hold in pixels too, nothing is clipped.
#include "tests/widgets/plot_checks.h"
#include "widgets/break_even_plot.h"
#include "widgets/fan_plot.h"
#include "widgets/gantt_plot.h"
#include "widgets/money_bridge_plot.h"
#include "widgets/month_stack_plot.h"
#include "widgets/sankey_plot.h"
#include "widgets/style.h"
#include "widgets/tornado_plot.h"

#include <QApplication>

#include <cmath>
#include <map>

using namespace atlas;
using namespace atlas::widgets;
using test::Laid;

namespace {

MonthStackValues stack() {
    MonthStackValues values;
    values.name = QStringLiteral("stack");
    values.first = scenario::Month::of(2026, 5);
    values.layers = {
        {QStringLiteral("xAI"), {}}, {QStringLiteral("Anthropic"), {}}, {QStringLiteral("Builder"), {}}};
    for (int m = 0; m < 48; ++m) {
        values.layers[0].usd.push_back(m % 5 == 0 ? -3e9 : 1e9);
        values.layers[1].usd.push_back(-2e9);
        values.layers[2].usd.push_back(m % 5 == 0 ? 5e9 : 1e9);
    }
    values.finding = QStringLiteral("a finding");
    return values;
}

SankeyValues sankey() {
    using finance::FlowStage;
    SankeyValues values;
    values.flows.nodes = {{"Customers", FlowStage::Source},
                          {"Lenders", FlowStage::Source},
                          {"Anthropic", FlowStage::Tenant},
                          {"SpaceX", FlowStage::Lessor},
                          {"xAI", FlowStage::Owner},
                          {"GPU vendor", FlowStage::Sink},
                          {"Builder", FlowStage::Sink},
                          {"Energy, staff, upkeep", FlowStage::Sink},
                          {"Kept by Anthropic", FlowStage::Sink}};
    values.flows.links = {{0, 2, "token sales", 13e9}, {2, 3, "lease fee", 7.5e9}, {3, 4, "lease fee", 7.5e9},
                          {1, 4, "loan", 5e9},         {4, 5, "GPUs", 9e9},        {4, 6, "halls", 3e9},
                          {4, 7, "energy", 0.5e9},     {2, 8, "kept", 5.5e9}};
    values.span = QStringLiteral("2027");
    values.finding = QStringLiteral("a finding");
    return values;
}

GanttValues gantt() {
    GanttValues values;
    values.first = scenario::Month::of(2026, 5);
    values.months = 48;
    const double from = values.first.index;
    values.lanes = {{QStringLiteral("Colossus 1"),
                     {{GanttValues::Kind::Powered, from, from + 48, QStringLiteral("220,000 GPUs")}},
                     {}},
                    {QStringLiteral("Colossus 2 tranche 3"),
                     {{GanttValues::Kind::Build, from - 5, from + 1, QStringLiteral("$7.3B")},
                      {GanttValues::Kind::Powered, from + 1, from + 48, QStringLiteral("110,000 GB300")}},
                     {{from + 0.5, QStringLiteral("own cash")}}},
                    {QStringLiteral("Lease fee, Colossus 1"),
                     {{GanttValues::Kind::Lease, from, from + 37, QStringLiteral("Anthropic")}},
                     {}},
                    {QStringLiteral("Grok 5"),
                     {{GanttValues::Kind::Run, from, from + 2.4, QStringLiteral("trained July 2026")}},
                     {}}};
    for (int m = 0; m < 48; ++m) {
        values.powerW.push_back(m < 7 ? 5e8 : 1.2e9);
    }
    values.finding = QStringLiteral("a finding");
    return values;
}

TornadoValues tornado() {
    TornadoValues values;
    values.outcome = QStringLiteral("Net present value");
    values.dimension = units::Dimension::Usd;
    values.central = -11e9;
    values.bars = {{QStringLiteral("Lease fee · Anthropic"),
                    QStringLiteral("$0.5B"),
                    QStringLiteral("$2B"),
                    -20e9,
                    5e9,
                    true,
                    true,
                    {}},
                   {QStringLiteral("Market rent"),
                    QStringLiteral("$1"),
                    QStringLiteral("$3"),
                    -14e9,
                    -8e9,
                    true,
                    true,
                    {}},
                   {QStringLiteral("Only worse"),
                    QStringLiteral("1"),
                    QStringLiteral("2"),
                    -12e9,
                    -13e9,
                    true,
                    true,
                    {}}};
    values.finding = QStringLiteral("a finding");
    return values;
}

IndexValues indices() {
    IndexValues values;
    values.bars = {{QStringLiteral("Lease fee"), 0.5, 0.6},
                   {QStringLiteral("PUE"), 0.1, 0.3},
                   {QStringLiteral("all others"), -0.01, 0.05}};
    values.finding = QStringLiteral("a finding");
    return values;
}

FanValues fan() {
    FanValues values;
    values.first = scenario::Month::of(2026, 5);
    for (const Side side : kSides) {
        auto& strategy = values.sides[index(side)];
        strategy.name = side == Side::A ? QStringLiteral("Keep") : QStringLiteral("Lease");
        for (int m = 1; m <= 48; ++m) {
            const double middle = (side == Side::A ? -0.1e9 : 0.4e9) * m;
            strategy.months.push_back(
                {middle - 0.2e9 * m, middle - 0.1e9 * m, middle, middle + 0.1e9 * m, middle + 0.2e9 * m});
        }
        for (int i = 0; i < 20; ++i) {
            strategy.horizons.push_back((i - 10) * 1e9);
        }
    }
    values.finding = QStringLiteral("a finding");
    return values;
}

explore::BreakEvenMap map() {
    explore::BreakEvenMap out;
    out.keepName = "Fix Colossus 1";
    out.leaseName = "Lease Colossus 1";
    out.rowLabel = "Net present value";
    out.contract = "Anthropic leases Colossus 1";
    out.dimension = units::Dimension::Usd;
    for (int i = 0; i <= 20; ++i) {
        out.feesUsdPerMonth.push_back(i * 1e8);
        out.mfus.push_back(0.01 + i * 0.03);
    }
    for (const double fee : out.feesUsdPerMonth) {
        for (const double mfu : out.mfus) {
            out.gain.push_back(20 * fee - 40e9 * mfu); // level at fee = 2e9 * mfu
        }
    }
    for (const double mfu : out.mfus) {
        out.indifferentFee.push_back(2e9 * mfu);
    }
    out.feeToday = 1.25e9;
    out.mfuToday = 0.3;
    return out;
}

MoneyBridgeValues bridge() {
    MoneyBridgeValues values;
    values.name = QStringLiteral("bridge");
    values.bars = {{QStringLiteral("A"), 5e9, true, 0},
                   {QStringLiteral("lease income"), 12e9, false, -1},
                   {QStringLiteral("build-out still to be paid for"), -30e9, false, -1},
                   {QStringLiteral("resale of GPUs"), 9e9, false, -1},
                   {QStringLiteral("B"), -4e9, true, 1}};
    values.finding = QStringLiteral("a finding");
    return values;
}

void sizes() {
    QTest::addColumn<QSizeF>("size");
    QTest::addColumn<bool>("light");
    QTest::newRow("card") << QSizeF(760, 260) << false;
    QTest::newRow("card, light") << QSizeF(760, 260) << true;
    QTest::newRow("small window") << QSizeF(420, 230) << false;
    QTest::newRow("picture") << QSizeF(1200, 640) << true;
}

/// Nothing clipped or covered, and the copy, the read-out of an empty plot and its description hold.
template <class PlotType, class Values>
void checkPlot(const Values& values) {
    QFETCH(QSizeF, size);
    QFETCH(bool, light);
    const Laid<PlotType> laid(values, size, light ? scenes::ThemeMode::Light : scenes::ThemeMode::Dark);
    test::checkLabels(*laid.plot);
    QVERIFY(!laid.plot->description().isEmpty());
    QVERIFY(!laid.plot->table().rows.empty());
    QCOMPARE(laid.plot->copy()->table().csv(), laid.plot->table().csv());
    laid.plot->setValues({});
    QVERIFY(laid.plot->empty());
    QVERIFY(laid.plot->readout({size.width() / 2, size.height() / 2}).isEmpty());
}

} // namespace

class TestProgrammePlots : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { scenes::registerFonts(); }

    void months_data() { sizes(); }
    void months() { checkPlot<MonthStackPlot>(stack()); }
    void flows_data() { sizes(); }
    void flows() { checkPlot<SankeyPlot>(sankey()); }
    void calendar_data() { sizes(); }
    void calendar() { checkPlot<GanttPlot>(gantt()); }
    void swings_data() { sizes(); }
    void swings() { checkPlot<TornadoPlot>(tornado()); }
    void shares_data() { sizes(); }
    void shares() { checkPlot<IndexPlot>(indices()); }
    void futures_data() { sizes(); }
    void futures() { checkPlot<FanPlot>(fan()); }
    void levels_data() { sizes(); }
    void levels() { checkPlot<BreakEvenPlot>(map()); }
    void steps_data() { sizes(); }
    void steps() { checkPlot<MoneyBridgePlot>(bridge()); }

    /// What one pays another receives: columns are as tall below the line as above it, in pixels too.
    void columnsAreAsTallDownAsUp() {
        const Laid<MonthStackPlot> laid(stack(), {760, 300});
        std::map<std::size_t, std::pair<double, double>> heights;
        for (const MonthStackPlot::Segment& s : laid.plot->segments()) {
            auto& [up, down] = heights[s.month];
            (laid.plot->values().layers[s.layer].usd[s.month] > 0 ? up : down) += s.rect.height();
        }
        QCOMPARE(heights.size(), std::size_t{48});
        for (const auto& [month, height] : heights) {
            QVERIFY(std::abs(height.first - height.second) < 0.01);
        }
    }

    void sumsAreRunning() {
        const MonthStackValues sums = cumulative(stack());
        QCOMPARE(sums.layers[1].usd[0], -2e9);
        QCOMPARE(sums.layers[1].usd[47], -96e9);
    }

    /// A node is as tall as what passes through it, so that ribbons fill both of its sides.
    void nodesAreAsTallAsTheirMoney() {
        const SankeyValues values = sankey();
        const Laid<SankeyPlot> laid(values, {760, 320});
        for (std::size_t i = 0; i < values.flows.nodes.size(); ++i) {
            const double through = std::max(values.flows.inUsd(i), values.flows.outUsd(i));
            QVERIFY(std::abs(laid.plot->nodes()[i].rect.height() - through * laid.plot->pixelsPerUsd()) <
                    0.01);
        }
        // From left to right.
        for (const auto& link : values.flows.links) {
            QVERIFY(laid.plot->nodes()[link.from].rect.right() < laid.plot->nodes()[link.to].rect.left());
        }
    }

    /// Each step begins where the one before ended, and the totals stand where the steps lead.
    void bridgesMeet() {
        QCOMPARE(bridge().error(), 0.0);
        MoneyBridgeValues wrong = bridge();
        wrong.bars[1].usd += 1e9;
        QCOMPARE(wrong.error(), 1e9);
        const Laid<MoneyBridgePlot> laid(bridge(), {760, 300});
        const auto& rects = laid.plot->rects();
        QCOMPARE(rects.size(), std::size_t{5});
        QVERIFY(std::abs(rects[0].top() - rects[1].bottom()) < 0.01);
        QVERIFY(std::abs(rects[1].top() - rects[2].top()) < 0.01);
        QVERIFY(std::abs(rects[2].bottom() - rects[3].bottom()) < 0.01);
        QVERIFY(std::abs(rects[3].top() - rects[4].bottom()) < 0.01);
    }

    /// The sentence names the fee at which neither is better, and which side of it today lies.
    void findingsFollowTheMap() {
        explore::BreakEvenMap m = map();
        QVERIFY(breakEvenFinding(m).startsWith(QStringLiteral("Leasing pays down to $600M")));
        m.feeToday = 4e8;
        QVERIFY(breakEvenFinding(m).startsWith(QStringLiteral("Leasing would pay from $600M")));
        for (auto& fee : m.indifferentFee) {
            fee.reset();
        }
        QCOMPARE(breakEvenFinding(m), QStringLiteral("Leasing is better at any fee on the map"));
        const Laid<BreakEvenPlot> laid(map(), {760, 300});
        const QString there = laid.plot->readout(laid.plot->plotArea().bottomRight() - QPointF(2, 2));
        QVERIFY2(there.contains(QStringLiteral("leasing gains $39.6B")), qPrintable(there));
    }
};

QTEST_MAIN(TestProgrammePlots)
#include "tst_programme_plots.moc"

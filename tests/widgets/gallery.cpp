// Renders every widget to PNG, dark and light, at one and two device pixels a pixel, to be looked at.
// usage: widget_gallery FOLDER [NAME]
#include "samples.h"
#include "widgets/chart_card.h"
#include "widgets/command_palette.h"
#include "widgets/diagnostics_view.h"
#include "widgets/format.h"
#include "widgets/header_bar.h"
#include "widgets/inspector_panel.h"
#include "widgets/legend_bar.h"
#include "widgets/levers_panel.h"
#include "widgets/scenario_panel.h"
#include "widgets/status_strip.h"
#include "widgets/strategy_table.h"
#include "widgets/style.h"
#include "widgets/transport_bar.h"

#include <QApplication>
#include <QDir>
#include <QPainter>
#include <QPushButton>

#include <cstdio>
#include <functional>

using namespace atlas;
using namespace atlas::widgets;

namespace {

struct Exhibit {
    const char* name;
    QSize size;
    std::function<std::unique_ptr<QWidget>(const Theme&)> make;
};

template <class PlotType, class Values>
std::unique_ptr<QWidget> card(const char* name, const Theme& theme, const Values& values,
                              const QString& title, const QString& subtitle) {
    auto plot = std::make_unique<PlotType>();
    plot->setValues(values);
    auto made = std::make_unique<ChartCard>(QLatin1String(name), std::move(plot));
    made->setCaption({title, subtitle, QStringLiteral("colossus.atlas.yaml · version 0.1.0 · seed 7")});
    made->setTheme(theme);
    return made;
}

const std::vector<Exhibit>& exhibits();

void save(QWidget& widget, const QString& path, double ratio) {
    widget.ensurePolished();
    widget.grab(); // sends pending sizes to the layouts
    QImage image((QSizeF(widget.size()) * ratio).toSize(), QImage::Format_RGB32);
    image.setDevicePixelRatio(ratio);
    widget.render(&image);
    image.save(path);
}

const std::vector<Exhibit>& exhibits() {
    static const std::vector<Exhibit> all = {
        {"waterfall",
         {470, 260},
         [](const Theme& theme) {
             const auto values = samples::waterfallValues();
             return card<WaterfallPlot>("waterfall", theme, values, waterfallFinding(values),
                                        QStringLiteral("Share of peak in percent, 30 days"));
         }},
        {"waterfall-narrow",
         {300, 260},
         [](const Theme& theme) {
             const auto values = samples::waterfallValues();
             return card<WaterfallPlot>("waterfall", theme, values, waterfallFinding(values),
                                        QStringLiteral("Share of peak in percent, 30 days"));
         }},
        {"waterfall-wide",
         {900, 320},
         [](const Theme& theme) {
             const auto values = samples::waterfallValues();
             return card<WaterfallPlot>("waterfall", theme, values, waterfallFinding(values),
                                        QStringLiteral("Share of peak in percent, 30 days"));
         }},
        {"utilisation",
         {470, 260},
         [](const Theme& theme) {
             const auto values = samples::utilisationValues();
             auto made = card<UtilisationPlot>(
                 "utilisation", theme, values, utilisationFinding(values),
                 QStringLiteral("Share of powered GPUs over 30 days; means at the right"));
             static_cast<UtilisationPlot&>(static_cast<ChartCard&>(*made).view().plot()).setNow(12.3 * 86400);
             return made;
         }},
        {"cash",
         {470, 260},
         [](const Theme& theme) {
             const auto values = samples::cashValues();
             return card<CashPlot>(
                 "cash", theme, values, cashFinding(values),
                 QStringLiteral("Cumulative cash of the owner, 5 to 95 % range at the end"));
         }},
        {"strategies",
         {560, 300},
         [](const Theme& theme) {
             auto made = std::make_unique<StrategyTable>();
             made->setTheme(theme);
             made->setComparison(samples::comparison());
             made->setSides(QStringLiteral("train-1"), QStringLiteral("lease-train"));
             made->setBase(QStringLiteral("train-1"));
             return made;
         }},
        {"transport",
         {1180, 40},
         [](const Theme& theme) {
             auto made = std::make_unique<TransportBar>();
             made->setTheme(theme);
             made->setDuration(30 * 86400.0);
             made->setTime(12.32 * 86400);
             made->setSpeed(300);
             made->setStep(QStringLiteral("step 102 411"));
             made->setMarks(samples::marks());
             return made;
         }},
        {"inspector",
         {250, 420},
         [](const Theme& theme) {
             auto made = std::make_unique<InspectorPanel>();
             made->setContent(samples::inspected());
             made->setTheme(theme);
             made->findChild<QPushButton*>(QStringLiteral("why"))->click();
             return made;
         }},
        {"inspector-empty",
         {250, 140},
         [](const Theme& theme) {
             auto made = std::make_unique<InspectorPanel>();
             made->setTheme(theme);
             return made;
         }},
        {"scenario",
         {210, 480},
         [](const Theme& theme) {
             auto made = std::make_unique<ScenarioPanel>();
             made->setStrategies({{"train-1", "Train on Colossus 1", {}, {}, "A"},
                                  {"fix", "Fix Colossus 1", {}, {}, {}},
                                  {"lease", "Lease Colossus 1", {}, {}, {}},
                                  {"lease-train", "Lease 1, train on 2", {}, {}, "B"},
                                  {"both", "Train on both", {}, {}, {}}});
             made->setClusters({{"c1a", "Colossus 1 · article", "220 k", {}, "A"},
                                {"c1r", "Colossus 1 · record", "220 k", {}, {}},
                                {"c2", "Colossus 2", "550 k", {}, "B"}});
             made->setColourings({{"state", "State", {}, {}, {}},
                                  {"utilisation", "Utilisation", {}, {}, {}},
                                  {"class", "GPU class", {}, {}, {}}},
                                 QStringLiteral("state"));
             made->setTheme(theme);
             return made;
         }},
        {"levers",
         {250, 260},
         [](const Theme& theme) {
             auto made = std::make_unique<LeversPanel>();
             made->setTheme(theme);
             made->setLevers(samples::levers());
             return made;
         }},
        {"legend",
         {760, 24},
         [](const Theme& theme) {
             auto made = std::make_unique<LegendBar>();
             made->setTheme(theme);
             scenes::Legend legend;
             for (const auto state : {operations::GpuState::Computing, operations::GpuState::Communicating,
                                      operations::GpuState::Waiting, operations::GpuState::Culprit,
                                      operations::GpuState::Idle}) {
                 legend.entries.push_back(
                     {theme.state(state).colour, theme.state(state).pattern, scenes::stateLabel(state)});
             }
             made->setLegend(legend);
             made->setNote(QStringLiteral("same scale · linked"));
             return made;
         }},
        {"header",
         {1180, 38},
         [](const Theme& theme) {
             auto made = std::make_unique<HeaderBar>();
             made->setFile(QStringLiteral("colossus.atlas.yaml"), false);
             made->setComparison(QStringLiteral("Train on Colossus 1"),
                                 QStringLiteral("Lease it, train on Colossus 2"));
             made->setTheme(theme);
             return made;
         }},
        {"status",
         {1180, 24},
         [](const Theme& theme) {
             auto made = std::make_unique<StatusStrip>();
             made->setTheme(theme);
             made->setContent({QStringLiteral("raster: software OpenGL"),
                               QStringLiteral("model 3.1 ms"),
                               QStringLiteral("1 px = 3 GPUs, coloured by mean; marks = worst"),
                               QStringLiteral("seed 7"),
                               QStringLiteral("‡ 550,000 GPUs is 239 times the largest validated run"),
                               {}});
             return made;
         }},
        {"diagnostics",
         {900, 120},
         [](const Theme& theme) {
             auto made = std::make_unique<DiagnosticsView>();
             made->setTheme(theme);
             made->setDiagnostics(QStringLiteral("/tmp/mine.atlas.yaml"), samples::diagnostics());
             return made;
         }},
        {"palette",
         {520, 392},
         [](const Theme& theme) {
             auto made = std::make_unique<CommandPalette>();
             made->setTheme(theme);
             std::vector<QAction*> actions;
             for (const auto& [words, key] : {std::pair{"Open scenario…", "Ctrl+O"},
                                              {"Export report (PDF)…", "Ctrl+Shift+E"},
                                              {"Play or pause", "Space"},
                                              {"Fit both panes", "Shift+F"},
                                              {"Dark theme", "Ctrl+Alt+D"}}) {
                 auto* action = new QAction(QString::fromUtf8(words), made.get());
                 action->setShortcut(QKeySequence(QString::fromLatin1(key)));
                 actions.push_back(action);
             }
             made->setActions(actions);
             return made;
         }},
    };
    return all;
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: widget_gallery FOLDER [NAME]\n");
        return 2;
    }
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    scenes::registerFonts();
    const QDir folder(QString::fromLocal8Bit(argv[1]));
    folder.mkpath(QStringLiteral("."));
    const QString only = argc > 2 ? QString::fromLocal8Bit(argv[2]) : QString();
    for (const auto mode : {scenes::ThemeMode::Dark, scenes::ThemeMode::Light}) {
        const Theme theme = scenes::loadTheme(mode);
        applyStyle(application, theme);
        for (const Exhibit& exhibit : exhibits()) {
            if (!only.isEmpty() && !QLatin1String(exhibit.name).startsWith(only)) {
                continue;
            }
            auto widget = exhibit.make(theme);
            widget->resize(exhibit.size);
            for (const double ratio : {1.0, 2.0}) {
                save(
                    *widget,
                    folder.filePath(QStringLiteral("%1-%2-%3x.png").arg(exhibit.name, theme.name).arg(ratio)),
                    ratio);
            }
        }
    }
    return 0;
}

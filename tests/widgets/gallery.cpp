// Renders every widget to PNG, dark and light, at one and two device pixels a pixel, to be looked at.
// usage: widget_gallery FOLDER [NAME]
#include "samples.h"
#include "widgets/chart_card.h"
#include "widgets/format.h"
#include "widgets/strategy_table.h"
#include "widgets/style.h"

#include <QApplication>
#include <QDir>
#include <QPainter>

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

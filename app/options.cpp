#include "app/options.h"

#include "app/pages/page_catalogue.h"
#include "app/scenario_lists.h"
#include "model/units/quantity.h"

#include <QCommandLineParser>
#include <QCoreApplication>

namespace atlas::app {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("Options", text);
}

std::optional<QSize> parseSize(const QString& text) {
    const QStringList parts = text.split(QLatin1Char('x'));
    if (parts.size() != 2) {
        return std::nullopt;
    }
    bool wide = false;
    bool high = false;
    const QSize size(parts[0].toInt(&wide), parts[1].toInt(&high));
    const bool sane = wide && high && size.width() >= 320 && size.height() >= 240 && size.width() <= 16384 &&
                      size.height() <= 16384;
    return sane ? std::optional(size) : std::nullopt;
}

/// Matches `text` against the allowed words; fills `error` with what would have been valid.
template <class Value>
std::optional<Value> oneOf(const QString& option, const QString& text,
                           std::initializer_list<std::pair<const char*, Value>> words, QString& error) {
    QStringList valid;
    for (const auto& [word, value] : words) {
        if (text == QLatin1String(word)) {
            return value;
        }
        valid << QLatin1String(word);
    }
    error = tr("--%1 %2 is not known; it takes %3").arg(option, text, valid.join(QStringLiteral(", ")));
    return std::nullopt;
}

/// The instant an option gives; nothing where it is not given, or is none, which `error` then says.
std::optional<double> instantOf(const QCommandLineParser& parser, const QCommandLineOption& option,
                                QString& error) {
    if (!parser.isSet(option)) {
        return std::nullopt;
    }
    const QString written = parser.value(option);
    const auto seconds = units::parseQuantity(written.toStdString(), units::Dimension::Seconds);
    if (!seconds || *seconds < 0) {
        error = tr("--%1 %2 is not an instant; write it with its unit, such as 90s or 12d")
                    .arg(option.names().first(), written);
        return std::nullopt;
    }
    return *seconds;
}

} // namespace

ParsedOptions parseOptions(const QStringList& arguments) {
    ParsedOptions parsed;
    QCommandLineParser parser;
    parser.setApplicationDescription(
        tr("Colossus Atlas: train on a mixed GPU cluster, or lease it and train elsewhere.\n"
           "Example: colossus-atlas --screenshot window.png --at 12d --size 1600x900 my.atlas.yaml"));
    parser.addPositionalArgument(QStringLiteral("FILE"),
                                 tr("Scenario to open (default: the Colossus comparison)"),
                                 QStringLiteral("[FILE]"));
    const QCommandLineOption help({QStringLiteral("h"), QStringLiteral("help")}, tr("Show this help"));
    const QCommandLineOption version({QStringLiteral("v"), QStringLiteral("version")},
                                     tr("Show the version"));
    const QCommandLineOption screenshot(QStringLiteral("screenshot"),
                                        tr("Write the whole window, settled, to OUT.png, then exit"),
                                        QStringLiteral("OUT.png"));
    const QCommandLineOption at(QStringLiteral("at"), tr("Simulated instant, such as 90s or 12d"),
                                QStringLiteral("TIME"));
    const QCommandLineOption atOfB(QStringLiteral("at-b"), tr("Instant of pane B, on a clock of its own"),
                                   QStringLiteral("TIME"));
    const QCommandLineOption size(QStringLiteral("size"), tr("Size of the window"), QStringLiteral("WxH"));
    const QCommandLineOption scene(QStringLiteral("scene"), tr("What the panes show"),
                                   QStringLiteral("floorplan|fabric|timeline|orbit|matrix"));
    QStringList pages = {QStringLiteral("live")};
    for (const PageSpec& spec : pageSpecs()) {
        pages << spec.id;
    }
    const QCommandLineOption page(QStringLiteral("page"), tr("What the window shows"),
                                  pages.join(QLatin1Char('|')));
    const QStringList panels = {QStringLiteral("selected"), QStringLiteral("waiting"),
                                QStringLiteral("remedies"), QStringLiteral("levers")};
    const QCommandLineOption panel(QStringLiteral("panel"), tr("What the right column shows"),
                                   panels.join(QLatin1Char('|')));
    QStringList colours;
    for (const ColouringChoice& choice : colourings()) {
        colours << QLatin1String(choice.id);
    }
    const QCommandLineOption colour(QStringLiteral("colour"), tr("What GPUs are coloured by"),
                                    colours.join(QLatin1Char('|')));
    const QCommandLineOption difference(QStringLiteral("difference"),
                                        tr("Show pane B as its difference from pane A"));
    const QCommandLineOption theme(QStringLiteral("theme"), tr("Colours"), QStringLiteral("dark|light"));
    const QCommandLineOption renderer(QStringLiteral("renderer"), tr("How scenes are drawn"),
                                      QStringLiteral("gl|raster|auto"));
    const QCommandLineOption timings(QStringLiteral("timings"),
                                     tr("Print the times of the start on standard error"));
    parser.addOptions({help, version, screenshot, at, atOfB, difference, size, scene, colour, page, panel,
                       theme, renderer, timings});
    if (!parser.parse(QStringList{QStringLiteral("colossus-atlas")} + arguments)) {
        parsed.error = parser.errorText();
        return parsed;
    }
    if (parser.isSet(help)) {
        parsed.answer = parser.helpText();
        return parsed;
    }
    if (parser.isSet(version)) {
        parsed.answer = QStringLiteral("Colossus Atlas " ATLAS_VERSION "\n");
        return parsed;
    }
    const QStringList files = parser.positionalArguments();
    if (files.size() > 1) {
        parsed.error = tr("only one scenario can be opened, but %1 were given").arg(files.size());
        return parsed;
    }
    Options& options = parsed.options;
    options.file = files.value(0);
    options.screenshot = parser.value(screenshot);
    options.timings = parser.isSet(timings);
    options.difference = parser.isSet(difference);
    options.atS = instantOf(parser, at, parsed.error);
    options.atOfB = instantOf(parser, atOfB, parsed.error);
    if (!parsed.error.isEmpty()) {
        return parsed;
    }
    if (parser.isSet(size)) {
        const auto parsedSize = parseSize(parser.value(size));
        if (!parsedSize) {
            parsed.error = tr("--size %1 is not a size; write 1600x900 (320x240 to 16384x16384)")
                               .arg(parser.value(size));
            return parsed;
        }
        options.size = *parsedSize;
    }
    if (parser.isSet(scene)) {
        options.scene = oneOf<widgets::PaneScene>(QStringLiteral("scene"), parser.value(scene),
                                                  {{"floorplan", widgets::PaneScene::Floorplan},
                                                   {"fabric", widgets::PaneScene::Fabric},
                                                   {"timeline", widgets::PaneScene::StepTimeline},
                                                   {"orbit", widgets::PaneScene::Orbit},
                                                   {"matrix", widgets::PaneScene::Matrix}},
                                                  parsed.error);
    }
    if (parser.isSet(page) && parser.value(page) != pages.front()) {
        options.page = parser.value(page);
        if (!pages.contains(options.page)) {
            parsed.error =
                tr("--page %1 is not known; it takes %2").arg(options.page, pages.join(QStringLiteral(", ")));
            return parsed;
        }
    }
    if (parser.isSet(colour)) {
        options.colouring = parser.value(colour);
        if (!colours.contains(options.colouring)) {
            parsed.error = tr("--colour %1 is not known; it takes %2")
                               .arg(options.colouring, colours.join(QStringLiteral(", ")));
            return parsed;
        }
    }
    if (parser.isSet(panel)) {
        options.panel = static_cast<int>(panels.indexOf(parser.value(panel)));
        if (options.panel < 0) {
            parsed.error = tr("--panel %1 is not known; it takes %2")
                               .arg(parser.value(panel), panels.join(QStringLiteral(", ")));
            return parsed;
        }
    }
    if (parser.isSet(theme)) {
        options.theme = oneOf<scenes::ThemeMode>(
            QStringLiteral("theme"), parser.value(theme),
            {{"dark", scenes::ThemeMode::Dark}, {"light", scenes::ThemeMode::Light}}, parsed.error);
    }
    if (parser.isSet(renderer)) {
        options.renderer = oneOf<scenes::RendererWish>(QStringLiteral("renderer"), parser.value(renderer),
                                                       {{"gl", scenes::RendererWish::Gl},
                                                        {"raster", scenes::RendererWish::Raster},
                                                        {"auto", scenes::RendererWish::Auto}},
                                                       parsed.error)
                               .value_or(scenes::RendererWish::Auto);
    }
    return parsed;
}

} // namespace atlas::app

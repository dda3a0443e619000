#include "app/cli/command.h"
#include "app/composition.h"
#include "app/fabric_graph.h"
#include "widgets/export_service.h"
#include "widgets/format.h"
#include "widgets/safe_file.h"
#include "widgets/style.h"
#include "widgets/xlsx.h"

#include <CLI/CLI.hpp>

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <ostream>

namespace atlas::cli {

namespace {

using widgets::text;

constexpr int kDefaultDraws = 200;
constexpr double kAroundS = 12 * 86400.0; ///< pictures without --at are taken about here
constexpr int kSmallestSide = 64;
constexpr int kLargestSide = 16384;

struct Options {
    std::string file;
    std::string what;
    std::string output;
    std::string at; ///< empty: a telling instant
    std::string size;
    std::string theme = "light";
    std::string strategyA;
    std::string strategyB;
    double scale = 2;
    int draws = kDefaultDraws;
    bool list = false;
};

struct Item {
    const char* name;
    const char* endings; ///< what -o may end with
    const char* words;
};

constexpr std::array kItems = {
    Item{"table", "csv xlsx json", "the strategies table: values, ranges, differences"},
    Item{"report", "pdf", "the comparison as an A4 document, sources in the appendix"},
    Item{"waterfall", "png svg pdf csv json", "from peak to goodput, A beside B"},
    Item{"utilisation", "png svg pdf csv json", "busy and waiting GPUs over the week around --at"},
    Item{"cash", "png svg pdf csv json", "cumulative cash of the owner by month"},
    Item{"floorplan-a", "png", "the floor of strategy A's cluster at --at"},
    Item{"floorplan-b", "png", "the floor of strategy B's cluster at --at"},
    Item{"fabric-a", "png graphml", "the network of strategy A's cluster at --at"},
    Item{"fabric-b", "png graphml", "the network of strategy B's cluster at --at"},
    Item{"assumptions", "csv xlsx json", "every sourced number with range, grade and source"},
    Item{"all", "", "all of the above into the folder -o"},
};

/// Qt tells of the missing runtime folder of a desktop session; a command line has no use for that.
void quietMessages(QtMsgType, const QMessageLogContext&, const QString& message) {
    if (!message.startsWith(QLatin1String("QStandardPaths: XDG_RUNTIME_DIR"))) {
        std::fprintf(stderr, "%s\n", qPrintable(message));
    }
}

/// A QApplication without a display, unless the process has one already.
class Offscreen {
public:
    Offscreen() {
        if (QCoreApplication::instance() == nullptr) {
            qputenv("QT_QPA_PLATFORM", "offscreen");
            qInstallMessageHandler(quietMessages);
            m_application = std::make_unique<QApplication>(m_argc, m_argv);
        }
        scenes::registerFonts();
    }

private:
    int m_argc = 1;
    char m_name[6] = "atlas";
    char* m_argv[2] = {m_name, nullptr};
    std::unique_ptr<QApplication> m_application;
};

QByteArray json(const widgets::DataTable& table) {
    QJsonArray rows;
    for (const QVariantList& row : table.rows) {
        QJsonObject object;
        for (qsizetype c = 0; c < table.columns.size(); ++c) {
            const QVariant cell = row.value(c);
            object.insert(table.columns[c], cell.isValid() ? QJsonValue::fromVariant(cell) : QJsonValue());
        }
        rows.append(object);
    }
    return QJsonDocument(QJsonObject{{table.name, rows}}).toJson();
}

/// Composes what is asked for, each part once.
class Exporter {
public:
    Exporter(Context& context, const Options& options, scenario::Scenario scenario, double atS, QSize size)
        : m_context(context)
        , m_options(options)
        , m_scenario(std::move(scenario))
        , m_atS(atS)
        , m_size(size)
        , m_theme(scenes::loadTheme(options.theme == "dark" ? scenes::ThemeMode::Dark
                                                            : scenes::ThemeMode::Light)) {
        widgets::applyStyle(*qApp, m_theme);
    }

    /// False with a message and an exit status where it could not be written.
    bool write(const std::string& what, const QString& path) {
        const QString ending = QFileInfo(path).suffix().toLower();
        if (what == "all") {
            return writeAll(path);
        }
        if (what == "assumptions") {
            return writeTable(widgets::assumptionsTable(widgets::assumptionsOf(m_scenario)), path);
        }
        if (what == "table") {
            const explore::Comparison* compared = comparison();
            return compared != nullptr && writeTable(app::composeTable(workspace(), *compared), path);
        }
        if (what == "report") {
            const explore::Comparison* compared = comparison();
            const app::Workspace& panes = workspace(); // settles the instant
            return compared != nullptr &&
                   done(widgets::writeSafely(path, app::composeReport(panes, *compared, m_atS, m_theme)),
                        path);
        }
        if (what.starts_with("floorplan-") || what.starts_with("fabric-")) {
            const app::Side side = what.ends_with('a') ? app::Side::A : app::Side::B;
            return ending == QLatin1String("graphml") ? writeGraph(side, path)
                                                      : writeScene(what.starts_with("floorplan"), side, path);
        }
        return writeChart(what, path);
    }

private:
    const app::Workspace& workspace() {
        if (!m_workspace) {
            m_workspace = app::composeWorkspace(m_scenario, m_options.strategyA, m_options.strategyB);
            if (m_options.at.empty()) {
                m_atS = app::tellingInstant(*m_workspace, m_atS);
            }
        }
        return *m_workspace;
    }

    const explore::Comparison* comparison() {
        if (!m_comparison) {
            explore::CompareOptions options;
            options.draws = m_options.draws;
            auto compared = explore::compare(m_scenario, options);
            if (!compared) {
                reject(m_context, compared.errors());
                return nullptr;
            }
            m_comparison = std::make_unique<explore::Comparison>(std::move(*compared));
        }
        return m_comparison.get();
    }

    bool done(const Diagnostics& problems, const QString& path) {
        if (!problems.empty()) {
            reject(m_context, problems);
            return false;
        }
        if (!m_context.quiet) {
            m_context.out << path.toStdString() << '\n';
        }
        return true;
    }

    bool writeTable(const widgets::DataTable& table, const QString& path) {
        if (path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive)) {
            return done(widgets::writeSafely(path, json(table)), path);
        }
        return done(widgets::exportTable(path, table), path);
    }

    bool writeChart(const std::string& what, const QString& path) {
        const explore::Comparison* compared = nullptr;
        if (what == "cash") {
            compared = comparison();
            if (compared == nullptr) {
                return false;
            }
        }
        const app::Workspace& panes = workspace(); // settles the instant
        const app::ComposedCharts charts = app::composeCharts(panes, compared, m_atS);
        const widgets::Plot* plot = charts.waterfall.get();
        widgets::Caption caption = charts.waterfallCaption;
        if (what == "utilisation") {
            plot = charts.utilisation.get();
            caption = charts.utilisationCaption;
        } else if (what == "cash") {
            plot = charts.cash.get();
            caption = charts.cashCaption;
        }
        if (path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive)) {
            return done(widgets::writeSafely(path, json(plot->table())), path);
        }
        widgets::PictureOptions picture;
        picture.theme = m_theme;
        picture.pixelRatio = m_options.scale;
        if (m_size.isValid()) {
            picture.size = m_size;
        }
        return done(widgets::exportChart(path, *plot, caption, picture), path);
    }

    bool writeScene(bool floorplan, app::Side side, const QString& path) {
        const app::Workspace& panes = workspace(); // settles the instant
        app::ScenePictureOptions picture;
        picture.theme = m_theme;
        picture.pixelRatio = m_options.scale;
        picture.atS = m_atS;
        if (m_size.isValid()) {
            picture.size = m_size;
        }
        const QImage image = app::scenePicture(
            panes, side, floorplan ? app::SceneKind::Floorplan : app::SceneKind::Fabric, picture);
        if (image.isNull()) {
            reject(m_context, panes.pane(side).problems);
            return false;
        }
        return done(widgets::exportImage(
                        path, image,
                        widgets::provenance(QFileInfo(text(m_scenario.file)).fileName(), m_scenario.seed)),
                    path);
    }

    bool writeGraph(app::Side side, const QString& path) {
        const app::Pane& pane = workspace().pane(side);
        const auto cluster = workspace().clusters.find(pane.choice.cluster);
        if (cluster == workspace().clusters.end()) {
            reject(m_context, pane.problems);
            return false;
        }
        const auto frame = pane.timeline ? pane.timeline->frameAt(m_atS) : nullptr;
        return done(widgets::writeSafely(path, app::fabricGraphMl(*cluster->second, frame.get())), path);
    }

    bool writeAll(const QString& folder) {
        if (!QDir().mkpath(folder)) {
            reject(m_context, failure("cannot make the folder " + folder.toStdString(),
                                      "name one that can be written to"));
            return false;
        }
        const std::pair<const char*, const char*> files[] = {
            {"report", "report.pdf"},
            {"table", "strategies.csv"},
            {"table", "strategies.xlsx"},
            {"waterfall", "waterfall.png"},
            {"waterfall", "waterfall.svg"},
            {"utilisation", "utilisation.png"},
            {"utilisation", "utilisation.svg"},
            {"cash", "cash.png"},
            {"cash", "cash.svg"},
            {"floorplan-a", "floorplan-a.png"},
            {"floorplan-b", "floorplan-b.png"},
            {"fabric-a", "fabric-a.png"},
            {"fabric-b", "fabric-b.png"},
            {"fabric-a", "fabric-a.graphml"},
            {"fabric-b", "fabric-b.graphml"},
            {"assumptions", "assumptions.csv"},
        };
        bool whole = true;
        for (const auto& [what, name] : files) {
            whole = write(what, QDir(folder).filePath(QLatin1String(name))) && whole;
        }
        return whole;
    }

    Context& m_context;
    const Options& m_options;
    scenario::Scenario m_scenario;
    double m_atS;
    QSize m_size;
    scenes::Theme m_theme;
    std::shared_ptr<const app::Workspace> m_workspace;
    std::unique_ptr<explore::Comparison> m_comparison;
};

void printList(std::ostream& out) {
    for (const Item& item : kItems) {
        const std::string name = item.name;
        const std::string endings = item.endings;
        out << name << std::string(14 - name.size(), ' ') << endings << std::string(22 - endings.size(), ' ')
            << item.words << '\n';
    }
}

/// "1600x900"; an invalid size where the text is empty, nothing where it makes no sense.
std::optional<QSize> sizeOf(const std::string& words) {
    if (words.empty()) {
        return QSize();
    }
    const QStringList parts = text(words).split('x');
    bool wide = false;
    bool high = false;
    const QSize size = parts.size() == 2 ? QSize(parts[0].toInt(&wide), parts[1].toInt(&high)) : QSize();
    const auto sane = [](int side) { return side >= kSmallestSide && side <= kLargestSide; };
    return wide && high && sane(size.width()) && sane(size.height()) ? std::optional(size) : std::nullopt;
}

void misuse(Context& context, const std::string& message) {
    context.err << "atlas export: " << message << '\n';
    context.exitCode = kBadUsage;
}

void runExport(Context& context, const Options& options) {
    if (options.list) {
        printList(context.out);
        return;
    }
    const auto item =
        std::ranges::find_if(kItems, [&](const Item& each) { return options.what == each.name; });
    if (item == kItems.end()) {
        misuse(context, options.what.empty()
                            ? "name what to export with --what; --list names what there is"
                            : "there is no `" + options.what + "`; --list names what there is");
        return;
    }
    if (options.file.empty() || options.output.empty()) {
        misuse(context, options.file.empty() ? "name a scenario file" : "name the file to write with -o");
        return;
    }
    const QString path = text(options.output);
    const QString ending = QFileInfo(path).suffix().toLower();
    const QStringList endings = QString::fromLatin1(item->endings).split(' ', Qt::SkipEmptyParts);
    if (!endings.isEmpty() && !endings.contains(ending)) {
        misuse(context, options.what + " is written as " + endings.join(QStringLiteral(", ")).toStdString() +
                            "; -o " + options.output + " ends in none of them");
        return;
    }
    const auto size = sizeOf(options.size);
    if (!size) {
        misuse(context, "--size " + options.size + " is not WIDTHxHEIGHT between 64 and 16384");
        return;
    }
    const Result<double> at = options.at.empty()
                                  ? Result<double>(kAroundS)
                                  : units::parseQuantity(options.at, units::Dimension::Seconds);
    if (!at) {
        misuse(context, "--at " + options.at + ": " + at.errors().front().message);
        return;
    }
    auto scenario = load(context, options.file);
    if (!scenario) {
        return;
    }
    for (const std::string& id : {options.strategyA, options.strategyB}) {
        if (!id.empty() && scenario->strategy(id) == nullptr) {
            std::string known;
            for (const auto& strategy : scenario->strategies) {
                known += (known.empty() ? "" : ", ") + strategy.id;
            }
            reject(context, failure("there is no strategy `" + id + "`", "choose one of " + known));
            return;
        }
    }
    const Offscreen display;
    Exporter(context, options, std::move(*scenario), *at, *size).write(options.what, path);
}

} // namespace

void addExportCommand(CLI::App& app, Context& context) {
    CLI::App* command = app.add_subcommand("export", "Write a chart, scene, table or the report to a file");
    command->footer("Example: atlas export colossus.atlas.yaml --what report -o report.pdf");
    auto options = std::make_shared<Options>();
    command->add_option("FILE", options->file, "Scenario (*.atlas.yaml)");
    command->add_option("--what", options->what, "Name of what to export")->type_name("NAME");
    command
        ->add_option("-o,--output", options->output,
                     "File; its ending chooses the format (for all: a folder)")
        ->type_name("OUT");
    command->add_flag("--list", options->list, "Name what can be exported and how, and stop");
    command
        ->add_option("--at", options->at,
                     "Simulated instant, with its unit (default: late in a step of day 12)")
        ->type_name("TIME");
    command->add_option("--size", options->size, "Size of the picture in pixels before --scale")
        ->type_name("WxH");
    command->add_option("--scale", options->scale, "Device pixels a pixel of PNG (default 2)")
        ->check(CLI::Range(0.25, 8.0));
    command->add_option("--theme", options->theme, "dark or light (default)")
        ->check(CLI::IsMember({"dark", "light"}));
    command->add_option("--draws", options->draws, "Monte Carlo draws for ranges (default 200)")
        ->check(CLI::Range(0, 100000));
    command->add_option("--strategy-a", options->strategyA, "Strategy shown as A (default: the scenario's)")
        ->type_name("ID");
    command->add_option("--strategy-b", options->strategyB, "Strategy shown as B")->type_name("ID");
    addCommonOptions(*command, context);
    command->callback([&context, options] { runExport(context, *options); });
}

} // namespace atlas::cli

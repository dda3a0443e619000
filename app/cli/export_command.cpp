#include "app/cli/exporter.h"
#include "app/cli/job_choice.h"
#include "app/pages/page_catalogue.h"
#include "app/scenario_lists.h"
#include "app/step_trace.h"
#include "widgets/export_service.h"
#include "widgets/format.h"

#include <CLI/CLI.hpp>

#include <QApplication>
#include <QFileInfo>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <ostream>
#include <vector>

namespace atlas::cli {

namespace {

using widgets::text;

constexpr int kDefaultDraws = 200;
constexpr int kSmallestSide = 64;
constexpr int kLargestSide = 16384; // of a picture that is made whole

struct Options {
    std::string file;
    std::string what;
    std::string output;
    std::string at; ///< empty: a telling instant
    std::string size;
    bool transparent = false;
    bool noLegend = false;
    bool noCaption = false;
    std::string around;
    std::string colour = "state";
    std::string theme = "light";
    std::string strategyA;
    std::string strategyB;
    double scale = 2;
    int draws = kDefaultDraws;
    int steps = 1;
    bool list = false;
    std::string side;                                                                ///< of the plan
    std::string job, precision, metric = "tokens", batch = "held", curves = "panes"; ///< of the scaling chart
};

struct Item {
    std::string name;
    std::string endings; ///< what -o may end with
    std::string words;
};

/// Of scenes, each followed by "-a" or "-b".
constexpr std::array kSceneNames = {"floorplan", "fabric", "timeline", "matrix", "orbit"};

constexpr auto kChartEndings = "png svg pdf csv json";
constexpr auto kTableEndings = "csv xlsx json";

/// Everything that can be written: what is made for export alone, and every exhibit of every page.
std::vector<Item> exportItems() {
    std::vector<Item> items = {
        Item{"table", "csv xlsx json", "the strategies table: values, ranges, differences"},
        Item{"report", "pdf", "the comparison as an A4 document, sources in the appendix"},
        Item{"floorplan-a", "png", "the floor of strategy A's cluster at --at"},
        Item{"floorplan-b", "png", "the floor of strategy B's cluster at --at"},
        Item{"fabric-a", "png graphml", "the network of strategy A's cluster at --at"},
        Item{"fabric-b", "png graphml", "the network of strategy B's cluster at --at"},
        Item{"timeline-a", "png", "the step timeline of strategy A's cluster at --at"},
        Item{"timeline-b", "png", "the step timeline of strategy B's cluster at --at"},
        Item{"matrix-a", "png", "strategy A's fabric at --at, a square a link"},
        Item{"matrix-b", "png", "strategy B's fabric at --at, a square a link"},
        Item{"orbit-a", "png", "strategy A's satellites at --at, where its cluster flies"},
        Item{"orbit-b", "png", "strategy B's satellites at --at, where its cluster flies"},
        Item{"trace", "json", "steps of strategy A from --at on, for Perfetto or chrome://tracing"},
        Item{"trace-b", "json", "the same of strategy B"},
        Item{"assumptions", "csv xlsx json", "every sourced number with range, grade and source"},
    };
    for (const app::PageSpec& page : app::pageSpecs()) {
        for (const app::Exhibit& exhibit : page.exhibits) {
            items.push_back(
                {exhibit.name.toStdString(),
                 std::holds_alternative<app::ChartRecipe>(exhibit.recipe) ? kChartEndings : kTableEndings,
                 exhibit.words.toStdString()});
        }
    }
    items.push_back({"all", "", "all of the above into the folder -o"});
    return items;
}

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

void printList(std::ostream& out) {
    const std::vector<Item> items = exportItems();
    std::size_t widest = 0;
    for (const Item& item : items) {
        widest = std::max(widest, item.name.size());
    }
    for (const Item& item : items) {
        out << item.name << std::string(widest + 2 - item.name.size(), ' ') << item.endings
            << std::string(22 - item.endings.size(), ' ') << item.words << '\n';
    }
}

/// "10,20,300,200": corner and size of a part of the floor.
std::optional<QRectF> rectangleOf(const std::string& words) {
    const QStringList parts = text(words).split(',');
    std::array<double, 4> numbers{};
    bool good = parts.size() == 4;
    for (std::size_t i = 0; good && i < numbers.size(); ++i) {
        numbers[i] = parts[static_cast<qsizetype>(i)].toDouble(&good);
    }
    const QRectF around(numbers[0], numbers[1], numbers[2], numbers[3]);
    return good && around.width() > 0 && around.height() > 0 ? std::optional(around) : std::nullopt;
}

/// Before --scale: scenes are made in parts, everything else whole.
int largestSide(const std::string& what, double scale) {
    const bool scene = std::ranges::any_of(kSceneNames, [&](const char* name) {
        return what.starts_with(name) && what.size() == std::strlen(name) + 2;
    });
    return scene ? static_cast<int>(widgets::kLargestPicture / scale) : kLargestSide;
}

/// "1600x900"; an invalid size where the text is empty, nothing where it makes no sense.
std::optional<QSize> sizeOf(const std::string& words, int largest) {
    if (words.empty()) {
        return QSize();
    }
    const QStringList parts = text(words).split('x');
    bool wide = false;
    bool high = false;
    const QSize size = parts.size() == 2 ? QSize(parts[0].toInt(&wide), parts[1].toInt(&high)) : QSize();
    const auto sane = [largest](int side) { return side >= kSmallestSide && side <= largest; };
    return wide && high && sane(size.width()) && sane(size.height()) ? std::optional(size) : std::nullopt;
}

const std::map<std::string, widgets::ScalingMetric> kMetrics = {
    {"tokens", widgets::ScalingMetric::TokensPerS},
    {"mfu", widgets::ScalingMetric::Mfu},
    {"cost", widgets::ScalingMetric::UsdPerMtokens},
    {"step", widgets::ScalingMetric::StepTime}};

app::ScalingChoice scalingOf(const Options& options) {
    app::ScalingChoice choice;
    choice.job = options.job;
    choice.precision = precisionOf(options.precision);
    choice.metric = kMetrics.at(options.metric);
    choice.batch = options.batch == "grows" ? explore::BatchRule::Grows : explore::BatchRule::Held;
    choice.curves =
        options.curves == "all" ? app::ScalingChoice::Curves::All : app::ScalingChoice::Curves::Panes;
    return choice;
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
    const std::vector<Item> items = exportItems();
    const auto item = std::ranges::find(items, options.what, &Item::name);
    if (item == items.end()) {
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
    const QStringList endings = text(item->endings).split(' ', Qt::SkipEmptyParts);
    if (!endings.isEmpty() && !endings.contains(ending)) {
        misuse(context, options.what + " is written as " + endings.join(QStringLiteral(", ")).toStdString() +
                            "; -o " + options.output + " ends in none of them");
        return;
    }
    const int largest = largestSide(options.what, options.scale);
    const auto size = sizeOf(options.size, largest);
    if (!size) {
        misuse(context, "--size " + options.size + " is not WIDTHxHEIGHT between " +
                            std::to_string(kSmallestSide) + " and " + std::to_string(largest));
        return;
    }
    ExportRequest request;
    if (!options.at.empty()) {
        const auto at = units::parseQuantity(options.at, units::Dimension::Seconds);
        if (!at) {
            misuse(context, "--at " + options.at + ": " + at.errors().front().message);
            return;
        }
        request.atS = *at;
    }
    request.size = *size;
    request.scale = options.scale;
    request.transparent = options.transparent;
    request.legend = !options.noLegend;
    request.caption = !options.noCaption;
    if (!options.around.empty()) {
        request.around = rectangleOf(options.around);
        if (!request.around) {
            misuse(context, "--around " + options.around + " is not X,Y,WIDTH,HEIGHT in metres");
            return;
        }
    }
    request.colourBy = app::colouringOf(text(options.colour));
    request.theme = options.theme == "dark" ? scenes::ThemeMode::Dark : scenes::ThemeMode::Light;
    request.draws = options.draws;
    request.steps = options.steps;
    request.strategyA = options.strategyA;
    request.strategyB = options.strategyB;
    if (!options.side.empty()) {
        request.side = options.side == "b" ? app::Side::B : app::Side::A;
    }
    request.scaling = scalingOf(options);
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
    Exporter(context, std::move(*scenario), request).write(options.what, path);
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
        ->add_option(
            "--at", options->at,
            "Simulated instant, with its unit (default: late in a step of the month the scenario opens in)")
        ->type_name("TIME");
    command->add_option("--size", options->size, "Size of the picture in pixels before --scale")
        ->type_name("WxH");
    command->add_option("--scale", options->scale, "Device pixels a pixel of PNG (default 2)")
        ->check(CLI::Range(0.25, 8.0));
    command->add_flag("--transparent", options->transparent, "Scenes: nothing in place of the ground");
    command->add_flag("--no-legend", options->noLegend, "Scenes: without what the colours mean");
    command->add_flag("--no-caption", options->noCaption, "Scenes: without name and source");
    command->add_option("--around", options->around, "Floorplan, fabric: what is in view, metres")
        ->type_name("X,Y,W,H");
    std::vector<std::string> colours;
    for (const app::ColouringChoice& choice : app::colourings()) {
        colours.emplace_back(choice.id);
    }
    command
        ->add_option("--colour", options->colour,
                     "Floorplan, orbit: what GPUs are coloured by (default state)")
        ->check(CLI::IsMember(colours));
    command->add_option("--theme", options->theme, "dark or light (default)")
        ->check(CLI::IsMember({"dark", "light"}));
    command->add_option("--steps", options->steps, "Steps of a trace (default 1)")
        ->check(CLI::Range(1, app::kMostTraceSteps));
    command->add_option("--draws", options->draws, "Monte Carlo draws for ranges (default 200)")
        ->check(CLI::Range(0, 100000));
    command->add_option("--strategy-a", options->strategyA, "Strategy shown as A (default: the scenario's)")
        ->type_name("ID");
    command->add_option("--strategy-b", options->strategyB, "Strategy shown as B")->type_name("ID");
    command->add_option("--side", options->side, "Plan: of a or b (default: the first that trains)")
        ->check(CLI::IsMember({"a", "b"}));
    command->add_option("--job", options->job, "Scaling: training job (default: that of --side)")
        ->type_name("ID");
    command->add_option("--precision", options->precision, "Scaling: instead of the job's")
        ->check(CLI::IsMember(precisionWords()));
    command->add_option("--metric", options->metric, "Scaling: tokens (default), mfu, cost or step")
        ->check(CLI::IsMember({"tokens", "mfu", "cost", "step"}));
    command->add_option("--batch", options->batch, "Scaling: held (default) or grows")
        ->check(CLI::IsMember({"held", "grows"}));
    command->add_option("--curves", options->curves, "Scaling: panes (default) or all")
        ->check(CLI::IsMember({"panes", "all"}));
    addCommonOptions(*command, context);
    command->callback([&context, options] { runExport(context, *options); });
}

} // namespace atlas::cli

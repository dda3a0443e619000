#include "app/cli/exporter.h"

#include "app/chart_values.h"
#include "app/fabric_graph.h"
#include "app/pages/page_catalogue.h"
#include "app/step_trace.h"
#include "widgets/export_service.h"
#include "widgets/format.h"
#include "widgets/safe_file.h"
#include "widgets/style.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <ostream>

namespace atlas::cli {

namespace {

using widgets::text;

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

} // namespace

Exporter::Exporter(Context& context, scenario::Scenario scenario, ExportRequest request)
    : m_context(context)
    , m_scenario(std::move(scenario))
    , m_request(std::move(request))
    , m_theme(scenes::loadTheme(m_request.theme)) {
    widgets::applyStyle(*qApp, m_theme);
}

bool Exporter::write(const std::string& what, const QString& path) {
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
        const app::Workspace& panes = workspace();
        return compared != nullptr &&
               done(widgets::writeSafely(path, app::composeReport(panes, *compared, instant(), m_theme)),
                    path);
    }
    const std::pair<const char*, app::SceneKind> kinds[] = {{"floorplan-", app::SceneKind::Floorplan},
                                                            {"fabric-", app::SceneKind::Fabric},
                                                            {"timeline-", app::SceneKind::StepTimeline},
                                                            {"orbit-", app::SceneKind::Orbit},
                                                            {"matrix-", app::SceneKind::Matrix}};
    for (const auto& [prefix, kind] : kinds) {
        for (const app::Side side : app::kSides) {
            if (what != prefix + std::string(side == app::Side::A ? "a" : "b")) {
                continue;
            }
            return ending == QLatin1String("graphml") ? writeGraph(side, path) : writeScene(kind, side, path);
        }
    }
    if (what == "trace" || what == "trace-b") {
        return writeTrace(what == "trace" ? app::Side::A : app::Side::B, path);
    }
    const auto exhibit = app::exhibitOf(text(what));
    return exhibit && writeExhibit(*exhibit, path);
}

const app::Workspace& Exporter::workspace() {
    if (!m_workspace) {
        m_workspace = app::composeWorkspace(m_scenario, m_request.strategyA, m_request.strategyB);
    }
    return *m_workspace;
}

double Exporter::instant() {
    return m_request.atS ? *m_request.atS
                         : app::tellingInstant(workspace(), app::openedAtS(*workspace().scenario));
}

const explore::Comparison* Exporter::comparison() {
    if (!m_comparison) {
        explore::CompareOptions options;
        options.draws = m_request.draws;
        auto compared = explore::compare(m_scenario, options);
        if (!compared) {
            reject(m_context, compared.errors());
            return nullptr;
        }
        m_comparison = std::make_shared<const explore::Comparison>(std::move(*compared));
    }
    return m_comparison.get();
}

std::shared_ptr<const app::PlanSheet> Exporter::plan() {
    if (!m_plan) {
        const app::Workspace& panes = workspace();
        const app::Side side = m_request.side.value_or(app::planSide(panes));
        m_plan = std::make_shared<const app::PlanSheet>(
            app::planSheet(app::planQuestion(panes, panes.scenario, side, instant())));
    }
    return m_plan;
}

std::shared_ptr<const app::ProgrammeStudy> Exporter::study() {
    if (!m_study) {
        app::StudyQuestion question;
        question.scenario = workspace().scenario;
        question.strategy = workspace().pane(app::Side::B).choice.strategy;
        question.row = app::kStudyRow;
        question.draws = static_cast<std::size_t>(std::max(1, m_request.draws));
        std::tie(question.keep, question.lease) = app::keepAndLease(*question.scenario, *comparison());
        m_study = app::programmeStudy(question, {});
    }
    return m_study;
}

bool Exporter::done(const Diagnostics& problems, const QString& path) {
    if (!problems.empty()) {
        reject(m_context, problems);
        return false;
    }
    if (!m_context.quiet) {
        m_context.out << path.toStdString() << '\n';
    }
    return true;
}

bool Exporter::writeTable(const widgets::DataTable& table, const QString& path) {
    if (path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive)) {
        return done(widgets::writeSafely(path, json(table)), path);
    }
    return done(widgets::exportTable(path, table), path);
}

bool Exporter::writeExhibit(const app::Exhibit& exhibit, const QString& path) {
    if (app::needsComparison(exhibit.basis) && comparison() == nullptr) {
        return false;
    }
    workspace();
    app::Evidence evidence;
    evidence.workspace = m_workspace;
    evidence.comparison = m_comparison;
    evidence.timeS = instant();
    evidence.scaling = m_request.scaling;
    evidence.plan = plan();
    if (exhibit.basis == app::Basis::Study) {
        evidence.study = study();
    }
    if (const auto* recipe = std::get_if<app::TableRecipe>(&exhibit.recipe)) {
        return writeTable(recipe->compute(evidence, {}).table, path);
    }
    const auto& recipe = std::get<app::ChartRecipe>(exhibit.recipe);
    const auto plot = recipe.make();
    const widgets::Caption caption = app::marked(recipe.compute(evidence, {})(*plot), exhibit, evidence);
    if (path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive)) {
        return done(widgets::writeSafely(path, json(plot->table())), path);
    }
    widgets::PictureOptions picture;
    picture.theme = m_theme;
    picture.pixelRatio = m_request.scale;
    if (m_request.size.isValid()) {
        picture.size = m_request.size;
    }
    return done(widgets::exportChart(path, *plot, caption, picture), path);
}

bool Exporter::writeScene(app::SceneKind kind, app::Side side, const QString& path) {
    const app::Workspace& panes = workspace();
    if (kind == app::SceneKind::Orbit && panes.pane(side).timeline && !panes.pane(side).flown) {
        reject(m_context,
               failure("the cluster of `" + panes.pane(side).strategyName + "` stands on the ground",
                       "name one of the scenario's orbits in it: `orbit: ID`"));
        return false;
    }
    app::ScenePictureOptions picture;
    picture.theme = m_theme;
    picture.pixelRatio = m_request.scale;
    picture.atS = instant();
    picture.transparent = m_request.transparent;
    picture.legend = m_request.legend;
    picture.caption = m_request.caption;
    picture.around = m_request.around;
    picture.colourBy = m_request.colourBy;
    if (m_request.size.isValid()) {
        picture.size = m_request.size;
    }
    const auto page = app::ScenePage::make(panes, side, kind, picture);
    if (!page) {
        reject(m_context, panes.pane(side).problems);
        return false;
    }
    const widgets::PictureParts parts{page->deviceSize(), picture.transparent,
                                      [&page](scenes::PaneRows rows) { return page->rows(rows); }};
    return done(widgets::exportParts(path, parts, app::provenance(m_scenario)), path);
}

bool Exporter::writeGraph(app::Side side, const QString& path) {
    const app::Pane& pane = workspace().pane(side);
    const auto cluster = workspace().clusters.find(pane.choice.cluster);
    if (cluster == workspace().clusters.end()) {
        reject(m_context, pane.problems);
        return false;
    }
    const auto frame = pane.timeline ? pane.timeline->frameAt(instant()) : nullptr;
    return done(widgets::writeSafely(path, app::fabricGraphMl(*cluster->second, frame.get())), path);
}

bool Exporter::writeTrace(app::Side side, const QString& path) {
    const auto trace = app::stepTraceAt(m_scenario, workspace().pane(side), instant(), m_request.steps);
    if (!trace) {
        reject(m_context, trace.errors());
        return false;
    }
    if (trace->leftOut > 0) {
        m_context.err << "atlas export: " << trace->leftOut << " of " << trace->events + trace->leftOut
                      << " events are left out of " << path.toStdString() << "; ask for fewer --steps\n";
    }
    return done(widgets::writeSafely(path, trace->json), path);
}

bool Exporter::writeAll(const QString& folder) {
    if (!QDir().mkpath(folder)) {
        reject(m_context,
               failure("cannot make the folder " + folder.toStdString(), "name one that can be written to"));
        return false;
    }
    const std::pair<const char*, const char*> files[] = {
        {"report", "report.pdf"},           {"table", "strategies.csv"},
        {"table", "strategies.xlsx"},       {"floorplan-a", "floorplan-a.png"},
        {"floorplan-b", "floorplan-b.png"}, {"fabric-a", "fabric-a.png"},
        {"fabric-b", "fabric-b.png"},       {"fabric-a", "fabric-a.graphml"},
        {"fabric-b", "fabric-b.graphml"},   {"timeline-a", "timeline-a.png"},
        {"timeline-b", "timeline-b.png"},   {"matrix-a", "matrix-a.png"},
        {"matrix-b", "matrix-b.png"},       {"assumptions", "assumptions.csv"},
    };
    bool whole = true;
    for (const auto& [what, name] : files) {
        whole = write(what, QDir(folder).filePath(QLatin1String(name))) && whole;
    }
    for (const app::Side side : app::kSides) {
        if (workspace().pane(side).flown) {
            const QString name = side == app::Side::A ? QStringLiteral("orbit-a") : QStringLiteral("orbit-b");
            whole = writeScene(app::SceneKind::Orbit, side, QDir(folder).filePath(name + ".png")) && whole;
        }
    }
    constexpr const char* kEndings[2][2] = {{".png", ".svg"}, {".csv", ".xlsx"}}; // charts, tables
    for (const app::PageSpec& page : app::pageSpecs()) {
        for (const app::Exhibit& exhibit : page.exhibits) {
            const bool chart = std::holds_alternative<app::ChartRecipe>(exhibit.recipe);
            for (const char* ending : kEndings[chart ? 0 : 1]) {
                const QString path = QDir(folder).filePath(exhibit.name + QLatin1String(ending));
                whole = writeExhibit(exhibit, path) && whole;
            }
        }
    }
    return whole;
}

} // namespace atlas::cli

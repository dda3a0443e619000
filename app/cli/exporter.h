// What `atlas export` writes: composes the parts that are asked for, each once, and puts them into files.
#pragma once

#include "app/cli/command.h"
#include "app/composition.h"
#include "app/pages/exhibit.h"

#include <optional>

namespace atlas::cli {

struct ExportRequest {
    std::optional<double> atS; ///< simulated instant; empty: a telling one
    QSize size;                ///< of pictures, device-independent pixels; invalid: their own
    double scale = 2;          ///< device pixels a device-independent pixel of PNG
    scenes::ThemeMode theme = scenes::ThemeMode::Light;
    bool transparent = false;     ///< scenes without their ground
    bool legend = true;           ///< under scenes
    bool caption = true;          ///< over and under scenes
    std::optional<QRectF> around; ///< of a scene on a floor, world metres; empty: all of it
    scenes::ColourBy colourBy = scenes::ColourBy::State; ///< of floors and satellites
    int steps = 1;                                       ///< of a trace
    int draws = 200;                                     ///< Monte Carlo, for ranges
    std::string strategyA, strategyB;                    ///< ids; empty: the scenario's
    std::optional<app::Side> side; ///< whose training is planned; empty: the first that trains
    app::ScalingChoice scaling;
};

/// Needs a QApplication, with a display or without.
class Exporter {
public:
    Exporter(Context& context, scenario::Scenario scenario, ExportRequest request);

    /// `what` is one of the names that --list prints; `path` a file whose ending gives the format, for "all"
    /// a folder. False with a message and an exit status where it could not be written.
    bool write(const std::string& what, const QString& path);

private:
    const app::Workspace& workspace();
    /// The instant of pictures and charts.
    double instant();
    std::shared_ptr<const app::PlanSheet> plan();
    const explore::Comparison* comparison();            ///< null with a message where there is none
    std::shared_ptr<const app::ProgrammeStudy> study(); ///< call only where there is a comparison
    bool done(const Diagnostics& problems, const QString& path);
    bool writeTable(const widgets::DataTable& table, const QString& path);
    bool writeExhibit(const app::Exhibit& exhibit, const QString& path);
    bool writeScene(app::SceneKind kind, app::Side side, const QString& path);
    bool writeGraph(app::Side side, const QString& path);
    bool writeTrace(app::Side side, const QString& path);
    bool writeAll(const QString& folder);

    Context& m_context;
    scenario::Scenario m_scenario;
    ExportRequest m_request;
    scenes::Theme m_theme;
    std::shared_ptr<const app::Workspace> m_workspace;
    std::shared_ptr<const app::PlanSheet> m_plan;
    std::shared_ptr<const explore::Comparison> m_comparison;
    std::shared_ptr<const app::ProgrammeStudy> m_study;
};

} // namespace atlas::cli

// What leaves the window: charts, tables, scenes, the report; and the small dialogs about the program.
#pragma once

#include "model/core/result.h"
#include "scenes/scene.h"
#include "widgets/chart_card.h"
#include "widgets/side.h"
#include "widgets/table_card.h"

#include <QObject>
#include <QPoint>

#include <vector>

class QAction;

namespace atlas::app {

class MainWindow;

class WindowExports : public QObject {
    Q_OBJECT
public:
    explicit WindowExports(MainWindow& window);

    /// Writes the scenario to its file; asks for one where it came with the program, and before comments of
    /// the file would be lost.
    void save();
    void saveAs();
    void exportChart(widgets::ChartCard* card, widgets::ChartFormat format);
    void exportTableCard(widgets::TableCard* card, widgets::TableFormat format);
    void exportTable();
    void exportTableAs(widgets::TableFormat format);
    /// The scene of a pane as PNG, at twice its size on screen.
    void exportScene(widgets::Side side);
    /// The same at a size that is asked for, on its ground or on none; made beside the window, which stays
    /// live.
    void exportSceneAs(widgets::Side side);
    /// The step on screen, for Perfetto.
    void exportTrace(widgets::Side side);
    /// Both run `atlas export` with the numbers on screen beside the window, which stays live.
    void exportReport();
    void exportAll();

    void showSceneMenu(widgets::Side side, scenes::Target target, QPoint globalPosition);
    void showAssumptions();
    void showShortcuts(const std::vector<QAction*>& actions);
    void showAbout(const QString& renderer);

    /// Where the last export went; the next dialog starts there.
    [[nodiscard]] QString folder() const { return m_folder; }

signals:
    void done(const QString& message);
    void failed(const atlas::Diagnostics& problems);

private:
    [[nodiscard]] QString askPath(const QString& title, const QString& name, const QString& suffix);
    void tell(const QString& path, const Diagnostics& problems);
    void runExport(const QString& what, const QString& output, const QStringList& more = {});

    MainWindow& m_window;
    QString m_folder;
};

} // namespace atlas::app

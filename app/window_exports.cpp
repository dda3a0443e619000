#include "app/window_exports.h"

#include "app/chart_deck.h"
#include "app/chart_values.h"
#include "app/injection_desk.h"
#include "app/main_window.h"
#include "app/scenario_lists.h"
#include "widgets/assumptions_dialog.h"
#include "widgets/export_service.h"
#include "widgets/scene_export_dialog.h"
#include "widgets/strategy_table_model.h"

#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QMenu>
#include <QMessageBox>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QVBoxLayout>

namespace atlas::app {

namespace {

constexpr double kSceneScale = 2.0;

} // namespace

WindowExports::WindowExports(MainWindow& window)
    : QObject(&window)
    , m_window(window)
    , m_folder(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation)) {}

QString WindowExports::askPath(const QString& title, const QString& name, const QString& suffix) {
    const QString path = QFileDialog::getSaveFileName(
        &m_window, title, QDir(m_folder).filePath(name + QLatin1Char('.') + suffix),
        QStringLiteral("%1 (*.%2)").arg(suffix.toUpper(), suffix));
    if (!path.isEmpty()) {
        m_folder = QFileInfo(path).absolutePath();
    }
    return path;
}

void WindowExports::tell(const QString& path, const Diagnostics& problems) {
    if (problems.empty()) {
        emit done(tr("Wrote %1").arg(QDir::toNativeSeparators(path)));
    } else {
        emit failed(problems);
    }
}

void WindowExports::save() {
    Session& session = m_window.session();
    if (session.shipped()) {
        saveAs();
        return;
    }
    QFile file(session.file());
    const bool commented =
        file.open(QIODevice::ReadOnly) &&
        QString::fromUtf8(file.readAll()).contains(QRegularExpression(QStringLiteral("(^|\\s)#")));
    if (commented && QMessageBox::question(&m_window, tr("Save scenario"),
                                           tr("The comments in %1 will not be kept. Save it all the same?")
                                               .arg(QFileInfo(session.file()).fileName()),
                                           QMessageBox::Save | QMessageBox::Cancel) != QMessageBox::Save) {
        return;
    }
    tell(session.file(), session.saveAs(session.file()));
}

void WindowExports::saveAs() {
    Session& session = m_window.session();
    const QString stem = QFileInfo(session.file()).fileName().section(QLatin1Char('.'), 0, 0);
    const QString path = askPath(tr("Save scenario as"), stem, QStringLiteral("atlas.yaml"));
    if (!path.isEmpty()) {
        tell(path, session.saveAs(path));
    }
}

void WindowExports::exportChart(widgets::ChartCard* card, widgets::ChartFormat format) {
    const QString path = askPath(tr("Export chart"), card->name(), widgets::suffix(format));
    if (!path.isEmpty()) {
        tell(path, widgets::exportChart(path, card->view().plot(), card->caption(), card->pictureOptions()));
    }
}

void WindowExports::exportTable() {
    exportTableAs(widgets::TableFormat::Csv);
}

void WindowExports::exportTableAs(widgets::TableFormat format) {
    const QString path =
        askPath(tr("Export strategies table"), QStringLiteral("strategies"), widgets::suffix(format));
    if (!path.isEmpty()) {
        tell(path, widgets::exportTable(path, m_window.charts().table().model().table()));
    }
}

void WindowExports::exportTableCard(widgets::TableCard* card, widgets::TableFormat format) {
    const QString path = askPath(tr("Export table"), card->name(), widgets::suffix(format));
    if (!path.isEmpty()) {
        tell(path, widgets::exportTable(path, card->table()));
    }
}

void WindowExports::exportReport() {
    const QString path = askPath(tr("Export report"), QStringLiteral("report"), QStringLiteral("pdf"));
    if (!path.isEmpty()) {
        runExport(QStringLiteral("report"), path);
    }
}

void WindowExports::exportTrace(widgets::Side side) {
    const QString path = askPath(tr("Export step as trace"), QStringLiteral("step"), QStringLiteral("json"));
    if (!path.isEmpty()) {
        runExport(side == widgets::Side::A ? QStringLiteral("trace") : QStringLiteral("trace-b"), path);
    }
}

void WindowExports::exportAll() {
    const QString folder =
        QFileDialog::getExistingDirectory(&m_window, tr("Export everything to a folder"), m_folder);
    if (!folder.isEmpty()) {
        m_folder = folder;
        runExport(QStringLiteral("all"), folder);
    }
}

void WindowExports::runExport(const QString& what, const QString& output, const QStringList& more) {
    const Session& session = m_window.session();
    QString file = session.file();
    std::shared_ptr<QTemporaryDir> beside;
    QStringList changes = session.changesAsArguments();
    if (!session.sayable()) { // what cannot be said in a line goes along as a file of the same name
        beside = std::make_shared<QTemporaryDir>();
        file = QDir(beside->path()).filePath(QFileInfo(file).fileName());
        if (const Diagnostics problems = session.writeTo(file); !problems.empty()) {
            emit failed(problems);
            return;
        }
        changes.clear();
    }
    auto* process = new QProcess; // without a parent: an export goes on when the window is closed
    QStringList arguments = {QStringLiteral("export"), file,  QStringLiteral("--what"), what,
                             QStringLiteral("-o"),     output};
    arguments << changes << more;
    arguments << QStringLiteral("--at") << QStringLiteral("%1 s").arg(m_window.playback().timeS(), 0, 'f', 3);
    arguments << QStringLiteral("--theme") << m_window.themeName();
    arguments << QStringLiteral("--strategy-a")
              << QString::fromStdString(session.choice(widgets::Side::A).strategy);
    arguments << QStringLiteral("--strategy-b")
              << QString::fromStdString(session.choice(widgets::Side::B).strategy);
    connect(process, &QProcess::finished, this,
            [this, process, output, beside](int exitCode, QProcess::ExitStatus) {
                const QString messages = QString::fromUtf8(process->readAllStandardError()).trimmed();
                tell(output, exitCode == 0 ? Diagnostics{} : failure(messages.toStdString()));
                process->deleteLater();
            });
    connect(process, &QProcess::errorOccurred, this, [this, process](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) {
            emit failed(failure("cannot start " + process->program().toStdString(),
                                "`atlas` has to lie beside colossus-atlas"));
            process->deleteLater();
        }
    });
    emit done(tr("Exporting to %1 …").arg(QDir::toNativeSeparators(output)));
    process->start(QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("atlas")), arguments);
}

void WindowExports::showAssumptions() {
    const auto scenario = m_window.session().scenario();
    if (!scenario) {
        return;
    }
    auto* dialog = new widgets::AssumptionsDialog(&m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setTheme(m_window.theme());
    dialog->setScenario(*scenario);
    connect(dialog, &widgets::AssumptionsDialog::exportRequested, this, [this, dialog] {
        const QString path =
            askPath(tr("Export assumptions"), QStringLiteral("assumptions"), QStringLiteral("csv"));
        if (!path.isEmpty()) {
            tell(path, widgets::exportTable(path, dialog->table()));
        }
    });
    dialog->show();
}

void WindowExports::exportScene(widgets::Side side) {
    if (!m_window.session().scenario()) {
        return;
    }
    const QString path = askPath(
        tr("Export scene"), side == widgets::Side::A ? QStringLiteral("scene-a") : QStringLiteral("scene-b"),
        QStringLiteral("png"));
    if (!path.isEmpty()) {
        widgets::SceneView& view = m_window.stage().pane(side).view();
        tell(path, widgets::exportImage(path, view.scene().image({view.size(), kSceneScale}),
                                        provenance(*m_window.session().scenario())));
    }
}

void WindowExports::exportSceneAs(widgets::Side side) {
    if (!m_window.session().scenario()) {
        return;
    }
    widgets::SceneView& view = m_window.stage().pane(side).view();
    auto* dialog = new widgets::SceneExportDialog(view.size(), &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, side, dialog, &view] {
        constexpr const char* kNames[] = {"floorplan", "fabric", "timeline", "orbit",
                                          "matrix"}; // as PaneScene
        const auto shown = static_cast<std::size_t>(m_window.stage().scene());
        if (shown >= std::size(kNames)) {
            return;
        }
        const QString name = QLatin1String(kNames[shown]) +
                             (side == widgets::Side::A ? QStringLiteral("-a") : QStringLiteral("-b"));
        const QString path = askPath(tr("Export scene"), name, QStringLiteral("png"));
        if (path.isEmpty()) {
            return;
        }
        const QSize units = (QSizeF(dialog->pixels()) / dialog->scale()).toSize();
        QStringList more = {QStringLiteral("--size"),
                            QStringLiteral("%1x%2").arg(units.width()).arg(units.height()),
                            QStringLiteral("--scale"), QString::number(dialog->scale())};
        const auto flag = [&more](bool wanted, const char* option) {
            if (wanted) {
                more << QLatin1String(option);
            }
        };
        flag(dialog->transparent(), "--transparent");
        flag(!dialog->legend(), "--no-legend");
        flag(!dialog->caption(), "--no-caption");
        const scenes::Camera& camera = view.scene().camera();
        if (dialog->asOnScreen() && camera.axes == scenes::CameraAxes::Plane) {
            const QRectF seen = camera.visible(view.viewport());
            more << QStringLiteral("--around=%1,%2,%3,%4")
                        .arg(seen.x(), 0, 'f', 3)
                        .arg(seen.y(), 0, 'f', 3)
                        .arg(seen.width(), 0, 'f', 3)
                        .arg(seen.height(), 0, 'f', 3);
        }
        more << QStringLiteral("--colour")
             << colouringId(m_window.stage().pane(side).floor().options().colourBy);
        runExport(name, path, more);
    });
    dialog->open();
}

void WindowExports::showSceneMenu(widgets::Side side, scenes::Target target, QPoint globalPosition) {
    widgets::SceneView& view = m_window.stage().pane(side).view();
    QMenu menu(&m_window);
    if (target && target.kind != scenes::TargetKind::Instant) {
        menu.addAction(tr("Zoom to this"), this, [&view, target] { view.flyTo(target); });
    }
    menu.addAction(tr("Fit"), this, [&view] { view.navigator().fit(); });
    QMenu* inject = menu.addMenu(tr("&Do something to it"));
    m_window.injections().addTo(*inject, side, target);
    inject->setEnabled(!inject->isEmpty());
    menu.addSeparator();
    menu.addAction(tr("Copy picture"), this, [&view] {
        QApplication::clipboard()->setImage(view.scene().image({view.size(), kSceneScale}));
    });
    menu.addAction(tr("Export scene (PNG)…"), this, [this, side] { exportScene(side); });
    menu.addAction(tr("Export scene at any size…"), this, [this, side] { exportSceneAs(side); });
    menu.exec(globalPosition);
}

void WindowExports::showShortcuts(const std::vector<QAction*>& actions) {
    auto* dialog = new QDialog(&m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Keyboard shortcuts"));
    auto* table = new QTableWidget(0, 2, dialog);
    table->setHorizontalHeaderLabels({tr("Command"), tr("Keys")});
    table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    table->verticalHeader()->hide();
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionMode(QAbstractItemView::NoSelection);
    const auto add = [table](const QString& command, const QString& keys) {
        const int row = table->rowCount();
        table->insertRow(row);
        table->setItem(row, 0, new QTableWidgetItem(command));
        table->setItem(row, 1, new QTableWidgetItem(keys));
    };
    for (const QAction* action : actions) {
        if (!action->shortcuts().isEmpty()) {
            QString name = action->text();
            add(name.remove(QLatin1Char('&')),
                QKeySequence::listToString(action->shortcuts(), QKeySequence::NativeText));
        }
    }
    add(tr("In a scene: pan, zoom, fit"), tr("Arrows, + −, F; drag, wheel, double click"));
    auto* layout = new QVBoxLayout(dialog);
    layout->addWidget(table);
    dialog->resize(520, 600);
    dialog->open();
}

void WindowExports::showAbout(const QString& renderer) {
    QMessageBox::about(
        &m_window, tr("About Colossus Atlas"),
        tr("<b>Colossus Atlas %1</b><p>Train on a mixed GPU cluster, or lease it and train "
           "elsewhere?</p><p>%2</p><p>The same scenario and seed give the same numbers and the same "
           "bytes on every machine.</p><p>GPL-3.0-or-later</p>")
            .arg(QStringLiteral(ATLAS_VERSION), renderer.toHtmlEscaped()));
}

} // namespace atlas::app

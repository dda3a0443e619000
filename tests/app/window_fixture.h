// The real window on a scenario, raster and at its size of the first start, for tests that drive it with
// mouse and keyboard.
#pragma once

#include "app/main_window.h"
#include "scenes/theme.h"

#include <QApplication>
#include <QFileDialog>
#include <QLineEdit>
#include <QStandardPaths>
#include <QTest>
#include <QTimer>

#include <memory>

namespace atlas::testing {

inline constexpr int kPatienceMs = 180'000; ///< machines that test are slow and shared

inline QString defaultScenario() {
    return QStringLiteral(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml");
}

/// Before the first window of a test program.
inline void prepareWindows() {
    QStandardPaths::setTestModeEnabled(true);
    QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    scenes::registerFonts();
}

/// Shown and active, with nothing open. It neither restores nor saves what a person left behind.
inline std::unique_ptr<app::MainWindow> makeWindow(QSize size = QSize(1600, 900)) {
    app::Options options;
    options.size = size;
    options.screenshot = QStringLiteral("none");
    auto window = std::make_unique<app::MainWindow>(
        options, scenes::RendererChoice{scenes::Renderer::Raster, QStringLiteral("raster"), {}},
        QStringLiteral(ATLAS_SOURCE_RESOURCES));
    window->show();
    // Without a window manager nobody else makes it active, and shortcuts work in the active window only.
    QApplication::setActiveWindow(window.get());
    return window;
}

/// Types a path into the file dialog that is about to open and accepts it, as a person would.
inline void answerFileDialog(const QString& path) {
    auto* timer = new QTimer(qApp);
    QObject::connect(timer, &QTimer::timeout, qApp, [timer, path] {
        auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
        if (dialog == nullptr) {
            return;
        }
        timer->deleteLater();
        timer->stop();
        auto* name = dialog->findChild<QLineEdit*>();
        QVERIFY(name != nullptr);
        name->setText(path);
        QTest::keyClick(name, Qt::Key_Return);
    });
    timer->start(20);
}

} // namespace atlas::testing

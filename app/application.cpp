#include "app/application.h"

#include "app/main_window.h"
#include "app/options.h"
#include "app/resources_folder.h"
#include "app/settler.h"
#include "app/start_watch.h"
#include "widgets/style.h"

#include <QApplication>
#include <QFileInfo>
#include <QIcon>
#include <QSaveFile>

#include <cstdio>

namespace atlas::app {

namespace {

constexpr int kDone = 0;
constexpr int kBadInput = 1;
constexpr int kBadUsage = 2;

bool hasDisplay() {
#ifdef Q_OS_LINUX
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
#else
    return true;
#endif
}

void say(const QString& text) {
    std::fputs(qPrintable(text + QLatin1Char('\n')), stderr);
}

/// Saves the window as a picture: false with a message where it cannot be written.
bool saveScreenshot(QWidget& window, const QString& path) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !window.grab().save(&file, "PNG") || !file.commit()) {
        say(QApplication::translate("Application", "cannot write %1: %2").arg(path, file.errorString()));
        return false;
    }
    return true;
}

/// Waits for the settled window, then takes the picture and ends with its exit status.
void takeScreenshot(MainWindow& window, const Options& options) {
    auto* settler = new Settler([&window] { return window.settled(); }, &window);
    QObject::connect(settler, &Settler::settled, &window, [&window, options] {
        if (hasErrors(window.problems())) {
            say(QString::fromStdString(text(window.problems())).trimmed());
            QApplication::exit(kBadInput);
            return;
        }
        const bool saved = saveScreenshot(window, options.screenshot);
        if (options.timings) {
            say(QStringLiteral("settled %1 ms").arg(sinceProcessStartMs(), 0, 'f', 0));
            say(QStringLiteral("resident memory %1 MB").arg(residentMb(), 0, 'f', 0));
            say(QStringLiteral("peak memory %1 MB").arg(peakResidentMb(), 0, 'f', 0));
        }
        QApplication::exit(saved ? kDone : kBadInput);
    });
    QObject::connect(settler, &Settler::timedOut, &window, [] {
        say(QApplication::translate("Application", "the window did not come to rest within a minute"));
        QApplication::exit(kBadInput);
    });
    settler->start();
}

} // namespace

int runApplication(int argc, char** argv) {
    (void)sinceProcessStartMs();
    QStringList arguments;
    for (int i = 1; i < argc; ++i) {
        arguments << QString::fromLocal8Bit(argv[i]);
    }
    const ParsedOptions parsed = parseOptions(arguments);
    if (!parsed.error.isEmpty()) {
        say(parsed.error);
        return kBadUsage;
    }
    if (!parsed.answer.isEmpty()) {
        std::fputs(qPrintable(parsed.answer), stdout);
        return kDone;
    }
    const Options& options = parsed.options;
    const bool picture = !options.screenshot.isEmpty();
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM") && !hasDisplay()) {
        if (!picture) {
            say(QStringLiteral(
                "There is no display. Use --screenshot OUT.png for a picture of the window, or "
                "`atlas export` for reports, tables and charts."));
            return kBadInput;
        }
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }

    scenes::setDefaultSurfaceFormat();
    QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
    QCoreApplication::setApplicationName(QStringLiteral("colossus-atlas"));
    QCoreApplication::setApplicationVersion(QStringLiteral(ATLAS_VERSION));
    QCoreApplication::setOrganizationName(QStringLiteral("colossus-atlas"));
    QApplication application(argc, argv);
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Colossus Atlas"));
    scenes::registerFonts();

    const QString resources = resourcesFolder();
    const scenes::RendererChoice renderer = scenes::probeRenderer(options.renderer);
    MainWindow window(options, renderer, resources);
    if (options.timings) {
        QObject::connect(&window, &MainWindow::pictureShown, &window, [] {
            static bool first = true;
            if (std::exchange(first, false)) {
                say(QStringLiteral("first picture %1 ms").arg(sinceProcessStartMs(), 0, 'f', 0));
            }
        });
    }
    window.open(options.file.isEmpty() ? resources + QStringLiteral("/scenarios/colossus.atlas.yaml")
                                       : QFileInfo(options.file).absoluteFilePath());
    window.show();
    if (options.timings) {
        say(QStringLiteral("window %1 ms").arg(sinceProcessStartMs(), 0, 'f', 0));
    }
    if (picture) {
        takeScreenshot(window, options);
    }
    return QApplication::exec();
}

} // namespace atlas::app

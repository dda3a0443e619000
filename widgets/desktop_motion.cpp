#include "widgets/desktop_motion.h"

#include <QDir>
#include <QProcess>
#include <QSettings>
#include <QStandardPaths>

#ifdef Q_OS_WIN
#include <windows.h>
#endif

namespace atlas::widgets {

namespace {

constexpr int kAskGnomeMs = 200; ///< it answers in a few; a broken one must not hold up the start

[[maybe_unused]] bool gnomeIsStill() {
    if (!qEnvironmentVariable("XDG_CURRENT_DESKTOP").contains(QLatin1String("GNOME"))) {
        return false;
    }
    QProcess asked;
    asked.start(QStringLiteral("gsettings"),
                {QStringLiteral("get"), QStringLiteral("org.gnome.desktop.interface"),
                 QStringLiteral("enable-animations")});
    return asked.waitForFinished(kAskGnomeMs) && asked.readAllStandardOutput().trimmed() == "false";
}

} // namespace

Motion motionOfFolder(const QString& folder) {
    const QDir files(folder);
    const QSettings kde(files.filePath(QStringLiteral("kdeglobals")), QSettings::IniFormat);
    if (kde.value(QStringLiteral("KDE/AnimationDurationFactor"), 1.0).toDouble() == 0) {
        return Motion::Reduced;
    }
    for (const char* version : {"gtk-4.0", "gtk-3.0"}) {
        const QSettings gtk(files.filePath(QLatin1String(version) + QStringLiteral("/settings.ini")),
                            QSettings::IniFormat);
        if (!gtk.value(QStringLiteral("Settings/gtk-enable-animations"), true).toBool()) {
            return Motion::Reduced;
        }
    }
    return Motion::Eased;
}

Motion motionOfDesktop() {
#if defined(Q_OS_WIN)
    BOOL animated = TRUE;
    SystemParametersInfoW(SPI_GETCLIENTAREAANIMATION, 0, &animated, 0);
    return animated ? Motion::Eased : Motion::Reduced;
#elif defined(Q_OS_MACOS)
    const QSettings access(QStringLiteral("com.apple.universalaccess"), QSettings::NativeFormat);
    return access.value(QStringLiteral("reduceMotion"), false).toBool() ? Motion::Reduced : Motion::Eased;
#else
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    return gnomeIsStill() ? Motion::Reduced : motionOfFolder(folder);
#endif
}

} // namespace atlas::widgets

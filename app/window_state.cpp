#include "app/window_state.h"

#include "widgets/desktop_motion.h"

#include <QGuiApplication>
#include <QMainWindow>
#include <QScreen>
#include <QSplitter>

namespace atlas::app {

namespace {

/// Raised when the layout changes so much that an old one makes no sense.
constexpr int kLayoutVersion = 1;

QString key(const char* name) {
    return QStringLiteral("window%1/%2").arg(kLayoutVersion).arg(QLatin1String(name));
}

bool onAScreen(const QRect& frame) {
    for (const QScreen* screen : QGuiApplication::screens()) {
        const QRect visible = screen->availableGeometry().intersected(frame);
        if (visible.width() > 200 && visible.height() > 150) {
            return true;
        }
    }
    return false;
}

} // namespace

void WindowState::restore(QMainWindow& window, QSplitter& columns, QSplitter& rows, QSplitter& deck) {
    const QSize first = window.size();
    if (window.restoreGeometry(m_settings.value(key("geometry")).toByteArray()) &&
        !onAScreen(window.frameGeometry())) {
        window.setGeometry(QRect(QPoint(40, 40), first));
    }
    columns.restoreState(m_settings.value(key("columns")).toByteArray());
    rows.restoreState(m_settings.value(key("rows")).toByteArray());
    deck.restoreState(m_settings.value(key("deck")).toByteArray());
}

void WindowState::save(const QMainWindow& window, const QSplitter& columns, const QSplitter& rows,
                       const QSplitter& deck, scenes::ThemeMode theme) {
    m_settings.setValue(key("geometry"), window.saveGeometry());
    m_settings.setValue(key("columns"), columns.saveState());
    m_settings.setValue(key("rows"), rows.saveState());
    m_settings.setValue(key("deck"), deck.saveState());
    m_settings.setValue(QStringLiteral("theme"), theme == scenes::ThemeMode::Light ? "light" : "dark");
}

scenes::ThemeMode WindowState::themeMode() const {
    return m_settings.value(QStringLiteral("theme")).toString() == QLatin1String("light")
               ? scenes::ThemeMode::Light
               : scenes::ThemeMode::Dark;
}

widgets::Motion WindowState::motion() const {
    const QString chosen = m_settings.value(QStringLiteral("motion")).toString();
    if (chosen.isEmpty()) {
        return widgets::motionOfDesktop();
    }
    return chosen == QLatin1String("reduced") ? widgets::Motion::Reduced : widgets::Motion::Eased;
}

void WindowState::setMotion(widgets::Motion motion) {
    m_settings.setValue(QStringLiteral("motion"), motion == widgets::Motion::Reduced ? "reduced" : "eased");
}

void WindowState::forget() {
    QSettings settings;
    settings.remove(QStringLiteral("window%1").arg(kLayoutVersion));
}

} // namespace atlas::app

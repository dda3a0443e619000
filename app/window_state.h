// What the window remembers between runs: size, place of the splitters, theme. A layout that does not fit any
// screen any more is not restored.
#pragma once

#include "scenes/theme.h"
#include "widgets/navigator.h"

#include <QSettings>

class QMainWindow;
class QSplitter;

namespace atlas::app {

class WindowState {
public:
    void restore(QMainWindow& window, QSplitter& columns, QSplitter& rows, QSplitter& deck);
    void save(const QMainWindow& window, const QSplitter& columns, const QSplitter& rows,
              const QSplitter& deck, scenes::ThemeMode theme);
    [[nodiscard]] scenes::ThemeMode themeMode() const;
    /// What a person chose; where nobody chose, what the desktop asks for.
    [[nodiscard]] widgets::Motion motion() const;
    void setMotion(widgets::Motion motion);
    static void forget();

private:
    QSettings m_settings;
};

} // namespace atlas::app

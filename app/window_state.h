// What the window remembers between runs: size, place of the splitters, theme. A layout that does not fit any
// screen any more is not restored.
#pragma once

#include "scenes/theme.h"

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
    static void forget();

private:
    QSettings m_settings;
};

} // namespace atlas::app

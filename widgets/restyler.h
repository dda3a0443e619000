// Another theme for a window on screen, without a pause: thousands of widgets take their looks a few at a
// time.
#pragma once

#include "scenes/theme.h"

#include <QObject>
#include <QPointer>
#include <QWidget>

#include <vector>

class QTimer;

namespace atlas::widgets {

class Restyler : public QObject {
    Q_OBJECT
public:
    /// `window` stays as it looks until all that is visible in it has changed.
    explicit Restyler(QWidget& window);

    /// After applyStyle() has been called once. What is visible comes first.
    void restyle(const scenes::Theme& theme);
    [[nodiscard]] bool busy() const { return m_next < m_widgets.size(); }

    /// Work of one turn of the event loop.
    static constexpr double kTurnMs = 12;

private:
    void go();

    QWidget& m_window;
    QTimer* m_timer;
    std::vector<QPointer<QWidget>> m_widgets;
    std::size_t m_next = 0;
    std::size_t m_visible = 0; ///< of them, at the beginning
    bool m_held = false;       ///< the window is not drawn meanwhile
};

} // namespace atlas::widgets

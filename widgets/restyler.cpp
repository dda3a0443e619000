#include "widgets/restyler.h"

#include "widgets/style.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QStyle>
#include <QTimer>

#include <algorithm>

namespace atlas::widgets {

Restyler::Restyler(QWidget& window)
    : QObject(&window)
    , m_window(window)
    , m_timer(new QTimer(this)) {
    m_timer->setInterval(0);
    connect(m_timer, &QTimer::timeout, this, &Restyler::go);
}

void Restyler::restyle(const scenes::Theme& theme) {
    QApplication::setPalette(palette(theme));
    m_widgets.clear();
    m_next = 0;
    for (QWidget* widget : QApplication::allWidgets()) {
        m_widgets.emplace_back(widget);
    }
    const auto hidden = std::ranges::stable_partition(
        m_widgets, [](const QPointer<QWidget>& widget) { return widget->isVisible(); });
    m_visible = m_widgets.size() - hidden.size();
    if (!m_held) {
        m_held = true;
        m_window.setUpdatesEnabled(false);
    }
    m_timer->start();
}

void Restyler::go() {
    QElapsedTimer clock;
    clock.start();
    while (m_next < m_widgets.size() && static_cast<double>(clock.nsecsElapsed()) < kTurnMs * 1e6) {
        if (QWidget* widget = m_widgets[m_next++]) {
            widget->style()->polish(widget); // the rules take their colours from the palette anew
            widget->update();
        }
    }
    if (m_held && m_next >= m_visible) {
        m_held = false;
        m_window.setUpdatesEnabled(true);
    }
    if (!busy()) {
        m_timer->stop();
    }
}

} // namespace atlas::widgets

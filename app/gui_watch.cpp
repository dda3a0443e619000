#include "app/gui_watch.h"

#include <QAbstractEventDispatcher>
#include <QCoreApplication>
#include <QMetaEnum>
#include <QMetaObject>

#ifdef Q_OS_UNIX
#include <ctime>
#endif

namespace atlas::app {

namespace {

/// Processor time of this thread so far; where the system does not tell, the time of the wall.
double threadMs() {
#ifdef Q_OS_UNIX
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
#else
    static QElapsedTimer sinceStart = [] {
        QElapsedTimer timer;
        timer.start();
        return timer;
    }();
    return static_cast<double>(sinceStart.nsecsElapsed()) * 1e-6;
#endif
}

} // namespace

GuiWatch::GuiWatch(QObject* parent)
    : QObject(parent) {
    QAbstractEventDispatcher* loop = QAbstractEventDispatcher::instance();
    // Dispatchers differ in which of the two ends a turn; a turn without an event counts for nothing.
    connect(loop, &QAbstractEventDispatcher::awake, this, &GuiWatch::endTurn);
    connect(loop, &QAbstractEventDispatcher::aboutToBlock, this, &GuiWatch::endTurn);
    QCoreApplication::instance()->installEventFilter(this);
}

void GuiWatch::reset() {
    m_longest = {};
    m_turns = m_blocks = 0;
    m_inTurn = false;
}

bool GuiWatch::eventFilter(QObject* watched, QEvent* event) {
    const double now = threadMs();
    if (m_inTurn) {
        charge(now);
    } else {
        m_inTurn = true;
        m_startMs = now;
        m_worstMs = 0;
        m_wall.start();
    }
    m_sinceMs = now;
    m_now = {watched->metaObject(), event->type()};
    return false;
}

void GuiWatch::charge(double nowMs) {
    if (nowMs - m_sinceMs >= m_worstMs) {
        m_worstMs = nowMs - m_sinceMs;
        m_worst = m_now;
    }
}

void GuiWatch::endTurn() {
    if (!m_inTurn) {
        return;
    }
    m_inTurn = false;
    const double now = threadMs();
    charge(now);
    const double cpuMs = now - m_startMs;
    ++m_turns;
    m_blocks += cpuMs > kBlockedMs ? 1 : 0;
    if (cpuMs > m_longest.cpuMs) {
        const char* type = QMetaEnum::fromType<QEvent::Type>().valueToKey(m_worst.type);
        m_longest = {cpuMs, static_cast<double>(m_wall.nsecsElapsed()) * 1e-6,
                     QStringLiteral("%1 of %2")
                         .arg(type != nullptr ? QLatin1String(type) : QLatin1String("event"),
                              QLatin1String(m_worst.receiver->className()))};
    }
}

} // namespace atlas::app

// Waits until the window shows what was asked for and nothing more is coming: for screenshots and the start's
// watch.
#pragma once

#include <QObject>
#include <QTimer>

#include <functional>

namespace atlas::app {

class Settler : public QObject {
    Q_OBJECT
public:
    /// `isSettled` is asked every few milliseconds; it has to hold several times in a row, so that layouts
    /// and repaints that follow from the last answer are in the picture too.
    Settler(std::function<bool()> isSettled, QObject* parent = nullptr);
    void start(int timeoutMs = 60'000);

signals:
    void settled();
    void timedOut();

private:
    void check();
    std::function<bool()> m_isSettled;
    QTimer m_timer;
    int m_heldFor = 0;
    int m_checks = 0;
    int m_maxChecks = 0;
};

} // namespace atlas::app

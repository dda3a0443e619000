#include "app/settler.h"

namespace atlas::app {

namespace {
constexpr int kCheckEveryMs = 15;
constexpr int kHoldsNeeded = 3;
} // namespace

Settler::Settler(std::function<bool()> isSettled, QObject* parent)
    : QObject(parent)
    , m_isSettled(std::move(isSettled)) {
    m_timer.setInterval(kCheckEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &Settler::check);
}

void Settler::start(int timeoutMs) {
    m_heldFor = 0;
    m_checks = 0;
    m_maxChecks = timeoutMs / kCheckEveryMs;
    m_timer.start();
}

void Settler::check() {
    m_heldFor = m_isSettled() ? m_heldFor + 1 : 0;
    if (m_heldFor >= kHoldsNeeded) {
        m_timer.stop();
        emit settled();
    } else if (++m_checks > m_maxChecks) {
        m_timer.stop();
        emit timedOut();
    }
}

} // namespace atlas::app

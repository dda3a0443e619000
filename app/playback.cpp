#include "app/playback.h"

#include <algorithm>

namespace atlas::app {

namespace {
constexpr int kTickMs = 16;
/// After a pause of the event loop (a dialog, a suspended laptop) the clock goes on where it was.
constexpr double kLongestTickS = 0.25;
} // namespace

Playback::Playback(QObject* parent)
    : QObject(parent) {
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(kTickMs);
    connect(&m_timer, &QTimer::timeout, this, &Playback::tick);
}

void Playback::setPlaying(bool playing) {
    if (playing == m_playing) {
        return;
    }
    m_playing = playing;
    if (playing) {
        if (m_timeS >= m_durationS) {
            seek(0);
        }
        m_sinceTick.start();
        m_timer.start();
    } else {
        m_timer.stop();
    }
    emit playingChanged(playing);
}

void Playback::setSpeed(double simulatedSecondsPerSecond) {
    if (simulatedSecondsPerSecond > 0 && simulatedSecondsPerSecond != m_speed) {
        m_speed = simulatedSecondsPerSecond;
        emit speedChanged(m_speed);
    }
}

void Playback::setDuration(double seconds) {
    if (seconds > 0 && seconds != m_durationS) {
        m_durationS = seconds;
        emit durationChanged(seconds);
        seek(m_timeS);
    }
}

void Playback::seek(double timeS) {
    const double clamped = std::clamp(timeS, 0.0, m_durationS);
    if (clamped != m_timeS) {
        m_timeS = clamped;
        emit timeChanged(m_timeS);
    }
}

void Playback::tick() {
    const double elapsedS = std::min(static_cast<double>(m_sinceTick.nsecsElapsed()) * 1e-9, kLongestTickS);
    m_sinceTick.start();
    seek(m_timeS + elapsedS * m_speed);
    if (m_timeS >= m_durationS) {
        setPlaying(false);
    }
}

} // namespace atlas::app

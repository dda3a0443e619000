#include "app/playback.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace atlas::app {

using scenes::Clock;
using scenes::ClockLink;
using widgets::kSides;

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

void Playback::set(const std::array<Clock, 2>& clocks) {
    const std::array<Clock, 2> before = std::exchange(m_clocks, clocks);
    const bool goes = clocks[0].playing || clocks[1].playing;
    if (goes && !m_timer.isActive()) {
        m_sinceTick.start();
        m_timer.start();
    } else if (!goes) {
        m_timer.stop();
    }
    if (timesS() != std::array{before[0].timeS, before[1].timeS}) {
        emit timeChanged(timeS());
    }
    const Clock& was = before[index(m_inHand)];
    if (was.playing != playing()) {
        emit playingChanged(playing());
    }
    if (was.speed != speed()) {
        emit speedChanged(speed());
    }
    const auto manner = [](const std::array<Clock, 2>& both) {
        return std::tuple(both[0].playing, both[0].speed, both[1].playing, both[1].speed);
    };
    if (manner(before) != manner(m_clocks)) {
        emit clocksChanged();
    }
}

void Playback::setPlaying(bool playing) {
    std::array<Clock, 2> clocks = m_clocks;
    for (const Side side : kSides) {
        Clock& each = clocks[index(side)];
        if (moves(m_inHand, side) && each.playing != playing) {
            const bool over = playing && each.timeS >= m_durationS;
            each = each.at(over ? 0 : each.timeS, m_durationS);
            each.playing = playing;
        }
    }
    set(clocks);
}

void Playback::pause() {
    std::array<Clock, 2> clocks = m_clocks;
    for (Clock& each : clocks) {
        each.playing = false;
    }
    set(clocks);
}

void Playback::setSpeed(double simulatedSecondsPerSecond) {
    if (simulatedSecondsPerSecond > 0) {
        std::array<Clock, 2> clocks = m_clocks;
        for (const Side side : kSides) {
            if (moves(m_inHand, side)) {
                clocks[index(side)].speed = simulatedSecondsPerSecond;
            }
        }
        set(clocks);
    }
}

void Playback::setDuration(double seconds) {
    if (seconds > 0 && seconds != m_durationS) {
        m_durationS = seconds;
        emit durationChanged(seconds);
        set({m_clocks[0].at(m_clocks[0].timeS, seconds), m_clocks[1].at(m_clocks[1].timeS, seconds)});
    }
}

void Playback::seek(double timeS) {
    seekOn(m_inHand, timeS);
}

void Playback::seekOn(Side of, double timeS) {
    std::array<Clock, 2> clocks = m_clocks;
    for (const Side side : kSides) {
        if (moves(of, side)) {
            clocks[index(side)] = clocks[index(side)].at(timeS, m_durationS);
        }
    }
    set(clocks);
}

void Playback::setLink(ClockLink link) {
    if (link == m_link) {
        return;
    }
    m_link = link;
    if (link == ClockLink::Shared) {
        set({clock(m_inHand), clock(m_inHand)});
    }
    emit clocksChanged();
}

void Playback::show(ClockLink link, const std::array<Clock, 2>& clocks) {
    m_link = link;
    const Clock& second = clocks[link == ClockLink::Own ? 1 : 0];
    set({clocks[0].at(clocks[0].timeS, m_durationS), second.at(second.timeS, m_durationS)});
    emit clocksChanged();
}

void Playback::takeInHand(Side side) {
    if (side == m_inHand) {
        return;
    }
    m_inHand = side;
    if (m_link == ClockLink::Own) {
        emit timeChanged(timeS());
        emit playingChanged(playing());
        emit speedChanged(speed());
        emit clocksChanged();
    }
}

void Playback::tick() {
    const double elapsedS = std::min(static_cast<double>(m_sinceTick.nsecsElapsed()) * 1e-9, kLongestTickS);
    m_sinceTick.start();
    set({m_clocks[0].after(elapsedS, m_durationS), m_clocks[1].after(elapsedS, m_durationS)});
}

} // namespace atlas::app

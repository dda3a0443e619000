// The clocks of the window: which instant of simulated time each pane shows, whether it goes, and how fast.
// There is one for both panes, or one for each; what is said without naming a side is said to the clock in
// hand.
#pragma once

#include "scenes/clock.h"
#include "widgets/side.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <array>

namespace atlas::app {

using widgets::index;
using widgets::Side;

class Playback : public QObject {
    Q_OBJECT
public:
    explicit Playback(QObject* parent = nullptr);

    [[nodiscard]] const scenes::Clock& clock(Side side) const { return m_clocks[index(side)]; }
    [[nodiscard]] double timeS(Side side) const { return clock(side).timeS; }
    /// Of both panes, [side].
    [[nodiscard]] std::array<double, 2> timesS() const { return {timeS(Side::A), timeS(Side::B)}; }
    [[nodiscard]] double durationS() const { return m_durationS; }

    // Of the clock in hand.
    [[nodiscard]] bool playing() const { return clock(m_inHand).playing; }
    [[nodiscard]] double timeS() const { return timeS(m_inHand); }
    /// Simulated seconds a second of wall clock.
    [[nodiscard]] double speed() const { return clock(m_inHand).speed; }
    void setPlaying(bool playing);
    void setSpeed(double simulatedSecondsPerSecond);
    /// Jumps to an instant, clamped to [0, duration].
    void seek(double timeS);

    [[nodiscard]] scenes::ClockLink link() const { return m_link; }
    /// Two clocks go on from where the one was; one goes on from where the clock in hand was.
    void setLink(scenes::ClockLink link);
    /// Whose clock it is, where each pane has its own.
    [[nodiscard]] Side inHand() const { return m_inHand; }
    void takeInHand(Side side);
    /// As seek, of the clock of a pane: of both, where there is one.
    void seekOn(Side side, double timeS);
    /// Both clocks as they were kept.
    void show(scenes::ClockLink link, const std::array<scenes::Clock, 2>& clocks);
    /// Every clock stands still.
    void pause();

    void setDuration(double seconds);

signals:
    void timeChanged(double timeS); ///< a clock moved; the time is that of the clock in hand
    void playingChanged(bool playing);
    void speedChanged(double speed);
    void durationChanged(double seconds);
    void clocksChanged(); ///< any of it but the times: how many, which is in hand, going or not, how fast

private:
    void tick();
    [[nodiscard]] bool moves(Side of, Side side) const {
        return m_link == scenes::ClockLink::Shared || of == side;
    }
    /// Puts both clocks to their new values and tells what that changes.
    void set(const std::array<scenes::Clock, 2>& clocks);

    QTimer m_timer;
    QElapsedTimer m_sinceTick;
    scenes::ClockLink m_link = scenes::ClockLink::Shared;
    Side m_inHand = Side::A;
    std::array<scenes::Clock, 2> m_clocks; ///< the same twice where they are one
    double m_durationS = 30 * 86400.0;
};

} // namespace atlas::app

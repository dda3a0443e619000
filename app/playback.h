// The clock of the window: playing or not, how fast, and which instant of simulated time is shown.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace atlas::app {

class Playback : public QObject {
    Q_OBJECT
public:
    explicit Playback(QObject* parent = nullptr);

    [[nodiscard]] bool playing() const { return m_playing; }
    [[nodiscard]] double timeS() const { return m_timeS; }
    [[nodiscard]] double durationS() const { return m_durationS; }
    /// Simulated seconds a second of wall clock.
    [[nodiscard]] double speed() const { return m_speed; }

    void setPlaying(bool playing);
    void setSpeed(double simulatedSecondsPerSecond);
    void setDuration(double seconds);
    /// Jumps to an instant, clamped to [0, duration].
    void seek(double timeS);

signals:
    void timeChanged(double timeS);
    void playingChanged(bool playing);
    void speedChanged(double speed);
    void durationChanged(double seconds);

private:
    void tick();

    QTimer m_timer;
    QElapsedTimer m_sinceTick;
    bool m_playing = false;
    double m_timeS = 0;
    double m_speed = 1;
    double m_durationS = 30 * 86400.0;
};

} // namespace atlas::app

// Play, step, speed, time: the deck under the stage.
#pragma once

#include "widgets/scrubber.h"

#include <optional>

class QMenu;
class QPushButton;
class QToolButton;

namespace atlas::widgets {

class TabularLabel;

class TransportBar : public QWidget {
    Q_OBJECT
public:
    explicit TransportBar(QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    void setPlaying(bool playing);
    void setTime(double timeS);
    void setDuration(double seconds);
    /// Simulated seconds a second of wall clock.
    void setSpeed(double speed);
    /// The step on screen; empty where nothing trains.
    void setStep(const QString& text);
    void setLinked(bool linked);
    /// Whose clock the bar shows and moves; nothing: the one of both panes.
    void setClockOf(std::optional<Side> side);
    void setMarks(std::vector<TimeMark> marks);
    void setReducedMotion(bool reduced);

    [[nodiscard]] bool playing() const { return m_playing; }
    [[nodiscard]] double speed() const { return m_speed; }
    [[nodiscard]] Scrubber& scrubber() const { return *m_scrubber; }

signals:
    void playToggled(bool play);
    void speedChanged(double simulatedSecondsPerSecond);
    void seekRequested(double timeS);
    void stepRequested(int direction); ///< +1 or -1
    void linkToggled(bool linked);
    void clocksToggled(bool own); ///< a clock for each pane, or one for both

protected:
    /// Space play, "," and "." step, J and L slower and faster, K pause, Home and End, wherever the focus is
    /// within the bar. The window may bind the same keys for itself.
    void keyPressEvent(QKeyEvent* event) override;

private:
    void fillSpeeds();
    void dressIcons();
    void dressClocks();
    QToolButton* addButton(const QString& name, const QString& words);

    std::unique_ptr<Theme> m_theme;
    bool m_playing = false;
    double m_speed = 1;
    std::optional<Side> m_clockOf;
    QToolButton* m_play;
    QToolButton* m_back;
    QToolButton* m_forward;
    QToolButton* m_clocks;
    TabularLabel* m_clock;
    QToolButton* m_slower;
    QPushButton* m_speedButton;
    QToolButton* m_faster;
    TabularLabel* m_step;
    Scrubber* m_scrubber;
    TabularLabel* m_duration;
    QToolButton* m_link;
    QMenu* m_speeds;
};

} // namespace atlas::widgets

// How long the thread of the window is at work between two chances to hear the user: what the performance
// overlay shows, and what a test holds below its limit. Watches only while it lives.
#pragma once

#include <QElapsedTimer>
#include <QEvent>
#include <QObject>
#include <QString>

namespace atlas::app {

class GuiWatch : public QObject {
    Q_OBJECT
public:
    /// A turn of the event loop: everything that was dispatched before it looked for new input.
    struct Turn {
        double cpuMs = 0;  ///< processor time of the thread; other programs do not lengthen it
        double wallMs = 0; ///< what a person waits
        QString what;      ///< the event that took most of it: "Resize of atlas::widgets::Stage"
    };

    /// To be made on the thread of the window.
    explicit GuiWatch(QObject* parent = nullptr);

    [[nodiscard]] const Turn& longest() const { return m_longest; }
    [[nodiscard]] int turns() const { return m_turns; }
    /// Turns of more than kBlockedMs of processor time.
    [[nodiscard]] int blocks() const { return m_blocks; }
    void reset();

    /// From here on a person feels it.
    static constexpr double kBlockedMs = 50;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Seen {
        const QMetaObject* receiver = nullptr;
        QEvent::Type type = QEvent::None;
    };
    void endTurn();
    /// Charges the time since the last event to that event.
    void charge(double nowMs);

    Turn m_longest;
    int m_turns = 0;
    int m_blocks = 0;
    bool m_inTurn = false;
    double m_startMs = 0; ///< of the turn, processor time
    double m_sinceMs = 0; ///< of the event now dispatched
    Seen m_now;
    Seen m_worst;
    double m_worstMs = 0;
    QElapsedTimer m_wall;
};

} // namespace atlas::app

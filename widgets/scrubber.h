// The time line of the transport: where one is, what happens when, and a handle to go anywhere.
#pragma once

#include "widgets/colours.h"

#include <QVariantAnimation>
#include <QWidget>

#include <memory>
#include <vector>

namespace atlas::widgets {

/// Something that happens at an instant: a fault, an injection, a bookmark.
struct TimeMark {
    double timeS = 0;
    Side side = Side::A;                                      ///< A above the line, B below
    operations::GpuState state = operations::GpuState::Fault; ///< gives colour and shape
    QString text;                                             ///< "GPU fault, rack 1-203-7"
    bool byHand = false;                                      ///< a person did it: a diamond
};

class Scrubber : public QWidget {
    Q_OBJECT
public:
    explicit Scrubber(QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    void setDuration(double seconds);
    /// Jumps are eased over a tenth of a second, unless motion is reduced; running time is followed at once.
    void setTime(double timeS);
    void setMarks(std::vector<TimeMark> marks);
    void setReducedMotion(bool reduced) { m_reducedMotion = reduced; }
    [[nodiscard]] const std::vector<TimeMark>& marks() const { return m_marks; }
    [[nodiscard]] double time() const { return m_timeS; }
    [[nodiscard]] double duration() const { return m_durationS; }
    /// Where an instant stands, pixels.
    [[nodiscard]] double positionOf(double timeS) const;
    [[nodiscard]] double timeAt(double x) const;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void seekRequested(double timeS);
    void scrubbingChanged(bool scrubbing);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    void seek(double timeS);
    [[nodiscard]] const TimeMark* markNear(QPointF position) const;

    std::unique_ptr<Theme> m_theme;
    double m_durationS = 1;
    double m_timeS = 0;
    double m_shownS = 0; ///< where the handle is drawn while it eases
    double m_hoverX = -1;
    bool m_scrubbing = false;
    bool m_reducedMotion = false;
    std::vector<TimeMark> m_marks;
    QVariantAnimation m_ease;
};

} // namespace atlas::widgets

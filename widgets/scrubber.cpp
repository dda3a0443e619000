#include "widgets/scrubber.h"

#include "widgets/format.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace atlas::widgets {

namespace {

constexpr double kInset = 8;     ///< so that the handle is whole at both ends
constexpr double kTrack = 4;     ///< height of the line
constexpr double kHandle = 6.5;  ///< radius
constexpr double kDiamond = 4;   ///< half of a mark made by hand
constexpr double kMarkReach = 4; ///< pixels from a mark that still count as on it
constexpr int kEaseMs = 100;
constexpr double kJump = 0.01;    ///< of the duration: farther counts as a jump
constexpr double kKeyStep = 0.01; ///< of the duration, an arrow key
constexpr double kPageStep = 0.1;

} // namespace

Scrubber::Scrubber(QWidget* parent)
    : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Simulated time"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_ease.setDuration(kEaseMs);
    m_ease.setEasingCurve(QEasingCurve::OutCubic);
    connect(&m_ease, &QVariantAnimation::valueChanged, this, [this](const QVariant& value) {
        m_shownS = value.toDouble();
        update();
    });
}

QSize Scrubber::sizeHint() const {
    return {400, 30};
}

QSize Scrubber::minimumSizeHint() const {
    return {120, 30};
}

void Scrubber::setTheme(const Theme& theme) {
    m_theme = std::make_unique<Theme>(theme);
    update();
}

void Scrubber::setDuration(double seconds) {
    m_durationS = std::max(seconds, 1e-9);
    update();
}

void Scrubber::setTime(double timeS) {
    const double before = m_shownS;
    m_timeS = std::clamp(timeS, 0.0, m_durationS);
    setAccessibleDescription(clockText(m_timeS));
    const bool jump = std::abs(m_timeS - before) > m_durationS * kJump;
    m_ease.stop();
    if (jump && isVisible() && !m_scrubbing && !m_reducedMotion) {
        m_ease.setStartValue(before);
        m_ease.setEndValue(m_timeS);
        m_ease.start();
    } else {
        m_shownS = m_timeS;
        update();
    }
}

void Scrubber::setMarks(std::vector<TimeMark> marks) {
    m_marks = std::move(marks);
    update();
}

double Scrubber::positionOf(double timeS) const {
    return kInset + std::clamp(timeS / m_durationS, 0.0, 1.0) * (width() - 2 * kInset);
}

double Scrubber::timeAt(double x) const {
    return std::clamp((x - kInset) / std::max(1.0, width() - 2 * kInset), 0.0, 1.0) * m_durationS;
}

void Scrubber::paintEvent(QPaintEvent*) {
    if (!m_theme) {
        return;
    }
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double middle = std::round(height() / 2.0);
    const double now = positionOf(m_shownS);
    const QRectF track(kInset, middle - kTrack / 2, width() - 2 * kInset, kTrack);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme->line);
    painter.drawRoundedRect(track, kTrack / 2, kTrack / 2);
    painter.setBrush(mixed(m_theme->panel, m_theme->accent, 0.45));
    painter.drawRoundedRect(QRectF(track.left(), track.top(), now - track.left(), kTrack), kTrack / 2,
                            kTrack / 2);

    // Marks that would fall on the same pixel are drawn once; faults are never hidden by milder ones.
    for (const TimeMark& mark : m_marks) {
        const double x = std::floor(positionOf(mark.timeS)) + 0.5;
        const bool above = mark.side == Side::A;
        const bool severe = operations::severity(mark.state) >= 3;
        const double length = severe ? 6 : 4;
        painter.setPen(QPen(m_theme->state(mark.state).colour, 1.5, Qt::SolidLine, Qt::FlatCap));
        const double from = above ? middle - kTrack / 2 - 3 : middle + kTrack / 2 + 3;
        if (mark.byHand) {
            const double centre = above ? from - kDiamond : from + kDiamond;
            painter.setPen(QPen(m_theme->panel, 1));
            painter.setBrush(m_theme->state(mark.state).colour);
            painter.drawPolygon(QPolygonF({{x, centre - kDiamond},
                                           {x + kDiamond, centre},
                                           {x, centre + kDiamond},
                                           {x - kDiamond, centre}}));
            continue;
        }
        painter.drawLine(QPointF(x, from), QPointF(x, above ? from - length : from + length));
    }
    if (m_hoverX >= 0 && !m_scrubbing) {
        painter.setPen(QPen(m_theme->quietText, 1));
        const double x = std::floor(m_hoverX) + 0.5;
        painter.drawLine(QPointF(x, middle - 7), QPointF(x, middle + 7));
    }
    if (hasFocus()) {
        painter.setPen(QPen(mixed(m_theme->panel, m_theme->accent, 0.6), 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(QPointF(now, middle), kHandle + 3, kHandle + 3);
    }
    painter.setPen(QPen(m_theme->panel, 1.5));
    painter.setBrush(m_theme->accent);
    painter.drawEllipse(QPointF(now, middle), kHandle, kHandle);
}

void Scrubber::seek(double timeS) {
    const double clamped = std::clamp(timeS, 0.0, m_durationS);
    setTime(clamped);
    emit seekRequested(clamped);
}

void Scrubber::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) {
        return;
    }
    m_scrubbing = true;
    emit scrubbingChanged(true);
    const TimeMark* mark = markNear(event->position());
    seek(mark != nullptr ? mark->timeS : timeAt(event->position().x()));
}

void Scrubber::mouseMoveEvent(QMouseEvent* event) {
    m_hoverX = std::clamp(event->position().x(), kInset, width() - kInset);
    if (m_scrubbing) {
        seek(timeAt(event->position().x()));
    }
    update();
}

void Scrubber::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && m_scrubbing) {
        m_scrubbing = false;
        emit scrubbingChanged(false);
    }
}

void Scrubber::leaveEvent(QEvent*) {
    m_hoverX = -1;
    update();
}

void Scrubber::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Down:
        seek(m_timeS - m_durationS * kKeyStep);
        break;
    case Qt::Key_Right:
    case Qt::Key_Up:
        seek(m_timeS + m_durationS * kKeyStep);
        break;
    case Qt::Key_PageUp:
        seek(m_timeS + m_durationS * kPageStep);
        break;
    case Qt::Key_PageDown:
        seek(m_timeS - m_durationS * kPageStep);
        break;
    case Qt::Key_Home:
        seek(0);
        break;
    case Qt::Key_End:
        seek(m_durationS);
        break;
    default:
        event->ignore(); // Space and the like belong to the transport
    }
}

const TimeMark* Scrubber::markNear(QPointF position) const {
    const bool above = position.y() < height() / 2.0 - kTrack;
    const bool below = position.y() > height() / 2.0 + kTrack;
    const TimeMark* best = nullptr;
    double nearest = kMarkReach;
    for (const TimeMark& mark : m_marks) {
        const double away = std::abs(positionOf(mark.timeS) - position.x());
        const bool rightSide = mark.side == Side::A ? above : below;
        if (rightSide && away < nearest) {
            nearest = away;
            best = &mark;
        }
    }
    return best;
}

bool Scrubber::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const TimeMark* mark = markNear(help->pos());
        const QString words =
            mark != nullptr ? clockText(mark->timeS) + '\n' + mark->text : clockText(timeAt(help->pos().x()));
        QToolTip::showText(help->globalPos(), words, this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace atlas::widgets

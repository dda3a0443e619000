#include "widgets/lever_slider.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace atlas::widgets {

namespace {

constexpr double kInset = 7;
constexpr double kHandle = 5.5;
constexpr double kTrack = 4;
constexpr double kDecade = 10;    ///< a range wider than this ratio is scaled in ratios
constexpr double kBeyond = 0.25;  ///< of the range, at either end
constexpr double kNoRange = 0.5;  ///< of the value, where no range is known
constexpr double kKeyStep = 0.01; ///< of the whole way
constexpr double kPageStep = 0.1;

} // namespace

LeverScale LeverScale::around(double value, double low, double high) {
    LeverScale scale;
    if (!(high > low)) {
        const double reach = value == 0.0 ? 1.0 : std::abs(value) * kNoRange;
        scale.from = value - reach;
        scale.to = value + reach;
        return scale;
    }
    scale.logarithmic = low > 0 && high / low > kDecade;
    if (scale.logarithmic) {
        const double beyond = std::pow(high / low, kBeyond);
        scale.from = low / beyond;
        scale.to = high * beyond;
    } else {
        const double beyond = (high - low) * kBeyond;
        // A number that cannot be negative, or a share, is not offered beyond its nature.
        scale.from = low >= 0 ? std::max(0.0, low - beyond) : low - beyond;
        scale.to = high <= 1 && low >= 0 ? std::min(1.0, high + beyond) : high + beyond;
    }
    scale.from = std::min(scale.from, value);
    scale.to = std::max(scale.to, value);
    return scale;
}

double LeverScale::share(double value) const {
    const double u = logarithmic ? std::log(std::max(value, 1e-300) / from) / std::log(to / from)
                                 : (value - from) / (to - from);
    return std::clamp(u, 0.0, 1.0);
}

double LeverScale::at(double share) const {
    const double u = std::clamp(share, 0.0, 1.0);
    return logarithmic ? from * std::pow(to / from, u) : from + (to - from) * u;
}

LeverSlider::LeverSlider(QWidget* parent)
    : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void LeverSlider::setRange(double base, double low, double high) {
    m_base = base;
    m_low = std::min(low, high);
    m_high = std::max(low, high);
    m_scale = LeverScale::around(base, m_low, m_high);
    update();
}

void LeverSlider::setValue(double value) {
    m_value = value;
    update();
}

void LeverSlider::setTheme(const Theme& theme) {
    m_theme = std::make_unique<Theme>(theme);
    update();
}

double LeverSlider::positionOf(double value) const {
    return kInset + m_scale.share(value) * (width() - 2 * kInset);
}

void LeverSlider::paintEvent(QPaintEvent*) {
    if (!m_theme) {
        return;
    }
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double middle = height() / 2.0;
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme->line);
    painter.drawRoundedRect(QRectF(0, middle - kTrack / 2, width(), kTrack), kTrack / 2, kTrack / 2);
    const double low = positionOf(m_low);
    const double high = positionOf(m_high);
    painter.setBrush(mixed(m_theme->panel, m_theme->accent, isEnabled() ? 0.42 : 0.15));
    painter.drawRoundedRect(QRectF(low, middle - kTrack / 2, std::max(0.0, high - low), kTrack), kTrack / 2,
                            kTrack / 2);
    if (std::abs(positionOf(m_base) - positionOf(m_value)) > 1) {
        const double x = std::floor(positionOf(m_base)) + 0.5;
        painter.setPen(QPen(m_theme->quietText, 1.5));
        painter.drawLine(QPointF(x, middle - 5), QPointF(x, middle + 5));
    }
    const double now = positionOf(m_value);
    if (hasFocus()) {
        painter.setPen(QPen(mixed(m_theme->panel, m_theme->accent, 0.6), 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(QPointF(now, middle), kHandle + 2, kHandle + 2);
    }
    painter.setPen(QPen(m_theme->panel, 1));
    painter.setBrush(isEnabled() ? m_theme->accent : m_theme->quietText);
    painter.drawEllipse(QPointF(now, middle), kHandle, kHandle);
}

void LeverSlider::choose(double share) {
    const double next = m_scale.at(share);
    if (next != m_value) {
        m_value = next;
        update();
        emit valueChanged(next);
    }
}

void LeverSlider::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) {
        m_dragging = true;
        // A press on the handle does not move it: the first click of a double-click must not change anything.
        if (std::abs(event->position().x() - positionOf(m_value)) > kHandle) {
            choose((event->position().x() - kInset) / (width() - 2 * kInset));
        }
    }
}

void LeverSlider::mouseMoveEvent(QMouseEvent* event) {
    if (m_dragging) {
        choose((event->position().x() - kInset) / (width() - 2 * kInset));
    }
}

void LeverSlider::mouseReleaseEvent(QMouseEvent*) {
    m_dragging = false;
}

void LeverSlider::mouseDoubleClickEvent(QMouseEvent*) {
    m_dragging = false;
    m_value = m_base;
    update();
    emit restored(m_base);
}

void LeverSlider::keyPressEvent(QKeyEvent* event) {
    const double now = m_scale.share(m_value);
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Down:
        choose(now - kKeyStep);
        break;
    case Qt::Key_Right:
    case Qt::Key_Up:
        choose(now + kKeyStep);
        break;
    case Qt::Key_PageDown:
        choose(now - kPageStep);
        break;
    case Qt::Key_PageUp:
        choose(now + kPageStep);
        break;
    case Qt::Key_Home:
        choose(0);
        break;
    case Qt::Key_End:
        choose(1);
        break;
    case Qt::Key_Backspace:
    case Qt::Key_Delete:
        mouseDoubleClickEvent(nullptr);
        break;
    default:
        event->ignore();
    }
}

} // namespace atlas::widgets

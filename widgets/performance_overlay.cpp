#include "widgets/performance_overlay.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace atlas::widgets {

namespace {
constexpr int kWidth = 210; ///< the same for any figures, so that it stands still
} // namespace

PerformanceOverlay::PerformanceOverlay(QWidget* parent)
    : QWidget(parent) {
    setObjectName(QStringLiteral("performance"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setFocusPolicy(Qt::NoFocus);
    hide();
}

void PerformanceOverlay::setTheme(const scenes::Theme& theme) {
    m_theme = theme;
    update();
}

void PerformanceOverlay::setLines(const std::vector<PerformanceLine>& lines) {
    if (lines == m_lines) {
        return;
    }
    m_lines = lines;
    setVisible(!m_lines.empty());
    update();
}

QSize PerformanceOverlay::sizeHint() const {
    const int row = QFontMetrics(m_theme.font(scenes::TextRole::Label)).height() + 2;
    return {kWidth, static_cast<int>(m_lines.size()) * row + 2 * m_theme.spacing.small};
}

void PerformanceOverlay::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.line);
    painter.fillRect(rect().adjusted(1, 1, -1, -1), m_theme.raised);
    const QFont font = m_theme.font(scenes::TextRole::Label);
    const QFontMetrics metrics(font);
    painter.setFont(font);
    int y = m_theme.spacing.small;
    for (const PerformanceLine& line : m_lines) {
        const QRect row(m_theme.spacing.small, y, width() - 2 * m_theme.spacing.small, metrics.height() + 2);
        painter.setPen(m_theme.quietText);
        painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, line.name);
        painter.setPen(line.bad ? m_theme.negative : m_theme.text);
        const int room = row.width() - metrics.horizontalAdvance(line.name) - m_theme.spacing.small;
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter,
                         metrics.elidedText(line.value, Qt::ElideMiddle, std::max(0, room)));
        y += row.height();
    }
}

} // namespace atlas::widgets

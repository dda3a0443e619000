#include "widgets/plot_view.h"

#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>

namespace atlas::widgets {

namespace {

constexpr double kCursorStep = 8; ///< pixels an arrow key moves the read-out

} // namespace

PlotView::PlotView(std::unique_ptr<Plot> plot, QWidget* parent)
    : QChartView(plot.get(), parent)
    , m_plot(plot.release()) {
    setRenderHint(QPainter::Antialiasing);
    setFrameShape(QFrame::NoFrame);
    setBackgroundBrush(Qt::NoBrush);
    setStyleSheet(QStringLiteral("background: transparent"));
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(160, 90);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_readout = new QLabel(this);
    m_readout->setObjectName(QStringLiteral("readout"));
    m_readout->setTextFormat(Qt::PlainText);
    m_readout->setMargin(6);
    m_readout->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_readout->hide();
}

void PlotView::setTheme(const Theme& theme) {
    m_plot->setTheme(theme);
    m_readout->setFont(theme.font(TextRole::Label));
    m_readout->setStyleSheet(
        QStringLiteral("background: %1; color: %2; border: 1px solid %3; border-radius: 4px")
            .arg(theme.raised.name(), theme.text.name(), mixed(theme.line, theme.quietText, 0.3).name()));
    setAccessibleDescription(m_plot->description());
}

QString PlotView::readout() const {
    return m_readout->isVisible() ? m_readout->text() : QString();
}

void PlotView::showReadout(QPointF position) {
    const QString words = m_plot->readout(position);
    if (words.isEmpty()) {
        hideReadout();
        return;
    }
    m_readout->setText(words);
    m_readout->adjustSize();
    // Beside the pointer, on the side with room.
    const QSize size = m_readout->size();
    QPoint at = position.toPoint() + QPoint(14, -size.height() - 6);
    if (at.x() + size.width() > width()) {
        at.setX(position.toPoint().x() - size.width() - 14);
    }
    at.setX(std::clamp(at.x(), 0, std::max(0, width() - size.width())));
    at.setY(std::clamp(at.y(), 0, std::max(0, height() - size.height())));
    m_readout->move(at);
    m_readout->show();
    m_readout->raise();
}

void PlotView::hideReadout() {
    m_readout->hide();
}

void PlotView::mouseMoveEvent(QMouseEvent* event) {
    QChartView::mouseMoveEvent(event);
    m_cursor = event->position();
    showReadout(m_cursor);
    if (event->buttons() & Qt::LeftButton) {
        m_plot->activate(event->position());
    }
}

void PlotView::mousePressEvent(QMouseEvent* event) {
    QChartView::mousePressEvent(event);
    if (event->button() == Qt::LeftButton) {
        m_plot->activate(event->position());
    }
}

void PlotView::leaveEvent(QEvent* event) {
    QChartView::leaveEvent(event);
    hideReadout();
}

void PlotView::focusOutEvent(QFocusEvent* event) {
    QChartView::focusOutEvent(event);
    hideReadout();
}

void PlotView::keyPressEvent(QKeyEvent* event) {
    const QRectF area = m_plot->plotArea();
    if (!area.contains(m_cursor)) {
        m_cursor = area.center();
    }
    switch (event->key()) {
    case Qt::Key_Left:
        m_cursor.rx() = std::max(area.left() + 1, m_cursor.x() - kCursorStep);
        showReadout(m_cursor);
        break;
    case Qt::Key_Right:
        m_cursor.rx() = std::min(area.right() - 1, m_cursor.x() + kCursorStep);
        showReadout(m_cursor);
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        m_plot->activate(m_cursor);
        break;
    case Qt::Key_Escape:
        hideReadout();
        event->ignore();
        break;
    default:
        event->ignore(); // transport and window shortcuts
    }
}

} // namespace atlas::widgets

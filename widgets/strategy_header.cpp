#include "widgets/strategy_header.h"

#include "widgets/strategy_table_model.h"

#include <QMouseEvent>
#include <QPainter>

namespace atlas::widgets {

namespace {

constexpr int kBadge = 16;
constexpr int kGap = 4;
constexpr int kPadding = 8;

} // namespace

StrategyHeader::StrategyHeader(StrategyTableModel& model, QWidget* parent)
    : QHeaderView(Qt::Horizontal, parent)
    , m_model(model) {
    setSectionsClickable(true);
    setMouseTracking(true);
    setHighlightSections(false);
    setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setAccessibleName(tr("Strategies"));
    connect(&model, &QAbstractItemModel::headerDataChanged, viewport(), qOverload<>(&QWidget::update));
}

void StrategyHeader::setTheme(const Theme& theme) {
    m_theme = std::make_unique<Theme>(theme);
    setFont(theme.font(TextRole::Label));
    viewport()->update();
}

QRect StrategyHeader::badgeRect(int column, Side side) const {
    const int left = sectionViewportPosition(column) + kPadding + (side == Side::A ? 0 : kBadge + kGap);
    return {left, height() - kBadge - 6, kBadge, kBadge};
}

QSize StrategyHeader::sectionSizeFromContents(int column) const {
    const QString name = m_model.headerData(column, Qt::Horizontal).toString();
    const QRect box = fontMetrics().boundingRect(
        QRect(0, 0, std::max(60, sectionSize(column) - 2 * kPadding), 999), Qt::TextWordWrap, name);
    const int lines = std::min(box.height(), 2 * fontMetrics().lineSpacing() + 1);
    return {box.width() + 2 * kPadding, lines + kBadge + 16};
}

void StrategyHeader::paintSection(QPainter* painter, const QRect& rect, int column) const {
    if (!m_theme) {
        return;
    }
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->fillRect(rect, m_theme->panel);
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), m_theme->line);
    const auto chosen = m_model.sideOf(column);
    painter->setFont(m_theme->font(TextRole::Label));
    painter->setPen(chosen ? m_theme->text : m_theme->quietText);
    const QRect words = rect.adjusted(kPadding, 4, -kPadding, -kBadge - 8);
    painter->drawText(words, Qt::AlignLeft | Qt::AlignBottom | Qt::TextWordWrap,
                      m_model.headerData(column, Qt::Horizontal).toString());
    for (const Side side : kSides) {
        const QRectF badge = badgeRect(column, side);
        const bool on = chosen == side;
        const bool hovered = badge.contains(m_pointer);
        const QColor colour = sideColour(*m_theme, side);
        painter->setPen(QPen(on || hovered ? colour : m_theme->line, 1));
        painter->setBrush(on ? QBrush(colour) : Qt::NoBrush);
        painter->drawRoundedRect(badge.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
        painter->setPen(on ? m_theme->ground : (hovered ? m_theme->text : m_theme->quietText));
        painter->drawText(badge, Qt::AlignCenter, QString(QChar(letter(side))));
    }
    if (column == m_model.baseColumn()) {
        painter->setPen(m_theme->quietText);
        const QRectF badge = badgeRect(column, Side::B);
        painter->drawText(
            QRectF(badge.right() + kGap * 2, badge.top(), rect.right() - badge.right() - kGap * 2, kBadge),
            Qt::AlignLeft | Qt::AlignVCenter, tr("base"));
    }
    painter->restore();
}

void StrategyHeader::mouseReleaseEvent(QMouseEvent* event) {
    const int column = logicalIndexAt(event->pos());
    if (column >= 0 && event->button() == Qt::LeftButton) {
        for (const Side side : kSides) {
            if (badgeRect(column, side).contains(event->pos())) {
                emit badgeClicked(column, side);
                event->accept();
                return;
            }
        }
    }
    QHeaderView::mouseReleaseEvent(event);
}

void StrategyHeader::mouseMoveEvent(QMouseEvent* event) {
    m_pointer = event->pos();
    viewport()->update();
    QHeaderView::mouseMoveEvent(event);
}

void StrategyHeader::leaveEvent(QEvent* event) {
    m_pointer = {-1, -1};
    viewport()->update();
    QHeaderView::leaveEvent(event);
}

} // namespace atlas::widgets

#include "widgets/difference_panel.h"

#include "widgets/legend_bar.h"

#include <QPainter>

#include <algorithm>

namespace atlas::widgets {

namespace {

constexpr int kRow = 20;
constexpr int kNameShare = 30;       ///< percent of the width
constexpr int kValueShare = 22;      ///< of A and of B
constexpr int kMostTableWidth = 680; ///< wider, the eye loses the row

} // namespace

DifferencePanel::DifferencePanel(QWidget* parent)
    : QWidget(parent)
    , m_legend(new LegendBar(this)) {
    setObjectName(QStringLiteral("difference"));
    setAccessibleName(tr("B minus A"));
    hide();
}

void DifferencePanel::setTheme(const Theme& theme) {
    m_theme = std::make_unique<Theme>(theme);
    m_legend->setTheme(theme);
    layOut();
    update();
}

void DifferencePanel::setContent(const DifferenceContent& content) {
    if (content == m_content) {
        return;
    }
    m_content = content;
    QStringList spoken = {content.words};
    for (const DifferenceContent::Row& row : content.rows) {
        spoken << tr("%1: A %2, B %3 %4").arg(row.name, row.a, row.b, row.difference);
    }
    setAccessibleDescription(spoken.join(QStringLiteral("; ")));
    layOut();
    update();
}

void DifferencePanel::setLegend(const scenes::Legend& legend) {
    m_legend->setLegend(legend);
    layOut();
}

int DifferencePanel::headHeight(int width) const {
    if (!m_theme) {
        return 0;
    }
    const int room = std::max(1, width - 2 * m_theme->spacing.large);
    if (m_content.map) {
        return m_legend->heightForWidth(room) + m_theme->spacing.tight;
    }
    const QFontMetrics metrics(m_theme->font(TextRole::Body));
    return metrics.boundingRect(QRect(0, 0, room, 1000), Qt::TextWordWrap, m_content.words).height() +
           m_theme->spacing.medium;
}

int DifferencePanel::heightForWidth(int width) const {
    const int margins = m_theme ? 2 * m_theme->spacing.small : 0;
    return margins + headHeight(width) + kRow * (1 + static_cast<int>(m_content.rows.size()));
}

void DifferencePanel::layOut() {
    m_legend->setVisible(m_content.map);
    if (m_theme) {
        const int room = std::max(1, width() - 2 * m_theme->spacing.large);
        m_legend->setGeometry(m_theme->spacing.large, m_theme->spacing.small, room,
                              m_legend->heightForWidth(room));
    }
}

void DifferencePanel::resizeEvent(QResizeEvent*) {
    layOut();
}

void DifferencePanel::paintEvent(QPaintEvent*) {
    if (!m_theme) {
        return;
    }
    QPainter painter(this);
    painter.fillRect(rect(), m_theme->panel);
    painter.fillRect(QRect(0, 0, width(), 1), m_theme->line);
    const int left = m_theme->spacing.large;
    const int room = std::max(1, width() - 2 * left);
    int y = m_theme->spacing.small;
    if (!m_content.map) {
        painter.setFont(m_theme->font(TextRole::Body));
        painter.setPen(m_theme->text);
        painter.drawText(QRect(left, y, room, height()), Qt::TextWordWrap, m_content.words);
    }
    y += headHeight(width());
    const int table = std::min(room, kMostTableWidth);
    const int names = table * kNameShare / 100;
    const int values = table * kValueShare / 100;
    const QFont label = m_theme->font(TextRole::Label);
    const auto writeIn = [&](int x, int w, const QString& words, const QFont& font, const QColor& ink) {
        painter.setFont(font);
        painter.setPen(ink);
        painter.drawText(QRect(left + x, y, w, kRow),
                         (x == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter,
                         QFontMetrics(font).elidedText(words, Qt::ElideRight, w));
    };
    const auto write = [&](int column, const QString& words, const QFont& font, const QColor& ink) {
        const int x = column == 0 ? 0 : names + (column - 1) * values;
        const int last = table - names - 2 * values;
        writeIn(x,
                (column == 0   ? names
                 : column == 3 ? last
                               : values) -
                    m_theme->spacing.small,
                words, font, ink);
    };
    write(1, QStringLiteral("A"), label, m_theme->strategies[0]);
    write(2, QStringLiteral("B"), label, m_theme->strategies[1]);
    write(3, tr("B − A"), label, m_theme->quietText);
    const QFont body = m_theme->font(TextRole::Body);
    const QFont strong = m_theme->font(TextRole::Strong);
    const int fitting = std::max(0, (height() - y) / kRow - 1);
    const int all = static_cast<int>(m_content.rows.size());
    const int shown = all <= fitting ? all : std::max(0, fitting - 1);
    for (int i = 0; i < shown; ++i) {
        const DifferenceContent::Row& row = m_content.rows[static_cast<std::size_t>(i)];
        y += kRow;
        const bool same = row.a == row.b;
        write(0, row.name, body, m_theme->quietText);
        if (row.difference.isEmpty() && !same) { // names: they share the room of all three
            const int half = (table - names) / 2;
            writeIn(names, half - m_theme->spacing.small, row.a, body, m_theme->text);
            writeIn(names + half, half - m_theme->spacing.small, row.b, body, m_theme->text);
            continue;
        }
        write(1, row.a, body, same ? m_theme->quietText : m_theme->text);
        write(2, row.b, body, same ? m_theme->quietText : m_theme->text);
        write(3, same ? tr("the same") : row.difference, same ? body : strong,
              same ? m_theme->quietText : m_theme->text);
    }
    if (shown < all) {
        painter.setFont(label);
        painter.setPen(m_theme->quietText);
        painter.drawText(QRect(left, y + kRow, room, kRow), Qt::AlignLeft | Qt::AlignVCenter,
                         tr("%1 more where the pane is higher").arg(all - shown));
    }
}

} // namespace atlas::widgets

#include "widgets/blame_panel.h"

#include "scenes/blame_look.h"

#include <QHBoxLayout>
#include <QHelpEvent>
#include <QPainter>
#include <QPushButton>
#include <QToolTip>
#include <QVBoxLayout>

namespace atlas::widgets {

/// The chain as a thread of marks, as the map outlines them: hollow until the stall has come there.
class BlamePanel::Chain : public QWidget {
public:
    explicit Chain(QWidget* parent)
        : QWidget(parent) {
        setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    }

    void setLinks(const std::vector<BlameContent::Link>& links, const Theme* theme) {
        m_links = links;
        m_theme = theme;
        QStringList words;
        for (const auto& link : links) {
            words << link.who + QLatin1Char(' ') + link.count + QLatin1Char(' ') + link.from;
        }
        setAccessibleName(tr("Chain of blame"));
        setAccessibleDescription(words.join(QStringLiteral("; ")));
        setFixedHeight(static_cast<int>(m_links.size()) * rowHeight());
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        if (m_theme == nullptr) {
            return;
        }
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QFont label = m_theme->font(TextRole::Label);
        const QFontMetrics metrics(label);
        const int height = rowHeight();
        for (std::size_t i = 0; i < m_links.size(); ++i) {
            const auto& link = m_links[i];
            const double y = static_cast<double>(i) * height;
            const QRectF mark(kInset, y + (height - kMark) / 2.0, kMark, kMark);
            if (i + 1 < m_links.size()) {
                painter.setPen(QPen(m_theme->line, 1.5));
                painter.drawLine(QPointF(mark.center().x(), mark.bottom() + 2),
                                 QPointF(mark.center().x(), mark.bottom() + height - kMark - 2));
            }
            scenes::paintBlameMark(painter, mark, link.group, link.reached, *m_theme);
            const int left = static_cast<int>(mark.right()) + 8;
            painter.setFont(label);
            const int countWidth = metrics.horizontalAdvance(link.from) + 2;
            painter.setPen(link.reached ? m_theme->warning : m_theme->quietText);
            painter.drawText(QRect(width() - countWidth, static_cast<int>(y), countWidth, height),
                             Qt::AlignRight | Qt::AlignVCenter, link.from);
            painter.setPen(m_theme->text);
            const int room = width() - countWidth - left - 6;
            painter.drawText(
                QRect(left, static_cast<int>(y), room, height), Qt::AlignLeft | Qt::AlignVCenter,
                metrics.elidedText(link.who + QStringLiteral(" · ") + link.count, Qt::ElideRight, room));
        }
    }
    bool event(QEvent* event) override {
        if (event->type() == QEvent::ToolTip) {
            const auto* help = static_cast<QHelpEvent*>(event);
            const auto row = static_cast<std::size_t>(std::max(0, help->pos().y() / rowHeight()));
            if (row < m_links.size()) {
                QToolTip::showText(help->globalPos(), m_links[row].tip, this);
            }
            return true;
        }
        return QWidget::event(event);
    }

private:
    static constexpr int kInset = 2;
    static constexpr int kMark = 11;
    [[nodiscard]] int rowHeight() const {
        return m_theme != nullptr ? QFontMetrics(m_theme->font(TextRole::Label)).height() + 6 : 20;
    }
    std::vector<BlameContent::Link> m_links;
    const Theme* m_theme = nullptr;
};

BlamePanel::BlamePanel(Side side, QWidget* parent)
    : QWidget(parent)
    , m_side(side)
    , m_section(new ThemedLabel(TextRole::Section, side == Side::A ? Ink::SideA : Ink::SideB))
    , m_culprit(new QPushButton)
    , m_reason(new ThemedLabel(TextRole::Body, Ink::Quiet))
    , m_chain(new Chain(this))
    , m_rows(new QVBoxLayout) {
    setObjectName(side == Side::A ? QStringLiteral("blameA") : QStringLiteral("blameB"));
    setProperty("look", "panel");
    setAttribute(Qt::WA_StyledBackground);
    m_section->setText(tr("%1 waits for").arg(QLatin1Char(letter(side))));
    m_culprit->setObjectName(QStringLiteral("culprit"));
    m_culprit->setProperty("look", "link");
    m_culprit->setCursor(Qt::PointingHandCursor);
    m_culprit->setToolTip(tr("Select it and show it on the map"));
    m_reason->setWordWrap(true);
    m_reason->setObjectName(QStringLiteral("reason"));
    m_rows->setContentsMargins(0, 4, 0, 0);
    m_rows->setSpacing(3);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(12, 12, 12, 8);
    all->setSpacing(2);
    all->addWidget(m_section);
    all->addWidget(m_culprit, 0, Qt::AlignLeft);
    all->addWidget(m_reason);
    all->addWidget(m_chain);
    all->addLayout(m_rows);
    connect(m_culprit, &QPushButton::clicked, this, &BlamePanel::culpritRequested);
}

void BlamePanel::setContent(const BlameContent& content) {
    if (content == m_content) {
        return;
    }
    m_content = content;
    m_culprit->setText(content.culprit);
    m_culprit->setVisible(!content.culprit.isEmpty());
    m_reason->setText(content.reason);
    m_chain->setLinks(content.chain, m_theme.get());
    m_chain->setVisible(!content.chain.empty());
    fillRows();
}

void BlamePanel::fillRows() {
    while (m_lines.size() > m_content.rows.size()) {
        delete m_lines.back().key->parentWidget();
        m_lines.pop_back();
    }
    const std::size_t before = m_lines.size();
    while (m_lines.size() < m_content.rows.size()) {
        auto* box = new QWidget;
        auto* line = new QHBoxLayout(box);
        line->setContentsMargins(0, 0, 0, 0);
        Line made{new ThemedLabel(TextRole::Body, Ink::Quiet), new ThemedLabel(TextRole::Body)};
        made.value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        line->addWidget(made.key);
        line->addStretch(1);
        line->addWidget(made.value);
        m_rows->addWidget(box);
        m_lines.push_back(made);
    }
    if (before != m_lines.size()) {
        dress();
    }
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        const auto& row = m_content.rows[i];
        m_lines[i].key->setText(row.key);
        m_lines[i].value->setText(row.value);
        m_lines[i].value->setInk(row.ink);
        m_lines[i].value->setAccessibleName(row.key);
        m_lines[i].key->setToolTip(row.tip);
        m_lines[i].value->setToolTip(row.tip);
    }
}

void BlamePanel::setTheme(const Theme& theme) {
    m_theme = std::make_unique<Theme>(theme);
    m_chain->setLinks(m_content.chain, m_theme.get());
    dress();
}

void BlamePanel::dress() {
    if (!m_theme) {
        return;
    }
    m_section->setTheme(*m_theme);
    m_reason->setTheme(*m_theme);
    for (const Line& line : m_lines) {
        line.key->setTheme(*m_theme);
        line.value->setTheme(*m_theme);
    }
}

} // namespace atlas::widgets

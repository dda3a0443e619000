#include "widgets/header_bar.h"

#include <QHBoxLayout>
#include <QMenuBar>
#include <QPushButton>
#include <QToolButton>

namespace atlas::widgets {

HeaderBar::HeaderBar(QWidget* parent)
    : QWidget(parent)
    , m_program(new ThemedLabel(TextRole::Strong))
    , m_file(new ThemedLabel(TextRole::Body, Ink::Quiet))
    , m_tabs(new QWidget)
    , m_rule(new QWidget)
    , m_compare(new ThemedLabel(TextRole::Body, Ink::Quiet))
    , m_find(new QPushButton(tr("Find anything    Ctrl+K")))
    , m_present(new QPushButton(tr("Present"))) {
    setProperty("look", "panel");
    setAttribute(Qt::WA_StyledBackground);
    m_program->setText(QStringLiteral("Colossus Atlas"));
    m_file->setObjectName(QStringLiteral("file"));
    m_compare->setObjectName(QStringLiteral("compare"));
    m_compare->setTextFormat(Qt::RichText);
    m_find->setObjectName(QStringLiteral("find"));
    m_find->setProperty("look", "quiet");
    m_find->setToolTip(tr("Every command with its shortcut"));
    m_present->setObjectName(QStringLiteral("present"));
    m_present->setProperty("look", "primary");
    m_present->hide();
    m_rule->setFixedSize(1, 16);
    m_rule->setAttribute(Qt::WA_StyledBackground);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(14, 6, 12, 6);
    row->setSpacing(14);
    row->addWidget(m_program);
    row->addWidget(m_file);
    row->addWidget(m_tabs);
    row->addWidget(m_rule);
    row->addWidget(m_compare);
    row->addStretch(1);
    row->addWidget(m_find);
    row->addWidget(m_present);
    connect(m_find, &QPushButton::clicked, this, &HeaderBar::findRequested);
    connect(m_present, &QPushButton::clicked, this, &HeaderBar::presentRequested);
}

void HeaderBar::setFile(const QString& name, bool modified) {
    m_file->setText(modified ? tr("%1 (changed)").arg(name) : name);
}

void HeaderBar::setComparison(const QString& nameA, const QString& nameB) {
    m_nameA = nameA;
    m_nameB = nameB;
    if (!m_theme) {
        return;
    }
    // Names come from a file that may come by mail: they are text, never markup.
    const auto strong = [&](const QString& name) {
        return QStringLiteral("<span style='color:%1; font-weight:600'>%2</span>")
            .arg(m_theme->text.name(), name.toHtmlEscaped());
    };
    m_compare->setText(tr("Compare %1 with %2").arg(strong(nameA), strong(nameB)));
    m_compare->setAccessibleName(tr("Compare %1 with %2").arg(nameA, nameB));
    fitComparison();
}

void HeaderBar::setMenuBar(QMenuBar* bar) {
    bar->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    static_cast<QHBoxLayout*>(layout())->insertWidget(1, bar);
}

void HeaderBar::setPages(const std::vector<QAction*>& pages) {
    auto* row = new QHBoxLayout(m_tabs);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    for (QAction* page : pages) {
        auto* button = new QToolButton;
        button->setProperty("look", "tab");
        button->setDefaultAction(page);
        button->setToolButtonStyle(Qt::ToolButtonTextOnly);
        row->addWidget(button);
    }
}

void HeaderBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitComparison();
}

/// What is compared stands above the panes too: here it is the first to give way.
void HeaderBar::fitComparison() {
    const int wanted = m_compare->sizeHint().width();
    const int spacing = layout()->spacing();
    int taken = layout()->contentsMargins().left() + layout()->contentsMargins().right();
    for (int i = 0; i < layout()->count(); ++i) {
        const QWidget* widget = layout()->itemAt(i)->widget();
        if (widget != nullptr && widget != m_compare && (widget == m_rule || widget->isVisibleTo(this))) {
            taken += widget->sizeHint().width() + spacing;
        }
    }
    const bool fits = taken + wanted + spacing <= width();
    m_compare->setVisible(fits);
    m_rule->setVisible(fits);
}

void HeaderBar::setPresentAvailable(bool available) {
    m_present->setVisible(available);
}

void HeaderBar::setTheme(const Theme& theme) {
    m_theme = std::make_unique<Theme>(theme);
    for (ThemedLabel* label : {m_program, m_file, m_compare}) {
        label->setTheme(theme);
    }
    m_rule->setStyleSheet(
        QStringLiteral("background: %1").arg(mixed(theme.line, theme.quietText, 0.3).name()));
    if (!m_nameA.isEmpty() || !m_nameB.isEmpty()) {
        setComparison(m_nameA, m_nameB);
    }
}

} // namespace atlas::widgets

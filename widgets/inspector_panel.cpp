#include "widgets/inspector_panel.h"

#include "widgets/clear_layout.h"
#include "widgets/flow_layout.h"

#include <QFormLayout>
#include <QFrame>
#include <QPushButton>
#include <QVBoxLayout>

namespace atlas::widgets {

InspectorPanel::InspectorPanel(QWidget* parent)
    : QWidget(parent)
    , m_section(new ThemedLabel(TextRole::Section, Ink::Quiet))
    , m_title(new ThemedLabel(TextRole::Head))
    , m_subtitle(new ThemedLabel(TextRole::Body, Ink::Quiet))
    , m_alert(new ThemedLabel(TextRole::Strong, Ink::Warning))
    , m_rows(new QFormLayout)
    , m_caveat(new ThemedLabel(TextRole::Label, Ink::Warning))
    , m_whyButton(new QPushButton(tr("why?")))
    , m_whyBox(new QFrame)
    , m_whyLayout(new QVBoxLayout(m_whyBox))
    , m_actionBox(new QWidget) {
    setProperty("look", "panel");
    setAttribute(Qt::WA_StyledBackground);
    m_section->setText(tr("Selected"));
    m_title->setObjectName(QStringLiteral("title"));
    m_title->setWordWrap(true);
    m_subtitle->setObjectName(QStringLiteral("subtitle"));
    m_subtitle->setWordWrap(true);
    m_alert->setObjectName(QStringLiteral("alert"));
    m_alert->setWordWrap(true);
    m_caveat->setObjectName(QStringLiteral("caveat"));
    m_caveat->setWordWrap(true);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setHorizontalSpacing(12);
    m_rows->setVerticalSpacing(4);
    m_rows->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    m_rows->setRowWrapPolicy(QFormLayout::DontWrapRows);
    m_rows->setLabelAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_whyButton->setObjectName(QStringLiteral("why"));
    m_whyButton->setProperty("look", "link");
    m_whyButton->setCursor(Qt::PointingHandCursor);
    m_whyButton->setCheckable(true);
    m_whyButton->setToolTip(tr("The equation, its inputs and their sources"));
    m_whyBox->setProperty("look", "card");
    m_whyLayout->setContentsMargins(8, 8, 8, 8);
    m_whyLayout->setSpacing(4);
    m_actionBox->setLayout(new FlowLayout(nullptr, 6));
    QSizePolicy flows(QSizePolicy::Preferred, QSizePolicy::Minimum);
    flows.setHeightForWidth(true);
    m_actionBox->setSizePolicy(flows);

    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(12, 12, 12, 12);
    all->setSpacing(4);
    all->addWidget(m_section);
    all->addSpacing(4);
    all->addWidget(m_title);
    all->addWidget(m_subtitle);
    all->addWidget(m_alert);
    all->addSpacing(4);
    all->addLayout(m_rows);
    all->addWidget(m_caveat);
    all->addWidget(m_whyButton, 0, Qt::AlignLeft);
    all->addWidget(m_whyBox);
    all->addSpacing(4);
    all->addWidget(m_actionBox);
    all->addStretch(1);
    connect(m_whyButton, &QPushButton::clicked, this, &InspectorPanel::toggleWhy);
    setContent({});
}

void InspectorPanel::setContent(const InspectorContent& content) {
    m_content = content;
    const bool nothing = content.title.isEmpty();
    m_title->setText(nothing ? tr("Nothing yet") : content.title);
    m_title->setInk(nothing ? Ink::Quiet : Ink::Text);
    m_subtitle->setText(
        nothing ? tr("Click a hall, a rack, a GPU or a link to see what it does and whom it holds up.")
                : content.subtitle);
    m_subtitle->setInk(content.subtitleInk);
    m_subtitle->setVisible(!m_subtitle->text().isEmpty());
    m_alert->setText(content.alert);
    m_alert->setInk(content.alertInk);
    m_alert->setVisible(!content.alert.isEmpty());
    m_caveat->setText(content.caveat);
    m_caveat->setVisible(!content.caveat.isEmpty());
    fillRows();
    fillWhy();
    fillActions();
}

void InspectorPanel::fillRows() {
    // While a simulation runs the same rows come again with other values: only their text changes.
    bool same = m_lines.size() == m_content.rows.size();
    for (std::size_t i = 0; same && i < m_lines.size(); ++i) {
        same = m_lines[i].key->text() == m_content.rows[i].key;
    }
    if (!same) {
        while (m_rows->rowCount() > 0) {
            m_rows->removeRow(0);
        }
        m_lines.clear();
        for (const auto& row : m_content.rows) {
            Line line{new ThemedLabel(TextRole::Body, Ink::Quiet), new ThemedLabel(TextRole::Body)};
            line.key->setText(row.key);
            line.key->setAlignment(Qt::AlignLeft | Qt::AlignTop);
            line.value->setWordWrap(true);
            line.value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
            line.value->setAccessibleName(row.key);
            m_rows->addRow(line.key, line.value);
            m_lines.push_back(line);
        }
        dress();
    }
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        const auto& row = m_content.rows[i];
        m_lines[i].value->setText(row.value);
        m_lines[i].value->setInk(row.ink);
        m_lines[i].key->setToolTip(row.tip);
        m_lines[i].value->setToolTip(row.tip);
    }
}

void InspectorPanel::fillWhy() {
    const bool offered = m_content.why.has_value();
    m_whyButton->setVisible(offered);
    m_whyBox->setVisible(offered && m_whyShown);
    clear(*m_whyLayout);
    if (!offered) {
        return;
    }
    const auto add = [&](TextRole role, Ink ink, const QString& words) {
        auto* label = new ThemedLabel(role, ink);
        label->setText(words);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        if (m_theme) {
            label->setTheme(*m_theme);
        }
        m_whyLayout->addWidget(label);
    };
    add(TextRole::Body, Ink::Text, m_content.why->equation);
    for (const auto& input : m_content.why->inputs) {
        add(TextRole::Label, Ink::Text, input.name + QStringLiteral(" = ") + input.value);
        if (!input.source.isEmpty()) {
            add(TextRole::Label, Ink::Quiet, input.source);
        }
    }
}

void InspectorPanel::fillActions() {
    if (m_content.actions == m_shownActions) {
        return; // a button that is being pressed stays while frames pass
    }
    m_shownActions = m_content.actions;
    clear(*m_actionBox->layout());
    for (const auto& action : m_content.actions) {
        auto* button = new QPushButton(action.label, m_actionBox);
        button->setObjectName(QStringLiteral("action-") + action.id);
        button->setToolTip(action.tip);
        button->setEnabled(action.enabled);
        connect(button, &QPushButton::clicked, this, [this, id = action.id] { emit actionRequested(id); });
        m_actionBox->layout()->addWidget(button);
        button->show();
    }
    m_actionBox->setVisible(!m_content.actions.empty());
}

void InspectorPanel::toggleWhy() {
    m_whyShown = !m_whyShown;
    m_whyButton->setChecked(m_whyShown);
    m_whyBox->setVisible(m_whyShown);
    emit whyToggled(m_whyShown);
}

void InspectorPanel::setTheme(const Theme& theme) {
    m_theme = std::make_unique<Theme>(theme);
    dress();
    fillWhy();
}

void InspectorPanel::dress() {
    if (!m_theme) {
        return;
    }
    for (ThemedLabel* label : {m_section, m_title, m_subtitle, m_alert, m_caveat}) {
        label->setTheme(*m_theme);
    }
    for (const Line& line : m_lines) {
        line.key->setTheme(*m_theme);
        line.value->setTheme(*m_theme);
    }
}

} // namespace atlas::widgets

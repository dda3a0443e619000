#include "app/pages/credibility_desk.h"

#include "widgets/flow_layout.h"
#include "widgets/themed_label.h"

#include <QComboBox>
#include <QHBoxLayout>

namespace atlas::app {

CredibilityDesk::CredibilityDesk(PageSpec spec, QWidget* parent)
    : ExhibitPage(std::move(spec), parent) {
    auto* panel = new QWidget;
    auto* row = new widgets::FlowLayout(panel, 12);
    row->setContentsMargins(12, 8, 12, 8);
    m_basis = addList(*row, QStringLiteral("basis"), tr("Each run predicted by"), basisItems());
    m_kind = addList(*row, QStringLiteral("kind"), tr("Models"), kindItems());
    QSizePolicy flows(QSizePolicy::Preferred, QSizePolicy::Minimum);
    flows.setHeightForWidth(true);
    panel->setSizePolicy(flows);
    addPanel(panel, 2);
}

QComboBox* CredibilityDesk::addList(QLayout& row, const QString& name, const QString& words,
                                    const std::vector<std::pair<QString, QString>>& items) {
    auto* pair = new QWidget;
    auto* beside = new QHBoxLayout(pair);
    beside->setContentsMargins(0, 0, 0, 0);
    beside->setSpacing(8);
    auto* label = new widgets::ThemedLabel(widgets::TextRole::Body, widgets::Ink::Quiet);
    label->setText(words);
    m_labels.push_back(label);
    auto* list = new QComboBox;
    list->setObjectName(name);
    list->setAccessibleName(words);
    for (const auto& [id, item] : items) {
        list->addItem(item, id);
    }
    label->setBuddy(list);
    beside->addWidget(label);
    beside->addWidget(list);
    row.addWidget(pair);
    connect(list, &QComboBox::activated, this,
            [this, list](int index) { setChoice(chosen(m_choice, list->itemData(index).toString())); });
    return list;
}

void CredibilityDesk::setEvidence(const Evidence& evidence) {
    m_given = evidence;
    Evidence mine = evidence;
    mine.credibility = m_choice;
    ExhibitPage::setEvidence(mine);
}

void CredibilityDesk::setChoice(const CredibilityChoice& choice) {
    m_choice = choice;
    m_basis->setCurrentIndex(static_cast<int>(choice.basis));
    m_kind->setCurrentIndex(static_cast<int>(choice.kind));
    setEvidence(m_given);
}

void CredibilityDesk::setTheme(const scenes::Theme& theme) {
    ExhibitPage::setTheme(theme);
    for (widgets::ThemedLabel* label : m_labels) {
        label->setTheme(theme);
    }
}

} // namespace atlas::app

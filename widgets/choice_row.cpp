#include "widgets/choice_row.h"

#include "widgets/drop_list.h"
#include "widgets/flow_layout.h"
#include "widgets/themed_label.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QSignalBlocker>

namespace atlas::widgets {

namespace {
constexpr int kSpacing = 8;
} // namespace

ChoiceRow::ChoiceRow(QWidget* parent)
    : QWidget(parent)
    , m_flow(new FlowLayout(this, kSpacing)) {
    m_flow->setContentsMargins(0, 0, 0, 0);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void ChoiceRow::addField(QWidget& field, const QString& word) {
    auto* pair = new QWidget;
    auto* layout = new QHBoxLayout(pair);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(5);
    auto* label = new ThemedLabel(TextRole::Label, Ink::Quiet);
    label->setText(word);
    label->setBuddy(&field);
    layout->addWidget(label);
    layout->addWidget(&field);
    m_labels.push_back(label);
    m_flow->addWidget(pair);
}

QComboBox* ChoiceRow::addChoice(const QString& name, const QString& word, const Items& items) {
    auto* choice = new DropList;
    choice->setObjectName(name);
    choice->setAccessibleName(word);
    setItems(*choice, items);
    addField(*choice, word);
    connect(choice, &QComboBox::activated, this,
            [this, choice] { emit chosen(choice->objectName(), choice->currentData().toString()); });
    return choice;
}

QPushButton* ChoiceRow::addButton(const QString& name, const QString& words, const QString& tip) {
    auto* button = new QPushButton(words);
    button->setObjectName(name);
    button->setToolTip(tip);
    m_flow->addWidget(button);
    return button;
}

void ChoiceRow::setItems(QComboBox& choice, const Items& items) {
    const QSignalBlocker quiet(choice);
    const QString before = choice.currentData().toString();
    choice.clear();
    for (const auto& [id, words] : items) {
        choice.addItem(words, id);
    }
    choose(choice, before);
}

void ChoiceRow::choose(QComboBox& choice, const QString& id) {
    const QSignalBlocker quiet(choice);
    choice.setCurrentIndex(std::max(0, choice.findData(id)));
}

void ChoiceRow::setTheme(const Theme& theme) {
    for (ThemedLabel* label : m_labels) {
        label->setTheme(theme);
    }
}

} // namespace atlas::widgets

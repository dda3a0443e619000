#include "widgets/solve_panel.h"

#include "widgets/themed_label.h"

#include <QComboBox>
#include <QCompleter>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace atlas::widgets {

namespace {

constexpr int kTargetWidth = 120;
constexpr int kLeverWidth = 300;

} // namespace

SolvePanel::SolvePanel(QWidget* parent)
    : QWidget(parent)
    , m_heading(new ThemedLabel(TextRole::Head))
    , m_row(new ChoiceRow)
    , m_target(new QLineEdit)
    , m_answer(new ThemedLabel(TextRole::Strong))
    , m_today(new ThemedLabel(TextRole::Body, Ink::Quiet)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    m_heading->setText(tr("What would have to be true"));
    m_outcome = m_row->addChoice(QStringLiteral("solveOutcome"), tr("For the outcome"), {});
    m_strategy = m_row->addChoice(QStringLiteral("solveStrategy"), tr("of"), {});
    m_target->setObjectName(QStringLiteral("solveTarget"));
    m_target->setAccessibleName(tr("What the outcome is to be"));
    m_target->setFixedWidth(kTargetWidth);
    m_row->addField(*m_target, tr("to be"));
    m_lever = m_row->addChoice(QStringLiteral("solveLever"), tr("what would have to be"), {});
    for (QComboBox* list : {m_outcome, m_strategy}) {
        list->setSizeAdjustPolicy(QComboBox::AdjustToContents); // filled with the scenario
    }
    m_lever->setEditable(true);
    m_lever->setInsertPolicy(QComboBox::NoInsert);
    m_lever->setMinimumWidth(kLeverWidth);
    m_lever->completer()->setFilterMode(Qt::MatchContains);
    m_lever->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_lever->setToolTip(tr("Type a part of its name"));
    m_ask = m_row->addButton(QStringLiteral("solveAsk"), tr("Find out"),
                             tr("Searches the range of the number first, then far beyond it"));
    m_stop = m_row->addButton(QStringLiteral("solveStop"), tr("Stop"), tr("Stops the search"));
    for (ThemedLabel* label : {m_answer, m_today}) {
        label->setWordWrap(true);
        label->hide();
    }
    m_answer->setObjectName(QStringLiteral("solveAnswer"));
    m_answer->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_heading);
    layout->addWidget(m_row);
    layout->addWidget(m_answer);
    layout->addWidget(m_today);
    setBusy(false);
    connect(m_ask, &QPushButton::clicked, this, &SolvePanel::asked);
    connect(m_target, &QLineEdit::returnPressed, this, &SolvePanel::asked);
    connect(m_stop, &QPushButton::clicked, this, &SolvePanel::stopped);
    connect(m_row, &ChoiceRow::chosen, this, [this](const QString& choice, const QString&) {
        if (choice == m_outcome->objectName() || choice == m_strategy->objectName()) {
            emit outcomeChosen();
        }
    });
}

void SolvePanel::setChoices(const ChoiceRow::Items& strategies, const ChoiceRow::Items& outcomes,
                            const ChoiceRow::Items& levers) {
    ChoiceRow::setItems(*m_strategy, strategies);
    ChoiceRow::setItems(*m_outcome, outcomes);
    ChoiceRow::setItems(*m_lever, levers);
}

void SolvePanel::choose(const QString& strategy, const QString& outcome, const QString& lever) {
    ChoiceRow::choose(*m_strategy, strategy);
    ChoiceRow::choose(*m_outcome, outcome);
    ChoiceRow::choose(*m_lever, lever);
}

void SolvePanel::setTarget(const QString& target, const QString& example) {
    m_target->setText(target);
    m_target->setPlaceholderText(example);
    m_target->setToolTip(tr("As in %1").arg(example));
}

void SolvePanel::setBusy(bool busy) {
    m_ask->setEnabled(!busy);
    m_stop->setVisible(busy);
}

void SolvePanel::setAnswer(const QString& answer, const QString& today, bool found) {
    m_answer->setInk(found ? Ink::Text : Ink::Warning);
    m_answer->setText(answer);
    m_today->setText(today);
    m_answer->setVisible(!answer.isEmpty());
    m_today->setVisible(!today.isEmpty());
}

void SolvePanel::setTheme(const Theme& theme) {
    m_row->setTheme(theme);
    for (ThemedLabel* label : {m_heading, m_answer, m_today}) {
        label->setTheme(theme);
    }
}

QString SolvePanel::strategy() const {
    return m_strategy->currentData().toString();
}

QString SolvePanel::outcome() const {
    return m_outcome->currentData().toString();
}

/// What is written counts: the words of an item, or a path or fact as the scenario names it.
QString SolvePanel::lever() const {
    const int item = m_lever->findText(m_lever->currentText());
    return item >= 0 ? m_lever->itemData(item).toString() : m_lever->currentText().trimmed();
}

QString SolvePanel::target() const {
    return m_target->text().trimmed();
}

QString SolvePanel::answer() const {
    return m_answer->text();
}

QString SolvePanel::today() const {
    return m_today->text();
}

} // namespace atlas::widgets

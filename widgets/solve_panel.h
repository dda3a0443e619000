// "What would have to be true": an outcome, what it is to be, and the one thing that may change. Emits the
// question, shows the answer in words.
#pragma once

#include "widgets/choice_row.h"

class QLineEdit;

namespace atlas::widgets {

class SolvePanel : public QWidget {
    Q_OBJECT
public:
    explicit SolvePanel(QWidget* parent = nullptr);

    /// Ids and words of what can be asked for; what was chosen stays chosen where it is still there.
    void setChoices(const ChoiceRow::Items& strategies, const ChoiceRow::Items& outcomes,
                    const ChoiceRow::Items& levers);
    void choose(const QString& strategy, const QString& outcome, const QString& lever);
    /// What the outcome is to be, as a person writes it; `example` says how.
    void setTarget(const QString& target, const QString& example);
    void setBusy(bool busy);
    /// The answer, or why there is none; below it, quietly, where things stand today.
    void setAnswer(const QString& answer, const QString& today, bool found);
    void setTheme(const Theme& theme);

    [[nodiscard]] QString strategy() const;
    [[nodiscard]] QString outcome() const;
    [[nodiscard]] QString lever() const;
    [[nodiscard]] QString target() const;
    [[nodiscard]] QString answer() const;
    [[nodiscard]] QString today() const;

signals:
    void asked();
    void stopped();
    void outcomeChosen();

private:
    ThemedLabel* m_heading;
    ChoiceRow* m_row;
    QComboBox* m_strategy;
    QComboBox* m_outcome;
    QComboBox* m_lever;
    QLineEdit* m_target;
    QPushButton* m_ask;
    QPushButton* m_stop;
    ThemedLabel* m_answer;
    ThemedLabel* m_today;
};

} // namespace atlas::widgets

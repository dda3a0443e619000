// What is done about slow and failed GPUs, as switches: each acts on every strategy, at its cost, and the
// strategies table shows it at once. Every change is a wish; the session makes it undoable.
#pragma once

#include "app/levers.h"
#include "app/workspace.h"

#include <QWidget>

#include <array>
#include <memory>
#include <vector>

class QCheckBox;
class QComboBox;

namespace atlas::widgets {
class ChoiceRow;
}

namespace atlas::app {

class MitigationsPanel : public QWidget {
    Q_OBJECT
public:
    explicit MitigationsPanel(QWidget* parent = nullptr);

    /// `choices`: the strategies of the panes, whose training is placed by the two lists.
    void setScenario(const scenario::Scenario& scenario, const scenario::Scenario& original,
                     const std::array<PaneChoice, 2>& choices);
    void setTheme(const scenes::Theme& theme);

    /// The switch or list of a path; null where there is none.
    [[nodiscard]] QCheckBox* flag(const QString& path) const;
    [[nodiscard]] QComboBox* choice(const QString& path) const;

signals:
    void numberChanged(const QString& path, double valueSi);
    void wordChanged(const QString& path, const QString& word);

private:
    void showPlacement(const scenario::Scenario& scenario, Side side, const PaneChoice& choice);

    widgets::ThemedLabel* m_section;
    std::vector<QCheckBox*> m_flags;   ///< object name: path
    std::vector<QComboBox*> m_choices; ///< object name: path
    std::array<QComboBox*, 2> m_placements{};
    widgets::ChoiceRow* m_row;
    widgets::LeversPanel* m_levers;
};

} // namespace atlas::app

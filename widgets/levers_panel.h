// The facts that matter most, as sliders with their ranges.
#pragma once

#include "model/catalog/fact.h"
#include "model/units/quantity.h"
#include "widgets/themed_label.h"

#include <QWidget>

#include <vector>

class QVBoxLayout;

namespace atlas::widgets {

class LeverSlider;
class TabularLabel;

struct Lever {
    QString path;  ///< "clusters.colossus-1-article.pue", as visitInputs names it
    QString label; ///< "A100 share of Colossus 1"
    catalog::Sourced number;
    double base = 0; ///< what the file says; double-click restores it
    units::Dimension dimension = units::Dimension::Number;
    bool share = false; ///< shown in percent
};

/// "0.25, range 0.2–0.3, reported by the press: <source>" for tooltips and the assumptions table.
[[nodiscard]] QString provenanceText(const catalog::Sourced& number, units::Dimension dimension);
[[nodiscard]] QString gradeText(catalog::Grade grade);

class LeversPanel : public QWidget {
    Q_OBJECT
public:
    explicit LeversPanel(QWidget* parent = nullptr);

    /// The same levers in the same order keep their sliders: one that is being dragged is not disturbed.
    void setLevers(const std::vector<Lever>& levers);
    [[nodiscard]] const std::vector<Lever>& levers() const { return m_levers; }
    /// The words above the levers.
    void setHeading(const QString& words) { m_section->setText(words); }
    void setTheme(const Theme& theme);
    [[nodiscard]] LeverSlider* slider(const QString& path) const;

signals:
    void leverChanged(const QString& path, double valueSi);

private:
    struct Row {
        ThemedLabel* label;
        TabularLabel* value;
        LeverSlider* slider;
    };
    void rebuild();
    void showRow(std::size_t i);
    void dress(const Row& row);

    std::vector<Lever> m_levers;
    std::vector<Row> m_rows;
    std::unique_ptr<Theme> m_theme;
    ThemedLabel* m_section;
    QVBoxLayout* m_layout;
    QWidget* m_box;
};

} // namespace atlas::widgets

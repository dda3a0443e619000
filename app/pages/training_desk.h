// The training page with its controls: which side is planned, which layout is looked at, what the scaling
// chart shows. Plans anew while a lever moves: the newest question wins, and every answer is shown.
#pragma once

#include "app/pages/exhibit_page.h"

class QComboBox;
class QPushButton;

namespace atlas::widgets {
class ChoiceRow;
class ThemedLabel;
} // namespace atlas::widgets

namespace atlas::app {

class TrainingDesk : public ExhibitPage {
    Q_OBJECT
public:
    explicit TrainingDesk(PageSpec spec, QWidget* parent = nullptr);
    ~TrainingDesk() override;

    void setEvidence(const Evidence& evidence) override;
    void setTheme(const scenes::Theme& theme) override;
    [[nodiscard]] bool busy() const override;

    /// Plans the assignment of a side.
    void setSide(Side side);
    [[nodiscard]] Side side() const { return m_side; }
    /// Looks at a row of the plan.
    void selectRow(std::size_t row);
    void setScaling(const ScalingChoice& choice);
    [[nodiscard]] const std::shared_ptr<const PlanSheet>& plan() const { return m_plan; }
    [[nodiscard]] std::size_t selectedRow() const;

signals:
    /// The job is to run under a layout; one of zeros leaves it to the planner.
    void layoutRequested(const QString& job, const atlas::scenario::LayoutChoice& layout);
    void planned(); ///< an answer has been shown

protected:
    void showEvent(QShowEvent* event) override;
    void shown(const QString& exhibit) override;

private:
    void addPlanControls();
    void addScalingControls();
    void ask();
    void arrive(std::shared_ptr<const PlanSheet> plan);
    void pass();
    void showControls();
    void chooseScaling(const QString& choice, const QString& id);

    Evidence m_given; ///< from the window
    Side m_side = Side::A;
    bool m_sideChosen = false;
    std::optional<PlanQuestion> m_asked;
    std::shared_ptr<const PlanSheet> m_plan;
    std::optional<scenario::LayoutChoice> m_layout;
    ScalingChoice m_scaling;
    widgets::ChoiceRow* m_planControls;
    widgets::ChoiceRow* m_scalingControls;
    widgets::ThemedLabel* m_sentence;
    QComboBox* m_sideBox = nullptr;
    QComboBox* m_jobBox = nullptr;
    QPushButton* m_apply = nullptr;
    QPushButton* m_release = nullptr;
    std::unique_ptr<LatestWorker<PlanQuestion, std::shared_ptr<const PlanSheet>>> m_planner;
};

} // namespace atlas::app

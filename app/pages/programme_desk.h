// The programme page with its controls: which strategy, year and outcome are looked at, how many programmes
// are drawn for the ranges, and what would have to be true for an outcome.
#pragma once

#include "app/pages/exhibit_page.h"
#include "model/explore/solve.h"

#include <atomic>

class QComboBox;
class QProgressBar;
class QPushButton;

namespace atlas::widgets {
class ChoiceRow;
class SolvePanel;
class ThemedLabel;
} // namespace atlas::widgets

namespace atlas::app {

class ProgrammeDesk : public ExhibitPage {
    Q_OBJECT
public:
    explicit ProgrammeDesk(PageSpec spec, QWidget* parent = nullptr);
    ~ProgrammeDesk() override;

    void setEvidence(const Evidence& evidence) override;
    void setTheme(const scenes::Theme& theme) override;
    [[nodiscard]] bool busy() const override;

    void setChoice(const ProgrammeChoice& choice);
    [[nodiscard]] const ProgrammeChoice& choice() const { return m_choice; }
    /// Draws anew for another outcome or number of draws.
    void setStudy(const std::string& row, std::size_t draws);
    [[nodiscard]] const std::shared_ptr<const ProgrammeStudy>& study() const { return m_study; }
    /// Stops the draws; what was drawn before stays.
    void stopStudy();
    [[nodiscard]] widgets::SolvePanel& solver() const { return *m_solve; }

signals:
    void studied();  ///< an answer has been shown
    void answered(); ///< the solver has

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct SolveRequest {
        std::shared_ptr<const scenario::Scenario> scenario;
        explore::Question question;
    };
    struct SolveAnswer {
        SolveRequest request;
        Result<explore::Answer> answer;
    };

    void addControls();
    void addSolver();
    void ask();
    void arrive(std::shared_ptr<const ProgrammeStudy> study);
    void pass();
    void showProgress();
    void showChoices();
    void solve();
    void showAnswer(const SolveAnswer& answer);
    void suggestTarget();
    /// Panels that break their lines are as tall as their lines, no more.
    void fitPanels();
    [[nodiscard]] std::string shownStrategy() const;

    Evidence m_given; ///< from the window
    ProgrammeChoice m_choice;
    std::string m_row = kStudyRow;
    std::size_t m_draws = kStudyDraws;
    std::optional<StudyQuestion> m_asked;
    std::shared_ptr<const ProgrammeStudy> m_study;
    std::shared_ptr<const scenario::Scenario> m_listed; ///< whose strategies and levers the lists hold
    std::atomic<double> m_share = 0;
    QTimer m_progress;
    QWidget* m_panel; ///< the controls with the progress below
    widgets::ChoiceRow* m_controls;
    QComboBox* m_strategyBox = nullptr;
    QComboBox* m_yearBox = nullptr;
    QComboBox* m_rowBox = nullptr;
    QComboBox* m_drawsBox = nullptr;
    QPushButton* m_stop = nullptr;
    QProgressBar* m_bar;
    widgets::ThemedLabel* m_state;
    widgets::SolvePanel* m_solve;
    std::unique_ptr<LatestWorker<StudyQuestion, std::shared_ptr<const ProgrammeStudy>>> m_drawer;
    std::unique_ptr<LatestWorker<SolveRequest, SolveAnswer>> m_solver;
};

} // namespace atlas::app

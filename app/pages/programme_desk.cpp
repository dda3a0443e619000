#include "app/pages/programme_desk.h"

#include "app/solve_words.h"
#include "widgets/format.h"
#include "widgets/solve_panel.h"
#include "widgets/themed_label.h"

#include <QComboBox>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <tuple>

namespace atlas::app {

namespace {

using widgets::text;

constexpr int kProgressEveryMs = 100;
constexpr int kThousandths = 1000;
constexpr std::size_t kDraws[] = {kStudyDraws, 2000, 10'000};
/// Opens the solver with the article's question: which fee pays for the programme?
constexpr const char* kFirstOutcome = "npv_usd";

widgets::ChoiceRow::Items strategyItems(const scenario::Scenario& s) {
    widgets::ChoiceRow::Items items;
    for (const scenario::Strategy& strategy : s.strategies) {
        items.emplace_back(text(strategy.id), text(strategy.name));
    }
    return items;
}

/// The fee of a contract that some strategy uses; empty without one.
QString firstLever(const scenario::Scenario& s, const std::string& strategyId) {
    if (const scenario::Strategy* strategy = s.strategy(strategyId)) {
        for (const scenario::Assignment& a : strategy->assignments) {
            if (!a.contract.empty()) {
                return QStringLiteral("contracts.%1.usd_per_month").arg(text(a.contract));
            }
        }
    }
    return {};
}

} // namespace

ProgrammeDesk::ProgrammeDesk(PageSpec spec, QWidget* parent)
    : ExhibitPage(std::move(spec), parent)
    , m_panel(new QWidget)
    , m_controls(new widgets::ChoiceRow)
    , m_bar(new QProgressBar)
    , m_state(new widgets::ThemedLabel(widgets::TextRole::Label, widgets::Ink::Quiet))
    , m_solve(new widgets::SolvePanel) {
    m_drawer = std::make_unique<LatestWorker<StudyQuestion, std::shared_ptr<const ProgrammeStudy>>>(
        this, Overtaken::Stop,
        [this](const StudyQuestion& question, std::stop_token stop) {
            m_share = 0;
            return programmeStudy(question, stop, [this](double share) { m_share = share; });
        },
        [this](std::shared_ptr<const ProgrammeStudy> study) { arrive(std::move(study)); });
    m_solver = std::make_unique<LatestWorker<SolveRequest, SolveAnswer>>(
        this, Overtaken::Stop,
        [](const SolveRequest& request, std::stop_token stop) {
            return SolveAnswer{request, explore::solve(*request.scenario, request.question, stop)};
        },
        [this](const SolveAnswer& answer) { showAnswer(answer); });
    m_progress.setInterval(kProgressEveryMs);
    connect(&m_progress, &QTimer::timeout, this, &ProgrammeDesk::showProgress);
    addControls();
    addSolver();
}

ProgrammeDesk::~ProgrammeDesk() {
    m_drawer.reset(); // join before what they answer to is gone
    m_solver.reset();
}

void ProgrammeDesk::addControls() {
    m_strategyBox = m_controls->addChoice(QStringLiteral("programmeStrategy"), tr("Strategy"), {});
    m_yearBox = m_controls->addChoice(QStringLiteral("programmeYear"), tr("Money flow of"), {});
    m_rowBox = m_controls->addChoice(QStringLiteral("programmeRow"), tr("What decides"), outcomeItems());
    widgets::ChoiceRow::choose(*m_rowBox, QLatin1String(kStudyRow));
    widgets::ChoiceRow::Items draws;
    for (const std::size_t count : kDraws) {
        draws.emplace_back(QString::number(count),
                           tr("%1 draws").arg(widgets::countText(static_cast<double>(count))));
    }
    m_drawsBox = m_controls->addChoice(QStringLiteral("programmeDraws"), tr("Ranges from"), draws);
    m_stop = m_controls->addButton(QStringLiteral("programmeStop"), tr("Stop"),
                                   tr("Stops the draws; the charts keep what was drawn before"));
    m_bar->setRange(0, kThousandths);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Share of the draws that is done"));
    auto* layout = new QVBoxLayout(m_panel);
    layout->setContentsMargins(16, 10, 16, 10);
    layout->setSpacing(6);
    layout->addWidget(m_controls);
    layout->addWidget(m_state);
    layout->addWidget(m_bar);
    for (QComboBox* list : {m_strategyBox, m_yearBox}) {
        list->setSizeAdjustPolicy(QComboBox::AdjustToContents); // filled with the scenario
    }
    addPanel(m_panel, 2);
    connect(m_stop, &QPushButton::clicked, this, &ProgrammeDesk::stopStudy);
    connect(m_controls, &widgets::ChoiceRow::chosen, this, [this](const QString& choice, const QString& id) {
        if (choice == m_strategyBox->objectName()) {
            setChoice({id.toStdString(), m_choice.year});
        } else if (choice == m_yearBox->objectName()) {
            setChoice({m_choice.strategy, id.toInt()});
        } else {
            setStudy(m_rowBox->currentData().toString().toStdString(),
                     m_drawsBox->currentData().toString().toULongLong());
        }
    });
    showProgress();
}

void ProgrammeDesk::addSolver() {
    addPanel(m_solve, 2, PanelHeight::Tall);
    connect(m_solve, &widgets::SolvePanel::asked, this, &ProgrammeDesk::solve);
    connect(m_solve, &widgets::SolvePanel::outcomeChosen, this, &ProgrammeDesk::suggestTarget);
    connect(m_solve, &widgets::SolvePanel::stopped, this, [this] {
        m_solver->cancel();
        m_solve->setBusy(false);
        m_solve->setAnswer(tr("Stopped."), {}, false);
    });
}

std::string ProgrammeDesk::shownStrategy() const {
    return m_choice.strategy.empty() ? m_given.workspace->pane(Side::B).choice.strategy : m_choice.strategy;
}

void ProgrammeDesk::setEvidence(const Evidence& evidence) {
    m_given = evidence;
    if (m_given.workspace) {
        showChoices();
    }
    ask();
    pass();
}

void ProgrammeDesk::showChoices() {
    const std::shared_ptr<const scenario::Scenario>& scenario = m_given.workspace->scenario;
    if (m_listed != scenario) {
        if (!m_choice.strategy.empty() && scenario->strategy(m_choice.strategy) == nullptr) {
            m_choice.strategy.clear();
        }
        const auto strategies = strategyItems(*scenario);
        widgets::ChoiceRow::setItems(*m_strategyBox, strategies);
        widgets::ChoiceRow::Items years;
        const int last = scenario::Month{scenario->start.index + scenario->horizonMonths - 1}.year();
        for (int year = scenario->start.year(); year <= last; ++year) {
            years.emplace_back(QString::number(year), QString::number(year));
        }
        widgets::ChoiceRow::setItems(*m_yearBox, years);
        const bool first = m_listed == nullptr;
        m_listed = scenario;
        m_solve->setChoices(strategies, outcomeItems(), leverItems(*scenario));
        if (first) {
            m_solve->choose(text(shownStrategy()), QLatin1String(kFirstOutcome),
                            firstLever(*scenario, shownStrategy()));
            suggestTarget();
        }
    }
    widgets::ChoiceRow::choose(*m_strategyBox, text(shownStrategy()));
    widgets::ChoiceRow::choose(*m_yearBox, QString::number(yearOf(*scenario, m_choice)));
    fitPanels();
}

void ProgrammeDesk::ask() {
    if (!isVisible() || !m_given.workspace || !m_given.comparison) {
        return;
    }
    StudyQuestion question;
    question.scenario = m_given.workspace->scenario;
    question.strategy = shownStrategy();
    question.row = m_row;
    question.draws = m_draws;
    std::tie(question.keep, question.lease) = keepAndLease(*question.scenario, *m_given.comparison);
    if (m_asked != question) {
        m_asked = question;
        m_drawer->request(std::move(question));
        m_progress.start();
        showProgress();
    }
}

void ProgrammeDesk::arrive(std::shared_ptr<const ProgrammeStudy> study) {
    if (study->whole) {
        m_study = std::move(study);
    }
    m_progress.stop();
    showProgress();
    pass();
    emit studied();
}

/// What the exhibits are made of: the window's evidence and what was chosen and drawn here.
void ProgrammeDesk::pass() {
    Evidence evidence = m_given;
    evidence.programme = m_choice;
    evidence.study = m_study;
    ExhibitPage::setEvidence(evidence);
}

void ProgrammeDesk::showProgress() {
    const bool drawing = m_drawer->busy();
    m_stop->setVisible(drawing);
    m_bar->setVisible(drawing);
    m_bar->setValue(static_cast<int>(m_share * kThousandths));
    if (drawing) {
        m_state->setText(
            tr("Drawing programmes over the ranges of all facts, %1").arg(widgets::percentText(m_share, 0)));
    } else if (m_study) {
        m_state->setText(tr("Ranges from %1 programmes drawn over all facts, %2 machines among them")
                             .arg(widgets::countText(static_cast<double>(m_study->ranges.draws)),
                                  widgets::countText(static_cast<double>(m_study->ranges.physicalDraws))));
    } else {
        m_state->setText(tr("Nothing has been drawn yet."));
    }
    fitPanels();
}

void ProgrammeDesk::setChoice(const ProgrammeChoice& choice) {
    m_choice = choice;
    if (m_given.workspace) {
        showChoices();
    }
    ask();
    pass();
}

void ProgrammeDesk::setStudy(const std::string& row, std::size_t draws) {
    m_row = row;
    m_draws = draws;
    m_asked.reset(); // asks again after a stop too
    widgets::ChoiceRow::choose(*m_rowBox, text(row));
    widgets::ChoiceRow::choose(*m_drawsBox, QString::number(draws));
    ask();
}

void ProgrammeDesk::stopStudy() {
    m_drawer->cancel();
    m_progress.stop();
    showProgress();
}

void ProgrammeDesk::suggestTarget() {
    const auto row = explore::rowOf(m_solve->outcome().toStdString());
    if (row && m_given.workspace) {
        const QString example =
            targetExample(explore::programmeRows()[*row], m_given.workspace->scenario->start);
        m_solve->setTarget(example, example);
    }
}

void ProgrammeDesk::solve() {
    const auto row = explore::rowOf(m_solve->outcome().toStdString());
    if (!row || !m_given.workspace) {
        return;
    }
    SolveRequest request;
    request.scenario = m_given.workspace->scenario;
    const auto target = targetOf(m_solve->target(), explore::programmeRows()[*row], request.scenario->start);
    if (!target) {
        const Diagnostic& problem = target.errors().front();
        m_solve->setAnswer(tr("%1: %2.").arg(text(problem.message), text(problem.remedy)), {}, false);
        fitPanels();
        emit answered();
        return;
    }
    request.question.strategy = m_solve->strategy().toStdString();
    request.question.row = m_solve->outcome().toStdString();
    request.question.lever = m_solve->lever().toStdString();
    request.question.target = *target;
    m_solve->setBusy(true);
    m_solver->request(std::move(request));
}

void ProgrammeDesk::showAnswer(const SolveAnswer& answer) {
    m_solve->setBusy(false);
    if (!answer.answer) {
        const Diagnostic& problem = answer.answer.errors().front();
        m_solve->setAnswer(tr("%1: %2.").arg(text(problem.message), text(problem.remedy)), {}, false);
    } else {
        m_solve->setAnswer(answerWords(*answer.answer, answer.request.question, *answer.request.scenario),
                           todayWords(*answer.answer, answer.request.question, *answer.request.scenario),
                           answer.answer->value.has_value());
    }
    fitPanels();
    emit answered();
}

bool ProgrammeDesk::busy() const {
    return isVisible() && (m_drawer->busy() || m_solver->busy() || ExhibitPage::busy());
}

void ProgrammeDesk::setTheme(const scenes::Theme& theme) {
    ExhibitPage::setTheme(theme);
    m_controls->setTheme(theme);
    m_state->setTheme(theme);
    m_solve->setTheme(theme);
}

void ProgrammeDesk::fitPanels() {
    const int width = viewport()->width();
    for (QWidget* panel : {m_panel, static_cast<QWidget*>(m_solve)}) {
        panel->layout()->activate();
        panel->setFixedHeight(panel->layout()->heightForWidth(width));
    }
}

void ProgrammeDesk::showEvent(QShowEvent* event) {
    ask();
    ExhibitPage::showEvent(event);
    fitPanels();
}

void ProgrammeDesk::resizeEvent(QResizeEvent* event) {
    ExhibitPage::resizeEvent(event);
    fitPanels();
}

} // namespace atlas::app

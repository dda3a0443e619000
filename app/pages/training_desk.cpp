#include "app/pages/training_desk.h"

#include "widgets/choice_row.h"
#include "widgets/format.h"
#include "widgets/themed_label.h"

#include <QComboBox>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace atlas::app {

namespace {

using widgets::ScalingMetric;
using widgets::text;

constexpr std::pair<const char*, ScalingMetric> kMetrics[] = {{"tokens", ScalingMetric::TokensPerS},
                                                              {"mfu", ScalingMetric::Mfu},
                                                              {"cost", ScalingMetric::UsdPerMtokens},
                                                              {"step", ScalingMetric::StepTime}};
constexpr scenario::Precision kPrecisions[] = {scenario::Precision::Bf16, scenario::Precision::Fp8,
                                               scenario::Precision::Mxfp8, scenario::Precision::Nvfp4};

int column(PlanColumn which) {
    return static_cast<int>(which);
}

} // namespace

TrainingDesk::TrainingDesk(PageSpec spec, QWidget* parent)
    : ExhibitPage(std::move(spec), parent)
    , m_planControls(new widgets::ChoiceRow)
    , m_scalingControls(new widgets::ChoiceRow)
    , m_sentence(new widgets::ThemedLabel(widgets::TextRole::Body)) {
    m_planner = std::make_unique<LatestWorker<PlanQuestion, std::shared_ptr<const PlanSheet>>>(
        this, Overtaken::Finish,
        [](const PlanQuestion& question, std::stop_token stop) {
            return std::make_shared<const PlanSheet>(planSheet(question, stop));
        },
        [this](std::shared_ptr<const PlanSheet> plan) { arrive(std::move(plan)); });
    addPlanControls();
    addScalingControls();
}

TrainingDesk::~TrainingDesk() {
    m_planner.reset(); // joins before what it answers to is gone
}

void TrainingDesk::addPlanControls() {
    m_sideBox = m_planControls->addChoice(QStringLiteral("planSide"), tr("Plan"),
                                          {{QStringLiteral("a"), tr("A")}, {QStringLiteral("b"), tr("B")}});
    m_apply =
        m_planControls->addButton(QStringLiteral("applyLayout"), tr("Use this layout"),
                                  tr("The job runs under the selected layout; undo brings back what was"));
    m_release = m_planControls->addButton(QStringLiteral("releaseLayout"), tr("Planner's choice"),
                                          tr("Leaves the layout of the job to the planner again"));
    connect(m_planControls, &widgets::ChoiceRow::chosen, this, [this](const QString&, const QString& id) {
        setSide(id == QLatin1String("b") ? Side::B : Side::A);
    });
    connect(m_apply, &QPushButton::clicked, this, [this] {
        if (m_plan && selectedRow() < m_plan->rows.size()) {
            emit layoutRequested(text(m_plan->question.job),
                                 training::choiceOf(m_plan->rows[selectedRow()].layout));
        }
    });
    connect(m_release, &QPushButton::clicked, this, [this] {
        if (m_plan) {
            emit layoutRequested(text(m_plan->question.job), {});
        }
    });
    m_sentence->setWordWrap(true);
    m_sentence->setObjectName(QStringLiteral("planSentence"));
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_planControls);
    layout->addWidget(m_sentence);
    widgets::TableCard* card = table(QStringLiteral("plan"));
    card->setControls(box);
    card->setBar(column(PlanColumn::Memory), column(PlanColumn::Capacity));
    connect(card, &widgets::TableCard::rowSelected, this,
            [this](int row) { selectRow(static_cast<std::size_t>(row)); });
    connect(card, &widgets::TableCard::rowActivated, this, [this] { m_apply->click(); });
}

void TrainingDesk::addScalingControls() {
    const auto id = [](const char* word) { return QString::fromLatin1(word); };
    m_scalingControls->addChoice(id("metric"), tr("Show"),
                                 {{id("tokens"), tr("tokens/s")},
                                  {id("mfu"), tr("MFU")},
                                  {id("cost"), tr("$ per M tokens")},
                                  {id("step"), tr("step time")}});
    m_jobBox = m_scalingControls->addChoice(id("job"), tr("Job"), {{QString(), tr("as planned")}});
    widgets::ChoiceRow::Items precisions = {{QString(), tr("the job's")}};
    for (const scenario::Precision precision : kPrecisions) {
        const QString name = text(std::string(scenario::nameOf(precision)));
        precisions.emplace_back(name, name);
    }
    m_scalingControls->addChoice(id("precision"), tr("Precision"), precisions);
    m_scalingControls->addChoice(id("batch"), tr("Batch"),
                                 {{id("held"), tr("held")}, {id("grows"), tr("grows with the GPUs")}});
    m_scalingControls->addChoice(id("curves"), tr("Clusters"),
                                 {{id("panes"), tr("those of A and B")}, {id("all"), tr("all")}});
    connect(m_scalingControls, &widgets::ChoiceRow::chosen, this, &TrainingDesk::chooseScaling);
    chart(QStringLiteral("scaling"))->setControls(m_scalingControls);
}

void TrainingDesk::chooseScaling(const QString& choice, const QString& id) {
    ScalingChoice next = m_scaling;
    if (choice == QLatin1String("metric")) {
        const auto* found = std::ranges::find_if(
            kMetrics, [&](const auto& metric) { return id == QLatin1String(metric.first); });
        next.metric = found->second;
    } else if (choice == QLatin1String("job")) {
        next.job = id.toStdString();
    } else if (choice == QLatin1String("precision")) {
        next.precision.reset();
        for (const scenario::Precision precision : kPrecisions) {
            if (id.toStdString() == scenario::nameOf(precision)) {
                next.precision = precision;
            }
        }
    } else if (choice == QLatin1String("batch")) {
        next.batch = id == QLatin1String("grows") ? explore::BatchRule::Grows : explore::BatchRule::Held;
    } else {
        next.curves = id == QLatin1String("all") ? ScalingChoice::Curves::All : ScalingChoice::Curves::Panes;
    }
    setScaling(next);
}

void TrainingDesk::setScaling(const ScalingChoice& choice) {
    m_scaling = choice;
    pass();
}

void TrainingDesk::setEvidence(const Evidence& evidence) {
    m_given = evidence;
    if (!m_given.scenario && m_given.workspace) {
        m_given.scenario = m_given.workspace->scenario;
    }
    if (m_given.workspace && !m_sideChosen) {
        m_side = planSide(*m_given.workspace);
    }
    ask();
    pass();
}

void TrainingDesk::ask() {
    if (!isVisible() || !m_given.workspace) {
        return;
    }
    PlanQuestion question = planQuestion(*m_given.workspace, m_given.scenario, m_side, m_given.timeS);
    if (m_asked != question) {
        m_asked = question;
        m_planner->request(std::move(question));
    }
}

void TrainingDesk::arrive(std::shared_ptr<const PlanSheet> plan) {
    m_plan = std::move(plan);
    pass();
    emit planned();
}

/// What the exhibits are made of: the window's evidence and what was chosen here.
void TrainingDesk::pass() {
    Evidence evidence = m_given;
    evidence.plan = m_plan;
    evidence.layout = m_layout;
    evidence.scaling = m_scaling;
    ExhibitPage::setEvidence(evidence);
    showControls();
}

void TrainingDesk::showControls() {
    widgets::ChoiceRow::choose(*m_sideBox, m_side == Side::B ? QStringLiteral("b") : QStringLiteral("a"));
    const bool rows = m_plan && !m_plan->rows.empty();
    m_sentence->setText(rows ? rowSentence(*m_plan, selectedRow()) : QString());
    m_sentence->setVisible(rows);
    m_apply->setEnabled(rows && m_plan->inUse != selectedRow());
    m_release->setEnabled(m_plan && (m_plan->inUse.has_value() || (rows && !m_plan->problems.empty())));
    if (m_given.scenario) {
        widgets::ChoiceRow::Items jobs = {{QString(), tr("as planned")}};
        for (const scenario::TrainJob& job : m_given.scenario->trainJobs) {
            jobs.emplace_back(text(job.id), text(job.name.empty() ? job.id : job.name));
        }
        if (m_jobBox->count() != static_cast<int>(jobs.size())) {
            widgets::ChoiceRow::setItems(*m_jobBox, jobs);
        }
    }
}

void TrainingDesk::setSide(Side side) {
    m_sideChosen = true;
    m_side = side;
    m_layout.reset();
    ask();
    showControls();
}

void TrainingDesk::selectRow(std::size_t row) {
    if (m_plan && row < m_plan->rows.size()) {
        m_layout = training::choiceOf(m_plan->rows[row].layout);
        pass();
    }
}

std::size_t TrainingDesk::selectedRow() const {
    return m_plan ? m_plan->rowOf(m_layout) : 0;
}

bool TrainingDesk::busy() const {
    return isVisible() && (m_planner->busy() || ExhibitPage::busy());
}

void TrainingDesk::setTheme(const scenes::Theme& theme) {
    ExhibitPage::setTheme(theme);
    m_planControls->setTheme(theme);
    m_scalingControls->setTheme(theme);
    m_sentence->setTheme(theme);
}

void TrainingDesk::shown(const QString& exhibit) {
    if (exhibit == QLatin1String("plan")) {
        table(exhibit)->selectRow(static_cast<int>(selectedRow())); // new rows came without
    }
}

void TrainingDesk::showEvent(QShowEvent* event) {
    ask();
    ExhibitPage::showEvent(event);
}

} // namespace atlas::app

#include "app/mitigations_panel.h"

#include "app/plan_sheet.h"
#include "model/scenario/sections.h"
#include "model/scenario/words.h"
#include "widgets/choice_row.h"

#include <QCheckBox>
#include <QComboBox>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <map>

namespace atlas::app {

namespace {

struct Flag {
    const char* path;
    const char* words;
    const char* tip;
};
constexpr Flag kFlags[] = {
    {"operations.mitigations.evict_slow", QT_TRANSLATE_NOOP("MitigationsPanel", "Evict what stays slow"),
     QT_TRANSLATE_NOOP("MitigationsPanel",
                       "The job restarts without a GPU that has been slow for some time; it goes to repair")},
    {"operations.mitigations.proportional_batches",
     QT_TRANSLATE_NOOP("MitigationsPanel", "Work in proportion to speed"),
     QT_TRANSLATE_NOOP("MitigationsPanel",
                       "Slow replicas get fewer micro-batches, once it is known that they are slow")},
    {"operations.mitigations.partial_racks", QT_TRANSLATE_NOOP("MitigationsPanel", "Run on parts of racks"),
     QT_TRANSLATE_NOOP("MitigationsPanel",
                       "Of an NVL72 the job uses 64 GPUs and stands the loss of two trays; the others idle")},
};

constexpr const char* kBackups = "operations.mitigations.backup_replicas";
constexpr const char* kInnerSteps = "operations.mitigations.local_sgd_steps";
constexpr const char* kCheckpoints = "operations.checkpoint.mode";
constexpr int kPlacementChars = 14; ///< of a placement's words that are always to be read
constexpr int kBackupCounts[] = {0, 1, 2, 4, 8, 16};
constexpr int kInnerCounts[] = {0, 10, 50, 100, 500, 1000};

struct Number {
    const char* path;
    const char* words;
};
constexpr Number kNumbers[] = {
    {"operations.mitigations.spares", QT_TRANSLATE_NOOP("MitigationsPanel", "Spare GPUs")},
    {"operations.mitigations.evict_after", QT_TRANSLATE_NOOP("MitigationsPanel", "Known to be slow after")},
    {"operations.checkpoint.interval", QT_TRANSLATE_NOOP("MitigationsPanel", "Checkpoint every; 0: best")},
    {"operations.checkpoint.write", QT_TRANSLATE_NOOP("MitigationsPanel", "Checkpoint written in")},
    {"operations.fail_stop.detection", QT_TRANSLATE_NOOP("MitigationsPanel", "Failure noticed within")},
    {"operations.fail_stop.restart", QT_TRANSLATE_NOOP("MitigationsPanel", "Restart takes")}};

QString placementPath(const std::string& strategy, std::size_t assignment) {
    return QStringLiteral("strategies.%1.assignments.%2.placement")
        .arg(QString::fromStdString(strategy))
        .arg(assignment + 1);
}

} // namespace

MitigationsPanel::MitigationsPanel(QWidget* parent)
    : QWidget(parent)
    , m_section(new widgets::ThemedLabel(widgets::TextRole::Section, widgets::Ink::Quiet))
    , m_row(new widgets::ChoiceRow)
    , m_levers(new widgets::LeversPanel) {
    setObjectName(QStringLiteral("mitigations"));
    setProperty("look", "panel");
    setAttribute(Qt::WA_StyledBackground);
    m_section->setText(tr("What is done about it"));
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 8, 0, 0);
    all->setSpacing(6);
    auto* inset = new QVBoxLayout;
    inset->setContentsMargins(12, 4, 12, 0);
    inset->setSpacing(6);
    inset->addWidget(m_section);
    for (const Flag& each : kFlags) {
        auto* box = new QCheckBox(tr(each.words));
        box->setObjectName(QString::fromLatin1(each.path));
        box->setToolTip(tr(each.tip));
        connect(box, &QCheckBox::clicked, this, [this, path = box->objectName()](bool on) {
            emit wordChanged(path, on ? QStringLiteral("true") : QStringLiteral("false"));
        });
        inset->addWidget(box);
        m_flags.push_back(box);
    }
    widgets::ChoiceRow::Items placements;
    for (std::size_t i = 0; i < std::size(scenario::kPlacementNames); ++i) {
        const std::string_view word = scenario::kPlacementNames[i];
        placements.emplace_back(QString::fromUtf8(word.data(), static_cast<int>(word.size())),
                                placementText(static_cast<scenario::Placement>(i)));
    }
    for (const Side side : kSides) {
        m_placements[index(side)] =
            m_row->addChoice({}, tr("%1 trains with").arg(QLatin1Char(widgets::letter(side))), placements);
        m_placements[index(side)]->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        m_placements[index(side)]->setMinimumContentsLength(kPlacementChars);
        m_placements[index(side)]->setToolTip(tr("How unlike GPUs share the work of this strategy"));
    }
    widgets::ChoiceRow::Items backups;
    for (const int count : kBackupCounts) {
        backups.emplace_back(QString::number(count), count == 0 ? tr("none") : QString::number(count));
    }
    m_choices.push_back(m_row->addChoice(QString::fromLatin1(kBackups), tr("Backup replicas"), backups));
    m_choices.back()->setToolTip(tr("Computed for nothing, so that a step need not wait for the slowest"));
    widgets::ChoiceRow::Items inner;
    for (const int count : kInnerCounts) {
        inner.emplace_back(QString::number(count), count == 0 ? tr("as calibrated") : QString::number(count));
    }
    m_choices.push_back(m_row->addChoice(QString::fromLatin1(kInnerSteps), tr("Local SGD steps"), inner));
    m_choices.back()->setToolTip(tr("Between two outer barriers, where islands train by themselves"));
    m_choices.push_back(m_row->addChoice(
        QString::fromLatin1(kCheckpoints), tr("Checkpoints"),
        {{QStringLiteral("async"), tr("asynchronous")}, {QStringLiteral("sync"), tr("synchronous")}}));
    m_choices.back()->setToolTip(tr("Whether training stalls until a checkpoint is written"));
    inset->addWidget(m_row);
    all->addLayout(inset);
    all->addWidget(m_levers);
    m_levers->setHeading(tr("and how much of it"));
    connect(m_row, &widgets::ChoiceRow::chosen, this, &MitigationsPanel::wordChanged);
    connect(m_levers, &widgets::LeversPanel::leverChanged, this, &MitigationsPanel::numberChanged);
}

void MitigationsPanel::setScenario(const scenario::Scenario& scenario, const scenario::Scenario& original,
                                   const std::array<PaneChoice, 2>& choices) {
    std::map<QString, QString> now;
    for (const auto& [path, value] : scenario::settingsOf(scenario)) {
        now[QString::fromStdString(path)] = QString::fromStdString(value);
    }
    for (QCheckBox* box : m_flags) {
        const QSignalBlocker quiet(box);
        box->setChecked(now[box->objectName()] == QLatin1String("true"));
    }
    for (QComboBox* box : m_choices) {
        const QString value = now[box->objectName()];
        if (box->findData(value) < 0) { // a file may say any number
            box->addItem(value, value);
        }
        widgets::ChoiceRow::choose(*box, value);
    }
    for (const Side side : kSides) {
        showPlacement(scenario, side, choices[index(side)]);
    }
    std::vector<std::string> paths;
    for (const Number& number : kNumbers) {
        paths.emplace_back(number.path);
    }
    auto levers = leversOf(scenario, original, paths);
    for (widgets::Lever& lever : levers) {
        const auto named = std::ranges::find(kNumbers, lever.path.toStdString(), &Number::path);
        lever.label = named != std::end(kNumbers) ? tr(named->words) : lever.label;
    }
    m_levers->setLevers(levers);
}

void MitigationsPanel::showPlacement(const scenario::Scenario& scenario, Side side,
                                     const PaneChoice& choice) {
    QComboBox* box = m_placements[index(side)];
    box->setObjectName({});
    const scenario::Strategy* strategy = scenario.strategy(choice.strategy);
    for (std::size_t i = 0; strategy != nullptr && i < strategy->assignments.size(); ++i) {
        const scenario::Assignment& each = strategy->assignments[i];
        const bool shown = choice.cluster.empty() || choice.cluster == each.cluster;
        if (each.activity == scenario::Activity::Train && shown) {
            box->setObjectName(placementPath(choice.strategy, i));
            const std::string_view word = scenario::nameOf(each.placement);
            widgets::ChoiceRow::choose(*box, QString::fromUtf8(word.data(), static_cast<int>(word.size())));
            break;
        }
    }
    box->setEnabled(!box->objectName().isEmpty());
}

QCheckBox* MitigationsPanel::flag(const QString& path) const {
    const auto found = std::ranges::find(m_flags, path, &QCheckBox::objectName);
    return found == m_flags.end() ? nullptr : *found;
}

QComboBox* MitigationsPanel::choice(const QString& path) const {
    for (QComboBox* box : {m_placements[0], m_placements[1]}) {
        if (box->objectName() == path) {
            return box;
        }
    }
    const auto found = std::ranges::find(m_choices, path, &QComboBox::objectName);
    return found == m_choices.end() ? nullptr : *found;
}

void MitigationsPanel::setTheme(const scenes::Theme& theme) {
    m_section->setTheme(theme);
    m_row->setTheme(theme);
    m_levers->setTheme(theme);
}

} // namespace atlas::app

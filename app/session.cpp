#include "app/session.h"

#include "app/levers.h"
#include "app/scenario_command.h"
#include "model/operations/injections.h"
#include "model/scenario/scenario_loader.h"
#include "model/scenario/scenario_writer.h"
#include "model/scenario/words.h"
#include "widgets/safe_file.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>

#include <algorithm>

namespace atlas::app {

namespace {

constexpr std::size_t kLevers = 8;

std::shared_ptr<const Workspace> build(const WorkspaceRequest& request, std::stop_token stop) {
    return buildWorkspace(request, stop);
}

/// A number as `--set` takes it, every digit kept.
QString valueText(double valueSi, units::Dimension dimension) {
    const QString digits = QString::number(valueSi, 'g', 17);
    return dimension == units::Dimension::Number
               ? digits
               : digits + QLatin1Char(' ') + QString::fromStdString(std::string(units::unitName(dimension)));
}

FramePair drawFrames(const std::array<double, 2>& timesS, std::shared_ptr<const Workspace> workspace,
                     const FramePair& last) {
    QElapsedTimer watch;
    watch.start();
    FramePair answer;
    answer.timesS = timesS;
    for (const Side side : kSides) {
        const std::size_t i = index(side);
        if (last.workspace == workspace && last.timesS[i] == timesS[i]) {
            answer.frames[i] = last.frames[i];
        } else if (const auto& timeline = workspace->pane(side).timeline) {
            answer.frames[i] = timeline->frameAt(timesS[i]);
        }
    }
    answer.workspace = std::move(workspace);
    answer.modelMs = static_cast<double>(watch.nsecsElapsed()) * 1e-6;
    return answer;
}

} // namespace

Session::Session(QString resourcesFolder, QObject* parent)
    : QObject(parent)
    , m_resources(std::move(resourcesFolder))
    , m_loader(
          this, Overtaken::Stop,
          [this](const QString& file, std::stop_token) {
              auto loaded = scenario::loadScenario(file.toStdString(), m_resources.toStdString());
              if (!loaded) {
                  return LoadAnswer{file, nullptr, loaded.errors()};
              }
              return LoadAnswer{file, std::make_shared<scenario::Scenario>(std::move(loaded->scenario)),
                                std::move(loaded->warnings)};
          },
          [this](LoadAnswer answer) { arriveLoaded(std::move(answer)); })
    , m_builder(this, Overtaken::Stop, build,
                [this](std::shared_ptr<const Workspace> workspace) {
                    m_workspace = std::move(workspace);
                    emit workspaceChanged();
                    emit busyChanged();
                })
    , m_quickComparer(
          this, Overtaken::Stop,
          [](const CompareRequest& request, std::stop_token stop) {
              explore::CompareOptions options;
              options.draws = 0;
              options.stop = stop;
              auto comparison = explore::compare(*request.scenario, options);
              return comparison
                         ? CompareAnswer{std::make_shared<explore::Comparison>(std::move(*comparison)), {}}
                         : CompareAnswer{nullptr, comparison.errors()};
          },
          [this](CompareAnswer answer) {
              if (answer.comparison) {
                  m_comparison = std::move(answer.comparison);
                  emit comparisonChanged();
              } else if (!answer.problems.empty()) {
                  m_comparison.reset(); // what was compared before is no longer on screen
                  emit comparisonChanged();
                  emit rejected(file(), answer.problems);
              }
              m_comparer.request({m_scenario});
              emit busyChanged();
          })
    , m_comparer(
          this, Overtaken::Stop,
          [this](const CompareRequest& request, std::stop_token stop) {
              explore::CompareOptions options;
              options.stop = stop;
              options.progress = [this](double share) {
                  QMetaObject::invokeMethod(
                      this, [this, share] { emit comparisonProgress(share); }, Qt::QueuedConnection);
              };
              auto comparison = explore::compare(*request.scenario, options);
              return comparison
                         ? CompareAnswer{std::make_shared<explore::Comparison>(std::move(*comparison)), {}}
                         : CompareAnswer{nullptr, {}};
          },
          [this](CompareAnswer answer) {
              if (answer.comparison) {
                  m_comparison = std::move(answer.comparison);
                  emit comparisonChanged();
              }
              if (m_leverPaths.empty()) {
                  m_leverChooser.request(m_original); // last: what is on screen comes first
              }
              emit busyChanged();
          })
    , m_framer(
          this, Overtaken::Finish,
          [](const FrameRequest& request, std::stop_token) {
              return drawFrames(request.timesS, request.workspace, request.last);
          },
          [this](FramePair pair) {
              m_lastFrames = pair;
              emit framesReady(pair);
          })
    , m_leverChooser(
          this, Overtaken::Stop,
          [](const std::shared_ptr<const scenario::Scenario>& scenario, std::stop_token stop) {
              return decisiveInputs(*scenario, {scenario->compareA, scenario->compareB}, kLevers, stop);
          },
          [this](std::vector<std::string> paths) {
              m_leverPaths = std::move(paths);
              emit leversChanged();
              emit busyChanged();
          }) {
    qRegisterMetaType<FramePair>();
    qRegisterMetaType<Diagnostics>();
}

Session::~Session() = default;

bool Session::shipped() const {
    const QString folder = QDir(m_resources).canonicalPath();
    return !folder.isEmpty() && QFileInfo(m_file).canonicalFilePath().startsWith(folder + QLatin1Char('/'));
}

Diagnostics Session::writeTo(const QString& file) const {
    if (!m_scenario) {
        return failure("nothing is open");
    }
    const auto catalogue = scenario::loadCatalogue(m_resources.toStdString());
    return catalogue ? widgets::writeSafely(
                           file, QByteArray::fromStdString(scenario::writeScenario(*m_scenario, *catalogue)))
                     : catalogue.errors();
}

bool Session::sayable() const {
    const auto& had = m_original->operations.injections;
    const auto& have = m_scenario->operations.injections;
    return have.size() >= had.size() &&
           std::equal(had.begin(), had.end(), have.begin(), [](auto& a, auto& b) {
               return scenario::injectionText(a) == scenario::injectionText(b);
           });
}

Diagnostics Session::saveAs(const QString& file) {
    if (Diagnostics problems = writeTo(file); !problems.empty()) {
        return problems;
    }
    m_file = file;
    auto saved = std::make_shared<scenario::Scenario>(*m_scenario);
    saved->file = file.toStdString();
    m_original = saved;
    m_undo.setClean();
    apply(std::move(saved), m_choices, Reach::Timelines);
    return {};
}

bool Session::busy() const {
    return m_loader.busy() || m_builder.busy() || m_quickComparer.busy() || m_comparer.busy() ||
           m_leverChooser.busy();
}

void Session::open(const QString& file) {
    m_loader.request(file);
    emit busyChanged();
}

void Session::arriveLoaded(LoadAnswer answer) {
    if (!answer.scenario) {
        emit rejected(answer.file, answer.problems);
        emit busyChanged();
        return;
    }
    m_undo.clear();
    m_leverChooser.cancel();
    m_quickComparer.cancel();
    m_comparison.reset();
    emit comparisonChanged();
    m_original = answer.scenario;
    m_file = answer.file;
    m_leverPaths.clear();
    m_workspace.reset();
    apply(answer.scenario,
          {PaneChoice{answer.scenario->compareA, {}}, PaneChoice{answer.scenario->compareB, {}}});
    if (!answer.problems.empty()) {
        emit warned(answer.file, answer.problems);
    }
}

void Session::apply(std::shared_ptr<const scenario::Scenario> scenario,
                    const std::array<PaneChoice, 2>& choices, Reach reach) {
    if (scenario->file != m_file.toStdString()) { // undone past a save under another name
        auto here = std::make_shared<scenario::Scenario>(*scenario);
        here->file = m_file.toStdString();
        scenario = std::move(here);
    }
    const bool sameNumbers = scenario == m_scenario || reach == Reach::Timelines;
    m_scenario = std::move(scenario);
    m_choices = choices;
    const bool opening = m_scenario == m_original && !m_workspace;
    m_builder.request(
        {m_scenario, m_choices, opening ? std::optional(openedAtS(*m_scenario)) : std::nullopt, m_workspace});
    if (!sameNumbers) {
        m_comparer.cancel();
        m_quickComparer.request({m_scenario});
    }
    emit scenarioChanged();
    emit busyChanged();
}

void Session::requestFrames(const std::array<double, 2>& timesS) {
    if (m_workspace) {
        m_framer.request({timesS, m_workspace, m_lastFrames});
    }
}

void Session::changeTo(std::shared_ptr<const scenario::Scenario> scenario,
                       const std::array<PaneChoice, 2>& choices, const QString& what, int mergeKey,
                       Reach reach) {
    m_undo.push(new ScenarioCommand(*this, {m_scenario, m_choices}, {std::move(scenario), choices}, what,
                                    mergeKey, reach));
}

void Session::setChoice(Side side, const PaneChoice& choice) {
    if (!m_scenario || m_choices[index(side)] == choice) {
        return;
    }
    auto choices = m_choices;
    choices[index(side)] = choice;
    const scenario::Strategy* strategy = m_scenario->strategy(choice.strategy);
    const QString name = strategy != nullptr ? QString::fromStdString(strategy->name) : QString();
    changeTo(m_scenario, choices, tr("Show %1 in %2").arg(name, side == Side::A ? "A" : "B"), -1);
}

void Session::setNumber(const QString& path, const QString& value) {
    if (!m_scenario) {
        return;
    }
    auto changed = scenario::withValue(*m_scenario, path.toStdString(), value.toStdString());
    if (!changed) {
        emit rejected(file(), changed.errors());
        return;
    }
    changeTo(std::make_shared<scenario::Scenario>(std::move(*changed)), m_choices, tr("Set %1").arg(path),
             static_cast<int>(qHash(path) & 0x7fffffffu));
}

void Session::setNumber(const QString& path, double valueSi) {
    if (!m_scenario) {
        return;
    }
    QString value;
    scenario::visitInputs(*m_scenario,
                          [&](const std::string& here, const scenario::Sourced&, units::Dimension dimension) {
                              if (here == path.toStdString()) {
                                  value = valueText(valueSi, dimension);
                              }
                          });
    setNumber(path, value);
}

void Session::setLayout(const QString& job, const scenario::LayoutChoice& layout) {
    if (!m_scenario) {
        return;
    }
    const bool free = layout == scenario::LayoutChoice{};
    setValues(scenario::layoutSettings(job.toStdString(), layout),
              free ? tr("Leave the layout to the planner") : tr("Use a layout"));
}

void Session::setValues(const std::vector<std::pair<std::string, std::string>>& values, const QString& what) {
    if (!m_scenario) {
        return;
    }
    Result<scenario::Scenario> changed = scenario::Scenario(*m_scenario);
    for (const auto& [path, value] : values) {
        changed = scenario::withValue(std::move(*changed), path, value);
        if (!changed) {
            emit rejected(file(), changed.errors());
            return;
        }
    }
    changeTo(std::make_shared<scenario::Scenario>(std::move(*changed)), m_choices, what, -1);
}

void Session::inject(const std::vector<scenario::Injection>& injections, const cluster::Cluster& cluster) {
    if (!m_scenario || injections.empty()) {
        return;
    }
    scenario::Scenario changed = *m_scenario;
    for (const scenario::Injection& injection : injections) {
        auto with = operations::withInjection(changed, injection, cluster);
        if (!with) {
            emit rejected(file(), with.errors());
            return;
        }
        changed = std::move(*with);
    }
    changeTo(std::make_shared<scenario::Scenario>(std::move(changed)), m_choices, tr("Inject"), -1,
             Reach::Timelines);
}

void Session::removeInjection(std::size_t index) {
    changeTo(std::make_shared<scenario::Scenario>(operations::withoutInjection(*m_scenario, index)),
             m_choices, tr("Take an injection back"), -1, Reach::Timelines);
}

void Session::changeInjection(std::size_t index, double magnitude, double durationS) {
    auto changed = std::make_shared<scenario::Scenario>(*m_scenario);
    scenario::Injection& injection = changed->operations.injections[index];
    if (injection.magnitude == magnitude && injection.durationS == durationS) {
        return;
    }
    injection.magnitude = magnitude;
    injection.durationS = durationS;
    changeTo(std::move(changed), m_choices, tr("Change an injection"), -1, Reach::Timelines);
}

void Session::setFleet(const std::string& from, const std::string& to) {
    if (!m_scenario || from == to) {
        return;
    }
    auto choices = m_choices;
    for (PaneChoice& choice : choices) {
        if (choice.cluster == from) {
            choice.cluster = to;
        }
    }
    auto changed = scenario::withCluster(*m_scenario, from, to);
    if (!changed) {
        emit rejected(file(), changed.errors());
        return;
    }
    const scenario::Cluster* cluster = m_scenario->cluster(to);
    changeTo(std::make_shared<scenario::Scenario>(std::move(*changed)), choices,
             tr("Use %1").arg(cluster != nullptr ? QString::fromStdString(cluster->name) : QString()), -1);
}

QStringList Session::changesAsArguments() const {
    if (!m_scenario) {
        return {};
    }
    QStringList arguments = {QStringLiteral("--seed"), QString::number(m_scenario->seed)};
    for (std::size_t i = 0; i < m_scenario->strategies.size(); ++i) {
        const auto& told = m_original->strategies[i].assignments;
        for (std::size_t j = 0; j < told.size(); ++j) {
            const std::string& now = m_scenario->strategies[i].assignments[j].cluster;
            const QString use = QString::fromStdString(told[j].cluster + "=" + now);
            if (now != told[j].cluster && !arguments.contains(use)) {
                arguments << QStringLiteral("--use") << use;
            }
        }
    }
    std::map<std::string, double> before;
    scenario::visitInputs(*m_original, [&](const std::string& path, const scenario::Sourced& number,
                                           units::Dimension) { before[path] = number.value; });
    scenario::visitInputs(*m_scenario, [&](const std::string& path, const scenario::Sourced& number,
                                           units::Dimension dimension) {
        const auto original = before.find(path);
        if (original == before.end() || original->second != number.value) {
            arguments << QStringLiteral("--set")
                      << QStringLiteral("%1=%2").arg(QString::fromStdString(path),
                                                     valueText(number.value, dimension));
        }
    });
    // Switches, choices and counts; the walk is the same for both, for they came from one file.
    const auto told = scenario::settingsOf(*m_original);
    const auto now = scenario::settingsOf(*m_scenario);
    for (std::size_t k = 0; k < std::min(told.size(), now.size()); ++k) {
        if (now[k] != told[k]) {
            arguments << QStringLiteral("--set")
                      << QString::fromStdString(now[k].first + '=' + now[k].second);
        }
    }
    const auto& had = m_original->operations.injections;
    const auto& have = m_scenario->operations.injections;
    for (std::size_t i = had.size(); i < have.size(); ++i) {
        arguments << QStringLiteral("--inject") << QString::fromStdString(scenario::injectionText(have[i]));
    }
    return arguments;
}

QString Session::commandLine() const {
    QString line = QStringLiteral("atlas compare '%1'").arg(file());
    for (const QString& argument : changesAsArguments()) {
        const bool plain = !argument.contains(QLatin1Char('=')) && !argument.contains(QLatin1Char('{'));
        line += plain ? QLatin1Char(' ') + argument : QStringLiteral(" '%1'").arg(argument);
    }
    return line;
}

} // namespace atlas::app

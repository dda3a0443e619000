#include "app/session.h"

#include "app/scenario_command.h"
#include "model/scenario/scenario_loader.h"

#include <QElapsedTimer>

namespace atlas::app {

namespace {

std::shared_ptr<const Workspace> build(const WorkspaceRequest& request, std::stop_token stop) {
    return buildWorkspace(request, stop);
}

FramePair drawFrames(double timeS, const Workspace& workspace) {
    QElapsedTimer watch;
    watch.start();
    FramePair answer;
    answer.timeS = timeS;
    for (const Side side : kSides) {
        if (const auto& timeline = workspace.pane(side).timeline) {
            answer.frames[index(side)] = timeline->frameAt(timeS);
        }
    }
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
              emit busyChanged();
          })
    , m_framer(
          this, Overtaken::Finish,
          [](const FrameRequest& request, std::stop_token) {
              return drawFrames(request.timeS, *request.workspace);
          },
          [this](FramePair pair) { emit framesReady(pair); }) {
    qRegisterMetaType<FramePair>();
    qRegisterMetaType<Diagnostics>();
}

Session::~Session() = default;

QString Session::file() const {
    return m_scenario ? QString::fromStdString(m_scenario->file) : QString();
}

bool Session::busy() const {
    return m_loader.busy() || m_builder.busy() || m_quickComparer.busy() || m_comparer.busy();
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
    m_comparison.reset();
    apply(answer.scenario,
          {PaneChoice{answer.scenario->compareA, {}}, PaneChoice{answer.scenario->compareB, {}}});
    if (!answer.problems.empty()) {
        emit warned(answer.file, answer.problems);
    }
}

void Session::apply(std::shared_ptr<const scenario::Scenario> scenario,
                    const std::array<PaneChoice, 2>& choices) {
    const bool sameNumbers = scenario == m_scenario;
    m_scenario = std::move(scenario);
    m_choices = choices;
    m_builder.request({m_scenario, m_choices, m_workspace});
    if (!sameNumbers) {
        m_comparer.cancel();
        m_quickComparer.request({m_scenario});
    }
    emit scenarioChanged();
    emit busyChanged();
}

void Session::requestFrames(double timeS) {
    if (m_workspace) {
        m_framer.request({timeS, m_workspace});
    }
}

void Session::changeTo(std::shared_ptr<const scenario::Scenario> scenario,
                       const std::array<PaneChoice, 2>& choices, const QString& what, int mergeKey) {
    m_undo.push(
        new ScenarioCommand(*this, {m_scenario, m_choices}, {std::move(scenario), choices}, what, mergeKey));
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
    auto changed = std::make_shared<scenario::Scenario>(*m_scenario);
    bool found = false;
    scenario::visitInputs(*changed,
                          [&](const std::string& here, scenario::Sourced& number, units::Dimension) {
                              if (here == path.toStdString()) {
                                  number.value = valueSi;
                                  found = true;
                              }
                          });
    if (found) {
        changeTo(std::move(changed), m_choices, tr("Set %1").arg(path),
                 static_cast<int>(qHash(path) & 0x7fffffffu));
    }
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
    const scenario::Cluster* cluster = m_scenario->cluster(to);
    changeTo(std::make_shared<scenario::Scenario>(withFleet(*m_scenario, from, to)), choices,
             tr("Use %1").arg(cluster != nullptr ? QString::fromStdString(cluster->name) : QString()), -1);
}

} // namespace atlas::app

// The open scenario and everything computed from it. The GUI thread asks; workers compute; answers arrive as
// signals.
#pragma once

#include "app/latest_worker.h"
#include "app/workspace.h"
#include "model/explore/compare.h"

#include <QObject>
#include <QString>
#include <QUndoStack>

#include <array>
#include <memory>

namespace atlas::app {

/// One answer of the frame worker: both panes, each at its instant.
struct FramePair {
    std::array<double, 2> timesS{};
    double modelMs = 0; ///< time the model took for both
    std::array<std::shared_ptr<const operations::Frame>, 2> frames;
    std::shared_ptr<const Workspace> workspace; ///< whose frames these are
};

class Session : public QObject {
    Q_OBJECT
public:
    explicit Session(QString resourcesFolder, QObject* parent = nullptr);
    ~Session() override;

    /// Loads a file in the background. On success scenarioChanged; on failure rejected, and what was open
    /// stays open.
    void open(const QString& file);
    [[nodiscard]] QString file() const { return m_file; }
    /// The file came with the program and is not to be written over.
    [[nodiscard]] bool shipped() const;
    /// Writes what is open to a file, whole or not at all; that file is open from then on, and undo reaches
    /// back past it. Returns why not.
    [[nodiscard]] Diagnostics saveAs(const QString& file);
    /// Writes a copy, and nothing else changes.
    [[nodiscard]] Diagnostics writeTo(const QString& file) const;
    [[nodiscard]] std::shared_ptr<const scenario::Scenario> scenario() const { return m_scenario; }
    /// As the file has it, before any change made here.
    [[nodiscard]] std::shared_ptr<const scenario::Scenario> original() const { return m_original; }
    /// "--seed" N, "--use", "--set" and "--inject" for every cluster, number, switch and injection that was
    /// changed: what `atlas` needs to see the same, where that is sayable().
    [[nodiscard]] QStringList changesAsArguments() const;
    /// False where an injection of the file was taken back: no argument says so.
    [[nodiscard]] bool sayable() const;
    /// The `atlas compare` that gives the numbers on screen: file, seed and every number that was changed.
    [[nodiscard]] QString commandLine() const;
    [[nodiscard]] std::shared_ptr<const Workspace> workspace() const { return m_workspace; }
    [[nodiscard]] std::shared_ptr<const explore::Comparison> comparison() const { return m_comparison; }
    /// Paths of the numbers that stand as levers; empty until they are found.
    [[nodiscard]] const std::vector<std::string>& leverPaths() const { return m_leverPaths; }
    [[nodiscard]] QUndoStack* undoStack() { return &m_undo; }
    [[nodiscard]] const PaneChoice& choice(Side side) const { return m_choices[index(side)]; }
    [[nodiscard]] bool modified() const { return !m_undo.isClean(); }

    /// True while a load, a workspace or the comparison is being computed.
    [[nodiscard]] bool busy() const;

    /// Asks for a frame of each side at its instant; overtaken requests are dropped, and a side whose clock
    /// stands still keeps its frame.
    void requestFrames(const std::array<double, 2>& timesS);

    // Intents. Each is an undoable change.
    void setChoice(Side side, const PaneChoice& choice);
    void setNumber(const QString& path, const QString& value);
    void setNumber(const QString& path, double valueSi);
    /// The layout of a training job; zeros and `auto` leave it to the planner.
    void setLayout(const QString& job, const scenario::LayoutChoice& layout);
    void setFleet(const std::string& from, const std::string& to);
    /// Several values at once, as setNumber takes them, in one step of undo.
    void setValues(const std::vector<std::pair<std::string, std::string>>& values, const QString& what);
    /// Does something to a cluster, all of it in one step of undo. Where one of them cannot be done, none is.
    void inject(const std::vector<scenario::Injection>& injections, const cluster::Cluster& cluster);
    /// Takes it back. Precondition: it is in the list.
    void removeInjection(std::size_t index);
    /// What it takes away and for how long; everything else about it stays.
    void changeInjection(std::size_t index, double magnitude, double durationS);

signals:
    void scenarioChanged();   ///< a file was opened or a number changed
    void workspaceChanged();  ///< panes have new clusters or timelines
    void comparisonChanged(); ///< the strategies table; first central values, then ranges
    void comparisonProgress(double share);
    void leversChanged(); ///< the numbers that matter most have been found
    void framesReady(const atlas::app::FramePair& frames);
    void rejected(const QString& file, const atlas::Diagnostics& problems);
    void warned(const QString& file, const atlas::Diagnostics& warnings);
    void busyChanged();

private:
    friend class ScenarioCommand;
    struct LoadAnswer {
        QString file;
        std::shared_ptr<const scenario::Scenario> scenario;
        Diagnostics problems;
    };
    struct CompareRequest {
        std::shared_ptr<const scenario::Scenario> scenario;
    };
    struct CompareAnswer {
        std::shared_ptr<const explore::Comparison> comparison;
        Diagnostics problems;
    };
    struct FrameRequest {
        std::array<double, 2> timesS{};
        std::shared_ptr<const Workspace> workspace;
        FramePair last; ///< answered before
    };

    void arriveLoaded(LoadAnswer answer);
    /// What a change moves: an injection is no fact, and the comparison stays as it is.
    enum class Reach { Everything, Timelines };
    void apply(std::shared_ptr<const scenario::Scenario> scenario, const std::array<PaneChoice, 2>& choices,
               Reach reach = Reach::Everything);
    void changeTo(std::shared_ptr<const scenario::Scenario> scenario,
                  const std::array<PaneChoice, 2>& choices, const QString& what, int mergeKey,
                  Reach reach = Reach::Everything);

    QString m_resources;
    QString m_file;
    QUndoStack m_undo;
    std::shared_ptr<const scenario::Scenario> m_scenario;
    std::shared_ptr<const scenario::Scenario> m_original;
    std::array<PaneChoice, 2> m_choices;
    std::vector<std::string> m_leverPaths;
    std::shared_ptr<const Workspace> m_workspace;
    std::shared_ptr<const explore::Comparison> m_comparison;

    LatestWorker<QString, LoadAnswer> m_loader;
    LatestWorker<WorkspaceRequest, std::shared_ptr<const Workspace>> m_builder;
    LatestWorker<CompareRequest, CompareAnswer> m_quickComparer; ///< central values, at once
    LatestWorker<CompareRequest, CompareAnswer> m_comparer;      ///< with ranges
    FramePair m_lastFrames;
    LatestWorker<FrameRequest, FramePair> m_framer;
    LatestWorker<std::shared_ptr<const scenario::Scenario>, std::vector<std::string>> m_leverChooser;
};

} // namespace atlas::app

Q_DECLARE_METATYPE(atlas::app::FramePair)
Q_DECLARE_METATYPE(atlas::Diagnostics)

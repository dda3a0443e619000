// An undoable change of the scenario or of what the panes show. Moves of the same lever merge into one.
#pragma once

#include "app/session.h"

#include <QUndoCommand>

namespace atlas::app {

class ScenarioCommand : public QUndoCommand {
public:
    struct State {
        std::shared_ptr<const scenario::Scenario> scenario;
        std::array<PaneChoice, 2> choices;
    };
    /// `mergeKey` names the lever moved; -1 never merges.
    ScenarioCommand(Session& session, State before, State after, const QString& what, int mergeKey,
                    Session::Reach reach)
        : QUndoCommand(what)
        , m_session(session)
        , m_before(std::move(before))
        , m_after(std::move(after))
        , m_mergeKey(mergeKey)
        , m_reach(reach) {}

    void undo() override { m_session.apply(m_before.scenario, m_before.choices, m_reach); }
    void redo() override { m_session.apply(m_after.scenario, m_after.choices, m_reach); }
    int id() const override { return m_mergeKey; }
    bool mergeWith(const QUndoCommand* other) override {
        m_after = static_cast<const ScenarioCommand*>(other)->m_after;
        return true;
    }

private:
    Session& m_session;
    State m_before, m_after;
    int m_mergeKey;
    Session::Reach m_reach;
};

} // namespace atlas::app

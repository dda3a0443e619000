// Wires what a person does to a cluster: buttons, menus and the list to the session, at the instant on
// screen.
#pragma once

#include "app/playback.h"
#include "app/session.h"
#include "scenes/scene.h"
#include "widgets/injections_panel.h"

class QMenu;

namespace atlas::app {

class InjectionDesk : public QObject {
    Q_OBJECT
public:
    /// All must outlive it.
    InjectionDesk(Session& session, Playback& playback, widgets::InjectionsPanel& panel,
                  QObject* parent = nullptr);

    /// The part that buttons and keys are for; no target means the whole cluster of the pane.
    void setSelection(Side side, scenes::Target target);
    /// The same for many GPUs (merged ranges): what is done is done to all of them, in one step of undo.
    void setArea(Side side, const std::vector<cluster::Range>& gpus);
    /// The list, with what is at work at an instant.
    void showList(double timeS);
    /// Adds what can be done to a target; nothing where nothing can.
    void addTo(QMenu& menu, Side side, scenes::Target target);
    /// The same as a menu of its own, for the keyboard.
    void popUp(QPoint globalPosition, QWidget* parent);

signals:
    /// To the instant of an injection, with what it hit selected.
    void jumpRequested(atlas::widgets::Side side, atlas::scenes::Target target, double timeS);

private:
    void inject(Side side, scenes::Target target, const QString& offer);
    void injectArea(const QString& offer);
    [[nodiscard]] scenario::Injection injectionOf(Side side, cluster::Part part, const QString& offer) const;
    void jump(int item);
    [[nodiscard]] const cluster::Cluster* clusterOf(Side side) const;

    Session& m_session;
    Playback& m_playback;
    widgets::InjectionsPanel& m_panel;
    Side m_side = Side::A;
    scenes::Target m_target;
    std::vector<cluster::Part> m_parts; ///< of an area, in place of the target; empty: none
    std::vector<cluster::Range> m_area;
};

} // namespace atlas::app

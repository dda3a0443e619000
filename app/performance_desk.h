// Fills the performance overlay of both panes while it is shown; measures nothing while it is not.
#pragma once

#include "app/gui_watch.h"
#include "widgets/stage.h"

#include <QTimer>

#include <functional>
#include <memory>

namespace atlas::app {

class PerformanceDesk : public QObject {
    Q_OBJECT
public:
    /// `modelMs` tells how long the model took for the frames on screen. `stage` must outlive it.
    PerformanceDesk(widgets::Stage& stage, QString renderer, std::function<double()> modelMs);

    void setShown(bool shown);
    [[nodiscard]] bool shown() const { return m_watch != nullptr; }

private:
    void refresh();

    widgets::Stage& m_stage;
    QString m_renderer;
    std::function<double()> m_modelMs;
    std::unique_ptr<GuiWatch> m_watch;
    std::array<int, 2> m_paints{};
    QTimer m_timer;
};

} // namespace atlas::app

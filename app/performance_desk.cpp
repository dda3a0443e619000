#include "app/performance_desk.h"

#include <utility>

namespace atlas::app {

namespace {

constexpr int kRefreshMs = 500;
/// A picture that takes longer than a frame of a 60 Hz screen is not smooth.
constexpr double kSmoothMs = 1000.0 / 60;

QString ms(double value) {
    return PerformanceDesk::tr("%1 ms").arg(value, 0, 'f', 1);
}

} // namespace

PerformanceDesk::PerformanceDesk(widgets::Stage& stage, QString renderer, std::function<double()> modelMs)
    : m_stage(stage)
    , m_renderer(std::move(renderer))
    , m_modelMs(std::move(modelMs)) {
    m_timer.setInterval(kRefreshMs);
    connect(&m_timer, &QTimer::timeout, this, &PerformanceDesk::refresh);
}

void PerformanceDesk::setShown(bool shown) {
    if (shown == this->shown()) {
        return;
    }
    if (shown) {
        m_watch = std::make_unique<GuiWatch>();
        refresh();
        m_timer.start();
        return;
    }
    m_timer.stop();
    m_watch.reset();
    for (const widgets::Side side : widgets::kSides) {
        m_stage.setPerformance(side, {});
    }
}

void PerformanceDesk::refresh() {
    const GuiWatch::Turn& longest = m_watch->longest();
    for (const widgets::Side side : widgets::kSides) {
        const widgets::SceneView& view = m_stage.pane(side).view();
        const int before = std::exchange(m_paints[widgets::index(side)], view.paintCount());
        const double perS = (view.paintCount() - before) * 1000.0 / kRefreshMs;
        m_stage.setPerformance(side, {{tr("picture"), ms(view.paintMs()), view.paintMs() > kSmoothMs},
                                      {tr("pictures"), tr("%1 a second").arg(perS, 0, 'f', 0)},
                                      {tr("model, both panes"), ms(m_modelMs())},
                                      {tr("longest turn of the window"), ms(longest.wallMs),
                                       longest.wallMs > GuiWatch::kBlockedMs},
                                      {tr("turns over %1").arg(tr("%1 ms").arg(GuiWatch::kBlockedMs)),
                                       QString::number(m_watch->blocks()), m_watch->blocks() > 0},
                                      {tr("drawn by"), m_renderer}});
    }
}

} // namespace atlas::app

// Pane B as a difference: decides with every pair of frames whether a picture of B minus A has a meaning, and
// gives the stage that picture, or the words and figures in its place.
#pragma once

#include "app/session.h"
#include "widgets/stage.h"

namespace atlas::app {

class DifferenceDesk {
public:
    /// `stage` outlives it.
    explicit DifferenceDesk(widgets::Stage& stage)
        : m_stage(stage) {}

    [[nodiscard]] bool on() const { return m_on; }
    void setOn(bool on) { m_on = on; }
    /// Call when frames, scene or colouring are others, and after setOn.
    void show(const FramePair& frames);

private:
    void apply(const FramePair& frames);

    widgets::Stage& m_stage;
    bool m_on = false;
    std::shared_ptr<const Workspace> m_of; ///< whose conditions these are
    std::array<std::shared_ptr<const operations::GpuConditions>, 2> m_conditions;
};

} // namespace atlas::app

#include "app/difference_desk.h"

#include "app/difference_words.h"

namespace atlas::app {

void DifferenceDesk::show(const FramePair& frames) {
    const QSize before = m_stage.pane(Side::B).view().size();
    apply(frames);
    if (m_stage.pane(Side::B).view().size() != before) {
        m_stage.fitIfFollowing(); // the figures took room, or gave it back
    }
}

void DifferenceDesk::apply(const FramePair& frames) {
    widgets::ScenePane& pane = m_stage.pane(Side::B);
    if (!m_on || !frames.workspace) {
        pane.setDifference({}, nullptr);
        return;
    }
    if (m_of != frames.workspace) {
        m_of = frames.workspace;
        for (const Side side : kSides) {
            const auto& timeline = m_of->pane(side).timeline;
            m_conditions[index(side)] =
                timeline ? std::make_shared<const operations::GpuConditions>(
                               operations::gpuConditions(*m_of->scenario, *timeline->cluster()))
                         : nullptr;
        }
    }
    pane.setDifference(differenceContent(frames, m_conditions,
                                         m_stage.scene() == widgets::PaneScene::Floorplan,
                                         pane.floor().options().colourBy),
                       frames.frames[0]);
    m_stage.refreshLegend();
}

} // namespace atlas::app

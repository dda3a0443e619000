#include "model/operations/frame_pool.h"

namespace atlas::operations {

namespace {
constexpr std::size_t kKept = 3; ///< frames on the shelf: one in the making, one waiting, one being drawn
}

FramePool::FramePool()
    : m_shelf(std::make_shared<Shelf>()) {}

std::shared_ptr<Frame> FramePool::take(const cluster::Cluster& cluster) const {
    std::unique_ptr<Frame> frame;
    {
        const std::lock_guard lock(m_shelf->mutex);
        if (!m_shelf->frames.empty()) {
            frame = std::move(m_shelf->frames.back());
            m_shelf->frames.pop_back();
        }
    }
    if (!frame) {
        frame = std::make_unique<Frame>();
    }
    frame->state.resize(cluster.gpuCount);
    frame->utilisation.resize(cluster.gpuCount);
    frame->racks.resize(cluster.racks.size());
    frame->linkLoad.resize(cluster.linkGroups.size());
    return {frame.release(), [shelf = m_shelf](Frame* returned) {
                std::unique_ptr<Frame> owned(returned);
                const std::lock_guard lock(shelf->mutex);
                if (shelf->frames.size() < kKept) {
                    shelf->frames.push_back(std::move(owned));
                }
            }};
}

} // namespace atlas::operations

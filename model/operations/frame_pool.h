// Frames are a few bytes a GPU and made many times a second: their memory is used again instead of being
// given back, which would cost as much as filling it.
#pragma once

#include "model/operations/frame.h"

#include <memory>
#include <mutex>
#include <vector>

namespace atlas::operations {

/// Hands out frames that return when nobody holds them any more. Frames may outlive the pool.
class FramePool {
public:
    FramePool();
    /// A frame sized for the cluster. Its content is that of an earlier frame: the caller writes every
    /// field.
    [[nodiscard]] std::shared_ptr<Frame> take(const cluster::Cluster& cluster) const;

private:
    struct Shelf {
        std::mutex mutex;
        std::vector<std::unique_ptr<Frame>> frames;
    };
    std::shared_ptr<Shelf> m_shelf;
};

} // namespace atlas::operations

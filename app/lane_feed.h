// Computes what the step timelines lack, off the GUI thread: one worker a pane, the newest wish first.
#pragma once

#include "app/latest_worker.h"
#include "app/workspace.h"
#include "model/operations/lanes_of.h"
#include "scenes/lanes_scene.h"

#include <array>
#include <functional>

namespace atlas::app {

class LaneFeed : public QObject {
    Q_OBJECT
public:
    explicit LaneFeed(QObject* parent = nullptr);
    ~LaneFeed() override;

    /// Asks for the lanes of a wish; the same wish is not computed twice in a row.
    void request(Side side, std::shared_ptr<const operations::Timeline> timeline,
                 const scenes::LanesWish& wish);
    [[nodiscard]] bool busy() const;

signals:
    void ready(atlas::widgets::Side side, std::shared_ptr<const atlas::operations::StepLanes> lanes);

private:
    struct Request {
        std::shared_ptr<const operations::Timeline> timeline;
        scenes::LanesWish wish;
        bool operator==(const Request&) const = default;
    };
    using Lanes = std::shared_ptr<const operations::StepLanes>;
    std::array<Request, 2> m_last;
    std::array<std::unique_ptr<LatestWorker<Request, Lanes>>, 2> m_workers;
};

/// The request of a wish.
[[nodiscard]] operations::LanesRequest requestOf(const scenes::LanesWish& wish);

} // namespace atlas::app

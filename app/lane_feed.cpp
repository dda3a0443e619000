#include "app/lane_feed.h"

namespace atlas::app {

operations::LanesRequest requestOf(const scenes::LanesWish& wish) {
    return {wish.fromS, wish.toS, wish.pixelsPerS, wish.focusS, wish.selected};
}

LaneFeed::LaneFeed(QObject* parent)
    : QObject(parent) {
    for (const Side side : kSides) {
        // What was asked for last is finished even when the clock has moved on: late lanes are better than
        // none.
        m_workers[index(side)] = std::make_unique<LatestWorker<Request, Lanes>>(
            this, Overtaken::Finish,
            [](const Request& request, std::stop_token stop) {
                return std::make_shared<const operations::StepLanes>(
                    operations::lanesOf(*request.timeline, requestOf(request.wish), stop));
            },
            [this, side](Lanes lanes) { emit ready(side, std::move(lanes)); });
    }
}

LaneFeed::~LaneFeed() {
    for (auto& worker : m_workers) {
        worker.reset(); // joins
    }
}

void LaneFeed::request(Side side, std::shared_ptr<const operations::Timeline> timeline,
                       const scenes::LanesWish& wish) {
    Request request{std::move(timeline), wish};
    if (!request.timeline || request == m_last[index(side)]) {
        return;
    }
    m_last[index(side)] = request;
    m_workers[index(side)]->request(std::move(request));
}

bool LaneFeed::busy() const {
    return m_workers[0]->busy() || m_workers[1]->busy();
}

} // namespace atlas::app

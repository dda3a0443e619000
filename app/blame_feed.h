// Who held up the step on screen, and what waiting has cost so far: asked off the GUI thread, once a step and
// once a simulated hour.
#pragma once

#include "app/latest_worker.h"
#include "app/workspace.h"
#include "scenes/blame_look.h"

#include <array>
#include <memory>
#include <mutex>

namespace atlas::app {

/// What waiting has cost from the beginning of a timeline to an instant.
struct WaitingBill {
    double toS = -1; ///< up to here; negative: not known yet
    double waitGpuHours = 0;
    double stoppedGpuHours = 0; ///< held by checkpoints, failures, restarts and work done again
    double usd = 0;             ///< both, at the market rent of each class
    std::array<double, operations::kCauseCount> waitGpuS{};
    WaitingBill& operator+=(const operations::Account& account);
};

/// Adds up whole days once and keeps them, so that any instant of the same timelines costs one day at most.
/// For one thread at a time.
class WaitLedger {
public:
    [[nodiscard]] WaitingBill at(const std::shared_ptr<const operations::Timeline>& timeline, double timeS,
                                 std::stop_token stop);

private:
    struct Days {
        std::shared_ptr<const operations::Timeline> timeline;
        std::vector<WaitingBill> sums; ///< [day]: up to its beginning
    };
    std::vector<Days> m_days; ///< the last used first
};

struct Blame {
    std::shared_ptr<const Workspace> workspace;
    std::array<std::optional<operations::Attribution>, 2> sides;     ///< nothing outside of steps
    std::array<std::shared_ptr<const scenes::BlameChain>, 2> chains; ///< of `sides`, as scenes show them
    std::array<double, 2> askedS{};
    /// Selected on that side, and the groups it works in; kNone and empty: no GPU is, or it takes no part.
    std::array<cluster::Index, 2> selected{cluster::kNone, cluster::kNone};
    std::array<std::shared_ptr<const scenes::RankGroups>, 2> groups;
    /// The answer still holds: the same step.
    [[nodiscard]] bool covers(Side side, double timeS) const;
};

struct Bills {
    std::shared_ptr<const Workspace> workspace;
    std::array<WaitingBill, 2> sides;
};

class BlameFeed : public QObject {
    Q_OBJECT
public:
    explicit BlameFeed(QObject* parent = nullptr);
    ~BlameFeed() override;

    /// `bills`: also what waiting has cost, which takes seconds the first time.
    /// `selected`: a GPU of each side whose groups are wanted, or kNone.
    void request(std::shared_ptr<const Workspace> workspace, const std::array<double, 2>& timesS, bool bills,
                 const std::array<cluster::Index, 2>& selected);
    [[nodiscard]] bool busy() const;
    [[nodiscard]] const Blame& blame() const { return m_blame; }
    [[nodiscard]] const Bills& bills() const { return m_bills; }

signals:
    void blamed(); ///< blame() is new
    void billed(); ///< bills() is new

private:
    struct Request {
        std::shared_ptr<const Workspace> workspace;
        std::array<double, 2> timesS{};
        std::array<cluster::Index, 2> selected{cluster::kNone, cluster::kNone};
        std::shared_ptr<const Blame> last; ///< answered before; null for bills
    };
    Blame m_blame;
    Bills m_bills;
    Request m_asked;
    Request m_billAsked;
    std::unique_ptr<LatestWorker<Request, Blame>> m_blamer;
    std::unique_ptr<LatestWorker<Request, Bills>> m_biller;
};

} // namespace atlas::app

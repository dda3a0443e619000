#include "app/blame_feed.h"

#include "app/blame_words.h"
#include "model/operations/step_groups.h"

#include <algorithm>
#include <cmath>

namespace atlas::app {

namespace {

constexpr double kHourS = 3600;
constexpr double kDayS = 24 * kHourS;
constexpr std::size_t kTimelinesKept = 4; ///< two panes, now and before an undo

std::shared_ptr<const scenes::RankGroups> groupsAt(const operations::Timeline& timeline, double timeS,
                                                   cluster::Index gpu) {
    const auto work = gpu < timeline.cluster()->gpuCount ? timeline.workAt(timeS, {&gpu, 1}) : std::nullopt;
    if (!work || work->ranks.empty()) {
        return nullptr;
    }
    auto out = std::make_shared<scenes::RankGroups>();
    out->gpu = gpu;
    for (operations::RankGroup& group : operations::groupsOf(*timeline.cluster(), *work->shape, gpu)) {
        out->groups.push_back({group.group, std::move(group.gpus), timeS});
    }
    return out;
}

} // namespace

WaitingBill& WaitingBill::operator+=(const operations::Account& account) {
    for (std::size_t cause = 0; cause < waitGpuS.size(); ++cause) {
        waitGpuS[cause] += account.waitGpuS[cause];
    }
    waitGpuHours += account.waitGpuSeconds() / kHourS;
    stoppedGpuHours += account.stoppedGpuS / kHourS;
    toS = account.toS;
    return *this;
}

WaitingBill WaitLedger::at(const std::shared_ptr<const operations::Timeline>& timeline, double timeS,
                           std::stop_token stop) {
    auto known = std::ranges::find(m_days, timeline, &Days::timeline);
    if (known == m_days.end()) {
        m_days.insert(m_days.begin(), {timeline, {WaitingBill{.toS = 0}}});
        m_days.resize(std::min(m_days.size(), kTimelinesKept));
    } else {
        std::rotate(m_days.begin(), known, known + 1);
    }
    Days& days = m_days.front();
    const auto add = [&](WaitingBill sum, double fromS, double toS) {
        const operations::Account account = timeline->account(fromS, toS, stop);
        sum += account;
        sum.usd += operations::stallUsd(account, *timeline->cluster());
        return sum;
    };
    const auto day = static_cast<std::size_t>(std::max(0.0, std::floor(timeS / kDayS)));
    while (days.sums.size() <= day) {
        const double fromS = static_cast<double>(days.sums.size() - 1) * kDayS;
        const WaitingBill next = add(days.sums.back(), fromS, fromS + kDayS);
        if (stop.stop_requested()) {
            return {};
        }
        days.sums.push_back(next);
    }
    const WaitingBill bill = add(days.sums[day], static_cast<double>(day) * kDayS, timeS);
    return stop.stop_requested() ? WaitingBill{} : bill;
}

bool Blame::covers(Side side, double timeS) const {
    const auto& step = sides[index(side)];
    return step ? step->stepStartS <= timeS && timeS < step->stepStartS + step->stepS
                : askedS[index(side)] == timeS;
}

BlameFeed::BlameFeed(QObject* parent)
    : QObject(parent) {
    m_blamer = std::make_unique<LatestWorker<Request, Blame>>(
        this, Overtaken::Finish,
        [](const Request& request, std::stop_token) {
            Blame answer{request.workspace, {}, {}, request.timesS, request.selected, {}};
            for (const Side side : kSides) {
                const std::size_t i = index(side);
                const Blame& last = *request.last;
                if (last.workspace == request.workspace && last.covers(side, request.timesS[i]) &&
                    last.selected[i] == request.selected[i]) { // the other side has moved on
                    answer.sides[i] = last.sides[i];
                    answer.chains[i] = last.chains[i];
                    answer.groups[i] = last.groups[i];
                    answer.askedS[i] = last.askedS[i];
                    continue;
                }
                if (const auto& timeline = request.workspace->pane(side).timeline) {
                    answer.sides[index(side)] = timeline->attributionAt(request.timesS[index(side)]);
                    answer.chains[index(side)] = blameChain(answer.sides[index(side)]);
                    answer.groups[index(side)] =
                        groupsAt(*timeline, request.timesS[index(side)], request.selected[index(side)]);
                }
            }
            return answer;
        },
        [this](Blame answer) {
            m_blame = std::move(answer);
            emit blamed();
        });
    m_biller = std::make_unique<LatestWorker<Request, Bills>>(
        this, Overtaken::Stop,
        [ledger = std::make_shared<WaitLedger>()](const Request& request, std::stop_token stop) {
            Bills answer{request.workspace, {}};
            for (const Side side : kSides) {
                if (const auto& timeline = request.workspace->pane(side).timeline) {
                    answer.sides[index(side)] = ledger->at(timeline, request.timesS[index(side)], stop);
                }
            }
            return answer;
        },
        [this](Bills answer) {
            m_bills = std::move(answer);
            emit billed();
        });
}

BlameFeed::~BlameFeed() {
    m_blamer.reset(); // join before what they answer to is gone
    m_biller.reset();
}

void BlameFeed::request(std::shared_ptr<const Workspace> workspace, const std::array<double, 2>& timesS,
                        bool bills, const std::array<cluster::Index, 2>& selected) {
    const bool same = m_blame.workspace == workspace && m_blame.selected == selected &&
                      m_blame.covers(Side::A, timesS[0]) && m_blame.covers(Side::B, timesS[1]);
    const bool waiting =
        m_asked.workspace == workspace && m_asked.timesS == timesS && m_asked.selected == selected;
    if (!same && !waiting) {
        m_asked = {workspace, timesS, selected, std::make_shared<const Blame>(m_blame)};
        m_blamer->request(m_asked);
    }
    // To the hour, so that a running clock does not overtake the sum for ever.
    std::array<double, 2> hoursS{};
    std::ranges::transform(timesS, hoursS.begin(),
                           [](double timeS) { return std::floor(timeS / kHourS) * kHourS; });
    if (bills && (m_billAsked.workspace != workspace || m_billAsked.timesS != hoursS)) {
        m_billAsked = {std::move(workspace), hoursS, selected, nullptr};
        m_biller->request(m_billAsked);
    }
}

bool BlameFeed::busy() const {
    return m_blamer->busy() || m_biller->busy();
}

} // namespace atlas::app

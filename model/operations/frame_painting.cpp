#include "model/operations/frame_painting.h"

#include "model/operations/lane_instant.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_reduce.h>

#include <algorithm>

namespace atlas::operations {

namespace {

using cluster::Index;
using scenario::Month;

constexpr Index kRacksAtOnce = 256;

/// The lane that a frame is about: one that runs, the largest of those.
const LaneInstant& inFocus(const std::vector<LaneInstant>& lanes) {
    const auto rank = [](const LaneInstant& lane) {
        return std::make_pair(lane.stepping()                     ? 2
                              : lane.phase() == Phase::Checkpoint ? 1
                                                                  : 0,
                              lane.lane().members);
    };
    return *std::ranges::max_element(lanes, {}, rank);
}

/// State of the members of a lane that makes no step.
GpuState standstill(const LaneInstant& lane, const OuterBarrier& outer, double timeS) {
    switch (lane.phase()) {
    case Phase::Checkpoint:
        return GpuState::Checkpoint;
    case Phase::Restarting:
        return GpuState::Restart;
    case Phase::Detecting:
        return GpuState::Waiting;
    case Phase::Outer:
        return timeS >= lane.phaseEndS() - outer.exchangeS ? GpuState::Communicating : GpuState::Waiting;
    default:
        return GpuState::Idle;
    }
}

class Painting {
public:
    Painting(Frame& frame, const cluster::Cluster& cluster, const JobCourse& job, Month month)
        : m_frame(frame)
        , m_cluster(cluster)
        , m_job(job)
        , m_month(month) {
        for (std::size_t l = 0; l < job.lanes().size(); ++l) {
            m_lanes.emplace_back(job, l, frame.timeS);
        }
    }

    void paint() {
        const auto racks = static_cast<Index>(m_cluster.racks.size());
        std::vector<std::uint64_t> waits((racks + kRacksAtOnce - 1) / kRacksAtOnce * m_lanes.size());
        tbb::parallel_for(Index{0}, (racks + kRacksAtOnce - 1) / kRacksAtOnce, [&](Index chunk) {
            paintRacks(chunk * kRacksAtOnce, std::min(racks, (chunk + 1) * kRacksAtOnce),
                       &waits[chunk * m_lanes.size()]);
        });
        for (const LaneInstant& lane : m_lanes) {
            if (lane.stepping()) {
                paintHeldUp(m_frame.state.data(), lane.members(), lane.heldUp(), lane.instant());
            }
        }
        for (const LaneInstant& lane : m_lanes) {
            paintStanding(m_frame.state.data(), m_cluster, lane, m_frame.timeS, m_month);
        }
        const PaintSums sums = tbb::parallel_reduce(
            tbb::blocked_range<Index>(0, racks, kRacksAtOnce), PaintSums{},
            [&](const tbb::blocked_range<Index>& part, PaintSums before) {
                return before += summariseRacks(m_frame, m_cluster, part.begin(), part.end());
            },
            [](PaintSums a, const PaintSums& b) { return a += b; });
        m_frame.counts = sums.counts;
        for (std::size_t i = 0; i < waits.size(); ++i) {
            const LaneInstant& lane = m_lanes[i % m_lanes.size()];
            if (lane.stepping()) {
                m_frame.waitGpuSeconds +=
                    static_cast<double>(waits[i]) * lane.step().barrierS / static_cast<double>(kWaitUnits);
            }
        }
        describe();
        loadLinks();
    }

private:
    void paintRacks(Index first, Index end, std::uint64_t* waits) {
        std::uint8_t* state = m_frame.state.data();
        paintIdle(state, m_cluster, m_month, first, end);
        const Index firstGpu = m_cluster.racks[first].gpus.first;
        const Index endGpu = m_cluster.racks[end - 1].gpus.end();
        for (std::size_t l = 0; l < m_lanes.size(); ++l) {
            const LaneInstant& lane = m_lanes[l];
            if (lane.stepping()) {
                waits[l] = paintMembers(state, lane.members(), lane.instant(), firstGpu, endGpu);
            } else {
                paintMembers(state, lane.lane().shape(), standstill(lane, m_job.outer(), m_frame.timeS),
                             firstGpu, endGpu);
            }
        }
    }

    void describe() {
        const LaneInstant& focus = inFocus(m_lanes);
        m_frame.phase = focus.phase();
        m_frame.phaseStartS = focus.phaseStartS();
        m_frame.phaseEndS = focus.phaseEndS();
        m_frame.capacity = focus.standing().capacity;
        for (const Event& event : focus.where().schedule->events()) {
            const bool now = event.timeS <= m_frame.timeS && m_frame.timeS < event.endS();
            if (now && event.kind == EventKind::FailSlow) {
                m_frame.slow.push_back({event.part, event.component, event.slowdown});
            }
        }
        if (!focus.stepping()) {
            return;
        }
        const StepAt& at = focus.step();
        m_frame.step = at.step;
        m_frame.stepStartS = focus.stepStartS();
        m_frame.stepTimeS = at.stepS;
        m_frame.stepFraction = std::clamp((m_frame.timeS - m_frame.stepStartS) / at.stepS, 0.0, 1.0);
        m_frame.culprit = focus.members().culprit();
        const ClassLaw& law = *focus.members().lawOf(m_frame.culprit);
        const MemberClass& own = *focus.lane().shape().classOf(m_frame.culprit);
        const double median = own.computeS * (1 + focus.lane().book->noise().quantile(0.5));
        m_frame.culpritSlowdown =
            own.computeS > 0
                ? (static_cast<double>(focus.members().finishOf(law, m_frame.culprit)) - own.fixedS()) /
                      median
                : 1;
    }

    void loadLinks() {
        std::ranges::fill(m_frame.linkLoad, 0.0f);
        const auto of = [&](GpuState s) {
            return static_cast<double>(m_frame.counts[static_cast<std::size_t>(s)]);
        };
        const double busy = of(GpuState::Computing) + of(GpuState::Communicating) + of(GpuState::Culprit);
        double members = 0;
        for (const LaneInstant& lane : m_lanes) {
            members += lane.stepping() ? lane.lane().members : 0;
        }
        for (const LaneInstant& lane : m_lanes) {
            if (lane.phase() == Phase::Outer && m_frame.timeS >= lane.phaseEndS() - m_job.outer().exchangeS) {
                for (std::size_t g = 0; g < m_frame.linkLoad.size(); ++g) {
                    const bool trunk = m_cluster.linkGroups[g].kind == cluster::LinkKind::Trunk;
                    m_frame.linkLoad[g] = trunk ? 1.0f : m_frame.linkLoad[g];
                }
            }
            if (!lane.stepping()) {
                continue;
            }
            const LinkTraffic& traffic = lane.lane().book->traffic();
            const double inStep = m_frame.timeS - lane.stepStartS();
            const double reduceEnd = lane.step().barrierS + lane.law().reduceS;
            const bool reducing = inStep < reduceEnd && inStep >= reduceEnd - traffic.reduceWindowS;
            const auto working =
                static_cast<float>(inStep < lane.step().barrierS ? std::min(1.0, busy / members) : 0);
            for (std::size_t g = 0; g < m_frame.linkLoad.size(); ++g) {
                const float reduce = reducing ? traffic.reduce[g] : 0;
                m_frame.linkLoad[g] =
                    std::min(1.0f, m_frame.linkLoad[g] + working * traffic.inside[g] + reduce);
            }
            if (!lane.law().linkHealth.empty()) {
                m_frame.linkHealth = lane.law().linkHealth;
            }
        }
        // Of a bundle that was cut nothing is left, whether the job runs without it or waits for it.
        for (const Event& event : m_lanes.front().where().schedule->events()) {
            if (event.component == Component::Bundle && event.kind == EventKind::FailStop &&
                event.timeS <= m_frame.timeS && m_frame.timeS < event.repairedS) {
                m_frame.linkHealth.resize(m_cluster.linkGroups.size(), 1.0f);
                m_frame.linkHealth[event.part.index] = 0;
                m_frame.linkLoad[event.part.index] = 0;
            }
        }
    }

    Frame& m_frame;
    const cluster::Cluster& m_cluster;
    const JobCourse& m_job;
    Month m_month;
    std::vector<LaneInstant> m_lanes;
};

} // namespace

void paintFrame(Frame& frame, const cluster::Cluster& cluster, const JobCourse& job, Month month) {
    Painting(frame, cluster, job, month).paint();
}

} // namespace atlas::operations

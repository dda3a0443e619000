#include "model/operations/training_timeline.h"

#include "model/operations/calendar.h"
#include "model/operations/lane_instant.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_reduce.h>

#include <algorithm>
#include <cmath>

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

TrainingTimeline::TrainingTimeline(std::shared_ptr<const cluster::Cluster> cluster, TrainingInputs inputs)
    : Timeline(cluster)
    , m_inputs(std::move(inputs))
    , m_speeds(m_inputs.seed, cluster->gpuCount, m_inputs.staticSpeedSpread) {
    auto hazards =
        std::make_shared<const Hazards>(cluster, m_inputs.operations, m_inputs.seed, m_inputs.start);
    m_hazards = hazards->none() ? nullptr : std::move(hazards);
}

Result<std::shared_ptr<const TrainingTimeline>>
TrainingTimeline::make(std::shared_ptr<const cluster::Cluster> cluster, TrainingInputs inputs) {
    std::shared_ptr<TrainingTimeline> timeline(new TrainingTimeline(std::move(cluster), std::move(inputs)));
    const TrainingInputs& in = timeline->m_inputs;
    std::deque<Stretch>& stretches = timeline->m_stretches;
    // A new stretch begins with every phase and with every month that brings power to more racks.
    for (Month month = in.start; month < in.end; ++month.index) {
        const auto after =
            std::ranges::find_if(in.phases, [&](const TrainingPhase& p) { return p.from > month; });
        const TrainingPhase* phase = after == in.phases.begin() ? nullptr : &*std::prev(after);
        const Index powered = timeline->cluster()->gpusPoweredBy(month);
        const bool begins = stretches.empty() || powered != stretches.back().powered ||
                            (phase != nullptr && phase->from == month);
        if (!begins) {
            continue;
        }
        const double startS = monthStartS(in.start, month);
        if (!stretches.empty()) {
            stretches.back().endS = startS;
        }
        const auto stream = static_cast<std::uint32_t>(stretches.size());
        Stretch& stretch = stretches.emplace_back();
        stretch.startS = startS;
        stretch.month = month;
        stretch.powered = powered;
        stretch.stream = stream;
        stretch.phase = phase;
    }
    if (stretches.empty()) {
        return failure("the timeline has no months", "give a horizon of at least one month");
    }
    stretches.back().endS = monthStartS(in.start, in.end);
    // One stretch that runs is enough; those after it are planned when somebody looks.
    Diagnostics errors;
    for (const Stretch& stretch : stretches) {
        const Running& running = timeline->running(stretch);
        if (running.job) {
            errors.clear();
            break;
        }
        errors = running.errors.empty() ? errors : running.errors;
    }
    if (!errors.empty()) {
        return errors;
    }
    return std::shared_ptr<const TrainingTimeline>(std::move(timeline));
}

const TrainingTimeline::Running& TrainingTimeline::running(const Stretch& stretch) const {
    std::call_once(stretch.planned, [&] {
        if (stretch.phase == nullptr || stretch.powered == 0) {
            return;
        }
        // Isolated: while the plan's own tasks are waited for, this thread must not begin another task that
        // wants the same plan.
        PlannedStep planned;
        tbb::this_task_arena::isolate([&] { planned = stretch.phase->plan(); });
        Running& out = stretch.running;
        out.note = planned.note;
        out.errors = planned.errors;
        if (!planned.anatomy) {
            return;
        }
        const scenario::Mitigations& mitigations = m_inputs.operations.mitigations;
        const auto shape = shapeOf(*cluster(), *planned.anatomy, stretch.month,
                                   mitigations.partialRacks ? mitigations.partialRackGpus : 0);
        if (!shape) {
            out.errors = shape.errors();
            return;
        }
        JobTerms terms;
        terms.cluster = cluster();
        terms.hazards = m_hazards;
        terms.injections = m_inputs.injections;
        terms.operations = m_inputs.operations;
        terms.speeds = &m_speeds;
        terms.noise = StepNoise{m_inputs.stepJitter};
        terms.month = stretch.month;
        terms.startS = stretch.startS;
        terms.endS = stretch.endS;
        terms.seed = m_inputs.seed;
        terms.stream = stretch.stream;
        const auto none = [](const std::vector<std::size_t>&) { return Outlook{}; };
        out.job =
            std::make_unique<const JobCourse>(std::move(terms), *shape, planned.volumes,
                                              planned.outlookOf ? planned.outlookOf : none, planned.outer);
    });
    return stretch.running;
}

double TrainingTimeline::clamped(double timeS) const {
    // The last instant belongs to the last stretch; a time that is none is the beginning.
    return timeS > 0 ? std::min(timeS, std::nextafter(m_stretches.back().endS, 0.0)) : 0;
}

const TrainingTimeline::Stretch& TrainingTimeline::stretchAt(double timeS) const {
    const auto after = std::ranges::upper_bound(m_stretches, timeS, {}, &Stretch::startS);
    return *std::prev(after);
}

std::shared_ptr<const Frame> TrainingTimeline::frameAt(double timeS) const {
    const Stretch& stretch = stretchAt(clamped(timeS));
    const Running& now = running(stretch);
    std::shared_ptr<Frame> frame = m_pool.take(*cluster());
    frame->timeS = clamped(timeS);
    frame->training = now.job != nullptr;
    frame->phase = Phase::Idle;
    frame->phaseStartS = stretch.startS;
    frame->phaseEndS = stretch.endS;
    frame->capacity = 1;
    frame->counts = {};
    frame->culprit = cluster::kNone;
    frame->culpritSlowdown = 1;
    frame->waitGpuSeconds = 0;
    frame->step = 0;
    frame->stepStartS = frame->timeS;
    frame->stepTimeS = frame->stepFraction = 0;
    frame->linkHealth.clear();
    frame->slow.clear();
    if (now.job) {
        Painting(*frame, *cluster(), *now.job, stretch.month).paint();
        return frame;
    }
    const auto racks = static_cast<Index>(cluster()->racks.size());
    paintIdle(frame->state.data(), *cluster(), stretch.month, 0, racks);
    frame->counts = summariseRacks(*frame, *cluster(), 0, racks).counts;
    std::ranges::fill(frame->linkLoad, 0.0f);
    return frame;
}

double TrainingTimeline::stepBoundary(double timeS, int direction) const {
    const double now = clamped(timeS);
    const Stretch& stretch = stretchAt(now);
    const JobCourse* job = running(stretch).job.get();
    if (job == nullptr) {
        return timeS;
    }
    const JobCourse::Where where = job->at(0, now);
    const Interval& run = *where.interval;
    if (!where.clock) {
        return direction > 0 ? run.endS : run.startS;
    }
    const RunClock::At at = where.clock->at(now - run.startS);
    const double start = run.startS + at.step.startS;
    if (direction > 0) {
        if (at.checkpoint) {
            return std::min(run.endS, run.startS + where.clock->startOf(at.step.step + 1));
        }
        // The first instant that the clock counts to the next step: a sum may round down to the last one.
        double next = run.startS + at.step.endS();
        while (next < run.endS && where.clock->at(next - run.startS).step.step == at.step.step &&
               !where.clock->at(next - run.startS).checkpoint) {
            next = std::nextafter(next, run.endS + 1);
        }
        return std::min(next, run.endS);
    }
    if (direction < 0 && now <= start) {
        if (at.step.step > 0) {
            return run.startS + where.clock->startOf(at.step.step - 1);
        }
        return run.startS > stretch.startS ? stepBoundary(std::nextafter(run.startS, 0.0), 0) : start;
    }
    return start;
}

std::vector<TimelineMark> TrainingTimeline::marks() const {
    std::vector<TimelineMark> out;
    for (std::size_t i = 1; i < m_stretches.size(); ++i) {
        const Stretch& before = m_stretches[i - 1];
        const Stretch& now = m_stretches[i];
        std::string text;
        if (now.powered != before.powered) {
            text = std::to_string(now.powered) + " GPUs have power";
        }
        if (now.phase != nullptr && before.phase == nullptr) {
            text += text.empty() ? "training begins" : ", training begins";
        }
        if (!text.empty()) {
            out.push_back({now.startS, text});
        }
    }
    for (const Event& event : m_inputs.injections) {
        out.push_back({event.timeS, eventText(*cluster(), event)});
    }
    std::ranges::stable_sort(out, {}, &TimelineMark::timeS);
    return out;
}

std::vector<std::string> TrainingTimeline::notes() const {
    return notesOf(0, m_stretches.back().endS);
}

std::vector<std::string> TrainingTimeline::notesOf(double fromS, double toS) const {
    std::vector<std::string> out;
    for (const Stretch& stretch : m_stretches) {
        if (stretch.endS <= fromS || stretch.startS >= toS) {
            continue;
        }
        const Running& now = running(stretch);
        std::string text = now.note;
        const auto add = [&text](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
        for (const Diagnostic& each : now.errors) {
            add(each.message);
        }
        for (std::size_t l = 0; now.job && l < now.job->lanes().size(); ++l) {
            for (const std::string& each : now.job->lanes()[l].outlook.notes) {
                add(each);
            }
        }
        if (!text.empty()) {
            out.push_back(stretch.month.text() + ": " + text);
        }
    }
    return out;
}

} // namespace atlas::operations

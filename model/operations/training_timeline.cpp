#include "model/operations/training_timeline.h"

#include "model/operations/calendar.h"
#include "model/operations/step_samples.h"

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

StepInstant instantOf(const StepShape& shape, const StepAt& at, double sinceStartS) {
    return {static_cast<float>(std::clamp(sinceStartS - at.startS, 0.0, at.stepS)),
            static_cast<float>(shape.reduceS), static_cast<float>(shape.microBatches)};
}

} // namespace

TrainingTimeline::TrainingTimeline(std::shared_ptr<const cluster::Cluster> cluster, TrainingInputs inputs)
    : Timeline(cluster)
    , m_inputs(std::move(inputs))
    , m_speeds(m_inputs.seed, cluster->gpuCount, m_inputs.staticSpeedSpread) {}

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
        if (running.shape) {
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
        out.timeKept = planned.timeKept;
        out.errors = planned.errors;
        if (!planned.anatomy) {
            return;
        }
        auto shape = shapeOf(*cluster(), *planned.anatomy, stretch.month);
        if (!shape) {
            out.errors = shape.errors();
            return;
        }
        out.shape = std::move(*shape);
        out.barrier = std::make_shared<Barrier>(*out.shape, m_speeds, StepNoise{m_inputs.stepJitter});
        out.clock =
            std::make_shared<StepClock>(out.barrier, out.shape->tailS(), m_inputs.seed, stretch.stream);
        out.traffic = trafficOf(*cluster(), *out.shape, planned.volumes);
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

StepMembers TrainingTimeline::membersAt(const Stretch& stretch, const StepAt& at) const {
    const Running& now = running(stretch);
    return {*now.shape, *now.barrier, m_speeds, at, m_inputs.seed, stretch.stream};
}

void TrainingTimeline::paintIdle(Frame& frame, const Stretch& stretch) const {
    const cluster::Cluster& floor = *cluster();
    std::ranges::fill(frame.utilisation, std::uint8_t{0});
    for (Index r = 0; r < floor.racks.size(); ++r) {
        const cluster::Rack& rack = floor.racks[r];
        const GpuState state = rack.poweredFrom <= stretch.month ? GpuState::Idle : GpuState::Unpowered;
        std::fill_n(frame.state.begin() + rack.gpus.first, rack.gpus.count, static_cast<std::uint8_t>(state));
        frame.racks[r] = summarise(frame, rack, frame.counts);
    }
}

void TrainingTimeline::paintStep(Frame& frame, const Stretch& stretch, const StepAt& at) const {
    const cluster::Cluster& floor = *cluster();
    const StepShape& shape = *running(stretch).shape;
    const StepMembers members = membersAt(stretch, at);
    const StepInstant instant = instantOf(shape, at, frame.timeS - stretch.startS);
    const PaintSums sums = tbb::parallel_reduce(
        tbb::blocked_range<Index>(0, static_cast<Index>(floor.racks.size()), kRacksAtOnce), PaintSums{},
        [&](const tbb::blocked_range<Index>& racks, PaintSums before) {
            before +=
                paintTraining(frame, floor, members, instant, stretch.month, racks.begin(), racks.end());
            return before;
        },
        [](PaintSums a, const PaintSums& b) { return a += b; });
    frame.counts = sums.counts;
    frame.waitGpuSeconds =
        static_cast<double>(sums.waitUnits) * at.barrierS / static_cast<double>(kWaitUnits);
    frame.culprit = members.culprit();
    const ClassLaw& law = *members.lawOf(frame.culprit);
    const MemberClass& own = *shape.classOf(frame.culprit);
    const double median = own.computeS * (1 + StepNoise{m_inputs.stepJitter}.quantile(0.5));
    frame.culpritSlowdown =
        own.computeS > 0 ? (static_cast<double>(members.finishOf(law, frame.culprit)) - own.fixedS()) / median
                         : 1;
}

void TrainingTimeline::loadLinks(Frame& frame, const Stretch& stretch, const StepAt& at) const {
    const LinkTraffic& traffic = running(stretch).traffic;
    const StepShape& shape = *running(stretch).shape;
    const double inStep = frame.timeS - stretch.startS - at.startS;
    const double reduceEnd = at.barrierS + shape.reduceS;
    const bool reducing = inStep < reduceEnd && inStep >= reduceEnd - traffic.reduceWindowS;
    const auto of = [&](GpuState s) {
        return static_cast<double>(frame.counts[static_cast<std::size_t>(s)]);
    };
    const double busy = of(GpuState::Computing) + of(GpuState::Communicating) + of(GpuState::Culprit);
    const auto working = static_cast<float>(inStep < at.barrierS ? busy / shape.members() : 0);
    for (std::size_t g = 0; g < frame.linkLoad.size(); ++g) {
        const float reduce = reducing ? traffic.reduce[g] : 0;
        frame.linkLoad[g] = std::min(1.0f, working * traffic.inside[g] + reduce);
    }
}

std::shared_ptr<const Frame> TrainingTimeline::frameAt(double timeS) const {
    const Stretch& stretch = stretchAt(clamped(timeS));
    const Running& now = running(stretch);
    std::shared_ptr<Frame> frame = m_pool.take(*cluster());
    frame->timeS = clamped(timeS);
    frame->training = now.shape.has_value();
    frame->counts = {};
    frame->culprit = cluster::kNone;
    frame->culpritSlowdown = 1;
    frame->waitGpuSeconds = 0;
    frame->step = 0;
    frame->stepStartS = frame->timeS;
    frame->stepTimeS = frame->stepFraction = 0;
    if (!now.shape) {
        paintIdle(*frame, stretch);
        std::ranges::fill(frame->linkLoad, 0.0f);
        return frame;
    }
    const StepAt at = now.clock->at(frame->timeS - stretch.startS);
    frame->step = at.step;
    frame->stepStartS = stretch.startS + at.startS;
    frame->stepTimeS = at.stepS;
    frame->stepFraction = std::clamp((frame->timeS - frame->stepStartS) / at.stepS, 0.0, 1.0);
    paintStep(*frame, stretch, at);
    loadLinks(*frame, stretch, at);
    return frame;
}

std::vector<TimelineSample> TrainingTimeline::samples(double fromS, double toS, int count) const {
    std::vector<TimelineSample> out(static_cast<std::size_t>(std::max(0, count)));
    const double spacing = count > 1 ? (toS - fromS) / (count - 1) : 0;
    tbb::parallel_for(std::size_t{0}, out.size(), [&](std::size_t i) {
        const double timeS = clamped(fromS + spacing * static_cast<double>(i));
        const Stretch& stretch = stretchAt(timeS);
        const Running& now = running(stretch);
        out[i].timeS = timeS;
        if (!now.shape) {
            return;
        }
        const StepAt at = now.clock->at(timeS - stretch.startS);
        const StepShares shares =
            spacing < at.stepS ? sharesAt(*now.shape, *now.barrier, at, timeS - stretch.startS - at.startS)
                               : meanShares(*now.shape, *now.barrier, at);
        const double members = static_cast<double>(now.shape->members()) / stretch.powered;
        out[i].utilisation =
            static_cast<float>(members * (shares.computing + kCollectiveShare * shares.communicating));
        out[i].waiting = static_cast<float>(members * shares.waiting);
        out[i].stepTimeS = static_cast<float>(at.stepS);
    });
    return out;
}

Waterfall TrainingTimeline::waterfall() const {
    std::vector<WaterfallPart> parts;
    for (const Stretch& stretch : m_stretches) {
        const Running& now = running(stretch);
        if (now.shape) {
            const double peak = poweredPeakFlopPerS(*cluster(), stretch.month);
            parts.push_back(
                {&*now.shape, now.barrier.get(), (stretch.endS - stretch.startS) * peak, peak, now.timeKept});
        }
    }
    return waterfallOf(*cluster(), parts);
}

double TrainingTimeline::stepBoundary(double timeS, int direction) const {
    const double now = clamped(timeS);
    const Stretch& stretch = stretchAt(now);
    const StepClock* clock = running(stretch).clock.get();
    if (clock == nullptr) {
        return timeS;
    }
    const StepAt at = clock->at(now - stretch.startS);
    if (direction > 0) {
        // The first instant that the clock counts to the next step: a sum may round down to the last one.
        double next = stretch.startS + at.endS();
        while (clock->at(next - stretch.startS).step == at.step) {
            next = std::nextafter(next, stretch.endS + 1);
        }
        return std::min(next, stretch.endS);
    }
    const double start = stretch.startS + at.startS;
    if (direction < 0 && now <= start && at.step > 0) {
        return stretch.startS + clock->step(at.step - 1).startS;
    }
    return start;
}

GpuDetail TrainingTimeline::detailAt(double timeS, cluster::Index gpu) const {
    const double now = clamped(timeS);
    const Stretch& stretch = stretchAt(now);
    const cluster::Cluster& floor = *cluster();
    GpuDetail detail;
    detail.gpuClass = floor.gpuClasses[floor.classOf(gpu)].name;
    detail.staticSlowdown = m_speeds.slowdown(m_speeds.binOf(gpu));
    const bool powered = floor.racks[floor.rackOf(gpu)].poweredFrom <= stretch.month;
    detail.state = powered ? GpuState::Idle : GpuState::Unpowered;
    const Running& runs = running(stretch);
    const MemberClass* own = runs.shape ? runs.shape->classOf(gpu) : nullptr;
    if (own == nullptr) {
        return detail;
    }
    const StepAt at = runs.clock->at(now - stretch.startS);
    const StepMembers members = membersAt(stretch, at);
    const ClassLaw& law = *members.lawOf(gpu);
    const bool culprit = members.culprit() == gpu;
    const double finishS = culprit ? at.barrierS : static_cast<double>(members.finishOf(law, gpu));
    const training::Layout& layout = runs.shape->anatomy.layout;
    detail.member = true;
    detail.culprit = culprit;
    detail.state = stateOf(members, law, instantOf(*runs.shape, at, now - stretch.startS), gpu);
    detail.utilisation = static_cast<float>(trainingUtilisation(detail.state)) / 255;
    detail.tp = std::max(1, layout.tp);
    detail.cp = std::max(1, layout.cp);
    detail.pp = std::max(1, layout.pp);
    detail.dp = std::max<std::int64_t>(1, layout.dp);
    const Index rank = gpu - own->gpus.first;
    const auto tp = static_cast<Index>(detail.tp);
    const auto cp = static_cast<Index>(detail.cp);
    const Index stage = std::min(rank / own->stageGpus(), static_cast<Index>(own->stages) - 1);
    detail.tpRank = static_cast<int>(rank % tp);
    detail.cpRank = static_cast<int>(rank / tp % cp);
    detail.ppStage = own->firstStage + static_cast<int>(stage);
    detail.dpReplica = (rank - stage * own->stageGpus()) / (tp * cp);
    for (const MemberClass& each : runs.shape->classes) {
        // Replicas of one class follow those of the class before, unless classes share replicas by stage.
        detail.dpReplica +=
            &each < own && each.firstStage == own->firstStage ? each.stageGpus() / (tp * cp) : 0;
    }
    detail.communicateS = own->communicateS + runs.shape->reduceS;
    detail.bubbleS = own->bubbleS;
    detail.computeS = finishS - own->fixedS() + runs.shape->optimizerS;
    detail.waitS = std::max(0.0, at.barrierS - finishS);
    detail.classMedianComputeS =
        own->computeS * (1 + StepNoise{m_inputs.stepJitter}.quantile(0.5)) + runs.shape->optimizerS;
    detail.stepTimeS = at.stepS;
    const auto without = [&](cluster::Range gpus, double& stepS, double& othersWaitGpuHours) {
        const double left = runs.shape->members() - gpus.count;
        const bool blocked = left > 0 && gpus.contains(members.culprit());
        const double savedS =
            blocked ? std::max(0.0, at.barrierS - static_cast<double>(members.barrierWithoutS(gpus))) : 0;
        stepS = at.stepS - savedS;
        othersWaitGpuHours = savedS * left / 3600;
    };
    without({gpu, 1}, detail.stepTimeWithoutS, detail.causedWaitGpuHours);
    without(own->gpus, detail.stepTimeWithoutClassS, detail.classCausedWaitGpuHours);
    return detail;
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
    return out;
}

std::vector<std::string> TrainingTimeline::notes() const {
    std::vector<std::string> out;
    for (const Stretch& stretch : m_stretches) {
        const Running& now = running(stretch);
        std::string text = now.note;
        for (const Diagnostic& each : now.errors) {
            text += (text.empty() ? "" : "; ") + each.message;
        }
        if (!text.empty()) {
            out.push_back(stretch.month.text() + ": " + text);
        }
    }
    return out;
}

} // namespace atlas::operations

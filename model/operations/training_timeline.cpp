#include "model/operations/training_timeline.h"

#include "model/operations/calendar.h"
#include "model/operations/frame_painting.h"
#include "model/operations/step_painter.h"

#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>

namespace atlas::operations {

using cluster::Index;
using scenario::Month;

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
        paintFrame(*frame, *cluster(), *now.job, stretch.month);
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

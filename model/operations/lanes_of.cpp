#include "model/operations/lanes_of.h"

#include "model/operations/critical_path.h"
#include "model/operations/lane_ranks.h"
#include "model/operations/span_kinds.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace atlas::operations {

namespace {

using cluster::Index;
using cluster::kNone;

constexpr std::size_t kMostSteps = 20'000; // of a lane of steps
constexpr double kSameS = 1e-6;            // instants as sums of steps differ by less, over a century
constexpr std::size_t kMostEvents = 200'000;
constexpr std::size_t kMostEventTexts = 4'000;

class Builder {
public:
    Builder(const Timeline& timeline, const LanesRequest& request, std::stop_token stop)
        : m_timeline(timeline)
        , m_request(request)
        , m_stop(std::move(stop)) {
        m_out.cluster = timeline.cluster();
        m_out.fromS = request.fromS;
        m_out.toS = request.toS;
        m_out.pixelsPerS = request.pixelsPerS;
        m_out.selected = request.selected;
    }

    StepLanes build() {
        findFocus();
        addJob();
        addConditions();
        if (m_focus && !m_stop.stop_requested()) {
            addRanks();
            fillRanks();
            if (m_out.detail != LaneDetail::Conditions) {
                addCriticalPaths();
            }
        }
        return std::move(m_out);
    }

private:
    void findFocus() {
        m_focus = m_timeline.workAt(m_request.focusS, {});
        if (m_focus) {
            m_out.focusFromS = m_focus->step.startS;
            m_out.focusToS = m_focus->step.endS;
            m_out.culprit = m_focus->step.culprit;
            return;
        }
        // A stall stays the same until it ends; where nothing trains, there is nothing to wait for.
        m_out.focusFromS = m_request.fromS;
        m_out.focusToS = m_request.toS;
        for (const PhaseSpan& span : m_timeline.phases(m_request.focusS, m_request.focusS + 1)) {
            if (span.startS <= m_request.focusS && m_request.focusS < span.endS) {
                m_out.focusFromS = span.startS;
                m_out.focusToS = span.endS;
            }
        }
        m_out.instead = m_timeline.activity();
    }

    std::uint16_t addSection(LaneSection section) {
        m_out.sections.push_back(section);
        return static_cast<std::uint16_t>(m_out.sections.size() - 1);
    }

    TimelineLane& addLane(LaneKind kind, std::uint16_t section, std::vector<LaneSpan> spans = {}) {
        TimelineLane& lane = m_out.lanes.emplace_back();
        lane.kind = kind;
        lane.section = section;
        lane.track = LaneTrack(std::move(spans));
        return lane;
    }

    void addJob() {
        std::vector<LaneSpan> phases;
        for (const PhaseSpan& span : m_timeline.phases(m_request.fromS, m_request.toS)) {
            phases.push_back({span.startS, span.endS, kindOf(span.phase), 1, 0});
        }
        const double stepS = m_focus ? m_focus->step.endS - m_focus->step.startS : 0;
        const double expected = stepS > 0 ? (m_request.toS - m_request.fromS) / stepS : 0;
        if (expected > 0 && expected < 0.8 * kMostSteps) {
            addSteps();
        }
        if (phases.empty() && m_out.steps.empty()) {
            return;
        }
        const std::uint16_t job = addSection({SectionKind::Job, 0, 0, 0});
        if (!phases.empty()) {
            addLane(LaneKind::Phases, job, std::move(phases));
        }
        if (!m_out.steps.empty()) {
            std::vector<LaneSpan> steps;
            for (std::uint32_t i = 0; i < m_out.steps.size(); ++i) {
                steps.push_back({m_out.steps[i].startS, m_out.steps[i].endS, m_out.steps[i].kind, 1, i});
            }
            addLane(LaneKind::Steps, job, std::move(steps));
        }
    }

    void addSteps() {
        // The one that is under way when the span begins belongs to it.
        const auto before = m_timeline.workAt(m_request.fromS, {});
        const double fromS = before ? before->step.startS : m_request.fromS;
        for (const StepSpan& step : m_timeline.steps(fromS, m_request.toS, kMostSteps)) {
            const bool own = step.island == kNone || !m_focus || m_focus->step.island == kNone ||
                             step.island == m_focus->step.island;
            // One that only touches the span is not of it.
            const bool inside = step.endS > m_request.fromS + kSameS && step.startS < m_request.toS - kSameS;
            if (own && inside) {
                m_out.steps.push_back({step.step, step.startS, step.startS + step.barrierS, step.endS,
                                       step.culprit, kindOf(step.cause)});
            }
        }
    }

    void addConditions() {
        m_events = m_timeline.events(m_request.fromS, m_request.toS);
        if (m_events.size() > kMostEvents) {
            m_events.resize(kMostEvents);
        }
        std::map<Component, std::vector<LaneSpan>> byComponent;
        for (std::uint32_t i = 0; i < m_events.size(); ++i) {
            const Event& event = m_events[i];
            byComponent[event.component].push_back({event.timeS, event.endS(), kindOf(event), 1, i});
            if (i < kMostEventTexts) {
                m_out.events.push_back(eventText(*m_out.cluster, event));
            }
        }
        if (byComponent.empty()) {
            return;
        }
        const std::uint16_t section = addSection({SectionKind::Conditions, 0, 0, 0});
        for (auto& [component, spans] : byComponent) {
            addLane(LaneKind::Conditions, section, merged(std::move(spans))).component = component;
        }
    }

    /// Lanes of the chosen ranks, and where the stages of the culprit's pipeline have theirs.
    void addRanks() {
        for (const RankSection& chosen :
             chooseRanks(*m_out.cluster, *m_focus->shape, m_focus->step.culprit, m_request.selected)) {
            const std::uint16_t section = addSection(chosen.section);
            const bool pipeline = chosen.section.kind == SectionKind::CulpritPipeline;
            if (pipeline) {
                m_laneOfStage.assign(chosen.section.of, -1);
            }
            for (const Index gpu : chosen.gpus) {
                const auto place = placeOf(*m_out.cluster, *m_focus->shape, gpu);
                if (!place) {
                    continue;
                }
                if (pipeline) {
                    m_laneOfStage[static_cast<std::size_t>(place->stage)] =
                        static_cast<int>(m_out.lanes.size());
                }
                TimelineLane& lane = addLane(LaneKind::Rank, section);
                lane.gpu = gpu;
                lane.place = *place;
                lane.culprit = gpu == m_focus->step.culprit;
            }
        }
    }

    void fillRanks() {
        const double stepS = m_focus->step.endS - m_focus->step.startS;
        const double stepPx = stepS * m_request.pixelsPerS;
        m_out.stepCount = m_out.steps.size();
        m_out.detail = stepPx / std::max(1.0, m_focus->shape->microBatches) >= kCyclePx ? LaneDetail::Phases
                       : stepPx >= kStepPx                                              ? LaneDetail::Steps
                                           : LaneDetail::Conditions;
        if (m_out.steps.empty()) {
            m_out.detail = LaneDetail::Conditions;
        }
        m_out.detail == LaneDetail::Conditions ? fillWithConditions() : fillWithSteps();
    }

    /// What each rank does in each step. Steps of another layout than the one in focus have other ranks in
    /// the same places: they are left empty.
    void fillWithSteps() {
        std::vector<Index> gpus;
        std::vector<std::size_t> lanes;
        for (std::size_t i = 0; i < m_out.lanes.size(); ++i) {
            if (m_out.lanes[i].kind == LaneKind::Rank) {
                gpus.push_back(m_out.lanes[i].gpu);
                lanes.push_back(i);
            }
        }
        const WorkDetail detail =
            m_out.detail == LaneDetail::Phases ? WorkDetail::MicroBatches : WorkDetail::Whole;
        std::vector<std::vector<std::vector<LaneSpan>>> drawn(m_out.steps.size()); // [step][rank]
        m_works.resize(m_out.steps.size());
        tbb::parallel_for(std::size_t{0}, m_out.steps.size(), [&](std::size_t s) {
            if (m_stop.stop_requested()) {
                return;
            }
            const LaneStep& step = m_out.steps[s];
            auto work = m_timeline.workAt((step.startS + step.endS) / 2, gpus);
            if (!work || work->shape != m_focus->shape) {
                return;
            }
            drawn[s].resize(gpus.size());
            std::size_t rank = 0;
            for (std::size_t i = 0; i < gpus.size() && rank < work->ranks.size(); ++i) {
                if (work->ranks[rank].gpu == gpus[i]) {
                    drawn[s][i] = spansOf(*work, work->ranks[rank], detail);
                    ++rank;
                }
            }
            m_works[s] = std::move(work);
        });
        for (std::size_t i = 0; i < gpus.size(); ++i) {
            std::vector<LaneSpan> spans;
            for (const auto& step : drawn) {
                if (i < step.size()) {
                    for (LaneSpan span : step[i]) {
                        // Steps meet; sums of their times may differ in the last digit.
                        span.startS = spans.empty() ? span.startS : std::max(span.startS, spans.back().endS);
                        if (span.endS > span.startS) {
                            spans.push_back(span);
                        }
                    }
                }
            }
            m_out.lanes[lanes[i]].track = LaneTrack(std::move(spans));
        }
    }

    /// The job's phases, and over them what happens to the rank itself.
    void fillWithConditions() {
        std::vector<LaneSpan> phases;
        for (const PhaseSpan& span : m_timeline.phases(m_request.fromS, m_request.toS)) {
            phases.push_back({span.startS, span.endS, kindOf(span.phase), 1, 0});
        }
        for (TimelineLane& lane : m_out.lanes) {
            if (lane.kind != LaneKind::Rank) {
                continue;
            }
            std::vector<LaneSpan> own;
            for (std::uint32_t i = 0; i < m_events.size(); ++i) {
                const Event& event = m_events[i];
                const bool concerns = event.part.kind != cluster::PartKind::Cluster &&
                                      cluster::gpusOf(*m_out.cluster, event.part).contains(lane.gpu);
                if (concerns) {
                    own.push_back(
                        {event.timeS, std::max(event.endS(), event.repairedS), kindOf(event), 1, i});
                }
            }
            lane.track = LaneTrack(covered(phases, merged(std::move(own))));
        }
    }

    /// `under` with `over` cut out of it and put in its place.
    static std::vector<LaneSpan> covered(const std::vector<LaneSpan>& under,
                                         const std::vector<LaneSpan>& over) {
        std::vector<LaneSpan> out;
        std::size_t next = 0;
        for (LaneSpan span : under) {
            while (next < over.size() && over[next].startS < span.endS) {
                const LaneSpan& top = over[next];
                if (top.startS > span.startS) {
                    LaneSpan before = span;
                    before.endS = top.startS;
                    out.push_back(before);
                }
                if (out.empty() || out.back().endS <= top.startS) {
                    out.push_back(top);
                }
                span.startS = std::max(span.startS, top.endS);
                if (top.endS > span.endS) {
                    break; // it goes on in the next one
                }
                ++next;
            }
            if (span.endS > span.startS) {
                out.push_back(span);
            }
        }
        for (; next < over.size(); ++next) {
            if (out.empty() || over[next].startS >= out.back().endS) {
                out.push_back(over[next]);
            }
        }
        return out;
    }

    void addCriticalPaths() {
        for (const std::optional<StepWork>& work : m_works) {
            if (!work) {
                continue;
            }
            const Index culprit = work->step.culprit;
            const auto lane = std::ranges::find_if(m_out.lanes, [culprit](const TimelineLane& each) {
                return each.kind == LaneKind::Rank && each.gpu == culprit;
            });
            const auto rank = std::ranges::find(work->ranks, culprit, &RankWork::gpu);
            if (lane == m_out.lanes.end() || rank == work->ranks.end()) {
                continue; // held up by a GPU that has no lane here
            }
            // The way through the pipeline is that of the replica whose stages have lanes.
            const bool inFocus = culprit == m_focus->step.culprit && !m_laneOfStage.empty();
            const int own = inFocus ? m_laneOfStage[static_cast<std::size_t>(lane->place.stage)]
                                    : static_cast<int>(lane - m_out.lanes.begin());
            const auto legs = criticalPath(*work, *rank, inFocus ? m_laneOfStage : std::vector<int>{}, own);
            m_out.critical.insert(m_out.critical.end(), legs.begin(), legs.end());
        }
    }

    const Timeline& m_timeline;
    const LanesRequest& m_request;
    std::stop_token m_stop;
    StepLanes m_out;
    std::optional<StepWork> m_focus;
    std::vector<Event> m_events;
    std::vector<int> m_laneOfStage;
    std::vector<std::optional<StepWork>> m_works; ///< by step
};

} // namespace

StepLanes lanesOf(const Timeline& timeline, const LanesRequest& request, std::stop_token stop) {
    return Builder(timeline, request, std::move(stop)).build();
}

} // namespace atlas::operations

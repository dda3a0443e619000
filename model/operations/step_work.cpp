#include "model/operations/step_work.h"

#include "model/operations/frame.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace atlas::operations {

namespace {

using cluster::Index;

std::int64_t ranksInStage(const training::Layout& layout) {
    return static_cast<std::int64_t>(std::max(1, layout.tp)) * std::max(1, layout.cp);
}

/// Replicas of the classes before that hold the same stages: they are counted through.
std::int64_t replicasBefore(const StepShape& shape, const MemberClass& own) {
    std::int64_t sum = 0;
    for (const MemberClass& each : shape.classes) {
        const bool earlier = &each < &own && each.firstStage == own.firstStage;
        sum += earlier ? each.stageGpus() / ranksInStage(shape.anatomy.layout) : 0;
    }
    return sum;
}

struct Part {
    SpanKind kind;
    double share;
};

/// Kinds of communication inside micro-batches and their shares.
std::vector<Part> exchangesOf(const training::Breakdown& breakdown) {
    std::vector<Part> parts = {{SpanKind::ExpertExchange, breakdown.ep},
                               {SpanKind::TensorExchange, breakdown.tp},
                               {SpanKind::ContextExchange, breakdown.cp},
                               {SpanKind::PipelineExchange, breakdown.pp}};
    double sum = 0;
    for (const Part& part : parts) {
        sum += part.share;
    }
    if (!(sum > 0)) {
        return {{SpanKind::TensorExchange, 1}}; // exposed by noise of the class alone
    }
    std::erase_if(parts, [](const Part& part) { return !(part.share > 0); });
    for (Part& part : parts) {
        part.share /= sum;
    }
    return parts;
}

/// Where in a stage's work only forward passes run, and from where on only backward ones; seconds of it.
struct Passes {
    double forwardUntilS = 0;
    double backwardFromS = 0;
};

Passes passesOf(const training::Layout& layout, const RankPlace& place, double microBatches, double workS) {
    if (layout.pp <= 1) {
        return {0, workS};
    }
    const double ahead = std::min<double>(layout.pp - place.stage, microBatches);
    return {workS * ahead / (3 * microBatches), workS * (1 - 2 * ahead / (3 * microBatches))};
}

/// Writes the spans of one rank, in order of time.
class Writer {
public:
    Writer(const StepWork& work, const RankWork& rank, WorkDetail detail)
        : m_work(work)
        , m_rank(rank)
        , m_detail(detail)
        , m_workS(rank.finishS - rank.bubbleS)
        , m_cycles(work.shape->microBatches)
        , m_computing(std::clamp((m_workS - rank.communicateS) / m_workS, 0.0, 1.0))
        , m_passes(passesOf(work.shape->anatomy.layout, rank.place, m_cycles, m_workS))
        , m_exchanges(exchangesOf(work.shape->anatomy.breakdown)) {}

    std::vector<LaneSpan> write() {
        const double startS = m_work.step.startS;
        const double barrierS = startS + m_work.step.barrierS;
        const double before = static_cast<double>(m_rank.timing.busyBefore);
        bubble(static_cast<double>(m_rank.timing.startIdleS));
        if (m_rank.heldBy == Group::Own) {
            // The cycles go on through the bubble in the middle, wherever that cuts them.
            cycles(0, before * m_workS, 0);
            bubble(static_cast<double>(m_rank.timing.midIdleS));
            cycles(before * m_workS, m_workS, 0);
        } else {
            // At the culprit's pace; upstream only once the first gradient is back.
            const double slowedS = m_work.step.barrierS - m_rank.bubbleS - m_workS;
            const double earlyS = m_rank.upstream ? 0 : before * slowedS;
            cycles(0, before * m_workS, earlyS);
            bubble(static_cast<double>(m_rank.timing.midIdleS));
            cycles(before * m_workS, m_workS, slowedS - earlyS);
        }
        // What the pipeline still takes after this stage is done, and then the slower ones.
        const double drainS = m_rank.bubbleS - static_cast<double>(m_rank.timing.startIdleS) -
                              static_cast<double>(m_rank.timing.midIdleS);
        bubble(std::min(drainS, barrierS - startS - m_atS));
        until(barrierS - startS, SpanKind::BarrierWait, 0);
        until(barrierS - startS + m_work.reduceS, SpanKind::GradientExchange, 0);
        until(m_work.step.endS - startS, SpanKind::Optimizer, 0);
        return std::move(m_spans);
    }

private:
    /// A span from where the last one ended, seconds since the step's start; never beyond the step, which a
    /// failure may cut off.
    void until(double endS, SpanKind kind, std::uint32_t number) {
        const double startS = m_work.step.startS + m_atS;
        const double stopS = std::min(m_work.step.startS + endS, m_work.step.endS);
        if (stopS > startS) {
            m_spans.push_back({startS, stopS, kind, 1, number});
        }
        m_atS = std::max(m_atS, endS);
    }
    void lasting(double seconds, SpanKind kind, std::uint32_t number) {
        if (seconds > 0) {
            until(m_atS + seconds, kind, number);
        }
    }
    void bubble(double seconds) { lasting(seconds, SpanKind::Bubble, 0); }

    /// Work from `fromS` to `toS`, seconds of work since its beginning, with `waitS` seconds of waiting
    /// spread over its micro-batches.
    void cycles(double fromS, double toS, double waitS) {
        if (!(toS > fromS)) {
            return;
        }
        if (m_detail == WorkDetail::Whole) {
            lasting(toS - fromS, SpanKind::Work, 0);
            lasting(waitS, SpanKind::BarrierWait, 0);
            return;
        }
        const bool held = m_rank.heldBy != Group::Own;
        const double cycleS = m_workS / m_cycles;
        // Those who are held up begin with a whole micro-batch, the others wherever they are in theirs.
        const double firstS = held ? fromS : -m_rank.offset * cycleS;
        const double waitPerCycleS = waitS / ((toS - fromS) / cycleS);
        const auto last = static_cast<std::uint32_t>(std::ceil(m_cycles) - 1);
        const auto skipped = static_cast<std::uint32_t>(std::max(0.0, std::floor((fromS - firstS) / cycleS)));
        const auto done = static_cast<std::uint32_t>(held ? std::lround(fromS / cycleS) : 0);
        for (std::uint32_t k = skipped; firstS + k * cycleS < toS; ++k) {
            cycle(firstS + k * cycleS, cycleS, fromS, toS, waitPerCycleS, std::min(done + k, last));
        }
    }

    void cycle(double beginS, double cycleS, double fromS, double toS, double waitS, std::uint32_t number) {
        const auto piece = [&](double from, double to, SpanKind kind) {
            lasting(std::min(to, toS) - std::max(from, fromS), kind, number);
        };
        const double exchangeS = beginS + m_computing * cycleS;
        // Forward first, then backward; early on all of it is forward, towards the end all of it backward.
        const double splitS =
            std::clamp(beginS + (exchangeS - beginS) / 3, std::min(m_passes.forwardUntilS, exchangeS),
                       std::max(m_passes.backwardFromS, beginS));
        piece(beginS, splitS, SpanKind::Forward);
        piece(splitS, exchangeS, SpanKind::Backward);
        const double share = std::clamp((toS - beginS) / cycleS, 0.0, 1.0); // the last one may be cut off
        if (m_rank.heldBy == Group::Tensor) {
            lasting(waitS * share, SpanKind::BarrierWait, number);
        }
        double at = exchangeS;
        for (const Part& part : m_exchanges) {
            const double to = at + part.share * (1 - m_computing) * cycleS;
            piece(at, to, part.kind);
            at = to;
        }
        if (m_rank.heldBy != Group::Tensor) {
            lasting(waitS * share, SpanKind::BarrierWait, number);
        }
    }

    const StepWork& m_work;
    const RankWork& m_rank;
    WorkDetail m_detail;
    double m_workS;
    double m_cycles;
    double m_computing; ///< share of a cycle
    Passes m_passes;
    std::vector<Part> m_exchanges;
    double m_atS = 0; ///< since the step's start
    std::vector<LaneSpan> m_spans;
};

} // namespace

std::optional<RankPlace> placeOf(const cluster::Cluster& cluster, const StepShape& shape, Index gpu) {
    const MemberClass* own = shape.classOf(gpu);
    if (own == nullptr) {
        return std::nullopt;
    }
    const training::Layout& layout = shape.anatomy.layout;
    const Index rank = own->rankOf(gpu);
    const auto tp = static_cast<Index>(std::max(1, layout.tp));
    const auto cp = static_cast<Index>(std::max(1, layout.cp));
    const Index stage = std::min(rank / own->stageGpus(), static_cast<Index>(own->stages) - 1);
    RankPlace place;
    place.gpuClass = cluster.islands[own->island].gpuClass;
    place.tensor = static_cast<int>(rank % tp);
    place.context = static_cast<int>(rank / tp % cp);
    place.stage = own->firstStage + static_cast<int>(stage);
    place.replica = replicasBefore(shape, *own) + (rank - stage * own->stageGpus()) / (tp * cp);
    return place;
}

Index gpuAt(const StepShape& shape, const RankPlace& place) {
    const training::Layout& layout = shape.anatomy.layout;
    const std::int64_t perStage = ranksInStage(layout);
    const std::int64_t within =
        static_cast<std::int64_t>(place.context) * std::max(1, layout.tp) + place.tensor;
    for (const MemberClass& own : shape.classes) {
        const bool holds = place.stage >= own.firstStage && place.stage < own.firstStage + own.stages;
        const std::int64_t replica = place.replica - replicasBefore(shape, own);
        if (!holds || replica < 0 || replica >= own.stageGpus() / perStage || within >= perStage) {
            continue;
        }
        const std::int64_t rank = static_cast<std::int64_t>(place.stage - own.firstStage) * own.stageGpus() +
                                  replica * perStage + within;
        if (rank < own.count()) {
            return own.gpuOf(static_cast<Index>(rank));
        }
    }
    return cluster::kNone;
}

std::vector<LaneSpan> spansOf(const StepWork& work, const RankWork& rank, WorkDetail detail) {
    return Writer(work, rank, detail).write();
}

GpuState stateOf(SpanKind kind) {
    switch (kind) {
    case SpanKind::Forward:
    case SpanKind::Backward:
    case SpanKind::Optimizer:
    case SpanKind::Work:
        return GpuState::Computing;
    case SpanKind::Bubble:
    case SpanKind::BarrierWait:
        return GpuState::Waiting;
    default:
        return GpuState::Communicating;
    }
}

} // namespace atlas::operations

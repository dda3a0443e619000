// One lane of the step timeline: what one rank, or the job as a whole, does over time, as spans that follow
// one another. Made for millions of spans: whatever lies in a few pixels is summed without being walked.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace atlas::operations {

/// What a span of a lane is.
enum class SpanKind : std::uint8_t {
    // Of a rank, inside a step.
    Forward,
    Backward,
    TensorExchange, ///< exposed communication, by the group it is within
    ContextExchange,
    ExpertExchange,
    PipelineExchange,
    GradientExchange,
    Bubble, ///< pipeline fill and drain
    BarrierWait,
    Optimizer,
    Work, ///< all of the above up to the barrier but bubbles, where there is no telling them apart
    // Of the job.
    Running,
    Checkpoint,
    OuterExchange, ///< local SGD: islands meet
    Detecting,     ///< something failed, nobody knows yet
    Restart,
    Halted, ///< too few GPUs are left
    Idle,
    // Whole steps, by what held them up.
    StepChance,   ///< jitter, or what is slow for good
    StepMismatch, ///< a slower class
    StepSlow,     ///< something that is slow for a while
    StepInjected, ///< what a person did
    // Conditions.
    Failure,
    Slowness,
    Injected,
    Planned, ///< a restart on purpose, also an eviction
};
inline constexpr std::size_t kSpanKindCount = 26;
/// Kinds that no fold may hide.
[[nodiscard]] bool severe(SpanKind kind);

struct LaneSpan {
    double startS = 0;
    double endS = 0; ///< >= startS
    SpanKind kind = SpanKind::Idle;
    std::uint16_t count = 1;  ///< conditions at the same time
    std::uint32_t number = 0; ///< of the micro-batch, the step or the event
    [[nodiscard]] double seconds() const { return endS - startS; }
};

/// Seconds by kind.
using KindSeconds = std::array<double, kSpanKindCount>;

class LaneTrack {
public:
    LaneTrack() = default;
    /// Spans in order of time that do not overlap. Precondition: both.
    explicit LaneTrack(std::vector<LaneSpan> spans);

    [[nodiscard]] std::span<const LaneSpan> spans() const { return m_spans; }
    [[nodiscard]] std::size_t size() const { return m_spans.size(); }
    /// The first span that ends after an instant (or lies at it); size() where there is none. O(log n).
    [[nodiscard]] std::size_t firstAfter(double timeS) const;
    /// The first span that starts at or after an instant. O(log n).
    [[nodiscard]] std::size_t firstFrom(double timeS) const;
    /// The span that covers an instant; null in a gap. O(log n).
    [[nodiscard]] const LaneSpan* at(double timeS) const;
    /// Whole seconds by kind of the spans [first, end). O(1), whatever their number.
    [[nodiscard]] KindSeconds seconds(std::size_t first, std::size_t end) const;
    /// A severe span among [first, end); null where there is none. O(log n).
    [[nodiscard]] const LaneSpan* severeIn(std::size_t first, std::size_t end) const;

private:
    std::vector<LaneSpan> m_spans;
    std::vector<KindSeconds> m_sums;     ///< before every kStride-th span
    std::vector<std::uint32_t> m_severe; ///< indices
};

/// Spans that overlap, as spans that do not: where several are open at once, one span with their number and
/// the kind of the most severe, or else the first in the list of kinds. Spans without length stay, and part
/// the one they lie in. `number` is that of the one that opened last.
[[nodiscard]] std::vector<LaneSpan> merged(std::vector<LaneSpan> overlapping);

} // namespace atlas::operations

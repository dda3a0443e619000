#include "model/operations/lane_track.h"

#include <algorithm>
#include <tuple>

namespace atlas::operations {

namespace {

constexpr std::size_t kStride = 16;

void add(KindSeconds& sums, const LaneSpan& span) {
    sums[static_cast<std::size_t>(span.kind)] += span.seconds();
}

} // namespace

bool severe(SpanKind kind) {
    switch (kind) {
    case SpanKind::Failure:
    case SpanKind::Injected:
    case SpanKind::Halted:
    case SpanKind::StepInjected:
        return true;
    default:
        return false;
    }
}

LaneTrack::LaneTrack(std::vector<LaneSpan> spans)
    : m_spans(std::move(spans)) {
    KindSeconds sums{};
    for (std::size_t i = 0; i < m_spans.size(); ++i) {
        if (i % kStride == 0) {
            m_sums.push_back(sums);
        }
        add(sums, m_spans[i]);
        if (severe(m_spans[i].kind)) {
            m_severe.push_back(static_cast<std::uint32_t>(i));
        }
    }
}

std::size_t LaneTrack::firstAfter(double timeS) const {
    const auto found = std::ranges::partition_point(
        m_spans, [timeS](const LaneSpan& s) { return s.endS <= timeS && s.startS < timeS; });
    return static_cast<std::size_t>(found - m_spans.begin());
}

std::size_t LaneTrack::firstFrom(double timeS) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(m_spans, timeS, {}, &LaneSpan::startS) -
                                    m_spans.begin());
}

const LaneSpan* LaneTrack::at(double timeS) const {
    const std::size_t i = firstAfter(timeS);
    return i < m_spans.size() && m_spans[i].startS <= timeS ? &m_spans[i] : nullptr;
}

KindSeconds LaneTrack::seconds(std::size_t first, std::size_t end) const {
    end = std::min(end, m_spans.size());
    KindSeconds out{};
    if (first >= end) {
        return out;
    }
    if (end - first <= 2 * kStride) {
        for (std::size_t i = first; i < end; ++i) {
            add(out, m_spans[i]);
        }
        return out;
    }
    // Between two kept sums, and the few spans at either end.
    const std::size_t from = (first + kStride - 1) / kStride;
    const std::size_t to = end / kStride;
    for (std::size_t i = first; i < from * kStride; ++i) {
        add(out, m_spans[i]);
    }
    for (std::size_t i = to * kStride; i < end; ++i) {
        add(out, m_spans[i]);
    }
    const bool last = to == m_sums.size();
    const KindSeconds& upTo = last ? m_sums.back() : m_sums[to];
    for (std::size_t k = 0; k < kSpanKindCount; ++k) {
        out[k] += upTo[k] - m_sums[from][k];
    }
    if (last) {
        for (std::size_t i = (to - 1) * kStride; i < to * kStride; ++i) {
            add(out, m_spans[i]);
        }
    }
    return out;
}

const LaneSpan* LaneTrack::severeIn(std::size_t first, std::size_t end) const {
    const auto found = std::ranges::lower_bound(m_severe, static_cast<std::uint32_t>(first));
    return found != m_severe.end() && *found < end ? &m_spans[*found] : nullptr;
}

std::vector<LaneSpan> merged(std::vector<LaneSpan> spans) {
    enum class Turn { Closes, Instant, Opens };
    struct Edge {
        double timeS;
        std::size_t span;
        Turn turn;
    };
    std::vector<Edge> edges;
    std::vector<LaneSpan> out;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        if (spans[i].seconds() > 0) {
            edges.push_back({spans[i].startS, i, Turn::Opens});
            edges.push_back({spans[i].endS, i, Turn::Closes});
        } else {
            edges.push_back({spans[i].startS, i, Turn::Instant});
        }
    }
    std::ranges::sort(edges, [](const Edge& a, const Edge& b) {
        return std::tie(a.timeS, a.turn, a.span) < std::tie(b.timeS, b.turn, b.span);
    });
    std::array<std::uint32_t, kSpanKindCount> open{};
    std::uint32_t opened = 0;
    std::uint32_t newest = 0;
    double sinceS = 0;
    const auto flush = [&](double untilS) {
        if (opened == 0 || untilS <= sinceS) {
            return;
        }
        LaneSpan span{sinceS, untilS, SpanKind::Idle, static_cast<std::uint16_t>(std::min(opened, 0xffffu)),
                      newest};
        bool found = false;
        for (std::size_t k = 0; k < kSpanKindCount; ++k) {
            const auto kind = static_cast<SpanKind>(k);
            if (open[k] > 0 && (!found || (severe(kind) && !severe(span.kind)))) {
                span.kind = kind;
                found = true;
            }
        }
        out.push_back(span);
    };
    for (const Edge& edge : edges) {
        flush(edge.timeS);
        sinceS = edge.timeS;
        const auto kind = static_cast<std::size_t>(spans[edge.span].kind);
        if (edge.turn == Turn::Instant) {
            out.push_back(spans[edge.span]);
        } else if (edge.turn == Turn::Opens) {
            ++open[kind];
            ++opened;
            newest = spans[edge.span].number;
        } else {
            --open[kind];
            --opened;
        }
    }
    return out;
}

} // namespace atlas::operations

// Lanes made by hand: a small cluster, a job, a replica whose culprit computes too long.
#pragma once

#include "model/operations/step_lanes.h"
#include "tests/scenes/floor_fixture.h"

namespace atlas::fixture {

using operations::LaneKind;
using operations::LaneSpan;
using operations::LaneTrack;
using operations::SectionKind;
using operations::SpanKind;
using operations::TimelineLane;

/// Spans without gaps, each `lengthS` long, of the kinds in turn.
inline std::vector<LaneSpan> evenSpans(double fromS, double lengthS, std::size_t count,
                                       const std::vector<SpanKind>& kinds) {
    std::vector<LaneSpan> spans;
    for (std::size_t i = 0; i < count; ++i)
        spans.push_back({fromS + lengthS * static_cast<double>(i),
                         fromS + lengthS * static_cast<double>(i + 1), kinds[i % kinds.size()], 1,
                         static_cast<std::uint32_t>(i)});
    return spans;
}

/// Spans of random lengths between `shortestS` and 10,000 times that, some with gaps, some severe.
inline std::vector<LaneSpan> randomSpans(std::uint64_t seed, std::size_t count, double shortestS) {
    std::vector<LaneSpan> spans;
    double t = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto w = random::words(seed, random::Purpose::StepMember, i);
        const double length = w[3] % 50 == 0 ? 0 : shortestS * std::pow(10.0, w[0] / 4294967296.0 * 4);
        if (w[1] % 4 == 0)
            t += length;
        auto kind = static_cast<SpanKind>(w[2] % 10);
        if (w[2] % 97 == 0)
            kind = SpanKind::Failure;
        spans.push_back({t, t + length, kind, 1, static_cast<std::uint32_t>(i)});
        t += length;
    }
    return spans;
}

/// A job lane, a lane of steps, the culprit's group of four and two stages of another replica, over ten steps
/// of ten seconds from `fromS` on.
inline std::shared_ptr<operations::StepLanes>
smallLanes(const std::shared_ptr<const cluster::Cluster>& cluster, double fromS = 1000) {
    auto lanes = std::make_shared<operations::StepLanes>();
    lanes->cluster = cluster;
    lanes->fromS = 0;
    lanes->toS = 1e9;
    lanes->focusFromS = fromS + 40;
    lanes->focusToS = fromS + 50;
    lanes->culprit = 2;
    lanes->sections = {{SectionKind::Job, 0, 0, 0},
                       {SectionKind::CulpritTensor, 0, 5, 4},
                       {SectionKind::Replica, 0, 77, 49}};
    const auto add = [&](LaneKind kind, std::uint16_t section, std::vector<LaneSpan> spans) -> TimelineLane& {
        TimelineLane lane;
        lane.kind = kind;
        lane.section = section;
        lane.track = LaneTrack(std::move(spans));
        lanes->lanes.push_back(std::move(lane));
        return lanes->lanes.back();
    };
    add(LaneKind::Phases, 0, {{fromS, fromS + 100, SpanKind::Running, 1, 0}});
    add(LaneKind::Steps, 0, evenSpans(fromS, 10, 10, {SpanKind::StepChance, SpanKind::StepSlow}));
    for (std::uint32_t i = 0; i < 10; ++i)
        lanes->steps.push_back({i + 500, fromS + 10 * i, fromS + 10 * i + 9, fromS + 10 * i + 10, 2,
                                i % 2 ? SpanKind::StepSlow : SpanKind::StepChance});
    for (int r = 0; r < 6; ++r) {
        std::vector<LaneSpan> spans;
        for (std::uint32_t s = 0; s < 10; ++s) {
            const double start = fromS + 10 * s;
            const double busy = r == 2 ? 9.0 : 4.0 + 0.3 * r;
            for (std::uint32_t m = 0; m < 8; ++m) {
                const double at = start + busy * m / 8;
                spans.push_back({at, at + busy / 20, SpanKind::Forward, 1, m});
                spans.push_back({at + busy / 20, at + busy * 3 / 20, SpanKind::Backward, 1, m});
                spans.push_back({at + busy * 3 / 20, at + busy / 8, SpanKind::BarrierWait, 1, m});
                spans.back().kind = SpanKind::ExpertExchange;
                if (at + busy * 3 / 20 > at + busy / 8)
                    spans.pop_back();
            }
            // Cut to order, so that spans never overlap.
            for (std::size_t i = 1; i < spans.size(); ++i)
                if (spans[i - 1].endS > spans[i].startS)
                    spans[i - 1].endS = spans[i].startS;
            if (busy < 9)
                spans.push_back({start + busy, start + 9, SpanKind::BarrierWait, 1, 0});
            spans.push_back({start + 9, start + 9.8, SpanKind::GradientExchange, 1, 0});
            spans.push_back({start + 9.8, start + 10, SpanKind::Optimizer, 1, 0});
        }
        TimelineLane& lane = add(LaneKind::Rank, r < 4 ? 1 : 2, std::move(spans));
        lane.gpu = static_cast<Index>(r < 4 ? r : 900 + r);
        lane.place = {0, r < 4 ? 5 : 77, r < 4 ? 0 : r - 4, 0, r < 4 ? r : 0};
        lane.culprit = r == 2;
    }
    lanes->critical = {{4, fromS + 40, fromS + 49}, {7, fromS + 49, fromS + 50}};
    return lanes;
}

} // namespace atlas::fixture

// What the step timeline answers: what lies under a point, what to say about it, what the colours mean.
#include "scenes/lanes_scene.h"
#include "scenes/lanes_words.h"
#include "scenes/time_ticks.h"
#include "scenes/words.h"

#include <algorithm>

namespace atlas::scenes {

using operations::LaneKind;
using operations::StepLanes;
using operations::TimelineLane;

namespace {

/// How far beside a narrow item the pointer still means it.
constexpr double kReachPx = 2;

Target targetOf(const StepLanes& lanes, std::uint32_t lane, cluster::Index part) {
    const TimelineLane& it = lanes.lanes[lane];
    return it.kind == LaneKind::Rank ? Target{TargetKind::Gpu, it.gpu, part}
                                     : Target{TargetKind::Lane, lane, part};
}

} // namespace

Target LanesScene::pick(QPointF screen, const Viewport& viewport) const {
    const StepLanes* now = fitting();
    const LanesLayout layout = layoutFor(viewport);
    if (!viewport.rect().contains(screen))
        return {};
    if (screen.y() < layout.axis && screen.x() >= layout.gutter)
        return {TargetKind::Instant, static_cast<cluster::Index>(screen.x())};
    if (now == nullptr)
        return {};
    const Camera camera = bounded(m_camera, viewport);
    const LaneRow* row = layout.rowAt(screen, camera, viewport);
    if (row == nullptr || row->heading)
        return {};
    const FoldedLane folded = foldLane(now->lanes[row->index].track, layout.window(camera, viewport));
    const double x = screen.x() - layout.gutter;
    const LaneItem* best = nullptr;
    double distance = kReachPx;
    for (const LaneItem& item : folded.items) {
        const double away = std::max({item.left - x, x - item.right, 0.0});
        if (x >= 0 && away < distance) {
            distance = away;
            best = &item;
        }
    }
    return targetOf(*now, row->index, best != nullptr ? best->first : cluster::kNone);
}

const DrawnLane* LanesScene::drawnLaneOf(Target target) const {
    const StepLanes* now = fitting();
    if (now == nullptr || (target.kind != TargetKind::Gpu && target.kind != TargetKind::Lane))
        return nullptr;
    const auto found = std::find_if(m_picture.lanes.begin(), m_picture.lanes.end(), [&](const DrawnLane& d) {
        return d.lane < now->lanes.size() && targetOf(*now, d.lane, cluster::kNone) == target.whole();
    });
    return found == m_picture.lanes.end() ? nullptr : &*found;
}

const LaneItem* LanesScene::itemOf(Target target) const {
    const DrawnLane* lane = drawnLaneOf(target);
    if (lane == nullptr || target.part == cluster::kNone)
        return nullptr;
    const auto& items = lane->folded.items;
    const auto found = std::find_if(items.begin(), items.end(), [&](const LaneItem& item) {
        return target.part >= item.first && target.part < item.first + item.count;
    });
    return found == items.end() ? nullptr : &*found;
}

HoverText LanesScene::hoverText(Target target) const {
    const StepLanes* now = fitting();
    const DrawnLane* drawn = drawnLaneOf(target);
    if (target.kind == TargetKind::Instant) {
        const auto timeS = instantOf(target, m_viewport);
        return {timeS ? instantText(*timeS, 1 / std::max(1e-9, m_camera.pixelsPerMetre)) : QString(),
                {{tr("click"), tr("moves the clock here")}}};
    }
    if (now == nullptr || drawn == nullptr)
        return {};
    const TimelineLane& lane = now->lanes[drawn->lane];
    const LaneItem* item = itemOf(target);
    if (item == nullptr)
        return rankText(*now, lane);
    HoverText text = itemText(*now, lane, *item);
    if (lane.kind != LaneKind::Rank)
        text.rows.emplace_back(tr("click"), tr("moves the clock there"));
    return text;
}

std::optional<double> LanesScene::instantOf(Target target, const Viewport& viewport) const {
    const LanesLayout layout = layoutFor(viewport);
    const LaneWindow window = layout.window(m_camera, viewport);
    if (target.kind == TargetKind::Instant)
        return std::clamp(window.fromS + (target.index - layout.gutter) / window.pixelsPerS, 0.0,
                          std::max(0.0, m_options.durationS));
    const StepLanes* now = fitting();
    if (now == nullptr || target.kind != TargetKind::Lane || target.index >= now->lanes.size())
        return std::nullopt;
    const auto spans = now->lanes[target.index].track.spans();
    return target.part < spans.size() ? std::optional(spans[target.part].startS) : std::nullopt;
}

QRectF LanesScene::worldRect(Target target) const {
    const StepLanes* now = fitting();
    if (now == nullptr)
        return {};
    for (const LaneRow& row : m_layout.rows)
        if (!row.heading && targetOf(*now, row.index, cluster::kNone) == target.whole()) {
            const auto spans = now->lanes[row.index].track.spans();
            if (target.part >= spans.size())
                return {now->fromS, row.top, now->toS - now->fromS, row.height};
            return {spans[target.part].startS, row.top, spans[target.part].seconds(), row.height};
        }
    return {};
}

Legend LanesScene::legend(const Viewport& viewport) const {
    Legend legend;
    const StepLanes* now = fitting();
    if (now == nullptr)
        return legend;
    const LanesLayout layout = layoutFor(viewport);
    const Camera camera = bounded(m_camera, viewport);
    const LanesPane pane{*now, layout, camera, viewport, m_theme, m_looks};
    const LanesPicture picture =
        !m_stale && viewport == m_viewport && camera == m_drawnCamera ? m_picture : foldLanes(pane);
    std::array<bool, operations::kSpanKindCount> seen{};
    for (const DrawnLane& drawn : picture.lanes)
        for (const LaneItem& item : drawn.folded.items) {
            seen[static_cast<std::size_t>(item.kind)] = true;
            for (std::size_t k = 0; item.count > 1 && k < seen.size(); ++k)
                seen[k] = seen[k] || item.seconds[k] > 0;
        }
    for (std::size_t k = 0; k < seen.size(); ++k)
        if (seen[k])
            legend.entries.push_back(
                {m_looks[k].colour, m_looks[k].pattern, kindInLegend(static_cast<operations::SpanKind>(k))});
    QStringList note;
    if (m_options.criticalPath && !now->critical.empty())
        note << tr("line = critical path");
    if (const QString folded = foldedText(picture.folded); !folded.isEmpty())
        note << folded;
    legend.note = note.join(QStringLiteral(" · "));
    return legend;
}

} // namespace atlas::scenes

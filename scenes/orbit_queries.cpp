// What an orbit answers: what lies under a point, what to say about it, what the colours mean.
#include "scenes/group_words.h"
#include "scenes/label_paint.h"
#include "scenes/orbit_scene.h"
#include "scenes/words.h"

#include <algorithm>

namespace atlas::scenes {

namespace {
constexpr double kReachPx = 9; // about a satellite
}

Target OrbitScene::pick(QPointF screen, const Viewport& viewport) const {
    const orbit::Constellation* now = flown();
    if (now == nullptr)
        return {};
    OrbitMoment moment;
    OrbitPicture picture;
    GlobeView view = m_view;
    const bool ready = drawn(viewport);
    if (!ready) {
        moment = momentOf(*now, timeS());
        view = viewOf(m_camera, viewport);
        picture =
            planOrbit({*now, moment, frame(), view, m_theme, {m_options.colourBy, conditions()}}, m_options,
                      m_camera.focus == cluster::kNone ? -1 : static_cast<int>(m_camera.focus));
    }
    const std::vector<CloseUp>& close = ready ? m_picture.close : picture.close;
    for (auto each = close.rbegin(); each != close.rend(); ++each) {
        const cluster::Range gpus = now->gpusOf(each->satellite);
        if (each->cellsShown)
            if (const int cell = each->body.cells.cellAt(screen, static_cast<int>(gpus.count)); cell >= 0)
                return {TargetKind::Gpu, gpus.first + static_cast<cluster::Index>(cell)};
        for (const auto& polygon : each->body.polygons)
            if (polygon.outline.containsPoint(screen, Qt::OddEvenFill))
                return targetOf(*now, each->satellite);
    }
    const int satellite = satelliteAt(ready ? m_moment : moment, view, screen, kReachPx);
    return satellite >= 0 ? targetOf(*now, satellite) : Target{};
}

QRectF OrbitScene::worldRect(Target target) const {
    const orbit::Constellation* now = flown();
    return now != nullptr && satelliteOf(*now, target) >= 0 ? bounds() : QRectF();
}

HoverText OrbitScene::hoverText(Target target) const {
    HoverText text;
    const orbit::Constellation* now = flown();
    const int satellite = now != nullptr ? satelliteOf(*now, target) : -1;
    if (satellite < 0)
        return text;
    const QString name = tr("Satellite %1").arg(satellite + 1);
    // What the frame says of GPUs without power is not what they do.
    const bool paused = now->pausesInShadow() && now->inShadow(timeS(), satellite);
    const operations::Frame* does = paused ? nullptr : frame();
    const auto addPaused = [&text, paused] {
        if (paused)
            text.rows.emplace_back(tr("state"), tr("paused, no power in the Earth's shadow"));
    };
    if (target.kind == TargetKind::Gpu && target != targetOf(*now, satellite)) {
        describeGpu(text, *m_cluster, does, target.index, conditions());
        addPaused();
        text.rows.emplace_back(tr("flies on"), name);
        return text;
    }
    text.title = name;
    describeGroup(text, *m_cluster, does, now->gpusOf(satellite), conditions());
    addPaused();
    if (timeS() < now->launchedS(satellite)) {
        text.rows.emplace_back(tr("launch"), tr("not yet"));
        return text;
    }
    const orbit::Balance balance = now->balance(timeS(), satellite);
    text.rows.emplace_back(tr("light"), balance.shadow ? tr("in the Earth's shadow") : tr("in sunlight"));
    text.rows.emplace_back(tr("array"), withPrefix(balance.arrayW, QStringLiteral("W")));
    if (now->sized(satellite).batteryJ > 0)
        text.rows.emplace_back(tr("battery"), tr("%1 charged").arg(percent(balance.batteryShare)));
    text.rows.emplace_back(tr("radiated"), withPrefix(balance.heatW, QStringLiteral("W")));
    return text;
}

Legend OrbitScene::legend(const Viewport& viewport) const {
    Legend legend;
    const orbit::Constellation* now = flown();
    if (now == nullptr)
        return legend;
    addColouring(legend, *m_cluster, frame(), {m_options.colourBy, conditions()}, m_theme);
    const OrbitMoment moment = drawn(viewport) ? m_moment : momentOf(*now, timeS());
    if (std::count(moment.shadow.begin(), moment.shadow.end(), true) > 0)
        legend.entries.push_back(
            {captionColour(m_theme), Pattern::Hollow,
             now->pausesInShadow() ? tr("paused in the Earth's shadow") : tr("in the Earth's shadow")});
    if (!legend.hasRamp) {
        legend.hasRamp = true;
        legend.ramp = m_theme.load;
        legend.rampLow = tr("idle link");
        legend.rampHigh = tr("congested");
    }
    const OrbitPane pane{
        *now, moment, frame(), viewOf(m_camera, viewport), m_theme, {m_options.colourBy, conditions()}};
    int most = 1;
    for (const Bead& bead : makeBeads(pane))
        most = std::max(most, bead.count);
    legend.note = most == 1
                      ? tr("1 dot = 1 satellite of %1 GPUs; rings = worst").arg(now->site().gpusPerSatellite)
                      : tr("1 dot = up to %1 satellites, coloured by mean; rings = worst").arg(most);
    return legend;
}

} // namespace atlas::scenes

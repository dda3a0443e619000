#include "scenes/orbit_beads.h"

#include "scenes/scene.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace atlas::scenes {

namespace {

constexpr int kMostGroups = 256; // to begin with; those that are large on screen are split
constexpr double kBeadPx = 9;    // groups longer than this on screen are split
constexpr int kMostBeads = 900;

class Folder {
public:
    explicit Folder(const OrbitPane& pane)
        : m_pane(pane) {}

    std::vector<Bead> fold() {
        const int count = m_pane.flown.count();
        int each = 1;
        while ((count + each - 1) / each > kMostGroups)
            each *= 2;
        for (int first = 0; first < count; first += each)
            split(first, std::min(each, count - first));
        return std::move(m_beads);
    }

private:
    void split(int first, int count) {
        if (count > 1 && static_cast<int>(m_beads.size()) < kMostBeads && wide(first, count)) {
            int half = 1;
            while (half * 2 < count)
                half *= 2;
            split(first, half);
            split(first + half, count - half);
            return;
        }
        add(first, count);
    }

    /// On the pane, and too long for one bead.
    [[nodiscard]] bool wide(int first, int count) const {
        const auto a = seen(first);
        const auto b = seen(first + count - 1);
        if (!a || !b)
            return a.has_value() != b.has_value();
        const QPointF way = b->at - a->at;
        const double lengthPx = std::hypot(way.x(), way.y());
        const QRectF about =
            QRectF(a->at, b->at).normalized().adjusted(-lengthPx, -lengthPx, lengthPx, lengthPx);
        return lengthPx > kBeadPx && about.intersects(m_pane.view.viewport().rect());
    }

    [[nodiscard]] std::optional<Seen> seen(int satellite) const {
        return m_pane.view.seen(m_pane.moment.places[static_cast<std::size_t>(satellite)]);
    }

    void add(int first, int count) {
        const int middle = first + count / 2;
        const auto at = seen(middle);
        if (!at)
            return;
        Bead bead;
        bead.first = first;
        bead.count = count;
        bead.at = at->at;
        bead.pixelsPerMetre = at->pixelsPerMetre;
        bead.hidden = m_pane.view.hidden(m_pane.moment.places[static_cast<std::size_t>(middle)]);
        const auto from = m_pane.moment.shadow.begin() + first;
        bead.inShadow = static_cast<int>(std::count(from, from + count, true));
        const cluster::Range gpus{m_pane.flown.gpusOf(first).first,
                                  m_pane.flown.gpusOf(first + count - 1).end() -
                                      m_pane.flown.gpusOf(first).first};
        bead.light = groupColour(*m_pane.flown.cluster(), m_pane.frame, gpus, m_pane.colouring, m_pane.theme);
        bead.paused = m_pane.flown.pausesInShadow() && 2 * bead.inShadow > count;
        if (bead.paused)
            bead.light.colour = m_pane.theme.state(operations::GpuState::Idle).colour;
        if (bead.light.worst)
            for (cluster::Index g = gpus.first; g < gpus.end() && bead.worst < 0; ++g)
                if (m_pane.frame->state[g] == static_cast<std::uint8_t>(*bead.light.worst))
                    bead.worst = m_pane.flown.satelliteOf(g);
        m_beads.push_back(bead);
    }

    const OrbitPane& m_pane;
    std::vector<Bead> m_beads;
};

} // namespace

OrbitMoment momentOf(const orbit::Constellation& flown, double timeS) {
    OrbitMoment moment;
    moment.timeS = timeS;
    moment.sun = flown.sun(timeS);
    moment.places = flown.places(timeS);
    moment.shadow.reserve(moment.places.size());
    for (const Vector& place : moment.places)
        moment.shadow.push_back(orbit::inShadow(place, moment.sun));
    return moment;
}

std::vector<Bead> makeBeads(const OrbitPane& pane) {
    return Folder(pane).fold();
}

int satelliteAt(const OrbitMoment& moment, const GlobeView& view, QPointF screen, double reachPx) {
    int nearest = -1;
    double best = reachPx;
    for (std::size_t i = 0; i < moment.places.size(); ++i) {
        const auto seen = view.seen(moment.places[i]);
        if (!seen)
            continue;
        const QPointF way = seen->at - screen;
        const double away = std::hypot(way.x(), way.y());
        if (away <= best && !view.hidden(moment.places[i])) {
            best = away;
            nearest = static_cast<int>(i);
        }
    }
    return nearest;
}

double meshLoad(const orbit::Constellation& flown, const operations::Frame* frame, int satellite) {
    if (frame == nullptr)
        return 0;
    const cluster::Cluster& cluster = *flown.cluster();
    const cluster::Index hall = cluster.hallOf(flown.gpusOf(satellite).first);
    double load = 0;
    for (std::size_t g = 0; g < cluster.linkGroups.size(); ++g) {
        const cluster::LinkGroup& group = cluster.linkGroups[g];
        if (group.hallA != hall && group.hallB != hall)
            continue;
        const auto now = static_cast<double>(frame->linkLoad[g]);
        if (now < 0)
            return std::numeric_limits<double>::quiet_NaN();
        load = std::max(load, now);
    }
    return load;
}

int satelliteOf(const orbit::Constellation& flown, const Target& target) {
    const cluster::Cluster& cluster = *flown.cluster();
    if (target.kind == TargetKind::Gpu && target.index < cluster.gpuCount)
        return flown.satelliteOf(target.index);
    if (target.kind == TargetKind::Rack && target.index < cluster.racks.size())
        return flown.satelliteOf(cluster.racks[target.index].gpus.first);
    return -1;
}

Target targetOf(const orbit::Constellation& flown, int satellite) {
    const cluster::Range gpus = flown.gpusOf(satellite);
    const cluster::Index rack = flown.cluster()->rackOf(gpus.first);
    if (gpus.count < flown.cluster()->racks[rack].gpus.count)
        return {TargetKind::Gpu, gpus.first};
    return {TargetKind::Rack, rack};
}

} // namespace atlas::scenes

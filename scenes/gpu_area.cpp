#include "scenes/gpu_area.h"

#include "model/cluster/part_cover.h"
#include "scenes/camera.h"

#include <algorithm>

namespace atlas::scenes {

namespace {

enum class Place { Outside, Inside, Cut };

bool contains(const QPolygonF& polygon, QPointF p) {
    bool inside = false;
    for (qsizetype i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
        const QPointF a = polygon[i];
        const QPointF b = polygon[j];
        if ((a.y() > p.y()) != (b.y() > p.y()) &&
            p.x() < (b.x() - a.x()) * (p.y() - a.y()) / (b.y() - a.y()) + a.x()) {
            inside = !inside;
        }
    }
    return inside;
}

/// Whether a part of the way from a to b lies in the rectangle (Liang and Barsky 1984).
bool crosses(QPointF a, QPointF b, const QRectF& rect) {
    const QPointF way = b - a;
    double from = 0;
    double to = 1;
    const auto clip = [&](double step, double room) {
        if (step == 0) {
            return room >= 0;
        }
        const double t = room / step;
        if (step < 0) {
            from = std::max(from, t);
        } else {
            to = std::min(to, t);
        }
        return from <= to;
    };
    return clip(-way.x(), a.x() - rect.left()) && clip(way.x(), rect.right() - a.x()) &&
           clip(-way.y(), a.y() - rect.top()) && clip(way.y(), rect.bottom() - a.y());
}

Place placeOf(const QRectF& rect, const QPolygonF& polygon, const QRectF& around) {
    if (!rect.intersects(around)) {
        return Place::Outside;
    }
    for (qsizetype i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
        if (crosses(polygon[j], polygon[i], rect)) {
            return Place::Cut;
        }
    }
    return contains(polygon, rect.center()) ? Place::Inside : Place::Outside;
}

} // namespace

std::vector<cluster::Range> gpusInside(const cluster::Cluster& cluster, const QPolygonF& world) {
    std::vector<cluster::Range> found;
    if (world.size() < 3) {
        return found;
    }
    const QRectF around = world.boundingRect();
    for (const cluster::Hall& hall : cluster.halls) {
        const Place whole = placeOf(toQt(hall.rect), world, around);
        if (whole == Place::Inside) {
            found.push_back(hall.gpus);
        }
        if (whole != Place::Cut) {
            continue;
        }
        for (cluster::Index r = hall.racks.first; r < hall.racks.end(); ++r) {
            const cluster::Rack& rack = cluster.racks[r];
            const Place place = placeOf(QRectF(rack.x, rack.y, rack.w, rack.h), world, around);
            if (place == Place::Inside) {
                found.push_back(rack.gpus);
            }
            if (place != Place::Cut) {
                continue;
            }
            for (cluster::Index gpu = rack.gpus.first; gpu < rack.gpus.end(); ++gpu) {
                if (contains(world, toQt(cluster.gpuRect(gpu)).center())) {
                    found.push_back({gpu, 1});
                }
            }
        }
    }
    return cluster::merged(std::move(found));
}

} // namespace atlas::scenes

#include "model/cluster/floor_plan.h"

#include <algorithm>
#include <cmath>

namespace atlas::cluster {

namespace {

struct HallShape {
    Index columns = 1;
    double w = 0, h = 0;
};

/// The number of rows side by side that brings a hall closest to an aspect (width over height).
HallShape shapeOf(Index rows, double rowLength, double rackDepth, double aspect, const FloorRules& rules) {
    const double pitchX = rowLength + rules.rowGapM;
    const double pitchY = rackDepth + (rules.hotAisleM + rules.coldAisleM) / 2;
    const double ideal = std::sqrt(aspect * rows * pitchY / pitchX);
    const Index columns = std::clamp(static_cast<Index>(std::lround(std::max(1.0, ideal))), Index{1}, rows);
    const Index lines = (rows + columns - 1) / columns;
    const double pair = 2 * rackDepth + rules.hotAisleM + rules.coldAisleM;
    const Index last = lines - 1;
    const double contentH = (last / 2) * pair + (last % 2) * (rackDepth + rules.hotAisleM) + rackDepth;
    return {columns, columns * pitchX - rules.rowGapM + 2 * rules.wallM, contentH + 2 * rules.wallM};
}

struct CampusShape {
    std::vector<HallShape> halls;
    std::size_t perLine = 1;
    double w = 0, h = 0;
};

CampusShape campusOf(const Cluster& cluster, double hallAspect, std::size_t perLine,
                     const FloorRules& rules) {
    CampusShape campus;
    campus.perLine = perLine;
    double lineW = 0;
    double lineH = 0;
    for (std::size_t i = 0; i < cluster.halls.size(); ++i) {
        const Hall& hall = cluster.halls[i];
        const scenario::RackType& rack = cluster.islands[hall.island].rackType;
        const double rowLength = cluster.rows[hall.rows.first].racks.count * rack.widthM;
        campus.halls.push_back(shapeOf(hall.rows.count, rowLength, rack.depthM, hallAspect, rules));
        if (i % perLine == 0 && i > 0) {
            campus.h += lineH + rules.hallGapYM;
            lineW = lineH = 0;
        }
        lineW += campus.halls.back().w + (i % perLine == 0 ? 0 : rules.hallGapXM);
        lineH = std::max(lineH, campus.halls.back().h);
        campus.w = std::max(campus.w, lineW);
    }
    campus.h += lineH;
    return campus;
}

CampusShape bestCampus(const Cluster& cluster, const FloorRules& rules) {
    CampusShape best;
    double bestCost = 0;
    for (const double hallAspect : {1.3, 1.45, 1.6, 1.8, 2.0, 2.3, 2.7, 3.2}) {
        for (std::size_t perLine = 1; perLine <= cluster.halls.size(); ++perLine) {
            CampusShape campus = campusOf(cluster, hallAspect, perLine, rules);
            // The height of a pane that holds it all; a little more for long halls, which read worse.
            const double cost =
                std::max(campus.w / rules.campusAspect, campus.h) * (1 + 0.02 * std::abs(hallAspect - 1.6));
            if (best.halls.empty() || cost < bestCost) {
                bestCost = cost;
                best = std::move(campus);
            }
        }
    }
    return best;
}

void placeRacks(Cluster& cluster, Hall& hall, const HallShape& shape, const FloorRules& rules) {
    const scenario::RackType& rackType = cluster.islands[hall.island].rackType;
    const double rowLength = cluster.rows[hall.rows.first].racks.count * rackType.widthM;
    hall.grid = {shape.columns,
                 hall.rect.x + rules.wallM,
                 hall.rect.y + rules.wallM,
                 rackType.widthM,
                 rackType.depthM,
                 rowLength + rules.rowGapM,
                 2 * rackType.depthM + rules.hotAisleM + rules.coldAisleM,
                 rackType.depthM + rules.hotAisleM};
    for (Index r = 0; r < hall.rows.count; ++r) {
        Row& row = cluster.rows[hall.rows.first + r];
        row.rect = {hall.grid.x + (r % shape.columns) * hall.grid.rowPitch,
                    hall.grid.lineY(r / shape.columns), row.racks.count * rackType.widthM, rackType.depthM};
        for (Index i = 0; i < row.racks.count; ++i) {
            Rack& rack = cluster.racks[row.racks.first + i];
            rack.x = static_cast<float>(row.rect.x + i * rackType.widthM);
            rack.y = static_cast<float>(row.rect.y);
            rack.w = static_cast<float>(rackType.widthM);
            rack.h = static_cast<float>(rackType.depthM);
        }
    }
}

} // namespace

void placeOnFloor(Cluster& cluster, const FloorRules& rules) {
    const CampusShape campus = bestCampus(cluster, rules);
    double x = 0;
    double y = 0;
    double lineH = 0;
    for (std::size_t i = 0; i < cluster.halls.size(); ++i) {
        const HallShape& shape = campus.halls[i];
        if (i % campus.perLine == 0 && i > 0) {
            y += lineH + rules.hallGapYM;
            x = lineH = 0;
        }
        cluster.halls[i].rect = {x, y, shape.w, shape.h};
        placeRacks(cluster, cluster.halls[i], shape, rules);
        x += shape.w + rules.hallGapXM;
        lineH = std::max(lineH, shape.h);
    }
    cluster.bounds = {0, 0, campus.w, campus.h};
}

} // namespace atlas::cluster

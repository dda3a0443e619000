#include "model/cluster/floor_plan.h"

#include <algorithm>
#include <cmath>

namespace atlas::cluster {

namespace {

struct HallShape {
    Index columns = 1;
    double w = 0, h = 0;
};

/// A hall's outline for a number of rows side by side.
HallShape shapeOf(Index rows, Index columns, double rowLength, double rackDepth, const FloorRules& rules) {
    const Index last = (rows + columns - 1) / columns - 1;
    const double pair = 2 * rackDepth + rules.hotAisleM + rules.coldAisleM;
    const double contentH = (last / 2) * pair + (last % 2) * (rackDepth + rules.hotAisleM) + rackDepth;
    return {columns, columns * (rowLength + rules.rowGapM) - rules.rowGapM + 2 * rules.wallM,
            contentH + 2 * rules.wallM};
}

/// Consecutive halls in lines as wide as the campus: those of one island, or of all.
struct Block {
    Range halls;
    std::vector<HallShape> shapes;
    Index perLine = 1;
    double w = 0, h = 0;
    double cost = 0; ///< height, more where halls are out of shape
    [[nodiscard]] double lineH(Index first) const {
        double height = 0;
        for (Index i = first; i < std::min(first + perLine, halls.count); ++i) {
            height = std::max(height, shapes[i].h);
        }
        return height;
    }
};

Block blockOf(const Cluster& cluster, Range halls, Index perLine, double width, const FloorRules& rules) {
    Block block;
    block.halls = halls;
    block.perLine = perLine;
    const double hallW = (width - (perLine - 1) * rules.hallGapXM) / perLine;
    double odd = 1;
    for (Index i = 0; i < halls.count; ++i) {
        const Hall& hall = cluster.halls[halls.first + i];
        const scenario::RackType& rack = cluster.islands[hall.island].rackType;
        const double rowLength = cluster.rows[hall.rows.first].racks.count * rack.widthM;
        const double fit = (hallW - 2 * rules.wallM + rules.rowGapM) / (rowLength + rules.rowGapM);
        const auto columns = static_cast<Index>(std::clamp(fit, 1.0, static_cast<double>(hall.rows.count)));
        block.shapes.push_back(shapeOf(hall.rows.count, columns, rowLength, rack.depthM, rules));
        // Halls read best a little wider than tall; neither towers nor corridors.
        const HallShape& shape = block.shapes.back();
        const double aspect = shape.w / shape.h;
        odd = std::max({odd, rules.hallAspectLow / aspect, aspect / rules.hallAspectHigh});
    }
    for (Index first = 0; first < halls.count; first += perLine) {
        double w = -rules.hallGapXM;
        for (Index i = first; i < std::min(first + perLine, halls.count); ++i) {
            w += block.shapes[i].w + rules.hallGapXM;
        }
        block.w = std::max(block.w, w);
        block.h += block.lineH(first) + (first > 0 ? rules.hallGapYM : 0);
    }
    const double over = std::max(1.0, block.w / width);
    block.cost = block.h * odd * odd * over * over;
    return block;
}

/// The best number of halls in a line for a campus of this width.
Block bestBlock(const Cluster& cluster, Range halls, double width, const FloorRules& rules) {
    Block best;
    for (Index lines = 1; lines <= halls.count; ++lines) {
        const Index perLine = (halls.count + lines - 1) / lines;
        if (lines > 1 && perLine == best.perLine) {
            continue;
        }
        Block block = blockOf(cluster, halls, perLine, width, rules);
        if (lines == 1 || block.cost < best.cost) {
            best = std::move(block);
        }
    }
    return best;
}

/// The campus that shows the floor largest in a pane: its width, and whether every island begins a line of
/// its own or halls follow each other.
std::vector<Block> bestCampus(const Cluster& cluster, const FloorRules& rules) {
    double area = 0;
    for (const Rack& rack : cluster.racks) {
        const scenario::RackType& type = cluster.islands[cluster.halls[rack.hall].island].rackType;
        area += type.widthM * (type.depthM + (rules.hotAisleM + rules.coldAisleM) / 2);
    }
    std::vector<Range> byIsland;
    for (const Island& island : cluster.islands) {
        byIsland.push_back(island.halls);
    }
    const std::vector<Range> together{{0, static_cast<Index>(cluster.halls.size())}};
    std::vector<Block> best;
    double bestScore = 0;
    const double usual = std::sqrt(area * rules.campusAspect);
    for (double width = 0.7 * usual; width < 2.5 * usual + 30; width *= 1.03) {
        for (const std::vector<Range>& groups : {byIsland, together}) {
            std::vector<Block> blocks;
            double w = 0;
            double h = -rules.islandGapYM;
            double cost = -rules.islandGapYM;
            for (const Range& halls : groups) {
                blocks.push_back(bestBlock(cluster, halls, width, rules));
                w = std::max(w, blocks.back().w);
                h += blocks.back().h + rules.islandGapYM;
                cost += blocks.back().cost + rules.islandGapYM;
            }
            const double mixed = groups.size() == byIsland.size() ? 1 : rules.mixedLineCost;
            const double score = std::max(w / rules.campusAspect, h) * std::sqrt(cost / h) * mixed;
            if (best.empty() || score < bestScore) {
                bestScore = score;
                best = std::move(blocks);
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
    double top = 0;
    cluster.bounds = {};
    for (const Block& block : bestCampus(cluster, rules)) {
        double x = 0;
        double y = top;
        for (Index i = 0; i < block.halls.count; ++i) {
            if (i > 0 && i % block.perLine == 0) {
                y += block.lineH(i - block.perLine) + rules.hallGapYM;
                x = 0;
            }
            Hall& hall = cluster.halls[block.halls.first + i];
            hall.rect = {x, y, block.shapes[i].w, block.shapes[i].h};
            placeRacks(cluster, hall, block.shapes[i], rules);
            x += hall.rect.w + rules.hallGapXM;
        }
        cluster.bounds.w = std::max(cluster.bounds.w, block.w);
        cluster.bounds.h = top + block.h;
        top += block.h + rules.islandGapYM;
    }
}

} // namespace atlas::cluster

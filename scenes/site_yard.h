// The yard of a site: grid, turbines, batteries and chillers beside the halls, each as often as the record
// counts it, and the feeds to the halls. Drawn small where there are many: a plan of what there is, not of
// where.
#pragma once

#include "model/cluster/cluster.h"
#include "model/operations/site_works.h"
#include "scenes/camera.h"
#include "scenes/theme.h"

#include <QLineF>
#include <QPainter>

#include <vector>

namespace atlas::scenes {

/// All of one kind, in lines and columns.
struct YardBlock {
    std::size_t work = 0; ///< index in Site::works
    operations::WorkKind kind = operations::WorkKind::Substations;
    QRectF rect; ///< metres
    int columns = 1, lines = 1, count = 0;
    QSizeF pitch; ///< from unit to unit, metres
    QSizeF unit;  ///< of one as drawn, metres
};

struct SiteYard {
    std::vector<YardBlock> blocks;
    std::vector<QLineF> feeds; ///< from the yard to the halls, metres
    QRectF rect;               ///< all of it with its captions; empty where the record says nothing
};

/// Below the campus, as wide as it.
[[nodiscard]] SiteYard makeSiteYard(const cluster::Cluster& cluster,
                                    const std::vector<operations::SiteWork>& works);

/// Device-independent coordinates. Units too small to be told apart share a mark.
void paintYard(QPainter& painter, const SiteYard& yard, const Camera& camera, const Viewport& viewport,
               const Theme& theme);

/// "Gas turbines".
[[nodiscard]] QString workName(operations::WorkKind kind);
/// "247 MW", "150 MW · 811 MWh"; empty where nothing is published.
[[nodiscard]] QString workRating(const operations::SiteWork& work);

} // namespace atlas::scenes

// The fabric as layers: NVLink domains of the halls at the foot, rails of leaves, spines, cores, and trunks
// between islands on top. Analytic: places follow from the hierarchy, no search. Links are bundled into at
// most a few hundred ribbons whose width is their capacity; one hall at a time may be opened.
#pragma once

#include "model/cluster/cluster.h"

#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include <memory>
#include <vector>

namespace atlas::scenes {

enum class FabricLayer : std::uint8_t { Domains, Leaf, Spine, Core, Trunk };

/// A block of switches, or a part of a hall's NVLink domains.
struct FabricNode {
    FabricLayer layer = FabricLayer::Leaf;
    QRectF rect; ///< world units
    cluster::Index island = 0;
    cluster::Index hall = cluster::kNone;
    std::uint16_t firstRail = 0, rails = 0; ///< of leaves and spines
    cluster::Range switches;                ///< in Cluster::switches; of domains: racks of the hall
    cluster::Index group = cluster::kNone;  ///< of a trunk: its link group
};

/// A bundle of links from a lower to an upper layer: x follows y in a smooth step, so that it leaves and
/// arrives upright.
struct FabricRibbon {
    cluster::LinkKind kind = cluster::LinkKind::Nic;
    QPointF lower, upper;  ///< world units
    double width = 0;      ///< world units: capacity
    cluster::Range groups; ///< link groups it belongs to; its load is the worst of theirs
    double loadFactor = 1; ///< capacity of the groups over the ribbon's own layer
    double bytesPerS = 0;  ///< capacity of the ribbon, one direction
    double brightness = 1; ///< speed of one cable over the fastest of the cluster
    cluster::Index hall = cluster::kNone;
};

struct FabricLayout {
    std::vector<FabricNode> nodes;
    std::vector<FabricRibbon> ribbons; ///< lower layers first
    std::vector<double> layerY;        ///< by FabricLayer: middle of the layer; NaN where there is none
    QRectF bounds;                     ///< world units
    std::vector<QRectF> hallRects;     ///< by hall: its NVLink domains
};

/// The whole fabric. `opened` shows a hall's leaves and spines in blocks of their own. The width of the world
/// follows the number of GPUs, so that two clusters at one scale compare honestly.
[[nodiscard]] FabricLayout makeFabricLayout(const cluster::Cluster& cluster,
                                            cluster::Index opened = cluster::kNone);

/// Two layers, rails below and cores above, filling `size`: the strip under a floorplan. One world unit is
/// one pixel of the pane.
[[nodiscard]] FabricLayout makeFabricStrip(const cluster::Cluster& cluster, QSizeF size);

} // namespace atlas::scenes

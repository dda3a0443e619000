// What can be done to a part of a cluster and what was done, in people's words.
#pragma once

#include "app/workspace.h"
#include "model/operations/injections.h"
#include "scenes/scene.h"
#include "widgets/injections_panel.h"
#include "widgets/scrubber.h"

#include <optional>
#include <vector>

namespace atlas::app {

/// The part under a target; the whole cluster for none; nothing where a target is no part (a lane, an
/// instant).
[[nodiscard]] std::optional<cluster::Part> partOf(const cluster::Cluster& cluster, scenes::Target target);
/// The other way; none for the whole cluster and for an island.
[[nodiscard]] scenes::Target targetOf(const cluster::Cluster& cluster, cluster::Part part);

/// What can be done to it, in the order of a menu.
[[nodiscard]] std::vector<widgets::InjectionOffer> injectionOffers(const cluster::Cluster& cluster,
                                                                   cluster::Part part);
/// The kind an offer stands for.
[[nodiscard]] scenario::InjectionKind injectionKind(const QString& offer);

/// The injections of a scenario as a list; `timeS` tells which of them are at work.
[[nodiscard]] std::vector<widgets::InjectionItem> injectionItems(const Workspace& workspace, double timeS);
/// Their marks on the time line, on the sides that show their cluster.
[[nodiscard]] std::vector<widgets::TimeMark> injectionMarks(const Workspace& workspace);

} // namespace atlas::app

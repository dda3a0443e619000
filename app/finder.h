// What somebody means who types where to go: a part by its name, the slowest GPU, a switch by its number; and
// the nearest there is where nothing has that name.
#pragma once

#include "app/workspace.h"
#include "scenes/scene.h"

#include <QString>

#include <array>
#include <vector>

namespace atlas::app {

struct Place {
    QString name;   ///< "rack 1-203-7"
    QString detail; ///< "A · Colossus 1"
    Side side = Side::A;
    scenes::Target target;
    bool near = false; ///< not what was typed, but the nearest to it
};

/// Where to look: the frames may be null.
struct FinderSource {
    std::array<std::shared_ptr<const cluster::Cluster>, 2> clusters;
    std::array<std::shared_ptr<const operations::Frame>, 2> frames;
    Side preferred = Side::A; ///< its places come first
};

/// At most a dozen, the likeliest first. Understood are: every name of the inspector ("rack 1-203-7, tray 4,
/// GPU 5", "row 1-203", "Hall 2", "Hall 2, rail 3, leaf 17", islands and trunks); the same without "rack";
/// "gpu 12345" counted through the cluster; "spine 12", "leaf 3", "core 1" in any hall; "slowest" and
/// "fault"; parts of names of halls and trunks.
[[nodiscard]] std::vector<Place> findPlaces(const QString& text, const FinderSource& source);

} // namespace atlas::app

// Named views of a scenario: what both panes show, from where and at which instant. Kept in a file beside the
// scenario, so that they travel with it; where that folder is not to be written, in the user's own.
#pragma once

#include "app/workspace.h"
#include "model/core/result.h"
#include "scenes/camera.h"
#include "scenes/clock.h"

#include <QString>

#include <array>
#include <vector>

namespace atlas::app {

struct Bookmark {
    QString name;
    QString scene;     ///< "floorplan", "fabric", "timeline", "orbit", "matrix"
    QString colouring; ///< as the scenario panel names it: "state"
    scenes::CameraLink link = scenes::CameraLink::SameScale;
    std::array<scenes::Camera, 2> cameras;
    scenes::ClockLink clockLink = scenes::ClockLink::Shared;
    std::array<scenes::Clock, 2> clocks; ///< none of them plays; the same twice where they are one
    std::array<PaneChoice, 2> choices;
    bool difference = false; ///< pane B is shown as B minus A
    Side side = Side::A;     ///< of the selection
    QString selection;       ///< a part as the inspector names it; empty: nothing
    bool operator==(const Bookmark&) const = default;
};

[[nodiscard]] QByteArray toJson(const std::vector<Bookmark>& bookmarks);
/// Errors say what is wrong with which view.
[[nodiscard]] Result<std::vector<Bookmark>> bookmarksFromJson(const QByteArray& json);

/// Where the views of a scenario are kept: "colossus.views.json" beside "colossus.atlas.yaml", or in the
/// user's own folder under a name that no other scenario has.
[[nodiscard]] QString bookmarkFile(const QString& scenarioFile, bool beside);

} // namespace atlas::app

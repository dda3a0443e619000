// A flying cluster with a frame, in a scene.
#pragma once

#include "scenes/orbit_scene.h"
#include "tests/scenes/orbit_fixture.h"

#include <QRandomGenerator>

#include <cmath>
#include <numbers>

namespace atlas::fixture {

/// Everything a test of a flying cluster needs.
struct Setting {
    std::shared_ptr<const orbit::Constellation> flown;
    std::shared_ptr<operations::Frame> frame;

    explicit Setting(int satellites = 140, double nodeH = 18, cluster::Index culprit = cluster::kNone,
                     int faults = 0)
        : flown(constellation(satellites, nodeH))
        , frame(fixture::frame(*flown->cluster(), 0.4, 3, culprit, faults)) {}

    void fill(scenes::OrbitScene& scene, const scenes::Theme& theme, double timeS) const {
        frame->timeS = timeS;
        scene.setTheme(theme);
        scene.setCluster(flown->cluster());
        scene.setConstellation(flown);
        scene.setFrame(frame);
    }
};

inline scenes::Camera randomCamera(QRandomGenerator& random, const scenes::OrbitScene& scene,
                                   const scenes::Viewport& pane) {
    scenes::Camera camera = scene.home(pane);
    camera.centre = {random.bounded(2 * std::numbers::pi) - std::numbers::pi, random.bounded(2.4) - 1.2};
    camera.pixelsPerMetre *= std::pow(10, random.bounded(1.2) - 0.2);
    return scene.bounded(camera, pane);
}

} // namespace atlas::fixture

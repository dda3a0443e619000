// Each of the five scenes with something to show, for what must hold of all of them.
#pragma once

#include "scenes/fabric_scene.h"
#include "scenes/floor_scene.h"
#include "scenes/lanes_scene.h"
#include "scenes/matrix_scene.h"
#include "tests/scenes/lanes_fixture.h"
#include "tests/scenes/orbit_setting.h"

#include <QRandomGenerator>

#include <cmath>

namespace atlas::fixture {

inline const std::vector<const char*> kEveryScene = {"floorplan", "fabric", "matrix", "timeline", "orbit"};

/// A scene, its labels on or off, and what keeps its data alive. Ready to be drawn with `scene->home(pane)`.
struct AnyScene {
    std::unique_ptr<scenes::Scene> scene;

    AnyScene(const QString& name, const scenes::Theme& theme, const scenes::Viewport& pane,
             bool labels = true) {
        using namespace scenes;
        if (name == QLatin1String("orbit")) {
            auto orbit = std::make_unique<OrbitScene>();
            Setting(140, 15, 4000, 2).fill(*orbit, theme, 86400 * 30.4);
            OrbitOptions options;
            options.labels = labels;
            options.clockS = 0.4;
            orbit->setOptions(options);
            scene = std::move(orbit);
        } else if (name == QLatin1String("timeline")) {
            const auto cluster = mixedCluster(1600, 800);
            auto lanes = std::make_unique<LanesScene>();
            fill(*lanes, cluster, theme);
            LanesOptions options;
            options.durationS = 1e8;
            lanes->setOptions(options);
            lanes->setLanes(smallLanes(cluster));
            scene = std::move(lanes);
        } else {
            const auto cluster = mixedCluster(16000, 6000);
            if (name == QLatin1String("floorplan")) {
                auto floor = std::make_unique<FloorScene>();
                FloorOptions options;
                options.labels = labels;
                options.selected = {TargetKind::Rack, 20};
                if (labels) {
                    options.calloutTitle = QStringLiteral("4-50-1/5/4 holds the step");
                    options.calloutDetail = QStringLiteral("164 992 GPUs wait");
                }
                floor->setOptions(options);
                fill(*floor, cluster, theme);
                scene = std::move(floor);
            } else if (name == QLatin1String("fabric")) {
                auto fabric = std::make_unique<FabricScene>();
                FabricOptions options;
                options.labels = labels;
                options.clockS = 0.37;
                options.selected = {TargetKind::Hall, 1};
                fabric->setOptions(options);
                fill(*fabric, cluster, theme);
                scene = std::move(fabric);
            } else {
                auto matrix = std::make_unique<MatrixScene>();
                MatrixOptions options;
                options.labels = labels;
                options.selected = {TargetKind::Hall, 1};
                matrix->setOptions(options);
                fill(*matrix, cluster, theme);
                scene = std::move(matrix);
            }
        }
        scene->setCamera(scene->home(pane));
    }

    scenes::Scene* operator->() const { return scene.get(); }
    scenes::Scene& operator*() const { return *scene; }

    /// A camera anywhere in the scene, from all of it to close by.
    [[nodiscard]] scenes::Camera randomCamera(QRandomGenerator& random, const scenes::Viewport& pane) const {
        using namespace scenes;
        if (const auto* orbit = dynamic_cast<const OrbitScene*>(scene.get()))
            return fixture::randomCamera(random, *orbit, pane);
        Camera camera = scene->home(pane);
        if (camera.axes == CameraAxes::Time) {
            camera.pixelsPerMetre *= std::exp(random.bounded(6.0) - 2);
            camera.centre += QPointF(random.bounded(60.0) - 30, random.bounded(80.0));
        } else {
            const QRectF world = scene->bounds();
            camera.pixelsPerMetre *= std::exp(random.bounded(6.5));
            camera.centre = world.topLeft() + QPointF(random.bounded(1.0) * world.width(),
                                                      random.bounded(1.0) * world.height());
        }
        return scene->bounded(camera, pane);
    }

private:
    static void fill(scenes::ClusterScene& scene, const std::shared_ptr<const cluster::Cluster>& cluster,
                     const scenes::Theme& theme) {
        const auto now = fixture::frame(*cluster, 0.4, 3, 1200, 6);
        for (cluster::Index g = 0; g < cluster->gpuCount / 3; ++g) // so that racks differ
            now->state[g] = static_cast<std::uint8_t>(operations::GpuState::Computing);
        for (std::size_t g = 0; g < now->linkLoad.size(); ++g)
            now->linkLoad[g] = static_cast<float>(g % 10) / 9;
        now->linkLoad[3] = std::nanf("");
        now->timeS = 1045;
        now->stepStartS = 1040;
        now->stepTimeS = 10;
        scene.setTheme(theme);
        scene.setCluster(cluster);
        scene.setFrame(now);
    }
};

} // namespace atlas::fixture

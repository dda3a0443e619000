// The fabrics of the mixed and of the uniform cluster in a pane, for tests that look at them.
#pragma once

#include "scenes/fabric_scene.h"
#include "tests/scenes/floor_fixture.h"

#include <QObject>

namespace atlas::fixture {

class FabricTest : public QObject {
protected:
    /// A cluster's fabric, fitted to the pane.
    void prepare(scenes::FabricScene& scene, const std::shared_ptr<const cluster::Cluster>& cluster) const {
        scene.setCluster(cluster);
        scene.setTheme(m_theme);
        scene.setCamera(scenes::fitted(scene.bounds(), m_pane));
    }

    std::shared_ptr<const cluster::Cluster> m_mixed = mixedCluster();
    std::shared_ptr<const cluster::Cluster> m_uniform = uniformCluster();
    scenes::Theme m_theme;
    const scenes::Viewport m_pane{{900, 600}, 1.0};
};

} // namespace atlas::fixture

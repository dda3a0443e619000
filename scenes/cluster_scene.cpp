#include "scenes/cluster_scene.h"

#include <QOpenGLContext>
#include <QOpenGLFunctions>

namespace atlas::scenes {

ClusterScene::ClusterScene()
    : m_cluster(std::make_shared<cluster::Cluster>()) {}

void ClusterScene::setCluster(std::shared_ptr<const cluster::Cluster> cluster) {
    if (cluster && cluster == m_cluster)
        return;
    m_cluster = cluster ? std::move(cluster) : std::make_shared<cluster::Cluster>();
    m_stale = true;
    clusterChanged();
}

void ClusterScene::setSite(std::shared_ptr<const operations::Site> site) {
    m_site = std::move(site);
    m_stale = true;
    siteChanged();
}

std::shared_ptr<const operations::GpuConditions> ClusterScene::conditions() const {
    return m_site ? std::shared_ptr<const operations::GpuConditions>(m_site, &m_site->conditions) : nullptr;
}

void ClusterScene::setTheme(const Theme& theme) {
    m_theme = theme;
    m_stale = true;
    themeChanged();
}

const operations::Frame* ClusterScene::frame() const {
    const bool fits = m_frame && m_frame->state.size() == m_cluster->gpuCount &&
                      m_frame->utilisation.size() == m_cluster->gpuCount &&
                      m_frame->linkLoad.size() == m_cluster->linkGroups.size();
    return fits ? m_frame.get() : nullptr;
}

void ClusterScene::fitPicture(QImage& picture, const Viewport& viewport) const {
    QSize size = viewport.deviceSize();
    if (m_rows.count > 0)
        size.setHeight(m_rows.count);
    if (picture.size() != size)
        picture = QImage(size, QImage::Format_RGB32);
    picture.setDevicePixelRatio(viewport.devicePixelRatio);
    picture.setOffset(QPoint(0, m_rows.first));
}

void ClusterScene::keepRows(PaneRows rows) {
    m_stale = m_stale || rows != m_rows;
    m_rows = rows;
}

void ClusterScene::clearToGround() const {
    auto& gl = *QOpenGLContext::currentContext()->functions();
    gl.glClearColor(m_theme.ground.redF(), m_theme.ground.greenF(), m_theme.ground.blueF(), 1);
    gl.glClear(GL_COLOR_BUFFER_BIT);
}

} // namespace atlas::scenes

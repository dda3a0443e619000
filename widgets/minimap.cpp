#include "widgets/minimap.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <map>
#include <optional>

namespace atlas::widgets {

namespace {

constexpr QSizeF kLargest(176, 112);
constexpr double kMargin = 4;
/// Of the world's width or height: a view that shows less of it wants a map.
constexpr double kMuch = 0.6;
constexpr int kCannotBeMissed = 3; ///< severity, see operations::severity
constexpr int kMarkPx = 3;

} // namespace

Minimap::Minimap(SceneView& view, QWidget* parent)
    : QWidget(parent)
    , m_view(view) {
    setObjectName(QStringLiteral("minimap"));
    setAttribute(Qt::WA_OpaquePaintEvent);
    setFocusPolicy(Qt::NoFocus);
    setCursor(Qt::PointingHandCursor);
    setToolTip(tr("All of it: drag to move what is shown"));
    setAccessibleName(tr("Overview map"));
    scenes::FloorOptions floor;
    floor.labels = false;
    floor.ringCulprit = false; // marked here, as all others
    m_floor.setOptions(floor);
    scenes::FabricOptions fabric;
    fabric.labels = false;
    m_fabric.setOptions(fabric);
    hide();
    connect(&view, &SceneView::viewChanged, this, &Minimap::followView);
}

scenes::Scene* Minimap::scene() const {
    return m_world == World::Floor    ? static_cast<scenes::Scene*>(&m_floor)
           : m_world == World::Fabric ? &m_fabric
                                      : nullptr;
}

void Minimap::setTheme(const scenes::Theme& theme) {
    m_theme = theme;
    m_floor.setTheme(theme);
    m_fabric.setTheme(theme);
    changed();
}

void Minimap::setCluster(std::shared_ptr<const cluster::Cluster> cluster) {
    m_cluster = std::move(cluster);
    m_frame.reset();
    m_floor.setCluster(m_cluster);
    m_fabric.setCluster(m_cluster);
    changed();
    followView();
}

void Minimap::setFrame(std::shared_ptr<const operations::Frame> frame) {
    m_frame = std::move(frame);
    m_floor.setFrame(m_frame);
    m_fabric.setFrame(m_frame);
    changed();
}

void Minimap::setColourBy(scenes::ColourBy colourBy) {
    scenes::FloorOptions options = m_floor.options();
    options.colourBy = colourBy;
    m_floor.setOptions(options);
    changed();
}

void Minimap::setBase(std::shared_ptr<const operations::Frame> base) {
    scenes::FloorOptions options = m_floor.options();
    options.base = std::move(base);
    m_floor.setOptions(options);
    changed();
}

void Minimap::setSelection(scenes::Target target) {
    m_selection = target;
    update();
}

QRectF Minimap::selectedPart() const {
    if (scene() == nullptr || !m_cluster || !m_selection) {
        return {};
    }
    const scenes::Camera camera = scenes::fitted(scene()->bounds(), viewport(), kMargin);
    const QRectF world = m_world == World::Fabric ? fabricRect(m_selection) : scene()->worldRect(m_selection);
    return world.isEmpty() ? QRectF() : camera.toScreen(world, viewport());
}

/// On the fabric a row, a rack and a GPU are where their hall is.
QRectF Minimap::fabricRect(scenes::Target target) const {
    using scenes::TargetKind;
    const cluster::Cluster& cluster = *m_cluster;
    cluster::Index hall = cluster::kNone;
    if (target.kind == TargetKind::Gpu && target.index < cluster.gpuCount) {
        hall = cluster.racks[cluster.rackOf(target.index)].hall;
    } else if (target.kind == TargetKind::Rack && target.index < cluster.racks.size()) {
        hall = cluster.racks[target.index].hall;
    } else if (target.kind == TargetKind::Row && target.index < cluster.rows.size()) {
        hall = cluster.rows[target.index].hall;
    }
    return m_fabric.worldRect(
        hall == cluster::kNone ? target : scenes::Target{TargetKind::Hall, hall, cluster::kNone});
}

void Minimap::setWorld(World world) {
    m_world = world;
    changed();
    followView();
}

void Minimap::changed() {
    m_picture = {};
    update();
}

void Minimap::followView() {
    const bool now = wanted();
    if (now != m_wanted) {
        m_wanted = now;
        emit wantedChanged();
    }
    update();
}

bool Minimap::wanted() const {
    if (scene() == nullptr || !m_cluster) {
        return false;
    }
    const QRectF world = scene()->bounds();
    const QRectF shown = m_view.scene().camera().visible(m_view.viewport()).intersected(world);
    return shown.width() < kMuch * world.width() || shown.height() < kMuch * world.height();
}

QSize Minimap::sizeHint() const {
    const QRectF world = scene() != nullptr ? scene()->bounds() : QRectF();
    if (world.isEmpty()) {
        return kLargest.toSize();
    }
    return world.size().scaled(kLargest, Qt::KeepAspectRatio).toSize() +
           QSize(2 * static_cast<int>(kMargin), 2 * static_cast<int>(kMargin));
}

QRectF Minimap::shownPart() const {
    const scenes::Camera camera = scenes::fitted(scene()->bounds(), viewport(), kMargin);
    return camera.toScreen(m_view.scene().camera().visible(m_view.viewport()), viewport());
}

std::vector<std::pair<QPoint, operations::GpuState>> Minimap::marks() const {
    std::vector<std::pair<QPoint, operations::GpuState>> marks;
    if (scene() == nullptr || !m_cluster || !m_frame || m_frame->racks.size() != m_cluster->racks.size()) {
        return marks;
    }
    const scenes::Camera camera = scenes::fitted(scene()->bounds(), viewport(), kMargin);
    std::map<std::pair<int, int>, operations::GpuState> byPixel;
    const auto mark = [&](QPointF world, operations::GpuState state) {
        const QPoint at = camera.toScreen(world, viewport()).toPoint();
        byPixel.try_emplace({at.x(), at.y()}, state);
    };
    for (std::size_t g = 0; m_world == World::Fabric && g < m_frame->linkLoad.size(); ++g) {
        if (m_frame->linkLoad[g] < 0) { // down
            const auto group = static_cast<cluster::Index>(g);
            mark(m_fabric.worldRect({scenes::TargetKind::LinkGroup, group, cluster::kNone}).center(),
                 operations::GpuState::Fault);
        }
    }
    std::vector<std::optional<operations::GpuState>> halls(m_cluster->halls.size());
    for (std::size_t i = 0; i < m_frame->racks.size(); ++i) {
        const operations::GpuState worst = m_frame->racks[i].worst;
        if (operations::severity(worst) < kCannotBeMissed) {
            continue;
        }
        const cluster::Rack& rack = m_cluster->racks[i];
        if (m_world == World::Floor) {
            mark(QPointF(rack.x + rack.w / 2.0F, rack.y + rack.h / 2.0F), worst);
        } else if (!halls[rack.hall] || worst == operations::GpuState::Culprit) {
            halls[rack.hall] = worst; // the culprit before any fault: it is one, they are many
        }
    }
    for (std::size_t h = 0; h < halls.size(); ++h) {
        const auto hall = static_cast<cluster::Index>(h);
        const QRectF rect = m_fabric.worldRect({scenes::TargetKind::Hall, hall, cluster::kNone});
        if (halls[h] && !rect.isEmpty()) {
            mark(rect.center(), *halls[h]);
        }
    }
    for (const auto& [at, state] : byPixel) {
        marks.emplace_back(QPoint(at.first, at.second), state);
    }
    return marks;
}

void Minimap::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (scene() == nullptr || !m_cluster) {
        painter.fillRect(rect(), m_theme.ground);
        return;
    }
    if (m_picture.isNull()) {
        scene()->setCamera(scenes::fitted(scene()->bounds(), viewport(), kMargin));
        m_picture = scene()->image(viewport());
        QPainter over(&m_picture);
        for (const auto& [at, state] : marks()) {
            over.fillRect(QRect(at - QPoint(kMarkPx / 2, kMarkPx / 2), QSize(kMarkPx, kMarkPx)),
                          m_theme.state(state).colour);
        }
    }
    painter.drawImage(QPointF(0, 0), m_picture);
    const QRectF shown = shownPart().intersected(QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5));
    // At least a handle, however far one is in.
    const QRectF handle = QRectF(shown.center() - QPointF(3, 3), QSizeF(6, 6)).united(shown);
    painter.setPen(QPen(m_theme.halo, 3));
    painter.drawRect(handle);
    painter.setPen(QPen(m_theme.accent, 1.5));
    painter.drawRect(handle);
    if (const QRectF selected = selectedPart().intersected(QRectF(rect())); !selected.isEmpty()) {
        // At least a dot, however small it is.
        const QRectF dot = QRectF(selected.center() - QPointF(2.5, 2.5), QSizeF(5, 5)).united(selected);
        painter.setPen(QPen(m_theme.halo, 3));
        painter.drawRect(dot);
        painter.setPen(QPen(m_theme.text, 1.5));
        painter.drawRect(dot);
    }
    painter.setPen(m_theme.line);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void Minimap::goTo(QPointF at) {
    const scenes::Camera camera = scenes::fitted(scene()->bounds(), viewport(), kMargin);
    m_view.navigator().centreOn(camera.toWorld(at, viewport()));
}

void Minimap::resizeEvent(QResizeEvent*) {
    changed();
}

void Minimap::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && scene() != nullptr) {
        goTo(event->position());
    }
}

void Minimap::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton && scene() != nullptr) {
        goTo(event->position());
    }
}

} // namespace atlas::widgets

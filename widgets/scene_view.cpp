#include "widgets/scene_view.h"

#include <QContextMenuEvent>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QOpenGLContext>
#include <QOpenGLWidget>
#include <QPainter>
#include <QPolygonF>

namespace atlas::widgets {

class SceneView::RasterCanvas : public QWidget {
public:
    explicit RasterCanvas(SceneView& view)
        : QWidget(&view)
        , m_view(view) {
        setAttribute(Qt::WA_OpaquePaintEvent);
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QElapsedTimer watch;
        watch.start();
        QPainter painter(this);
        m_view.scene().paint(painter, m_view.viewport());
        m_view.painted(watch.nsecsElapsed());
    }

private:
    SceneView& m_view;
};

class SceneView::GlCanvas : public QOpenGLWidget {
public:
    explicit GlCanvas(SceneView& view)
        : QOpenGLWidget(&view)
        , m_view(view) {}
    ~GlCanvas() override {
        if (context() != nullptr) {
            context()->disconnect(this);
        }
        makeCurrent();
        release();
        doneCurrent();
    }

protected:
    void initializeGL() override {
        // A new top-level window may bring a new context; the old one's objects go with it.
        connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, [this] {
            makeCurrent();
            release();
            doneCurrent();
        });
        m_ready = true;
        for (scenes::Scene* scene : m_view.m_scenes) {
            m_ready = scene->initializeGl(&m_view.m_glError) && m_ready;
        }
    }
    void paintGL() override {
        QElapsedTimer watch;
        watch.start();
        if (m_ready) {
            m_view.scene().renderGl(m_view.viewport(), defaultFramebufferObject());
        }
        m_view.painted(watch.nsecsElapsed());
    }

private:
    void release() {
        if (m_ready) {
            for (scenes::Scene* scene : m_view.m_scenes) {
                scene->releaseGl();
            }
            m_ready = false;
        }
    }
    SceneView& m_view;
    bool m_ready = false;
};

SceneView::SceneView(SceneHost host, std::vector<scenes::Scene*> scenes, QWidget* parent)
    : QWidget(parent)
    , m_scenes(std::move(scenes)) {
    if (host == SceneHost::Gl) {
        m_canvas = new GlCanvas(*this);
    } else {
        m_canvas = new RasterCanvas(*this);
    }
    m_canvas->setMouseTracking(true);
    m_canvas->installEventFilter(this);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(1, 1);
    connect(&m_navigator, &Navigator::cameraChanged, this, [this](const scenes::Camera& camera) {
        m_followsFit = m_navigator.flightKind() == FlightKind::Home && !m_navigator.flying();
        const scenes::Camera inside = scene().bounded(camera, viewport());
        if (inside != camera && !m_navigator.flying()) {
            m_navigator.setCamera(inside);
        }
        applyCamera(inside);
        emit cameraChanged(inside);
    });
    connect(&m_navigator, &Navigator::areaDrawn, this, &SceneView::areaDrawn);
    connect(&m_navigator, &Navigator::areaChosen, this, [this](const QPolygonF& screen) {
        QPolygonF world;
        for (const QPointF& corner : screen) {
            world << scene().camera().toWorld(corner, viewport());
        }
        emit areaChosen(world);
    });
}

SceneView::~SceneView() {
    delete m_canvas; // before the scenes' GL objects lose their context
}

scenes::Viewport SceneView::viewport() const {
    return {size(), devicePixelRatioF()};
}

void SceneView::showScene(std::size_t index) {
    if (index < m_scenes.size() && index != m_current) {
        m_current = index;
        m_followsFit = true;
        worldChanged();
    }
}

void SceneView::refreshHome() {
    const scenes::Viewport pane = viewport();
    m_navigator.setViewport(pane);
    m_navigator.setWorld(scene().home(pane), scene().zoomLimits(pane));
}

void SceneView::worldChanged() {
    refreshHome();
    if (m_followsFit) {
        const scenes::Camera home = scene().home(viewport());
        m_navigator.setCamera(home);
        applyCamera(home);
    }
    redraw();
}

void SceneView::redraw() {
    m_canvas->update();
}

void SceneView::setCamera(const scenes::Camera& camera) {
    m_followsFit = false;
    m_navigator.setCamera(camera);
    applyCamera(camera);
}

void SceneView::flyTo(scenes::Target target) {
    const QRectF world = scene().worldRect(target);
    if (const auto camera = scene().cameraOn(target, viewport())) {
        m_navigator.flyTo(*camera);
    } else if (!world.isEmpty()) {
        m_navigator.fitRect(world);
    }
}

void SceneView::applyCamera(const scenes::Camera& camera) {
    scene().setCamera(camera);
    redraw();
    emit viewChanged();
}

void SceneView::painted(qint64 nanoseconds) {
    m_paintMs = static_cast<double>(nanoseconds) * 1e-6;
    ++m_paintCount;
}

void SceneView::resizeEvent(QResizeEvent*) {
    m_canvas->setGeometry(rect());
    worldChanged();
    emit resized();
    emit viewChanged();
}

bool SceneView::event(QEvent* event) {
    if (event->type() == QEvent::FocusIn) {
        emit entered();
    }
    if (event->type() == QEvent::KeyPress && m_navigator.handle(event)) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

bool SceneView::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_canvas) {
        return QWidget::eventFilter(watched, event);
    }
    if (event->type() == QEvent::MouseButtonPress) {
        setFocus(Qt::MouseFocusReason);
    }
    const bool used = m_navigator.handle(event);
    switch (event->type()) {
    case QEvent::MouseMove: {
        const auto& move = *static_cast<QMouseEvent*>(event);
        if (m_navigator.drawing()) {
            setCursor(Qt::CrossCursor);
            emit left();
        } else if (m_navigator.dragging()) {
            setCursor(Qt::ClosedHandCursor);
            emit left();
        } else {
            unsetCursor();
            emit hovered(scene().pick(move.position(), viewport()), move.position());
        }
        return true;
    }
    case QEvent::MouseButtonRelease: {
        const auto& release = *static_cast<QMouseEvent*>(event);
        unsetCursor();
        if (!used && release.button() == Qt::LeftButton) {
            emit clicked(scene().pick(release.position(), viewport()), release.modifiers());
        }
        return true;
    }
    case QEvent::MouseButtonDblClick: {
        if (!used) {
            const auto& click = *static_cast<QMouseEvent*>(event);
            if (click.button() == Qt::LeftButton) {
                flyTo(scene().pick(click.position(), viewport()));
            }
        }
        return true;
    }
    case QEvent::ContextMenu: {
        const auto& menu = *static_cast<QContextMenuEvent*>(event);
        emit contextMenuRequested(scene().pick(menu.pos(), viewport()), menu.globalPos());
        return true;
    }
    case QEvent::Wheel:
        return true;
    case QEvent::Leave:
        emit left();
        return false;
    default:
        return used;
    }
}

} // namespace atlas::widgets

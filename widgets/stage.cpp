#include "widgets/stage.h"

#include "widgets/legend_bar.h"

#include <QPainter>
#include <QScopedValueRollback>
#include <QToolButton>

#include <algorithm>
#include <utility>

namespace atlas::widgets {

namespace {

/// Of the pane: a new page has the clock near its left end.
constexpr double kAheadOnPage = 0.2;

Side other(Side side) {
    return side == Side::A ? Side::B : Side::A;
}

} // namespace

Stage::Stage(SceneHost host, const scenes::Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_legend(new LegendBar(this))
    , m_linkButton(new QToolButton(this))
    , m_theme(theme) {
    for (const Side side : kSides) {
        auto* pane = new ScenePane(side, host, theme, this);
        m_panes[index(side)] = pane;
        connect(pane, &ScenePane::selected, this, [this, side](scenes::Target t) { emit selected(side, t); });
        connect(pane, &ScenePane::areaSelected, this,
                [this, side](const QPolygonF& world) { emit areaSelected(side, world); });
        connect(pane, &ScenePane::contextMenuRequested, this,
                [this, side](scenes::Target t, QPoint at) { emit contextMenuRequested(side, t, at); });
        connect(pane, &ScenePane::clusterChosen, this,
                [this, side](const QString& id) { emit clusterChosen(side, id); });
        connect(pane, &ScenePane::fabricRequested, this, &Stage::fabricRequested);
        connect(pane, &ScenePane::lanesWanted, this, [this, side] { emit lanesWanted(side); });
        connect(pane, &ScenePane::seekRequested, this,
                [this, side](double timeS) { emit seekRequested(side, timeS); });
        connect(&pane->view(), &SceneView::entered, this, [this, side] { emit entered(side); });
        connect(&pane->view(), &SceneView::cameraChanged, this, [this, side](const scenes::Camera& camera) {
            follow(side, camera);
            refreshLegend();
        });
        connect(&pane->view(), &SceneView::resized, this, &Stage::refreshLegend);
    }
    m_linkButton->setObjectName(QStringLiteral("link"));
    connect(m_linkButton, &QToolButton::clicked, this, &Stage::cycleLink);
    setLink(m_link);
    setTheme(theme);
}

void Stage::setTheme(const scenes::Theme& theme) {
    m_theme = theme;
    for (ScenePane* pane : m_panes) {
        pane->setTheme(theme);
    }
    m_legend->setTheme(theme);
    m_legendHeight = 0;
    refreshLegend();
    layOut();
    update();
}

void Stage::showScene(PaneScene scene) {
    m_scene = scene;
    for (ScenePane* pane : m_panes) {
        pane->showScene(scene);
    }
    m_legendHeight = 0;
    m_legend->setLegend(legendOfPanes());
    layOut();
    fitAll();
}

void Stage::setColourBy(scenes::ColourBy colourBy) {
    for (ScenePane* pane : m_panes) {
        pane->setColourBy(colourBy);
    }
    refreshLegend();
}

void Stage::setLink(scenes::CameraLink link) {
    using enum scenes::CameraLink;
    const bool changed = m_link != link;
    m_link = link;
    m_linkButton->setText(link == SameScale    ? tr("same scale · linked")
                          : link == SameExtent ? tr("same extent · linked")
                                               : tr("cameras free"));
    m_linkButton->setToolTip(tr("How the two cameras hang together (Ctrl+L)"));
    m_linkButton->setAccessibleName(tr("Camera link: %1").arg(m_linkButton->text()));
    layOut();
    if (changed) {
        fitAll();
        emit linkChanged(link);
    }
}

void Stage::cycleLink() {
    using enum scenes::CameraLink;
    setLink(m_link == SameScale ? SameExtent : m_link == SameExtent ? Free : SameScale);
}

bool Stage::moving() const {
    return m_panes[0]->view().navigator().flying() || m_panes[1]->view().navigator().flying();
}

void Stage::fitIfFollowing() {
    if (m_panes[0]->view().followsFit() && m_panes[1]->view().followsFit()) {
        fitAll();
    }
}

std::array<scenes::Camera, 2> Stage::homes() {
    std::array<scenes::Camera, 2> cameras;
    for (const Side side : kSides) {
        SceneView& view = pane(side).view();
        cameras[index(side)] = view.scene().home(view.viewport());
    }
    const bool bothShow = !m_maximised && pane(Side::A).cluster() && pane(Side::B).cluster();
    // At the same scale the larger site decides, so that the bigger one looks bigger.
    if (m_link == scenes::CameraLink::SameScale && m_scene == PaneScene::Floorplan && bothShow) {
        const double scale = std::min(cameras[0].pixelsPerMetre, cameras[1].pixelsPerMetre);
        cameras[0].pixelsPerMetre = cameras[1].pixelsPerMetre = scale;
    }
    // Linked, both show as much time, about their clocks; the longer of the two steps decides.
    if (m_link != scenes::CameraLink::Free && m_scene == PaneScene::StepTimeline && bothShow) {
        const Side longer = cameras[0].pixelsPerMetre <= cameras[1].pixelsPerMetre ? Side::A : Side::B;
        scenes::Camera& shorter = cameras[index(other(longer))];
        shorter.centre.setX(atClockOf(other(longer), longer, cameras[index(longer)]).centre.x());
        shorter.pixelsPerMetre = cameras[index(longer)].pixelsPerMetre;
    }
    return cameras;
}

void Stage::fitAll() {
    const std::array<scenes::Camera, 2> cameras = homes();
    m_together = false;
    for (const Side side : kSides) {
        pane(side).view().setCamera(cameras[index(side)]);
        pane(side).view().setFollowsFit(true);
    }
    refreshLegend(); // a pixel stands for something else now
}

void Stage::flyHome() {
    fly(homes(), FlightKind::Home);
}

void Stage::flyTo(const std::array<scenes::Camera, 2>& cameras) {
    fly(cameras, FlightKind::Together);
}

void Stage::fly(const std::array<scenes::Camera, 2>& cameras, FlightKind kind) {
    double durationS = 0;
    for (const Side side : kSides) {
        SceneView& view = pane(side).view();
        const scenes::CameraFlight flight(view.scene().camera(), cameras[index(side)], view.viewport());
        durationS = std::max(durationS, flight.durationS());
    }
    m_together = true;
    for (const Side side : kSides) {
        pane(side).view().navigator().flyTogether(cameras[index(side)], durationS, kind);
    }
    m_together = moving();
}

void Stage::setMotion(Motion motion) {
    for (ScenePane* pane : m_panes) {
        pane->setMotion(motion);
    }
}

void Stage::setPerformance(Side side, const std::vector<PerformanceLine>& lines) {
    pane(side).setPerformance(lines);
}

void Stage::setPace(Side side, double pace) {
    pane(side).setPace(pace);
}

void Stage::followClocks(const std::array<double, 2>& timesS) {
    const std::array<double, 2> before = std::exchange(m_clocksS, timesS);
    if (m_scene != PaneScene::StepTimeline) {
        return;
    }
    // One clock: A leads, unless it is B that is shown. Two clocks: each pane minds its own.
    const bool one = timesS[0] == timesS[1];
    for (const Side side : kSides) {
        const bool alone = m_maximised && *m_maximised != side;
        if (alone || (one && side != m_maximised.value_or(Side::A)) || !pane(side).cluster()) {
            continue;
        }
        SceneView& view = pane(side).view();
        const scenes::LanesScene& lanes = pane(side).lanes();
        const scenes::Viewport viewport = view.viewport();
        const double timeS = timesS[index(side)];
        if (view.followsFit()) {
            // A page that no longer holds the clock, or that another pace makes too long or too short.
            const double wanted = view.scene().home(viewport).pixelsPerMetre;
            const double now = view.scene().camera().pixelsPerMetre;
            const bool sized =
                m_link != scenes::CameraLink::Free || (now < 1.5 * wanted && wanted < 1.5 * now);
            if (!lanes.shows(timeS, viewport) || !sized) {
                fitAll();
            }
        } else if (lanes.shows(before[index(side)], viewport) && !lanes.shows(timeS, viewport)) {
            // Where the user chose the view, it follows only a clock that was in it.
            for (const Side each : kSides) {
                SceneView& turned = pane(each).view();
                scenes::Camera camera = turned.scene().camera();
                camera.centre.setX(timesS[index(each)] +
                                   kAheadOnPage * turned.width() / camera.pixelsPerMetre);
                if (one || each == side || m_link != scenes::CameraLink::Free) {
                    turned.setCamera(camera);
                }
            }
        }
    }
}

scenes::Camera Stage::atClockOf(Side there, Side here, scenes::Camera camera) const {
    if (camera.axes == scenes::CameraAxes::Time) {
        camera.centre.rx() += m_clocksS[index(there)] - m_clocksS[index(here)];
    }
    return camera;
}

void Stage::follow(Side leader, const scenes::Camera& camera) {
    SceneView& followed = pane(leader).view();
    SceneView& following = pane(other(leader)).view();
    const auto joint = [](SceneView& view) { return view.navigator().flightKind() != FlightKind::Alone; };
    if (m_together && (joint(followed) || joint(following))) {
        return; // each finds its own way
    }
    m_together = false;
    if (m_link == scenes::CameraLink::Free || !pane(other(leader)).cluster()) {
        return;
    }
    following.setCamera(scenes::linked(atClockOf(other(leader), leader, camera), followed.scene().bounds(),
                                       followed.viewport(), following.scene().camera(),
                                       following.scene().bounds(), following.viewport(), m_link));
}

void Stage::setMaximised(std::optional<Side> side) {
    m_maximised = side;
    layOut();
    fitAll();
}

scenes::Legend Stage::legendOfPanes() const {
    const scenes::Legend shown = m_panes[index(m_maximised.value_or(Side::A))]->legend();
    const bool apart = m_panes[index(Side::B)]->showsDifference(); // which has a legend of its own
    return m_maximised || apart ? shown : joined(shown, m_panes[index(Side::B)]->legend());
}

void Stage::refreshLegend() {
    if (m_layingOut) {
        return; // called back by the panes this very call resizes
    }
    m_legend->setLegend(legendOfPanes());
    // A pane that gets lower may have more to say, and less when it gets higher: room once needed is kept, so
    // that the two do not chase each other.
    if (m_legend->heightForWidth(legendWidth()) > m_legendHeight) {
        layOut();
        fitIfFollowing();
        m_legend->setLegend(legendOfPanes());
    }
    emit scaleNoteChanged(scaleNote());
}

QString Stage::scaleNote() const {
    return legendOfPanes().note;
}

int Stage::legendWidth() const {
    return std::max(1, width() - 2 * m_theme.spacing.large);
}

void Stage::layOut() {
    const QScopedValueRollback layingOut(m_layingOut, true);
    const int linkWidth = m_linkButton->sizeHint().width();
    m_legend->setReserved(linkWidth + m_theme.spacing.large);
    m_legendHeight = std::max(m_legendHeight, m_legend->heightForWidth(legendWidth()));
    const int footer = std::max(m_legendHeight, m_linkButton->sizeHint().height()) + m_theme.spacing.small;
    const int paneHeight = std::max(1, height() - footer);
    const bool both = !m_maximised.has_value();
    for (const Side side : kSides) {
        m_panes[index(side)]->setVisible(both || *m_maximised == side);
    }
    if (both) {
        const int half = (width() - 1) / 2;
        m_panes[0]->setGeometry(0, 0, half, paneHeight);
        m_panes[1]->setGeometry(half + 1, 0, width() - half - 1, paneHeight);
    } else {
        m_panes[index(*m_maximised)]->setGeometry(0, 0, width(), paneHeight);
    }
    m_legend->setGeometry(m_theme.spacing.large, paneHeight, legendWidth(), footer - 2);
    m_linkButton->setGeometry(width() - linkWidth - m_theme.spacing.small, paneHeight - 2, linkWidth,
                              m_linkButton->sizeHint().height());
    m_linkButton->raise(); // beside the legend's first line
}

void Stage::resizeEvent(QResizeEvent*) {
    m_legendHeight = 0;
    layOut();
    refreshLegend();
    fitIfFollowing();
}

void Stage::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.ground);
    if (!m_maximised) {
        painter.fillRect(QRect((width() - 1) / 2, 0, 1, m_panes[0]->height()), m_theme.line);
    }
}

} // namespace atlas::widgets

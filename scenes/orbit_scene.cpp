#include "scenes/orbit_scene.h"

#include "scenes/gl_earth.h"
#include "scenes/gl_scene.h"
#include "scenes/label_paint.h"
#include "scenes/words.h"

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

template class GlScene<GlEarth>;

namespace {

constexpr double kHomeLongitude = 1.02; // radians from the Sun: the terminator lies across the picture
constexpr double kHomeLatitude = 0.30;
constexpr double kHomeShare = 0.40; // of the pane's shorter side: radius of the orbit
constexpr double kFarthest = 0.35;  // of the home scale
constexpr double kNearestM = 4;     // of the bus fill the pane's shorter side
constexpr double kCloseShare = 0.5; // of it: a satellite one has flown to
constexpr double kAside = 0.75;     // radians from the Sun's direction, along the horizon
constexpr double kAbove = 0.24;     // radians above it
constexpr double kTurnsFrom = 2.4;  // radii of the shell: nearer than this the camera has a satellite
constexpr double kStalePx = 0.35;   // of the Earth's turning before it is shaded again

} // namespace

OrbitScene::OrbitScene() {
    m_camera.axes = CameraAxes::Globe;
}

OrbitScene::~OrbitScene() = default;

void OrbitScene::setConstellation(std::shared_ptr<const orbit::Constellation> flown) {
    if (flown == m_flown)
        return;
    m_flown = std::move(flown);
    m_stale = true;
}

const orbit::Constellation* OrbitScene::flown() const {
    return m_flown && m_flown->cluster() == m_cluster && m_flown->count() > 0 ? m_flown.get() : nullptr;
}

double OrbitScene::timeS() const {
    return anyFrame() != nullptr ? anyFrame()->timeS : 0.0;
}

double OrbitScene::shellM() const {
    return orbit::kEarthRadiusM + (flown() ? flown()->site().altitudeM.value : 0.0);
}

QRectF OrbitScene::bounds() const {
    const double r = shellM();
    return {-r, -r, 2 * r, 2 * r};
}

Camera OrbitScene::home(const Viewport& viewport) const {
    const double shorter = std::max(1, std::min(viewport.size.width(), viewport.size.height()));
    return {{kHomeLongitude, kHomeLatitude}, kHomeShare * shorter / shellM(), CameraAxes::Globe};
}

ZoomLimits OrbitScene::zoomLimits(const Viewport& viewport) const {
    const double shorter = std::max(1, std::min(viewport.size.width(), viewport.size.height()));
    return {kFarthest * home(viewport).pixelsPerMetre, shorter / kNearestM};
}

GlobeView OrbitScene::viewOf(const Camera& camera, const Viewport& viewport) const {
    std::optional<Vector> focus;
    if (const orbit::Constellation* now = flown(); now != nullptr && camera.focus != cluster::kNone)
        focus =
            now->place(timeS(), static_cast<int>(camera.focus % static_cast<cluster::Index>(now->count())));
    return {camera, viewport, focus, shellM()};
}

Camera OrbitScene::bounded(const Camera& camera, const Viewport& viewport) const {
    Camera inside = camera;
    inside.axes = CameraAxes::Globe;
    const double distance = GlobeView::focalPx(viewport) / camera.pixelsPerMetre;
    const orbit::Constellation* now = flown();
    if (now == nullptr || distance > kTurnsFrom * shellM()) {
        inside.focus = cluster::kNone;
        return inside;
    }
    if (inside.focus != cluster::kNone)
        return inside;
    for (const Target& target : {m_options.hovered, m_options.selected})
        if (const int satellite = satelliteOf(*now, target); satellite >= 0 && inside.focus == cluster::kNone)
            inside.focus = static_cast<cluster::Index>(satellite);
    if (inside.focus == cluster::kNone) {
        // One on this side, so that the eye does not come down on the ground on its way.
        OrbitMoment moment = momentOf(*now, timeS());
        const GlobeView view = viewOf(inside, viewport);
        for (Vector& place : moment.places)
            if (dot(place, view.forward()) > 0)
                place = place * 1e-3; // inside the Earth, where none is seen
        const int nearest = satelliteAt(moment, view, viewport.rect().center(), 1e9);
        if (nearest >= 0)
            inside.focus = static_cast<cluster::Index>(nearest);
    }
    return inside;
}

std::optional<Camera> OrbitScene::cameraOn(Target target, const Viewport& viewport) const {
    const orbit::Constellation* now = flown();
    const int satellite = now != nullptr ? satelliteOf(*now, target) : -1;
    if (satellite < 0)
        return std::nullopt;
    // From the Sun's side and a little above: the array is seen from the front, the Earth's rim behind it.
    const Vector place = unit(now->place(timeS(), satellite));
    const Vector sun = now->sun(timeS());
    const Vector level = unit(sun - place * dot(sun, place));
    const Vector beside = cross(place, level);
    const Vector out = unit(level * std::cos(kAside) + beside * std::sin(kAside) + place * std::tan(kAbove));
    const double shorter = std::max(1, std::min(viewport.size.width(), viewport.size.height()));
    return Camera{{std::atan2(out.y, out.x), std::asin(std::clamp(out.z, -1.0, 1.0))},
                  kCloseShare * shorter / bodySpanM(now->sized(satellite).arrayM2),
                  CameraAxes::Globe,
                  static_cast<cluster::Index>(satellite)};
}

OrbitPane OrbitScene::pane() const {
    return {*flown(), m_moment, frame(), m_view, m_theme, {m_options.colourBy, conditions()}};
}

EarthShading OrbitScene::shading() const {
    return {m_view, m_moment.sun, orbit::Constellation::greenwichRad(m_moment.timeS), earthColours(m_theme)};
}

void OrbitScene::update(const Viewport& viewport) {
    if (flown() == nullptr) {
        m_picture = {};
        return;
    }
    if (m_stale || m_moment.timeS != timeS() || m_moment.places.empty())
        m_moment = momentOf(*flown(), timeS());
    m_drawnCamera = m_camera;
    m_view = viewOf(m_camera, viewport);
    const bool close = m_camera.focus != cluster::kNone;
    const auto count = static_cast<cluster::Index>(flown()->count());
    m_picture = planOrbit(pane(), m_options, close ? static_cast<int>(m_camera.focus % count) : -1);
}

bool OrbitScene::drawn(const Viewport& viewport) const {
    return !m_stale && m_drawnCamera == m_camera && m_moment.timeS == timeS() &&
           m_view.viewport() == viewport && !m_moment.places.empty();
}

void OrbitScene::shadeEarth(const Viewport& viewport) {
    const EarthShading now = shading();
    const double above = length(m_view.eyeM()) / orbit::kEarthRadiusM - 1;
    const double turned =
        std::abs(std::remainder(now.greenwichRad - m_shaded.greenwichRad, 2 * std::acos(-1.0)));
    const bool same = !m_stale && m_image.size() == viewport.deviceSize() && m_shaded.view == m_view &&
                      std::abs(now.sun.z - m_shaded.sun.z) < 1e-4 &&
                      turned * m_view.focalPx() / above < kStalePx;
    if (same)
        return;
    fitPicture(m_image, viewport);
    paintEarth(now, m_image);
    m_shaded = now;
}

Overlay OrbitScene::overlay(const Viewport& viewport) const {
    if (flown() != nullptr)
        return orbitOverlay(pane(), m_options, m_picture);
    const QString title = tr("This cluster stands on the ground");
    const QString remedy = tr("To see it fly, name one of the scenario's orbits in it: “orbit: ai1”. "
                              "The scenario orbit.atlas.yaml shows how.");
    const QRectF rect = viewport.rect().adjusted(16, 16, -16, -16);
    return {{viewport.rect(), [this, rect, title, remedy](QPainter& p) {
                 p.setPen(m_theme.text);
                 p.setFont(m_theme.font(TextRole::Head));
                 QRectF used;
                 p.drawText(rect.adjusted(0, 0, 0, -rect.height() / 2),
                            Qt::AlignHCenter | Qt::AlignBottom | Qt::TextWordWrap, title, &used);
                 p.setPen(m_theme.quietText);
                 p.setFont(m_theme.font(TextRole::Body));
                 p.drawText(rect.adjusted(0, rect.height() / 2 + 6, 0, 0),
                            Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, remedy);
             }}};
}

void OrbitScene::paint(QPainter& painter, const Viewport& viewport) {
    update(viewport);
    if (flown() != nullptr) {
        shadeEarth(viewport);
        paintRows(painter, m_image);
    } else {
        painter.fillRect(viewport.rect(), m_theme.ground);
    }
    m_stale = false;
    paintOverlay(painter, overlay(viewport));
}

void OrbitScene::drawGl(GlEarth& painter, const Viewport& viewport) {
    update(viewport);
    m_stale = false;
    m_image = {}; // what the raster painter kept would be taken for up to date
    const EarthShading now = shading();
    painter.draw(flown() != nullptr ? &now : nullptr, m_theme.ground, overlay(viewport), viewport);
}

} // namespace atlas::scenes

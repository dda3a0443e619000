#include "scenes/globe_view.h"

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

namespace {

constexpr double kFocalShare = 1.4;         // of the pane's shorter side: a field of view of 39 degrees
constexpr double kTurnsAboutFocusM = 2.5e6; // this near the view turns about the focus alone
constexpr double kTurnsAboutEarth = 2.6;    // radii of the shell: from here on about the Earth's centre alone
constexpr double kLowestEye = 1.005;        // radii of the Earth
constexpr double kNearestM = 1e-3;

} // namespace

double GlobeView::focalPx(const Viewport& viewport) {
    return kFocalShare * std::max(1, std::min(viewport.size.width(), viewport.size.height()));
}

GlobeView::GlobeView(const Camera& camera, const Viewport& viewport, const std::optional<Vector>& focusM,
                     double shellM)
    : m_viewport(viewport)
    , m_focal(focalPx(viewport)) {
    const double lon = camera.centre.x();
    const double lat = camera.centre.y();
    const Vector out{std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon), std::sin(lat)};
    const double distance = m_focal / camera.pixelsPerMetre;
    Vector target{0, 0, 0};
    if (focusM) {
        const double far = std::log(kTurnsAboutEarth * shellM);
        const double share =
            std::clamp((far - std::log(distance)) / (far - std::log(kTurnsAboutFocusM)), 0.0, 1.0);
        target = *focusM * (share * share * (3 - 2 * share));
    }
    m_eye = target + out * distance;
    if (const double away = length(m_eye); away < kLowestEye * orbit::kEarthRadiusM)
        m_eye = (away > 0 ? m_eye * (1 / away) : out) * (kLowestEye * orbit::kEarthRadiusM);
    m_forward = unit(target - m_eye);
    m_right = unit(cross(m_forward, {0, 0, 1}));
    m_up = cross(m_right, m_forward);
}

std::optional<Seen> GlobeView::seen(const Vector& pointM) const {
    const Vector way = pointM - m_eye;
    const double depth = dot(way, m_forward);
    if (depth < kNearestM)
        return std::nullopt;
    const double scale = m_focal / depth;
    return Seen{m_viewport.rect().center() + QPointF(dot(way, m_right), -dot(way, m_up)) * scale, depth,
                scale};
}

bool GlobeView::hidden(const Vector& pointM) const {
    const Vector way = pointM - m_eye;
    const double along = -dot(m_eye, way) / dot(way, way);
    if (along <= 0 || along >= 1)
        return false;
    return length(m_eye + way * along) < orbit::kEarthRadiusM;
}

std::optional<Vector> GlobeView::groundAt(QPointF screen) const {
    const QPointF off = screen - m_viewport.rect().center();
    const Vector ray = unit(m_forward * m_focal + m_right * off.x() - m_up * off.y());
    const double closest = -dot(m_eye, ray);
    const Vector foot = m_eye + ray * closest;
    const double inside = orbit::kEarthRadiusM * orbit::kEarthRadiusM - dot(foot, foot);
    if (closest <= 0 || inside < 0)
        return std::nullopt;
    return foot - ray * std::sqrt(inside);
}

QRectF GlobeView::earthRect(double airM) const {
    const double radius = orbit::kEarthRadiusM + airM;
    const double away = length(m_eye);
    const double depth = -dot(m_eye, m_forward); // of the Earth's centre
    // The cone about the Earth; where it reaches beside the eye, any part of the pane may show it.
    if (away <= radius || depth <= radius)
        return m_viewport.rect();
    const double off = std::acos(std::clamp(depth / away, -1.0, 1.0));
    const double wide = std::asin(radius / away);
    if (off + wide > 1.5)
        return m_viewport.rect();
    const Vector across = m_forward * depth + m_eye; // from the line of sight to the eye's foot: minus centre
    const QPointF centre(-dot(across, m_right), dot(across, m_up));
    const double lengthPx = std::hypot(centre.x(), centre.y());
    const QPointF direction = lengthPx > 0 ? centre / lengthPx : QPointF(1, 0);
    const double nearPx = m_focal * std::tan(off - wide);
    const double farPx = m_focal * std::tan(off + wide);
    const QPointF middle = m_viewport.rect().center() + direction * ((nearPx + farPx) / 2);
    const double reach = (farPx - nearPx) / 2 + 2; // the longer half axis of the ellipse
    return QRectF(middle - QPointF(reach, reach), QSizeF(2 * reach, 2 * reach)) & m_viewport.rect();
}

bool GlobeView::operator==(const GlobeView& o) const {
    const auto same = [](const Vector& a, const Vector& b) { return a.x == b.x && a.y == b.y && a.z == b.z; };
    return m_viewport == o.m_viewport && m_focal == o.m_focal && same(m_eye, o.m_eye) &&
           same(m_forward, o.m_forward);
}

} // namespace atlas::scenes

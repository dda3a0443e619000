#include "scenes/lanes_layout.h"

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

namespace {

constexpr double kGutterShare = 0.24;
constexpr double kSmallestGutter = 92, kLargestGutter = 152;
constexpr double kAxis = 20;
constexpr double kHeading = 19;
constexpr double kSmallestLane = 13, kLargestLane = 20; // with the gap to the next

} // namespace

LanesLayout LanesLayout::of(const operations::StepLanes* lanes, const Viewport& viewport) {
    LanesLayout layout;
    layout.axis = kAxis;
    layout.gutter =
        std::floor(std::clamp(viewport.size.width() * kGutterShare, kSmallestGutter, kLargestGutter));
    if (lanes == nullptr)
        return layout;
    const double room =
        viewport.size.height() - kAxis - kHeading * static_cast<double>(lanes->sections.size());
    const double pitch = std::floor(std::clamp(
        room / std::max<double>(1, static_cast<double>(lanes->lanes.size())), kSmallestLane, kLargestLane));
    int section = -1;
    for (std::uint32_t i = 0; i < lanes->lanes.size(); ++i) {
        for (; section < lanes->lanes[i].section;) {
            ++section;
            layout.rows.push_back({true, static_cast<std::uint32_t>(section), layout.height, kHeading});
            layout.height += kHeading;
        }
        layout.rows.push_back({false, i, layout.height, pitch});
        layout.height += pitch;
    }
    return layout;
}

QRectF LanesLayout::content(const Viewport& viewport) const {
    return {gutter, axis, std::max(1.0, viewport.size.width() - gutter),
            std::max(1.0, viewport.size.height() - axis)};
}

Camera LanesLayout::bounded(Camera camera, const Viewport& viewport) const {
    const double first = viewport.size.height() / 2.0 - axis;
    const double last = first + std::max(0.0, height - content(viewport).height());
    camera.centre.setY(std::clamp(camera.centre.y(), first, last));
    return camera;
}

QRectF LanesLayout::screen(const LaneRow& row, const Camera& camera, const Viewport& viewport) const {
    const double y = camera.toScreen({camera.centre.x(), row.top}, viewport).y();
    return {0, std::round(y), static_cast<double>(viewport.size.width()), row.height};
}

const LaneRow* LanesLayout::rowAt(QPointF point, const Camera& camera, const Viewport& viewport) const {
    if (point.y() < axis)
        return nullptr;
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const LaneRow& row) {
        return screen(row, camera, viewport).contains(QPointF(0, point.y()));
    });
    return found == rows.end() ? nullptr : &*found;
}

LaneWindow LanesLayout::window(const Camera& camera, const Viewport& viewport) const {
    return {camera.toWorld({gutter, 0}, viewport).x(), camera.pixelsPerMetre, content(viewport).width()};
}

Camera LanesLayout::showing(double fromS, double toS, const Viewport& viewport) const {
    const QRectF area = content(viewport);
    Camera camera;
    camera.axes = CameraAxes::Time;
    camera.pixelsPerMetre = area.width() / std::max(1e-6, toS - fromS);
    camera.centre = {fromS + (viewport.size.width() / 2.0 - gutter) / camera.pixelsPerMetre, 0};
    return bounded(camera, viewport);
}

} // namespace atlas::scenes

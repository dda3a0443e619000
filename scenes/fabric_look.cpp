#include "scenes/fabric_look.h"

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

namespace {

constexpr double kHotWidthPx = 1.6;   // device-independent pixels
constexpr double kThinnestPx = 0.9;   // thinner ribbons keep this width and fade instead
constexpr double kIdleLoad = 0.005;   // traffic below this is not shown moving
constexpr double kFaintest = 0.25;    // alpha of the slowest, idlest cable
constexpr double kTrunkAlpha = 0.75;  // at least
constexpr double kSteppedBack = 0.22; // alpha of what is not emphasised
constexpr double kDashPxPerS = 26;    // the same for all, so that a load may change without a jump
constexpr double kDashPeriodPx = 16;
constexpr double kDashHalfPx = 0.7;

bool belongsTo(const FabricRibbon& ribbon, Target target) {
    switch (target.kind) {
    case TargetKind::Hall:
        return ribbon.hall == target.index;
    case TargetKind::LinkGroup:
        return ribbon.groups.contains(target.index);
    default:
        return true;
    }
}

} // namespace

double ribbonLoad(const FabricRibbon& ribbon, const operations::Frame* frame) {
    if (!frame)
        return 0;
    double worst = 0;
    for (cluster::Index g = ribbon.groups.first; g < ribbon.groups.end() && g < frame->linkLoad.size(); ++g) {
        const auto load = static_cast<double>(frame->linkLoad[g]);
        if (!(load >= 0))
            return std::nan("");
        worst = std::max(worst, load);
    }
    return std::min(1.0, worst * ribbon.loadFactor);
}

RibbonDraw placeOf(const FabricRibbon& ribbon, const Camera& camera, const Viewport& viewport) {
    const double ratio = viewport.devicePixelRatio;
    const QPointF lower = camera.toScreen(ribbon.lower, viewport) * ratio;
    const QPointF upper = camera.toScreen(ribbon.upper, viewport) * ratio;
    RibbonDraw draw;
    draw.x0 = static_cast<float>(lower.x());
    draw.y0 = static_cast<float>(lower.y());
    draw.x1 = static_cast<float>(upper.x());
    draw.y1 = static_cast<float>(std::min(upper.y(), lower.y() - 0.5));
    draw.halfWidth = static_cast<float>(ribbon.width * camera.pixelsPerMetre * ratio / 2);
    return draw;
}

std::vector<RibbonDraw> lookOfRibbons(const RibbonInput& input) {
    const double ratio = input.viewport.devicePixelRatio;
    const QSize device = input.viewport.deviceSize();
    std::vector<RibbonDraw> calm;
    std::vector<RibbonDraw> hot;
    calm.reserve(input.layout.ribbons.size());
    for (const FabricRibbon& ribbon : input.layout.ribbons) {
        RibbonDraw draw = placeOf(ribbon, input.camera, input.viewport);
        const auto reach = draw.halfWidth + 2;
        if (std::max(draw.x0, draw.x1) + reach < 0 ||
            std::min(draw.x0, draw.x1) - reach > static_cast<float>(device.width()) || draw.y0 < 0 ||
            draw.y1 > static_cast<float>(device.height()))
            continue;
        const double load = ribbonLoad(ribbon, input.frame);
        const bool down = std::isnan(load);
        const bool congested = down || load >= kHotLoad;
        const QColor colour =
            down ? input.theme.state(operations::GpuState::Fault).colour : input.theme.loadAt(load);
        draw.r = static_cast<float>(colour.redF());
        draw.g = static_cast<float>(colour.greenF());
        draw.b = static_cast<float>(colour.blueF());

        double alpha = congested ? 0.92 : (0.46 + 0.34 * load) * std::pow(ribbon.brightness, 0.5);
        // A trunk is one line on which everything hangs; NICs are many beside each other.
        const bool trunk = ribbon.kind == cluster::LinkKind::Trunk;
        const bool wide = trunk || (congested && ribbon.kind != cluster::LinkKind::Nic);
        if (trunk)
            alpha = std::max(alpha, kTrunkAlpha);
        const double thinnest = (wide ? kHotWidthPx : kThinnestPx) * ratio / 2;
        if (static_cast<double>(draw.halfWidth) < thinnest) {
            if (!congested && !trunk)
                alpha *= std::max(0.6, static_cast<double>(draw.halfWidth) / thinnest);
            draw.halfWidth = static_cast<float>(thinnest);
        }
        alpha = std::max(alpha, kFaintest);
        if (input.emphasised && !belongsTo(ribbon, input.emphasised))
            alpha *= kSteppedBack;
        draw.alpha = static_cast<float>(alpha);
        draw.dash = down ? -1.0f : static_cast<float>(load > kIdleLoad ? 0.25 + 0.75 * load : 0.0);
        draw.dashTone = input.theme.mode == ThemeMode::Dark ? 1.0f : 0.0f;
        draw.dashHalfWidth = static_cast<float>(kDashHalfPx * ratio);
        draw.dashPeriod = static_cast<float>(kDashPeriodPx * ratio);
        draw.phase =
            static_cast<float>(down ? 0.0 : std::fmod(input.clockS * kDashPxPerS, kDashPeriodPx) * ratio);
        (congested ? hot : calm).push_back(draw);
    }
    calm.insert(calm.end(), hot.begin(), hot.end());
    return calm;
}

} // namespace atlas::scenes

#include "scenes/pattern.h"

#include "scenes/colour.h"

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

namespace {

constexpr double kFaint = 0.16;  // of Empty inside its outline
constexpr double kHollow = 0.45; // of Hollow inside its outline
constexpr double kInk = 0.52;    // where a mark is drawn into the colour

bool within(double at, double from, double to) {
    return at >= from && at < to;
}
bool border(double u, double v) {
    return std::min(std::min(u, v), std::min(1 - u, 1 - v)) < 0.09;
}

/// Share of the colour at (u, v) in [0, 1)^2, before smoothing.
double shade(Pattern pattern, double u, double v) {
    const double x = u - 0.5;
    const double y = v - 0.5;
    switch (pattern) {
    case Pattern::Empty:
        return border(u, v) ? 1.0 : kFaint;
    case Pattern::Hollow:
        return border(u, v) ? 1.0 : kHollow;
    case Pattern::Solid:
        return 1.0;
    case Pattern::Stripes:
        return within(v, 0.24, 0.38) || within(v, 0.62, 0.76) ? kInk : 1.0;
    case Pattern::Hatch: {
        const double d = std::fmod(u + v, 0.5);
        return d < 0.15 ? kInk : 1.0;
    }
    case Pattern::Target: {
        const double r = std::hypot(x, y);
        return within(r, 0.16, 0.27) || within(r, 0.40, 0.46) ? 0.25 : 1.0;
    }
    case Pattern::Cross:
        return std::min(std::abs(x - y), std::abs(x + y)) < 0.1 && std::max(std::abs(x), std::abs(y)) < 0.34
                   ? 0.25
                   : 1.0;
    case Pattern::Bar:
        return within(v, 0.66, 0.84) && within(u, 0.16, 0.84) ? kInk : 1.0;
    case Pattern::Wedge:
        return within(u, 0.28, 0.74) && std::abs(y) < (0.74 - u) * 0.62 ? kInk : 1.0;
    case Pattern::Columns:
        return within(u, 0.24, 0.38) || within(u, 0.62, 0.76) ? kInk : 1.0;
    case Pattern::Dots: {
        const double dx = std::abs(x) - 0.22;
        const double dy = std::abs(y) - 0.22;
        return std::hypot(dx, dy) < 0.11 ? kInk : 1.0;
    }
    }
    return 1.0;
}

PatternMasks::Mask maskOf(Pattern pattern) {
    constexpr int kSamples = 4;
    PatternMasks::Mask mask{};
    for (int v = 0; v < kPatternSize; ++v) {
        for (int u = 0; u < kPatternSize; ++u) {
            double sum = 0;
            for (int s = 0; s < kSamples * kSamples; ++s)
                sum += shade(pattern, (u + (s % kSamples + 0.5) / kSamples) / kPatternSize,
                             (v + (s / kSamples + 0.5) / kSamples) / kPatternSize);
            mask[static_cast<std::size_t>(v * kPatternSize + u)] =
                static_cast<std::uint8_t>(std::lround(sum / (kSamples * kSamples) * 255));
        }
    }
    return mask;
}

} // namespace

const PatternMasks& patternMasks() {
    static const PatternMasks masks = [] {
        PatternMasks all;
        for (std::size_t p = 0; p < kPatternCount; ++p)
            all.masks[p] = maskOf(static_cast<Pattern>(p));
        return all;
    }();
    return masks;
}

QImage swatchImage(const Theme& theme, const StateStyle& style) {
    const auto& mask = patternMasks().masks[static_cast<std::size_t>(style.pattern)];
    std::array<QRgb, 256> shades{};
    for (std::size_t i = 0; i < shades.size(); ++i)
        shades[i] = mixed(theme.panel, style.colour, static_cast<double>(i) / 255.0).rgb();
    QImage image(kPatternSize, kPatternSize, QImage::Format_RGB32);
    for (int v = 0; v < kPatternSize; ++v) {
        auto* const line = reinterpret_cast<QRgb*>(image.scanLine(v));
        for (int u = 0; u < kPatternSize; ++u)
            line[u] = shades[mask[static_cast<std::size_t>(v * kPatternSize + u)]];
    }
    return image;
}

void paintSwatch(QPainter& painter, const QRectF& rect, const Theme& theme, const StateStyle& style) {
    painter.save();
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(rect, swatchImage(theme, style));
    painter.restore();
}

} // namespace atlas::scenes

#include "scenes/theme.h"

#include "scenes/colour.h"

#include <QCoreApplication>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QScreen>

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

namespace {

QColor mapped(const ColourMap& map, double share) {
    const double clamped = std::isnan(share) ? 0.0 : std::clamp(share, 0.0, 1.0);
    return QColor::fromRgb(map[static_cast<std::size_t>(std::lround(clamped * 255.0))]);
}

/// Point size that comes out as `pixels` device-independent pixels. Fractions of a pixel are kept, which
/// QFont::setPixelSize would not do.
double pointsFor(double pixels) {
    const QScreen* screen = QGuiApplication::primaryScreen();
    const double dotsPerInch = screen ? screen->logicalDotsPerInchY() : 96.0;
    return pixels * 72.0 / dotsPerInch;
}

} // namespace

QColor Theme::sequentialAt(double share) const {
    return mapped(sequential, share);
}
QColor Theme::loadAt(double share) const {
    return mapped(load, share);
}
QColor Theme::divergingAt(double share) const {
    return mapped(diverging, (share + 1.0) / 2.0);
}

QFont Theme::font(TextRole role, double scale) const {
    QFont f(QStringLiteral("Inter"));
    f.setStyleHint(QFont::SansSerif);
    f.setHintingPreference(QFont::PreferNoHinting);
    const auto set = [&](double pixels, QFont::Weight weight) {
        f.setPointSizeF(pointsFor(pixels * scale));
        f.setWeight(weight);
    };
    switch (role) {
    case TextRole::Label:
        set(10.5, QFont::Normal);
        break;
    case TextRole::Body:
        set(12, QFont::Normal);
        break;
    case TextRole::Head:
        set(13, QFont::DemiBold);
        break;
    case TextRole::Strong:
        set(12, QFont::DemiBold);
        break;
    case TextRole::Section:
        set(10.5, QFont::DemiBold);
        f.setCapitalization(QFont::AllUppercase);
        f.setLetterSpacing(QFont::PercentageSpacing, 106);
        break;
    case TextRole::Figure:
        set(20, QFont::DemiBold);
        break;
    }
    return f;
}

bool registerFonts() {
    bool all = true;
    for (const char* face : {"Regular", "Medium", "SemiBold", "Bold"}) {
        const QString path = QStringLiteral(":/atlas/fonts/Inter-%1.otf").arg(QLatin1String(face));
        all = QFontDatabase::addApplicationFont(path) >= 0 && all;
    }
    return all;
}

QString stateLabel(operations::GpuState state) {
    using operations::GpuState;
    const auto tr = [](const char* text) { return QCoreApplication::translate("scenes", text); };
    switch (state) {
    case GpuState::Unpowered:
        return tr("not yet powered");
    case GpuState::Idle:
        return tr("idle");
    case GpuState::Computing:
        return tr("computing");
    case GpuState::Communicating:
        return tr("communicating");
    case GpuState::Waiting:
        return tr("waiting at the barrier");
    case GpuState::Culprit:
        return tr("culprit: holds the others up");
    case GpuState::Fault:
        return tr("fault");
    case GpuState::Checkpoint:
        return tr("writing a checkpoint");
    case GpuState::Restart:
        return tr("restarting");
    case GpuState::Prefill:
        return tr("prefill: reading prompts");
    case GpuState::Decode:
        return tr("decode: writing tokens");
    }
    return {};
}

} // namespace atlas::scenes

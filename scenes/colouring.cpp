#include "scenes/colouring.h"

#include "scenes/words.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace atlas::scenes {

namespace {
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
}

double Colouring::quantity(std::size_t gpuClass, operations::GpuState state, double utilisation) const {
    if (by == ColourBy::Utilisation)
        return utilisation;
    if (by == ColourBy::StallShare)
        return operations::standsStill(state) ? 1 : 0;
    if (!conditions || gpuClass >= conditions->classes.size())
        return kUnknown;
    const operations::ConditionLaw& law = conditions->classes[gpuClass];
    switch (by) {
    case ColourBy::Temperature:
        return law.temperatureC(state, utilisation);
    case ColourBy::Power:
        return law.powerW(state, utilisation);
    case ColourBy::DollarsLost:
        return law.lostUsdPerHour(state);
    default:
        return kUnknown;
    }
}

Colouring::Scale Colouring::scale() const {
    switch (by) {
    case ColourBy::Temperature:
        return conditions ? Scale{conditions->leastC, conditions->mostC} : Scale{kUnknown, kUnknown};
    case ColourBy::Power:
        return conditions ? Scale{0, conditions->mostW} : Scale{kUnknown, kUnknown};
    case ColourBy::DollarsLost:
        return conditions ? Scale{0, conditions->mostUsdPerHour} : Scale{kUnknown, kUnknown};
    default:
        return {0, 1};
    }
}

QString Colouring::text(double quantity) const {
    if (std::isnan(quantity))
        return tr("not known");
    switch (by) {
    case ColourBy::Temperature:
        return QString::number(std::lround(quantity)) + QChar(0x00a0) + QStringLiteral("°C");
    case ColourBy::Power:
        return withPrefix(quantity, QStringLiteral("W"));
    case ColourBy::DollarsLost:
        return tr("$%1 an hour").arg(QString::number(quantity, 'f', 2));
    default:
        return percent(quantity);
    }
}

QString Colouring::title() const {
    switch (by) {
    case ColourBy::Utilisation:
        return tr("of the GPU's time");
    case ColourBy::StallShare:
        return tr("of a rack's GPUs stand still");
    case ColourBy::Temperature:
        return tr("where GPUs slow down");
    case ColourBy::Power:
        return tr("a GPU, the most of any class");
    case ColourBy::DollarsLost:
        return tr("of market rent lost a GPU");
    case ColourBy::State:
    case ColourBy::Class:
        break;
    }
    return {};
}

RampTable rampTable(const Colouring& colouring, std::size_t classes) {
    RampTable table;
    table.share.resize(classes);
    table.known.resize(classes);
    const Colouring::Scale scale = colouring.scale();
    for (std::size_t c = 0; c < classes; ++c)
        for (std::size_t s = 0; s < operations::kStateCount; ++s) {
            table.known[c][s] = true;
            for (std::size_t u = 0; u < 256; ++u) {
                const double share = scale.share(colouring.quantity(c, static_cast<operations::GpuState>(s),
                                                                    static_cast<double>(u) / 255.0));
                table.known[c][s] = table.known[c][s] && !std::isnan(share);
                table.share[c][s * 256 + u] =
                    std::isnan(share)
                        ? std::uint8_t{0}
                        : static_cast<std::uint8_t>(std::lround(std::clamp(share, 0.0, 1.0) * 255));
            }
        }
    return table;
}

} // namespace atlas::scenes

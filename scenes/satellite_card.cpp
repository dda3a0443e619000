#include "scenes/satellite_card.h"

#include "scenes/group_words.h"
#include "scenes/label_paint.h"
#include "scenes/time_ticks.h"
#include "scenes/words.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

namespace {

constexpr double kBarPx = 72, kBarHighPx = 5;
constexpr double kCelsiusK = 273.15;
const char kWatt[] = "W";

QString watts(double w) {
    return withPrefix(w, QString::fromLatin1(kWatt));
}

QString area(double m2) {
    return QString::number(std::lround(m2)) + QStringLiteral(" m²");
}

} // namespace

SatelliteCard satelliteCard(const OrbitPane& pane, int satellite) {
    const orbit::Constellation& flown = pane.flown;
    const scenario::OrbitalSite& site = flown.site();
    const orbit::Satellite& sized = flown.sized(satellite);
    const double timeS = pane.moment.timeS;
    const Theme& theme = pane.theme;
    SatelliteCard card;
    card.title = tr("Satellite %1 of %2").arg(satellite + 1).arg(flown.count());
    if (timeS < flown.launchedS(satellite)) {
        card.light = tr("not launched yet");
        return card;
    }
    const orbit::Balance now = flown.balance(timeS, satellite);
    card.shadow = now.shadow;
    const auto crossing = flown.nextCrossingS(timeS, satellite);
    card.light = now.shadow
                     ? (crossing ? tr("in the Earth's shadow, sunlight in %1").arg(lengthText(*crossing))
                                 : tr("in the Earth's shadow"))
                     : (crossing ? tr("in sunlight, shadow in %1").arg(lengthText(*crossing))
                                 : tr("in sunlight, no eclipse this orbit"));
    const double most = std::max({sized.arrayW, sized.loadW, 1.0});
    card.rows.push_back({tr("Array"), tr("%1 · %2").arg(watts(now.arrayW), area(sized.arrayM2)),
                         now.arrayW / most, theme.warning});
    if (sized.batteryJ > 0) {
        const QString does = now.batteryW > 0   ? tr("gives %1").arg(watts(now.batteryW))
                             : now.batteryW < 0 ? tr("takes %1").arg(watts(-now.batteryW))
                                                : tr("rests");
        card.rows.push_back({tr("Battery"), tr("%1 · %2 charged").arg(does, percent(now.batteryShare)),
                             std::clamp(now.batteryShare, 0.0, 1.0), theme.positive});
    }
    const double computeW = now.loadW * sized.computeW / sized.loadW;
    card.rows.push_back({tr("Computers"),
                         now.loadW > 0 ? tr("%1 + %2 bus").arg(watts(computeW), watts(now.loadW - computeW))
                                       : tr("paused in the shadow"),
                         now.loadW / most, theme.accent});
    card.rows.push_back({tr("Radiator"),
                         tr("%1 at %2 °C · %3")
                             .arg(watts(now.heatW))
                             .arg(std::lround(site.radiatorK.value - kCelsiusK))
                             .arg(area(sized.radiatorM2)),
                         now.heatW / most, theme.negative});
    if (now.batteryW > 0)
        card.balance = tr("%1 from the battery = %2 used").arg(watts(now.batteryW), watts(now.loadW));
    else if (now.batteryW < 0)
        card.balance =
            tr("%1 in = %2 used + %3 stored").arg(watts(now.arrayW), watts(now.loadW), watts(-now.batteryW));
    else
        card.balance =
            tr("%1 in = %2 used = %3 radiated").arg(watts(now.arrayW), watts(now.loadW), watts(now.heatW));
    const cluster::Range gpus = flown.gpusOf(satellite);
    card.gpus = tr("%1 GPUs").arg(gpus.count);
    if (now.loadW <= 0)
        card.gpus += tr(" · paused");
    else if (pane.frame != nullptr)
        card.gpus += QStringLiteral(" · ") + stateCounts(*pane.frame, gpus);
    return card;
}

namespace {

struct Metrics {
    explicit Metrics(const Theme& theme)
        : strong(theme.font(TextRole::Strong))
        , label(theme.font(TextRole::Label)) {}
    QFontMetricsF strong, label;

    [[nodiscard]] double nameWidth(const SatelliteCard& card) const {
        double w = 0;
        for (const auto& row : card.rows)
            w = std::max(w, label.horizontalAdvance(row.name));
        return w;
    }
    [[nodiscard]] double line() const { return std::ceil(label.height()) + 3; }
};

} // namespace

QSizeF cardSize(const SatelliteCard& card, const Theme& theme) {
    const Metrics m(theme);
    const double gap = theme.spacing.small;
    double width = std::max({m.strong.horizontalAdvance(card.title), m.label.horizontalAdvance(card.light),
                             m.label.horizontalAdvance(card.balance), m.label.horizontalAdvance(card.gpus)});
    for (const auto& row : card.rows)
        width =
            std::max(width, m.nameWidth(card) + gap + kBarPx + gap + m.label.horizontalAdvance(row.value));
    const int lines = 1 + static_cast<int>(card.rows.size()) + !card.balance.isEmpty() + !card.gpus.isEmpty();
    return {std::ceil(width) + 2.0 * theme.spacing.medium, std::ceil(m.strong.height()) + lines * m.line() +
                                                               2.0 * theme.spacing.small +
                                                               (card.rows.empty() ? 0 : theme.spacing.tight)};
}

void paintCard(QPainter& painter, const QRectF& rect, const SatelliteCard& card, const Theme& theme) {
    const Metrics m(theme);
    painter.setRenderHint(QPainter::Antialiasing);
    paintPlate(painter, rect, theme);
    const double left = rect.left() + theme.spacing.medium;
    double y = rect.top() + theme.spacing.small;
    painter.setFont(theme.font(TextRole::Strong));
    painter.setPen(theme.text);
    painter.drawText(QPointF(left, y + m.strong.ascent()), card.title);
    y += std::ceil(m.strong.height());
    painter.setFont(theme.font(TextRole::Label));
    const auto write = [&](double x, const QString& words, const QColor& colour) {
        painter.setPen(colour);
        painter.drawText(QPointF(x, y + m.label.ascent()), words);
    };
    write(left, card.light, card.shadow ? theme.quietText : captionColour(theme));
    y += m.line() + (card.rows.empty() ? 0 : theme.spacing.tight);
    const double bars = left + m.nameWidth(card) + theme.spacing.small;
    for (const auto& row : card.rows) {
        write(left, row.name, theme.quietText);
        const QRectF track(bars, y + (m.label.height() - kBarHighPx) / 2, kBarPx, kBarHighPx);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.line);
        painter.drawRoundedRect(track, kBarHighPx / 2, kBarHighPx / 2);
        if (const double filled = kBarPx * std::clamp(row.share, 0.0, 1.0); filled > 1) {
            painter.setBrush(row.colour);
            painter.drawRoundedRect(QRectF(track.topLeft(), QSizeF(filled, kBarHighPx)), kBarHighPx / 2,
                                    kBarHighPx / 2);
        }
        write(bars + kBarPx + theme.spacing.small, row.value, theme.text);
        y += m.line();
    }
    for (const QString& words : {card.balance, card.gpus})
        if (!words.isEmpty()) {
            write(left, words, captionColour(theme));
            y += m.line();
        }
}

} // namespace atlas::scenes

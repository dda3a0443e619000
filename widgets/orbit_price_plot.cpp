#include "widgets/orbit_price_plot.h"

#include "widgets/format.h"

#include <QAreaSeries>
#include <QLineSeries>
#include <QValueAxis>

#include <algorithm>
#include <array>
#include <cmath>

namespace atlas::widgets {

namespace {

constexpr std::size_t kGround = 0;
constexpr std::size_t kOrbit = 1;

QString perHour(double usd) {
    return quantityText(usd, units::Dimension::UsdPerGpuHour);
}

QString perKilogram(double usd) {
    return quantityText(usd, units::Dimension::UsdPerKilogram);
}

QString times(double ratio) {
    return quantityText(ratio, units::Dimension::Number);
}

} // namespace

QString orbitFinding(const explore::OrbitStudy& study) {
    const orbit::OrbitAgainstGround& central = study.central;
    const QString ratio = OrbitPricePlot::tr("A GPU-hour in orbit costs %1 times one on the ground")
                              .arg(times(central.ratio()));
    if (!central.parityUsdPerKg) {
        return OrbitPricePlot::tr("%1; a free launch would not bring them level").arg(ratio);
    }
    return OrbitPricePlot::tr("%1; they meet at %2 of launch")
        .arg(ratio, perKilogram(*central.parityUsdPerKg));
}

OrbitPricePlot::OrbitPricePlot() {
    for (std::size_t i = 0; i < m_bands.size(); ++i) {
        m_bands[i] = new QAreaSeries(new QLineSeries(this), new QLineSeries(this));
        addSeries(m_bands[i]);
        m_bands[i]->attachAxis(xAxis());
        m_bands[i]->attachAxis(yAxis());
        m_bands[i]->setPen(Qt::NoPen);
    }
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        m_curves[i] = new QLineSeries(this);
        addSeries(m_curves[i]);
        m_curves[i]->attachAxis(xAxis());
        m_curves[i]->attachAxis(yAxis());
    }
}

void OrbitPricePlot::setValues(const explore::OrbitStudy& study) {
    m_study = study;
    rearrange();
}

void OrbitPricePlot::arrange(const QRectF& area) {
    for (std::size_t i = 0; i < 2; ++i) {
        m_curves[i]->clear();
        m_bands[i]->hide();
    }
    if (empty()) {
        return;
    }
    Scales scales;
    scales.xLow = std::log10(m_study.priceUsdPerKg.front());
    scales.xHigh = std::log10(m_study.priceUsdPerKg.back());
    double high = m_study.groundUsdPerHour.high;
    for (const explore::Band& band : m_study.orbitUsdPerHour) {
        high = std::max(high, band.high);
    }
    // The dear end runs out of the picture: what decides lies where the bands meet.
    const explore::Band& own =
        m_study.orbitUsdPerHour[nearest(std::log10(std::max(1.0, m_study.launchUsdPerKg)))];
    scales.yHigh = std::min(high, 2.2 * std::max(own.high, m_study.groundUsdPerHour.high));
    const int yCount = std::clamp(static_cast<int>(area.height() / (40 * scale())), 2, 6);
    for (const double usd : roundTicks(0, scales.yHigh, yCount)) {
        scales.y.push_back({usd, perHour(usd)});
    }
    for (int decade = static_cast<int>(std::ceil(scales.xLow)); decade <= scales.xHigh; ++decade) {
        scales.x.push_back({static_cast<double>(decade), perKilogram(std::pow(10, decade))});
    }
    const explore::Band& last = m_study.orbitUsdPerHour.back();
    const std::vector<EndLabel> names = {{m_study.groundUsdPerHour.value,
                                          tr("ground\n%1").arg(perHour(m_study.groundUsdPerHour.value)),
                                          mixed(theme().text, sideColour(theme(), Side::B), 0.55)},
                                         {std::min(last.value, scales.yHigh), tr("orbit"),
                                          mixed(theme().text, sideColour(theme(), Side::A), 0.55)}};
    layScales(area, scales, gutterFor(names) + theme().spacing.small);
    layEndLabels(names, theme().spacing.small);
    drawCurves();
    markParity();
}

void OrbitPricePlot::drawCurves() {
    const double top = toValue(plotArea().topLeft()).y();
    const std::array<QColor, 2> colours = {sideColour(theme(), Side::B), sideColour(theme(), Side::A)};
    for (const std::size_t which : {kGround, kOrbit}) {
        QList<QPointF> low;
        QList<QPointF> high;
        QList<QPointF> curve;
        for (std::size_t i = 0; i < m_study.priceUsdPerKg.size(); ++i) {
            const explore::Band& band =
                which == kGround ? m_study.groundUsdPerHour : m_study.orbitUsdPerHour[i];
            const double x = std::log10(m_study.priceUsdPerKg[i]);
            low.append({x, std::min(top, band.low)});
            high.append({x, std::min(top, band.high)});
            if (band.value <= top) {
                curve.append({x, band.value});
            }
        }
        QColor tint = colours[which];
        tint.setAlphaF(0.2F);
        m_bands[which]->setBrush(tint);
        m_bands[which]->lowerSeries()->replace(low);
        m_bands[which]->upperSeries()->replace(high);
        m_bands[which]->show();
        // Told apart by more than colour: the ground is dashed.
        m_curves[which]->setPen(
            QPen(colours[which], 1.8 * scale(), which == kGround ? Qt::DashLine : Qt::SolidLine));
        m_curves[which]->replace(curve);
    }
}

void OrbitPricePlot::markParity() {
    const auto mark = [&](double price, double usd, const QString& words, bool filled, bool above) {
        const double x = std::log10(price);
        if (x < std::log10(m_study.priceUsdPerKg.front()) || x > std::log10(m_study.priceUsdPerKg.back())) {
            return;
        }
        const QPointF at = toPosition({x, usd});
        const double radius = 3.6 * scale();
        QPainterPath dot;
        dot.addEllipse(at, radius, radius);
        addShape({dot, QPen(theme().text, 1.5), filled ? QBrush(theme().text) : QBrush(theme().panel)});
        for (const double lift : {10.0, 24.0, 40.0}) {
            const QPointF anchor = at + QPointF(0, (above ? -lift : lift) * scale());
            if (tryLabel(words, anchor, Qt::AlignRight | (above ? Qt::AlignBottom : Qt::AlignTop),
                         TextRole::Label, theme().text)) {
                return;
            }
        }
    };
    if (m_study.launchUsdPerKg > 0) {
        mark(m_study.launchUsdPerKg, m_study.central.orbit.totalUsd(),
             tr("%1: %2").arg(perKilogram(m_study.launchUsdPerKg), perHour(m_study.central.orbit.totalUsd())),
             true, true);
    }
    if (const auto parity = m_study.central.parityUsdPerKg; parity && *parity > 0) {
        mark(*parity, m_study.groundUsdPerHour.value, tr("level at %1").arg(perKilogram(*parity)), false,
             false);
    }
}

std::size_t OrbitPricePlot::nearest(double logPrice) const {
    std::size_t best = 0;
    for (std::size_t i = 0; i < m_study.priceUsdPerKg.size(); ++i) {
        if (std::abs(std::log10(m_study.priceUsdPerKg[i]) - logPrice) <
            std::abs(std::log10(m_study.priceUsdPerKg[best]) - logPrice)) {
            best = i;
        }
    }
    return best;
}

QString OrbitPricePlot::readout(QPointF position) const {
    if (empty() || !plotArea().contains(position)) {
        return {};
    }
    const std::size_t i = nearest(toValue(position).x());
    const explore::Band& band = m_study.orbitUsdPerHour[i];
    return tr("%1 of launch\norbit %2 (%3)\nground %4 (%5)")
        .arg(perKilogram(m_study.priceUsdPerKg[i]), perHour(band.value),
             rangeText(perHour(band.low), perHour(band.high)), perHour(m_study.groundUsdPerHour.value),
             rangeText(perHour(m_study.groundUsdPerHour.low), perHour(m_study.groundUsdPerHour.high)));
}

QString OrbitPricePlot::description() const {
    return empty() ? QString() : orbitFinding(m_study);
}

DataTable OrbitPricePlot::table() const {
    DataTable table;
    table.name = QStringLiteral("orbit-price");
    table.columns = {tr("launch [USD/kg]"),        tr("orbit low [USD/GPU-h]"),  tr("orbit [USD/GPU-h]"),
                     tr("orbit high [USD/GPU-h]"), tr("ground low [USD/GPU-h]"), tr("ground [USD/GPU-h]"),
                     tr("ground high [USD/GPU-h]")};
    for (std::size_t i = 0; i < m_study.priceUsdPerKg.size(); ++i) {
        const explore::Band& orbit = m_study.orbitUsdPerHour[i];
        const explore::Band& ground = m_study.groundUsdPerHour;
        table.rows.push_back({m_study.priceUsdPerKg[i], orbit.low, orbit.value, orbit.high, ground.low,
                              ground.value, ground.high});
    }
    return table;
}

std::unique_ptr<Plot> OrbitPricePlot::copy() const {
    auto plot = std::make_unique<OrbitPricePlot>();
    plot->setValues(m_study);
    return plot;
}

} // namespace atlas::widgets

// A GPU-hour in orbit against one on the ground, over the price of a launch: two bands, and the price at
// which they meet.
#pragma once

#include "model/explore/orbit_study.h"
#include "widgets/xy_plot.h"

class QAreaSeries;
class QLineSeries;

namespace atlas::widgets {

/// "Orbit costs 1.4 times the ground; below $120/kg of launch it would not".
[[nodiscard]] QString orbitFinding(const explore::OrbitStudy& study);

class OrbitPricePlot : public XyPlot {
    Q_OBJECT
public:
    OrbitPricePlot();

    void setValues(const explore::OrbitStudy& study);

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override;
    [[nodiscard]] bool empty() const override { return m_study.priceUsdPerKg.empty(); }

protected:
    void arrange(const QRectF& area) override;

private:
    void drawCurves();
    void markParity();
    [[nodiscard]] std::size_t nearest(double logPrice) const;

    explore::OrbitStudy m_study;
    std::array<QAreaSeries*, 2> m_bands; ///< ground, orbit
    std::array<QLineSeries*, 2> m_curves;
};

} // namespace atlas::widgets

// Money over the months as a fan: the middle line and bands that say in words how many futures lie inside.
// Beside it twenty dots, each one future as likely as the others, where the fan ends.
#pragma once

#include "widgets/painted_plot.h"
#include "widgets/side.h"

#include <array>

namespace atlas::widgets {

struct FanValues {
    struct Band { ///< percentiles of a month, USD
        double p5 = 0, p25 = 0, p50 = 0, p75 = 0, p95 = 0;
    };
    struct Strategy {
        QString name;
        std::vector<Band> months;     ///< empty: not drawn
        std::vector<double> horizons; ///< twenty equally likely ends, rising
    };
    scenario::Month first;
    std::array<Strategy, 2> sides;
    QString finding;
};

class FanPlot : public PaintedPlot {
    Q_OBJECT
public:
    void setValues(const FanValues& values);
    [[nodiscard]] const FanValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override { return m_values.finding; }
    [[nodiscard]] bool empty() const override;

protected:
    void arrange(const QRectF& area) override;

private:
    void drawBand(Side side, double FanValues::Band::*low, double FanValues::Band::*high, float alpha);
    void drawDots(Side side, const QRectF& strip);

    FanValues m_values;
    Frame m_frame;
};

} // namespace atlas::widgets

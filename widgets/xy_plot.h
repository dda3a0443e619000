// A plot with a horizontal and a vertical scale: ticks, grid, and the names of curves at their right ends.
#pragma once

#include "widgets/plot.h"

class QValueAxis;

namespace atlas::widgets {

struct Tick {
    double at = 0;
    QString label; ///< empty: a grid line without a word
};

/// Ticks for a length of time in seconds in the unit people would choose for it; the last one names the unit.
[[nodiscard]] std::vector<Tick> timeTicks(double fromS, double toS, int count);
/// Ticks for a span of simulated time: the clock and the day it belongs to ("06:00", "day 305"), days alone
/// where the span is long. At most `count` of them.
[[nodiscard]] std::vector<Tick> instantTicks(double fromS, double toS, int count);

class XyPlot : public Plot {
    Q_OBJECT
public:
    /// Values under a position and back, in the units of the axes.
    [[nodiscard]] QPointF toValue(QPointF position) const;
    [[nodiscard]] QPointF toPosition(QPointF value) const;

protected:
    XyPlot();

    struct Scales {
        double xLow = 0, xHigh = 1;
        double yLow = 0, yHigh = 1;
        std::vector<Tick> x;
        std::vector<Tick> y;
    };
    /// Sets the plot area inside `area` so that all tick labels fit, leaving `rightGutter` for names of
    /// curves, and draws grid and tick labels.
    void layScales(const QRectF& area, const Scales& scales, double rightGutter);

    /// Name of a curve at its right end.
    struct EndLabel {
        double value = 0; ///< where the curve ends, vertical axis
        QString text;
        QColor colour;
    };
    [[nodiscard]] double gutterFor(const std::vector<EndLabel>& labels) const;
    /// Places the names `gap` pixels beside the ends of their curves, pushed apart so that none covers
    /// another.
    void layEndLabels(const std::vector<EndLabel>& labels, double gap);

    [[nodiscard]] QValueAxis* xAxis() const { return m_x; }
    [[nodiscard]] QValueAxis* yAxis() const { return m_y; }
    [[nodiscard]] int columns() const;

private:
    QValueAxis* m_x;
    QValueAxis* m_y;
};

} // namespace atlas::widgets

// A plot that is painted shape by shape: scales, ticks and a key for pictures that no series of Qt Charts
// draws.
#pragma once

#include "widgets/plot.h"

#include "model/scenario/month.h"
#include "model/units/quantity.h"

namespace atlas::widgets {

/// Distinct colours for things that are neither strategies nor states, such as entities: the theme's, taken
/// in turn.
[[nodiscard]] QColor seriesColour(const Theme& theme, std::size_t index);
/// Black or white, whichever reads better on a fill.
[[nodiscard]] QColor inkOn(const QColor& fill);

class PaintedPlot : public Plot {
    Q_OBJECT
protected:
    /// One entry of the key: a swatch, a stroke, or words that bring their mark.
    struct KeyItem {
        QString name;
        QBrush fill;
        QPen stroke = Qt::NoPen; ///< drawn instead of the swatch where it has a width
    };
    /// Lays the key in lines from the top left of `area`; the height that it takes.
    double layKey(const QRectF& area, const std::vector<KeyItem>& items);

    /// A plot area and what its edges stand for.
    struct Frame {
        QRectF plot;
        double xLow = 0, xHigh = 1;
        double yLow = 0, yHigh = 1;
        [[nodiscard]] double x(double value) const;
        [[nodiscard]] double y(double value) const;
        [[nodiscard]] QPointF at(double xValue, double yValue) const { return {x(xValue), y(yValue)}; }
        [[nodiscard]] double xValue(double position) const;
        [[nodiscard]] double yValue(double position) const;
    };
    /// Horizontal grid lines with the values of `dimension` on the left; 0 is drawn stronger.
    void layValueAxis(const Frame& frame, units::Dimension dimension);
    /// Vertical grid lines with their values below.
    void layValueAxisBelow(const Frame& frame, units::Dimension dimension);
    /// A line at the start of every year, its number below; x counts in months (scenario::Month::index).
    void layYears(const Frame& frame);
    /// Room that the labels of layValueAxis() take on the left.
    [[nodiscard]] double valueGutter(double low, double high, units::Dimension dimension, int count) const;
    [[nodiscard]] int valueTicks(double height) const;
    [[nodiscard]] double labelHeight() const;
    [[nodiscard]] QString elided(const QString& text, TextRole role, double width) const;
    /// On one line where it fits, else broken between words into two of about the same length, each elided
    /// where even that is too wide.
    [[nodiscard]] QString onTwoLines(const QString& text, TextRole role, double width) const;
    void addRect(const QRectF& rect, const QBrush& fill, const QPen& pen = Qt::NoPen, bool inFront = true);
};

} // namespace atlas::widgets

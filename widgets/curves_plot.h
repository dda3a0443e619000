// Curves over a linear or a logarithmic axis, by side, with marks on them: distributions, optima, growth.
#pragma once

#include "widgets/xy_plot.h"

#include <optional>

class QLineSeries;

namespace atlas::widgets {

/// How the numbers of an axis are written.
enum class AxisUnit {
    Count,
    Seconds,
    Share,  ///< 0.01 is "1 %"
    Excess, ///< 0.01 is "+1 %"
    Days    ///< seconds, written as days
};

struct CurveAxis {
    QString name; ///< with its unit, for the table: "interval [s]"
    AxisUnit unit = AxisUnit::Count;
    bool logarithmic = false;
    std::optional<double> low, high; ///< where they are fixed; else what the curves need
};

struct Curve {
    QString name;             ///< for the table and the read-out: "A, measured"
    QString label;            ///< at its right end; empty: none
    std::optional<Side> side; ///< nothing: neither, drawn quietly
    bool dashed = false;
    std::vector<QPointF> points; ///< in order of x
};

/// A point that matters, with a word.
struct CurveMark {
    QPointF at;
    QString text;
    std::optional<Side> side;
};

struct CurvesValues {
    QString name;    ///< of the table: "step-time"
    QString finding; ///< what it shows, a sentence
    CurveAxis x, y;
    std::vector<Curve> curves;
    std::vector<CurveMark> marks;
};

/// A number as the axis writes it.
[[nodiscard]] QString axisText(double value, AxisUnit unit);

class CurvesPlot : public XyPlot {
    Q_OBJECT
public:
    CurvesPlot();

    void setValues(const CurvesValues& values);
    [[nodiscard]] const CurvesValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override { return m_values.finding; }
    [[nodiscard]] bool empty() const override;

    /// Where a value is drawn; both axes as they are.
    [[nodiscard]] QPointF place(QPointF value) const;

protected:
    void arrange(const QRectF& area) override;

private:
    [[nodiscard]] QPointF toAxes(QPointF value) const;
    [[nodiscard]] bool drawable(QPointF value) const;
    [[nodiscard]] QColor colourOf(const std::optional<Side>& side) const;
    void drawCurves();
    void drawMarks();
    [[nodiscard]] bool crossesCurve(const QRectF& rect) const;

    CurvesValues m_values;
    std::vector<QLineSeries*> m_lines;
};

} // namespace atlas::widgets

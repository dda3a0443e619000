// Predicted against reported on two equal logarithmic scales: the diagonal is right, a band says how far off
// is still good. Groups differ in shape as well as in colour.
#pragma once

#include "widgets/xy_plot.h"

namespace atlas::widgets {

struct ScatterValues {
    struct Point {
        double reported = 0;  ///< > 0
        double predicted = 0; ///< > 0
        QString words;        ///< what it is, for the read-out
        int rank = 0;         ///< 1 is the worst; 0: not among the worst, no number beside it
    };
    struct Group {
        QString name;
        std::vector<Point> points;
    };
    std::vector<Group> groups; ///< each has a shape and a colour of its own
    QString quantity;          ///< what both axes measure, with its unit: "model TFLOP/s a GPU"
    double band = 1.1;         ///< factor up and down that counts as good
    QString bandWords;         ///< "within 10 %"
};

class ScatterPlot : public XyPlot {
    Q_OBJECT
public:
    void setValues(const ScatterValues& values);
    [[nodiscard]] const ScatterValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    /// The point nearest to a position, if one is near.
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override;
    [[nodiscard]] bool empty() const override;

    /// Where a point stands, chart coordinates.
    [[nodiscard]] QPointF positionOf(const ScatterValues::Point& point) const;

protected:
    void arrange(const QRectF& area) override;

private:
    [[nodiscard]] Scales scales(const QRectF& area) const;
    void drawBand();
    void drawPoints();
    void drawLegend(const QRectF& area);
    [[nodiscard]] double legendWidth() const;

    ScatterValues m_values;
};

/// The shapes of groups, in their order; after the last they begin again with another colour.
inline constexpr int kMarkShapes = 7;
[[nodiscard]] QPainterPath markShape(int group, QPointF centre, double radius);

} // namespace atlas::widgets

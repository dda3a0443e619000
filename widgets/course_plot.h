// Curves of one measure over simulated time, with levels they are held against.
#pragma once

#include "widgets/xy_plot.h"

class QLineSeries;

namespace atlas::widgets {

/// Which colour a curve takes from the theme; neighbours in the list are told apart by it and by the dash.
enum class CourseInk : std::uint8_t { First, Second, Third, Quiet, Warning };
enum class CourseDash : std::uint8_t { Solid, Dashed, Dotted };

struct CourseCurve {
    QString name; ///< at its right end
    CourseInk ink = CourseInk::First;
    CourseDash dash = CourseDash::Solid;
    std::vector<QPointF> points; ///< simulated seconds, value in SI; shares in 0..1
};

/// What lies between two courses of one measure, shaded.
struct CourseBand {
    QString name; ///< of the table: "training: busy"
    CourseInk ink = CourseInk::First;
    std::vector<QPointF> low, high; ///< at the same times
};

struct CourseLevel {
    double value = 0;
    QString name;
};

struct CourseValues {
    QString name;   ///< of the table and its file
    QString column; ///< of the table: "share of requests"
    units::Dimension dimension = units::Dimension::Number;
    bool share = false;       ///< written in percent
    bool logarithmic = false; ///< values of 0 and less are left out
    double high = 0;          ///< the scale reaches at least this far
    std::vector<CourseCurve> curves;
    std::vector<CourseBand> bands;
    std::vector<CourseLevel> levels;
    QString finding; ///< the picture in a sentence
};

class CoursePlot : public XyPlot {
    Q_OBJECT
public:
    CoursePlot();

    void setValues(const CourseValues& values);
    [[nodiscard]] const CourseValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override { return m_values.finding; }
    [[nodiscard]] bool empty() const override;
    void activate(QPointF position) override;

protected:
    void arrange(const QRectF& area) override;

private:
    [[nodiscard]] QString valueText(double value) const;
    [[nodiscard]] double height(double value) const; ///< on the vertical scale
    [[nodiscard]] QColor colourOf(CourseInk ink) const;
    void drawBands();
    void drawLevels(double left);
    /// True where no curve passes through a rectangle of the picture.
    [[nodiscard]] bool clear(const QRectF& rect) const;
    [[nodiscard]] std::vector<Tick> valueTicks(double low, double high, int count) const;

    CourseValues m_values;
    std::vector<QLineSeries*> m_lines;
};

} // namespace atlas::widgets

// Money of several entities month by month, stacked up from zero and down from zero: what one pays another
// receives, so both sides are as tall.
#pragma once

#include "widgets/painted_plot.h"

namespace atlas::widgets {

struct MonthStackValues {
    struct Layer {
        QString name;
        std::vector<double> usd; ///< one a month
    };
    QString name; ///< of the table
    scenario::Month first;
    std::vector<Layer> layers;
    QString finding;
};

/// The same with every layer summed from the first month on.
[[nodiscard]] MonthStackValues cumulative(MonthStackValues values);

class MonthStackPlot : public PaintedPlot {
    Q_OBJECT
public:
    void setValues(const MonthStackValues& values);
    [[nodiscard]] const MonthStackValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override { return m_values.finding; }
    [[nodiscard]] bool empty() const override { return m_values.layers.empty(); }

    /// A part of a column as drawn.
    struct Segment {
        std::size_t layer = 0;
        std::size_t month = 0;
        QRectF rect; ///< chart coordinates
    };
    [[nodiscard]] const std::vector<Segment>& segments() const { return m_segments; }

protected:
    void arrange(const QRectF& area) override;

private:
    [[nodiscard]] std::size_t months() const;

    MonthStackValues m_values;
    std::vector<Segment> m_segments;
    Frame m_frame;
};

} // namespace atlas::widgets

// The programme on a calendar: tranches from order to power, leases, training runs; under them the power that
// comes on line, on the same months.
#pragma once

#include "widgets/painted_plot.h"

namespace atlas::widgets {

struct GanttValues {
    enum class Kind { Build, Powered, Lease, Run };
    struct Bar {
        Kind kind = Kind::Build;
        double from = 0; ///< scenario::Month::index, with fractions
        double to = 0;
        QString words; ///< inside the bar where they fit
    };
    struct Mark { ///< a diamond: something is paid for
        double at = 0;
        QString words;
    };
    struct Lane {
        QString name;
        std::vector<Bar> bars;
        std::vector<Mark> marks;
    };
    scenario::Month first;
    int months = 0;
    std::vector<Lane> lanes;
    std::vector<double> powerW; ///< one a month
    QString finding;
};

class GanttPlot : public PaintedPlot {
    Q_OBJECT
public:
    void setValues(const GanttValues& values);
    [[nodiscard]] const GanttValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override { return m_values.finding; }
    [[nodiscard]] bool empty() const override { return m_values.lanes.empty(); }

protected:
    void arrange(const QRectF& area) override;

private:
    [[nodiscard]] QBrush fillOf(GanttValues::Kind kind) const;
    [[nodiscard]] QString nameOf(GanttValues::Kind kind) const;
    double layKinds(const QRectF& area);
    void layLane(std::size_t lane, double names);
    void layPower();

    GanttValues m_values;
    Frame m_lanes; ///< y counts lanes from the bottom
    Frame m_power;
};

} // namespace atlas::widgets

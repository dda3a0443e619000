// Which fact moves an outcome most: bars about a base line from one end of each fact's range to the other;
// or, of Sobol indices, bars from zero for what a fact does alone and with others.
#pragma once

#include "widgets/painted_plot.h"

namespace atlas::widgets {

struct TornadoValues {
    struct Bar {
        QString name;
        QString lowText, highText; ///< the ends of the fact's range
        double atLow = 0;          ///< outcome there
        double atHigh = 0;
        bool lowApplies = true; ///< the outcome is there at all
        bool highApplies = true;
        QString source;
    };
    QString outcome;
    units::Dimension dimension = units::Dimension::Number;
    double central = 0;
    std::vector<Bar> bars;
    QString finding;
};

class TornadoPlot : public PaintedPlot {
    Q_OBJECT
public:
    void setValues(const TornadoValues& values);
    [[nodiscard]] const TornadoValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override { return m_values.finding; }
    [[nodiscard]] bool empty() const override { return m_values.bars.empty(); }

protected:
    void arrange(const QRectF& area) override;

private:
    /// Widens the axis, to `widest` at most, until the ends of all ranges have room beside their bars.
    void makeRoomForEnds(double widest);
    void layBar(std::size_t bar, double names);

    TornadoValues m_values;
    Frame m_frame;
};

struct IndexValues {
    struct Bar {
        QString name;
        double first = 0;                      ///< share of the variance that goes if the fact were known
        double total = 0;                      ///< share that stays if all but it were known
        double firstError = 0, totalError = 0; ///< standard errors
    };
    QString outcome;
    std::vector<Bar> bars;
    QString finding;
};

class IndexPlot : public PaintedPlot {
    Q_OBJECT
public:
    void setValues(const IndexValues& values);
    [[nodiscard]] const IndexValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override { return m_values.finding; }
    [[nodiscard]] bool empty() const override { return m_values.bars.empty(); }

protected:
    void arrange(const QRectF& area) override;

private:
    IndexValues m_values;
    Frame m_frame;
};

} // namespace atlas::widgets

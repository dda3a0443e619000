// A bridge of money: a total, what is added and taken step by step, and the total that comes out. The steps
// add up.
#pragma once

#include "widgets/painted_plot.h"

namespace atlas::widgets {

struct MoneyBridgeValues {
    struct Bar {
        QString name;
        double usd = 0;     ///< of a step: what it adds; of a total: where it stands
        bool total = false; ///< starts at zero
        int tint = -1;      ///< of a total: a strategy's colour by index; -1: none of them
    };
    QString name; ///< of the table
    std::vector<Bar> bars;
    QString finding;
    /// Largest difference between a total and the steps up to it, USD.
    [[nodiscard]] double error() const;
};

class MoneyBridgePlot : public PaintedPlot {
    Q_OBJECT
public:
    void setValues(const MoneyBridgeValues& values);
    [[nodiscard]] const MoneyBridgeValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override { return m_values.finding; }
    [[nodiscard]] bool empty() const override { return m_values.bars.empty(); }

    /// As drawn, one a bar.
    [[nodiscard]] const std::vector<QRectF>& rects() const { return m_rects; }

protected:
    void arrange(const QRectF& area) override;

private:
    void layNames(std::size_t bar, double slot, double top);
    [[nodiscard]] QString wrapped(const QString& name, double width) const;

    MoneyBridgeValues m_values;
    std::vector<QRectF> m_rects;
    Frame m_frame;
};

} // namespace atlas::widgets

// Horizontal bars of A and B under each other, by category, the largest first.
#pragma once

#include "widgets/curves_plot.h"

#include <array>

namespace atlas::widgets {

struct BarsValues {
    struct Row {
        QString label;
        std::array<std::optional<double>, 2> values; ///< by side; nothing: does not apply
    };
    QString name;    ///< of the table
    QString finding; ///< what it shows, a sentence
    QString measure; ///< of the values, for the table: "stall [share of GPU time]"
    AxisUnit unit = AxisUnit::Share;
    std::array<QString, 2> sides; ///< names of the strategies
    std::vector<Row> rows;
};

class BarsPlot : public Plot {
    Q_OBJECT
public:
    void setValues(const BarsValues& values);
    [[nodiscard]] const BarsValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override { return m_values.finding; }
    [[nodiscard]] bool empty() const override;

    /// A bar as drawn.
    struct Bar {
        std::size_t row = 0; ///< in values().rows; at its size: what was left out, together
        Side side = Side::A;
        double value = 0;
        QRectF rect;
    };
    [[nodiscard]] const std::vector<Bar>& bars() const { return m_bars; }

protected:
    void arrange(const QRectF& area) override;

private:
    [[nodiscard]] QString labelOf(std::size_t row) const;

    BarsValues m_values;         ///< rows by their larger value, falling
    std::size_t m_shownRows = 0; ///< the last one may stand for several
    std::vector<Bar> m_bars;
};

} // namespace atlas::widgets

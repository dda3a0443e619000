// Lease or keep as a map: the lease's fee across, the MFU of the kept cluster up, coloured by what leasing
// gains, with the line on which neither is better and today's point.
#pragma once

#include "widgets/painted_plot.h"

#include "model/explore/break_even.h"

namespace atlas::widgets {

/// "Leasing wins at today's fee of $625M/month until the kept cluster reaches 31 % MFU", as the map has it.
[[nodiscard]] QString breakEvenFinding(const explore::BreakEvenMap& map);

class BreakEvenPlot : public PaintedPlot {
    Q_OBJECT
public:
    void setValues(const explore::BreakEvenMap& map);
    [[nodiscard]] const explore::BreakEvenMap& values() const { return m_map; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override { return breakEvenFinding(m_map); }
    [[nodiscard]] bool empty() const override { return m_map.gain.empty(); }

protected:
    void arrange(const QRectF& area) override;

private:
    void drawCells();
    void drawLine();
    void layScale(const QRectF& strip);
    [[nodiscard]] double most() const;

    explore::BreakEvenMap m_map;
    Frame m_frame;
};

} // namespace atlas::widgets

// Cumulative cash of the owner by month, A and B, with the range at each end and the months in which tranches
// of the new cluster are funded.
#pragma once

#include "model/finance/cash.h"
#include "widgets/xy_plot.h"

#include <array>
#include <optional>

class QAreaSeries;
class QLineSeries;

namespace atlas::widgets {

struct CashValues {
    struct Strategy {
        QString name;
        scenario::Month first;          ///< month of balanceUsd.front()
        std::vector<double> balanceUsd; ///< cumulative, at the end of each month
        std::vector<double> lowUsd;     ///< as long as balanceUsd, or empty where no band is known
        std::vector<double> highUsd;
        std::optional<double> endLowUsd; ///< range at the horizon alone, where months have none
        std::optional<double> endHighUsd;
        std::vector<finance::CashFlow::Funded> tranches;
    };
    QString owner; ///< whose cash it is
    std::array<Strategy, 2> sides;
};

/// "B funds tranche 2 by Oct 2027; A never does" or, without tranches, where the cash of both ends.
[[nodiscard]] QString cashFinding(const CashValues& values);

class CashPlot : public XyPlot {
    Q_OBJECT
public:
    CashPlot();

    void setValues(const CashValues& values);
    [[nodiscard]] const CashValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override;
    [[nodiscard]] bool empty() const override;

protected:
    void arrange(const QRectF& area) override;

private:
    [[nodiscard]] Scales scalesFor(const QRectF& area, double gutter) const;
    void drawBand(Side side);
    void drawEndRange(Side side);
    void drawTranches(Side side);
    void placeBeside(const QString& words, QPointF at, double away);
    [[nodiscard]] bool crossesCurve(const QRectF& rect) const;

    CashValues m_values;
    std::array<QAreaSeries*, 2> m_bands;
    std::array<QLineSeries*, 2> m_curves;
};

} // namespace atlas::widgets

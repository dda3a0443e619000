// Utilisation and waiting of A and B over a span of simulated time.
#pragma once

#include "model/operations/frame.h"
#include "widgets/xy_plot.h"

#include <array>

class QLineSeries;

namespace atlas::widgets {

struct UtilisationValues {
    struct Strategy {
        QString name;
        std::vector<operations::TimelineSample> samples; ///< in order of time; may be empty
    };
    std::array<Strategy, 2> sides;
};

/// "GPUs of A wait 71 % of the time, those of B 6 %".
[[nodiscard]] QString utilisationFinding(const UtilisationValues& values);

class UtilisationPlot : public XyPlot {
    Q_OBJECT
public:
    UtilisationPlot();

    void setValues(const UtilisationValues& values);
    [[nodiscard]] const UtilisationValues& values() const { return m_values; }
    /// The instant that is shown elsewhere; NaN hides the line.
    void setNow(double timeS);

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override;
    [[nodiscard]] bool empty() const override;
    void activate(QPointF position) override;

protected:
    void arrange(const QRectF& area) override;

private:
    class NowLine;
    void placeNow();

    UtilisationValues m_values;
    double m_nowS;
    std::array<QLineSeries*, 2> m_utilisation;
    std::array<QLineSeries*, 2> m_waiting;
    NowLine* m_now;
};

} // namespace atlas::widgets

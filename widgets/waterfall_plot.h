// The efficiency waterfall of A and B side by side: from the peak, loss by loss, down to goodput.
#pragma once

#include "model/operations/frame.h"
#include "widgets/plot.h"

#include <array>

class QAreaSeries;
class QValueAxis;

namespace atlas::widgets {

struct WaterfallValues {
    struct Strategy {
        QString name;               ///< "Train on Colossus 1"
        operations::Waterfall bars; ///< empty: this side has none, and says so in `reason`
        QString reason;             ///< "leased: the tenant serves, no training"
    };
    std::array<Strategy, 2> sides;
    /// True for bars that stand on the ground: the peak and the goodput.
    [[nodiscard]] bool isTotal(const std::string& name) const;
};

/// The sentence a reader should take away, from the values: "A turns 11 of 100 FLOPs into training; B turns
/// 36".
[[nodiscard]] QString waterfallFinding(const WaterfallValues& values);

/// Short label of a bar's name for the axis ("exposed communication" -> "comm."); unknown names stay as they
/// are.
[[nodiscard]] QString waterfallLabel(const std::string& name);

/// Shares below this are neither drawn nor labelled: less than a hair at any size.
inline constexpr double kSmallestShare = 0.0005;

class WaterfallPlot : public Plot {
    Q_OBJECT
public:
    WaterfallPlot();

    void setValues(const WaterfallValues& values);
    [[nodiscard]] const WaterfallValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override;
    [[nodiscard]] bool empty() const override;

    /// A bar as drawn, for the read-out and for tests.
    struct Bar {
        Side side = Side::A;
        int category = 0;
        double from = 0; ///< share of peak, lower end
        double to = 0;   ///< share of peak, upper end
        double share = 0;
        bool total = false;
        bool decisive = false; ///< the loss that sets the two apart most; alone, the largest one
        QRectF rect;           ///< chart coordinates
    };
    [[nodiscard]] const std::vector<Bar>& bars() const { return m_bars; }
    [[nodiscard]] const std::vector<std::string>& categories() const { return m_categories; }

protected:
    void arrange(const QRectF& area) override;

private:
    void collect();
    void markDecisive();
    void fitSeries();
    void drawBars(const QRectF& plot, double top);
    double layCategoryLabels(const QRectF& area, bool measureOnly);
    void layValueLabels(const QRectF& plot);
    void layKey(const QRectF& plot);
    [[nodiscard]] QColor fill(const Bar& bar) const;
    [[nodiscard]] double slotWidth(const QRectF& area) const;

    WaterfallValues m_values;
    std::vector<std::string> m_categories;
    std::vector<Bar> m_bars;
    std::vector<QAreaSeries*> m_series; ///< one a bar
    QValueAxis* m_x;
    QValueAxis* m_y;
};

} // namespace atlas::widgets

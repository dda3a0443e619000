// A bridge from A to B: what A reaches, what each part adds or takes away, what B reaches. The steps add up.
#pragma once

#include "widgets/waterfall_plot.h"

namespace atlas::widgets {

struct BridgeValues {
    struct Step {
        std::string name;  ///< of the part, as in the waterfall
        double change = 0; ///< of the share of peak; above 0: B loses less here
    };
    std::array<QString, 2> sides;   ///< names of the strategies
    std::array<double, 2> shares{}; ///< where the bridge begins and ends
    std::vector<Step> steps;        ///< in the order of the waterfall
    bool known = false;             ///< both sides train
};

/// From two waterfalls; a part that only one of them has counts as none in the other. The steps add up to the
/// difference of the goodputs, since the parts of each waterfall do.
[[nodiscard]] BridgeValues bridgeOf(const WaterfallValues& values);

/// "B gets 12 of 100 more out of its peak: class mismatch +41, kernels −18".
[[nodiscard]] QString bridgeFinding(const BridgeValues& values);

class BridgePlot : public Plot {
    Q_OBJECT
public:
    void setValues(const BridgeValues& values);
    [[nodiscard]] const BridgeValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override { return bridgeFinding(m_values); }
    [[nodiscard]] bool empty() const override { return !m_values.known; }

    struct Bar {
        std::string name;        ///< empty for the ends
        double from = 0, to = 0; ///< share of peak
        QRectF rect;
    };
    [[nodiscard]] const std::vector<Bar>& bars() const { return m_bars; }

protected:
    void arrange(const QRectF& area) override;

private:
    BridgeValues m_values;
    std::vector<Bar> m_bars;
};

} // namespace atlas::widgets

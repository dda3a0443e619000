// Throughput of a GPU against the speed each user sees: one curve a class of GPU and the mix.
#pragma once

#include "widgets/xy_plot.h"

namespace atlas::widgets {

struct FrontierValues {
    struct Point {
        double userTokensPerS = 0;
        double tokensPerSPerGpu = 0;
        QString how; ///< "EP32 TP8, batch 292"
    };
    struct Curve {
        QString name;         ///< at its upper end
        int classColour = -1; ///< index in the theme's classes; -1: of all classes together
        bool dashed = false;
        std::vector<Point> points; ///< slow users first
    };
    std::vector<Curve> curves;
    double promised = 0; ///< tokens/s a user is promised; 0: not drawn
    QString promisedName;
    QString finding;
};

class FrontierPlot : public XyPlot {
    Q_OBJECT
public:
    FrontierPlot() = default;

    void setValues(const FrontierValues& values);
    [[nodiscard]] const FrontierValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override { return m_values.finding; }
    [[nodiscard]] bool empty() const override;

protected:
    void arrange(const QRectF& area) override;

private:
    [[nodiscard]] QColor colour(const FrontierValues::Curve& curve) const;
    [[nodiscard]] Scales scalesFor(const QRectF& area) const;
    double layLegend(const QRectF& area, bool measureOnly);
    void drawPromise();

    FrontierValues m_values;
};

} // namespace atlas::widgets

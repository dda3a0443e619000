// Throughput, MFU, cost or step time against the number of GPUs, one curve a kind of cluster, with the knee
// of each and what lies outside the validated range drawn hollow and dashed.
#pragma once

#include "model/explore/scaling.h"
#include "widgets/side.h"
#include "widgets/xy_plot.h"

#include <optional>

namespace atlas::widgets {

enum class ScalingMetric { TokensPerS, Mfu, UsdPerMtokens, StepTime };

struct ScalingValues {
    /// How a curve is shown; one a curve of `scaling`.
    struct Look {
        QString label;            ///< at its right end: "H100-SXM", "A: Colossus 1 mix"
        int classColour = 0;      ///< index in the theme's classes
        std::optional<Side> side; ///< the colour of a strategy instead
    };
    explore::Scaling scaling;
    ScalingMetric metric = ScalingMetric::TokensPerS;
    std::vector<Look> looks;
    double validatedGpus = 0; ///< largest published run; 0: not drawn
    QString finding;
};

/// "tokens/s, interruptions and idle GPUs counted": what the vertical axis shows.
[[nodiscard]] QString metricWords(ScalingMetric metric);
[[nodiscard]] double metricOf(const explore::ScalingPoint& point, ScalingMetric metric);
[[nodiscard]] QString metricText(double value, ScalingMetric metric);

class ScalingPlot : public XyPlot {
    Q_OBJECT
public:
    ScalingPlot() = default;

    void setValues(const ScalingValues& values);
    [[nodiscard]] const ScalingValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override { return m_values.finding; }
    [[nodiscard]] bool empty() const override;

    /// A point as drawn, for tests.
    struct Mark {
        std::size_t curve = 0;
        std::size_t point = 0;
        QPointF at;
        bool hollow = false; ///< outside the validated range
    };
    [[nodiscard]] const std::vector<Mark>& marks() const { return m_marks; }

protected:
    void arrange(const QRectF& area) override;

private:
    [[nodiscard]] bool logarithmic() const { return m_values.metric != ScalingMetric::Mfu; }
    [[nodiscard]] QPointF valueAt(double gpus, double metric) const;
    [[nodiscard]] QColor colour(std::size_t curve) const;
    [[nodiscard]] Scales scalesFor(const QRectF& area) const;
    void drawCurve(std::size_t curve);
    void drawKnee(std::size_t curve);
    void drawValidated();
    [[nodiscard]] std::size_t nearestCount(double x) const;

    ScalingValues m_values;
    std::vector<Mark> m_marks;
};

} // namespace atlas::widgets

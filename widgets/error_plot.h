// How errors lie, group by group: a line over eight of ten, a bar over the middle half, a mark at the median.
#pragma once

#include "widgets/xy_plot.h"

namespace atlas::widgets {

struct ErrorValues {
    /// Signed errors of a group as shares: order statistics from one in ten to nine in ten.
    struct Group {
        QString name;
        std::size_t runs = 0;
        double low = 0, quarter = 0, median = 0, threeQuarters = 0, high = 0;
        double typical = 0; ///< median of the sizes
    };
    std::vector<Group> groups; ///< from top to bottom
    QString noun;              ///< what is counted: "runs"
    double band = 0.1;         ///< shaded on both sides of zero
    double bias = 0.03;        ///< a median further out is drawn as off
    std::size_t few = 4;       ///< groups with fewer stand back
};

class ErrorPlot : public XyPlot {
    Q_OBJECT
public:
    void setValues(const ErrorValues& values);
    [[nodiscard]] const ErrorValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override;
    [[nodiscard]] bool empty() const override;
    /// Groups that are drawn; where there is no room for all, the last are left out and counted.
    [[nodiscard]] std::size_t shown() const { return m_shown; }

protected:
    void arrange(const QRectF& area) override;

private:
    [[nodiscard]] double reach() const;
    [[nodiscard]] Scales scales(const QRectF& area) const;
    void drawGround();
    void drawGroup(const ErrorValues::Group& group, double row);
    [[nodiscard]] QString sentence(const ErrorValues::Group& group) const;

    ErrorValues m_values;
    std::size_t m_shown = 0;
};

} // namespace atlas::widgets

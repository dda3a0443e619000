// Rows of parts that add up: the memory of a layout by kind against what there is, the step of a stage by
// what fills it. Under a row, thin: what goes on beside it and costs no time.
#pragma once

#include "model/units/quantity.h"
#include "widgets/plot.h"

namespace atlas::widgets {

/// A colour by what it stands for.
struct Tint {
    enum class Role { Computing, Communicating, Waiting, Ramp };
    Role role = Role::Ramp;
    double shade = 0; ///< 0: the colour itself, 1: the panel behind it; of Ramp: its place
};

struct StackValues {
    struct Part {
        QString name; ///< "activations"
        Tint tint;
    };
    struct Row {
        QString name;               ///< "H100-SXM, stages 1 to 13"
        QString detail;             ///< "7 layers each"
        std::vector<double> values; ///< one a part
        std::vector<double> hidden; ///< one a part, or none
    };
    QString name; ///< of the table
    units::Dimension dimension = units::Dimension::Number;
    std::vector<Part> parts;
    std::vector<Row> rows;
    QString hiddenName; ///< "hidden behind compute"
    double limit = 0;   ///< 0: none
    QString limitName;  ///< "there"
    QString finding;    ///< for screen readers
    [[nodiscard]] bool anyHidden() const;
};

class StackPlot : public Plot {
    Q_OBJECT
public:
    StackPlot() = default;

    void setValues(const StackValues& values);
    [[nodiscard]] const StackValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override;
    [[nodiscard]] bool empty() const override { return m_values.rows.empty(); }

    /// A part as drawn, for the read-out and for tests.
    struct Segment {
        std::size_t row = 0;
        std::size_t part = 0;
        bool hidden = false;
        QRectF rect; ///< chart coordinates
    };
    [[nodiscard]] const std::vector<Segment>& segments() const { return m_segments; }
    /// Where the limit is drawn; negative without one.
    [[nodiscard]] double limitX() const { return m_limitX; }

protected:
    void arrange(const QRectF& area) override;

private:
    [[nodiscard]] QColor colour(const Tint& tint) const;
    [[nodiscard]] double longest() const;
    double layLegend(const QRectF& area, bool measureOnly);
    void layAxis(const QRectF& plot, double most);
    void layRow(std::size_t row, const QRectF& slot, const QRectF& plot, double most);
    void layNames(const StackValues::Row& row, const QRectF& slot, double width);

    StackValues m_values;
    std::vector<Segment> m_segments;
    double m_limitX = -1;
};

} // namespace atlas::widgets

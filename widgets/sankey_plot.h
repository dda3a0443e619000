// Who pays whom over a span: nodes in columns as tall as what passes through them, ribbons as wide as the
// money.
#pragma once

#include "widgets/painted_plot.h"

#include "model/finance/money_flows.h"

namespace atlas::widgets {

struct SankeyValues {
    finance::MoneyFlows flows;
    QString span; ///< "2027"
    QString finding;
};

class SankeyPlot : public PaintedPlot {
    Q_OBJECT
public:
    void setValues(const SankeyValues& values);
    [[nodiscard]] const SankeyValues& values() const { return m_values; }

    [[nodiscard]] DataTable table() const override;
    [[nodiscard]] std::unique_ptr<Plot> copy() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QString description() const override { return m_values.finding; }
    [[nodiscard]] bool empty() const override { return m_values.flows.links.empty(); }

    struct Node {
        QRectF rect; ///< chart coordinates
    };
    /// As drawn, one a node of the values.
    [[nodiscard]] const std::vector<Node>& nodes() const { return m_nodes; }
    /// Pixels of a dollar.
    [[nodiscard]] double pixelsPerUsd() const { return m_perUsd; }

protected:
    void arrange(const QRectF& area) override;

private:
    [[nodiscard]] double throughUsd(std::size_t node) const;
    [[nodiscard]] bool touchesTenant(std::size_t node) const;
    /// Width beside an outer column for the names and values of its nodes.
    [[nodiscard]] double roomForNames(std::size_t column, double width) const;
    void placeNodes(const QRectF& area);
    void drawLinks();
    void labelNodes(const QRectF& area);
    [[nodiscard]] QColor colourOf(std::size_t node) const;

    SankeyValues m_values;
    std::vector<Node> m_nodes;
    std::vector<QPainterPath> m_ribbons; ///< one a link
    std::vector<std::size_t> m_columns;  ///< of each node, without empty stages
    double m_perUsd = 0;
};

} // namespace atlas::widgets

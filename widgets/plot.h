// One picture of numbers on Qt Charts: the same object is shown in the window, exported and tested.
//
// Qt Charts keeps the axes, the grid and the series. Text is laid out here, in items whose rectangles are
// known, so that labels can be measured, never overlap and come out the same on screen, in PNG, SVG and PDF.
#pragma once

#include "widgets/colours.h"
#include "widgets/data_table.h"

#include <QChart>
#include <QFont>
#include <QPainterPath>
#include <QPen>

#include <memory>
#include <vector>

namespace atlas::widgets {

/// A piece of text on a plot, at rest in its rectangle (chart coordinates).
struct PlotLabel {
    QString text; ///< may hold line breaks
    QRectF rect;
    QFont font;
    QColor colour;
    Qt::Alignment align = Qt::AlignCenter;
    bool slanted = false; ///< turned by -45 degrees about the right end of its rectangle
    QColor plate;         ///< drawn behind the text where valid, so that a line does not cross the letters

    /// What the text covers, turned where it is slanted.
    [[nodiscard]] QPolygonF outline() const;
};

struct PlotShape {
    QPainterPath path;
    QPen pen = Qt::NoPen;
    QBrush brush = Qt::NoBrush;
};

class Plot : public QChart {
    Q_OBJECT
public:
    Plot();
    ~Plot() override;

    /// Colours and fonts; lays the plot out again. `scale` enlarges the type for export and projection.
    void setTheme(const Theme& theme, double scale = 1.0);

    /// The numbers that are drawn, undecimated.
    [[nodiscard]] virtual DataTable table() const = 0;
    /// The same picture of the same values, to be drawn at another size or in another theme.
    [[nodiscard]] virtual std::unique_ptr<Plot> copy() const = 0;
    /// What stands at a point, for the hover read-out; empty where there is nothing.
    [[nodiscard]] virtual QString readout(QPointF position) const = 0;
    /// The picture in words, for screen readers.
    [[nodiscard]] virtual QString description() const = 0;
    /// True where there is nothing to draw; the reason is drawn instead.
    [[nodiscard]] virtual bool empty() const = 0;

    [[nodiscard]] const std::vector<PlotLabel>& labels() const { return m_labels; }
    /// Says why there is nothing to see, in place of an empty picture.
    void setEmptyReason(const QString& reason);

signals:
    /// A click where the horizontal axis is time.
    void seekRequested(double timeS);

public:
    /// Called by the host on a click; plots without a time axis ignore it.
    virtual void activate(QPointF position);

protected:
    /// Lays out axes, series, labels and shapes for the current size, theme and values.
    virtual void arrange(const QRectF& area) = 0;
    void resizeEvent(QGraphicsSceneResizeEvent* event) override;

    /// To be called whenever values change.
    void rearrange();

    [[nodiscard]] const Theme& theme() const { return *m_theme; }
    [[nodiscard]] QFont font(TextRole role) const;
    [[nodiscard]] double scale() const { return m_scale; }
    [[nodiscard]] QSizeF measure(const QString& text, const QFont& font) const;

    /// Adds a label whose anchor point is held by `align` (its left middle for AlignLeft | AlignVCenter).
    PlotLabel& addLabel(const QString& text, QPointF anchor, Qt::Alignment align, TextRole role,
                        const QColor& colour);
    /// As above, but only if it neither leaves the chart nor covers a label that is there already.
    bool tryLabel(const QString& text, QPointF anchor, Qt::Alignment align, TextRole role,
                  const QColor& colour);
    void addShape(PlotShape shape, bool inFront = true);
    void addLine(const QLineF& line, const QPen& pen, bool inFront = true);

private:
    class Layer;
    void paintLayer(QPainter* painter, bool front) const;
    [[nodiscard]] PlotLabel place(const QString& text, QPointF anchor, Qt::Alignment align, TextRole role,
                                  const QColor& colour) const;

    std::unique_ptr<Theme> m_theme;
    double m_scale = 1.0;
    QString m_emptyReason;
    std::vector<PlotLabel> m_labels;
    std::vector<PlotShape> m_back;
    std::vector<PlotShape> m_front;
    Layer* m_backLayer;
    Layer* m_frontLayer;
};

/// Round steps for an axis from `low` to `high` with about `count` ticks: 1, 2 or 5 times a power of ten.
[[nodiscard]] std::vector<double> roundTicks(double low, double high, int count);

/// At most `columns` pairs of points of a curve: the lowest and the highest of every column, in order of
/// time, and always the first and the last point. NaN values are left out.
[[nodiscard]] QList<QPointF> decimated(const std::vector<QPointF>& points, int columns);

} // namespace atlas::widgets

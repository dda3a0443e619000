#include "widgets/plot.h"

#include <QFontMetricsF>
#include <QGraphicsItem>
#include <QLegend>
#include <QPainter>
#include <QTextOption>
#include <QTransform>

#include <cmath>

namespace atlas::widgets {

namespace {

constexpr qreal kBackZ = -1;
constexpr qreal kFrontZ = 1000;
/// Labels keep this distance from one another, pixels.
constexpr qreal kLabelGap = 2;

bool overlaps(const QRectF& a, const QRectF& b) {
    return a.adjusted(-kLabelGap, 0, kLabelGap, 0).intersects(b);
}

} // namespace

QPolygonF PlotLabel::outline() const {
    if (!slanted) {
        return QPolygonF(rect);
    }
    const QPointF pivot(rect.right(), rect.center().y());
    QTransform turn;
    turn.translate(pivot.x(), pivot.y()).rotate(-45).translate(-pivot.x(), -pivot.y());
    return turn.map(QPolygonF(rect));
}

class Plot::Layer : public QGraphicsItem {
public:
    Layer(Plot* plot, bool front)
        : QGraphicsItem(plot)
        , m_plot(plot)
        , m_front(front) {
        setZValue(front ? kFrontZ : kBackZ);
        setAcceptedMouseButtons(Qt::NoButton);
    }
    [[nodiscard]] QRectF boundingRect() const override { return m_rect; }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) override {
        m_plot->paintLayer(painter, m_front);
    }
    void setRect(const QRectF& rect) {
        prepareGeometryChange();
        m_rect = rect;
        update();
    }

private:
    Plot* m_plot;
    bool m_front;
    QRectF m_rect;
};

Plot::Plot()
    : QChart()
    , m_backLayer(new Layer(this, false))
    , m_frontLayer(new Layer(this, true)) {
    legend()->hide();
    setMargins(QMargins(0, 0, 0, 0));
    setContentsMargins(0, 0, 0, 0);
    setBackgroundVisible(false);
    setPlotAreaBackgroundVisible(false);
    setAnimationOptions(QChart::NoAnimation);
    setAcceptHoverEvents(false);
}

Plot::~Plot() = default;

void Plot::setTheme(const Theme& theme, double scale) {
    m_theme = std::make_unique<Theme>(theme);
    m_scale = scale;
    rearrange();
}

void Plot::setEmptyReason(const QString& reason) {
    m_emptyReason = reason;
    rearrange();
}

void Plot::activate(QPointF) {}

void Plot::resizeEvent(QGraphicsSceneResizeEvent* event) {
    QChart::resizeEvent(event);
    rearrange();
}

void Plot::rearrange() {
    if (!m_theme || size().isEmpty()) {
        return;
    }
    m_labels.clear();
    m_back.clear();
    m_front.clear();
    const QRectF area(QPointF(), size());
    arrange(area);
    if (empty() && !m_emptyReason.isEmpty()) {
        PlotLabel reason;
        reason.text = m_emptyReason;
        reason.font = font(TextRole::Body);
        reason.colour = m_theme->quietText;
        reason.rect = area.adjusted(m_theme->spacing.large, 0, -m_theme->spacing.large, 0);
        m_labels.push_back(reason);
    }
    m_backLayer->setRect(area);
    m_frontLayer->setRect(area);
}

QFont Plot::font(TextRole role) const {
    return m_theme->font(role, m_scale);
}

QSizeF Plot::measure(const QString& text, const QFont& font) const {
    const QFontMetricsF metrics(font);
    const QStringList lines = text.split('\n');
    qreal width = 0;
    for (const QString& line : lines) {
        width = std::max(width, metrics.horizontalAdvance(line));
    }
    return {std::ceil(width), std::ceil(metrics.height() * static_cast<qreal>(lines.size()))};
}

PlotLabel Plot::place(const QString& text, QPointF anchor, Qt::Alignment align, TextRole role,
                      const QColor& colour) const {
    PlotLabel label;
    label.text = text;
    label.font = font(role);
    label.colour = colour;
    label.align = (align & Qt::AlignHorizontal_Mask) | Qt::AlignVCenter;
    const QSizeF size = measure(text, label.font);
    QPointF corner = anchor;
    if (align & Qt::AlignHCenter) {
        corner.rx() -= size.width() / 2;
    } else if (align & Qt::AlignRight) {
        corner.rx() -= size.width();
    }
    if (align & Qt::AlignVCenter) {
        corner.ry() -= size.height() / 2;
    } else if (align & Qt::AlignBottom) {
        corner.ry() -= size.height();
    }
    label.rect = QRectF(corner, size);
    return label;
}

PlotLabel& Plot::addLabel(const QString& text, QPointF anchor, Qt::Alignment align, TextRole role,
                          const QColor& colour) {
    m_labels.push_back(place(text, anchor, align, role, colour));
    return m_labels.back();
}

bool Plot::tryLabel(const QString& text, QPointF anchor, Qt::Alignment align, TextRole role,
                    const QColor& colour) {
    PlotLabel label = place(text, anchor, align, role, colour);
    const QRectF area(QPointF(), size());
    if (!area.contains(label.rect)) {
        return false;
    }
    for (const PlotLabel& other : m_labels) {
        if (overlaps(label.rect, other.outline().boundingRect())) {
            return false;
        }
    }
    m_labels.push_back(std::move(label));
    return true;
}

void Plot::addShape(PlotShape shape, bool inFront) {
    (inFront ? m_front : m_back).push_back(std::move(shape));
}

void Plot::addLine(const QLineF& line, const QPen& pen, bool inFront) {
    QPainterPath path(line.p1());
    path.lineTo(line.p2());
    addShape({path, pen, Qt::NoBrush}, inFront);
}

void Plot::paintLayer(QPainter* painter, bool front) const {
    painter->setRenderHint(QPainter::Antialiasing);
    for (const PlotShape& shape : front ? m_front : m_back) {
        painter->setPen(shape.pen);
        painter->setBrush(shape.brush);
        painter->drawPath(shape.path);
    }
    if (!front) {
        return;
    }
    for (const PlotLabel& label : m_labels) {
        painter->save();
        if (label.slanted) {
            painter->translate(label.rect.right(), label.rect.center().y());
            painter->rotate(-45);
            painter->translate(-label.rect.right(), -label.rect.center().y());
        }
        if (label.plate.isValid()) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(label.plate);
            painter->drawRect(label.rect.adjusted(-2, 0, 2, 0));
        }
        painter->setFont(label.font);
        painter->setPen(label.colour);
        QTextOption option(label.align);
        option.setWrapMode(&label == &m_labels.back() && empty() ? QTextOption::WordWrap
                                                                 : QTextOption::NoWrap);
        // A hair of room: a rectangle that is exactly as wide as the text must not clip its last letter.
        painter->drawText(label.rect.adjusted(-1, -1, 1, 1), label.text, option);
        painter->restore();
    }
}

std::vector<double> roundTicks(double low, double high, int count) {
    std::vector<double> ticks;
    if (!(high > low) || count < 1 || !std::isfinite(high - low)) {
        return ticks;
    }
    const double rough = (high - low) / count;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    double step = 10 * power;
    for (const double nice : {1.0, 2.0, 5.0}) {
        if (nice * power >= rough * 0.999) {
            step = nice * power;
            break;
        }
    }
    for (double k = std::ceil(low / step - 1e-9); k * step <= high + step * 1e-9; ++k) {
        ticks.push_back(k * step);
    }
    return ticks;
}

QList<QPointF> decimated(const std::vector<QPointF>& points, int columns) {
    QList<QPointF> finite;
    for (const QPointF& p : points) {
        if (std::isfinite(p.x()) && std::isfinite(p.y())) {
            finite.append(p);
        }
    }
    if (finite.size() <= static_cast<qsizetype>(columns) * 2 || columns < 1) {
        return finite;
    }
    QList<QPointF> kept;
    kept.reserve(static_cast<qsizetype>(columns) * 2 + 2);
    kept.append(finite.first());
    const double x0 = finite.first().x();
    const double width = (finite.last().x() - x0) / columns;
    qsizetype i = 1;
    const qsizetype last = finite.size() - 1;
    for (int c = 0; c < columns && i < last; ++c) {
        const double end = x0 + width * (c + 1);
        qsizetype lowest = -1;
        qsizetype highest = -1;
        for (; i < last && (finite[i].x() < end || c == columns - 1); ++i) {
            if (lowest < 0 || finite[i].y() < finite[lowest].y()) {
                lowest = i;
            }
            if (highest < 0 || finite[i].y() > finite[highest].y()) {
                highest = i;
            }
        }
        if (lowest >= 0) {
            kept.append(finite[std::min(lowest, highest)]);
            if (lowest != highest) {
                kept.append(finite[std::max(lowest, highest)]);
            }
        }
    }
    kept.append(finite.last());
    return kept;
}

} // namespace atlas::widgets

#include "scenes/lanes_ground.h"

#include "scenes/colour.h"
#include "scenes/label_paint.h"
#include "scenes/label_placer.h"
#include "scenes/lanes_words.h"
#include "scenes/pattern.h"
#include "scenes/stroke.h"
#include "scenes/time_ticks.h"
#include "scenes/words.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <map>

namespace atlas::scenes {

namespace {

using operations::LaneSpan;
using operations::SpanKind;

constexpr double kLaneGap = 2;       // between lanes, pixels
constexpr double kPatternFromPx = 7; // a block this wide and high shows its pattern
constexpr double kWordsFromPx = 13;  // a lane this high has words in its spans
constexpr double kTickGapPx = 74;
constexpr double kMarkPx = 3;
constexpr std::size_t kMostWords = 400; // in spans

/// Rows of pixels of an image, filled without a painter: lanes hold thousands of blocks.
class Canvas {
public:
    Canvas(QImage& image, const Viewport& viewport)
        : m_image(image)
        , m_pane(QPoint(0, 0), viewport.deviceSize())
        , m_ratio(viewport.devicePixelRatio) {}

    [[nodiscard]] QRect device(double left, double top, double right, double bottom) const {
        const auto at = [this](double v) { return static_cast<int>(std::lround(v * m_ratio)); };
        const int l = at(left);
        const int t = at(top);
        return QRect(QPoint(l, t), QPoint(std::max(at(right), l + 1) - 1, std::max(at(bottom), t + 1) - 1)) &
               m_pane;
    }
    void fill(const QRect& part, QRgb colour) {
        const QRect r = part & rectInPane(m_image);
        for (int y = r.top(); y <= r.bottom(); ++y)
            std::fill_n(rowOfPane(m_image, y) + r.left(), r.width(), colour);
    }
    /// Repeats a square tile along the rectangle, from its left end.
    void tile(const QRect& r, const QImage& square) {
        const QRect shown = r & rectInPane(m_image);
        for (int y = shown.top(); y <= shown.bottom(); ++y) {
            const auto* const from = reinterpret_cast<const QRgb*>(
                square.constScanLine(std::min(y - r.top(), square.height() - 1)));
            auto* const to = rowOfPane(m_image, y) + r.left();
            for (int x = 0; x < r.width(); ++x)
                to[x] = from[x % square.width()];
        }
    }

private:
    QImage& m_image;
    QRect m_pane; ///< device pixels
    double m_ratio;
};

/// The pattern of a kind at the height of the lanes.
class Tiles {
public:
    Tiles(const Theme& theme, const LaneLooks& looks, QRgb ground)
        : m_theme(theme)
        , m_looks(looks)
        , m_ground(ground) {}

    const QImage& of(SpanKind kind, int height) {
        QImage& tile = m_tiles[{kind, height}];
        if (!tile.isNull())
            return tile;
        const StateStyle& style = m_looks[static_cast<std::size_t>(kind)];
        const auto& mask = patternMasks().masks[static_cast<std::size_t>(style.pattern)];
        // Repeated, a pattern must not show the edges that set one cell of the floor apart from the next.
        const int inner = kPatternSize - 2 * kEdge;
        tile = QImage(height, height, QImage::Format_RGB32);
        const QColor faint = mixed(QColor::fromRgb(m_ground), style.colour, kFaint);
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < height; ++x) {
                const int u = kEdge + (2 * x + 1) * inner / (2 * height);
                const int v = kEdge + (2 * y + 1) * inner / (2 * height);
                const double shown = mask[static_cast<std::size_t>(v * kPatternSize + u)] / 255.0;
                tile.setPixel(x, y, mixed(faint, style.colour, shown).rgb());
            }
        return tile;
    }

private:
    static constexpr int kEdge = 6;
    static constexpr double kFaint = 0.45; // what shows between the strokes of a pattern
    const Theme& m_theme;
    const LaneLooks& m_looks;
    QRgb m_ground;
    std::map<std::pair<SpanKind, int>, QImage> m_tiles;
};

class Painter {
public:
    Painter(const LanesPane& pane, LanesPicture& picture, QImage& image)
        : m_pane(pane)
        , m_picture(picture)
        , m_image(image)
        , m_canvas(image, pane.viewport)
        , m_content(pane.layout.content(pane.viewport)) {}

    void blocks() {
        const Theme& theme = m_pane.theme;
        m_image.fill(theme.ground);
        Tiles tiles(theme, m_pane.looks, theme.panel.rgb());
        for (const DrawnLane& drawn : m_picture.lanes) {
            const QRectF& r = drawn.rect;
            // What reaches under the axis is painted over by it.
            m_canvas.fill(m_canvas.device(r.left(), r.top(), r.right(), r.bottom()), theme.panel.rgb());
            for (const LaneItem& item : drawn.folded.items)
                block(drawn, item, tiles);
        }
    }

    void words() {
        RowsPainter painter(m_image);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setFont(m_pane.theme.font(TextRole::Label));
        spanWords(painter);
        names(painter);
        axis(painter);
    }

    void criticalPath() {
        RowsPainter painter(m_image);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setClipRect(m_content);
        const LaneWindow window = m_pane.layout.window(m_pane.camera, m_pane.viewport);
        const auto& legs = m_pane.lanes.critical;
        const auto first =
            std::find_if(legs.begin(), legs.end(), [&](const auto& leg) { return leg.endS >= window.fromS; });
        QPainterPath path;
        for (auto leg = first; leg != legs.end() && leg->startS <= window.toS(); ++leg) {
            const double y = rowMiddle(leg->lane);
            const QPointF from(m_content.left() + window.x(leg->startS), y);
            // A step begins where the one before has ended: no stroke leads back to its first stage.
            const bool goesOn =
                leg != legs.begin() && std::prev(leg)->endS >= leg->startS - 1e-9 && path.elementCount() > 0;
            goesOn ? path.lineTo(from) : path.moveTo(from);
            path.lineTo(m_content.left() + window.x(leg->endS), y);
        }
        const QColor& ink = m_pane.theme.text;
        QColor halo = m_pane.theme.halo;
        halo.setAlpha(200);
        drawStroke(painter, path, QPen(halo, 3.6, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin));
        drawStroke(painter, path, QPen(ink, 1.4, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin));
    }

private:
    [[nodiscard]] double rowMiddle(std::uint32_t lane) const {
        const auto row = std::find_if(m_pane.layout.rows.begin(), m_pane.layout.rows.end(),
                                      [&](const LaneRow& r) { return !r.heading && r.index == lane; });
        const QRectF r = m_pane.layout.screen(*row, m_pane.camera, m_pane.viewport);
        return r.bottom() - kLaneGap - 2.5;
    }

    void block(const DrawnLane& drawn, const LaneItem& item, Tiles& tiles) {
        const double left = drawn.rect.left() + item.left;
        QRect r =
            m_canvas.device(left, drawn.rect.top(), drawn.rect.left() + item.right, drawn.rect.bottom());
        if (r.isEmpty())
            return;
        const double ratio = m_pane.viewport.devicePixelRatio;
        const StateStyle& style = m_pane.looks[static_cast<std::size_t>(item.kind)];
        const bool patterned = item.count == 1 && style.pattern != Pattern::Solid &&
                               r.width() >= kPatternFromPx * ratio && r.height() >= kPatternFromPx * ratio;
        if (patterned)
            m_canvas.tile(r, tiles.of(item.kind, r.height()));
        else
            m_canvas.fill(r, (item.count > 1 ? meanColour(m_pane.looks, item.seconds) : style.colour).rgb());
        // Wide neighbours are told apart by a hair of the ground.
        if (item.count == 1 && r.width() > 4 * ratio)
            m_canvas.fill(QRect(r.right(), r.top(), 1, r.height()), m_pane.theme.panel.rgb());
        if (item.marked && (item.count > 1 || r.width() < kMarkPx * ratio)) {
            const int side = static_cast<int>(std::lround(kMarkPx * ratio));
            const auto mark = m_pane.looks[static_cast<std::size_t>(SpanKind::Failure)].colour.rgb();
            m_canvas.fill(QRect(r.left(), r.top(), side, side), mark);
            m_canvas.fill(QRect(r.left(), r.top(), std::max(1, side / 2), r.height()), mark);
        }
    }

    [[nodiscard]] QString wordOf(const DrawnLane& drawn, const LaneItem& item) const {
        const LaneSpan& span = m_pane.lanes.lanes[drawn.lane].track.spans()[item.first];
        const QString word = kindShort(span.kind);
        switch (span.kind) {
        case SpanKind::Forward:
        case SpanKind::Backward:
            return word + QString::number(span.number + 1);
        case SpanKind::StepChance:
        case SpanKind::StepMismatch:
        case SpanKind::StepSlow:
        case SpanKind::StepInjected:
            return span.number < m_pane.lanes.steps.size()
                       ? word + QLatin1Char(' ') +
                             grouped(static_cast<std::int64_t>(m_pane.lanes.steps[span.number].step)) +
                             QStringLiteral(" · ") + lengthText(span.seconds())
                       : word;
        case SpanKind::Failure:
        case SpanKind::Slowness:
        case SpanKind::Injected:
        case SpanKind::Planned:
            return span.number < m_pane.lanes.events.size()
                       ? QString::fromStdString(m_pane.lanes.events[span.number])
                       : word;
        case SpanKind::BarrierWait:
        case SpanKind::Bubble:
            return word + QLatin1Char(' ') + lengthText(span.seconds());
        default:
            return word;
        }
    }

    void spanWords(QPainter& painter) {
        const QFontMetricsF metrics(painter.font());
        const double narrowest = metrics.horizontalAdvance(QLatin1Char('B')) + 6;
        std::size_t written = 0;
        for (const DrawnLane& drawn : m_picture.lanes) {
            const bool hidden =
                drawn.rect.top() < m_content.top() || drawn.rect.bottom() > m_content.bottom();
            if (drawn.rect.height() + kLaneGap < kWordsFromPx || hidden)
                continue;
            for (const LaneItem& item : drawn.folded.items) {
                if (item.count > 1 || item.right - item.left < narrowest || written == kMostWords)
                    continue;
                const QRectF room(drawn.rect.left() + item.left + 3, drawn.rect.top(),
                                  item.right - item.left - 6, drawn.rect.height());
                QString word = wordOf(drawn, item);
                double width = metrics.horizontalAdvance(word);
                if (width > room.width()) {
                    word = kindShort(item.kind);
                    width = metrics.horizontalAdvance(word);
                }
                if (width > room.width())
                    continue;
                const StateStyle& style = m_pane.looks[static_cast<std::size_t>(item.kind)];
                const QColor ink = readable(style.colour);
                const QRectF rect(room.left(), room.top(), width, room.height());
                if (style.pattern != Pattern::Solid)
                    painter.fillRect(rect.adjusted(-2, 1, 2, -1),
                                     style.colour); // strokes do not cross letters
                paintLine(painter, rect, word, ink, {}, m_pane.theme);
                m_picture.texts.push_back({rect, word});
                ++written;
            }
        }
    }

    [[nodiscard]] QColor readable(const QColor& ground) const {
        const QColor dark(0x0b, 0x0f, 0x14);
        const QColor light(0xff, 0xff, 0xff);
        return contrast(dark, ground) >= contrast(light, ground) ? dark : light;
    }

    void names(QPainter& painter) {
        const Theme& theme = m_pane.theme;
        const double gutter = m_pane.layout.gutter;
        const QRectF column(0, m_content.top(), gutter, m_content.height());
        painter.fillRect(column, theme.ground);
        painter.save();
        painter.setClipRect(QRectF(0, m_content.top(), m_pane.viewport.size.width(), m_content.height()));
        const QFont label = theme.font(TextRole::Label);
        const QFont strong = theme.font(TextRole::Section);
        const QFontMetricsF metrics(label);
        for (const LaneRow& row : m_pane.layout.rows) {
            const QRectF r = m_pane.layout.screen(row, m_pane.camera, m_pane.viewport);
            if (r.bottom() <= m_content.top() + 0.5 * r.height() || r.top() >= m_pane.viewport.size.height())
                continue;
            if (row.heading) {
                heading(painter, row, r, strong, label);
                continue;
            }
            const operations::TimelineLane& lane = m_pane.lanes.lanes[row.index];
            const double left = lane.culprit ? 18 : 8;
            const QString name =
                metrics.elidedText(laneName(m_pane.lanes, lane), Qt::ElideRight, gutter - left - 6);
            const QRectF place(left, r.top(), metrics.horizontalAdvance(name), r.height() - kLaneGap);
            painter.setFont(label);
            const QColor& culprit = theme.state(operations::GpuState::Culprit).colour;
            paintLine(painter, place, name, lane.culprit ? culprit : captionColour(theme), {}, theme);
            m_picture.texts.push_back({place, name});
            if (lane.culprit)
                ring(painter, QPointF(10, place.center().y()), culprit);
        }
        painter.restore();
    }

    static void ring(QPainter& painter, QPointF at, const QColor& colour) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colour, 1.3));
        painter.drawEllipse(at, 4.2, 4.2);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawEllipse(at, 1.7, 1.7);
        painter.setBrush(Qt::NoBrush);
    }

    void heading(QPainter& painter, const LaneRow& row, const QRectF& r, const QFont& strong,
                 const QFont& label) {
        const Theme& theme = m_pane.theme;
        const SectionWords words = sectionWords(m_pane.lanes, row.index);
        painter.setPen(QPen(theme.line, 1));
        painter.drawLine(QPointF(0, r.top() + 0.5), QPointF(r.right(), r.top() + 0.5));
        const double room = r.width() - 16;
        const QFontMetricsF strongMetrics(strong);
        const QString title = strongMetrics.elidedText(words.title, Qt::ElideRight, room);
        const QRectF place(8, r.top() + 2, strongMetrics.horizontalAdvance(title), r.height() - 2);
        painter.setFont(strong);
        paintLine(painter, place, title, theme.quietText, {}, theme);
        m_picture.texts.push_back({place, title});
        const QFontMetricsF metrics(label);
        const double left = place.right() + 10;
        if (!words.quiet.isEmpty() && left + metrics.horizontalAdvance(words.quiet) < room) {
            const QRectF rest(left, place.top(), metrics.horizontalAdvance(words.quiet), place.height());
            painter.setFont(label);
            paintLine(painter, rest, words.quiet, theme.quietText, {}, theme);
            m_picture.texts.push_back({rest, words.quiet});
        }
    }

    void axis(QPainter& painter) {
        const Theme& theme = m_pane.theme;
        const LaneWindow window = m_pane.layout.window(m_pane.camera, m_pane.viewport);
        const double height = m_pane.layout.axis;
        painter.fillRect(QRectF(0, 0, m_pane.viewport.size.width(), height), theme.ground);
        painter.setPen(QPen(theme.line, 1));
        painter.drawLine(QPointF(0, height - 0.5), QPointF(m_pane.viewport.size.width(), height - 0.5));
        painter.setFont(theme.font(TextRole::Label));
        const QFontMetricsF metrics(painter.font());
        // What the left end of the axis is, in full, where the names are: the ticks say the rest.
        const auto ticks = timeTicks(window.fromS, window.toS(), kTickGapPx / window.pixelsPerS);
        const double step = ticks.size() > 1 ? ticks[1].timeS - ticks[0].timeS : 1.0;
        const QString from = metrics.elidedText(instantText(window.fromS, std::min(step, 1.0)),
                                                Qt::ElideRight, m_pane.layout.gutter - 12);
        const QRectF place(8, 0, metrics.horizontalAdvance(from), height - 2);
        paintLine(painter, place, from, theme.quietText, {}, theme);
        m_picture.texts.push_back({place, from});
        LabelPlacer placer(QRectF(m_content.left(), 0, m_content.width(), height), 6);
        for (const bool major : {true, false})
            for (const TimeTick& tick : ticks) {
                if (tick.major != major)
                    continue;
                const double x = m_content.left() + window.x(tick.timeS);
                const QRectF rect(x + 4, 0, metrics.horizontalAdvance(tick.label), height - 2);
                if (!placer.place(rect))
                    continue;
                painter.setPen(QPen(theme.line, 1));
                painter.drawLine(QPointF(x, height - 6), QPointF(x, height - 1));
                paintLine(painter, rect, tick.label, major ? captionColour(theme) : theme.quietText, {},
                          theme);
                m_picture.texts.push_back({rect, tick.label});
            }
    }

    const LanesPane& m_pane;
    LanesPicture& m_picture;
    QImage& m_image;
    Canvas m_canvas;
    QRectF m_content;
};

} // namespace

LanesPicture foldLanes(const LanesPane& pane) {
    LanesPicture picture;
    const QRectF content = pane.layout.content(pane.viewport);
    const LaneWindow window = pane.layout.window(pane.camera, pane.viewport);
    for (const LaneRow& row : pane.layout.rows) {
        const QRectF r = pane.layout.screen(row, pane.camera, pane.viewport);
        if (row.heading || r.bottom() <= content.top() || r.top() >= content.bottom())
            continue;
        DrawnLane drawn{row.index, QRectF(content.left(), r.top(), content.width(), r.height() - kLaneGap),
                        foldLane(pane.lanes.lanes[row.index].track, window)};
        picture.folded += drawn.folded.folded;
        picture.lanes.push_back(std::move(drawn));
    }
    return picture;
}

void paintLanesGround(const LanesPane& pane, bool criticalPath, LanesPicture& picture, QImage& image) {
    picture.texts.clear();
    Painter painter(pane, picture, image);
    painter.blocks();
    if (criticalPath && !pane.lanes.critical.empty())
        painter.criticalPath();
    painter.words();
}

} // namespace atlas::scenes

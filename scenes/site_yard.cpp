#include "scenes/site_yard.h"

#include "scenes/colour.h"
#include "scenes/label_paint.h"
#include "scenes/stroke.h"
#include "scenes/words.h"

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

namespace {

using operations::WorkKind;

// Shares of the campus: how deep the yard may be, and how far it stands from the halls.
constexpr double kDepthShare = 0.14;
constexpr double kAwayShare = 0.05;
constexpr double kCaptionShare = 0.28; // of the yard's depth
constexpr double kBetweenShare = 0.03; // of the campus' width, between two kinds
constexpr double kUnitShare = 0.78;    // of a pitch that a unit fills
constexpr double kSmallestPitchPx = 3; // units below this share a mark
constexpr double kGlyphPx = 9;         // a unit above this shows what it is

/// Room that one takes with its clearance, metres: sizes of what is on the market, to draw one kind beside
/// another in proportion.
QSizeF footprint(WorkKind kind) {
    switch (kind) {
    case WorkKind::Substations:
        return {48, 36};
    case WorkKind::Turbines:
        return {24, 9};
    case WorkKind::Batteries:
        return {10, 4};
    case WorkKind::Chillers:
        break;
    }
    return {13, 5};
}

int columnsOf(int count, double depth, double scale, WorkKind kind) {
    const int lines = std::max(1, static_cast<int>(depth / (footprint(kind).height() * scale)));
    return (count + lines - 1) / lines;
}

/// The largest scale, at most true to size, at which all of a kind fits its place.
double scaleFor(const operations::SiteWork& work, QSizeF room) {
    constexpr double kStep = 0.97;
    double scale = 1;
    const auto fits = [&] {
        const QSizeF pitch = footprint(work.kind) * scale;
        return pitch.height() <= room.height() &&
               columnsOf(work.count, room.height(), scale, work.kind) * pitch.width() <= room.width();
    };
    while (!fits() && scale > 1e-3)
        scale *= kStep;
    return scale;
}

/// A line along the yard's upper side, and one up to every hall that nothing stands before.
std::vector<QLineF> feedsTo(const cluster::Cluster& cluster, double busY) {
    std::vector<QLineF> feeds;
    double left = 1e300;
    double right = -1e300;
    for (const cluster::Hall& hall : cluster.halls) {
        const QRectF rect = toQt(hall.rect);
        const double x = rect.center().x();
        const bool behind =
            std::any_of(cluster.halls.begin(), cluster.halls.end(), [&](const cluster::Hall& other) {
                return other.rect.y >= rect.bottom() - 1e-6 && x > other.rect.x &&
                       x < other.rect.x + other.rect.w;
            });
        if (behind)
            continue;
        feeds.emplace_back(x, rect.bottom(), x, busY);
        left = std::min(left, x);
        right = std::max(right, x);
    }
    if (right > left)
        feeds.emplace_back(left, busY, right, busY);
    return feeds;
}

struct Ink {
    QColor body, edge, mark;
};

/// One unit, large enough to be told apart.
void paintUnit(QPainter& p, const QRectF& r, WorkKind kind, const Ink& ink) {
    p.setPen(QPen(ink.edge, 1));
    p.setBrush(ink.body);
    p.drawRect(r);
    p.setPen(QPen(ink.mark, std::clamp(r.height() / 14, 1.0, 2.0)));
    p.setBrush(Qt::NoBrush);
    const double h = r.height();
    switch (kind) {
    case WorkKind::Substations: { // a bolt
        const QPointF c = r.center();
        const double s = 0.3 * h;
        QPainterPath bolt(QPointF(c.x() + 0.25 * s, c.y() - s));
        bolt.lineTo(c.x() - 0.5 * s, c.y() + 0.15 * s);
        bolt.lineTo(c.x() + 0.4 * s, c.y() - 0.05 * s);
        bolt.lineTo(c.x() - 0.25 * s, c.y() + s);
        drawStroke(p, bolt, p.pen());
        break;
    }
    case WorkKind::Turbines: { // a rotor, and the generator beside it
        const QPointF c(r.left() + 0.32 * r.width(), r.center().y());
        const double radius = 0.34 * h;
        p.drawEllipse(c, radius, radius);
        for (int blade = 0; blade < 3; ++blade) {
            const double angle = 2.0944 * blade - 1.5708;
            drawStroke(p, QLineF(c, c + QPointF(std::cos(angle), std::sin(angle)) * radius), p.pen());
        }
        p.drawRect(QRectF(r.left() + 0.58 * r.width(), r.top() + 0.28 * h, 0.28 * r.width(), 0.44 * h));
        break;
    }
    case WorkKind::Batteries: // doors
        for (int door = 1; door < 4; ++door)
            p.drawLine(QPointF(r.left() + door * r.width() / 4, r.top() + 0.2 * h),
                       QPointF(r.left() + door * r.width() / 4, r.bottom() - 0.2 * h));
        break;
    case WorkKind::Chillers: // fans
        for (int fan = 0; fan < 3; ++fan)
            p.drawEllipse(QPointF(r.left() + (fan + 0.5) * r.width() / 3, r.center().y()), 0.28 * h,
                          0.28 * h);
        break;
    }
}

/// Units too small to be told apart: as many as need be share a mark, so that the block keeps its grain.
void paintTogether(QPainter& painter, const YardBlock& block, const Camera& camera, const Viewport& viewport,
                   const Ink& ink) {
    const auto together = [&](double pitch) {
        return std::max(1, static_cast<int>(std::ceil(kSmallestPitchPx / (pitch * camera.pixelsPerMetre))));
    };
    const QRectF pane = viewport.rect().adjusted(-64, -64, 64, 64);
    const int across = together(block.pitch.width());
    const int down = together(block.pitch.height());
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (int y = 0; y < block.lines; y += down)
        for (int x = 0; x < block.columns; x += across) {
            const int units = std::min(across, std::min(block.columns, block.count - y * block.columns) - x);
            if (units <= 0)
                continue; // the last line may be short
            const QRectF of(block.rect.left() + x * block.pitch.width(),
                            block.rect.top() + y * block.pitch.height(), units * block.pitch.width(),
                            std::min(down, block.lines - y) * block.pitch.height());
            QRectF mark = snapped(camera.toScreen(of, viewport), viewport.devicePixelRatio);
            mark.setSize({std::max(1.0, mark.width() - 1), std::max(1.0, mark.height() - 1)});
            if (mark.intersects(pane))
                painter.fillRect(mark, ink.edge);
        }
}

void paintBlock(QPainter& painter, const YardBlock& block, const Camera& camera, const Viewport& viewport,
                const Ink& ink) {
    const double scale = camera.pixelsPerMetre;
    const QRectF pane = viewport.rect().adjusted(-64, -64, 64, 64);
    const QRectF whole = camera.toScreen(block.rect, viewport);
    if (!whole.intersects(pane))
        return;
    if (std::min(block.pitch.width(), block.pitch.height()) * scale < kSmallestPitchPx) {
        paintTogether(painter, block, camera, viewport, ink);
        return;
    }
    const bool glyphs = block.unit.height() * scale >= kGlyphPx;
    painter.setRenderHint(QPainter::Antialiasing, glyphs);
    for (int i = 0; i < block.count; ++i) {
        const QPointF corner = block.rect.topLeft() + QPointF((i % block.columns) * block.pitch.width(),
                                                              (i / block.columns) * block.pitch.height());
        const QRectF unit =
            snapped(camera.toScreen(QRectF(corner, block.unit), viewport), viewport.devicePixelRatio);
        if (!unit.intersects(pane))
            continue;
        if (glyphs)
            paintUnit(painter, unit, block.kind, ink);
        else
            painter.fillRect(unit, ink.edge);
    }
}

} // namespace

SiteYard makeSiteYard(const cluster::Cluster& cluster, const std::vector<operations::SiteWork>& works) {
    SiteYard yard;
    const QRectF campus = toQt(cluster.bounds);
    if (works.empty() || campus.isEmpty())
        return yard;
    const double depth = kDepthShare * campus.height();
    const double caption = kCaptionShare * depth;
    const double top = campus.bottom() + kAwayShare * campus.height();
    const double between = kBetweenShare * campus.width();
    // A place as wide for every kind, so that captions have room.
    const double place = (campus.width() + between) / static_cast<double>(works.size());
    for (std::size_t w = 0; w < works.size(); ++w) {
        YardBlock block;
        const double scale = scaleFor(works[w], {place - between, depth - caption});
        block.work = w;
        block.kind = works[w].kind;
        block.count = works[w].count;
        block.pitch = footprint(block.kind) * scale;
        block.unit = block.pitch * kUnitShare;
        block.columns = columnsOf(block.count, depth - caption, scale, block.kind);
        block.lines = (block.count + block.columns - 1) / block.columns;
        block.rect = QRectF(campus.left() + place * static_cast<double>(w), top + caption,
                            block.columns * block.pitch.width(), block.lines * block.pitch.height());
        yard.blocks.push_back(block);
    }
    yard.feeds = feedsTo(cluster, campus.bottom() + 0.6 * kAwayShare * campus.height());
    yard.rect = QRectF(campus.left(), campus.bottom(), campus.width(), kAwayShare * campus.height() + depth);
    return yard;
}

void paintYard(QPainter& painter, const SiteYard& yard, const Camera& camera, const Viewport& viewport,
               const Theme& theme) {
    if (yard.blocks.empty())
        return;
    painter.save();
    const Ink ink{mixed(theme.ground, theme.quietText, 0.16), mixed(theme.ground, theme.quietText, 0.5),
                  mixed(theme.ground, theme.text, 0.72)};
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(mixed(theme.ground, theme.warning, 0.45), 1));
    const QRectF pane = viewport.rect().adjusted(-64, -64, 64, 64);
    for (const QLineF& feed : yard.feeds) {
        const QLineF line(camera.toScreen(feed.p1(), viewport), camera.toScreen(feed.p2(), viewport));
        if (QRectF(line.p1(), line.p2()).normalized().adjusted(-1, -1, 1, 1).intersects(pane))
            painter.drawLine(line);
    }
    for (const YardBlock& block : yard.blocks)
        paintBlock(painter, block, camera, viewport, ink);
    painter.restore();
}

QString workName(WorkKind kind) {
    switch (kind) {
    case WorkKind::Substations:
        return tr("substations");
    case WorkKind::Turbines:
        return tr("gas turbines");
    case WorkKind::Batteries:
        return tr("Megapacks");
    case WorkKind::Chillers:
        break;
    }
    return tr("chillers");
}

QString workRating(const operations::SiteWork& work) {
    constexpr double kJoulesOfWh = 3600;
    QStringList parts;
    if (work.powerW > 0)
        parts << withPrefix(work.powerW, QStringLiteral("W"));
    if (work.energyJ > 0)
        parts << withPrefix(work.energyJ / kJoulesOfWh, QStringLiteral("Wh"));
    return parts.join(QStringLiteral(" · "));
}

} // namespace atlas::scenes

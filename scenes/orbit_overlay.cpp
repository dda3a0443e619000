#include "scenes/orbit_overlay.h"

#include "scenes/colour.h"
#include "scenes/label_paint.h"
#include "scenes/pattern.h"
#include "scenes/stroke.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace atlas::scenes {

namespace {

using operations::GpuState;

constexpr double kBodyFromPx = 14; // tip to tip: below, a satellite is a bead
constexpr double kCellsFromPx = 5; // a GPU's cell this large can be pointed at
constexpr int kLeastLinks = 180;   // straight pieces the orbit is drawn with
constexpr int kMostLinks = 360;
constexpr double kBeadShare = 0.3;                    // of the way to the next bead
constexpr double kSmallestPx = 1.7, kLargestPx = 4.4; // radius of a bead
constexpr double kOutlinedPx = 2.6;                   // radius from which a bead has an outline
constexpr double kRingPx = 3.5;                       // from a bead to the ring of the worst
constexpr double kTrafficFromPx = 22;                 // links this long show their traffic
constexpr double kRoundsPerS = 0.6;                   // of the light along a link
constexpr double kNearM = 5;                          // a link is cut off this near the eye

class Builder {
public:
    Builder(const OrbitPane& pane, const OrbitOptions& options, const OrbitPicture& picture)
        : m_pane(pane)
        , m_options(options)
        , m_picture(picture) {}

    Overlay build() {
        addLinks();
        for (const Bead& bead : m_picture.beads)
            addBead(bead);
        for (const CloseUp& close : m_picture.close)
            addBody(close);
        ring(satelliteOf(m_pane.flown, m_options.hovered), m_pane.theme.text);
        ring(satelliteOf(m_pane.flown, m_options.selected), m_pane.theme.accent);
        addSun();
        for (const OrbitLabel& label : m_picture.labels)
            addLabel(label);
        return std::move(m_overlay);
    }

private:
    void add(const QRectF& bounds, std::function<void(QPainter&)> paint) {
        if (bounds.intersects(m_pane.view.viewport().rect()))
            m_overlay.push_back({bounds, std::move(paint)});
    }

    /// Both ends of a link on the pane, cut off where it passes the eye.
    [[nodiscard]] std::optional<QLineF> line(Vector a, Vector b) const {
        const GlobeView& view = m_pane.view;
        const auto depth = [&](const Vector& p) { return dot(p - view.eyeM(), view.forward()); };
        const double da = depth(a);
        const double db = depth(b);
        if (da < kNearM && db < kNearM)
            return std::nullopt;
        if (da < kNearM)
            a = a + (b - a) * ((kNearM - da) / (db - da));
        if (db < kNearM)
            b = a + (b - a) * ((kNearM - depth(a)) / (db - depth(a)));
        const auto from = view.seen(a);
        const auto to = view.seen(b);
        if (!from || !to)
            return std::nullopt;
        return QLineF(from->at, to->at);
    }

    void addLinks() {
        const int count = m_pane.flown.count();
        const int points =
            count >= kMostLinks ? kMostLinks : count * std::max(1, (kLeastLinks + count - 1) / count);
        const std::vector<Vector> orbit = m_pane.flown.around(m_pane.moment.timeS, points);
        const QRectF pane = m_pane.view.viewport().rect();
        for (int i = 0; i < points; ++i) {
            const Vector& a = orbit[static_cast<std::size_t>(i)];
            const Vector& b = orbit[static_cast<std::size_t>((i + 1) % points)];
            const auto drawn = line(a, b);
            if (!drawn)
                continue;
            const QRectF bounds = QRectF(drawn->p1(), drawn->p2()).normalized().adjusted(-3, -3, 3, 3);
            if (!bounds.intersects(pane))
                continue;
            const Vector middle = (a + b) * 0.5;
            const bool hidden = m_pane.view.hidden(middle);
            const bool shadow = orbit::inShadow(middle, m_pane.moment.sun);
            const int satellite = static_cast<int>(static_cast<std::int64_t>(i) * count / points);
            const double load = count > 1 ? meshLoad(m_pane.flown, m_pane.frame, satellite) : 0;
            const bool down = std::isnan(load);
            QColor colour = down ? m_pane.theme.state(GpuState::Fault).colour : m_pane.theme.loadAt(load);
            colour.setAlphaF(hidden ? 0.22f : shadow ? 0.5f : 0.95f);
            const double width = hidden ? 1.0 : 1.0 + 0.8 * (down ? 1 : std::clamp(load, 0.0, 1.0));
            const double lengthPx = drawn->length();
            const QPointF spark = load > 0 && !hidden && !shadow && lengthPx > kTrafficFromPx
                                      ? drawn->pointAt(std::fmod(m_options.clockS * kRoundsPerS, 1.0))
                                      : QPointF();
            const QRectF cut = bounds & pane.adjusted(-4, -4, 4, 4);
            const QColor bright = mixed(m_pane.theme.loadAt(load), m_pane.theme.text, 0.5);
            add(cut, [drawn = *drawn, colour, width, down, hidden, spark, bright](QPainter& p) {
                p.setRenderHint(QPainter::Antialiasing);
                drawStroke(p, drawn,
                           QPen(colour, width, down || hidden ? Qt::DotLine : Qt::SolidLine, Qt::FlatCap));
                if (spark.isNull())
                    return;
                p.setPen(Qt::NoPen);
                p.setBrush(bright);
                p.drawEllipse(spark, 1.4, 1.4);
            });
        }
    }

    [[nodiscard]] double radiusOf(const Bead& bead) const {
        const double shell = orbit::kEarthRadiusM + m_pane.flown.site().altitudeM.value;
        const double apart =
            2 * std::numbers::pi * shell / m_pane.flown.count() * bead.count * bead.pixelsPerMetre;
        return std::clamp(kBeadShare * apart, kSmallestPx, kLargestPx);
    }

    void addBead(const Bead& bead) {
        const bool body = std::any_of(m_picture.close.begin(), m_picture.close.end(), [&](const CloseUp& c) {
            return c.satellite >= bead.first && c.satellite < bead.first + bead.count;
        });
        if (body || (bead.hidden && !bead.light.worst))
            return;
        const double radius = radiusOf(bead);
        const bool shadow = 2 * bead.inShadow > bead.count;
        const Theme& theme = m_pane.theme;
        const QColor fill = shadow ? mixed(theme.ground, bead.light.colour, 0.25) : bead.light.colour;
        const QColor edge = shadow ? bead.light.colour : theme.halo;
        const double reach = radius + kRingPx + 2;
        const QRectF bounds(bead.at - QPointF(reach, reach), QSizeF(2 * reach, 2 * reach));
        const bool hidden = bead.hidden;
        std::optional<StateStyle> worst;
        if (bead.light.worst)
            worst = theme.state(*bead.light.worst);
        add(bounds, [at = bead.at, radius, fill, edge, hidden, worst, shadow](QPainter& p) {
            p.setRenderHint(QPainter::Antialiasing);
            if (!hidden) {
                // A small dot keeps its colour whole: an outline would take most of it.
                p.setPen(shadow ? QPen(edge, 1.2) : radius > kOutlinedPx ? QPen(edge, 0.8) : QPen(Qt::NoPen));
                p.setBrush(fill);
                p.drawEllipse(at, radius, radius);
            }
            if (!worst)
                return;
            p.setPen(Qt::NoPen);
            p.setBrush(worst->colour);
            if (!hidden)
                p.drawEllipse(at, std::max(kSmallestPx, 0.55 * radius), std::max(kSmallestPx, 0.55 * radius));
            drawRing(p, at, radius + kRingPx, worst->colour, hidden);
        });
    }

    static void drawRing(QPainter& p, QPointF at, double radius, const QColor& colour, bool hidden) {
        QPainterPath circle;
        circle.addEllipse(at, radius, radius);
        drawStroke(p, circle, QPen(colour, 1.5, hidden ? Qt::DotLine : Qt::SolidLine));
    }

    void addBody(const CloseUp& close) {
        const cluster::Range gpus = m_pane.flown.gpusOf(close.satellite);
        const bool paused =
            m_pane.flown.pausesInShadow() && m_pane.moment.shadow[static_cast<std::size_t>(close.satellite)];
        std::vector<QColor> cells(paused ? gpus.count : 0, m_pane.theme.state(GpuState::Idle).colour);
        for (cluster::Index g = gpus.first; !paused && g < gpus.end(); ++g)
            cells.push_back(
                groupColour(*m_pane.flown.cluster(), m_pane.frame, {g, 1}, m_pane.colouring, m_pane.theme)
                    .colour);
        // A GPU in trouble keeps its colour whatever the others are coloured by.
        if (m_pane.frame != nullptr)
            for (cluster::Index g = gpus.first; g < gpus.end(); ++g)
                if (const auto state = static_cast<GpuState>(m_pane.frame->state[g]); isWorst(state))
                    cells[g - gpus.first] = m_pane.theme.state(state).colour;
        const QRectF bounds =
            close.body.bounds.adjusted(-2, -2, 2, 2) & m_pane.view.viewport().rect().adjusted(-2, -2, 2, 2);
        add(bounds, [&body = close.body, &theme = m_pane.theme, cells = std::move(cells),
                     heat = close.heat](QPainter& p) { paintBody(p, body, theme, cells, heat); });
    }

    void ring(int satellite, const QColor& colour) {
        if (satellite < 0 || satellite >= m_pane.flown.count())
            return;
        for (const CloseUp& close : m_picture.close)
            if (close.satellite == satellite && close.body.spanPx > 60)
                return; // large enough to be told apart
        const auto seen = m_pane.view.seen(m_pane.moment.places[static_cast<std::size_t>(satellite)]);
        if (!seen)
            return;
        const bool hidden = m_pane.view.hidden(m_pane.moment.places[static_cast<std::size_t>(satellite)]);
        const double radius = kLargestPx + kRingPx + 1.5;
        add(QRectF(seen->at - QPointF(radius + 2, radius + 2), QSizeF(2 * radius + 4, 2 * radius + 4)),
            [at = seen->at, radius, colour, hidden](QPainter& p) {
                p.setRenderHint(QPainter::Antialiasing);
                drawRing(p, at, radius, colour, hidden);
            });
    }

    void addSun() {
        const auto at = sunMark(m_pane);
        if (!at)
            return;
        const QColor colour = m_pane.theme.warning;
        add(QRectF(*at - QPointF(12, 12), QSizeF(24, 24)), [at = *at, colour](QPainter& p) {
            p.setRenderHint(QPainter::Antialiasing);
            p.setPen(Qt::NoPen);
            p.setBrush(colour);
            p.drawEllipse(at, 4, 4);
            const QPen ray(colour, 1.3, Qt::SolidLine, Qt::RoundCap);
            for (int i = 0; i < 8; ++i) {
                const double angle = i * std::numbers::pi / 4;
                const QPointF out(std::cos(angle), std::sin(angle));
                drawStroke(p, QLineF(at + out * 6.5, at + out * 9.5), ray);
            }
        });
    }

    void addLabel(const OrbitLabel& label) {
        const Theme& theme = m_pane.theme;
        QRectF bounds = label.rect.adjusted(-5, -3, 5, 3);
        if (!label.from.isNull())
            bounds |= QRectF(label.from, label.rect.center()).normalized().adjusted(-2, -2, 2, 2);
        if (label.manner == OrbitLabel::Manner::Card) {
            add(bounds, [rect = label.rect, card = satelliteCard(m_pane, m_picture.carded),
                         &theme](QPainter& p) { paintCard(p, rect, card, theme); });
            return;
        }
        add(bounds, [label, &theme](QPainter& p) {
            p.setRenderHint(QPainter::Antialiasing);
            if (!label.from.isNull()) {
                const QPointF to(label.from.x() < label.rect.center().x() ? label.rect.left() - 3
                                                                          : label.rect.right() + 3,
                                 label.rect.center().y());
                drawStroke(p, QLineF(label.from, to), QPen(mixed(theme.quietText, theme.ground, 0.25), 1));
            }
            if (label.manner == OrbitLabel::Manner::Callout) {
                paintCallout(p, label.rect, label.text, label.quiet, theme);
                return;
            }
            QColor halo = theme.ground;
            halo.setAlpha(190);
            p.setPen(Qt::NoPen);
            p.setBrush(halo);
            p.drawRoundedRect(label.rect.adjusted(-3, -1, 3, 1), 3, 3);
            p.setFont(theme.font(TextRole::Label));
            paintLine(p, label.rect, label.text, label.colour, label.quiet, theme);
        });
    }

    const OrbitPane& m_pane;
    const OrbitOptions& m_options;
    const OrbitPicture& m_picture;
    Overlay m_overlay;
};

} // namespace

std::optional<QPointF> sunMark(const OrbitPane& pane) {
    constexpr double kLeastAcross = 0.25; // of the direction: else the Sun is before or behind the pane
    constexpr double kBeyondShell = 1.18;
    constexpr double kEdgePx = 22;
    const auto centre = pane.view.seen({0, 0, 0});
    const QPointF towards(dot(pane.moment.sun, pane.view.right()), -dot(pane.moment.sun, pane.view.up()));
    const double across = std::hypot(towards.x(), towards.y());
    if (!centre || across < kLeastAcross)
        return std::nullopt;
    const double shell = orbit::kEarthRadiusM + pane.flown.site().altitudeM.value;
    const QPointF at = centre->at + towards / across * (kBeyondShell * shell * centre->pixelsPerMetre);
    const QRectF room = pane.view.viewport().rect().adjusted(kEdgePx, kEdgePx, -kEdgePx, -kEdgePx);
    return room.contains(at) ? std::optional(at) : std::nullopt;
}

OrbitPicture planOrbit(const OrbitPane& pane, const OrbitOptions& options, int focus) {
    OrbitPicture picture;
    picture.beads = makeBeads(pane);
    for (const Bead& bead : picture.beads) {
        const double span = bodySpanM(pane.flown.sized(bead.first).arrayM2);
        if (bead.count > 1 || bead.hidden || span * bead.pixelsPerMetre < kBodyFromPx)
            continue;
        const orbit::Satellite& sized = pane.flown.sized(bead.first);
        const double timeS = pane.moment.timeS;
        if (timeS < pane.flown.launchedS(bead.first))
            continue;
        CloseUp close;
        close.satellite = bead.first;
        const auto i = static_cast<std::size_t>(bead.first);
        const SatelliteBody body = makeBody(sized.arrayM2, sized.radiatorM2, pane.moment.places[i],
                                            pane.flown.place(timeS + 1, bead.first), pane.moment.sun);
        close.body = projectBody(body, pane.view, pane.moment.sun, !pane.moment.shadow[i],
                                 static_cast<int>(pane.flown.gpusOf(bead.first).count));
        close.heat = pane.flown.balance(timeS, bead.first).heatW / sized.loadW;
        close.cellsShown = close.body.cells.cellPx() >= kCellsFromPx;
        if (!close.body.polygons.empty())
            picture.close.push_back(std::move(close));
    }
    std::stable_sort(picture.close.begin(), picture.close.end(),
                     [](const CloseUp& a, const CloseUp& b) { return a.body.spanPx < b.body.spanPx; });
    labelOrbit(pane, options, focus, picture);
    return picture;
}

Overlay orbitOverlay(const OrbitPane& pane, const OrbitOptions& options, const OrbitPicture& picture) {
    return Builder(pane, options, picture).build();
}

} // namespace atlas::scenes

#include "scenes/fabric_groups.h"

#include "scenes/fabric_domains.h"
#include "scenes/fabric_look.h"
#include "scenes/fabric_routes.h"
#include "scenes/label_paint.h"
#include "scenes/stroke.h"
#include "scenes/words.h"

#include <QFontMetricsF>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>

namespace atlas::scenes {

namespace {

using cluster::Index;
using cluster::LinkKind;
using operations::Group;

constexpr std::size_t kMostCellsOutlined = 500;
constexpr std::size_t kMostRoutes = 16;
constexpr double kIdleLoad = 0.005;
constexpr double kNearlyAll = 0.9; // of the GPUs that communicate or wait: the exchange after the barrier

double lengthOf(const std::vector<QPointF>& line) {
    double sum = 0;
    for (std::size_t i = 1; i < line.size(); ++i)
        sum += std::hypot(line[i].x() - line[i - 1].x(), line[i].y() - line[i - 1].y());
    return sum;
}

/// The first part of a line, and where it ends.
QPainterPath beginningOf(const std::vector<QPointF>& line, double share) {
    QPainterPath path(line.front());
    double left = share * lengthOf(line);
    for (std::size_t i = 1; i < line.size() && left > 0; ++i) {
        const QPointF step = line[i] - line[i - 1];
        const double length = std::hypot(step.x(), step.y());
        path.lineTo(length <= left ? line[i] : line[i - 1] + step * (left / length));
        left -= length;
    }
    return path;
}

class Builder {
public:
    Builder(const FabricPane& pane, const operations::Frame* frame, const FabricOptions& options,
            LabelPlacer& placer, Overlay& overlay)
        : m_pane(pane)
        , m_frame(frame)
        , m_options(options)
        , m_placer(placer)
        , m_overlay(overlay) {}

    void build() {
        addBottleneck();
        if (m_options.groups)
            addGroups();
        else if (m_options.blame && m_frame && m_frame->culprit == m_options.blame->culprit &&
                 m_options.blame->culprit < m_pane.cluster.gpuCount)
            addChain();
    }

private:
    void addGroups() {
        for (auto group = m_options.groups->groups.rbegin(); group != m_options.groups->groups.rend();
             ++group) {
            const QPen pen = blamePen(group->group, true, m_pane.theme);
            addOutlines(group->gpus, pen);
            if (group->group == Group::Pipeline || group->group == Group::Expert)
                for (const Index gpu : farMembers(group->gpus, m_options.groups->gpu))
                    addLine(m_options.groups->gpu, gpu, pen, 1, false);
        }
        addOutlines({{m_options.groups->gpu, 1}}, QPen(m_pane.theme.accent, 2));
    }

    void addChain() {
        const BlameChain& chain = *m_options.blame;
        for (std::size_t i = chain.groups.size(); i-- > 0;) {
            const BlameGroup& group = chain.groups[i];
            if (group.group == Group::Own)
                continue;
            const double reach = stallReach(chain, i, m_frame->stepStartS, m_frame->timeS);
            const QPen pen = blamePen(group.group, reach >= 1, m_pane.theme);
            if (group.gpus.empty()) { // everybody else: from the culprit to every hall
                for (Index h = 0; h < m_pane.cluster.halls.size(); ++h) {
                    const cluster::Range gpus = m_pane.cluster.halls[h].gpus;
                    addLine(chain.culprit, gpus.first + gpus.count / 2, pen, reach, true);
                    addFrame(m_pane.screen(m_pane.layout.hallRects[h]), pen);
                }
                continue;
            }
            addOutlines(group.gpus, pen);
            for (const Index gpu : farMembers(group.gpus, chain.culprit))
                addLine(chain.culprit, gpu, pen, reach, true);
        }
        addOutlines({{chain.culprit, 1}}, blamePen(Group::Own, true, m_pane.theme));
        addPace(chain);
    }

    /// How fast what is seen goes: within a step the stall takes seconds, unless it is slowed down nobody
    /// sees it run.
    void addPace(const BlameChain&) {
        if (!(m_frame->stepTimeS > 0) || !m_options.labels)
            return;
        const double sinceS = m_frame->timeS - m_frame->stepStartS;
        QString text = tr("%1 of the %2 s of this step")
                           .arg(QString::number(sinceS, 'f', 2), QString::number(m_frame->stepTimeS, 'f', 2));
        if (m_options.pace > m_frame->stepTimeS)
            text += tr(" · %1 steps a second: slow down to see the stall spread")
                        .arg(QString::number(m_options.pace / m_frame->stepTimeS, 'f', 1));
        else if (m_options.pace < 1 && m_options.pace > 0)
            text += tr(" · slowed %1 times").arg(QString::number(1 / m_options.pace, 'g', 3));
        else
            text += tr(" · %1 times as fast as it is").arg(QString::number(m_options.pace, 'g', 3));
        const QFontMetricsF metrics(m_pane.theme.font(TextRole::Label));
        const QSizeF size(metrics.horizontalAdvance(text), std::ceil(metrics.height()));
        const QRectF view = m_pane.viewport.rect();
        const std::array<QRectF, 2> choices = {
            QRectF({view.left() + 12, view.top() + 8}, size),
            QRectF({view.right() - 12 - size.width(), view.top() + 8}, size)};
        const int chosen = m_placer.placeFirst(choices);
        if (chosen >= 0)
            m_overlay.push_back(labelOver(choices[static_cast<std::size_t>(chosen)], text,
                                          captionColour(m_pane.theme), m_pane.theme));
    }

    /// Members elsewhere than in the domain of a GPU, one a cell, few.
    [[nodiscard]] std::vector<Index> farMembers(const std::vector<cluster::Range>& gpus, Index from) const {
        std::vector<Index> far;
        std::vector<std::pair<Index, Index>> seen;
        for (const cluster::Range& range : gpus) {
            const Index hall = m_pane.cluster.hallOf(range.first);
            const auto cells = domainCells(m_pane, hall);
            const std::pair key{hall, cells ? cells->cellOf(range.first) : 0};
            const bool own =
                m_pane.cluster.hallOf(from) == hall && cells && cells->cellOf(from) == key.second;
            if (own || std::ranges::find(seen, key) != seen.end() || far.size() >= kMostRoutes)
                continue;
            seen.push_back(key);
            far.push_back(range.first);
        }
        return far;
    }

    void addOutlines(const std::vector<cluster::Range>& gpus, const QPen& pen) {
        std::vector<QRectF> squares;
        for (const cluster::Range& range : gpus) {
            for (Index gpu = range.first; gpu < range.end() && squares.size() < kMostCellsOutlined;) {
                const Index hall = m_pane.cluster.hallOf(gpu);
                const auto cells = domainCells(m_pane, hall);
                if (!cells) {
                    gpu = m_pane.cluster.halls[hall].gpus.end();
                    continue;
                }
                const Index cell = cells->cellOf(gpu);
                const QRectF square =
                    cells->squareOf(cell, m_pane.viewport.devicePixelRatio).adjusted(-1.5, -1.5, 1.5, 1.5);
                if (squares.empty() || squares.back() != square)
                    squares.push_back(square);
                gpu = std::max(gpu + 1, cells->gpusOf(cell).end());
            }
        }
        if (squares.empty())
            return;
        QRectF bounds;
        for (const QRectF& square : squares)
            bounds |= square;
        m_overlay.push_back(
            {bounds.adjusted(-3, -3, 3, 3), [squares, pen, halo = m_pane.theme.halo](QPainter& p) {
                 p.setRenderHint(QPainter::Antialiasing, false);
                 p.setBrush(Qt::NoBrush);
                 for (const QRectF& square : squares) {
                     p.setPen(QPen(halo, pen.widthF() + 1.5));
                     p.drawRect(square);
                     p.setPen(pen);
                     p.drawRect(square);
                 }
             }});
    }

    void addFrame(const QRectF& rect, const QPen& pen) {
        const double radius = m_pane.theme.cornerRadius;
        m_overlay.push_back({rect.adjusted(-3, -3, 3, 3), [rect, pen, radius](QPainter& p) {
                                 p.setRenderHint(QPainter::Antialiasing);
                                 p.setBrush(Qt::NoBrush);
                                 p.setPen(pen);
                                 p.drawRoundedRect(rect.adjusted(-1, -1, 1, 1), radius, radius);
                             }});
    }

    /// The way between two GPUs: as far as `reach` solid, dotted beyond. A moving front ends in a dot.
    void addLine(Index from, Index to, const QPen& pen, double reach, bool front) {
        std::vector<QPointF> line;
        for (const QPointF& point : fabricRoute(m_pane.cluster, m_pane.layout, from, to))
            line.push_back(m_pane.camera.toScreen(point, m_pane.viewport));
        if (line.size() < 2)
            return;
        const QPainterPath whole = beginningOf(line, 1);
        const QPainterPath done = beginningOf(line, reach);
        QPen far = pen;
        far.setWidthF(1);
        far.setDashPattern({1, 3});
        QPen near = pen;
        near.setStyle(Qt::SolidLine);
        const bool moves = front && reach > 0 && reach < 1;
        if (moves) {
            QColor colour = near.color();
            colour.setAlpha(255);
            near.setColor(colour);
        }
        constexpr double kRoom = 16; // for the widest pen
        const QRectF visible = m_pane.viewport.rect().adjusted(-kRoom, -kRoom, kRoom, kRoom);
        m_overlay.push_back(
            {whole.boundingRect().adjusted(-5, -5, 5, 5),
             [whole, done, far, near, moves, reach, visible, halo = m_pane.theme.halo](QPainter& p) {
                 p.setRenderHint(QPainter::Antialiasing);
                 drawStroke(p, whole, far, visible);
                 if (!(reach > 0))
                     return;
                 drawStroke(p, done, QPen(halo, near.widthF() + 1.5), visible);
                 drawStroke(p, done, near, visible);
                 if (moves) {
                     p.setPen(near);
                     p.setBrush(near.color());
                     p.drawEllipse(done.currentPosition(), 3, 3);
                 }
             }});
    }

    /// The most loaded bundle, and the way of the exchange through it.
    void addBottleneck() {
        const std::ptrdiff_t found = bottleneckOf(m_pane.layout, m_frame);
        if (found < 0)
            return;
        const FabricRibbon& narrow = m_pane.layout.ribbons[static_cast<std::size_t>(found)];
        std::vector<QPointF> line;
        appendRibbon(narrow, true, line);
        QPolygonF shape;
        for (const QPointF& point : line)
            shape << m_pane.camera.toScreen(point, m_pane.viewport);
        QPainterPath path;
        path.addPolygon(shape);
        const double width = std::max(3.0, narrow.width * m_pane.camera.pixelsPerMetre + 3);
        const QColor colour = m_pane.theme.text;
        const QColor ground = m_pane.theme.ground;
        m_overlay.push_back({path.boundingRect().adjusted(-width, -width, width, width),
                             [path, width, colour, ground](QPainter& p) {
                                 p.setRenderHint(QPainter::Antialiasing);
                                 QPainterPathStroker stroker;
                                 stroker.setWidth(width);
                                 p.setBrush(Qt::NoBrush);
                                 p.setPen(QPen(ground, 3));
                                 p.drawPath(stroker.createStroke(path));
                                 p.setPen(QPen(colour, 1.4));
                                 p.drawPath(stroker.createStroke(path));
                             }});
        if (m_options.labels)
            nameBottleneck(narrow, shape);
    }

    void nameBottleneck(const FabricRibbon& narrow, const QPolygonF& shape) {
        const QString kind = narrow.kind == LinkKind::Trunk       ? tr("trunk")
                             : narrow.kind == LinkKind::SpineCore ? tr("spine to core")
                             : narrow.kind == LinkKind::LeafSpine ? tr("leaf to spine")
                                                                  : tr("NICs to leaf");
        const bool after = exchangesGradients(*m_frame);
        const QString text = (after ? tr("narrowest in the gradient exchange: %1 · %2")
                                    : tr("narrowest inside the micro-batches: %1 · %2"))
                                 .arg(kind, percent(ribbonLoad(narrow, m_frame)));
        const QFontMetricsF metrics(m_pane.theme.font(TextRole::Label));
        const QSizeF size(metrics.horizontalAdvance(text), std::ceil(metrics.height()));
        std::vector<QRectF> choices;
        for (const int at : {7, 10, 4, 12, 2})
            for (const bool right : {true, false}) {
                const QPointF point = shape[at];
                choices.emplace_back(QPointF(right ? point.x() + 10 : point.x() - 10 - size.width(),
                                             point.y() - size.height() / 2),
                                     size);
            }
        const int chosen = m_placer.placeFirst(choices);
        if (chosen >= 0)
            m_overlay.push_back(
                labelOver(choices[static_cast<std::size_t>(chosen)], text, m_pane.theme.text, m_pane.theme));
    }

    /// Nearly all members communicate at once only after the barrier.
    static bool exchangesGradients(const operations::Frame& frame) {
        const auto count = [&](operations::GpuState state) {
            return static_cast<double>(frame.counts[static_cast<std::size_t>(state)]);
        };
        const double busy = count(operations::GpuState::Communicating) +
                            count(operations::GpuState::Computing) + count(operations::GpuState::Waiting) +
                            count(operations::GpuState::Culprit);
        return count(operations::GpuState::Communicating) > kNearlyAll * busy;
    }

    const FabricPane& m_pane;
    const operations::Frame* m_frame;
    const FabricOptions& m_options;
    LabelPlacer& m_placer;
    Overlay& m_overlay;
};

} // namespace

double stallReach(const BlameChain& chain, std::size_t group, double stepStartS, double timeS) {
    const double to = chain.groups[group].waitsFromS;
    const bool first = group == 0 || chain.groups[group - 1].group == Group::Own;
    const double from = first ? stepStartS : std::min(to, chain.groups[group - 1].waitsFromS);
    if (timeS >= to)
        return 1;
    return to > from ? std::clamp((timeS - from) / (to - from), 0.0, 1.0) : 0;
}

std::ptrdiff_t bottleneckOf(const FabricLayout& layout, const operations::Frame* frame) {
    if (!frame || !frame->training || frame->phase != operations::Phase::Running)
        return -1;
    std::ptrdiff_t found = -1;
    double most = kIdleLoad;
    for (std::size_t i = 0; i < layout.ribbons.size(); ++i) {
        const double load = ribbonLoad(layout.ribbons[i], frame);
        if (load > most) { // not where a link is down: that is said by its colour
            most = load;
            found = static_cast<std::ptrdiff_t>(i);
        }
    }
    return found;
}

void addFabricGroups(const FabricPane& pane, const operations::Frame* frame, const FabricOptions& options,
                     LabelPlacer& placer, Overlay& overlay) {
    Builder(pane, frame, options, placer, overlay).build();
}

void addFabricGroupLegend(Legend& legend, const cluster::Cluster& cluster, const FabricLayout& layout,
                          const operations::Frame* frame, const FabricOptions& options, const Theme& theme) {
    if (options.groups) {
        legend.entries.push_back({theme.accent, Pattern::Solid, groupLabel(Group::Own)});
        for (const BlameGroup& group : options.groups->groups)
            legend.entries.push_back({theme.text, Pattern::Solid, groupLabel(group.group), group.group});
    } else if (options.blame && frame && frame->culprit == options.blame->culprit &&
               options.blame->culprit < cluster.gpuCount) {
        for (const BlameGroup& group : options.blame->groups)
            legend.entries.push_back({theme.state(operations::GpuState::Culprit).colour, Pattern::Solid,
                                      blameLabel(group.group), group.group});
    }
    if (bottleneckOf(layout, frame) >= 0)
        legend.entries.push_back({theme.text, Pattern::Hollow, tr("narrowest link now")});
}

} // namespace atlas::scenes

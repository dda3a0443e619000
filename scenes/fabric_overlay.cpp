// The living part of a fabric: what its GPUs do, how loaded its trunks are, what is pointed at.
#include "scenes/fabric_overlay.h"

#include "scenes/fabric_domains.h"
#include "scenes/fabric_groups.h"
#include "scenes/fabric_look.h"
#include "scenes/floor_labels.h"
#include "scenes/group_colour.h"
#include "scenes/label_paint.h"
#include "scenes/words.h"

#include <QFontMetricsF>

#include <algorithm>
#include <array>
#include <cmath>

namespace atlas::scenes {

namespace {

using cluster::Index;
using operations::GpuState;

constexpr double kMarkPx = 4; // of the worst in a cell
constexpr std::size_t kHottestNamed = 3;

class Builder {
public:
    Builder(const FabricPane& pane, const operations::Frame* frame, const FabricOptions& options,
            const std::vector<FabricLabel>& labels, const std::vector<QRectF>& taken)
        : m_pane(pane)
        , m_frame(frame)
        , m_options(options)
        , m_labels(labels)
        , m_placer(pane.viewport.rect()) {
        for (const QRectF& rect : taken)
            m_placer.block(rect);
    }

    Overlay build() {
        if (m_options.mode == FabricMode::Full) {
            for (Index h = 0; h < m_pane.layout.hallRects.size(); ++h)
                addDomains(h);
            addFabricGroups(m_pane, m_frame, m_options, m_placer, m_overlay);
            if (m_options.labels) {
                for (const FabricLabel& label : m_labels)
                    if (label.overRibbons)
                        m_overlay.push_back(
                            labelOver(label.rect, label.text, m_pane.theme.quietText, m_pane.theme));
                addTrunkLabels();
                addHottest();
            }
        }
        for (const Target& target : {m_options.selected, m_options.hovered})
            outline(target, target == m_options.selected ? m_pane.theme.accent : m_pane.theme.text);
        return std::move(m_overlay);
    }

private:
    void addDomains(Index h) {
        const auto cells = domainCells(m_pane, h);
        if (!cells)
            return;
        std::vector<std::pair<QRectF, QColor>> squares;
        for (Index i = 0; i < cells->cells; ++i) {
            const QRectF square = cells->squareOf(i, m_pane.viewport.devicePixelRatio);
            const GroupColour light =
                groupColour(m_pane.cluster, m_frame, cells->gpusOf(i), ColourBy::State, m_pane.theme);
            squares.emplace_back(square, light.colour);
            if (!light.worst)
                continue;
            const double side = std::min(kMarkPx, std::min(square.width(), square.height()));
            squares.emplace_back(QRectF(square.topLeft(), QSizeF(side, side)),
                                 m_pane.theme.state(GpuState::Fault).colour);
        }
        m_overlay.push_back({cells->rect, [squares = std::move(squares)](QPainter& p) {
                                 for (const auto& [square, colour] : squares)
                                     p.fillRect(square, colour);
                             }});
    }

    void addTrunkLabels() {
        const QFontMetricsF metrics(m_pane.theme.font(TextRole::Label));
        for (const FabricNode& node : m_pane.layout.nodes) {
            if (node.layer != FabricLayer::Trunk || !m_frame || node.group >= m_frame->linkLoad.size())
                continue;
            const double load = static_cast<double>(m_frame->linkLoad[node.group]);
            const QString text = std::isnan(load) || load < 0 ? tr("trunk down") : trunkText(load);
            const QRectF block = m_pane.block(node);
            const QSizeF size(metrics.horizontalAdvance(text), std::ceil(metrics.height()));
            const std::array<QRectF, 3> choices = {
                QRectF({block.right() + 8, block.center().y() - size.height() / 2}, size),
                QRectF({block.left() - 8 - size.width(), block.center().y() - size.height() / 2}, size),
                QRectF({block.center().x() - size.width() / 2, block.top() - size.height() - 4}, size)};
            const int chosen = m_placer.placeFirst(choices);
            if (chosen >= 0)
                m_overlay.push_back(labelOver(
                    choices[static_cast<std::size_t>(chosen)], text,
                    load < kHotLoad ? captionColour(m_pane.theme) : m_pane.theme.negative, m_pane.theme));
        }
    }

    /// Congested bundles say so in words: one label an island and kind of link, the hottest first.
    void addHottest() {
        if (!m_frame)
            return;
        struct Hot {
            const FabricRibbon* ribbon;
            double load;
            bool several;
        };
        std::vector<Hot> all;
        for (const FabricRibbon& ribbon : m_pane.layout.ribbons) {
            const double load = ribbonLoad(ribbon, m_frame);
            if (ribbon.kind == cluster::LinkKind::Trunk || ribbon.kind == cluster::LinkKind::Nic ||
                load < kHotLoad)
                continue;
            const double weight = std::isnan(load) ? 2.0 : load;
            const auto same = std::find_if(all.begin(), all.end(), [&](const Hot& h) {
                return h.ribbon->kind == ribbon.kind && islandOf(*h.ribbon) == islandOf(ribbon);
            });
            if (same == all.end()) {
                all.push_back({&ribbon, weight, ribbon.groups.count > 1});
                continue;
            }
            same->several = same->several || same->ribbon->groups.first != ribbon.groups.first;
            if (weight > same->load) {
                same->load = weight;
                same->ribbon = &ribbon;
            }
        }
        std::stable_sort(all.begin(), all.end(), [](const Hot& a, const Hot& b) { return a.load > b.load; });
        if (all.size() > kHottestNamed)
            all.resize(kHottestNamed);
        for (const Hot& hot : all)
            nameHot(*hot.ribbon, hot.load, hot.several);
    }

    [[nodiscard]] Index islandOf(const FabricRibbon& ribbon) const {
        return m_pane.cluster.linkGroups[ribbon.groups.first].island;
    }

    void nameHot(const FabricRibbon& ribbon, double load, bool several) {
        const QString kind =
            ribbon.kind == cluster::LinkKind::LeafSpine ? tr("leaf to spine") : tr("spine to core");
        const QString name =
            several ? QString::fromStdString(m_pane.cluster.islands[islandOf(ribbon)].name) + ", " + kind
                    : QString::fromStdString(m_pane.cluster.linkGroups[ribbon.groups.first].name);
        const QString text = name + QStringLiteral(" · ") + (load > 1.5 ? tr("down") : percent(load));
        const QFontMetricsF metrics(m_pane.theme.font(TextRole::Label));
        const QPointF middle = m_pane.camera.toScreen((ribbon.lower + ribbon.upper) / 2, m_pane.viewport);
        const QSizeF size(metrics.horizontalAdvance(text), std::ceil(metrics.height()));
        std::vector<QRectF> choices;
        for (const double dy : {0.0, -18.0, 18.0, -36.0, 36.0})
            for (const double x : {middle.x() + 8, middle.x() - 8 - size.width()})
                choices.emplace_back(QPointF(x, middle.y() - size.height() / 2 + dy), size);
        const int chosen = m_placer.placeFirst(choices);
        if (chosen >= 0)
            m_overlay.push_back(labelOver(choices[static_cast<std::size_t>(chosen)], text,
                                          m_pane.theme.negative, m_pane.theme));
    }

    void outline(Target target, const QColor& colour) {
        if (target.kind != TargetKind::Hall || target.index >= m_pane.layout.hallRects.size())
            return;
        const QRectF rect =
            snapped(m_pane.screen(m_pane.layout.hallRects[target.index]), m_pane.viewport.devicePixelRatio);
        const double radius = m_pane.theme.cornerRadius;
        m_overlay.push_back({rect.adjusted(-2, -2, 2, 2), [rect, colour, radius](QPainter& p) {
                                 p.setRenderHint(QPainter::Antialiasing);
                                 p.setPen(QPen(colour, 1.5));
                                 p.setBrush(Qt::NoBrush);
                                 p.drawRoundedRect(rect, radius, radius);
                             }});
    }

    const FabricPane& m_pane;
    const operations::Frame* m_frame;
    const FabricOptions& m_options;
    const std::vector<FabricLabel>& m_labels;
    LabelPlacer m_placer;
    Overlay m_overlay;
};

} // namespace

Overlay fabricOverlay(const FabricPane& pane, const operations::Frame* frame, const FabricOptions& options,
                      const std::vector<FabricLabel>& labels, const std::vector<QRectF>& taken) {
    return Builder(pane, frame, options, labels, taken).build();
}

} // namespace atlas::scenes

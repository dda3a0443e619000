// The still part of a fabric: blocks of switches, halls, words.
#include "scenes/colour.h"
#include "scenes/fabric_look.h"
#include "scenes/fabric_overlay.h"
#include "scenes/label_paint.h"
#include "scenes/pane_rows.h"
#include "scenes/words.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace atlas::scenes {

namespace {

using cluster::Index;

constexpr double kBlockPx = 4;       // thinnest block
constexpr double kBlockLabelPx = 54; // a block this wide says what it is

QColor blockColour(const Theme& theme) {
    return mixed(theme.quietText, theme.text, 0.35);
}

QString layerName(FabricLayer layer) {
    switch (layer) {
    case FabricLayer::Domains:
        return tr("NVLink");
    case FabricLayer::Leaf:
        return tr("leaves");
    case FabricLayer::Spine:
        return tr("spines");
    case FabricLayer::Core:
        return tr("cores");
    case FabricLayer::Trunk:
        break;
    }
    return tr("trunks");
}

QString railName(const FabricNode& node) {
    return node.rails == 1 ? tr("rail %1").arg(node.firstRail + 1)
                           : tr("rails %1–%2").arg(node.firstRail + 1).arg(node.firstRail + node.rails);
}

class Planner {
public:
    Planner(const FabricPane& pane)
        : m_pane(pane)
        , m_metrics(pane.theme.font(TextRole::Label))
        , m_placer(pane.viewport.rect()) {}

    std::vector<FabricLabel> plan(std::vector<QRectF>& taken) {
        for (const FabricNode& node : m_pane.layout.nodes)
            m_placer.block(m_pane.block(node));
        for (const FabricRibbon& ribbon : m_pane.layout.ribbons)
            if (ribbon.kind == cluster::LinkKind::Trunk)
                blockRibbon(ribbon);
        captions();
        fabrics();
        layers();
        blocks();
        taken = m_placer.taken();
        return std::move(m_labels);
    }

private:
    [[nodiscard]] double width(const QString& text) const { return m_metrics.horizontalAdvance(text); }
    [[nodiscard]] double height() const { return std::ceil(m_metrics.height()); }

    bool add(QPointF topLeft, const QString& text, const QString& quiet, bool dim, bool overRibbons = false) {
        const QRectF rect(topLeft, QSizeF(width(text) + width(quiet), height()));
        if (!m_placer.place(rect))
            return false;
        m_labels.push_back({rect, text, quiet, dim, overRibbons});
        return true;
    }

    /// Keeps words off a trunk: it is what people look for.
    void blockRibbon(const FabricRibbon& ribbon) {
        constexpr int kSteps = 16;
        const RibbonDraw draw = placeOf(ribbon, m_pane.camera, {m_pane.viewport.size, 1.0});
        for (int i = 0; i <= kSteps; ++i) {
            const float y = draw.y0 + (draw.y1 - draw.y0) * static_cast<float>(i) / kSteps;
            const QPointF at(static_cast<double>(ribbonX(draw, y)), static_cast<double>(y));
            m_placer.block(QRectF(at - QPointF(4, 6), QSizeF(8, 12)));
        }
    }

    /// Under every hall its name or number; under an island of several halls the island's.
    void captions() {
        const auto& rects = m_pane.layout.hallRects;
        for (Index i = 0; i < m_pane.cluster.islands.size(); ++i) {
            const auto& island = m_pane.cluster.islands[i];
            const auto& halls = island.halls;
            if (halls.count == 0 || halls.end() > rects.size())
                continue;
            const auto domain = static_cast<Index>(island.rackType.nvlinkDomainGpus);
            const QString quiet =
                QStringLiteral("   ") +
                tr("%1 × %2").arg(grouped((island.gpus.count + domain - 1) / domain)).arg(domain);
            const QString name = QString::fromStdString(island.name);
            const QRectF first = m_pane.screen(rects[halls.first]);
            const QRectF last = m_pane.screen(rects[halls.end() - 1]);
            const double room = last.right() - first.left();
            const double y = first.bottom() + 4;
            if (halls.count > 1)
                for (Index h = halls.first; h < halls.end(); ++h)
                    numberHall(h, y);
            const QString lead = halls.count > 1 ? QString() : tr("Hall %1 · ").arg(halls.first + 1);
            const double line = halls.count > 1 ? y + height() + 3 : y;
            for (const auto& [text, rest] : {std::pair{lead + name, quiet}, std::pair{lead + name, QString()},
                                             std::pair{name, QString()}})
                if (width(text) + width(rest) <= room && add({first.left(), line}, text, rest, false))
                    break;
        }
    }

    void numberHall(Index h, double y) {
        const QRectF hall = m_pane.screen(m_pane.layout.hallRects[h]);
        for (const QString& text : {tr("Hall %1").arg(h + 1), QString::number(h + 1)}) {
            const double x = text.size() > 3 ? hall.left() : hall.center().x() - width(text) / 2;
            if (width(text) <= hall.width() && add({x, y}, text, {}, true))
                return;
        }
    }

    /// "Spectrum-X 400G" over the left end of an island's uppermost blocks, or the right one where a trunk is
    /// in the way.
    void fabrics() {
        for (Index i = 0; i < m_pane.cluster.islands.size(); ++i) {
            QRectF top;
            QRectF last;
            for (const FabricNode& node : m_pane.layout.nodes) {
                if (node.island != i || node.layer == FabricLayer::Trunk)
                    continue;
                const QRectF block = m_pane.block(node);
                if (top.isNull() || block.top() < top.top() - 1)
                    top = last = block;
                else if (block.top() < top.top() + 1)
                    last = block;
            }
            if (top.isNull())
                continue;
            const auto& island = m_pane.cluster.islands[i];
            const QString rails = QStringLiteral("   ") + tr("%1 rails").arg(island.fabric.rails);
            const QString name = QString::fromStdString(island.fabric.name);
            const double y = top.top() - height() - 3;
            const QString shortName = name.section(QLatin1Char(','), 0, 0);
            const auto place = [&](const QString& text, const QString& rest) {
                const double right = last.right() - width(text) - width(rest);
                return add({top.left(), y}, text, rest, false) || add({right, y}, text, rest, false);
            };
            if (!place(name, rails) && !place(shortName, rails))
                place(shortName, {});
        }
    }

    void layers() {
        for (std::size_t l = 0; l < m_pane.layout.layerY.size(); ++l) {
            if (std::isnan(m_pane.layout.layerY[l]))
                continue;
            const double y =
                m_pane.camera.toScreen(QPointF(0, m_pane.layout.layerY[l]), m_pane.viewport).y() -
                height() / 2;
            add({14, y}, layerName(static_cast<FabricLayer>(l)), {}, true);
        }
    }

    void blocks() {
        for (const FabricNode& node : m_pane.layout.nodes) {
            const QRectF rect = m_pane.block(node);
            if (node.layer == FabricLayer::Domains || node.layer == FabricLayer::Trunk ||
                rect.width() < kBlockLabelPx)
                continue;
            const QString what = node.layer == FabricLayer::Leaf    ? tr("%1 leaves")
                                 : node.layer == FabricLayer::Spine ? tr("%1 spines")
                                                                    : tr("%1 cores");
            const QString count = what.arg(grouped(node.switches.count));
            const QString full =
                node.layer == FabricLayer::Core ? count : railName(node) + QStringLiteral(" · ") + count;
            for (const QString& text : {full, count}) {
                const double x = rect.center().x() - width(text) / 2;
                if (width(text) <= rect.width() * 1.05 && add({x, rect.bottom() + 4}, text, {}, true, true))
                    break;
            }
        }
    }

    const FabricPane& m_pane;
    QFontMetricsF m_metrics;
    LabelPlacer m_placer;
    std::vector<FabricLabel> m_labels;
};

} // namespace

QRectF FabricPane::block(const FabricNode& node) const {
    QRectF rect = screen(node.rect);
    if (rect.height() < kBlockPx)
        rect = QRectF(rect.left(), rect.center().y() - kBlockPx / 2, rect.width(), kBlockPx);
    if (node.layer != FabricLayer::Domains && rect.height() > 3 * kBlockPx)
        rect = QRectF(rect.left(), rect.center().y() - 1.5 * kBlockPx, rect.width(), 3 * kBlockPx);
    return snapped(rect, viewport.devicePixelRatio);
}

std::vector<FabricLabel> planFabricLabels(const FabricPane& pane, std::vector<QRectF>& taken) {
    return Planner(pane).plan(taken);
}

void paintFabricGround(const FabricPane& pane, const std::vector<FabricLabel>& labels, QImage& target) {
    target.fill(pane.theme.ground);
    RowsPainter painter(target);
    painter.setRenderHint(QPainter::Antialiasing);
    for (const FabricNode& node : pane.layout.nodes) {
        const QRectF rect = pane.block(node);
        if (!rect.intersects(pane.viewport.rect()))
            continue;
        if (node.layer == FabricLayer::Domains) {
            painter.setPen(QPen(pane.theme.line, 1));
            painter.setBrush(pane.theme.panel);
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), pane.theme.cornerRadius,
                                    pane.theme.cornerRadius);
            continue;
        }
        painter.setPen(Qt::NoPen);
        painter.setBrush(blockColour(pane.theme));
        painter.drawRoundedRect(rect, 1.5, 1.5);
    }
    painter.setFont(pane.theme.font(TextRole::Label));
    for (const FabricLabel& label : labels)
        if (!label.overRibbons)
            paintLine(painter, label.rect, label.text,
                      label.dim ? pane.theme.quietText : captionColour(pane.theme), label.quiet, pane.theme);
}

} // namespace atlas::scenes

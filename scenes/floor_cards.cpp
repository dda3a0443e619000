#include "scenes/floor_cards.h"

#include "scenes/colour.h"
#include "scenes/label_paint.h"
#include "scenes/pattern.h"
#include "scenes/words.h"

#include <QFontMetricsF>

#include <algorithm>

namespace atlas::scenes {

namespace {

using cluster::Index;
using operations::GpuState;

/// "waiting", the first words of the state.
QString shortState(GpuState state) {
    const QString label = stateLabel(state);
    return state == GpuState::Waiting ? tr("waiting") : label.section(QLatin1Char(':'), 0, 0);
}

struct Card {
    QRectF rect;
    QString place;    ///< "GPU 5"
    QString tray;     ///< "tray 4"
    QString gpuClass; ///< "H100 SXM 80 GB"
    GpuState state = GpuState::Unpowered;
    double utilisation = 0;
    bool hasFrame = false;
};

void paintCard(QPainter& painter, const Card& card, const Theme& theme) {
    const StateStyle& style = theme.state(card.state);
    const bool bright = card.state != GpuState::Unpowered && card.state != GpuState::Idle;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(mixed(theme.raised, style.colour, bright ? 0.13 : 0.4));
    painter.drawRect(card.rect);
    painter.fillRect(QRectF(card.rect.topLeft(), QSizeF(3, card.rect.height())), style.colour);

    const double pad = std::min(8.0, card.rect.width() * 0.08);
    QRectF inner = card.rect.adjusted(pad + 3, pad * 0.7, -pad, -pad * 0.7);
    painter.save();
    painter.setClipRect(card.rect);
    const QFontMetricsF strong(theme.font(TextRole::Strong));
    const QFontMetricsF label(theme.font(TextRole::Label));
    const auto line = [&](TextRole role, const QString& text, const QColor& colour) {
        const QFontMetricsF& metrics = role == TextRole::Strong ? strong : label;
        if (inner.height() < metrics.height())
            return;
        painter.setFont(theme.font(role));
        painter.setPen(colour);
        painter.drawText(QRectF(inner.topLeft(), QSizeF(inner.width(), metrics.height())),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                         metrics.elidedText(text, Qt::ElideRight, inner.width()));
        inner.setTop(inner.top() + metrics.height() + 1);
    };
    const double bar = 4;
    if (card.hasFrame && bright) {
        const QRectF track(inner.left(), inner.bottom() - bar, inner.width(), bar);
        painter.fillRect(track, theme.line);
        painter.fillRect(QRectF(track.topLeft(), QSizeF(track.width() * card.utilisation, bar)),
                         style.colour);
        inner.setBottom(track.top() - 2);
    }
    if (inner.width() > strong.horizontalAdvance(card.place) + label.horizontalAdvance(card.tray) + 8) {
        painter.setFont(theme.font(TextRole::Label));
        painter.setPen(theme.quietText);
        painter.drawText(QRectF(inner.topLeft(), QSizeF(inner.width(), strong.height())),
                         Qt::AlignRight | Qt::AlignVCenter, card.tray);
    }
    line(TextRole::Strong, card.place, theme.text);
    const QRectF swatch(inner.left(), inner.top() + 2, label.height() - 4, label.height() - 4);
    if (inner.height() >= label.height() && inner.width() > 40) {
        paintSwatch(painter, swatch, theme, style);
        inner.setLeft(swatch.right() + 5);
        line(TextRole::Label, shortState(card.state), bright ? style.colour : theme.quietText);
        inner.setLeft(swatch.left());
    }
    if (card.hasFrame && bright)
        line(TextRole::Label,
             (inner.width() > 90 ? tr("%1 utilised") : QStringLiteral("%1")).arg(percent(card.utilisation)),
             captionColour(theme));
    line(TextRole::Label, card.gpuClass, theme.quietText);
    painter.restore();
}

} // namespace

void addCards(const FloorOverlayInput& input, Overlay& overlay) {
    const auto& cluster = *input.geometry.cluster;
    const double ratio = input.map.viewport.devicePixelRatio;
    for (const HallMap& hall : input.map.halls) {
        if (hall.detail != Detail::Cards)
            continue;
        const HallGridView& grid = input.geometry.halls[hall.grid];
        const auto gpuClass = cluster.islands[cluster.halls[grid.hall].island].gpuClass;
        const QString className = QString::fromStdString(cluster.gpuClasses[gpuClass].name);
        for (std::size_t y = hall.y.firstUnit; y < hall.y.firstUnit + hall.y.unitCount; ++y) {
            for (std::size_t x = hall.x.firstUnit; x < hall.x.firstUnit + hall.x.unitCount; ++x) {
                const Index rackIndex = grid.rackAt(x, y);
                if (rackIndex == cluster::kNone)
                    continue;
                const cluster::Rack& rack = cluster.racks[rackIndex];
                for (Index i = 0; i < rack.gpus.count; ++i) {
                    const auto column =
                        hall.x.cellExtent(x - hall.x.firstUnit, static_cast<int>(i % rack.columns));
                    const auto line =
                        hall.y.cellExtent(y - hall.y.firstUnit, static_cast<int>(i / rack.columns));
                    const QRectF rect(QPointF(column.begin, line.begin) / ratio,
                                      QPointF(column.end, line.end) / ratio);
                    if (!rect.intersects(input.map.viewport.rect()))
                        continue;
                    Card card;
                    card.rect = snapped(rect, ratio);
                    card.tray = tr("tray %1").arg(i / rack.columns + 1);
                    card.place = tr("GPU %1").arg(i % rack.columns + 1);
                    card.gpuClass = className;
                    if (input.frame) {
                        card.hasFrame = true;
                        card.state = static_cast<GpuState>(input.frame->state[rack.gpus.first + i]);
                        card.utilisation = input.frame->utilisation[rack.gpus.first + i] / 255.0;
                    }
                    overlay.push_back({card.rect, [card, &theme = input.theme](QPainter& p) {
                                           paintCard(p, card, theme);
                                       }});
                }
            }
        }
    }
}

} // namespace atlas::scenes

#include "scenes/floor_cards.h"

#include "scenes/label_paint.h"
#include "scenes/words.h"

namespace atlas::scenes {

namespace {

using cluster::Index;
using operations::GpuState;

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
                    overlay.push_back(
                        {card.rect, [card, &cards = input.cards](QPainter& p) { cards.paint(p, card); }});
                }
            }
        }
    }
}

} // namespace atlas::scenes

#include "scenes/floor_cards.h"

#include "model/operations/step_groups.h"
#include "scenes/label_paint.h"
#include "scenes/words.h"

#include <QStringList>

#include <cmath>

namespace atlas::scenes {

namespace {

using cluster::Index;
using operations::GpuState;

/// "52 °C · 640 W".
QString physicsOf(const operations::Site& site, std::size_t gpuClass, GpuState state, double utilisation) {
    if (gpuClass >= site.conditions.classes.size())
        return {};
    const operations::ConditionLaw& law = site.conditions.classes[gpuClass];
    QStringList parts;
    if (const double celsius = law.temperatureC(state, utilisation); !std::isnan(celsius))
        parts << Colouring(ColourBy::Temperature).text(celsius);
    if (const double watts = law.powerW(state, utilisation); watts > 0)
        parts << withPrefix(watts, QStringLiteral("W"));
    return parts.join(QStringLiteral(" · "));
}

/// "tensor 3 · expert 5 · stage 2 · replica 1 204", counted from 1; groups of one are left out.
QString groupWords(const cluster::Cluster& cluster, const operations::StepShape& shape, Index gpu) {
    const auto place = operations::placeOf(cluster, shape, gpu);
    if (!place)
        return {};
    QStringList parts = {tr("tensor %1").arg(place->tensor + 1)};
    if (place->context > 0)
        parts << tr("context %1").arg(place->context + 1);
    if (const auto expert = operations::expertPlaceOf(shape.anatomy.layout, *place))
        parts << tr("expert %1").arg(expert->rank + 1);
    parts << tr("stage %1").arg(place->stage + 1) << tr("replica %1").arg(grouped(place->replica + 1));
    return parts.join(QStringLiteral(" · "));
}

} // namespace

void addCards(const FloorOverlayInput& input, Overlay& overlay) {
    const auto& cluster = *input.geometry.cluster;
    const double ratio = input.map.viewport.devicePixelRatio;
    for (const HallMap& hall : input.map.halls) {
        if (!(hall.cardShare > 0))
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
                    card.opacity = hall.cardShare;
                    if (input.shape != nullptr)
                        card.groups = groupWords(cluster, *input.shape, rack.gpus.first + i);
                    if (input.frame) {
                        card.hasFrame = true;
                        card.state = static_cast<GpuState>(input.frame->state[rack.gpus.first + i]);
                        card.utilisation = input.frame->utilisation[rack.gpus.first + i] / 255.0;
                        if (input.site != nullptr)
                            card.physics = physicsOf(*input.site, gpuClass, card.state, card.utilisation);
                    }
                    overlay.push_back(
                        {card.rect, [card, &cards = input.cards](QPainter& p) { cards.paint(p, card); }});
                }
            }
        }
    }
}

} // namespace atlas::scenes

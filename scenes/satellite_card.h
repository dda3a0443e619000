// A satellite's power and heat balance at an instant, as a card one reads at a glance.
#pragma once

#include "model/orbit/constellation.h"
#include "scenes/orbit_beads.h"
#include "scenes/theme.h"

#include <QPainter>

namespace atlas::scenes {

struct SatelliteCard {
    struct Row {
        QString name;
        QString value;
        double share = 0; ///< length of its bar, 0..1
        QColor colour;
    };
    QString title; ///< "Satellite 38 of 140"
    QString light; ///< "in sunlight, umbra in 23 min"
    bool shadow = false;
    std::vector<Row> rows;
    QString balance; ///< "151 kW in = 140 kW used + 11 kW stored"
    QString gpus;    ///< "72 GPUs · decode 70, fault 2"
};

[[nodiscard]] SatelliteCard satelliteCard(const OrbitPane& pane, int satellite);
[[nodiscard]] QSizeF cardSize(const SatelliteCard& card, const Theme& theme);
void paintCard(QPainter& painter, const QRectF& rect, const SatelliteCard& card, const Theme& theme);

} // namespace atlas::scenes

// A GPU's card at full zoom: place, state, utilisation, temperature and power, groups, class. Keeps laid-out
// texts between frames, since a pane may hold hundreds of cards.
#pragma once

#include "scenes/theme.h"

#include <QHash>
#include <QImage>
#include <QPainter>
#include <QStaticText>

namespace atlas::scenes {

struct Card {
    QRectF rect;
    QString place;    ///< "GPU 5"
    QString tray;     ///< "tray 4"
    QString gpuClass; ///< "H100 SXM 80 GB"
    QString physics;  ///< "52 °C · 640 W"; empty: not known
    /// "tensor 3 · expert 5 · stage 2 · replica 1 204"; empty: no member of a job, or not known.
    QString groups;
    double opacity = 1;
    operations::GpuState state = operations::GpuState::Unpowered;
    double utilisation = 0; ///< 0..1
    bool hasFrame = false;
};

class CardPainter {
public:
    /// Colours and fonts are taken from `theme`; make another painter for another theme.
    explicit CardPainter(const Theme& theme);
    void paint(QPainter& painter, const Card& card);

private:
    struct Face {
        QFont font;
        double height = 0;
        QHash<QString, QStaticText> texts; ///< by text, and by text and width where it is cut short
    };
    Face makeFace(TextRole role) const;
    /// One line at the top of `inner`, which becomes smaller by it. False if there is no room.
    bool line(QPainter& painter, Face& face, QRectF& inner, const QString& text, const QColor& colour);
    const QStaticText& laidOut(Face& face, const QString& text, double width);

    Theme m_theme;
    Face m_strong, m_label;
    std::array<QImage, operations::kStateCount> m_swatches;
};

} // namespace atlas::scenes

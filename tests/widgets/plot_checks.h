// What every plot has to keep to: nothing clipped, no label over another.
#pragma once

#include "widgets/plot.h"

#include <QFontMetricsF>
#include <QGraphicsScene>
#include <QTest>

namespace atlas::test {

using widgets::Plot;

/// A plot laid out at a size, as its host would.
template <class PlotType>
struct Laid {
    template <class Values>
    Laid(const Values& values, QSizeF size, scenes::ThemeMode mode = scenes::ThemeMode::Dark) {
        auto made = std::make_unique<PlotType>();
        plot = made.get();
        scene.addItem(made.release());
        plot->resize(size);
        plot->setTheme(scenes::loadTheme(mode));
        plot->setValues(values);
    }
    QGraphicsScene scene;
    PlotType* plot;
};

inline bool separated(const QPolygonF& a, const QPolygonF& b) {
    return a.intersected(b).boundingRect().width() < 0.5 || a.intersected(b).boundingRect().height() < 0.5;
}

inline void checkLabels(const Plot& plot) {
    const QRectF area(QPointF(), plot.size());
    const auto& labels = plot.labels();
    QVERIFY(!labels.empty());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const QRectF box = labels[i].outline().boundingRect();
        QVERIFY2(area.adjusted(-1, -1, 1, 1).contains(box),
                 qPrintable(QStringLiteral("%1 leaves the chart").arg(labels[i].text)));
        QVERIFY2(labels[i].rect.width() + 1 >= QFontMetricsF(labels[i].font).size(0, labels[i].text).width(),
                 qPrintable(QStringLiteral("%1 is clipped").arg(labels[i].text)));
        for (std::size_t j = 0; j < i; ++j) {
            QVERIFY2(separated(labels[i].outline(), labels[j].outline()),
                     qPrintable(QStringLiteral("%1 covers %2").arg(labels[i].text, labels[j].text)));
        }
    }
}

} // namespace atlas::test

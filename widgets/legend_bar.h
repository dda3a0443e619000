// What colours and marks mean: swatches with their patterns, or a ramp with its ends.
#pragma once

#include "scenes/scene.h"
#include "widgets/colours.h"

#include <QWidget>

#include <memory>

namespace atlas::widgets {

/// One legend for two scenes side by side: what the first says, and the states that only the second shows,
/// before the groups of the chain of blame.
[[nodiscard]] scenes::Legend joined(scenes::Legend first, const scenes::Legend& second);

class LegendBar : public QWidget {
    Q_OBJECT
public:
    explicit LegendBar(QWidget* parent = nullptr);

    void setLegend(const scenes::Legend& legend);
    [[nodiscard]] const scenes::Legend& legend() const { return m_legend; }
    void setTheme(const Theme& theme);
    /// Quiet words at the right end: "same scale · linked".
    void setNote(const QString& note);
    /// Pixels at the right end of the first line that something else stands in.
    void setReserved(int pixels);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {80, heightForWidth(80)}; }
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    /// Lays entries in lines; paints them where there is a painter. Returns the height needed.
    int lay(int width, QPainter* painter) const;

    scenes::Legend m_legend;
    QString m_note;
    int m_reserved = 0;
    std::unique_ptr<Theme> m_theme;
};

} // namespace atlas::widgets

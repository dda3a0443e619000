// A slider of one sourced number: the range it is known in is drawn, and double-click brings its value back.
#pragma once

#include "widgets/colours.h"

#include <QWidget>

#include <memory>

namespace atlas::widgets {

/// Where a lever may go: a little beyond low..high, in equal ratios where the range spans more than a decade.
struct LeverScale {
    double from = 0;
    double to = 1;
    bool logarithmic = false;

    /// From a number with its range; a number without one may move by half.
    [[nodiscard]] static LeverScale around(double value, double low, double high);
    [[nodiscard]] double share(double value) const; ///< 0..1, clamped
    [[nodiscard]] double at(double share) const;
};

class LeverSlider : public QWidget {
    Q_OBJECT
public:
    explicit LeverSlider(QWidget* parent = nullptr);

    /// `base` is what double-click restores.
    void setRange(double base, double low, double high);
    void setValue(double value);
    [[nodiscard]] double value() const { return m_value; }
    [[nodiscard]] double base() const { return m_base; }
    [[nodiscard]] const LeverScale& scale() const { return m_scale; }
    [[nodiscard]] bool dragging() const { return m_dragging; }
    void setTheme(const Theme& theme);
    [[nodiscard]] QSize sizeHint() const override { return {140, 18}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {60, 18}; }

signals:
    void valueChanged(double value); ///< by a person, while the mouse still moves
    void restored(double base);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] double positionOf(double value) const;
    void choose(double share);

    std::unique_ptr<Theme> m_theme;
    LeverScale m_scale;
    double m_base = 0;
    double m_low = 0;
    double m_high = 1;
    double m_value = 0;
    bool m_dragging = false;
};

} // namespace atlas::widgets

// Hosts a plot in the window: hover read-out, keyboard cursor, clicks.
#pragma once

#include "widgets/plot.h"

#include <QChartView>

class QLabel;

namespace atlas::widgets {

class PlotView : public QChartView {
    Q_OBJECT
public:
    /// Takes over the plot.
    explicit PlotView(std::unique_ptr<Plot> plot, QWidget* parent = nullptr);

    [[nodiscard]] Plot& plot() const { return *m_plot; }
    void setTheme(const Theme& theme);
    /// The text of the read-out on screen, empty while there is none.
    [[nodiscard]] QString readout() const;

protected:
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void showReadout(QPointF position);
    void hideReadout();

    Plot* m_plot;
    QLabel* m_readout;
    QPointF m_cursor; ///< of the keyboard, in the plot
};

} // namespace atlas::widgets

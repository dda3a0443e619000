// Over a scene: the box or lasso that is being drawn, and the outline of what it selected, which stays on the
// floor while the camera moves.
#pragma once

#include "widgets/scene_view.h"

#include <QPolygonF>
#include <QWidget>

namespace atlas::widgets {

class AreaVeil : public QWidget {
    Q_OBJECT
public:
    /// `view` must outlive it.
    AreaVeil(SceneView& view, QWidget* parent);

    void setTheme(const scenes::Theme& theme);
    /// What is being drawn, pixels of the view; empty: nothing.
    void setDrawn(const QPolygonF& screen);
    /// What was selected, world metres; empty: nothing.
    void setArea(const QPolygonF& world);
    [[nodiscard]] const QPolygonF& area() const { return m_area; }
    /// False where the scene is of another world than the area.
    void setShown(bool shown);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();

    SceneView& m_view;
    scenes::Theme m_theme;
    QPolygonF m_drawn;
    QPolygonF m_area;
    bool m_shown = true;
};

} // namespace atlas::widgets

// The small card beside the pointer: a title and rows of name and value. Never covers the pointer, never
// leaves the pane, shows within the frame it is asked for (no tooltip delay).
#pragma once

#include "scenes/scene.h"

#include <QWidget>

namespace atlas::widgets {

class HoverCard : public QWidget {
    Q_OBJECT
public:
    explicit HoverCard(QWidget* parent);

    void setTheme(const scenes::Theme& theme);
    /// Shows `text` beside `position` of the parent; hides where the text is empty.
    void show(const scenes::HoverText& text, QPointF position);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] QSize measured() const;

    scenes::Theme m_theme;
    scenes::HoverText m_text;
};

} // namespace atlas::widgets

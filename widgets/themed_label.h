// A label whose type and colour are roles of the theme.
#pragma once

#include "widgets/colours.h"

#include <QLabel>

#include <memory>

namespace atlas::widgets {

enum class Ink { Text, Quiet, Accent, Warning, Negative, SideA, SideB };

[[nodiscard]] QColor inkColour(const Theme& theme, Ink ink);

class ThemedLabel : public QLabel {
    Q_OBJECT
public:
    explicit ThemedLabel(TextRole role, Ink ink = Ink::Text, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    void setInk(Ink ink);
    /// Cuts a text that is too long with an ellipsis and shows the whole of it on hover.
    void setElided(Qt::TextElideMode mode);
    void setText(const QString& text);
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void recolour();

    TextRole m_role;
    Ink m_ink;
    Qt::TextElideMode m_elide = Qt::ElideNone;
    std::unique_ptr<Theme> m_theme;
};

} // namespace atlas::widgets

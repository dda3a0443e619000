// The head of a card on a page: the finding as title, what it shows, what to mind, and the menu.
#pragma once

#include "widgets/chart_picture.h"

#include <QWidget>

class QMenu;
class QToolButton;

namespace atlas::widgets {

class ThemedLabel;

class CardHead : public QWidget {
    Q_OBJECT
public:
    /// The button opens `menu`, which stays the card's.
    CardHead(QMenu* menu, const QString& accessibleName, const QString& toolTip, QWidget* parent = nullptr);

    [[nodiscard]] const Caption& caption() const { return m_caption; }
    void setCaption(const Caption& caption);
    void setTheme(const Theme& theme);

private:
    Caption m_caption;
    ThemedLabel* m_title;
    ThemedLabel* m_subtitle;
    ThemedLabel* m_caveat;
    QToolButton* m_button;
};

} // namespace atlas::widgets

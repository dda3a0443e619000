// A calm list of a dock: a section name and rows of a text, a note and a badge.
#pragma once

#include "widgets/themed_label.h"

#include <QListWidget>

namespace atlas::widgets {

struct PanelItem {
    QString id;
    QString text;
    QString note; ///< right, quiet: "220 k"
    QString tip;
    QString badge; ///< "A", "B", "AB"; a badge fills the row
};

class PanelDelegate;

class PanelList : public QWidget {
    Q_OBJECT
public:
    explicit PanelList(const QString& section, QWidget* parent = nullptr);

    void setItems(const std::vector<PanelItem>& items);
    [[nodiscard]] const std::vector<PanelItem>& items() const { return m_items; }
    /// Badges on hover: "AB" offers to choose a row as A or as B.
    void setOfferedBadges(const QString& letters);
    void setTheme(const Theme& theme);
    [[nodiscard]] QListWidget& view() const { return *m_view; }
    /// Where the badge of a letter stands in a row, in the view's viewport.
    [[nodiscard]] QRect badgeRect(int row, QChar letter) const;

signals:
    void activated(const QString& id, Qt::KeyboardModifiers modifiers);
    void badgeChosen(const QString& id, QChar letter);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fitHeight();

    std::vector<PanelItem> m_items;
    QString m_offered;
    ThemedLabel* m_section;
    QListWidget* m_view;
    PanelDelegate* m_delegate;
};

} // namespace atlas::widgets

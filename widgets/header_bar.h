// The top line: program, file, the pages of the window, what is compared with what, and the way to find
// anything.
#pragma once

#include "widgets/themed_label.h"

#include <QWidget>

#include <vector>

class QAction;
class QMenuBar;
class QPushButton;

namespace atlas::widgets {

class HeaderBar : public QWidget {
    Q_OBJECT
public:
    explicit HeaderBar(QWidget* parent = nullptr);

    void setFile(const QString& name, bool modified);
    void setComparison(const QString& nameA, const QString& nameB);
    void setPresentAvailable(bool available);
    /// The actions that show a page, checked while it is shown; one button each.
    void setPages(const std::vector<QAction*>& pages);
    void setTheme(const Theme& theme);
    /// Puts the menus beside the program's name; takes the bar over.
    void setMenuBar(QMenuBar* bar);

signals:
    void findRequested();
    void presentRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void fitComparison();

    ThemedLabel* m_program;
    ThemedLabel* m_file;
    QWidget* m_tabs;
    QWidget* m_rule;
    ThemedLabel* m_compare;
    QPushButton* m_find;
    QPushButton* m_present;
    QString m_nameA, m_nameB;
    std::unique_ptr<Theme> m_theme;
};

} // namespace atlas::widgets

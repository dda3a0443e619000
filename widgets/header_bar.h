// The top line: program, file, what is compared with what, and the way to find anything.
#pragma once

#include "widgets/themed_label.h"

#include <QWidget>

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
    void setTheme(const Theme& theme);
    /// Puts the menus beside the program's name; takes the bar over.
    void setMenuBar(QMenuBar* bar);

signals:
    void findRequested();
    void presentRequested();

private:
    ThemedLabel* m_program;
    ThemedLabel* m_file;
    QWidget* m_rule;
    ThemedLabel* m_compare;
    QPushButton* m_find;
    QPushButton* m_present;
    QString m_nameA, m_nameB;
    std::unique_ptr<Theme> m_theme;
};

} // namespace atlas::widgets

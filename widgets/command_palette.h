// Ctrl+K: every command by a few letters of its name, with its shortcut.
#pragma once

#include "widgets/themed_label.h"

#include <QAction>
#include <QDialog>
#include <QPointer>

#include <vector>

class QLineEdit;
class QListWidget;

namespace atlas::widgets {

class CommandPalette : public QDialog {
    Q_OBJECT
public:
    explicit CommandPalette(QWidget* parent = nullptr);

    /// What can be chosen; disabled actions are listed but cannot be chosen.
    void setActions(const std::vector<QAction*>& actions);
    void setTheme(const Theme& theme);
    /// Opens over the upper middle of its window with an empty field.
    void popUp();
    [[nodiscard]] QStringList shown() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter();
    void choose();

    std::vector<QPointer<QAction>> m_actions;
    QLineEdit* m_field;
    QListWidget* m_list;
    class Delegate;
    Delegate* m_delegate;
};

} // namespace atlas::widgets

// Ctrl+K: every command by a few letters of its name, with its shortcut; and every place one can go to.
#pragma once

#include "widgets/themed_label.h"

#include <QAction>
#include <QDialog>
#include <QPointer>

#include <functional>
#include <vector>

class QLineEdit;
class QListWidget;

namespace atlas::widgets {

/// Somewhere to go, for the palette to list.
struct PaletteEntry {
    QString name;
    QString detail;
    bool near = false; ///< not what was typed, but close to it
};

class CommandPalette : public QDialog {
    Q_OBJECT
public:
    using Places = std::function<std::vector<PaletteEntry>(const QString& typed)>;

    explicit CommandPalette(QWidget* parent = nullptr);

    /// What can be chosen; disabled actions are listed but cannot be chosen.
    void setActions(const std::vector<QAction*>& actions);
    /// What is asked for places while one types.
    void setPlaces(Places places) { m_places = std::move(places); }
    /// Lists places alone: "Find a place".
    void setPlacesOnly();
    void setTheme(const Theme& theme);
    /// Opens over the upper middle of its window with an empty field.
    void popUp();
    [[nodiscard]] QStringList shown() const;

signals:
    /// The entry of that number, as last asked for what was typed.
    void placeChosen(int entry);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter();
    void addPlaces();
    void addActions();
    void choose();

    std::vector<QPointer<QAction>> m_actions;
    Places m_places;
    bool m_placesOnly = false;
    QLineEdit* m_field;
    QListWidget* m_list;
    class Delegate;
    Delegate* m_delegate;
};

} // namespace atlas::widgets

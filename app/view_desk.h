// Where one looks: search, named views and the way to them. Knows the window as WindowExports does.
#pragma once

#include "app/bookmarks.h"
#include "app/finder.h"

#include <QObject>

#include <optional>
#include <vector>

namespace atlas::app {

class MainWindow;

class ViewDesk : public QObject {
    Q_OBJECT
public:
    explicit ViewDesk(MainWindow& window);

    /// Every command and every place (Ctrl+K), or places alone (Ctrl+F).
    void openPalette(bool placesOnly);
    /// Selects a place and flies there, in the scene that has it.
    void goTo(const Place& place);

    [[nodiscard]] const std::vector<Bookmark>& bookmarks() const { return m_bookmarks; }
    /// Asks for a name and keeps what is on screen.
    void addBookmark();
    void add(const QString& name);
    void goTo(std::size_t bookmark);
    /// To the view after the one last gone to, or the one before: what a presenter's clicker does.
    void step(int direction);
    /// Gives up the view last gone to or kept.
    void forget();
    /// The views of the scenario now open.
    void load();

signals:
    void failed(const atlas::Diagnostics& problems);
    void told(const QString& message);
    void bookmarksChanged();

private:
    [[nodiscard]] Bookmark captured(const QString& name) const;
    [[nodiscard]] QString file() const;
    void save();
    void refreshActions();
    void show(const Bookmark& view);
    /// Once the strategies and clusters of a view are on screen.
    void showPending();

    MainWindow& m_window;
    std::vector<Bookmark> m_bookmarks;
    std::optional<std::size_t> m_current;
    std::optional<Bookmark> m_pending;
};

} // namespace atlas::app

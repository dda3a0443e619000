// The middle of the window: the live stage, or one of the pages in its place.
#pragma once

#include "app/pages/exhibit_page.h"

#include <QStackedWidget>

#include <optional>
#include <set>

namespace atlas::app {

class PageStack : public QStackedWidget {
    Q_OBJECT
public:
    /// Takes over the stage and makes every page there is.
    explicit PageStack(QWidget* stage, QWidget* parent = nullptr);

    /// Empty: the stage.
    void showPage(const QString& id);
    [[nodiscard]] QString shownPage() const;
    [[nodiscard]] ExhibitPage* page(const QString& id) const;
    [[nodiscard]] const std::vector<ExhibitPage*>& pages() const { return m_pages; }

    void setEvidence(const Evidence& evidence);
    void setScenario(const scenario::Scenario& scenario, const scenario::Scenario& original);
    /// Pages that are not shown follow one a turn of the event loop: restyling all of them at once takes
    /// long.
    void setTheme(const scenes::Theme& theme);
    [[nodiscard]] bool busy() const;

private:
    void dress(ExhibitPage* page);
    void dressNext();

    QWidget* m_stage;
    std::vector<ExhibitPage*> m_pages;
    std::optional<scenes::Theme> m_theme;
    std::set<ExhibitPage*> m_dressed; ///< in the theme of now
};

} // namespace atlas::app

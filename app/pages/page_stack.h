// The middle of the window: the live stage, or one of the pages in its place.
#pragma once

#include "app/pages/exhibit_page.h"

#include <QStackedWidget>

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
    void setTheme(const scenes::Theme& theme);
    [[nodiscard]] bool busy() const;

private:
    QWidget* m_stage;
    std::vector<ExhibitPage*> m_pages;
};

} // namespace atlas::app

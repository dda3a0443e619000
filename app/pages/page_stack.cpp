#include "app/pages/page_stack.h"

#include "app/pages/page_catalogue.h"

#include <QTimer>

#include <algorithm>

namespace atlas::app {

PageStack::PageStack(QWidget* stage, QWidget* parent)
    : QStackedWidget(parent)
    , m_stage(stage) {
    addWidget(stage);
    for (PageSpec& spec : pageSpecs()) {
        ExhibitPage* page = makePage(std::move(spec));
        m_pages.push_back(page);
        addWidget(page);
    }
}

ExhibitPage* PageStack::page(const QString& id) const {
    const auto found =
        std::ranges::find_if(m_pages, [&](const ExhibitPage* page) { return page->id() == id; });
    return found == m_pages.end() ? nullptr : *found;
}

void PageStack::showPage(const QString& id) {
    ExhibitPage* wanted = page(id);
    dress(wanted);
    setCurrentWidget(wanted != nullptr ? static_cast<QWidget*>(wanted) : m_stage);
}

QString PageStack::shownPage() const {
    const auto* page = qobject_cast<const ExhibitPage*>(currentWidget());
    return page != nullptr ? page->id() : QString();
}

void PageStack::setEvidence(const Evidence& evidence) {
    for (ExhibitPage* page : m_pages) {
        page->setEvidence(evidence);
    }
}

void PageStack::setScenario(const scenario::Scenario& scenario, const scenario::Scenario& original) {
    for (ExhibitPage* page : m_pages) {
        page->setScenario(scenario, original);
    }
}

void PageStack::setTheme(const scenes::Theme& theme) {
    m_theme = theme;
    m_dressed.clear();
    dress(page(shownPage()));
    dressNext();
}

void PageStack::dressNext() {
    const auto next =
        std::ranges::find_if(m_pages, [this](ExhibitPage* page) { return !m_dressed.contains(page); });
    if (next != m_pages.end()) {
        QTimer::singleShot(0, this, [this, page = *next] {
            dress(page);
            dressNext();
        });
    }
}

void PageStack::dress(ExhibitPage* page) {
    if (page != nullptr && m_theme && m_dressed.insert(page).second) {
        page->setTheme(*m_theme);
    }
}

bool PageStack::busy() const {
    return std::ranges::any_of(m_pages, &ExhibitPage::busy);
}

} // namespace atlas::app

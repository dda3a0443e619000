// All pages and exhibits there are. A new page is a function here and a line in page_catalogue.cpp.
#pragma once

#include "app/pages/exhibit.h"

#include <optional>

namespace atlas::app {

[[nodiscard]] PageSpec trainingPage();
[[nodiscard]] PageSpec operationsPage();
[[nodiscard]] PageSpec servingPage();
[[nodiscard]] PageSpec programmePage();
[[nodiscard]] PageSpec credibilityPage();

/// In the order of the window.
[[nodiscard]] std::vector<PageSpec> pageSpecs();

class ExhibitPage;

/// The widget of a page: one with controls of its own where it has some.
[[nodiscard]] ExhibitPage* makePage(PageSpec spec);

/// The exhibit of a name, whatever page it is on.
[[nodiscard]] std::optional<Exhibit> exhibitOf(const QString& name);

} // namespace atlas::app

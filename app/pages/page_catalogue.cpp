#include "app/pages/page_catalogue.h"

namespace atlas::app {

std::vector<PageSpec> pageSpecs() {
    return {trainingPage(), operationsPage(), programmePage()};
}

std::optional<Exhibit> exhibitOf(const QString& name) {
    for (PageSpec& page : pageSpecs()) {
        for (Exhibit& exhibit : page.exhibits) {
            if (exhibit.name == name) {
                return std::move(exhibit);
            }
        }
    }
    return std::nullopt;
}

} // namespace atlas::app

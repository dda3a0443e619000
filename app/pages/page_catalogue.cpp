#include "app/pages/page_catalogue.h"

#include "app/pages/credibility_desk.h"
#include "app/pages/programme_desk.h"
#include "app/pages/serving_desk.h"
#include "app/pages/training_desk.h"

namespace atlas::app {

std::vector<PageSpec> pageSpecs() {
    return {trainingPage(), operationsPage(), servingPage(), programmePage(), credibilityPage()};
}

ExhibitPage* makePage(PageSpec spec) {
    if (spec.id == QLatin1String("training")) {
        return new TrainingDesk(std::move(spec));
    }
    if (spec.id == QLatin1String("credibility")) {
        return new CredibilityDesk(std::move(spec));
    }
    if (spec.id == QLatin1String("programme")) {
        return new ProgrammeDesk(std::move(spec));
    }
    if (spec.id == QLatin1String("serving")) {
        return new ServingDesk(std::move(spec));
    }
    return new ExhibitPage(std::move(spec));
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

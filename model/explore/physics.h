// One strategy under one set of numbers, before any money: what is trained, what is served, what it draws.
#pragma once

#include "model/explore/stints.h"
#include "model/finance/owner_months.h"
#include "model/serving/outlook.h"
#include "model/serving/serving.h"

namespace atlas::explore {

struct Physics {
    std::vector<TrainingCourse> courses;
    std::optional<std::size_t> mainCourse; ///< of the target model: the scenario's first training job
    /// Of other jobs that the lab's runs name, on the same cluster, each from when its turn comes until it is
    /// done. Those whose turn never comes are left out.
    std::vector<TrainingCourse> runCourses;
    std::vector<Stint> stints;                   ///< what of all this really runs, and when
    std::optional<serving::ServingRate> serving; ///< all clusters that serve, their tenants' included
    serving::ServingOutlook outlook;             ///< of the same, under their traffic
    std::vector<finance::ClusterUse> use;
    std::vector<std::string> notes;

    [[nodiscard]] const TrainingCourse* main() const { return mainCourse ? &courses[*mainCourse] : nullptr; }
};

/// Training with the planned layouts, and serving. An assignment that cannot be carried out (a job that fits
/// nowhere, a model no class can serve) is a note. Reads nothing that isMoneyOnly() (uncertainty.h). The
/// courses point into `inputs` and `strategy`. Errors: ids that are not there, cancelled.
[[nodiscard]] Result<Physics> physicsOf(const ModelInputs& inputs, const scenario::Strategy& strategy,
                                        const Layouts& layouts, std::stop_token stop = {});

} // namespace atlas::explore

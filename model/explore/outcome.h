// One strategy under one set of numbers: training, serving and money, and the headline values they make.
#pragma once

#include "model/explore/headline.h"
#include "model/explore/training_course.h"

namespace atlas::explore {

struct Outcome {
    std::vector<TrainingCourse> courses;
    std::optional<std::size_t> mainCourse;       ///< of the target model: the scenario's first training job
    std::optional<serving::ServingRate> serving; ///< all clusters that serve, their tenants' included
    std::vector<finance::ClusterUse> use;
    finance::OwnerMonths owner;
    HeadlineValues values;
    std::vector<std::string> notes;

    [[nodiscard]] const TrainingCourse* main() const { return mainCourse ? &courses[*mainCourse] : nullptr; }
};

/// Training with the planned layouts, serving, then the months of money. An assignment that cannot be carried
/// out (a job that fits nowhere, a model no class can serve) is a note and leaves its rows empty. Errors: ids
/// that are not there, contracts and horizons that make no sense, cancelled.
[[nodiscard]] Result<Outcome> evaluate(const ModelInputs& inputs, const scenario::Strategy& strategy,
                                       const Layouts& layouts, std::stop_token stop = {});

} // namespace atlas::explore

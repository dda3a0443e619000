// How far the models have been checked: the extent of the published runs they are fitted on or compared with.
#pragma once

#include "model/training/step_core.h"
#include "model/validation/serving_points.h"

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace atlas::validation {

/// What has been seen of one class of GPU.
struct ValidatedClass {
    std::string gpu; ///< id, as in the catalogue
    int runs = 0;
    double largestGpus = 0;
    std::set<training::MathWidth> widths;
};

struct ValidatedRange {
    std::string noun = "run"; ///< what was published: "run", "serving rate"
    bool synchronous = true;  ///< GPUs work on one step together: their number and their mix matter
    int runs = 0;
    double smallestGpus = 0, largestGpus = 0;
    double largestMoeGpus = 0;
    std::string largestRun;                       ///< "Llama3.1-70B on 2,304 H100-SXM": the largest one
    double smallestParams = 0, largestParams = 0; ///< of dense models, all parameters
    double smallestMoeParams = 0, largestMoeParams = 0;
    double shortestSequence = 0, longestSequence = 0; ///< tokens
    std::vector<ValidatedClass> classes;              ///< most runs first

    /// Null where no run used the class.
    [[nodiscard]] const ValidatedClass* find(const std::string& gpu) const;
    /// Of the runs that the training model is fitted on.
    [[nodiscard]] static const ValidatedRange& training();
    /// Of the published serving rates, assumptions left out.
    [[nodiscard]] static const ValidatedRange& serving();
};

/// The extent of those `rows` whose id stands in `fitted`. Rows that make no job are passed over.
[[nodiscard]] ValidatedRange rangeOf(const std::vector<RunRow>& rows, const std::set<std::string>& fitted);

[[nodiscard]] ValidatedRange rangeOf(std::span<const ServingRun> runs);

/// "16 bit", "8 bit", "4 bit": the width of the matrix products.
[[nodiscard]] std::string widthText(training::MathWidth width);

} // namespace atlas::validation

// The serving model against published rates: plain values for the tests and a credibility page.
#pragma once

#include "model/serving/serving.h"
#include "model/validation/runs_csv.h"

#include <optional>
#include <string>
#include <vector>

namespace atlas::validation {

/// Which of a class's rates was published.
enum class ServingMeasure {
    Mixed,   ///< output tokens/s, prompts read beside
    Prefill, ///< input tokens/s of GPUs that only read prompts
    Decode   ///< output tokens/s of GPUs that only write answers
};

/// One published operating point: a class of GPU, a model, request lengths, objectives, a rate.
struct ServingPoint {
    std::string id; ///< key of the fact (resources/catalog/facts/inference.yaml)
    std::string source, note;
    double published = 0;            ///< tokens/s a GPU
    std::optional<double> low, high; ///< where the source gives more than one
    /// An assumption of the catalogue, anchored on measurements and no measurement itself.
    bool assumed = false;
    double factScale = 1; ///< published over the value of the fact: 1/8 where that is a node's
    training::Machine machine;
    scenario::Transformer model;
    scenario::ServeJob job;
    ServingMeasure measure = ServingMeasure::Mixed;
    bool offline = false; ///< no objective for the first token: nobody waits, no headroom is kept
};

/// Reads one row of resources/validation/serving_points.csv. Errors: a column that is missing or no number, a
/// GPU, precision or measure that is not known.
[[nodiscard]] Result<ServingPoint> servingPointOf(const RunRow& row);

/// A point beside what the model says.
struct ServingRun {
    ServingPoint point;
    double predicted = 0; ///< tokens/s a GPU; 0: nothing can be served
    std::string how;      ///< layout, batch and what bounds it, or why nothing can be served
    /// Predicted over published less one.
    [[nodiscard]] double error() const { return predicted / point.published - 1; }
};

[[nodiscard]] ServingRun
servingRunOf(const ServingPoint& point,
             const serving::ServingConstants& constants = serving::defaultConstants());

/// The points of a table, predicted, in its order. One set of constants, nothing fitted row by row.
[[nodiscard]] Result<std::vector<ServingRun>> servingRuns(const std::vector<RunRow>& rows);

/// The same of the points compiled in.
[[nodiscard]] std::vector<ServingRun> servingRuns();

} // namespace atlas::validation

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
    Mixed,   ///< output tokens/s, with the prompts that belong to them
    Prefill, ///< input tokens/s of GPUs that only read prompts
    Decode,  ///< output tokens/s of GPUs that only write answers
    Total    ///< tokens/s of prompts and answers together
};

/// How it was measured.
enum class ServingProtocol {
    Steady,    ///< a full machine for a long time; the time per token is the mean one
    Offline,   ///< LoadGen: all requests at once, all time counted
    Server,    ///< LoadGen: Poisson arrivals, 99 of 100 requests within the objectives, all time counted
    Static,    ///< batches of 2023 that start and end together, cache reserved for the longest answer
    Production ///< the mean of a day, with the room operators leave
};

/// One published operating point: a class of GPU, a model, request lengths, objectives, a rate.
struct ServingPoint {
    std::string id;
    std::string fact;  ///< key of the fact (resources/catalog/facts/inference.yaml)
    int factItem = 0;  ///< which number of a list fact, from 1
    std::string group; ///< left out as a whole in cross-validation
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
    ServingProtocol protocol = ServingProtocol::Steady;
    bool disaggregated = false;            ///< prompts and answers on different GPUs
    std::optional<double> outputVariation; ///< standard deviation over mean of the answers, where known
    double maxOutputTokens = 0;
    double minQueries = 0; ///< of a LoadGen run
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

/// Two points whose ratio is one of GPU generations.
struct ServingRatio {
    std::string name;
    std::string over, under; ///< ids of points
};

/// Rows of resources/validation/serving_ratios.csv.
[[nodiscard]] std::vector<ServingRatio> servingRatiosOf(const std::vector<RunRow>& rows);

/// The points of a table, predicted, in its order. One set of constants, nothing fitted row by row.
[[nodiscard]] Result<std::vector<ServingRun>> servingRuns(const std::vector<RunRow>& rows);

/// The same of the points compiled in.
[[nodiscard]] std::vector<ServingRun> servingRuns();

} // namespace atlas::validation

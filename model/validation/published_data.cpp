#include "model/validation/published_data.h"

namespace atlas::embedded {
extern const char* const trainingRunsCsv;
extern const char* const outOfFoldCsv;
extern const char* const servingPointsCsv;
extern const char* const servingOutOfFoldCsv;
extern const char* const servingRatiosCsv;
extern const char* const explanationsCsv;
} // namespace atlas::embedded

namespace atlas::validation {

namespace {

/// A table of the program; a test reads each, so that none can be broken.
std::vector<RunRow> tableOf(const char* csv, const char* file) {
    auto rows = parseRuns(csv, file);
    return rows ? std::move(*rows) : std::vector<RunRow>();
}

} // namespace

const std::vector<RunRow>& publishedRuns() {
    static const std::vector<RunRow> rows = tableOf(embedded::trainingRunsCsv, "training_runs.csv");
    return rows;
}

const std::vector<RunRow>& outOfFold() {
    static const std::vector<RunRow> rows = tableOf(embedded::outOfFoldCsv, "out_of_fold.csv");
    return rows;
}

const std::vector<RunRow>& publishedServing() {
    static const std::vector<RunRow> rows = tableOf(embedded::servingPointsCsv, "serving_points.csv");
    return rows;
}

const std::vector<RunRow>& servingOutOfFold() {
    static const std::vector<RunRow> rows = tableOf(embedded::servingOutOfFoldCsv, "serving_out_of_fold.csv");
    return rows;
}

const std::vector<RunRow>& explanations() {
    static const std::vector<RunRow> rows = tableOf(embedded::explanationsCsv, "explanations.csv");
    return rows;
}

const std::vector<RunRow>& publishedServingRatios() {
    static const std::vector<RunRow> rows = tableOf(embedded::servingRatiosCsv, "serving_ratios.csv");
    return rows;
}

} // namespace atlas::validation

// How well predictions meet what was reported: plain values for a credibility page.
#pragma once

#include "model/validation/predict.h"

namespace atlas::validation {

/// Relative errors, predicted over reported less one. Times and rates alike.
struct ErrorSummary {
    std::size_t runs = 0;
    double bias = 0;   ///< median of the signed errors
    double median = 0; ///< of the absolute errors
    double p90 = 0;    ///< nine of ten are within
    double worst = 0;
};

[[nodiscard]] ErrorSummary summaryOf(const std::vector<Prediction>& predictions);
[[nodiscard]] ErrorSummary summaryOf(std::vector<double> errors);

/// How signed errors lie: order statistics, sorted[n q].
struct ErrorSpread {
    std::size_t runs = 0;
    double low = 0;     ///< one in ten is below
    double quarter = 0; ///< one in four is below
    double median = 0;  ///< the bias
    double three = 0;   ///< three in four are below
    double high = 0;    ///< nine in ten are below
    ErrorSummary size;  ///< of the same errors, without their sign
};

[[nodiscard]] ErrorSpread spreadOf(std::vector<double> errors);

/// One published run beside its prediction, with what it is grouped by.
struct ValidationRun {
    Prediction prediction;
    std::string model, gpu, precision, stack, source;
    double gpus = 0;
    bool moe = false;
    bool fitted = false; ///< its constants were fitted on it, among others
    std::optional<double>
        groupLeftOut; ///< step-time error with its model, GPU and precision left out of the fit
    std::optional<double> stackLeftOut;     ///< the same with its software stack left out
    std::optional<double> sourceLeftOut;    ///< the same with all runs of its source left out
    std::string fold;                       ///< what groupLeftOut left out: "model|GPU|precision"
    std::optional<double> predictedLeftOut; ///< by the fit without the fold, in the unit of the metric
};

/// The published runs, predicted, with the errors out of the fit that atlas-calibrate stored in
/// calibration/out_of_fold.csv. `folder`: resources.
[[nodiscard]] Result<std::vector<ValidationRun>> validationRuns(const std::string& folder);
/// The same of tables that were read already: training_runs.csv and out_of_fold.csv.
[[nodiscard]] std::vector<ValidationRun> validationRuns(const std::vector<RunRow>& rows,
                                                        const std::vector<RunRow>& outOfFold);

/// What summaries are taken over.
enum class GroupBy { Gpu, Precision, Size, Source, Stack, Kind };

struct GroupSummary {
    std::string name;
    ErrorSummary inSample;
    ErrorSummary leftOut; ///< whole groups left out of the fit
};

/// Bins of the number of GPUs, from small to large: "up to 64 GPUs".
[[nodiscard]] std::string sizeBin(double gpus);
[[nodiscard]] std::vector<std::string> sizeBins();

/// Summaries of fitted runs, by name; sizes are bins of the number of GPUs.
[[nodiscard]] std::vector<GroupSummary> summariesBy(const std::vector<ValidationRun>& runs, GroupBy by);

} // namespace atlas::validation

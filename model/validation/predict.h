// Predicted against published training runs.
#pragma once

#include "model/validation/run_case.h"

namespace atlas::validation {

enum class Status { Ok, DoesNotFit, Rejected };
[[nodiscard]] std::string_view name(Status status);

/// What the model says of one row. Figures are zero where `status` is Rejected.
struct Prediction {
    std::string id;
    Status status = Status::Rejected;
    double stepTimeS = 0;
    double tokensPerSPerGpu = 0;
    double modelTflopsPerGpu = 0; ///< in the source's FLOP convention, without recompute
    double mfuPct = 0;            ///< of the bf16 peak, causal attention, no recompute
    double memoryGb = 0;          ///< of the fullest GPU
    std::string metric;
    std::optional<double> reported;
    std::optional<double> predicted; ///< in the unit of the metric
    std::optional<double> errorPct;
    std::string note;
};

[[nodiscard]] Prediction predict(const RunRow& row,
                                 const training::Calibration& calibration = training::Calibration::builtin());

/// The value in the unit of `metric` for an evaluated case; empty for a metric the model has no answer to.
[[nodiscard]] std::optional<double> inMetric(const std::string& metric, const RunCase& run,
                                             const training::StepAnatomy& step);

/// The table in the fixed format: header and one line a row, in order.
[[nodiscard]] std::string predictionsCsv(const std::vector<Prediction>& predictions);

} // namespace atlas::validation

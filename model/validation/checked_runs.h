// Published training runs beside their predictions, in one unit: what the credibility page draws.
#pragma once

#include "model/validation/error_summary.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace atlas::validation {

/// Which predictions a run is judged by: what the fit that made them had seen.
enum class FitBasis : std::size_t {
    GroupLeftOut,  ///< nothing of the run's model, GPU and precision: what the program promises
    StackLeftOut,  ///< nothing of its software stack
    SourceLeftOut, ///< nothing of what its source published
    InSample,      ///< the run itself, too
    NeverFitted,   ///< rows that no fit uses: incomplete or contradictory
    Count
};
inline constexpr std::size_t kFitBases = static_cast<std::size_t>(FitBasis::Count);

/// Dense models, mixtures of experts, or both.
enum class ModelKind { All, Dense, Moe };

struct CheckedRun {
    std::string id, model, gpu, precision, stack, source;
    double gpus = 0;
    bool moe = false;
    bool fitted = false;
    std::string whyNotFitted; ///< empty where fitted
    /// Model TFLOP/s a GPU, causal attention, no recompute: the source's figure brought to one convention
    /// through the model's own count of FLOPs, so that runs of all models and metrics can be compared.
    double reported = 0;
    /// Predicted throughput over reported less one, by FitBasis: above zero the model promises too much.
    std::array<std::optional<double>, kFitBases> error;

    [[nodiscard]] const std::optional<double>& errorOf(FitBasis basis) const {
        return error[static_cast<std::size_t>(basis)];
    }
    /// Model TFLOP/s a GPU; precondition: the run has an error on this basis.
    [[nodiscard]] double predicted(FitBasis basis) const { return reported * (1 + *errorOf(basis)); }
};

/// Runs with a reported figure that the model has an answer to, in the order of the table.
[[nodiscard]] std::vector<CheckedRun> checkedRuns(const std::vector<RunRow>& rows,
                                                  const std::vector<RunRow>& outOfFold);
/// The same of the tables compiled in.
[[nodiscard]] std::vector<CheckedRun> checkedRuns();

/// Those that have an error on a basis, of a kind of model.
[[nodiscard]] std::vector<CheckedRun> selected(const std::vector<CheckedRun>& runs, FitBasis basis,
                                               ModelKind kind);

/// A group of runs and how their errors lie.
struct ErrorGroup {
    std::string name;
    ErrorSpread spread;
};

/// Groups in an order people expect: sizes from small to large, all else from most runs to fewest. Sources by
/// who published (the first word of the source).
[[nodiscard]] std::vector<ErrorGroup> errorGroups(const std::vector<CheckedRun>& runs, FitBasis basis,
                                                  GroupBy by);

} // namespace atlas::validation

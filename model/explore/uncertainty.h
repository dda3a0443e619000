// All that a result depends on, with its ranges: the scenario's inputs and the models' constants; and draws
// of them that are a pure function of seed and number.
#pragma once

#include "model/operations/goodput.h"
#include "model/scenario/scenario.h"
#include "model/serving/serving_constants.h"

#include <cstdint>
#include <string>
#include <vector>

namespace atlas::explore {

/// One complete set of numbers to evaluate.
struct ModelInputs {
    scenario::Scenario scenario;
    serving::ServingConstants serving;
    operations::Interruptions interruptions;
    [[nodiscard]] static ModelInputs central(scenario::Scenario scenario);
};

/// Calls `visit(path, number, dimension)` for every input: those of the scenario, then "serving.<key>", then
/// "interruptions.<key>".
void visitModelInputs(ModelInputs& inputs,
                      const std::function<void(const std::string& path, catalog::Sourced& number,
                                               units::Dimension dimension)>& visit);

/// One thing that is not known exactly: a fact, or a number that stands in one place only.
struct UncertainInput {
    std::string key;                ///< key of the fact, else the path
    std::vector<std::string> paths; ///< where it is used
    catalog::Sourced number;        ///< of the first place, with source and grade
    units::Dimension dimension = units::Dimension::Number;
};

class Uncertainty {
public:
    explicit Uncertainty(ModelInputs central);

    [[nodiscard]] const ModelInputs& central() const { return m_central; }
    /// All inputs with a range, in file order.
    [[nodiscard]] const std::vector<UncertainInput>& inputs() const { return m_inputs; }

    /// Draw number `draw`: every input two-piece triangular over low, value, high; inputs of one fact move as
    /// one, correlated facts (resources/catalog/correlations.yaml) rise and fall together. Philox at (seed,
    /// draw, key).
    [[nodiscard]] ModelInputs draw(std::uint64_t seed, std::uint64_t draw) const;

    enum class End { Low, High };
    /// The central inputs with one of inputs() at an end of its range.
    [[nodiscard]] ModelInputs at(std::size_t input, End end) const;

private:
    struct Place {                ///< one visited number
        std::int64_t input = -1;  ///< in m_inputs; -1: no range
        std::uint32_t stream = 0; ///< of random numbers
        bool against = false;     ///< falls where the stream rises
        double low = 0, value = 0, high = 0;
    };
    ModelInputs m_central;
    std::vector<UncertainInput> m_inputs;
    std::vector<Place> m_places; ///< in the order of the visit
};

/// Quantile of the two-piece triangular distribution: half the mass on each side of `value`, which is its
/// median and its mode; the plain triangular where the sides are equal. The stated value of a lopsided range
/// stays the middle of what is drawn. `value` where low = high.
[[nodiscard]] double triangularQuantile(double u, double low, double value, double high);

} // namespace atlas::explore

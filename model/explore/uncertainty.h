// All that a result depends on, with its ranges: the scenario's inputs and the models' constants; and draws
// of them that are a pure function of seed and number.
#pragma once

#include "model/scenario/scenario.h"
#include "model/serving/serving_constants.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace atlas::explore {

/// One complete set of numbers to evaluate.
struct ModelInputs {
    scenario::Scenario scenario;
    serving::ServingConstants serving;
    [[nodiscard]] static ModelInputs central(scenario::Scenario scenario);
};

/// Calls `visit(path, number, dimension)` for every input: those of the scenario, then "serving.<key>".
void visitModelInputs(ModelInputs& inputs,
                      const std::function<void(const std::string& path, catalog::Sourced& number,
                                               units::Dimension dimension)>& visit);

/// True for inputs that only the money reads: contracts, prices, cost of money, what the lab wants to train.
/// Physics (physics.h) are the same whatever their value.
[[nodiscard]] bool isMoneyOnly(std::string_view path);

/// One thing that is not known exactly: a fact, or a number that stands in one place only.
struct UncertainInput {
    std::string key;                ///< key of the fact, else the path
    std::vector<std::string> paths; ///< where it is used
    catalog::Sourced number;        ///< of the first place, with source and grade
    units::Dimension dimension = units::Dimension::Number;
    std::size_t variable = 0; ///< that moves it, in Uncertainty::variables()
    bool moneyOnly = false;   ///< all of its places are
};

/// One independent random variable, uniform in 0..1: a fact, a group of facts that move together
/// (resources/catalog/correlations.yaml), or the months of one build-out.
struct UncertainVariable {
    std::string name;
    std::uint32_t stream = 0; ///< of random numbers
    bool moneyOnly = true;
};

class Uncertainty {
public:
    explicit Uncertainty(ModelInputs central);

    [[nodiscard]] const ModelInputs& central() const { return m_central; }
    /// All inputs with a range, in file order, but those that follow from others: a class of a fleet whose
    /// parts sum to a whole.
    [[nodiscard]] const std::vector<UncertainInput>& inputs() const { return m_inputs; }
    [[nodiscard]] const std::vector<UncertainVariable>& variables() const { return m_variables; }

    /// Draw number `draw` of one variable: Philox at (seed, draw, stream).
    [[nodiscard]] double uniform(std::uint64_t seed, std::uint64_t draw, std::size_t variable) const;

    /// Draw number `draw`: every input two-piece triangular over low, value, high. Facts keep their
    /// correlations; parts of a whole keep their sum; tranches of an island grow and stay within it.
    [[nodiscard]] ModelInputs draw(std::uint64_t seed, std::uint64_t draw) const;

    enum class End { Low, High };
    /// The central inputs with one of inputs() at an end of its range; what must follow follows.
    [[nodiscard]] ModelInputs at(std::size_t input, End end) const;

private:
    friend class Workbench;
    struct Place { ///< one visited number with a range
        std::size_t visit = 0;
        std::size_t variable = 0;
        std::int64_t input = -1; ///< in m_inputs; -1: follows from others
        bool against = false;    ///< falls where the variable rises
        double low = 0, value = 0, high = 0;
    };
    struct Whole {                 ///< parts of a cluster that sum to a constant
        std::size_t remainder = 0; ///< place that takes what the others leave
        std::vector<std::size_t> others;
    };
    [[nodiscard]] std::vector<std::string> findPlaces(); ///< their paths
    void findWholes(const std::vector<std::string>& paths);
    void dropFollowing();
    [[nodiscard]] std::size_t variableOf(const std::string& key, const std::string& path, bool isFact);

    ModelInputs m_central;
    std::vector<UncertainInput> m_inputs;
    std::vector<UncertainVariable> m_variables;
    std::vector<Place> m_places; ///< in the order of the visit
    std::vector<Whole> m_wholes;
};

/// A set of inputs that is drawn over and over in place: what a thread of a Monte Carlo run works on.
class Workbench {
public:
    explicit Workbench(const Uncertainty& uncertainty);
    Workbench(const Workbench&) = delete;
    Workbench& operator=(const Workbench&) = delete;

    [[nodiscard]] const ModelInputs& inputs() const { return m_inputs; }

    /// Sets everything by the values of all variables, in the order of Uncertainty::variables().
    void set(std::span<const double> uniforms);
    /// Sets what only the money reads; the rest stays.
    void setMoney(std::span<const double> uniforms);
    /// Back to the central values.
    void reset();
    /// One input at an end of its range, all else at the central values.
    void setInput(std::size_t input, Uncertainty::End end);

private:
    void settle();

    const Uncertainty& m_uncertainty;
    ModelInputs m_inputs;
    std::vector<catalog::Sourced*> m_numbers; ///< one a place
    /// Numbers without a range that settle() may have to hold back.
    std::vector<std::pair<catalog::Sourced*, double>> m_fixedTranches;
};

/// Quantile of the two-piece triangular distribution: half the mass on each side of `value`, which is its
/// median and its mode; the plain triangular where the sides are equal. The stated value of a lopsided range
/// stays the middle of what is drawn. `value` where low = high.
[[nodiscard]] double triangularQuantile(double u, double low, double value, double high);

} // namespace atlas::explore

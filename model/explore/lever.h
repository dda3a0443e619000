// One number that is turned, by its path or its fact, on a set of inputs of its own.
#pragma once

#include "model/explore/uncertainty.h"

#include <deque>

namespace atlas::explore {

struct Lever {
    std::string key;                        ///< path or fact, as asked for
    std::vector<catalog::Sourced*> numbers; ///< that it moves, in a LeverBench
    std::vector<double> factors;            ///< each number's central value over the first one's
    catalog::Sourced central;               ///< of the first
    units::Dimension dimension = units::Dimension::Number;
    bool moneyOnly = true;
};

/// A copy of inputs whose numbers can be set again and again. One a thread.
class LeverBench {
public:
    explicit LeverBench(const ModelInputs& central)
        : m_inputs(central) {}
    LeverBench(const LeverBench&) = delete;
    LeverBench& operator=(const LeverBench&) = delete;

    [[nodiscard]] const ModelInputs& inputs() const { return m_inputs; }

    /// The lever of a path ("contracts.anthropic.usd_per_month") or of a fact, all of whose places then move
    /// in proportion. Errors: neither; names the nearest. The lever lives as long as the bench.
    [[nodiscard]] Result<Lever*> lever(const std::string& pathOrFact);

    /// The value of the lever's first number, SI.
    static void set(Lever& lever, double value);

private:
    ModelInputs m_inputs;
    std::deque<Lever> m_levers;
};

} // namespace atlas::explore

#include "model/explore/lever.h"

#include "model/core/nearest.h"

namespace atlas::explore {

Result<Lever*> LeverBench::lever(const std::string& key) {
    Lever lever;
    lever.key = key;
    std::vector<std::string> known;
    visitModelInputs(
        m_inputs, [&](const std::string& path, catalog::Sourced& number, units::Dimension dimension) {
            known.push_back(path);
            if (path != key && number.fact != key) {
                return;
            }
            if (lever.numbers.empty()) {
                lever.central = number;
                lever.dimension = dimension;
            }
            lever.numbers.push_back(&number);
            lever.factors.push_back(lever.central.value != 0 ? number.value / lever.central.value : 1.0);
            lever.moneyOnly = lever.moneyOnly && isMoneyOnly(path);
        });
    if (lever.numbers.empty()) {
        const std::string remedy = suggestion(key, known);
        return failure("there is no number '" + key + "' to turn",
                       remedy.empty() ? "list them with `atlas info FILE --inputs`" : remedy);
    }
    m_levers.push_back(std::move(lever));
    return &m_levers.back();
}

void LeverBench::set(Lever& lever, double value) {
    for (std::size_t i = 0; i < lever.numbers.size(); ++i) {
        lever.numbers[i]->value = value * lever.factors[i];
    }
}

} // namespace atlas::explore

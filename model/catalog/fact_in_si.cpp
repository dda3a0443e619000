#include "model/catalog/fact.h"

namespace atlas::catalog {

namespace {

using units::Dimension;

/// The unit with the rate that the record keeps in the key: `lease.anthropic.usd_per_month` is in "USD".
std::string unitWithRate(const Fact& fact, Dimension dimension) {
    if (fact.unit == "USD" && dimension != Dimension::Usd) {
        if (fact.key.ends_with("_per_month")) {
            return "USD/month";
        }
        if (fact.key.ends_with("_per_year")) {
            return "USD/year";
        }
    }
    return fact.unit;
}

Result<double> factorOf(const Fact& fact, Dimension dimension) {
    if (dimension == Dimension::Number) {
        if (units::startsWithPhysicalUnit(fact.unit)) {
            return failure("fact `" + fact.key + "` is in \"" + fact.unit +
                               "\"; a plain number is wanted here",
                           "name a fact that is a count, ratio or fraction");
        }
        return 1.0;
    }
    auto factor = units::unitFactor(unitWithRate(fact, dimension), dimension);
    if (!factor) {
        return failure("fact `" + fact.key + "` is in \"" + fact.unit + "\"; wanted here is " +
                           std::string(units::unitName(dimension)),
                       "name a fact in a unit such as " + std::string(units::unitExamples(dimension)));
    }
    return factor;
}

Result<double> publishedValue(const Fact& fact, const FactUse& use) {
    if (!fact.text.empty()) {
        return failure("fact `" + fact.key + "` is text (\"" + fact.text + "\"), not a number",
                       "name a fact that is a number");
    }
    if (fact.values.empty()) {
        if (use.item > 0) {
            return failure("fact `" + fact.key + "` is one number, not a list", "leave out `item`");
        }
        return fact.value;
    }
    if (use.item < 1 || use.item > static_cast<int>(fact.values.size())) {
        return failure("fact `" + fact.key + "` is a list of " + std::to_string(fact.values.size()) + " (" +
                           fact.unit + ")",
                       "say which with `item: 1` to `item: " + std::to_string(fact.values.size()) + "`");
    }
    return fact.values[static_cast<std::size_t>(use.item) - 1];
}

} // namespace

Result<Sourced> inSi(const Fact& fact, Dimension dimension, const FactUse& use) {
    const auto published = publishedValue(fact, use);
    if (!published) {
        return published.errors();
    }
    const auto unit = factorOf(fact, dimension);
    if (!unit) {
        return unit.errors();
    }
    const double factor = *unit * use.times / use.per;
    Sourced out;
    out.value = *published * factor;
    out.low = fact.values.empty() && fact.low ? *fact.low * factor : out.value;
    out.high = fact.values.empty() && fact.high ? *fact.high * factor : out.value;
    out.fact = fact.key;
    out.source = fact.source;
    out.grade = fact.grade;
    out.note = fact.note;
    return out;
}

} // namespace atlas::catalog

// Facts: published numbers with a range, a source and a grade. Every default of the program is one of these.
#pragma once

#include "model/core/result.h"
#include "model/units/quantity.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlas::catalog {

enum class Grade { Measured, VendorSpec, ReportedPress, AnalystEstimate, Assumption };
[[nodiscard]] std::string_view name(Grade grade); ///< as in the files: "vendor-spec"
[[nodiscard]] std::optional<Grade> gradeOf(std::string_view name);
inline constexpr std::string_view kGradeNames[] = {"measured", "vendor-spec", "reported-press",
                                                   "analyst-estimate", "assumption"};

/// One row of the record, as published. `value` is in `unit` as written, not in SI; `text` holds non-numeric
/// values.
struct Fact {
    std::string key;
    double value = 0.0;
    std::vector<double> values; ///< for list facts, explained by `unit`
    std::string text;
    std::string unit;
    std::optional<double> low;
    std::optional<double> high;
    std::string source;
    Grade grade = Grade::Assumption;
    std::string asOf;
    std::string note;
    [[nodiscard]] bool isNumber() const { return text.empty() && values.empty(); }
};

/// The record: every fact by its key.
class FactBook {
public:
    /// Reads every *.yaml in `folder` (resources/catalog/facts).
    [[nodiscard]] static Result<FactBook> load(const std::string& folder);

    [[nodiscard]] const Fact* find(std::string_view key) const;
    /// The key closest to a misspelt one, or empty.
    [[nodiscard]] std::string nearest(std::string_view key) const;
    [[nodiscard]] const std::map<std::string, Fact, std::less<>>& all() const { return m_facts; }

private:
    std::map<std::string, Fact, std::less<>> m_facts;
};

/// A number the model uses, in SI, with the range and provenance it came with.
/// Written in a scenario as a quantity ("400 Gbit/s"), as `{fact: key}`, or as
/// `{value: .., low: .., high: .., source: .., grade: ..}`.
struct Sourced {
    double value = 0.0;
    double low = 0.0;  ///< equals value where no range is known
    double high = 0.0; ///< equals value where no range is known
    std::string fact;  ///< key in the record, empty for a number stated in the file
    std::string source;
    Grade grade = Grade::Assumption;
    std::string note;
    std::string written; ///< as the file has it ("400 Gbit/s", "{fact: c1.h100}"), for writing it back

    Sourced() = default;
    /// A number without a range: a documented default of the program or a plain number of a file.
    explicit Sourced(double v, std::string from = {})
        : value(v)
        , low(v)
        , high(v)
        , source(std::move(from)) {}
};

/// How a scenario uses a fact: `{fact: gb200_nvl72.rack_price, per: 72}`.
struct FactUse {
    double times = 1.0; ///< multiplies value and range
    double per = 1.0;   ///< divides value and range
    int item = 0;       ///< which number of a list fact, from 1; 0 for a fact of one number
};

/// A fact in SI with its range and provenance. The published unit ("GB/s per GPU per direction", "fraction of
/// line rate", "USD per 72-GPU rack") must begin with a unit of the dimension; for Number it must not be a
/// physical unit. A bare "USD" whose key ends in per_month or per_year is read as that rate. A range the
/// record does not give is the value itself. Errors: text facts, list facts without `item`, another
/// dimension.
[[nodiscard]] Result<Sourced> inSi(const Fact& fact, units::Dimension dimension, const FactUse& use = {});

} // namespace atlas::catalog

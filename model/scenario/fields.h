// One declaration of every key of the scenario format. Each section describes its values once, field by field
// (see sections.h); reading a file, visiting inputs, setting a value by path, writing a file and the JSON
// schema are five listeners to the same description, so that they cannot disagree.
#pragma once

#include "model/scenario/scenario.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atlas::scenario {

enum class Need { Required, Optional };

/// The range a number must lie in.
struct Bounds {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool lowIncluded = true;
};
inline constexpr Bounds kAny{};
inline constexpr Bounds kNotNegative{0.0};
inline constexpr Bounds kPositive{0.0, std::numeric_limits<double>::infinity(), false};
inline constexpr Bounds kShare{0.0, 1.0};
inline constexpr Bounds kPositiveShare{0.0, 1.0, false};

/// Whose id a reference names.
enum class Refers {
    Gpu,
    Rack,
    Fabric,
    Model,
    Orbit,
    Cluster,
    Island,
    TrainJob,
    ServeJob,
    Job,
    Contract,
    Strategy
};

/// A sourced number: dimension, what it is, and its default as it would be written in the file
/// ("1.2", "{fact: energy.pue}"). Without a default it is required.
struct QuantityField {
    units::Dimension dimension = units::Dimension::Number;
    Bounds bounds = kNotNegative;
    std::string_view doc = {};
    std::string_view fallback = {};
};

/// A plain measure without provenance (a rack's width, a notice period), in `perUnit` SI units.
struct MeasureField {
    units::Dimension dimension = units::Dimension::Number;
    double perUnit = 1.0; ///< the member holds value / perUnit
    Bounds bounds = kNotNegative;
    std::string_view doc = {};
    Need need = Need::Optional;
};

struct WordField {
    std::string_view doc = {};
    Need need = Need::Optional;
    std::string_view fallback = {}; ///< what the program does when it is left out, if not the empty text
};

/// Entries of a list or table, seen without their type.
struct Items {
    std::function<std::size_t()> size;
    std::function<std::string(std::size_t)> id;
    std::function<std::size_t(const std::string& id)> append;   ///< or the entry that has the id already
    std::function<void(std::size_t from, std::size_t to)> copy; ///< all but the id
    std::function<void(std::size_t)> reset;                     ///< to a fresh entry with its id
    std::function<void(class Fields&, std::size_t)> describe;
    std::function<void(class Fields&)> describeBlank; ///< a fresh entry with its defaults
};

struct TableField {
    std::string_view doc = {};
    Need need = Need::Optional;
    bool inherits = false;            ///< entries may start from another one with `like: id`
    std::string_view keyPattern = {}; ///< of the ids; empty: words of letters, digits, - and _
};

/// Listens to a description. A listener may read into the values, write them out or only look.
class Fields {
public:
    virtual ~Fields() = default;

    virtual void quantity(std::string_view key, Sourced& value, const QuantityField& field) = 0;
    virtual void measure(std::string_view key, double& value, const MeasureField& field) = 0;
    virtual void integer(std::string_view key, std::int64_t& value, std::int64_t low, std::int64_t high,
                         const WordField& field) = 0;
    virtual void flag(std::string_view key, bool& value, const WordField& field) = 0;
    virtual void text(std::string_view key, std::string& value, const WordField& field) = 0;
    virtual void month(std::string_view key, Month& value, const WordField& field) = 0;
    virtual void choice(std::string_view key, int& index, std::span<const std::string_view> names,
                        const WordField& field) = 0;
    virtual void reference(std::string_view key, std::string& id, Refers to, const WordField& field) = 0;
    virtual void shares(std::string_view key, std::vector<double>& values, const WordField& field) = 0;
    virtual void group(std::string_view key, std::string_view doc,
                       const std::function<void(Fields&)>& describe) = 0;
    virtual void table(std::string_view key, const Items& items, const TableField& field) = 0;
    virtual void list(std::string_view key, const Items& items, const WordField& field) = 0;

    // Typed fronts of the above.
    template <class Integer>
    void whole(std::string_view key, Integer& value, std::int64_t low, std::int64_t high,
               const WordField& field) {
        auto wide = static_cast<std::int64_t>(value);
        integer(key, wide, low, high, field);
        value = static_cast<Integer>(wide);
    }
    void wholeMeasure(std::string_view key, int& value, const MeasureField& field) {
        auto wide = static_cast<double>(value);
        measure(key, wide, field);
        value = static_cast<int>(std::lround(wide));
    }
    template <class Enum>
    void oneOf(std::string_view key, Enum& value, std::span<const std::string_view> names,
               const WordField& field) {
        auto index = static_cast<int>(value);
        choice(key, index, names, field);
        value = static_cast<Enum>(index);
    }
    template <class T>
    void tableOf(std::string_view key, std::vector<T>& values, void (*describe)(Fields&, T&),
                 const TableField& field) {
        table(key, itemsOf(values, describe), field);
    }
    template <class T>
    void listOf(std::string_view key, std::vector<T>& values, void (*describe)(Fields&, T&),
                const WordField& field) {
        list(key, itemsOf(values, describe), field);
    }

private:
    template <class T>
    static Items itemsOf(std::vector<T>& values, void (*describe)(Fields&, T&));
};

// The id of an entry: its own, or the month of a tranche.
template <class T>
[[nodiscard]] std::string idOf(const T& value) {
    if constexpr (requires { value.id; }) {
        return value.id;
    } else if constexpr (requires { value.month; }) {
        return value.month.text();
    } else {
        return {};
    }
}

template <class T>
void setId(T& value, const std::string& id) {
    if constexpr (requires { value.id; }) {
        value.id = id;
    } else if constexpr (requires { value.month; }) {
        value.month = Month::parse(id).value_or(Month{});
    }
}

template <class T>
Items Fields::itemsOf(std::vector<T>& values, void (*describe)(Fields&, T&)) {
    Items items;
    items.size = [&values] { return values.size(); };
    items.id = [&values](std::size_t i) { return idOf(values[i]); };
    items.append = [&values](const std::string& id) {
        for (std::size_t i = 0; i < values.size() && !id.empty(); ++i) {
            if (idOf(values[i]) == id) {
                return i;
            }
        }
        setId(values.emplace_back(), id);
        return values.size() - 1;
    };
    items.copy = [&values](std::size_t from, std::size_t to) {
        const std::string id = idOf(values[to]);
        values[to] = T(values[from]);
        setId(values[to], id);
    };
    items.reset = [&values](std::size_t i) {
        const std::string id = idOf(values[i]);
        values[i] = T{};
        setId(values[i], id);
    };
    items.describe = [&values, describe](Fields& fields, std::size_t i) { describe(fields, values[i]); };
    items.describeBlank = [describe](Fields& fields) {
        T blank{};
        describe(fields, blank);
    };
    return items;
}

} // namespace atlas::scenario

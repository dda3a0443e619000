#include "model/scenario/field_reader.h"

#include "model/core/nearest.h"
#include "model/core/utf8.h"

#include <algorithm>
#include <charconv>

namespace atlas::scenario {

namespace {

constexpr std::size_t kLongestText = 4'000;
constexpr std::size_t kLongestId = 64;

std::string inQuotes(std::string_view word) {
    return "`" + utf8::shortened(word) + "`";
}

bool isId(std::string_view id) {
    return !id.empty() && id.size() <= kLongestId && std::ranges::all_of(id, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    });
}

/// A default is written as in a file, so it is read as one.
void readFallback(Sourced& value, const QuantityField& field, Reading& reading) {
    Diagnostics problems;
    const auto node = yaml::parse(std::string(field.fallback), "default", {}, problems);
    Reading inner{reading.facts, {}, {}, {}};
    if (const auto number = node ? readSourced(**node, field, inner) : std::nullopt) {
        value = *number;
        value.written.clear();
        if (value.source.empty()) {
            value.source = "default of the program";
        }
    } else {
        reading.error({}, "the default " + std::string(field.fallback) + " cannot be read",
                      "the catalogue's facts do not belong to this version");
    }
}

} // namespace

FieldReader::FieldReader(const yaml::Node& mapping, std::string path, Reading& reading, bool inherits)
    : m_mapping(mapping)
    , m_path(std::move(path))
    , m_reading(reading)
    , m_inherits(inherits) {
    for (const yaml::Entry& entry : mapping.entries) {
        m_reading.places.emplace(pathOf(entry.key), entry.value->place);
    }
}

std::string FieldReader::pathOf(std::string_view key) const {
    return m_path.empty() ? std::string(key) : m_path + "." + std::string(key);
}

void FieldReader::finish() {
    if (!m_missing.empty()) {
        std::string keys;
        for (const std::string& key : m_missing) {
            keys += (keys.empty() ? "`" : ", `") + key + "`";
        }
        m_reading.error(m_mapping.place, (m_path.empty() ? "the file" : inQuotes(m_path)) + " lacks " + keys,
                        m_missing.size() == 1 ? "add `" + m_missing.front() + ":`" : "add them");
    }
    for (const yaml::Entry& entry : m_mapping.entries) {
        if (std::ranges::find(m_known, entry.key) == m_known.end()) {
            m_reading.error(entry.place,
                            "unknown key " + inQuotes(entry.key) + (m_path.empty() ? "" : " in " + m_path),
                            suggestion(entry.key, m_known));
        }
    }
}

const yaml::Node* FieldReader::take(std::string_view key, Need need) {
    m_known.emplace_back(key);
    const yaml::Node* node = m_mapping.find(key);
    if (node == nullptr && need == Need::Required && !m_inherits) {
        m_missing.emplace_back(key);
    }
    return node;
}

void FieldReader::refuse(std::string_view key, const yaml::Node& node, std::string message,
                         std::string remedy) {
    m_reading.unread.insert(pathOf(key));
    m_reading.error(node.place, std::move(message), std::move(remedy));
}

const yaml::Node* FieldReader::takeScalar(std::string_view key, Need need) {
    const yaml::Node* node = take(key, need);
    if (node != nullptr && node->kind != yaml::Kind::Scalar) {
        refuse(key, *node,
               "`" + std::string(key) + "` is " + std::string(yaml::name(node->kind)) +
                   " but must be a single value");
        return nullptr;
    }
    return node;
}

const yaml::Node* FieldReader::takeContainer(std::string_view key, yaml::Kind kind, Need need) {
    const yaml::Node* node = take(key, need);
    if (node != nullptr && node->kind != kind) {
        refuse(key, *node,
               "`" + std::string(key) + "` is " + std::string(yaml::name(node->kind)) + " but must be " +
                   std::string(yaml::name(kind)));
        return nullptr;
    }
    return node;
}

void FieldReader::quantity(std::string_view key, Sourced& value, const QuantityField& field) {
    const yaml::Node* node = take(key, field.fallback.empty() ? Need::Required : Need::Optional);
    if (node != nullptr) {
        if (auto number = readSourced(*node, field, m_reading)) {
            value = std::move(*number);
            if (value.source.empty()) {
                value.source = "stated in " + node->place.file + ", line " + std::to_string(node->place.line);
            }
        } else {
            m_reading.unread.insert(pathOf(key));
        }
    } else if (!m_inherits && !field.fallback.empty()) {
        readFallback(value, field, m_reading);
    }
}

void FieldReader::measure(std::string_view key, double& value, const MeasureField& field) {
    const yaml::Node* node = takeScalar(key, field.need);
    if (node == nullptr) {
        return;
    }
    const auto number = units::parseQuantity(node->scalar, field.dimension);
    if (!number) {
        refuse(key, *node, utf8::shortened(number.errors().front().message, 200),
               number.errors().front().remedy);
    } else if (!inside(field.bounds, *number)) {
        refuse(key, *node, units::formatQuantity(*number, field.dimension) + " is out of range",
               "it must be " + boundsText(field.bounds, field.dimension));
    } else {
        value = *number / field.perUnit;
    }
}

void FieldReader::integer(std::string_view key, std::int64_t& value, std::int64_t low, std::int64_t high,
                          const WordField& field) {
    const yaml::Node* node = takeScalar(key, field.need);
    if (node == nullptr) {
        return;
    }
    const std::string& digits = node->scalar;
    std::int64_t number = 0;
    const char* end = digits.data() + digits.size();
    const auto [at, error] = std::from_chars(digits.data(), end, number);
    const std::string range = std::to_string(low) + " to " + std::to_string(high);
    if (at != end || error == std::errc::invalid_argument) {
        refuse(key, *node, inQuotes(node->scalar) + " is not a whole number",
               "`" + std::string(key) + "` takes " + range);
    } else if (error != std::errc{} || number < low || number > high) {
        refuse(key, *node, inQuotes(node->scalar) + " is out of range",
               "`" + std::string(key) + "` takes " + range);
    } else {
        value = number;
    }
}

void FieldReader::flag(std::string_view key, bool& value, const WordField& field) {
    const yaml::Node* node = takeScalar(key, field.need);
    if (node == nullptr) {
        return;
    }
    if (node->scalar != "true" && node->scalar != "false") {
        refuse(key, *node, inQuotes(node->scalar) + " is neither true nor false",
               "write `" + std::string(key) + ": true` or `false`");
        return;
    }
    value = node->scalar == "true";
}

void FieldReader::text(std::string_view key, std::string& value, const WordField& field) {
    const yaml::Node* node = takeScalar(key, field.need);
    if (node == nullptr) {
        return;
    }
    if (node->scalar.size() > kLongestText) {
        refuse(key, *node,
               "`" + std::string(key) + "` has " + std::to_string(node->scalar.size()) + " characters",
               "at most " + std::to_string(kLongestText));
        return;
    }
    value = node->scalar;
}

void FieldReader::month(std::string_view key, Month& value, const WordField& field) {
    const yaml::Node* node = takeScalar(key, field.need);
    if (node == nullptr) {
        return;
    }
    if (const auto parsed = Month::parse(node->scalar)) {
        value = *parsed;
    } else {
        refuse(key, *node, inQuotes(node->scalar) + " is not a month", "write 2026-05");
    }
}

void FieldReader::choice(std::string_view key, int& index, std::span<const std::string_view> names,
                         const WordField& field) {
    const yaml::Node* node = takeScalar(key, field.need);
    if (node == nullptr) {
        return;
    }
    const auto found = std::ranges::find(names, node->scalar);
    if (found == names.end()) {
        refuse(key, *node, "unknown " + std::string(key) + " " + inQuotes(node->scalar),
               suggestion(node->scalar, {names.begin(), names.end()}));
    } else {
        index = static_cast<int>(found - names.begin());
    }
}

void FieldReader::reference(std::string_view key, std::string& id, Refers, const WordField& field) {
    if (const yaml::Node* node = takeScalar(key, field.need)) {
        id = node->scalar.substr(0, kLongestText);
    }
}

void FieldReader::shares(std::string_view key, std::vector<double>& values, const WordField& field) {
    const yaml::Node* node = takeContainer(key, yaml::Kind::Sequence, field.need);
    if (node == nullptr) {
        return;
    }
    values.clear();
    for (const yaml::NodePtr& item : node->items) {
        const QuantityField share{units::Dimension::Number, kShare, field.doc, ""};
        if (const auto number = readSourced(*item, share, m_reading)) {
            values.push_back(number->value);
        }
    }
}

void FieldReader::group(std::string_view key, std::string_view,
                        const std::function<void(Fields&)>& describe) {
    static const yaml::Node kEmpty{yaml::Kind::Mapping, {}, {}, false, {}, {}};
    const yaml::Node* node = takeContainer(key, yaml::Kind::Mapping, Need::Optional);
    readMapping(node != nullptr ? *node : kEmpty, pathOf(key), m_reading, describe, m_inherits);
}

void FieldReader::table(std::string_view key, const Items& items, const TableField& field) {
    const yaml::Node* node = takeContainer(key, yaml::Kind::Mapping, field.need);
    if (node == nullptr) {
        return;
    }
    if (node->entries.empty() && field.need == Need::Required) {
        m_reading.error(node->place, "`" + std::string(key) + "` is empty", "name at least one");
    }
    for (const yaml::Entry& entry : node->entries) {
        readEntry(entry, pathOf(key) + "." + entry.key, items, field);
    }
}

void FieldReader::readEntry(const yaml::Entry& entry, const std::string& path, const Items& items,
                            const TableField& field) {
    if (!field.keyPattern.empty() ? !Month::parse(entry.key) : !isId(entry.key)) {
        m_reading.error(entry.place,
                        inQuotes(entry.key) +
                            (field.keyPattern.empty() ? " is not an id" : " is not a month"),
                        field.keyPattern.empty() ? "use up to 64 letters, digits, - and _" : "write 2026-05");
        return;
    }
    m_reading.places.insert_or_assign(path, entry.place);
    if (entry.value->kind != yaml::Kind::Mapping) {
        m_reading.error(entry.value->place, inQuotes(path) + " is " +
                                                std::string(yaml::name(entry.value->kind)) +
                                                " but must be a mapping");
        return;
    }
    const std::size_t index = items.append(entry.key);
    bool inherits = false;
    if (const yaml::Node* like = field.inherits ? entry.value->find("like") : nullptr) {
        std::vector<std::string> ids;
        for (std::size_t i = 0; i < items.size(); ++i) {
            ids.push_back(items.id(i));
        }
        const auto found = std::ranges::find(ids, like->scalar);
        if (found == ids.end()) {
            m_reading.error(like->place, inQuotes(like->scalar) + " is not known here",
                            suggestion(like->scalar, ids));
            return;
        }
        items.copy(static_cast<std::size_t>(found - ids.begin()), index);
        inherits = true;
    } else {
        items.reset(index);
    }
    FieldReader reader(*entry.value, path, m_reading, inherits);
    if (field.inherits) {
        reader.m_known.emplace_back("like");
    }
    items.describe(reader, index);
    reader.finish();
}

void FieldReader::list(std::string_view key, const Items& items, const WordField& field) {
    const yaml::Node* node = takeContainer(key, yaml::Kind::Sequence, field.need);
    if (node == nullptr) {
        return;
    }
    for (std::size_t i = 0; i < node->items.size(); ++i) {
        const yaml::Node& item = *node->items[i];
        const std::string path = pathOf(key) + "." + std::to_string(i + 1);
        m_reading.places.emplace(path, item.place);
        if (item.kind != yaml::Kind::Mapping) {
            m_reading.error(item.place, inQuotes(path) + " is " + std::string(yaml::name(item.kind)) +
                                            " but must be a mapping");
            continue;
        }
        const std::size_t index = items.append("");
        readMapping(item, path, m_reading, [&](Fields& fields) { items.describe(fields, index); });
    }
}

void readMapping(const yaml::Node& node, const std::string& path, Reading& reading,
                 const std::function<void(Fields&)>& describe, bool inherits) {
    FieldReader reader(node, path, reading, inherits);
    describe(reader);
    reader.finish();
}

} // namespace atlas::scenario

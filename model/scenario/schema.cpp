#include "model/scenario/schema.h"

#include "model/scenario/defaults.h"
#include "model/scenario/reading.h"
#include "model/scenario/sections.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <set>

namespace atlas::scenario {

namespace {

using Json = nlohmann::ordered_json;
using units::Dimension;

constexpr std::string_view kIdPattern = "^[A-Za-z0-9_-]{1,64}$";
constexpr std::string_view kMonthPattern = "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$";

Json jsonOf(const yaml::Node& node) {
    Json out;
    switch (node.kind) {
    case yaml::Kind::Null:
        break;
    case yaml::Kind::Scalar: {
        double number = 0.0;
        const char* end = node.scalar.data() + node.scalar.size();
        const auto [at, error] = std::from_chars(node.scalar.data(), end, number);
        out = error == std::errc{} && at == end && !node.quoted ? Json(number) : Json(node.scalar);
        break;
    }
    case yaml::Kind::Sequence:
        for (const yaml::NodePtr& item : node.items) {
            out.push_back(jsonOf(*item));
        }
        break;
    case yaml::Kind::Mapping:
        for (const yaml::Entry& entry : node.entries) {
            out[entry.key] = jsonOf(*entry.value);
        }
        break;
    }
    return out;
}

/// The parts that many keys share: a sourced number of each dimension.
class Definitions {
public:
    explicit Definitions(const Catalogue& catalogue)
        : m_catalogue(catalogue) {}

    Json reference(Dimension dimension) {
        m_used.insert(dimension);
        return {{"$ref", "#/definitions/" + name(dimension)}};
    }
    [[nodiscard]] Json all() const {
        Json out = Json::object();
        for (const Dimension dimension : m_used) {
            out[name(dimension)] = sourced(dimension);
        }
        return out;
    }

private:
    static std::string name(Dimension dimension) {
        std::string text = "quantity in " + std::string(units::unitName(dimension));
        for (char& c : text) {
            c = c == '/' || c == ' ' ? '_' : c;
        }
        return dimension == Dimension::Number ? "plain_number" : text;
    }
    static Json quantity(Dimension dimension) {
        Json text{{"type", "string"}, {"pattern", units::quantityPattern(dimension)}};
        if (dimension != Dimension::Number) {
            return text;
        }
        return {{"anyOf", Json::array({Json{{"type", "number"}}, text})}};
    }
    [[nodiscard]] Json factKeys(Dimension dimension) const {
        Json keys = Json::array();
        for (const auto& [key, fact] : m_catalogue.facts->all()) {
            if (catalog::inSi(fact, dimension, {1.0, 1.0, fact.values.empty() ? 0 : 1}).ok()) {
                keys.push_back(key);
            }
        }
        return keys;
    }
    [[nodiscard]] Json sourced(Dimension dimension) const {
        const Json text{{"type", "string"}};
        const Json number = quantity(Dimension::Number);
        Json grades = Json::array();
        for (const std::string_view grade : catalog::kGradeNames) {
            grades.push_back(grade);
        }
        Json fact{{"type", "object"},
                  {"description", "A fact of the record, in its published unit, with its range and source"},
                  {"required", {"fact"}},
                  {"additionalProperties", false}};
        fact["properties"] = {
            {"fact", {{"enum", factKeys(dimension)}, {"description", "Key in catalog/facts"}}},
            {"times", number},
            {"per", number},
            {"item", {{"type", "integer"}, {"minimum", 1}}},
            {"low", quantity(dimension)},
            {"high", quantity(dimension)},
            {"note", text}};
        fact["properties"]["times"]["description"] = "Multiplies the fact: a share times a count";
        fact["properties"]["per"]["description"] = "Divides the fact: a rack's price per 72 GPUs";
        fact["properties"]["item"]["description"] = "Which number of a fact that is a list, from 1";
        fact["properties"]["low"]["description"] = "Lower end of the range, where the record's does not fit";
        fact["properties"]["high"]["description"] = "Upper end of the range, where the record's does not fit";
        Json value{{"type", "object"},
                   {"description", "A number with its range and where it comes from"},
                   {"required", {"value"}},
                   {"additionalProperties", false}};
        value["properties"] = {{"value", quantity(dimension)}, {"low", quantity(dimension)},
                               {"high", quantity(dimension)},  {"source", text},
                               {"grade", {{"enum", grades}}},  {"note", text}};
        value["properties"]["low"]["description"] = "Default: value";
        value["properties"]["high"]["description"] = "Default: value";
        value["properties"]["grade"]["description"] = "Default: assumption";
        return {{"anyOf", Json::array({quantity(dimension), fact, value})}};
    }

    const Catalogue& m_catalogue;
    std::set<Dimension> m_used;
};

/// Writes the properties of one mapping.
class SchemaWriter final : public Fields {
public:
    SchemaWriter(Definitions& definitions, const Catalogue& catalogue)
        : m_definitions(definitions)
        , m_catalogue(catalogue) {}

    [[nodiscard]] Json object(bool inherits = false) const {
        Json out{{"type", "object"}, {"additionalProperties", false}, {"properties", m_properties}};
        if (m_required.empty()) {
            return out;
        }
        if (inherits) {
            out["anyOf"] = Json::array({Json{{"required", {"like"}}}, Json{{"required", m_required}}});
        } else {
            out["required"] = m_required;
        }
        return out;
    }

    void quantity(std::string_view key, Sourced&, const QuantityField& field) override {
        std::string doc = std::string(field.doc) + ".";
        if (field.dimension != Dimension::Number) {
            doc += " A quantity such as " + std::string(units::unitExamples(field.dimension)) + ".";
        }
        if (std::isfinite(field.bounds.low) || std::isfinite(field.bounds.high)) {
            doc += " Must be " + boundsText(field.bounds, field.dimension) + ".";
        }
        Json value{{"description", doc}, {"allOf", Json::array({m_definitions.reference(field.dimension)})}};
        if (!field.fallback.empty()) {
            Diagnostics problems;
            if (const auto node = yaml::parse(std::string(field.fallback), "default", {}, problems)) {
                value["default"] = jsonOf(**node);
            }
        }
        add(key, std::move(value), field.fallback.empty() ? Need::Required : Need::Optional);
    }
    void measure(std::string_view key, double& value, const MeasureField& field) override {
        add(key,
            {{"description", std::string(field.doc) + ". A quantity such as " +
                                 std::string(units::unitExamples(field.dimension)) + ". Must be " +
                                 boundsText(field.bounds, field.dimension) + "."},
             {"type", "string"},
             {"pattern", units::quantityPattern(field.dimension)},
             {"default", units::formatQuantity(value * field.perUnit, field.dimension)}},
            field.need);
    }
    void integer(std::string_view key, std::int64_t& value, std::int64_t low, std::int64_t high,
                 const WordField& field) override {
        Json out{{"description", described(field)}, {"type", "integer"}, {"minimum", low}, {"maximum", high}};
        if (field.need == Need::Optional && field.fallback.empty()) {
            out["default"] = value;
        }
        add(key, std::move(out), field.need);
    }
    void flag(std::string_view key, bool& value, const WordField& field) override {
        add(key, {{"description", described(field)}, {"type", "boolean"}, {"default", value}}, field.need);
    }
    void text(std::string_view key, std::string&, const WordField& field) override {
        add(key, {{"description", described(field)}, {"type", "string"}}, field.need);
    }
    void month(std::string_view key, Month&, const WordField& field) override {
        add(key, {{"description", described(field)}, {"type", "string"}, {"pattern", kMonthPattern}},
            field.need);
    }
    void choice(std::string_view key, int& index, std::span<const std::string_view> names,
                const WordField& field) override {
        Json out{{"description", described(field)}, {"enum", names}};
        if (field.need == Need::Optional) {
            out["default"] = names[static_cast<std::size_t>(index)];
        }
        add(key, std::move(out), field.need);
    }
    void reference(std::string_view key, std::string&, Refers to, const WordField& field) override {
        Json out{{"description", described(field)}, {"type", "string"}};
        if (const Json ids = catalogueIds(to); !ids.empty()) {
            out = {{"description", described(field)},
                   {"anyOf",
                    Json::array({Json{{"enum", ids}}, Json{{"type", "string"}, {"pattern", kIdPattern}}})}};
        }
        add(key, std::move(out), field.need);
    }
    void shares(std::string_view key, std::vector<double>&, const WordField& field) override {
        add(key,
            {{"description", described(field)},
             {"type", "array"},
             {"items", m_definitions.reference(Dimension::Number)},
             {"default", Json::array()}},
            field.need);
    }
    void group(std::string_view key, std::string_view doc,
               const std::function<void(Fields&)>& describe) override {
        SchemaWriter inner(m_definitions, m_catalogue);
        describe(inner);
        Json out{{"description", std::string(doc) + "."}};
        out.update(inner.object());
        add(key, std::move(out), Need::Optional);
    }
    void table(std::string_view key, const Items& items, const TableField& field) override {
        SchemaWriter inner(m_definitions, m_catalogue);
        if (field.inherits) {
            inner.m_properties["like"] = {
                {"description",
                 "Start from this entry of the file or the catalogue; what is written here replaces its "
                 "values."},
                {"type", "string"}};
        }
        items.describeBlank(inner);
        Json out{{"description", std::string(field.doc) + "."}, {"type", "object"}};
        out["propertyNames"]["pattern"] = field.keyPattern.empty() ? kIdPattern : kMonthPattern;
        if (field.need == Need::Required) {
            out["minProperties"] = 1;
        }
        out["additionalProperties"] = inner.object(field.inherits);
        add(key, std::move(out), field.need);
    }
    void list(std::string_view key, const Items& items, const WordField& field) override {
        SchemaWriter inner(m_definitions, m_catalogue);
        items.describeBlank(inner);
        add(key, {{"description", described(field)}, {"type", "array"}, {"items", inner.object()}},
            field.need);
    }

private:
    void add(std::string_view key, Json value, Need need) {
        m_properties[std::string(key)] = std::move(value);
        if (need == Need::Required) {
            m_required.push_back(key);
        }
    }
    static std::string described(const WordField& field) {
        std::string out = std::string(field.doc) + ".";
        if (!field.fallback.empty()) {
            out += " Default: " + std::string(field.fallback) + ".";
        }
        return out;
    }
    template <class T>
    static Json idsOf(const std::vector<T>& values) {
        Json out = Json::array();
        for (const T& value : values) {
            out.push_back(value.id);
        }
        return out;
    }
    [[nodiscard]] Json catalogueIds(Refers to) const {
        switch (to) {
        case Refers::Gpu:
            return idsOf(m_catalogue.gpus);
        case Refers::Rack:
            return idsOf(m_catalogue.racks);
        case Refers::Fabric:
            return idsOf(m_catalogue.fabrics);
        case Refers::Model:
            return idsOf(m_catalogue.models);
        default:
            return Json::array();
        }
    }

    Definitions& m_definitions;
    const Catalogue& m_catalogue;
    Json m_properties = Json::object();
    Json m_required = Json::array();
};

} // namespace

std::string scenarioSchema(const Catalogue& catalogue) {
    Definitions definitions(catalogue);
    SchemaWriter writer(definitions, catalogue);
    Scenario blank;
    describe(writer, blank);
    Json out{{"$schema", "http://json-schema.org/draft-07/schema#"},
             {"title", "Colossus Atlas scenario"},
             {"description",
              "What exists, what it does and who pays whom. Quantities carry units; ids join the sections."}};
    out.update(writer.object());
    out["definitions"] = definitions.all();
    return out.dump(1) + "\n";
}

std::string catalogueSchema() {
    Json out{{"$schema", "http://json-schema.org/draft-07/schema#"},
             {"title", "Colossus Atlas catalogue"},
             {"description", "Hardware and language models that scenarios refer to."},
             {"type", "object"},
             {"additionalProperties", false}};
    for (const char* section : {"gpus", "racks", "fabrics", "models"}) {
        out["properties"][section]["$ref"] = std::string("scenario.schema.json#/properties/") + section;
    }
    return out.dump(1) + "\n";
}

} // namespace atlas::scenario

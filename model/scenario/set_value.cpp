#include "model/core/nearest.h"
#include "model/core/utf8.h"
#include "model/scenario/defaults.h"
#include "model/scenario/field_reader.h"
#include "model/scenario/path_walk.h"
#include "model/scenario/sections.h"

namespace atlas::scenario {

namespace {

/// Reads one value where the path leads, exactly as the reader of a file would.
class ValueSetter final : public PathWalk {
public:
    ValueSetter(std::string target, yaml::NodePtr value, Reading& reading)
        : m_target(std::move(target))
        , m_value(std::move(value))
        , m_reading(reading) {}

    [[nodiscard]] bool found() const { return m_found; }
    [[nodiscard]] const std::vector<std::string>& paths() const { return m_paths; }

    void quantity(std::string_view key, Sourced& value, const QuantityField& field) override {
        at(key, [&](Fields& reader) { reader.quantity(key, value, field); });
    }
    void measure(std::string_view key, double& value, const MeasureField& field) override {
        at(key, [&](Fields& reader) { reader.measure(key, value, field); });
    }
    void integer(std::string_view key, std::int64_t& value, std::int64_t low, std::int64_t high,
                 const WordField& field) override {
        at(key, [&](Fields& reader) { reader.integer(key, value, low, high, field); });
    }
    void flag(std::string_view key, bool& value, const WordField& field) override {
        at(key, [&](Fields& reader) { reader.flag(key, value, field); });
    }
    void text(std::string_view key, std::string& value, const WordField& field) override {
        at(key, [&](Fields& reader) { reader.text(key, value, field); });
    }
    void month(std::string_view key, Month& value, const WordField& field) override {
        at(key, [&](Fields& reader) { reader.month(key, value, field); });
    }
    void choice(std::string_view key, int& index, std::span<const std::string_view> names,
                const WordField& field) override {
        at(key, [&](Fields& reader) { reader.choice(key, index, names, field); });
    }
    void reference(std::string_view key, std::string& id, Refers to, const WordField& field) override {
        at(key, [&](Fields& reader) { reader.reference(key, id, to, field); });
    }
    void shares(std::string_view key, std::vector<double>& values, const WordField& field) override {
        at(key, [&](Fields& reader) { reader.shares(key, values, field); });
    }

private:
    void at(std::string_view key, const std::function<void(Fields&)>& read) {
        const std::string here = pathOf(key);
        m_paths.push_back(here);
        if (here != m_target) {
            return;
        }
        m_found = true;
        yaml::Node mapping{yaml::Kind::Mapping, {}, {}, false, {}, {}};
        mapping.entries.push_back({std::string(key), {}, m_value});
        FieldReader reader(mapping, path(), m_reading);
        read(reader);
    }

    std::string m_target;
    yaml::NodePtr m_value;
    Reading& m_reading;
    bool m_found = false;
    std::vector<std::string> m_paths;
};

/// Findings as errors without a place in a file: the path says where.
Diagnostics errorsOf(const std::vector<Finding>& findings) {
    Diagnostics errors;
    for (const Finding& finding : findings) {
        if (finding.severity == Severity::Error) {
            errors.push_back({Severity::Error, {}, finding.path + ": " + finding.message, finding.remedy});
        }
    }
    return errors;
}

Result<Scenario> checked(Scenario scenario) {
    fillDefaults(scenario);
    if (Diagnostics errors = errorsOf(check(scenario)); !errors.empty()) {
        return errors;
    }
    return scenario;
}

} // namespace

Result<Scenario> withValue(Scenario scenario, const std::string& path, const std::string& value) {
    static const catalog::FactBook kNoFacts;
    Diagnostics problems;
    const auto node = yaml::parse(value, "", {}, problems);
    if (!node || !problems.empty()) {
        return failure("`" + utf8::shortened(value) + "` is not a value for " + utf8::shortened(path, 120),
                       "write it as in a scenario file");
    }
    Reading reading{scenario.facts ? *scenario.facts : kNoFacts, {}, {}, {}};
    ValueSetter setter(path, *node, reading);
    describe(setter, scenario);
    if (!setter.found()) {
        const std::string near = nearest(path, setter.paths());
        return failure("there is no value `" + utf8::shortened(path, 120) + "`",
                       near.empty() ? "`atlas info FILE --inputs` lists the paths"
                                    : "did you mean `" + near + "`?");
    }
    if (!reading.problems.empty()) {
        Diagnostics errors = reading.problems;
        for (Diagnostic& error : errors) {
            error.place = {};
            error.message = path + ": " + error.message;
        }
        return errors;
    }
    visitInputs(scenario, [&path, &value](const std::string& visited, Sourced& number, units::Dimension) {
        if (visited == path && number.fact.empty() && number.source.starts_with("stated in")) {
            number.source = "set to " + value;
        }
    });
    return checked(std::move(scenario));
}

Result<Scenario> withCluster(Scenario scenario, const std::string& cluster, const std::string& instead) {
    for (const std::string* id : {&cluster, &instead}) {
        if (scenario.cluster(*id) == nullptr) {
            std::vector<std::string> ids;
            for (const Cluster& known : scenario.clusters) {
                ids.push_back(known.id);
            }
            return failure("unknown cluster `" + utf8::shortened(*id) + "`", suggestion(*id, ids));
        }
    }
    for (Strategy& strategy : scenario.strategies) {
        for (Assignment& assignment : strategy.assignments) {
            if (assignment.cluster == cluster) {
                assignment.cluster = instead;
            }
        }
    }
    return checked(std::move(scenario));
}

Result<Scenario> withContract(Scenario scenario, const std::string& contract, const std::string& instead) {
    for (const std::string* id : {&contract, &instead}) {
        if (scenario.contract(*id) == nullptr) {
            std::vector<std::string> ids;
            for (const Contract& known : scenario.contracts) {
                ids.push_back(known.id);
            }
            return failure("unknown contract `" + utf8::shortened(*id) + "`", suggestion(*id, ids));
        }
    }
    for (Strategy& strategy : scenario.strategies) {
        for (Assignment& assignment : strategy.assignments) {
            if (assignment.contract == contract) {
                assignment.contract = instead;
            }
        }
    }
    return checked(std::move(scenario));
}

} // namespace atlas::scenario

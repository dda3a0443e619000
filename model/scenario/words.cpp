#include "model/scenario/words.h"

#include "model/scenario/field_reader.h"
#include "model/scenario/path_walk.h"
#include "model/scenario/reading.h"
#include "model/scenario/sections.h"

#include <array>
#include <cstdio>

namespace atlas::scenario {

namespace {

std::string exact(double value, units::Dimension dimension) {
    std::array<char, 40> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), "%.17g", value);
    std::string text(buffer.data(), static_cast<std::size_t>(length));
    return dimension == units::Dimension::Number ? text
                                                 : text + ' ' + std::string(units::unitName(dimension));
}

std::string quoted(const std::string& text) {
    return flowText(yaml::Node{yaml::Kind::Scalar, {}, text, true, {}, {}});
}

class SettingsWalk final : public PathWalk {
public:
    using Settings = std::vector<std::pair<std::string, std::string>>;
    explicit SettingsWalk(Settings& out)
        : m_out(out) {}
    void quantity(std::string_view, Sourced&, const QuantityField&) override {}
    void measure(std::string_view key, double& value, const MeasureField& field) override {
        add(key, exact(value * field.perUnit, field.dimension));
    }
    void integer(std::string_view key, std::int64_t& value, std::int64_t, std::int64_t,
                 const WordField&) override {
        add(key, std::to_string(value));
    }
    void flag(std::string_view key, bool& value, const WordField&) override {
        add(key, value ? "true" : "false");
    }
    void month(std::string_view key, Month& value, const WordField&) override { add(key, value.text()); }
    void choice(std::string_view key, int& index, std::span<const std::string_view> names,
                const WordField&) override {
        add(key, std::string(names[static_cast<std::size_t>(index)]));
    }
    void list(std::string_view key, const Items& items, const WordField& field) override {
        if (pathOf(key) != "operations.injections") {
            PathWalk::list(key, items, field);
        }
    }

private:
    void add(std::string_view key, std::string text) { m_out.emplace_back(pathOf(key), std::move(text)); }
    Settings& m_out;
};

/// Writes the entries of one mapping in one line.
class FlowWriter final : public PathWalk {
public:
    void quantity(std::string_view, Sourced&, const QuantityField&) override {}
    void measure(std::string_view key, double& value, const MeasureField& field) override {
        add(key, exact(value * field.perUnit, field.dimension));
    }
    void text(std::string_view key, std::string& value, const WordField&) override {
        if (!value.empty()) {
            add(key, quoted(value));
        }
    }
    void choice(std::string_view key, int& index, std::span<const std::string_view> names,
                const WordField&) override {
        add(key, std::string(names[static_cast<std::size_t>(index)]));
    }
    void reference(std::string_view key, std::string& id, Refers, const WordField&) override { add(key, id); }
    [[nodiscard]] std::string done() const { return '{' + m_text + '}'; }

private:
    void add(std::string_view key, const std::string& value) {
        m_text += (m_text.empty() ? "" : ", ") + std::string(key) + ": " + value;
    }
    std::string m_text;
};

} // namespace

std::vector<std::pair<std::string, std::string>> settingsOf(const Scenario& scenario) {
    SettingsWalk::Settings out;
    SettingsWalk walk(out);
    describe(walk, const_cast<Scenario&>(scenario)); // a walk only reads
    return out;
}

std::string injectionText(const Injection& injection) {
    Injection copy = injection;
    FlowWriter writer;
    describe(writer, copy);
    return writer.done();
}

Result<Injection> parseInjection(const std::string& text, const Scenario& scenario) {
    static const catalog::FactBook kNoFacts;
    Diagnostics problems;
    const auto node = yaml::parse(text, "", {}, problems);
    if (!node || !problems.empty() || (*node)->kind != yaml::Kind::Mapping) {
        return failure("`" + text.substr(0, 120) + "` is not an injection",
                       "write it as in a scenario file: {at: 30 d, what: slow-gpu, target: \"rack 1-1-1, "
                       "tray 1, GPU 1\"}");
    }
    Injection injection;
    Reading reading{scenario.facts ? *scenario.facts : kNoFacts, {}, {}, {}};
    readMapping(**node, "injection", reading, [&injection](Fields& fields) { describe(fields, injection); });
    if (!reading.problems.empty()) {
        for (Diagnostic& problem : reading.problems) {
            problem.place = {};
        }
        return reading.problems;
    }
    if (injection.cluster.empty() && !scenario.clusters.empty()) {
        injection.cluster = scenario.clusters.front().id;
    }
    return injection;
}

} // namespace atlas::scenario

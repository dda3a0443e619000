#include "model/scenario/scenario_writer.h"

#include "model/scenario/defaults.h"
#include "model/scenario/reading.h"
#include "model/scenario/sections.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace atlas::scenario {

namespace {

/// A described value as text: leaves with their YAML, mappings with children.
struct Tree {
    std::string key;
    std::string leaf;
    std::vector<Tree> children;
    enum class Kind { Mapping, Table, List } kind = Kind::Mapping; ///< of the children; a list writes no keys

    [[nodiscard]] bool empty() const { return leaf.empty() && children.empty(); }
    [[nodiscard]] const Tree* find(std::string_view name) const {
        const auto found = std::ranges::find(children, name, &Tree::key);
        return found == children.end() ? nullptr : &*found;
    }
    bool operator==(const Tree&) const = default;
};

std::string exact(double value, units::Dimension dimension) {
    std::array<char, 40> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), "%.17g", value);
    std::string text(buffer.data(), static_cast<std::size_t>(length));
    if (dimension != units::Dimension::Number) {
        text += ' ' + std::string(units::unitName(dimension));
    }
    return text;
}

std::string quoted(const std::string& text) {
    yaml::Node node{yaml::Kind::Scalar, {}, text, true, {}, {}};
    return flowText(node);
}

/// Turns a description into a tree. Values equal to those of `defaults` (the same description of a fresh
/// value) are dropped by prune().
class TreeWriter final : public Fields {
public:
    TreeWriter(Tree& tree, const catalog::FactBook& facts)
        : m_tree(tree)
        , m_facts(facts) {}

    void quantity(std::string_view key, Sourced& value, const QuantityField& field) override {
        if (isDefault(value, field)) {
            return;
        }
        add(key, reads(value.written, value, field) ? value.written : spelled(value, field.dimension));
    }
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
    void text(std::string_view key, std::string& value, const WordField&) override {
        if (!value.empty()) {
            add(key, quoted(value));
        }
    }
    void month(std::string_view key, Month& value, const WordField&) override {
        if (value.index != 0) {
            add(key, value.text());
        }
    }
    void choice(std::string_view key, int& index, std::span<const std::string_view> names,
                const WordField&) override {
        add(key, std::string(names[static_cast<std::size_t>(index)]));
    }
    void reference(std::string_view key, std::string& id, Refers, const WordField&) override {
        if (!id.empty()) {
            add(key, id);
        }
    }
    void shares(std::string_view key, std::vector<double>& values, const WordField&) override {
        std::string list;
        for (const double value : values) {
            list += (list.empty() ? "" : ", ") + exact(value, units::Dimension::Number);
        }
        if (!list.empty()) {
            add(key, "[" + list + "]");
        }
    }
    void group(std::string_view key, std::string_view,
               const std::function<void(Fields&)>& describe) override {
        TreeWriter inner(child(key), m_facts);
        describe(inner);
    }
    void table(std::string_view key, const Items& items, const TableField&) override {
        Tree& table = child(key);
        table.kind = Tree::Kind::Table;
        for (std::size_t i = 0; i < items.size(); ++i) {
            table.children.push_back({items.id(i), {}, {}, Tree::Kind::Mapping});
            describeItem(table.children.back(), items, i);
        }
    }
    void list(std::string_view key, const Items& items, const WordField&) override {
        Tree& list = child(key);
        list.kind = Tree::Kind::List;
        for (std::size_t i = 0; i < items.size(); ++i) {
            list.children.push_back({std::to_string(i + 1), {}, {}, Tree::Kind::Mapping});
            describeItem(list.children.back(), items, i);
        }
    }

private:
    void add(std::string_view key, std::string leaf) {
        m_tree.children.push_back({std::string(key), std::move(leaf), {}, Tree::Kind::Mapping});
    }
    Tree& child(std::string_view key) {
        m_tree.children.push_back({std::string(key), {}, {}, Tree::Kind::Mapping});
        return m_tree.children.back();
    }
    /// Describes the entry and drops what a fresh entry has as well, unless it has to be given.
    void describeItem(Tree& entry, const Items& items, std::size_t i) {
        TreeWriter writer(entry, m_facts);
        items.describe(writer, i);
        Tree blank;
        TreeWriter blankWriter(blank, m_facts);
        items.describeBlank(blankWriter);
        prune(entry, blank);
        std::erase_if(entry.children, [&entry](const Tree& leaf) {
            return leaf.key == "name" && leaf.leaf == quoted(entry.key);
        });
    }

public:
    /// Drops leaves that are the same in `blank`.
    static void prune(Tree& tree, const Tree& blank) {
        for (Tree& inner : tree.children) {
            if (const Tree* same = blank.find(inner.key);
                same != nullptr && inner.kind == Tree::Kind::Mapping && inner.leaf.empty()) {
                prune(inner, *same);
            }
        }
        std::erase_if(tree.children, [&blank](const Tree& inner) {
            const Tree* same = blank.find(inner.key);
            return inner.empty() || (same != nullptr && !inner.leaf.empty() && inner.leaf == same->leaf &&
                                     !isAlwaysWritten(inner.key));
        });
    }

private:
    /// Choices that have to be given even where they are the first of their names.
    static bool isAlwaysWritten(std::string_view key) { return key == "activity" || key == "what"; }

    [[nodiscard]] bool reads(const std::string& text, const Sourced& value,
                             const QuantityField& field) const {
        if (text.empty()) {
            return false;
        }
        Diagnostics problems;
        const auto node = yaml::parse(text, "", {}, problems);
        Reading reading{m_facts, {}, {}, {}};
        const auto back = node ? readSourced(**node, field, reading) : std::nullopt;
        return back && back->value == value.value && back->low == value.low && back->high == value.high;
    }
    [[nodiscard]] bool isDefault(const Sourced& value, const QuantityField& field) const {
        return value.written.empty() && reads(std::string(field.fallback), value, field);
    }
    static std::string spelled(const Sourced& value, units::Dimension dimension) {
        std::string out = "{value: " + exact(value.value, dimension);
        if (value.low != value.value || value.high != value.value) {
            out += ", low: " + exact(value.low, dimension) + ", high: " + exact(value.high, dimension);
        }
        out += ", grade: " + std::string(catalog::name(value.grade));
        if (!value.source.empty()) {
            out += ", source: " + quoted(value.source);
        }
        if (!value.note.empty()) {
            out += ", note: " + quoted(value.note);
        }
        return out + "}";
    }

    Tree& m_tree;
    const catalog::FactBook& m_facts;
};

Tree treeOf(const Scenario& scenario, const catalog::FactBook& facts) {
    Tree tree;
    TreeWriter writer(tree, facts);
    describe(writer, const_cast<Scenario&>(scenario)); // a writer only looks
    return tree;
}

std::string inOneLine(const Tree& tree) {
    if (!tree.leaf.empty()) {
        return tree.leaf;
    }
    std::string out;
    for (const Tree& inner : tree.children) {
        out += (out.empty() ? "" : ", ") + inner.key + ": " + inOneLine(inner);
    }
    return "{" + out + "}";
}

void print(const Tree& tree, int depth, std::string& out) {
    const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
    for (const Tree& inner : tree.children) {
        if (tree.kind == Tree::Kind::List) {
            out += indent + "- " + inOneLine(inner) + '\n';
            continue;
        }
        out += indent + inner.key + ":";
        if (!inner.leaf.empty()) {
            out += ' ' + inner.leaf + '\n';
        } else if (inner.children.empty()) {
            out += " {}\n";
        } else {
            out += '\n';
            print(inner, depth + 1, out);
        }
    }
}

} // namespace

std::string writeScenario(const Scenario& scenario, const Catalogue& catalogue) {
    Tree tree = treeOf(scenario, *catalogue.facts);
    Scenario fresh;
    fresh.gpus = catalogue.gpus;
    fresh.racks = catalogue.racks;
    fresh.fabrics = catalogue.fabrics;
    fresh.models = catalogue.models;
    fillDefaults(fresh);
    const Tree blank = treeOf(fresh, *catalogue.facts);
    for (Tree& section : tree.children) {
        const Tree* known = blank.find(section.key);
        std::erase_if(section.children, [known](const Tree& entry) {
            const Tree* same = known == nullptr ? nullptr : known->find(entry.key);
            return same != nullptr && !entry.children.empty() && *same == entry;
        });
    }
    TreeWriter::prune(tree, blank);
    std::string out;
    print(tree, 0, out);
    return out;
}

} // namespace atlas::scenario

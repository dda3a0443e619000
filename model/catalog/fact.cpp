#include "model/catalog/fact.h"

#include "model/core/nearest.h"
#include "model/core/yaml_document.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace atlas::catalog {

namespace {

void report(Diagnostics& problems, const SourcePlace& place, std::string message, std::string remedy = {}) {
    problems.push_back({Severity::Error, place, std::move(message), std::move(remedy)});
}

std::optional<double> plainNumber(const yaml::Node& node) {
    if (node.kind != yaml::Kind::Scalar || node.quoted) {
        return std::nullopt;
    }
    double value = 0.0;
    const char* end = node.scalar.data() + node.scalar.size();
    const auto [at, error] = std::from_chars(node.scalar.data(), end, value);
    return error == std::errc{} && at == end ? std::optional(value) : std::nullopt;
}

std::string textOf(const yaml::Node* node) {
    return node == nullptr ? std::string() : node->scalar;
}

void readValue(const yaml::Node& node, Fact& fact, Diagnostics& problems) {
    if (node.kind == yaml::Kind::Sequence) {
        for (const yaml::NodePtr& item : node.items) {
            if (const auto number = plainNumber(*item)) {
                fact.values.push_back(*number);
            } else {
                report(problems, item->place, "a list fact holds numbers only");
            }
        }
    } else if (const auto number = plainNumber(node)) {
        fact.value = *number;
    } else if (node.kind == yaml::Kind::Scalar && !node.scalar.empty()) {
        fact.text = node.scalar;
    } else {
        report(problems, node.place, "a fact without a value");
    }
}

Fact readFact(const yaml::Node& node, Diagnostics& problems) {
    Fact fact;
    fact.key = textOf(node.find("key"));
    if (fact.key.empty()) {
        report(problems, node.place, "a fact without a key");
        return fact;
    }
    if (const yaml::Node* value = node.find("value")) {
        readValue(*value, fact, problems);
    } else {
        report(problems, node.place, "fact `" + fact.key + "` has no value");
    }
    fact.unit = textOf(node.find("unit"));
    fact.source = textOf(node.find("source"));
    fact.note = textOf(node.find("note"));
    fact.asOf = textOf(node.find("as_of"));
    const yaml::Node* low = node.find("low");
    const yaml::Node* high = node.find("high");
    fact.low = low != nullptr ? plainNumber(*low) : std::nullopt;
    fact.high = high != nullptr ? plainNumber(*high) : std::nullopt;
    if (fact.source.empty()) {
        report(problems, node.place, "fact `" + fact.key + "` has no source");
    }
    if (const auto grade = gradeOf(textOf(node.find("grade")))) {
        fact.grade = *grade;
    } else {
        report(problems, node.place, "fact `" + fact.key + "` has no valid grade",
               suggestion(textOf(node.find("grade")), {std::begin(kGradeNames), std::end(kGradeNames)}));
    }
    return fact;
}

} // namespace

std::string_view name(Grade grade) {
    return kGradeNames[static_cast<std::size_t>(grade)];
}

std::optional<Grade> gradeOf(std::string_view name) {
    const auto* found = std::ranges::find(kGradeNames, name);
    if (found == std::end(kGradeNames)) {
        return std::nullopt;
    }
    return static_cast<Grade>(found - std::begin(kGradeNames));
}

Result<FactBook> FactBook::load(const std::string& folder) {
    namespace fs = std::filesystem;
    std::error_code error;
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".yaml") {
            files.push_back(entry.path().string());
        }
    }
    if (error || files.empty()) {
        return failure("no facts in " + folder, "name the resources folder with ATLAS_RESOURCES");
    }
    std::ranges::sort(files);
    FactBook book;
    Diagnostics problems;
    for (const std::string& file : files) {
        const yaml::Limits limits;
        auto text = yaml::readFile(file, limits.maxBytes);
        if (!text) {
            return text.errors();
        }
        const auto root = yaml::parse(*text, file, limits, problems);
        if (!root) {
            return root.errors();
        }
        const yaml::Node* facts = (*root)->find("facts");
        if (facts == nullptr || facts->kind != yaml::Kind::Sequence) {
            report(problems, (*root)->place, "no list `facts:`");
            continue;
        }
        for (const yaml::NodePtr& node : facts->items) {
            Fact fact = readFact(*node, problems);
            const std::string key = fact.key;
            if (!book.m_facts.emplace(key, std::move(fact)).second) {
                report(problems, node->place, "fact `" + key + "` is given twice");
            }
        }
    }
    if (!problems.empty()) {
        return problems;
    }
    return book;
}

const Fact* FactBook::find(std::string_view key) const {
    const auto found = m_facts.find(key);
    return found == m_facts.end() ? nullptr : &found->second;
}

std::string FactBook::nearest(std::string_view key) const {
    std::vector<std::string> keys;
    keys.reserve(m_facts.size());
    for (const auto& [known, fact] : m_facts) {
        keys.push_back(known);
    }
    return atlas::nearest(key, keys);
}

} // namespace atlas::catalog

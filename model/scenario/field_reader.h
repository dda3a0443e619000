// Reads the entries of one YAML mapping into described values.
#pragma once

#include "model/scenario/reading.h"

#include <vector>

namespace atlas::scenario {

class FieldReader final : public Fields {
public:
    /// `path` is that of the mapping, empty at the root. An entry that inherits keeps what it has where a key
    /// is missing.
    FieldReader(const yaml::Node& mapping, std::string path, Reading& reading, bool inherits = false);

    /// Reports required keys that are missing and keys that no description asked for. Call once, after the
    /// description.
    void finish();

    void quantity(std::string_view key, Sourced& value, const QuantityField& field) override;
    void measure(std::string_view key, double& value, const MeasureField& field) override;
    void integer(std::string_view key, std::int64_t& value, std::int64_t low, std::int64_t high,
                 const WordField& field) override;
    void flag(std::string_view key, bool& value, const WordField& field) override;
    void text(std::string_view key, std::string& value, const WordField& field) override;
    void month(std::string_view key, Month& value, const WordField& field) override;
    void choice(std::string_view key, int& index, std::span<const std::string_view> names,
                const WordField& field) override;
    void reference(std::string_view key, std::string& id, Refers to, const WordField& field) override;
    void shares(std::string_view key, std::vector<double>& values, const WordField& field) override;
    void group(std::string_view key, std::string_view doc,
               const std::function<void(Fields&)>& describe) override;
    void table(std::string_view key, const Items& items, const TableField& field) override;
    void list(std::string_view key, const Items& items, const WordField& field) override;

private:
    [[nodiscard]] std::string pathOf(std::string_view key) const;
    /// The entry, or null; finish() reports the missing required ones.
    const yaml::Node* take(std::string_view key, Need need);
    const yaml::Node* takeScalar(std::string_view key, Need need);
    const yaml::Node* takeContainer(std::string_view key, yaml::Kind kind, Need need);
    void refuse(std::string_view key, const yaml::Node& node, std::string message, std::string remedy = {});
    void readEntry(const yaml::Entry& entry, const std::string& path, const Items& items,
                   const TableField& field);

    const yaml::Node& m_mapping;
    std::string m_path;
    Reading& m_reading;
    bool m_inherits;
    std::vector<std::string> m_known;
    std::vector<std::string> m_missing;
};

/// Reads a whole mapping with its description and reports unknown keys.
void readMapping(const yaml::Node& node, const std::string& path, Reading& reading,
                 const std::function<void(Fields&)>& describe, bool inherits = false);

} // namespace atlas::scenario

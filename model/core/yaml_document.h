// Untrusted YAML text to a small tree whose every node knows its place. Limits hold while the text is read,
// so a hostile file is left at the first excess and never unfolded.
#pragma once

#include "model/core/result.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace atlas::yaml {

struct Limits {
    std::size_t maxBytes = 4u << 20;
    int maxDepth = 32;
    int maxNodes = 200'000; ///< counted after aliases are expanded
    int maxAliases = 1'000;
};

enum class Kind { Null, Scalar, Sequence, Mapping };

struct Node;
using NodePtr = std::shared_ptr<const Node>; ///< shared: an alias is the node it names, without a copy

struct Entry {
    std::string key;
    SourcePlace place; ///< of the key
    NodePtr value;
};

/// One value of a document. Scalars keep their text; what it means is for the reader to say.
struct Node {
    Kind kind = Kind::Null;
    SourcePlace place;
    std::string scalar;         ///< Scalar
    bool quoted = false;        ///< Scalar written in quotes
    std::vector<NodePtr> items; ///< Sequence
    std::vector<Entry> entries; ///< Mapping, in the order of the file, keys unique

    /// The value of a key, or null.
    [[nodiscard]] const Node* find(std::string_view key) const;
};

/// "a mapping", "a list", "text", "nothing": for messages.
[[nodiscard]] std::string_view name(Kind kind);

/// Parses one document. Errors, each with its place: empty, binary, not UTF-8, too large, too deep, too many
/// nodes or aliases, an alias inside itself, YAML syntax, duplicate keys, keys that are not plain text, merge
/// keys, a second document. Duplicate keys do not stop the reading: they are added to `problems`.
[[nodiscard]] Result<NodePtr> parse(const std::string& text, const std::string& file, const Limits& limits,
                                    Diagnostics& problems);

/// Reads a file into text; errors when it is missing, not a regular file, or larger than `maxBytes`.
[[nodiscard]] Result<std::string> readFile(const std::string& file, std::size_t maxBytes);

} // namespace atlas::yaml

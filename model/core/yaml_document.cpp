#include "model/core/yaml_document.h"

#include "model/core/utf8.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <unordered_set>

namespace atlas::yaml {

namespace {

/// Ends the reading from inside the event handler; never leaves this file.
struct Refused {
    SourcePlace place;
    std::string message;
    std::string remedy;
};

/// Columns as an editor counts them: characters, not bytes, from 1.
class Places {
public:
    Places(const std::string& text, std::string file)
        : m_text(text)
        , m_file(std::move(file)) {
        m_lineStarts.push_back(0);
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\n') {
                m_lineStarts.push_back(i + 1);
            }
        }
    }
    [[nodiscard]] SourcePlace of(const YAML::Mark& mark) const {
        if (mark.is_null() || mark.line < 0) {
            return {m_file, 0, 0};
        }
        return {m_file, mark.line + 1,
                columnOf(static_cast<std::size_t>(mark.line), static_cast<std::size_t>(mark.column))};
    }

private:
    /// Marks come in order, so counting goes on from the last one: a file of one long line stays linear.
    [[nodiscard]] int columnOf(std::size_t line, std::size_t bytes) const {
        if (line >= m_lineStarts.size()) {
            return static_cast<int>(bytes) + 1;
        }
        if (line != m_last.line || bytes < m_last.bytes) {
            m_last = {line, 0, 1};
        }
        const std::size_t from = std::min(m_lineStarts[line] + m_last.bytes, m_text.size());
        m_last.column += utf8::length(std::string_view(m_text).substr(from, bytes - m_last.bytes));
        m_last.bytes = bytes;
        return m_last.column;
    }

    struct Counted {
        std::size_t line = 0, bytes = 0;
        int column = 1;
    };
    const std::string& m_text;
    std::string m_file;
    std::vector<std::size_t> m_lineStarts;
    mutable Counted m_last;
};

/// A node while its children still arrive.
struct Open {
    std::shared_ptr<Node> node;
    YAML::anchor_t anchor = 0;
    long weight = 1; ///< nodes inside, aliases expanded
    bool keyNext = true;
    Entry pending;
    std::unordered_set<std::string> keys;
};

class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(const Places& places, const Limits& limits, Diagnostics& problems)
        : m_places(places)
        , m_limits(limits)
        , m_problems(problems) {}

    [[nodiscard]] NodePtr root() const { return m_root; }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        add(blank(Kind::Null, mark), anchor, 1);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        auto node = blank(Kind::Scalar, mark);
        node->quoted = tag == "!";
        if (!node->quoted && (value == "~" || value == "null")) {
            node->kind = Kind::Null;
        } else {
            node->scalar = value;
        }
        add(std::move(node), anchor, 1);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        if (++m_aliases > m_limits.maxAliases) {
            throw Refused{m_places.of(mark), "more than " + std::to_string(m_limits.maxAliases) + " aliases",
                          "write the values out"};
        }
        if (anchor >= m_anchors.size() || !m_anchors[anchor].node) {
            throw Refused{m_places.of(mark), "an alias of a value that contains it", "write the value out"};
        }
        add(m_anchors[anchor].node, 0, m_anchors[anchor].weight, m_places.of(mark));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(Kind::Sequence, mark, anchor);
    }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(Kind::Mapping, mark, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapEnd() override { close(); }

private:
    struct Anchored {
        NodePtr node;
        long weight = 0;
    };

    std::shared_ptr<Node> blank(Kind kind, const YAML::Mark& mark) {
        auto node = std::make_shared<Node>();
        node->kind = kind;
        node->place = m_places.of(mark);
        return node;
    }

    void open(Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (static_cast<int>(m_open.size()) >= m_limits.maxDepth) {
            throw Refused{m_places.of(mark),
                          "nested deeper than " + std::to_string(m_limits.maxDepth) + " levels",
                          "a scenario needs no more than ten"};
        }
        m_open.push_back(Open{blank(kind, mark), anchor, 1, true, {}, {}});
        requireText(m_open.back().node->place, "a mapping or list as a key");
    }

    void close() {
        Open done = std::move(m_open.back());
        m_open.pop_back();
        add(std::move(done.node), done.anchor, done.weight);
    }

    /// Keys must be scalars: a container that opens where a key is due is refused.
    void requireText(const SourcePlace& place, const char* what) {
        if (m_open.size() >= 2) {
            const Open& parent = m_open[m_open.size() - 2];
            if (parent.node->kind == Kind::Mapping && parent.keyNext) {
                throw Refused{place, what, "write a plain word before the colon"};
            }
        }
    }

    void add(NodePtr node, YAML::anchor_t anchor, long weight, const SourcePlace& aliasPlace = {}) {
        const SourcePlace place = aliasPlace.line > 0 ? aliasPlace : node->place;
        m_nodes += aliasPlace.line > 0 ? weight : 1;
        if (m_nodes > m_limits.maxNodes || weight > m_limits.maxNodes) {
            throw Refused{place,
                          "more than " + std::to_string(m_limits.maxNodes) + " values" +
                              (m_aliases > 0 ? ", aliases counted as often as they are used" : ""),
                          "split the file"};
        }
        if (anchor != 0) {
            if (m_anchors.size() <= anchor) {
                m_anchors.resize(anchor + 1);
            }
            m_anchors[anchor] = Anchored{node, weight};
        }
        if (m_open.empty()) {
            m_root = std::move(node);
            return;
        }
        Open& parent = m_open.back();
        parent.weight += weight;
        if (parent.node->kind == Kind::Sequence) {
            parent.node->items.push_back(std::move(node));
        } else if (parent.keyNext) {
            beginEntry(parent, *node, place);
        } else {
            endEntry(parent, std::move(node));
        }
    }

    void beginEntry(Open& parent, const Node& key, const SourcePlace& place) {
        if (key.kind != Kind::Scalar) {
            throw Refused{place, "a key that is not text", "write a plain word before the colon"};
        }
        if (key.scalar == "<<" && !key.quoted) {
            throw Refused{place, "merge keys (`<<`) are not supported",
                          "write the keys out, or alias a whole value"};
        }
        parent.pending = Entry{key.scalar, place, nullptr};
        parent.keyNext = false;
    }

    void endEntry(Open& parent, NodePtr value) {
        parent.keyNext = true;
        parent.pending.value = std::move(value);
        if (!parent.keys.insert(parent.pending.key).second) {
            const SourcePlace first = placeOfKey(*parent.node, parent.pending.key);
            m_problems.push_back({Severity::Error, parent.pending.place,
                                  "`" + utf8::shortened(parent.pending.key) + "` is given twice",
                                  "the first is in line " + std::to_string(first.line) + "; keep one"});
            return;
        }
        parent.node->entries.push_back(std::move(parent.pending));
    }

    static SourcePlace placeOfKey(const Node& node, const std::string& key) {
        for (const Entry& entry : node.entries) {
            if (entry.key == key) {
                return entry.place;
            }
        }
        return {};
    }

    const Places& m_places;
    const Limits& m_limits;
    Diagnostics& m_problems;
    std::vector<Open> m_open;
    std::vector<Anchored> m_anchors;
    NodePtr m_root;
    long m_nodes = 0;
    int m_aliases = 0;
};

Diagnostics refusal(SourcePlace place, std::string message, std::string remedy) {
    return {Diagnostic{Severity::Error, std::move(place), std::move(message), std::move(remedy)}};
}

std::optional<Diagnostics> unreadable(const std::string& text, const std::string& file,
                                      const Limits& limits) {
    if (text.size() > limits.maxBytes) {
        return refusal({file, 0, 0},
                       "the file has " + std::to_string(text.size()) + " bytes; the limit is " +
                           std::to_string(limits.maxBytes),
                       "split it, or remove what is not a scenario");
    }
    if (const auto bad = utf8::firstNotText(text)) {
        return refusal({file, bad->line, bad->column}, bad->what, "a scenario is UTF-8 text");
    }
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
        return refusal({file, 0, 0}, "the file is empty", "start from `clusters:` and `train_jobs:`");
    }
    return std::nullopt;
}

} // namespace

const Node* Node::find(std::string_view key) const {
    for (const Entry& entry : entries) {
        if (entry.key == key) {
            return entry.value.get();
        }
    }
    return nullptr;
}

std::string_view name(Kind kind) {
    switch (kind) {
    case Kind::Null:
        return "nothing";
    case Kind::Scalar:
        return "a single value";
    case Kind::Sequence:
        return "a list";
    case Kind::Mapping:
        return "a mapping";
    }
    return {};
}

Result<NodePtr> parse(const std::string& text, const std::string& file, const Limits& limits,
                      Diagnostics& problems) {
    if (auto bad = unreadable(text, file, limits)) {
        return *bad;
    }
    const Places places(text, file);
    TreeBuilder builder(places, limits, problems);
    TreeBuilder second(places, limits, problems);
    try {
        std::istringstream stream(text);
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(builder) || !builder.root()) {
            return refusal({file, 0, 0}, "the file holds no values",
                           "start from `clusters:` and `train_jobs:`");
        }
        if (parser.HandleNextDocument(second)) {
            return refusal(second.root() ? second.root()->place : SourcePlace{file, 0, 0},
                           "a second document", "a file holds one scenario; remove the `---`");
        }
    } catch (const Refused& refused) {
        return refusal(refused.place, refused.message, refused.remedy);
    } catch (const YAML::Exception& wrong) {
        return refusal(places.of(wrong.mark), "not YAML: " + wrong.msg,
                       "check the indentation and the quotes near it");
    } catch (const std::exception& wrong) {
        return refusal({file, 0, 0}, std::string("not readable: ") + wrong.what(), "check the file");
    }
    return builder.root();
}

} // namespace atlas::yaml

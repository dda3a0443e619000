// A table for people: columns aligned by what is seen, not by bytes.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace atlas::cli {

class TextTable {
public:
    using Row = std::vector<std::string>; ///< UTF-8, one line a cell

    void add(Row row) { m_rows.push_back(std::move(row)); }
    /// An empty line.
    void gap() { m_rows.emplace_back(); }
    /// First column to the left, the others to the left of their column, two spaces between; no trailing
    /// blanks.
    void print(std::ostream& out) const;

private:
    std::vector<Row> m_rows;
};

/// Characters of UTF-8 text.
[[nodiscard]] std::size_t widthOf(const std::string& text);

} // namespace atlas::cli

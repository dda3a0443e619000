#include "model/validation/runs_csv.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace atlas::validation {

namespace {

std::string trimmed(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && blank(text.back())) {
        text.remove_suffix(1);
    }
    return std::string(text);
}

/// Reads one record from `at` on; false when a quote never ends.
bool readRecord(std::string_view csv, std::size_t& at, int& line, std::vector<std::string>& cells) {
    cells.clear();
    std::string cell;
    bool quoted = false;
    while (at < csv.size()) {
        const char c = csv[at++];
        line += c == '\n' ? 1 : 0;
        if (quoted) {
            if (c != '"') {
                cell += c;
            } else if (at < csv.size() && csv[at] == '"') {
                cell += '"';
                ++at;
            } else {
                quoted = false;
            }
        } else if (c == '"') {
            quoted = true;
        } else if (c == ',') {
            cells.push_back(trimmed(cell));
            cell.clear();
        } else if (c == '\n' || c == '\r') {
            if (c == '\r' && at < csv.size() && csv[at] == '\n') {
                ++at;
                ++line;
            }
            break;
        } else {
            cell += c;
        }
    }
    cells.push_back(trimmed(cell));
    return !quoted;
}

bool blankRecord(const std::vector<std::string>& cells) {
    return cells.size() == 1 && cells.front().empty();
}

} // namespace

const std::string& RunRow::text(std::string_view column) const {
    static const std::string none;
    const auto found = cells.find(column);
    return found == cells.end() ? none : found->second;
}

std::optional<double> RunRow::number(std::string_view column, bool* wrong) const {
    const std::string& cell = text(column);
    if (cell.empty()) {
        return std::nullopt;
    }
    char* end = nullptr;
    const double value = std::strtod(cell.c_str(), &end);
    if (end != cell.c_str() + cell.size() || !std::isfinite(value)) {
        if (wrong != nullptr) {
            *wrong = true;
        }
        return std::nullopt;
    }
    return value;
}

bool RunRow::isClean() const {
    return text("complete_inputs") == "yes" && text("flag").empty();
}

Result<std::vector<RunRow>> parseRuns(std::string_view csv, const std::string& file) {
    const auto refuse = [&](int line, const std::string& message, const std::string& remedy) {
        return Diagnostics{{Severity::Error, {file, line, 0}, message, remedy}};
    };
    if (csv.size() > kMaxRunBytes) {
        return refuse(0, "the file is larger than 64 MiB", "split it");
    }
    if (csv.substr(0, 3) == "\xEF\xBB\xBF") {
        csv.remove_prefix(3);
    }
    std::size_t at = 0;
    int line = 1;
    std::vector<std::string> header;
    const auto commented = [&] { return at < csv.size() && csv[at] == '#'; };
    while (at < csv.size() && (header.empty() || blankRecord(header))) {
        if (commented()) {
            at = std::min(csv.find('\n', at), csv.size() - 1) + 1;
            ++line;
            continue;
        }
        if (!readRecord(csv, at, line, header)) {
            return refuse(line, "a quote in the header never ends", "close it");
        }
    }
    bool hasId = false;
    for (const std::string& name : header) {
        hasId = hasId || name == "id";
    }
    if (!hasId) {
        return refuse(1, "the header has no column `id`",
                      "write the columns of resources/validation/training_runs.csv");
    }
    std::vector<RunRow> rows;
    std::vector<std::string> cells;
    while (at < csv.size()) {
        RunRow row;
        row.line = line;
        if (!readRecord(csv, at, line, cells)) {
            return refuse(row.line, "a quote in this row never ends", "close it");
        }
        if (blankRecord(cells)) {
            continue;
        }
        for (std::size_t i = 0; i < cells.size() && i < header.size(); ++i) {
            row.cells.emplace(header[i], std::move(cells[i]));
        }
        if (rows.size() == kMaxRuns) {
            return refuse(row.line, "more than a million rows", "split the file");
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

Result<std::vector<RunRow>> readRuns(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return Diagnostics{{Severity::Error, {file, 0, 0}, "cannot be read", "check the path"}};
    }
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) {
        return Diagnostics{{Severity::Error, {file, 0, 0}, "cannot be read", "check that it is a file"}};
    }
    return parseRuns(text.str(), file);
}

std::string csvCell(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        return std::string(text);
    }
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c;
        if (c == '"') {
            quoted += '"';
        }
    }
    return quoted + '"';
}

} // namespace atlas::validation

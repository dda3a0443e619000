#include "model/core/nearest.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace atlas {

namespace {

constexpr std::size_t kLongestWord = 120; ///< longer words are not misspelt keys
constexpr std::size_t kListed = 20;       ///< as many valid words fit in a message

char lower(char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

/// The shortest candidate that goes on from the word: "H100" means "H100-SXM" rather than "H200".
std::string beginningWith(std::string_view word, std::span<const std::string> candidates) {
    std::string_view found;
    for (const std::string& candidate : candidates) {
        const bool begins =
            word.size() >= 3 && candidate.size() >= word.size() &&
            std::ranges::equal(word, std::string_view(candidate).substr(0, word.size()), {}, lower, lower);
        if (begins && (found.empty() || candidate.size() < found.size())) {
            found = candidate;
        }
    }
    return std::string(found);
}

} // namespace

int editDistance(std::string_view a, std::string_view b, int limit) {
    const int n = static_cast<int>(a.size());
    const int m = static_cast<int>(b.size());
    if (std::abs(n - m) > limit) {
        return limit + 1;
    }
    const auto width = static_cast<std::size_t>(m) + 1;
    std::vector<int> beforeLast(width);
    std::vector<int> last(width);
    std::vector<int> row(width);
    for (std::size_t j = 0; j < width; ++j) {
        last[j] = static_cast<int>(j);
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = static_cast<int>(i);
        int best = row[0];
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const int change = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1])) {
                row[j] = std::min(row[j], beforeLast[j - 2] + 1);
            }
            best = std::min(best, row[j]);
        }
        if (best > limit) {
            return limit + 1;
        }
        std::swap(beforeLast, last);
        std::swap(last, row);
    }
    return std::min(last[b.size()], limit + 1);
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
    if (word.size() < 2 || word.size() > kLongestWord) {
        return {};
    }
    if (std::string begun = beginningWith(word, candidates); !begun.empty()) {
        return begun;
    }
    const int limit = std::max(1, (static_cast<int>(word.size()) + 1) / 3);
    int best = limit + 1;
    std::string_view found;
    for (const std::string& candidate : candidates) {
        const int distance = editDistance(word, candidate, limit);
        if (distance < best) {
            best = distance;
            found = candidate;
        }
    }
    if (found.empty() && word.size() >= 3) {
        for (const std::string& candidate : candidates) {
            const auto at = std::search(candidate.begin(), candidate.end(), word.begin(), word.end(),
                                        [](char a, char b) { return lower(a) == lower(b); });
            if (at != candidate.end() && (found.empty() || candidate.size() < found.size())) {
                found = candidate;
            }
        }
    }
    return std::string(found);
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
    if (const std::string near = nearest(word, candidates); !near.empty()) {
        return "did you mean `" + near + "`?";
    }
    if (candidates.empty() || candidates.size() > kListed) {
        return {};
    }
    std::string list = candidates.size() == 1 ? "valid is: " : "valid are: ";
    for (const std::string& candidate : candidates) {
        if (&candidate != &candidates.front()) {
            list += ", ";
        }
        list += candidate;
    }
    return list;
}

} // namespace atlas

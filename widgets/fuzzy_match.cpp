#include "widgets/fuzzy_match.h"

#include <vector>

namespace atlas::widgets {
namespace {

constexpr int kLetter = 1;
constexpr int kWordStart = 8;
constexpr int kConsecutive = 9;
constexpr int kNone = -1'000'000;

} // namespace

std::optional<int> fuzzyScore(const QString& typed, const QString& text) {
    QString letters;
    for (const QChar c : typed) {
        if (!c.isSpace()) {
            letters += c.toLower();
        }
    }
    const QString lower = text.toLower();
    const auto n = static_cast<std::size_t>(lower.size());
    // best[j]: best score with the letters so far, the last of them at position j. The first round stands
    // before the text.
    std::vector<int> best(n, kNone);
    for (qsizetype i = 0; i < letters.size(); ++i) {
        std::vector<int> next(n, kNone);
        int bestBefore = i == 0 ? 0 : kNone; // over positions before j - 1
        for (std::size_t j = 0; j < n; ++j) {
            const auto at = static_cast<qsizetype>(j);
            if (lower[at] == letters[i]) {
                const bool wordStart = j == 0 || !lower[at - 1].isLetterOrNumber();
                const int base = kLetter + (wordStart ? kWordStart : 0);
                int score = bestBefore > kNone ? bestBefore + base : kNone;
                if (i > 0 && j > 0 && best[j - 1] > kNone) {
                    score = std::max(score, best[j - 1] + base + kConsecutive);
                }
                next[j] = score;
            }
            if (i > 0) {
                bestBefore = std::max(bestBefore, best[j]);
            }
        }
        best = std::move(next);
    }
    if (letters.isEmpty()) {
        return 0;
    }
    int score = kNone;
    for (const int s : best) {
        score = std::max(score, s);
    }
    if (score <= kNone) {
        return std::nullopt;
    }
    return score * 64 - static_cast<int>(std::min<qsizetype>(lower.size(), 63));
}

} // namespace atlas::widgets

#include "app/cli/validity_lines.h"

#include <nlohmann/json.hpp>

namespace atlas::cli {

void printValidity(std::ostream& out, const validation::Validity& validity, const std::string& who) {
    for (const validation::Excess& excess : validity.excesses) {
        out << validation::kMark << ' ' << (who.empty() ? "" : who + ": ") << excess.words << '\n';
    }
}

nlohmann::ordered_json validityJson(const validation::Validity& validity) {
    auto words = nlohmann::ordered_json::array();
    for (const validation::Excess& excess : validity.excesses) {
        words.push_back(excess.words);
    }
    return words;
}

} // namespace atlas::cli

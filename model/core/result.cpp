#include "model/core/result.h"

#include <algorithm>

namespace atlas {

std::string Diagnostic::text() const {
    std::string out;
    if (!place.file.empty()) {
        out += place.file;
        out += ':';
    }
    if (place.line > 0) {
        out += std::to_string(place.line) + ':' + std::to_string(place.column) + ':';
    }
    if (!out.empty()) {
        out += ' ';
    }
    out += severity == Severity::Error ? "error: " : "warning: ";
    out += message;
    if (!remedy.empty()) {
        out += "; " + remedy;
    }
    return out;
}

std::string text(const Diagnostics& diagnostics) {
    std::string out;
    for (const Diagnostic& diagnostic : diagnostics) {
        out += diagnostic.text() + '\n';
    }
    return out;
}

bool hasErrors(const Diagnostics& diagnostics) {
    return std::ranges::any_of(diagnostics,
                               [](const Diagnostic& d) { return d.severity == Severity::Error; });
}

Diagnostics failure(std::string message, std::string remedy) {
    return {Diagnostic{Severity::Error, {}, std::move(message), std::move(remedy)}};
}

} // namespace atlas

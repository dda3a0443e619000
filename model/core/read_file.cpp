#include "model/core/yaml_document.h"

#include <filesystem>
#include <fstream>

namespace atlas::yaml {

namespace {

Diagnostics unreadable(const std::string& file, std::string message, std::string remedy) {
    return {Diagnostic{Severity::Error, {file, 0, 0}, std::move(message), std::move(remedy)}};
}

} // namespace

Result<std::string> readFile(const std::string& file, std::size_t maxBytes) {
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::file_status status = fs::status(file, error);
    if (error || !fs::exists(status)) {
        return unreadable(file, "no such file", "check the name and the folder");
    }
    if (fs::is_directory(status)) {
        return unreadable(file, "is a folder", "name a *.atlas.yaml file in it");
    }
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return unreadable(file, "cannot be opened", "check the permissions");
    }
    // Read one byte past the limit rather than trust a size: pipes and devices have none.
    std::string text(maxBytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > maxBytes) {
        return unreadable(file, "is larger than the limit of " + std::to_string(maxBytes) + " bytes",
                          "split it, or remove what is not a scenario");
    }
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.erase(0, 3);
    }
    return text;
}

} // namespace atlas::yaml

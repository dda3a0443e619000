#include "model/core/utf8.h"

namespace atlas::utf8 {

namespace {

bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u;
}

/// Bytes of the sequence that starts at `at`; 0 if it is not UTF-8 (overlong, surrogate or beyond U+10FFFF).
std::size_t sequenceLength(std::string_view text, std::size_t at) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t size = first < 0x80                    ? 1
                             : first >= 0xC2 && first < 0xE0 ? 2
                             : (first & 0xF0u) == 0xE0       ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
    if (size == 0 || at + size > text.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < size; ++i) {
        if (!isContinuation(text[at + i])) {
            return 0;
        }
    }
    const auto second = size > 1 ? static_cast<unsigned char>(text[at + 1]) : 0;
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0) ||
        (first == 0xF0 && second < 0x90) || (first == 0xF4 && second >= 0x90)) {
        return 0;
    }
    return size;
}

bool isControl(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7F;
}

} // namespace

int length(std::string_view text) {
    int count = 0;
    for (const char c : text) {
        count += isContinuation(c) ? 0 : 1;
    }
    return count;
}

std::optional<BadPlace> firstNotText(std::string_view text) {
    BadPlace place;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t size = sequenceLength(text, at);
        if (size == 0) {
            place.what = "a byte that is not UTF-8 text";
            return place;
        }
        if (isControl(text[at])) {
            place.what = "a control character (byte " + std::to_string(static_cast<int>(text[at])) +
                         "): this looks like a binary file";
            return place;
        }
        if (text[at] == '\n') {
            ++place.line;
            place.column = 1;
        } else {
            ++place.column;
        }
        at += size;
    }
    return std::nullopt;
}

std::string shortened(std::string_view text, std::size_t most) {
    std::string out;
    std::size_t characters = 0;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t size = sequenceLength(text, at);
        if (++characters > most) {
            return out + "...";
        }
        if (size == 0 || isControl(text[at]) || text[at] == '\n' || text[at] == '\t' || text[at] == '\r') {
            out += '.';
            size = size == 0 ? 1 : size;
        } else {
            out += text.substr(at, size);
        }
        at += size;
    }
    return out;
}

} // namespace atlas::utf8

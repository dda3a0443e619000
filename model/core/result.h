// Errors as values: what is wrong, where, and what to do about it.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace atlas {

/// A place in an input file. Lines and columns count from 1; 0 means "not known".
struct SourcePlace {
    std::string file;
    int line = 0;
    int column = 0;
};

enum class Severity { Error, Warning };

/// One finding about an input. `message` says what is wrong, `remedy` what to do ("did you mean `halls`?").
struct Diagnostic {
    Severity severity = Severity::Error;
    SourcePlace place;
    std::string message;
    std::string remedy;

    /// "file:line:column: error: message; remedy", with the parts that are known.
    [[nodiscard]] std::string text() const;
};

using Diagnostics = std::vector<Diagnostic>;

/// All diagnostics, one a line.
[[nodiscard]] std::string text(const Diagnostics& diagnostics);
[[nodiscard]] bool hasErrors(const Diagnostics& diagnostics);

/// An error without a place in a file.
[[nodiscard]] Diagnostics failure(std::string message, std::string remedy = {});

/// Either a value or the reasons why there is none. Nothing in the model throws across a floor.
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value)
        : m_content(std::in_place_index<0>, std::move(value)) {}
    Result(Diagnostics errors)
        : m_content(std::in_place_index<1>, std::move(errors)) {}

    [[nodiscard]] bool ok() const { return m_content.index() == 0; }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] const T& value() const& { return std::get<0>(m_content); }
    [[nodiscard]] T& value() & { return std::get<0>(m_content); }
    [[nodiscard]] T&& value() && { return std::get<0>(std::move(m_content)); }
    const T& operator*() const& { return value(); }
    T& operator*() & { return value(); }
    const T* operator->() const { return &value(); }
    T* operator->() { return &value(); }
    /// Precondition: !ok().
    [[nodiscard]] const Diagnostics& errors() const { return std::get<1>(m_content); }

private:
    std::variant<T, Diagnostics> m_content;
};

} // namespace atlas

// The two strategies on screen, A left and B right.
#pragma once

#include <array>
#include <cstddef>

namespace atlas::widgets {

enum class Side { A, B };
inline constexpr std::array kSides = {Side::A, Side::B};

[[nodiscard]] constexpr std::size_t index(Side side) {
    return side == Side::A ? 0 : 1;
}

[[nodiscard]] constexpr char letter(Side side) {
    return side == Side::A ? 'A' : 'B';
}

} // namespace atlas::widgets

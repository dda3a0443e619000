// Counter-based random numbers: a pure function of key and counter, so that any instant can be asked for in
// any order and from any thread. Philox4x32-10 of Salmon et al., "Parallel random numbers: as easy as 1, 2,
// 3", SC11.
#pragma once

#include <Random123/philox.h>

#include <array>
#include <cstdint>

namespace atlas::random {

/// What a draw is for. One purpose never reuses another's counters.
enum class Purpose : std::uint32_t {
    StaticSpeed = 1,
    StepMaximum = 2,
    StepCulprit = 3,
    StepMember = 4,
    FailSlow = 5,
    FailStop = 6,
    Repair = 7,
    Demand = 8,
    MonteCarlo = 9,
    Serving = 10,
    StepSlow = 11,
    StepLoad = 12,
    Population = 13,
};

/// Four uniform 32-bit words for (seed, purpose, a, b).
[[nodiscard]] inline std::array<std::uint32_t, 4> words(std::uint64_t seed, Purpose purpose, std::uint64_t a,
                                                        std::uint32_t b = 0) {
    const r123::Philox4x32::ctr_type counter = {{static_cast<std::uint32_t>(a),
                                                 static_cast<std::uint32_t>(a >> 32), b,
                                                 static_cast<std::uint32_t>(purpose)}};
    const r123::Philox4x32::key_type key = {
        {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
    const auto out = r123::Philox4x32{}(counter, key);
    return {out[0], out[1], out[2], out[3]};
}

/// A double in the open interval (0, 1) from 52 bits, never 0 or 1 (a 53rd bit would round up to 1).
[[nodiscard]] inline double uniform(std::uint32_t high, std::uint32_t low) {
    const std::uint64_t bits = (static_cast<std::uint64_t>(high) << 20) ^ (low >> 12);
    return (static_cast<double>(bits) + 0.5) * 0x1.0p-52;
}

[[nodiscard]] inline double uniform(std::uint64_t seed, Purpose purpose, std::uint64_t a,
                                    std::uint32_t b = 0) {
    const auto w = words(seed, purpose, a, b);
    return uniform(w[0], w[1]);
}

} // namespace atlas::random

// What one GPU and its links can do under a calibration: achievable rates, ready for the hot loop.
#pragma once

#include "model/training/calibration.h"
#include "model/training/machine.h"

#include <array>
#include <cstddef>

namespace atlas::training {

/// Width of the operands of a layer's matrix products.
enum class MathWidth : std::size_t { Bits16, Bits8, Bits4, Count };

/// Achievable rates of one GPU.
struct Device {
    std::array<double, 3> gemmFlopPerS{}; ///< large GEMM, by MathWidth; 0: the GPU has no such unit
    /// Forward, long sequences, by AttentionKernel; the product of queries and keys where there is no flash.
    std::array<double, 4> attentionFlopPerS{};
    double shippedYear = 0;      ///< when its architecture reached its buyers
    double hbmBytesPerS = 0;     ///< what memory-bound kernels reach
    double operandSPerByte = 0;  ///< exposed time a byte of GEMM operand
    double quantiseSPerByte = 0; ///< time a byte of casting
    double bf16PeakFlopPerS = 0;
    double hbmBytes = 0;
    double tdpW = 0, idleW = 0;
    std::array<double, 3> peakFlopPerS{};
};

[[nodiscard]] Device deviceOf(const Pool& pool, const Calibration& calibration);

/// The levels of one pool's network as the hot loop reads them.
struct Fabric {
    static constexpr int kMaxLevels = 6;
    int levels = 0;
    std::array<double, kMaxLevels> reach{};    ///< GPUs within one unit of the level
    std::array<double, kMaxLevels> sPerByte{}; ///< per GPU, effective
    std::array<double, kMaxLevels> latencyS{}; ///< one hop
    std::array<bool, kMaxLevels> inNetwork{};  ///< switch reduces
    double domain = 1;                         ///< GPUs in the innermost level
};

[[nodiscard]] Fabric fabricOf(const Pool& pool, const Calibration& calibration);

/// Seconds of a reduce-scatter or an all-gather of `bytes` (the whole buffer, the gathered side) over `n`
/// ranks that are `stride` GPUs apart. Hierarchical and chunk-pipelined: the slowest level dominates the
/// volume, latencies add and grow with log2 of each level's span (ring where that is shorter). Volume of
/// level l: bytes / (ranks joined below) * (u - 1) / u with u units. Thakur et al. 2005; NCCL's PAT for the
/// log span.
[[nodiscard]] double gatherS(const Fabric& fabric, double n, double stride, double bytes);
/// All-reduce: twice that, but once where every level it spans reduces in the switch.
[[nodiscard]] double reduceS(const Fabric& fabric, double n, double stride, double bytes);
/// One send of `bytes` to the GPU `stride` away.
[[nodiscard]] double sendS(const Fabric& fabric, double stride, double bytes);
/// Parts of an all-to-all that run on different links.
struct Exchange {
    double innerS = 0; ///< inside the NVLink domain
    double outerS = 0; ///< between domains
};

/// All-to-all where every rank sends `bytes` in all, `copies` of each token to different ranks. What leaves a
/// domain goes once to each other domain a token has copies in, at most `domainLimit` of them (node-limited
/// dispatch: DeepSeek-V3, arXiv:2412.19437, section 3.2.2); inside a domain every copy travels.
[[nodiscard]] Exchange exchangeS(const Fabric& fabric, double n, double stride, double bytes, double copies,
                                 double domainLimit);

} // namespace atlas::training

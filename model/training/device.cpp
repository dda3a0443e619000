#include "model/training/device.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace atlas::training {

namespace {

/// Rounds of a recursive algorithm: log2, rounded up.
double stepsOver(double ranks) {
    return ranks <= 1 ? 0.0 : static_cast<double>(std::bit_width(static_cast<std::uint64_t>(ranks) - 1));
}

/// std::floor and std::ceil of what is above 0 and below 2^63, which the compiler need not call for: this is
/// asked for millions of layouts.
double floorOf(double positive) {
    return static_cast<double>(static_cast<std::int64_t>(positive));
}
double ceilOf(double positive) {
    const double below = floorOf(positive);
    return below < positive ? below + 1 : below;
}

enum class Architecture { Ampere, Hopper, Blackwell, BlackwellUltra };

/// By capability, so that a class added to the catalogue finds its place: fp8 came with Hopper, fp4 with
/// Blackwell, and Blackwell Ultra is the one whose fp4 rate is three times its fp8 rate.
Architecture architectureOf(const Pool& pool) {
    if (pool.fp4FlopPerS > 2.5 * pool.fp8FlopPerS && pool.fp8FlopPerS > 0) {
        return Architecture::BlackwellUltra;
    }
    if (pool.fp4FlopPerS > 0) {
        return Architecture::Blackwell;
    }
    return pool.fp8FlopPerS > 0 ? Architecture::Hopper : Architecture::Ampere;
}

double referenceOf(Architecture architecture, const Calibration& c) {
    switch (architecture) {
    case Architecture::Ampere:
        return c.referenceWattPerFlopPerS[0];
    case Architecture::Hopper:
        return c.referenceWattPerFlopPerS[1];
    case Architecture::Blackwell:
    case Architecture::BlackwellUltra:
        break;
    }
    return c.referenceWattPerFlopPerS[2];
}

double shippedYearOf(Architecture architecture, const Calibration& c) {
    return c.shippedYear[std::min<std::size_t>(static_cast<std::size_t>(architecture), 2)];
}

double gemmShare(Architecture architecture, const Calibration& c) {
    switch (architecture) {
    case Architecture::Ampere:
        return c[Constant::GemmAmpere];
    case Architecture::Hopper:
        return c[Constant::GemmHopper];
    case Architecture::Blackwell:
        return c[Constant::GemmBlackwell];
    case Architecture::BlackwellUltra:
        break;
    }
    return c[Constant::GemmBlackwell] * c[Constant::BlackwellUltra];
}

} // namespace

Device deviceOf(const Pool& pool, const Calibration& c) {
    const Architecture architecture = architectureOf(pool);
    const double reference = referenceOf(architecture, c);
    // Dynamic power goes as f V^2, about f^(1/exponent): under a cap the clock follows power per FLOP/s.
    const double clock =
        pool.tdpW > 0 ? std::pow(pool.tdpW / pool.bf16FlopPerS / reference, c[Constant::ClockExponent]) : 1.0;
    const double share = gemmShare(architecture, c) * clock;
    const Constant fp8 =
        architecture == Architecture::Hopper ? Constant::Fp8OfPeakHopper : Constant::Fp8OfPeakBlackwell;
    Device device;
    device.shippedYear = shippedYearOf(architecture, c);
    device.bf16PeakFlopPerS = pool.bf16FlopPerS;
    device.peakFlopPerS = {pool.bf16FlopPerS, pool.fp8FlopPerS, pool.fp4FlopPerS};
    device.gemmFlopPerS = {share * pool.bf16FlopPerS, share * c[fp8] * pool.fp8FlopPerS,
                           share * c[Constant::Fp4OfPeak] * pool.fp4FlopPerS};
    const double foreign = architecture == Architecture::Ampere ? 1 : c.assumptions.foreignAttention;
    const double attention = clock * pool.bf16FlopPerS;
    device.attentionFlopPerS = {device.gemmFlopPerS[0], attention * foreign * c[Constant::AttentionFlash1],
                                attention * foreign * c[Constant::Attention],
                                attention * c[Constant::Attention]};
    device.hbmBytesPerS = c[Constant::Elementwise] * pool.hbmBytesPerS;
    device.operandSPerByte = c[Constant::OperandTraffic] / pool.hbmBytesPerS;
    device.quantiseSPerByte = c[Constant::Quantise] / device.hbmBytesPerS;
    device.hbmBytes = pool.hbmBytes;
    device.tdpW = pool.tdpW;
    device.idleW = pool.idleW;
    return device;
}

Fabric fabricOf(const Pool& pool, const Calibration& c) {
    Fabric fabric;
    double reach = 1;
    for (const NetworkLevel& level : pool.levels) {
        if (fabric.levels == Fabric::kMaxLevels) {
            break;
        }
        const auto i = static_cast<std::size_t>(fabric.levels);
        reach *= static_cast<double>(level.size);
        const bool innermost = fabric.levels == 0;
        // Within the NVLink domain and under one leaf there is nothing to collide with; above it the routing
        // of the fabric decides what is left, relative to the fabric the share of the line rate was measured
        // on.
        const double efficiency = innermost            ? c.assumptions.nvlinkEfficiency
                                  : fabric.levels == 1 ? c.assumptions.nicEfficiency
                                                       : c.assumptions.nicEfficiency * pool.nicEfficiency /
                                                             c.assumptions.fabricEfficiency;
        fabric.reach[i] = reach;
        fabric.sPerByte[i] = 1 / (level.bytesPerS * efficiency);
        fabric.latencyS[i] = level.latencyS;
        fabric.inNetwork[i] = level.inNetworkReduction;
        ++fabric.levels;
    }
    fabric.domain = fabric.levels > 0 ? fabric.reach[0] : 1;
    return fabric;
}

double gatherS(const Fabric& fabric, double n, double stride, double bytes) {
    if (n <= 1) {
        return 0;
    }
    double joined = 1;
    double slowest = 0;
    double latency = 0;
    for (int l = 0; l < fabric.levels && joined < n; ++l) {
        const auto i = static_cast<std::size_t>(l);
        const bool outermost = l + 1 == fabric.levels;
        const double within = outermost ? n : std::min(n, std::max(1.0, floorOf(fabric.reach[i] / stride)));
        if (within <= joined) {
            continue;
        }
        const double units = ceilOf(within / joined);
        slowest = std::max(slowest, bytes / joined * (units - 1) / units * fabric.sPerByte[i]);
        latency += fabric.latencyS[i] * stepsOver(units);
        joined = within;
    }
    return slowest + latency;
}

double reduceS(const Fabric& fabric, double n, double stride, double bytes) {
    bool inNetwork = fabric.levels > 0;
    for (int l = 0; l < fabric.levels; ++l) {
        const auto i = static_cast<std::size_t>(l);
        const bool spanned = l == 0 || fabric.reach[i - 1] < n * stride;
        inNetwork = inNetwork && (fabric.inNetwork[i] || !spanned);
    }
    return (inNetwork ? 1 : 2) * gatherS(fabric, n, stride, bytes);
}

double sendS(const Fabric& fabric, double stride, double bytes) {
    int l = 0;
    while (l + 1 < fabric.levels && fabric.reach[static_cast<std::size_t>(l)] < 2 * stride) {
        ++l;
    }
    const auto i = static_cast<std::size_t>(l);
    return fabric.levels == 0 ? 0 : bytes * fabric.sPerByte[i] + fabric.latencyS[i];
}

Exchange exchangeS(const Fabric& fabric, double n, double stride, double bytes, double copies,
                   double domainLimit) {
    Exchange time;
    if (n <= 1 || fabric.levels == 0) {
        return time;
    }
    const double inside = std::min(n, std::max(1.0, std::floor(fabric.reach[0] / stride)));
    const double domains = std::ceil(n / inside);
    time.innerS = bytes * (n - 1) / n * fabric.sPerByte[0] + fabric.latencyS[0] * stepsOver(inside);
    if (domains > 1) {
        // Distinct other domains among `copies` uniform choices, each of which gets the token once.
        const double reached = std::min(domainLimit, (domains - 1) * (1 - std::pow(1 - 1 / domains, copies)));
        int l = 1;
        while (l + 1 < fabric.levels && fabric.reach[static_cast<std::size_t>(l)] < n * stride) {
            ++l;
        }
        const auto i = static_cast<std::size_t>(std::min(l, fabric.levels - 1));
        time.outerS = bytes * reached / copies * fabric.sPerByte[i] + fabric.latencyS[i] * (domains - 1);
    }
    return time;
}

} // namespace atlas::training

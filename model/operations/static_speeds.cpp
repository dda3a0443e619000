#include "model/operations/static_speeds.h"

#include "model/core/philox.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace atlas::operations {

namespace {

constexpr double kBinWidth = 0.1; ///< of sigma
constexpr double kLowest = -kBinWidth * StaticSpeeds::kBins / 2;

/// Upper ends of the bins as 32-bit uniforms: the normal distribution function, the last one open.
std::array<std::uint32_t, StaticSpeeds::kBins> thresholds() {
    std::array<std::uint32_t, StaticSpeeds::kBins> ends{};
    for (std::size_t b = 0; b < ends.size(); ++b) {
        const double z = kLowest + kBinWidth * static_cast<double>(b + 1);
        const double share = 0.5 * std::erfc(-z / std::numbers::sqrt2);
        ends[b] = static_cast<std::uint32_t>(std::min(share * 0x1.0p32, 0x1.0p32 - 1));
    }
    ends.back() = 0xffffffffu;
    return ends;
}

} // namespace

StaticSpeeds::StaticSpeeds(std::uint64_t seed, cluster::Index gpus, double sigma)
    : m_bin(gpus) {
    for (std::size_t b = 0; b < kBins; ++b) {
        m_slowdown[b] = slowdown(b, sigma);
    }
    const auto ends = thresholds();
    tbb::parallel_for(tbb::blocked_range<cluster::Index>(0, (gpus + 3) / 4, 4096), [&](const auto& quads) {
        for (cluster::Index quad = quads.begin(); quad < quads.end(); ++quad) {
            const auto words = random::words(seed, random::Purpose::StaticSpeed, quad);
            for (cluster::Index i = 0; i < 4 && 4 * quad + i < gpus; ++i) {
                const auto end = std::ranges::lower_bound(ends, words[i]);
                m_bin[4 * quad + i] = static_cast<std::uint8_t>(end - ends.begin());
            }
        }
    });
}

double StaticSpeeds::slowdown(std::size_t bin, double sigma) {
    constexpr double kSlowest = 0.2; // a speed no GPU falls below, however wide the spread
    const double z = kLowest + kBinWidth * (static_cast<double>(bin) + 0.5);
    return 1 / std::max(kSlowest, 1 + sigma * z);
}

const std::array<double, StaticSpeeds::kBins>& StaticSpeeds::expectedShares() {
    static const std::array<double, kBins> made = [] {
        std::array<double, kBins> shares{};
        double before = 0;
        const auto ends = thresholds();
        for (std::size_t b = 0; b < kBins; ++b) {
            const double upTo = b + 1 == kBins ? 1 : ends[b] * 0x1.0p-32;
            shares[b] = upTo - before;
            before = upTo;
        }
        return shares;
    }();
    return made;
}

void StaticSpeeds::addTo(Histogram& counts, cluster::Range gpus) const {
    for (cluster::Index gpu = gpus.first; gpu < gpus.end(); ++gpu) {
        ++counts[m_bin[gpu]];
    }
}

StaticSpeeds::Histogram StaticSpeeds::histogram(cluster::Range gpus) const {
    Histogram counts{};
    addTo(counts, gpus);
    return counts;
}

cluster::Index StaticSpeeds::member(cluster::Range gpus, std::size_t bin, std::uint32_t& n) const {
    const auto wanted = static_cast<std::uint8_t>(bin);
    constexpr cluster::Index kBlock = 4096;
    for (cluster::Index first = gpus.first; first < gpus.end(); first += kBlock) {
        const cluster::Index end = std::min(first + kBlock, gpus.end());
        const auto here =
            static_cast<std::uint32_t>(std::count(m_bin.begin() + first, m_bin.begin() + end, wanted));
        if (n >= here) {
            n -= here;
            continue;
        }
        for (cluster::Index gpu = first; gpu < end; ++gpu) {
            if (m_bin[gpu] == wanted && n-- == 0) {
                return gpu;
            }
        }
    }
    return cluster::kNone;
}

} // namespace atlas::operations

// The lasting speed of every GPU: silicon, cooling and position make GPUs of one class differ for good.
#pragma once

#include "model/cluster/cluster.h"

#include <array>
#include <cstdint>
#include <vector>

namespace atlas::operations {

/// Speeds are kept in bins of a tenth of sigma, so that a histogram of them is exact: the maximum over a
/// class then needs one term a bin and not one a GPU.
class StaticSpeeds {
public:
    static constexpr std::size_t kBins = 96;
    using Histogram = std::array<std::uint32_t, kBins>;

    /// Speed of a GPU relative to its class: normal around 1 with standard deviation `sigma`, a pure function
    /// of seed and GPU.
    StaticSpeeds(std::uint64_t seed, cluster::Index gpus, double sigma);

    [[nodiscard]] std::uint8_t binOf(cluster::Index gpu) const { return m_bin[gpu]; }
    [[nodiscard]] const std::uint8_t* bins() const { return m_bin.data(); }
    /// Time of a GPU of a bin over that of one of average speed.
    [[nodiscard]] double slowdown(std::size_t bin) const { return m_slowdown[bin]; }
    [[nodiscard]] Histogram histogram(cluster::Range gpus) const;
    void addTo(Histogram& counts, cluster::Range gpus) const;
    /// Share of GPUs in each bin, expected.
    [[nodiscard]] static const std::array<double, kBins>& expectedShares();
    [[nodiscard]] static double slowdown(std::size_t bin, double sigma);
    /// The n-th GPU of a bin in a range, counted from 0; kNone if there are fewer, and `n` less those there
    /// are.
    [[nodiscard]] cluster::Index member(cluster::Range gpus, std::size_t bin, std::uint32_t& n) const;

private:
    std::vector<std::uint8_t> m_bin;
    std::array<double, kBins> m_slowdown{};
};

} // namespace atlas::operations

#include "model/operations/step_clock.h"

#include "model/core/philox.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <limits>

namespace atlas::operations {

namespace {

constexpr std::uint64_t kBlock = 512;  ///< steps
constexpr std::uint64_t kAtOnce = 256; ///< blocks summed in parallel
constexpr std::uint64_t kNoStep = std::numeric_limits<std::uint64_t>::max();

} // namespace

StepClock::StepClock(std::shared_ptr<const Barrier> barrier, double tailS, std::uint64_t seed,
                     std::uint32_t stream)
    : m_barrier(std::move(barrier))
    , m_tailS(tailS)
    , m_seed(seed)
    , m_stream(stream) {}

double StepClock::barrierS(std::uint64_t step) const {
    // Two steps share one call of the generator.
    const auto w = random::words(m_seed, random::Purpose::StepMaximum, step / 2, m_stream);
    return m_barrier->quantile(step % 2 == 0 ? random::uniform(w[0], w[1]) : random::uniform(w[2], w[3]));
}

double StepClock::blockSumS(std::uint64_t block) const {
    double sum = 0;
    for (std::uint64_t i = 0; i < kBlock; i += 2) {
        const auto w =
            random::words(m_seed, random::Purpose::StepMaximum, (block * kBlock + i) / 2, m_stream);
        sum += m_barrier->quantile(random::uniform(w[0], w[1])) + m_tailS;
        sum += m_barrier->quantile(random::uniform(w[2], w[3])) + m_tailS;
    }
    return sum;
}

template <class Reached>
void StepClock::extend(const Reached& reached) const {
    while (!reached()) {
        const std::uint64_t first = m_blockStartS.size() - 1;
        // Few at first, so that the beginning answers at once; more the farther one looks.
        const std::uint64_t count = std::clamp<std::uint64_t>(first, 1, kAtOnce);
        std::vector<double> sums(count);
        if (count < 8) {
            for (std::uint64_t i = 0; i < count; ++i) {
                sums[i] = blockSumS(first + i);
            }
        } else {
            // Isolated: a thread that waits here holds the mutex and must not pick up a task that wants it.
            tbb::this_task_arena::isolate([&] {
                tbb::parallel_for(std::uint64_t{0}, count,
                                  [&](std::uint64_t i) { sums[i] = blockSumS(first + i); });
            });
        }
        for (const double sum : sums) {
            m_blockStartS.push_back(m_blockStartS.back() + sum);
        }
    }
}

StepAt StepClock::walk(std::uint64_t block, double blockStartS, double timeS, std::uint64_t step) const {
    double partial = 0;
    StepAt at;
    for (std::uint64_t i = 0; i < kBlock; ++i) {
        at.step = block * kBlock + i;
        at.barrierS = barrierS(at.step);
        at.stepS = at.barrierS + m_tailS;
        at.startS = blockStartS + partial;
        partial += at.stepS;
        if (at.step == step || timeS < blockStartS + partial) {
            break;
        }
    }
    return at;
}

StepAt StepClock::at(double timeS) const {
    std::uint64_t block = 0;
    double startS = 0;
    {
        const std::lock_guard lock(m_mutex);
        extend([&] { return m_blockStartS.back() > timeS; });
        const auto after = std::ranges::upper_bound(m_blockStartS, timeS);
        block = static_cast<std::uint64_t>(after - m_blockStartS.begin()) - 1;
        startS = m_blockStartS[block];
    }
    return walk(block, startS, timeS, kNoStep);
}

StepAt StepClock::step(std::uint64_t number) const {
    const std::uint64_t block = number / kBlock;
    double startS = 0;
    {
        const std::lock_guard lock(m_mutex);
        extend([&] { return m_blockStartS.size() > block; });
        startS = m_blockStartS[block];
    }
    return walk(block, startS, std::numeric_limits<double>::infinity(), number);
}

} // namespace atlas::operations

#include "model/operations/run_clock.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <limits>

namespace atlas::operations {

namespace {

constexpr std::uint64_t kBlock = 512;  ///< steps
constexpr std::uint64_t kAtOnce = 256; ///< blocks summed in parallel
constexpr std::uint64_t kWorthIt = 8;  ///< fewer blocks are summed one after the other

} // namespace

RunClock::RunClock(std::shared_ptr<const LawBook> book, Slowness slowness, Cadence cadence, StepDraw first)
    : m_book(std::move(book))
    , m_slowness(std::move(slowness))
    , m_cadence(cadence)
    , m_first(first)
    , m_blocks{Cursor{}} {
    findChanges();
}

void RunClock::findChanges() {
    std::vector<double> times{0};
    const SlowPolicy& policy = m_book->policy();
    const auto add = [&](double t) {
        if (t > 0) {
            times.push_back(t);
        }
    };
    for (const Event& event : m_slowness.events) {
        add(event.timeS);
        add(event.endS());
        if (policy.proportional && event.timeS + policy.afterS < event.endS()) {
            add(event.timeS + policy.afterS); // from then on it is known to be slow
        }
    }
    std::ranges::sort(times);
    times.erase(std::ranges::unique(times).begin(), times.end());
    for (const double t : times) {
        std::vector<std::uint32_t> active;
        for (std::uint32_t i = 0; i < m_slowness.events.size(); ++i) {
            if (m_slowness.events[i].timeS <= t && t < m_slowness.events[i].endS()) {
                active.push_back(i);
            }
        }
        m_changes.push_back(
            {t, active.empty() ? m_book->healthy() : m_book->law(m_slowness.events, active, t)});
    }
}

StepAt RunClock::drawn(Cursor& cursor) const {
    while (cursor.change + 1 < m_changes.size() && m_changes[cursor.change + 1].fromS <= cursor.startS()) {
        ++cursor.change;
    }
    StepAt at;
    at.step = cursor.step;
    at.startS = cursor.startS();
    at.law = m_changes[cursor.change].law.get();
    at.draw = m_first;
    at.draw.step += cursor.step;
    const BarrierDraw barrier = at.law->draw(at.draw);
    at.barrierS = barrier.timeS;
    at.slow = barrier.slow;
    at.heaviest = barrier.heaviest;
    at.loadS = barrier.loadS;
    at.stepS = barrier.timeS + at.law->tailS;
    return at;
}

void RunClock::advance(Cursor& cursor, const StepAt& step) const {
    cursor.inBlockS += step.stepS;
    cursor.inBlockS += checkpointAfter(step.step) ? m_cadence.stallS : 0;
    if (++cursor.step % kBlock == 0) {
        cursor.blockS += cursor.inBlockS;
        cursor.inBlockS = 0;
    }
}

/// Adds up to `blocks` blocks that all begin and end under the conditions of the last one.
void RunClock::extendTogether(std::uint64_t blocks) const {
    Cursor last = m_blocks.back();
    (void)drawn(last); // moves on to its conditions
    const StepLaw& law = *m_changes[last.change].law;
    std::vector<double> sums(blocks);
    // Isolated: a thread that waits here holds the mutex and must not pick up a task that wants it.
    tbb::this_task_arena::isolate([&] {
        tbb::parallel_for(std::uint64_t{0}, blocks, [&](std::uint64_t b) {
            StepDraw draw = m_first;
            double sum = 0;
            for (std::uint64_t i = 0; i < kBlock; ++i) {
                const std::uint64_t step = last.step + b * kBlock + i;
                draw.step = m_first.step + step;
                sum += law.draw(draw).timeS + law.tailS;
                sum += checkpointAfter(step) ? m_cadence.stallS : 0;
            }
            sums[b] = sum;
        });
    });
    const double untilS = last.change + 1 < m_changes.size() ? m_changes[last.change + 1].fromS
                                                             : std::numeric_limits<double>::infinity();
    for (const double sum : sums) {
        if (last.blockS + sum > untilS) {
            break;
        }
        last.step += kBlock;
        last.blockS += sum;
        m_blocks.push_back(last);
    }
}

template <class Reached>
void RunClock::extend(const Reached& reached) const {
    while (!reached()) {
        // Few at first, so that the beginning answers at once; more the farther one looks.
        const std::uint64_t known = m_blocks.size();
        const std::uint64_t together = std::min(known, kAtOnce);
        if (together >= kWorthIt) {
            extendTogether(together);
            if (m_blocks.size() > known) {
                continue;
            }
        }
        // One block, through whatever changes in it.
        Cursor cursor = m_blocks.back();
        for (std::uint64_t i = 0; i < kBlock; ++i) {
            advance(cursor, drawn(cursor));
        }
        m_blocks.push_back(cursor);
    }
}

RunClock::Cursor RunClock::cursorAt(double timeS) const {
    Cursor cursor;
    {
        const std::lock_guard lock(m_mutex);
        extend([&] { return m_blocks.back().blockS > timeS; });
        const auto after = std::ranges::upper_bound(m_blocks, timeS, {}, &Cursor::blockS);
        cursor = *std::prev(after);
    }
    for (;;) {
        Cursor next = cursor;
        const StepAt step = drawn(next);
        advance(next, step);
        if (next.startS() > timeS) {
            return cursor;
        }
        cursor = next;
    }
}

RunClock::Cursor RunClock::cursorOf(std::uint64_t step) const {
    Cursor cursor;
    {
        const std::lock_guard lock(m_mutex);
        extend([&] { return m_blocks.back().step > step; });
        const auto after = std::ranges::upper_bound(m_blocks, step, {}, &Cursor::step);
        cursor = *std::prev(after);
    }
    while (cursor.step < step) {
        advance(cursor, drawn(cursor));
    }
    return cursor;
}

RunClock::At RunClock::at(double timeS) const {
    Cursor cursor = cursorAt(timeS);
    At at;
    at.step = drawn(cursor);
    at.checkpoint = checkpointAfter(at.step.step) && timeS >= at.step.endS();
    return at;
}

StepAt RunClock::step(std::uint64_t number) const {
    Cursor cursor = cursorOf(number);
    return drawn(cursor);
}

} // namespace atlas::operations

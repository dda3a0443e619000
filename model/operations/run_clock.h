// Step <-> time within one run: from a restart to whatever ends it.
#pragma once

#include "model/operations/step_law.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace atlas::operations {

/// A step. `draw` is what its random numbers are counted by.
struct StepAt {
    std::uint64_t step = 0; ///< counted from the run's beginning
    double startS = 0;      ///< seconds since the run's beginning
    double barrierS = 0;    ///< from the step's start to its barrier
    double stepS = 0;
    double heaviest = 1;    ///< of the replicas' loads, as StepLoad::heaviest() has it
    double loadS = 0;       ///< by how much that makes the step longer; part of barrierS
    std::int32_t slow = -1; ///< index in the law's slow members whom it waited for; -1: an ordinary member
    const StepLaw* law = nullptr; ///< lives as long as the clock
    StepDraw draw;
    /// When the barrier would open if all work were shared out evenly.
    [[nodiscard]] double evenBarrierS() const { return barrierS - loadS; }
    [[nodiscard]] double endS() const { return startS + stepS; }
};

/// Steps with a checkpoint after every so many of them.
struct Cadence {
    std::uint64_t stepsPerCheckpoint = 0; ///< 0: none
    double stallS = 0;
    double lagS = 0; ///< from the end of the stall until the checkpoint counts
};

/// Episodes that are of interest to a run, and when they change.
struct Slowness {
    std::vector<Event> events;           ///< seconds since the run's beginning
    std::vector<std::uint32_t> original; ///< index in the schedule's events, for each
};

/// The steps of one run, each as long as its slowest member takes under the conditions in which it begins.
/// Sums are made when first asked for and kept; any thread may ask, in any order, and gets what summing every
/// step from the beginning gives.
class RunClock {
public:
    RunClock(std::shared_ptr<const LawBook> book, Slowness slowness, Cadence cadence, StepDraw first);

    struct At {
        StepAt step;             ///< the one in progress; the one before it in a checkpoint
        bool checkpoint = false; ///< a checkpoint is in progress
    };
    /// What is in progress at a time >= 0 since the run's beginning.
    [[nodiscard]] At at(double timeS) const;
    [[nodiscard]] StepAt step(std::uint64_t number) const;
    /// When a step begins.
    [[nodiscard]] double startOf(std::uint64_t number) const { return step(number).startS; }
    /// Calls `use(step)` for every step that begins before `untilS`, from the first or, where that is later,
    /// the one in progress at `fromS`; stops when `use` says false.
    template <class Use>
    void forSteps(double fromS, double untilS, const Use& use) const;
    [[nodiscard]] const Cadence& cadence() const { return m_cadence; }
    [[nodiscard]] const Slowness& slowness() const { return m_slowness; }

private:
    struct Change {
        double fromS = 0;
        std::shared_ptr<const StepLaw> law;
    };
    /// Walks steps one by one. Times are sums within a block upon the block's beginning, whichever way one
    /// gets there, so that all ways give the same bits.
    struct Cursor {
        std::uint64_t step = 0;
        double blockS = 0;
        double inBlockS = 0;
        std::size_t change = 0; ///< index in m_changes of the conditions at startS
        [[nodiscard]] double startS() const { return blockS + inBlockS; }
    };
    void findChanges();
    [[nodiscard]] StepAt
    drawn(Cursor& cursor) const; ///< the step at the cursor, which moves to its conditions
    void advance(Cursor& cursor, const StepAt& step) const;
    [[nodiscard]] bool checkpointAfter(std::uint64_t step) const {
        return m_cadence.stepsPerCheckpoint > 0 && (step + 1) % m_cadence.stepsPerCheckpoint == 0;
    }
    /// Sums on until `reached` says so; m_mutex is held.
    template <class Reached>
    void extend(const Reached& reached) const;
    void extendTogether(std::uint64_t blocks) const;
    [[nodiscard]] Cursor cursorAt(double timeS) const;
    [[nodiscard]] Cursor cursorOf(std::uint64_t step) const;

    std::shared_ptr<const LawBook> m_book;
    Slowness m_slowness;
    Cadence m_cadence;
    StepDraw m_first;
    std::vector<Change> m_changes;
    mutable std::mutex m_mutex;
    mutable std::vector<Cursor> m_blocks; ///< beginnings of blocks of steps
};

template <class Use>
void RunClock::forSteps(double fromS, double untilS, const Use& use) const {
    Cursor cursor = fromS > 0 ? cursorAt(fromS) : Cursor{};
    while (cursor.startS() < untilS) {
        const StepAt step = drawn(cursor);
        if (!use(step)) {
            return;
        }
        advance(cursor, step);
    }
}

} // namespace atlas::operations

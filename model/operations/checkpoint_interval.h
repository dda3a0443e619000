// How often to save, and what interruptions leave of a synchronous run's time.
#pragma once

namespace atlas::operations {

/// What a run loses by stopping. Seconds and 1/s.
struct Interruptions {
    double failuresPerS = 0; ///< memoryless
    double detectionS = 0;
    double restartS = 0;      ///< a failure meanwhile starts it over
    double stallS = 0;        ///< a checkpoint holds training up
    double lagS = 0;          ///< from the stall until the checkpoint counts: it is being written meanwhile
    double plannedEveryS = 0; ///< 0: never
    double plannedS = 0;      ///< a restart on purpose, checkpoint before it included
};

/// Daly's checkpoint interval, s: "A higher order estimate of the optimum checkpoint interval", FGCS 22
/// (2006), eq. 37; the mean time between failures where a stall takes longer than two of them.
[[nodiscard]] double dalyIntervalS(double failuresPerS, double stallS);
/// Young's: sqrt(2 stall MTTF), CACM 17 (1974).
[[nodiscard]] double youngIntervalS(double failuresPerS, double stallS);

/// Expected share of wall-clock time that ends up in kept steps with a checkpoint every `intervalS` of steps.
/// With l failures a second and T = interval + stall, a cycle takes (exp(lT) - 1) (1/l + D) on average, D the
/// time a failure costs beyond the work: exp(l restart) (1/l + detection) - 1/l + lag. Without detection and
/// lag it is Daly's eq. 20. 1 without failures, stalls and planned restarts.
[[nodiscard]] double keptShare(const Interruptions& interruptions, double intervalS);

/// The interval that keeps most, by minimisation; not shorter than the lag, since checkpoints are written one
/// at a time. Infinite where nothing fails.
[[nodiscard]] double bestIntervalS(const Interruptions& interruptions);

} // namespace atlas::operations

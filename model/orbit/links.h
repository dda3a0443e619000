// What can run in orbit: each kind of work against the links it needs.
#pragma once

#include "model/orbit/satellite.h"
#include "model/scenario/scenario.h"

#include <string>
#include <vector>

namespace atlas::orbit {

/// One kind of work in orbit.
struct Verdict {
    std::string work;      ///< "Serving", "Training in step across satellites"
    double neededS = 0;    ///< time the links take
    double availableS = 0; ///< time there is for it
    bool runs = false;
    std::string why;
    [[nodiscard]] double slowdown() const { return neededS / availableS; }
};

/// What a training run exchanges, and how long its step computes.
struct TrainingLoad {
    double gradientBytes = 0;    ///< of one copy of the model
    double copyPerSatellite = 1; ///< of a copy, what one satellite holds; its links carry no other gradients
    double stepS = 0;            ///< computing
    int satellites = 2;
    double stepsBetweenSyncs =
        1; ///< inner steps between two exchanges of local SGD (calibration: diloco_steps)
};

/// Bytes a member sends and receives in a ring all-reduce of `bytes` among n: 2 (n - 1) / n * bytes.
[[nodiscard]] double allReduceBytes(double bytes, int members);

/// Share of one copy of the model that `gpus` hold, where `gpusPerCopy` share it: at most 1.
[[nodiscard]] double copyShare(double gpus, double gpusPerCopy);

/// Serving against the time to the first token; training in step over the links between satellites, over the
/// link to a cluster on the ground, and with rare synchronisation (DiLoCo).
[[nodiscard]] std::vector<Verdict> verdicts(const scenario::OrbitalSite& site,
                                            const scenario::ServeJob* serving, const TrainingLoad& training);

} // namespace atlas::orbit

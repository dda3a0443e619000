// A job as its outlook sees it: what each class counts, how often it fails and when it finishes its step.
#pragma once

#include "model/operations/barrier.h"
#include "model/operations/step_shape.h"
#include "model/training/step.h"

#include <vector>

namespace atlas::operations {

/// One class of the job, in counts.
struct OutlookClass {
    const training::ClassShare* share = nullptr;
    double gpus = 0;
    double perTray = 8, perRack = 64, domain = 8, standby = 0;
    double leaves = 0, racks = 0, halls = 0, rows = 0, leafGpus = 64;
    double failuresPerGpuS = 0; ///< with the multiplier
    double idle = 0;            ///< GPUs without work on the same island
    ClassTimes times;
    std::vector<MemberGroup> groups;
};

/// Classes that wait for each other at the end of a step.
struct OutlookJob {
    const scenario::Operations* rules = nullptr;
    const training::StepAnatomy* anatomy = nullptr;
    std::vector<OutlookClass> classes;
    double tailS = 0;
    double reduceS = 0;
    double sigma = 0;
    double tokens = 0;
};

/// Some classes (indices) of a step on its cluster. No classes where none of them does anything.
[[nodiscard]] OutlookJob outlookJob(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                                    const training::StepAnatomy& anatomy,
                                    const std::vector<std::size_t>& classes);

} // namespace atlas::operations

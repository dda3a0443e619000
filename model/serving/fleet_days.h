// The memory of a fleet: what waits and what the autoscaler has seen, step by step and day by day.
#pragma once

#include "model/serving/fleet.h"

#include <deque>

namespace atlas::serving {

struct Fleet::Step {
    Rates arrived{}, served{}, givenUp{}; ///< requests/s, means over the step
    Rates waiting{};                      ///< requests, at its end
    Rates waitS{};                        ///< of what is taken
    std::vector<double> active;           ///< by pool
    std::vector<double> lost;
    std::vector<PoolLoad> loads;
};

/// At the end of a step.
struct Fleet::State {
    Rates waiting{};
    std::deque<double> batch; ///< requests by step of arrival, oldest first; none older than the deadline
    std::vector<std::deque<double>> wishes; ///< replicas by pool, oldest first
};

struct Fleet::Day {
    State before;
    State after;
    std::vector<Step> steps;
    std::vector<ReplicaFault> faults;
};

} // namespace atlas::serving

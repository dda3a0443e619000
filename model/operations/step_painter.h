// States and utilisations of all GPUs at an instant of a step.
#pragma once

#include "model/operations/frame.h"
#include "model/operations/step_members.h"

namespace atlas::operations {

/// Utilisation by state while training: the share of a GPU's processors at work. A collective keeps about
/// 15 % of them busy with copies and reductions (the compute slowdown that Calculon measured for collectives
/// on NVLink); at a barrier nothing useful runs.
inline constexpr double kCollectiveShare = 0.15;
[[nodiscard]] constexpr std::uint8_t trainingUtilisation(GpuState state) {
    switch (state) {
    case GpuState::Computing:
    case GpuState::Culprit:
        return 255;
    case GpuState::Communicating:
        return static_cast<std::uint8_t>(kCollectiveShare * 255);
    default:
        return 0;
    }
}

/// An instant of a step.
struct StepInstant {
    float sinceStartS = 0;
    float reduceS = 0; ///< exchange of gradients after the barrier
    float microBatches = 1;
};

/// Sums over the painted part, exact in integers, so that their order does not matter.
struct PaintSums {
    std::array<std::uint32_t, kStateCount> counts{};
    PaintSums& operator+=(const PaintSums& other);
};
inline constexpr float kWaitUnits = 1 << 23;

/// Paints the members among GPUs [first, end) by their phase. Returns GPU-time of waiting in this step, in
/// barrier / kWaitUnits.
[[nodiscard]] std::uint64_t paintMembers(std::uint8_t* state, const StepMembers& members,
                                         const StepInstant& instant, cluster::Index first,
                                         cluster::Index end);
/// Paints the members among GPUs [first, end) in one state.
void paintMembers(std::uint8_t* state, const StepShape& shape, GpuState all, cluster::Index first,
                  cluster::Index end);

/// Fills racks [first, end) by whether they have power.
void paintIdle(std::uint8_t* state, const cluster::Cluster& cluster, scenario::Month month,
               cluster::Index firstRack, cluster::Index endRack);

/// Utilisations and summaries of racks [first, end) from the states.
[[nodiscard]] PaintSums summariseRacks(Frame& frame, const cluster::Cluster& cluster,
                                       cluster::Index firstRack, cluster::Index endRack);

/// Summary of a rack from the states and utilisations already in the frame.
[[nodiscard]] RackSummary summarise(const Frame& frame, const cluster::Rack& rack,
                                    std::array<std::uint32_t, kStateCount>& counts);

/// The state of one member, as painted.
[[nodiscard]] GpuState stateOf(const StepMembers& members, const ClassLaw& law, const StepInstant& instant,
                               cluster::Index gpu);

} // namespace atlas::operations

// Plans of pools that train apart and meet rarely (local SGD, DiLoCo): each gets the layout that suits it.
#pragma once

#include "model/training/planner.h"

namespace atlas::training {

/// Splits the global batch over the pools in proportion to what each reaches alone, so that all end an inner
/// step together, and plans every pool by itself. Row k of the plan is the k-th best of every pool. A step
/// takes as long as the slowest pool's and the share of one outer synchronisation: pseudo-gradients in 16
/// bit, sent and received over the trunk (DiLoCo, arXiv:2311.08105). Shares are rounded within 2 % to batches
/// that many replicas divide. `layout` of a row is that of the pool with most GPUs, those of all stand in
/// `classes`; families are those of that pool too. A pool on which nothing fits stays idle. Errors: those of
/// the largest pool where nothing fits anywhere.
[[nodiscard]] Result<Plan> planIslands(const Machine& machine, const Job& job, const PlanOptions& options,
                                       const Calibration& calibration);

} // namespace atlas::training

// What really ran on the clusters that train, and what each of it brought.
#pragma once

#include "model/explore/training_course.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace atlas::explore {

inline constexpr double kExaflopDay = 1e18 * 86400.0; ///< FLOPs

/// One job on one cluster without a break, within the horizon.
struct Stint {
    std::string run;        ///< name of a model of the lab's list; empty: the cluster's own job
    std::string job;        ///< name of the job whose step and goodput it goes at
    std::string cluster;    ///< id
    std::size_t course = 0; ///< of the assignment in whose months it falls
    double fromMonths = 0;  ///< after the scenario's start
    double untilMonths = 0;
    double flop = 0;      ///< kept, without recompute
    double gpuPowerW = 0; ///< mean draw of a GPU
    [[nodiscard]] double months() const { return untilMonths - fromMonths; }
};

/// The stints of every course: on the cluster of course number `main` the lab's runs (runDates()), each at
/// the rate of its own job, and between and after them the cluster's own job, which goes on for as long as
/// the cluster is given to training; elsewhere the assigned job alone. The stints of a course follow one
/// another without a gap from the first of its machines to the horizon, or to when the cluster is given other
/// work. `others` are courses of other jobs on the cluster of `main`.
[[nodiscard]] std::vector<Stint> stintsOf(const scenario::Scenario& scenario,
                                          std::span<const TrainingCourse> courses,
                                          std::optional<std::size_t> main,
                                          std::span<const TrainingCourse> others);

/// FLOPs kept by all stints, or by those of one course.
[[nodiscard]] double keptFlop(std::span<const Stint> stints, std::optional<std::size_t> course = {});

/// Mean draw of a GPU over the stints on a cluster, W; 0 where it trains nothing.
[[nodiscard]] double meanGpuPowerW(std::span<const Stint> stints, const std::string& cluster);

} // namespace atlas::explore

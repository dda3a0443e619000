// What happens to a cluster over time: failures, episodes of slowness, planned restarts, evictions.
#pragma once

#include "model/cluster/address.h"

#include <span>
#include <string>
#include <vector>

namespace atlas::operations {

enum class EventKind : std::uint8_t {
    FailStop, ///< stops the job where it hits a GPU in use
    FailSlow, ///< slows GPUs or links down for a while
    Planned,  ///< the job is restarted on purpose, after a checkpoint
    Eviction, ///< the job is restarted without something slow
};
[[nodiscard]] const char* name(EventKind kind); ///< "fail-stop"

/// What it is about.
enum class Component : std::uint8_t {
    Gpu,
    Tray,
    Link, ///< NIC, cable or transceiver of one GPU
    Leaf,
    Rack,
    Hall,
    Feed, ///< power of one row of racks
    Software,
    Thermal, ///< fail-slow: computes slower
    Host,    ///< fail-slow: a whole tray computes slower
    Bundle,  ///< fail-slow: a bundle of links or a trunk
    Power,   ///< fail-slow: a power cap
    Job,     ///< planned restarts
};
[[nodiscard]] const char* name(Component component); ///< "gpu"

struct Event {
    double timeS = 0;     ///< simulated, from the scenario's start
    double durationS = 0; ///< of an episode; of a failure until the job steps again, 0 if it did not stop
    EventKind kind = EventKind::FailStop;
    Component component = Component::Software;
    cluster::Part part;          ///< what was hit; the whole cluster for software and planned restarts
    double slowdown = 1;         ///< fail-slow: time over normal time, of computing or of moving bytes
    double repairedS = 0;        ///< fail-stop: when what was hit is back; timeS where nothing was broken
    std::int32_t injection = -1; ///< index in scenario::Operations::injections; -1: by chance
    [[nodiscard]] double endS() const { return timeS + durationS; }
};

/// The table of `atlas simulate --events`: time_s,kind,component,gpu,duration_s,slowdown. The GPU is the
/// first one that was hit, empty where it is about none; the slowdown is empty for what stops.
[[nodiscard]] std::string eventsCsv(const cluster::Cluster& cluster, std::span<const Event> events);

/// "GPU 5 of tray 4 in rack 1-203-7 fails", for people.
[[nodiscard]] std::string eventText(const cluster::Cluster& cluster, const Event& event);

} // namespace atlas::operations

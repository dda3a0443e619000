// The step timeline: who does what when, as lanes of ranks by group and lanes of the job, over a span of
// time. An immutable value that the scene draws and the trace is written from.
#pragma once

#include "model/operations/events.h"
#include "model/operations/lane_track.h"
#include "model/operations/step_work.h"

#include <memory>
#include <string>
#include <vector>

namespace atlas::operations {

enum class LaneKind : std::uint8_t {
    Phases,     ///< of the job: running, checkpoint, restart
    Steps,      ///< whole steps
    Conditions, ///< failures and slowness of one component
    Rank,       ///< one GPU
};

struct TimelineLane {
    LaneKind kind = LaneKind::Rank;
    std::uint16_t section = 0;           ///< index in StepLanes::sections
    Component component{};               ///< of Conditions
    cluster::Index gpu = cluster::kNone; ///< of Rank
    RankPlace place;                     ///< of Rank
    bool culprit = false;                ///< of the step in focus
    LaneTrack track;
};

/// Lanes that belong together, in the order of the screen.
enum class SectionKind : std::uint8_t {
    Job,
    Conditions,
    CulpritTensor,   ///< the culprit's tensor- and context-parallel groups
    CulpritPipeline, ///< one rank of every stage of its replica
    Replica,         ///< one rank a stage of another replica
    Selected,        ///< the GPU that is selected, where it has no lane otherwise
};
struct LaneSection {
    SectionKind kind = SectionKind::Job;
    std::uint8_t gpuClass = 0; ///< of Replica
    std::int64_t replica = 0;  ///< of all but Job and Conditions
    std::uint64_t of = 0;      ///< ranks the section stands for; its lanes may be fewer
};

/// One step in range, for what is said about it.
struct LaneStep {
    std::uint64_t step = 0;
    double startS = 0;
    double barrierS = 0; ///< instant
    double endS = 0;
    cluster::Index culprit = cluster::kNone;
    SpanKind kind = SpanKind::StepChance;
};

/// A piece of the critical path: what everybody has to wait for, in order of time.
struct CriticalLeg {
    std::uint32_t lane = 0;
    double startS = 0;
    double endS = 0;
};

/// How much is told, by how many steps there are.
enum class LaneDetail : std::uint8_t {
    Phases,     ///< what every rank does inside the steps
    Steps,      ///< busy and waiting of every step
    Conditions, ///< who is slow or out
};

struct StepLanes {
    std::shared_ptr<const cluster::Cluster> cluster;
    double fromS = 0, toS = 0;                ///< what the lanes cover
    double pixelsPerS = 1;                    ///< for which they were computed
    double focusFromS = 0, focusToS = 0;      ///< the step, or the stall, whose ranks these are
    cluster::Index selected = cluster::kNone; ///< the GPU that was asked for
    LaneDetail detail = LaneDetail::Phases;
    std::uint64_t stepCount = 0;             ///< that begin in range
    cluster::Index culprit = cluster::kNone; ///< of the step in focus
    std::vector<LaneSection> sections;
    std::vector<TimelineLane> lanes; ///< section by section
    std::vector<LaneStep> steps;     ///< LaneSpan::number of a step is an index here; may be empty
    std::vector<std::string> events; ///< in words; the same for conditions
    std::vector<CriticalLeg> critical;
    std::string instead; ///< what goes on where no step runs at the focus; empty where one does
};

} // namespace atlas::operations

#include "model/operations/serving_timeline.h"

#include "model/core/philox.h"
#include "model/operations/calendar.h"
#include "model/operations/step_painter.h"
#include "model/operations/step_shape.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace atlas::operations {

namespace {

using cluster::Index;

// How long an instant's draw holds. What is in the batch changes as answers end, about every ten seconds;
// prefill and decode take turns within a second. Pictures depend on it, means do not.
constexpr double kBatchHoldsS = 10;
constexpr double kTurnHoldsS = 0.5;

/// Requests in a batch of `size` for a normal variate: Poisson by its normal approximation, cut at both ends.
double fillOf(double mean, int size, double z) {
    return std::clamp(std::round(mean + std::sqrt(mean) * z), 0.0, static_cast<double>(size)) / size;
}

/// Replicas are numbered island by island, with room for every GPU to be one.
std::uint64_t replicaNumber(const cluster::Cluster& cluster, Index island, Index replica) {
    return std::uint64_t{cluster.islands[island].gpus.first} + replica;
}

const ServingClass* servingOf(const ServingPhase* phase, Index island) {
    if (phase == nullptr) {
        return nullptr;
    }
    const auto found = std::ranges::find(phase->classes, island, &ServingClass::island);
    return found == phase->classes.end() || found->replicaGpus <= 0 || found->batchPerReplica <= 0 ? nullptr
                                                                                                   : &*found;
}

} // namespace

ServingTimeline::ServingTimeline(std::shared_ptr<const cluster::Cluster> cluster, ServingInputs inputs)
    : Timeline(std::move(cluster))
    , m_inputs(std::move(inputs)) {}

double ServingTimeline::clamped(double timeS) const {
    const double end = monthStartS(m_inputs.start, m_inputs.end);
    return timeS > 0 ? std::min(timeS, std::nextafter(end, 0.0)) : 0;
}

const ServingPhase* ServingTimeline::phaseAt(scenario::Month month) const {
    const auto after =
        std::ranges::find_if(m_inputs.phases, [&](const ServingPhase& p) { return p.from > month; });
    return after == m_inputs.phases.begin() ? nullptr : &*std::prev(after);
}

double ServingTimeline::loadAt(double timeS) const {
    // Between full hours in a line; a day's demand is scaled by its kind.
    const double hours = timeS / 3600;
    const double whole = std::floor(hours);
    const auto demand = [&](double hour) {
        const auto ofDay = static_cast<std::size_t>(std::fmod(hour, 24.0));
        const bool weekend = weekdayAt(m_inputs.start, hour * 3600) >= 5;
        return m_inputs.hourlyDemand[ofDay] * (weekend ? m_inputs.weekendFactor : 1);
    };
    const double now = std::lerp(demand(whole), demand(whole + 1), hours - whole);
    const double peak = std::ranges::max(m_inputs.hourlyDemand);
    return peak > 0 ? std::clamp(m_inputs.headroom * now / peak, 0.0, 1.0) : 0;
}

ServingTimeline::ReplicaNow ServingTimeline::replicaNow(const ServingClass& serving, std::uint64_t replica,
                                                        double timeS, double load) const {
    // Replicas change at their own moments, not all at once.
    const auto own = random::words(m_inputs.seed, random::Purpose::Serving, replica, 0xffffffffu);
    const double shift = random::uniform(own[0], own[1]);
    const auto batchSlot = static_cast<std::uint32_t>(timeS / kBatchHoldsS + shift);
    const auto turnSlot = static_cast<std::uint32_t>(timeS / kTurnHoldsS + shift);
    const auto w = random::words(m_inputs.seed, random::Purpose::Serving, replica, batchSlot);
    const auto turn = random::words(m_inputs.seed, random::Purpose::Demand, replica, turnSlot);
    const double z = std::sqrt(-2 * std::log(random::uniform(w[0], w[1]))) *
                     std::cos(2 * std::numbers::pi * random::uniform(w[2], w[3]));
    ReplicaNow now;
    now.fill = fillOf(load * serving.batchPerReplica, serving.batchPerReplica, z);
    if (now.fill > 0) {
        const bool prefill = random::uniform(turn[0], turn[1]) < serving.prefillShare * now.fill;
        now.state = prefill ? GpuState::Prefill : GpuState::Decode;
        now.utilisation = static_cast<std::uint8_t>(std::lround(255 * (prefill ? 1 : now.fill)));
    }
    return now;
}

void ServingTimeline::paintIsland(Frame& frame, Index islandIndex, const ServingClass* serving,
                                  scenario::Month month) const {
    const cluster::Cluster& floor = *cluster();
    const cluster::Range powered = poweredOf(floor, islandIndex, month);
    const cluster::Range all = floor.islands[islandIndex].gpus;
    const auto fill = [&](Index first, Index count, GpuState state, std::uint8_t utilisation) {
        std::fill_n(frame.state.begin() + first, count, static_cast<std::uint8_t>(state));
        std::fill_n(frame.utilisation.begin() + first, count, utilisation);
    };
    Index served = 0;
    if (serving != nullptr) {
        const auto size = static_cast<Index>(serving->replicaGpus);
        const Index replicas = powered.count / size;
        const double load = loadAt(frame.timeS);
        served = replicas * size;
        tbb::parallel_for(
            tbb::blocked_range<Index>(0, replicas, 1024), [&](const tbb::blocked_range<Index>& part) {
                for (Index r = part.begin(); r < part.end(); ++r) {
                    const ReplicaNow now =
                        replicaNow(*serving, replicaNumber(floor, islandIndex, r), frame.timeS, load);
                    fill(powered.first + r * size, size, now.state, now.utilisation);
                }
            });
    }
    fill(powered.first + served, powered.count - served, GpuState::Idle, 0);
    fill(powered.end(), all.end() - powered.end(), GpuState::Unpowered, 0);
}

std::shared_ptr<const Frame> ServingTimeline::frameAt(double timeS) const {
    const cluster::Cluster& floor = *cluster();
    std::shared_ptr<Frame> frame = m_pool.take(floor);
    frame->timeS = frame->stepStartS = clamped(timeS);
    frame->training = false;
    frame->step = 0;
    frame->stepTimeS = frame->stepFraction = 0;
    frame->culprit = cluster::kNone;
    frame->culpritSlowdown = 1;
    frame->waitGpuSeconds = 0;
    frame->counts = {};
    const scenario::Month month = monthAt(m_inputs.start, frame->timeS);
    const ServingPhase* phase = phaseAt(month);
    for (Index i = 0; i < floor.islands.size(); ++i) {
        paintIsland(*frame, i, servingOf(phase, i), month);
    }
    for (std::size_t r = 0; r < floor.racks.size(); ++r) {
        frame->racks[r] = summarise(*frame, floor.racks[r], frame->counts);
    }
    // A replica lies inside a leaf's reach and requests are small: the bundles between switches stay empty.
    std::ranges::fill(frame->linkLoad, 0.0f);
    return frame;
}

std::vector<TimelineSample> ServingTimeline::samples(double fromS, double toS, int count) const {
    std::vector<TimelineSample> out(static_cast<std::size_t>(std::max(0, count)));
    const cluster::Cluster& floor = *cluster();
    const double spacing = count > 1 ? (toS - fromS) / (count - 1) : 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i].timeS = clamped(fromS + spacing * static_cast<double>(i));
        const scenario::Month month = monthAt(m_inputs.start, out[i].timeS);
        const ServingPhase* phase = phaseAt(month);
        const double load = loadAt(out[i].timeS);
        double powered = 0;
        double busy = 0;
        for (Index island = 0; island < floor.islands.size(); ++island) {
            const Index gpus = poweredOf(floor, island, month).count;
            powered += gpus;
            if (const ServingClass* serving = servingOf(phase, island)) {
                // Mean over the draws of a replica, by the midpoints of equal strips of the normal variate.
                constexpr int kStrips = 64;
                double mean = 0;
                double weights = 0;
                for (int k = 0; k < kStrips; ++k) {
                    const double z = -4 + 8 * (k + 0.5) / kStrips;
                    const double weight = std::exp(-z * z / 2);
                    const double fill = fillOf(load * serving->batchPerReplica, serving->batchPerReplica, z);
                    const double prefill = serving->prefillShare * fill;
                    mean += weight * (prefill + (1 - prefill) * fill);
                    weights += weight;
                }
                const auto size = static_cast<Index>(serving->replicaGpus);
                busy += mean / weights * (gpus / size * size);
            }
        }
        out[i].utilisation = powered > 0 ? static_cast<float>(busy / powered) : 0;
    }
    return out;
}

GpuDetail ServingTimeline::detailAt(double timeS, Index gpu) const {
    const cluster::Cluster& floor = *cluster();
    const double now = clamped(timeS);
    const scenario::Month month = monthAt(m_inputs.start, now);
    GpuDetail detail;
    detail.gpuClass = floor.gpuClasses[floor.classOf(gpu)].name;
    const Index island = floor.islandOf(gpu);
    const cluster::Range powered = poweredOf(floor, island, month);
    detail.state = powered.contains(gpu) ? GpuState::Idle : GpuState::Unpowered;
    const ServingClass* serving = servingOf(phaseAt(month), island);
    if (serving == nullptr || !powered.contains(gpu)) {
        return detail;
    }
    const Index replica = (gpu - powered.first) / static_cast<Index>(serving->replicaGpus);
    if (replica >= powered.count / static_cast<Index>(serving->replicaGpus)) {
        return detail;
    }
    const ReplicaNow state = replicaNow(*serving, replicaNumber(floor, island, replica), now, loadAt(now));
    detail.member = true;
    detail.state = state.state;
    detail.utilisation = static_cast<float>(state.utilisation) / 255;
    detail.replica = replica;
    detail.replicaGpus = serving->replicaGpus;
    detail.load = state.fill;
    return detail;
}

std::vector<std::string> ServingTimeline::notes() const {
    std::vector<std::string> out;
    for (const ServingPhase& phase : m_inputs.phases) {
        if (!phase.note.empty()) {
            out.push_back(phase.from.text() + ": " + phase.note);
        }
    }
    return out;
}

} // namespace atlas::operations

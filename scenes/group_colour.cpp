#include "scenes/group_colour.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace atlas::scenes {

namespace {

using operations::GpuState;

QColor meanLight(const std::array<std::uint32_t, operations::kStateCount>& counts, std::uint32_t all,
                 const Theme& theme) {
    std::array<double, 3> light{};
    for (std::size_t s = 0; s < counts.size(); ++s) {
        const QColor& c = theme.states[s].colour;
        light[0] += counts[s] * static_cast<double>(c.red() * c.red());
        light[1] += counts[s] * static_cast<double>(c.green() * c.green());
        light[2] += counts[s] * static_cast<double>(c.blue() * c.blue());
    }
    const auto channel = [all](double sum) { return static_cast<int>(std::sqrt(sum / all)); };
    return {channel(light[0]), channel(light[1]), channel(light[2])};
}

} // namespace

double meanQuantity(const cluster::Cluster& cluster, const operations::Frame& frame,
                    const cluster::Range& gpus, const Colouring& colouring) {
    const std::size_t gpuClass = cluster.classOf(gpus.first); // of one hall, hence of one class
    double sum = 0;
    std::uint32_t count = 0;
    for (cluster::Index g = gpus.first; g < gpus.end(); ++g) {
        const auto state = static_cast<GpuState>(frame.state[g]);
        const double value = state == GpuState::Unpowered
                                 ? std::numeric_limits<double>::quiet_NaN()
                                 : colouring.quantity(gpuClass, state, frame.utilisation[g] / 255.0);
        if (!std::isnan(value)) {
            sum += value;
            ++count;
        }
    }
    return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

GroupColour groupColour(const cluster::Cluster& cluster, const operations::Frame* frame,
                        const cluster::Range& gpus, const Colouring& colouring, const Theme& theme) {
    GroupColour group;
    group.colour = theme.state(GpuState::Unpowered).colour;
    if (frame == nullptr || gpus.count == 0)
        return group;
    std::array<std::uint32_t, operations::kStateCount> counts{};
    std::uint64_t utilised = 0;
    for (cluster::Index g = gpus.first; g < gpus.end(); ++g) {
        ++counts[std::min<std::size_t>(frame->state[g], counts.size() - 1)];
        utilised += frame->utilisation[g];
    }
    const std::uint32_t powered = gpus.count - counts[0];
    group.utilisation = powered > 0 ? static_cast<double>(utilised) / (255.0 * powered) : 0.0;
    group.dominant = static_cast<GpuState>(std::max_element(counts.begin(), counts.end()) - counts.begin());
    for (const GpuState state : {GpuState::Culprit, GpuState::Fault})
        if (counts[static_cast<std::size_t>(state)] > 0)
            group.worst = state;
    if (powered == 0)
        return group;
    if (colouring.by == ColourBy::State)
        group.colour = meanLight(counts, gpus.count, theme);
    else if (colouring.by == ColourBy::Class)
        group.colour = theme.classes[cluster.classOf(gpus.first) % theme.classes.size()];
    else if (colouring.by == ColourBy::Utilisation)
        group.quantity = group.utilisation;
    else
        group.quantity = meanQuantity(cluster, *frame, gpus, colouring);
    if (!std::isnan(group.quantity))
        group.colour = theme.sequentialAt(colouring.scale().share(group.quantity));
    return group;
}

} // namespace atlas::scenes

#include "scenes/group_words.h"

#include "scenes/group_colour.h"
#include "scenes/words.h"

#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>

namespace atlas::scenes {

using operations::GpuState;

QString stateCounts(const operations::Frame& frame, const cluster::Range& gpus) {
    std::array<std::pair<std::uint32_t, std::size_t>, operations::kStateCount> counts{};
    for (std::size_t s = 0; s < counts.size(); ++s)
        counts[s].second = s;
    for (cluster::Index g = gpus.first; g < gpus.end(); ++g)
        if (frame.state[g] < counts.size())
            ++counts[frame.state[g]].first;
    std::sort(counts.rbegin(), counts.rend());
    QStringList parts;
    for (const auto& [count, state] : counts)
        if (count > 0 && (parts.size() < 3 || isWorst(static_cast<GpuState>(state))))
            parts << stateLabel(static_cast<GpuState>(state)).section(':', 0, 0) + ' ' + grouped(count);
    return parts.join(QStringLiteral(", "));
}

namespace {

QString className(const cluster::Cluster& cluster, cluster::Index gpu) {
    return QString::fromStdString(cluster.gpuClasses[cluster.classOf(gpu)].name);
}

double meanUtilisation(const operations::Frame& frame, const cluster::Range& gpus) {
    double sum = 0;
    for (cluster::Index g = gpus.first; g < gpus.end(); ++g)
        sum += frame.utilisation[g];
    return gpus.count ? sum / (255.0 * gpus.count) : 0.0;
}

} // namespace

void describeGroup(HoverText& text, const cluster::Cluster& cluster, const operations::Frame* frame,
                   const cluster::Range& gpus, const Conditions& conditions) {
    text.rows.emplace_back(tr("GPUs"), grouped(gpus.count) + " · " + className(cluster, gpus.first));
    if (frame == nullptr)
        return;
    text.rows.emplace_back(tr("state"), stateCounts(*frame, gpus));
    text.rows.emplace_back(tr("utilised"), percent(meanUtilisation(*frame, gpus)));
    const auto mean = [&](ColourBy by) { return meanQuantity(cluster, *frame, gpus, {by, conditions}); };
    if (!conditions)
        return;
    if (const double celsius = mean(ColourBy::Temperature); !std::isnan(celsius))
        text.rows.emplace_back(tr("temperature"), Colouring(ColourBy::Temperature).text(celsius));
    if (const double watts = mean(ColourBy::Power); !std::isnan(watts))
        text.rows.emplace_back(tr("power"), withPrefix(watts * gpus.count, QStringLiteral("W")));
    if (const double usd = mean(ColourBy::DollarsLost); usd > 0)
        text.rows.emplace_back(tr("lost by standing still"),
                               tr("$%1 an hour").arg(grouped(std::llround(usd * gpus.count))));
}

void describeGpu(HoverText& text, const cluster::Cluster& cluster, const operations::Frame* frame,
                 cluster::Index gpu, const Conditions& conditions) {
    text.title = QString::fromStdString(cluster.gpuLabel(gpu));
    text.title[0] = text.title[0].toUpper();
    text.rows.emplace_back(tr("class"), className(cluster, gpu));
    if (frame == nullptr)
        return;
    text.rows.emplace_back(tr("state"), stateLabel(static_cast<GpuState>(frame->state[gpu])));
    text.rows.emplace_back(tr("utilised"), percent(frame->utilisation[gpu] / 255.0));
    const auto add = [&](const QString& name, ColourBy by) {
        const Colouring colouring(by, conditions);
        const double value = colouring.quantity(
            cluster.classOf(gpu), static_cast<GpuState>(frame->state[gpu]), frame->utilisation[gpu] / 255.0);
        if (value > 0) // nothing of it, or not known
            text.rows.emplace_back(name, colouring.text(value));
    };
    add(tr("temperature"), ColourBy::Temperature);
    add(tr("power"), ColourBy::Power);
    add(tr("lost by standing still"), ColourBy::DollarsLost);
    if (gpu == frame->culprit && frame->culpritSlowdown > 1)
        text.rows.emplace_back(tr("slower than its peers"),
                               QString::number(frame->culpritSlowdown, 'f', 2) + QChar(0x00d7));
}

void addColouring(Legend& legend, const cluster::Cluster& cluster, const operations::Frame* frame,
                  const Colouring& colouring, const Theme& theme) {
    const ColourBy by = colouring.by;
    const auto stateEntry = [&](GpuState state) {
        legend.entries.push_back({theme.state(state).colour, theme.state(state).pattern, stateLabel(state)});
    };
    if (by == ColourBy::State) {
        for (std::size_t s = 0; s < operations::kStateCount; ++s)
            if (frame != nullptr ? frame->counts[s] > 0 : s == 0)
                stateEntry(static_cast<GpuState>(s));
        return;
    }
    if (isQuantity(by)) {
        const Colouring::Scale scale = colouring.scale();
        legend.hasRamp = true;
        legend.ramp = theme.sequential;
        legend.rampLow = colouring.text(scale.low);
        legend.rampHigh = colouring.text(scale.high) + ' ' + colouring.title();
    } else {
        for (std::size_t c = 0; c < cluster.gpuClasses.size(); ++c)
            legend.entries.push_back({theme.classes[c % theme.classes.size()], Pattern::Solid,
                                      QString::fromStdString(cluster.gpuClasses[c].name)});
    }
    for (const GpuState state : {GpuState::Unpowered, GpuState::Culprit, GpuState::Fault})
        if (frame != nullptr && frame->counts[static_cast<std::size_t>(state)] > 0)
            stateEntry(state);
}

} // namespace atlas::scenes

#include "app/area_words.h"

#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>

namespace atlas::app {

namespace {

using operations::GpuState;
using widgets::countText;
using widgets::Ink;
using widgets::percentText;
using widgets::quantityText;

constexpr double kFullUtilisation = 255; // of a frame's byte

QString tr(const char* text) {
    return QCoreApplication::translate("AreaWords", text);
}

bool earns(GpuState state) {
    return state == GpuState::Computing || state == GpuState::Communicating || state == GpuState::Prefill ||
           state == GpuState::Decode;
}

} // namespace

double AreaSummary::stalledShare() const {
    return powered > 0 ? static_cast<double>(byState[static_cast<std::size_t>(GpuState::Waiting)]) / powered
                       : 0;
}

AreaSummary summarise(const cluster::Cluster& cluster, const operations::Frame& frame,
                      std::span<const cluster::Range> gpus) {
    AreaSummary sum;
    double used = 0;
    for (const cluster::Range& range : gpus) {
        cluster::Index gpu = range.first;
        while (gpu < range.end()) {
            const std::uint8_t gpuClass = cluster.classOf(gpu);
            const cluster::Index end =
                std::min(range.end(), cluster.islands[cluster.islandOf(gpu)].gpus.end());
            const scenario::GpuClass& kind = cluster.gpuClasses[gpuClass];
            sum.byClass[gpuClass] += end - gpu;
            for (; gpu < end; ++gpu) {
                const auto state = static_cast<GpuState>(frame.state[gpu]);
                ++sum.gpus;
                ++sum.byState[frame.state[gpu]];
                if (state == GpuState::Unpowered) {
                    continue;
                }
                ++sum.powered;
                const double utilisation = frame.utilisation[gpu] / kFullUtilisation;
                used += utilisation;
                if (sum.least == cluster::kNone || utilisation < sum.leastUtilisation) {
                    sum.leastUtilisation = utilisation;
                    sum.least = gpu;
                }
                sum.powerW += kind.idleW.value + utilisation * (kind.tdpW.value - kind.idleW.value) +
                              kind.hostOverheadW.value;
                sum.lostUsdPerHour += earns(state) ? 0 : kind.rentUsdPerGpuHour.value;
            }
        }
    }
    sum.meanUtilisation = sum.powered > 0 ? used / sum.powered : 0;
    return sum;
}

widgets::InspectorContent inspectArea(const Workspace& workspace, Side side,
                                      std::span<const cluster::Range> gpus, const operations::Frame* frame) {
    const Pane& pane = workspace.pane(side);
    if (!pane.timeline) {
        return {};
    }
    const cluster::Cluster& cluster = *pane.timeline->cluster();
    widgets::InspectorContent content;
    content.title = tr("%1 GPUs selected").arg(countText(cluster::countOf(gpus)));
    content.subtitle = QString::fromStdString(cluster.name);
    content.actions.push_back(
        {kZoomAction, tr("Zoom to them"), tr("Brings the selected area into view"), true});
    if (frame == nullptr) {
        return content;
    }
    const AreaSummary sum = summarise(cluster, *frame, gpus);
    const auto row = [&content](const QString& key, const QString& value, Ink ink = Ink::Text,
                                const QString& tip = {}) {
        content.rows.push_back({key, value, ink, tip});
    };
    for (const auto& [gpuClass, count] : sum.byClass) {
        row(QString::fromStdString(cluster.gpuClasses[gpuClass].name), countText(count));
    }
    if (sum.powered < sum.gpus) {
        row(tr("with power"), countText(sum.powered), Ink::Text, tr("The rest gets power in later months"));
    }
    if (sum.powered == 0) {
        return content;
    }
    row(tr("utilisation, mean"), percentText(sum.meanUtilisation));
    row(tr("utilisation, least"), percentText(sum.leastUtilisation), Ink::Text,
        QString::fromStdString(cluster.gpuLabel(sum.least)));
    for (std::size_t i = 0; i < sum.byState.size(); ++i) {
        const auto state = static_cast<GpuState>(i);
        if (sum.byState[i] > 0 && state != GpuState::Unpowered) {
            row(scenes::stateLabel(state), countText(sum.byState[i]),
                operations::severity(state) >= 3 ? Ink::Negative
                : state == GpuState::Waiting     ? Ink::Warning
                                                 : Ink::Text);
        }
    }
    row(tr("stalled"), percentText(sum.stalledShare()), sum.stalledShare() > 0 ? Ink::Warning : Ink::Text,
        tr("Waiting at the barrier, of those with power"));
    row(tr("power"), quantityText(sum.powerW, units::Dimension::Watts), Ink::Text,
        tr("Idle power, what utilisation adds up to the TDP, and the host's share"));
    row(tr("lost now"), tr("%1 an hour").arg(quantityText(sum.lostUsdPerHour, units::Dimension::Usd)),
        sum.lostUsdPerHour > 0 ? Ink::Warning : Ink::Text,
        tr("Market rent of those that have power and neither compute nor communicate"));
    if (frame->culprit != cluster::kNone &&
        std::ranges::any_of(gpus, [&](const cluster::Range& r) { return r.contains(frame->culprit); })) {
        content.alert = tr("the slowest GPU of this step is here");
        content.alertInk = Ink::Negative;
    }
    return content;
}

} // namespace atlas::app

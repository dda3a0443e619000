#include "app/pane_caption.h"

#include "widgets/format.h"
#include "widgets/speed.h"

#include <QCoreApplication>

#include <cmath>

namespace atlas::app {

namespace {

using operations::GpuState;
using widgets::countText;

QString tr(const char* text) {
    return QCoreApplication::translate("PaneCaption", text);
}

std::uint32_t count(const operations::Frame& frame, GpuState state) {
    return frame.counts[static_cast<std::size_t>(state)];
}

QString doing(const operations::Frame& frame) {
    const std::uint32_t unpowered = count(frame, GpuState::Unpowered);
    std::uint32_t all = 0;
    for (const std::uint32_t each : frame.counts) {
        all += each;
    }
    const std::uint32_t powered = all - unpowered;
    if (powered == 0) {
        return tr("no GPU has power yet");
    }
    const auto hundredth = [powered](std::uint32_t n) {
        return QString::number(std::lround(100.0 * n / static_cast<double>(powered)));
    };
    if (frame.training && frame.phase != operations::Phase::Running) {
        return phaseText(frame.phase);
    }
    const std::uint32_t serving = count(frame, GpuState::Prefill) + count(frame, GpuState::Decode);
    QString words =
        frame.training
            ? tr("%1 of 100 GPUs computing")
                  .arg(hundredth(count(frame, GpuState::Computing) + count(frame, GpuState::Culprit)))
            : tr("%1 of 100 GPUs serving").arg(hundredth(serving));
    if (unpowered > 0) {
        words += QStringLiteral(" · ") + tr("%1 not yet powered").arg(countText(unpowered));
    }
    return words;
}

} // namespace

QString phaseText(operations::Phase phase) {
    switch (phase) {
    case operations::Phase::Checkpoint:
        return tr("saving a checkpoint");
    case operations::Phase::Detecting:
        return tr("stopped by a failure nobody has noticed yet");
    case operations::Phase::Restarting:
        return tr("restarting");
    case operations::Phase::Halted:
        return tr("halted: waits for a repair");
    case operations::Phase::Outer:
        return tr("islands exchange what they learned");
    case operations::Phase::Idle:
    case operations::Phase::Running:
        break;
    }
    return {};
}

std::vector<std::pair<QString, double>> fleetOf(const cluster::Cluster& cluster) {
    std::vector<double> byClass(cluster.gpuClasses.size());
    for (const cluster::Island& island : cluster.islands) {
        byClass[island.gpuClass] += island.gpus.count;
    }
    std::vector<std::pair<QString, double>> fleet;
    for (std::size_t i = 0; i < byClass.size(); ++i) {
        if (byClass[i] > 0) {
            fleet.emplace_back(QString::fromStdString(cluster.gpuClasses[i].id), byClass[i]);
        }
    }
    return fleet;
}

QString fleetText(const cluster::Cluster& cluster) {
    QStringList parts;
    for (const auto& [name, count] : fleetOf(cluster)) {
        parts << countText(count) + QLatin1Char(' ') + name;
    }
    return parts.join(QStringLiteral(" + "));
}

QString clockCaption(const scenes::Clock& clock, double shownS) {
    return QStringLiteral("%1 · %2").arg(
        widgets::clockText(shownS), clock.playing ? widgets::speedText(clock.speed) : tr("stands still"));
}

widgets::PaneCaption paneCaption(const scenario::Scenario& scenario, const Pane& pane,
                                 const operations::Frame* frame) {
    widgets::PaneCaption caption;
    caption.cluster = QString::fromStdString(pane.clusterName);
    caption.strategy = QString::fromStdString(pane.strategyName);
    caption.currentCluster = QString::fromStdString(pane.choice.cluster);
    for (const std::string& id : pane.clusters) {
        const scenario::Cluster* cluster = scenario.cluster(id);
        caption.clusters.push_back(
            {QString::fromStdString(id), QString::fromStdString(cluster != nullptr ? cluster->name : id)});
    }
    if (!pane.timeline) {
        caption.problem = QString::fromStdString(text(pane.problems)).trimmed();
        return caption;
    }
    QStringList parts = {fleetText(*pane.timeline->cluster()),
                         QString::fromStdString(pane.timeline->activity())};
    if (frame != nullptr) {
        parts << doing(*frame);
    }
    caption.summary = parts.join(QStringLiteral(" · "));
    return caption;
}

Callout culpritCallout(const cluster::Cluster& cluster, const operations::Frame& frame) {
    const std::uint32_t waiting = count(frame, GpuState::Waiting);
    if (!frame.training || frame.culprit == cluster::kNone || waiting == 0) {
        return {};
    }
    const cluster::Rack& rack = cluster.racks[cluster.rackOf(frame.culprit)];
    const cluster::Index tray = cluster.trayOf(frame.culprit);
    const cluster::Index withinRack = frame.culprit - rack.gpus.first;
    const int perTray = cluster.islands[cluster.islandOf(frame.culprit)].rackType.gpusPerTray;
    const QString where = QStringLiteral("%1/%2/%3")
                              .arg(QString::fromStdString(rack.label()))
                              .arg(tray + 1)
                              .arg(static_cast<int>(withinRack) % std::max(1, perTray) + 1);
    return {tr("%1 holds the step").arg(where), tr("%1 GPUs wait").arg(countText(waiting))};
}

} // namespace atlas::app

#include "app/inspection.h"

#include "app/pane_caption.h"
#include "app/validity_text.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace atlas::app {

namespace {

using operations::Frame;
using operations::GpuState;
using units::Dimension;
using widgets::countText;
using widgets::Ink;
using widgets::InspectorContent;
using widgets::percentText;
using widgets::quantityText;

QString tr(const char* text) {
    return QCoreApplication::translate("Inspection", text);
}

QString utf8(const std::string& text) {
    return QString::fromStdString(text);
}

void addRow(InspectorContent& content, const QString& key, const QString& value, Ink ink = Ink::Text,
            const QString& tip = {}) {
    content.rows.push_back({key, value, ink, tip});
}

/// "0.47 s" of the step as share and time.
QString partOfStep(double seconds, double stepS) {
    const QString time = quantityText(seconds, Dimension::Seconds);
    return stepS > 0 ? QStringLiteral("%1 · %2").arg(time, percentText(seconds / stepS)) : time;
}

/// GPUs by state within a range of indices.
struct Tally {
    std::array<std::uint32_t, operations::kStateCount> counts{};
    double utilisation = 0; ///< mean over powered GPUs, 0..1
    std::uint32_t powered = 0;
};

Tally tally(const Frame& frame, cluster::Range gpus) {
    Tally sum;
    double used = 0;
    for (cluster::Index gpu = gpus.first; gpu < gpus.end() && gpu < frame.state.size(); ++gpu) {
        ++sum.counts[frame.state[gpu]];
        used += frame.utilisation[gpu];
    }
    sum.powered = gpus.count - sum.counts[static_cast<std::size_t>(GpuState::Unpowered)];
    sum.utilisation = sum.powered > 0 ? used / (255.0 * sum.powered) : 0;
    return sum;
}

void addTally(InspectorContent& content, const Frame& frame, cluster::Range gpus) {
    const Tally sum = tally(frame, gpus);
    if (sum.powered < gpus.count) {
        addRow(content, tr("with power"), countText(sum.powered), Ink::Text,
               tr("of %1 GPUs; the rest gets power in later months").arg(countText(gpus.count)));
    }
    if (sum.powered == 0) {
        return;
    }
    addRow(content, tr("utilisation now"), percentText(sum.utilisation));
    for (std::size_t i = 0; i < sum.counts.size(); ++i) {
        const auto state = static_cast<GpuState>(i);
        if (sum.counts[i] == 0 || state == GpuState::Unpowered) {
            continue;
        }
        const Ink ink = operations::severity(state) >= 3 ? Ink::Negative
                        : state == GpuState::Waiting     ? Ink::Warning
                                                         : Ink::Text;
        addRow(content, state == GpuState::Culprit ? tr("culprit") : scenes::stateLabel(state),
               countText(sum.counts[i]), ink);
    }
}

void addClass(InspectorContent& content, const cluster::Cluster& cluster, const cluster::Island& island) {
    const scenario::GpuClass& gpu = cluster.gpuClasses[island.gpuClass];
    addRow(content, tr("class"), utf8(gpu.name), Ink::Text, utf8(gpu.bf16FlopPerS.source));
    addRow(content, tr("fabric"), utf8(island.fabric.name));
}

/// The replica of a GPU that serves: its queue, its pace, and what its loss would cost.
void addReplica(InspectorContent& content, const operations::GpuDetail& detail) {
    const operations::ServingDetail& r = detail.serving;
    using operations::ReplicaState;
    addRow(content, tr("serves in"),
           tr("replica %1 of %2 GPUs").arg(countText(static_cast<double>(r.replica))).arg(r.gpus), Ink::Text,
           utf8(r.layout));
    if (r.state == ReplicaState::Out) {
        content.alert = tr("out of order: the other replicas take its requests");
        content.alertInk = Ink::Negative;
    } else if (r.state == ReplicaState::Resting) {
        addRow(content, tr("rests"), tr("demand does not need it"));
    } else {
        addRow(content, tr("answers being written"),
               tr("%1 of %2 places").arg(countText(r.sequences), countText(r.places)));
        addRow(content, tr("waiting here"), countText(std::round(r.waiting)));
        addRow(content, tr("takes"), tr("%1 requests/s").arg(r.requestsPerS, 0, 'f', 2));
        addRow(content, tr("writes"), quantityText(r.tokensPerS, Dimension::TokensPerSecond));
        addRow(content, tr("reads prompts"), percentText(r.promptShare), Ink::Text,
               tr("Share of its time; the rest writes answers"));
        addRow(content, tr("time per token"), quantityText(r.tokenS, Dimension::Seconds));
        addRow(content, tr("first token, 95 %"), quantityText(r.firstTokenS, Dimension::Seconds), Ink::Text,
               tr("Interactive requests to its class of GPU"));
    }
    if (r.state != ReplicaState::Out && r.speed < 1) {
        addRow(content, tr("speed"), percentText(r.speed), Ink::Warning,
               tr("A replica goes at the pace of its slowest GPU"));
    }
    constexpr double kExample = 0.3; // as the injection offers
    const operations::SlowGpuCost cost = operations::slowGpuCost(r, kExample);
    addRow(
        content, tr("30 % slower, it costs"), tr("%1 of the tokens").arg(percentText(cost.serving)),
        Ink::Text,
        tr("One synchronous run over all of these GPUs would lose up to %1").arg(percentText(cost.training)));
    addRow(content, tr("waits for"), tr("nobody: replicas are independent"));
}

InspectorContent aboutGpu(const Pane& pane, const Frame* frame, cluster::Index gpu, double rentUsdPerGpuHour,
                          const QString& rentSource) {
    const cluster::Cluster& cluster = *pane.timeline->cluster();
    const operations::GpuDetail detail = pane.timeline->detailAt(frame != nullptr ? frame->timeS : 0, gpu);
    InspectorContent content;
    content.title = utf8(cluster.gpuLabel(gpu));
    content.title[0] = content.title[0].toUpper();
    content.subtitle = QStringLiteral("%1 · %2").arg(utf8(detail.gpuClass), scenes::stateLabel(detail.state));
    if (!detail.member) {
        addRow(content, tr("takes part"), tr("no: the job's layout leaves it out"));
        return content;
    }
    if (detail.serving.replica >= 0) {
        addReplica(content, detail);
        return content;
    }
    const auto addPlace = [&] {
        addRow(
            content, tr("place"),
            tr("DP %1, stage %2, CP %3, TP %4")
                .arg(detail.dpReplica + 1)
                .arg(detail.ppStage + 1)
                .arg(detail.cpRank + 1)
                .arg(detail.tpRank + 1),
            Ink::Text,
            tr("of DP %1, PP %2, CP %3, TP %4").arg(detail.dp).arg(detail.pp).arg(detail.cp).arg(detail.tp));
    };
    if (!(detail.stepTimeS > 0)) { // the job stands still
        addPlace();
        return content;
    }
    const double relative =
        detail.classMedianComputeS > 0 ? detail.computeS / detail.classMedianComputeS : 1.0;
    if (detail.culprit) {
        content.subtitleInk = Ink::Negative;
        content.alertInk = Ink::Negative;
        if (frame != nullptr) {
            content.alert = tr("holds up %1 GPUs")
                                .arg(countText(frame->counts[static_cast<std::size_t>(GpuState::Waiting)]));
        }
    }
    addRow(content, tr("computes"), partOfStep(detail.computeS, detail.stepTimeS));
    addRow(content, tr("communicates"), partOfStep(detail.communicateS, detail.stepTimeS));
    addRow(content, tr("bubble"), partOfStep(detail.bubbleS, detail.stepTimeS));
    addRow(content, tr("waits"), partOfStep(detail.waitS, detail.stepTimeS), Ink::Warning);
    addRow(content, tr("against its class"), tr("%1 × the median time").arg(relative, 0, 'f', 3));
    addRow(content, tr("lasting slowness"), tr("%1 ×").arg(detail.staticSlowdown, 0, 'f', 3), Ink::Text,
           tr("Silicon, cooling and position: the same in every step"));
    if (!detail.slowText.empty()) {
        addRow(content, tr("for now"), QString::fromStdString(detail.slowText), Ink::Negative);
    }
    addPlace();
    addRow(content, tr("step"), quantityText(detail.stepTimeS, Dimension::Seconds));
    if (detail.culprit) {
        addRow(content, tr("step without it"), quantityText(detail.stepTimeWithoutS, Dimension::Seconds));
        addRow(content, tr("waiting it causes"),
               tr("%1 GPU-hours a step").arg(detail.causedWaitGpuHours, 0, 'g', 3), Ink::Warning);
        if (rentUsdPerGpuHour > 0 && detail.stepTimeS > 0) {
            const double usdPerHour =
                detail.causedWaitGpuHours * rentUsdPerGpuHour * 3600.0 / detail.stepTimeS;
            addRow(content, tr("cost of waiting"),
                   tr("%1 an hour").arg(quantityText(usdPerHour, Dimension::Usd)), Ink::Warning, rentSource);
        }
        InspectorContent::Why why;
        why.equation =
            tr("A synchronous step ends when its slowest member ends. The step without this GPU is drawn "
               "again with all other times unchanged; what the others would have saved is the waiting it "
               "causes, priced at the market rent of its class.");
        const auto input = [&why](const QString& name, const QString& value, const QString& source) {
            why.inputs.push_back({name, value, source});
        };
        input(tr("step"), quantityText(detail.stepTimeS, Dimension::Seconds),
              tr("training model and jitter"));
        input(tr("step without it"), quantityText(detail.stepTimeWithoutS, Dimension::Seconds),
              tr("the same draws, this GPU left out"));
        input(tr("market rent"), quantityText(rentUsdPerGpuHour, Dimension::UsdPerGpuHour), rentSource);
        content.why = why;
    }
    return content;
}

InspectorContent aboutRange(const cluster::Cluster& cluster, const Frame* frame, const QString& title,
                            const QString& subtitle, const cluster::Island& island, cluster::Range gpus) {
    InspectorContent content;
    content.title = title;
    content.subtitle = subtitle;
    addClass(content, cluster, island);
    if (frame != nullptr) {
        addTally(content, *frame, gpus);
        if (frame->culprit != cluster::kNone && gpus.contains(frame->culprit)) {
            content.alert = tr("the slowest GPU of this step is here");
            content.alertInk = Ink::Negative;
        }
    }
    return content;
}

InspectorContent aboutLinks(const cluster::Cluster& cluster, const Frame* frame, cluster::Index group) {
    const cluster::LinkGroup& links = cluster.linkGroups[group];
    InspectorContent content;
    content.title = utf8(links.name);
    content.subtitle = utf8(cluster.islands[links.island].fabric.name);
    addRow(content, tr("capacity"), quantityText(links.bytesPerS, Dimension::BytesPerSecond), Ink::Text,
           tr("One direction, after oversubscription and the throughput reached at scale"));
    addRow(content, tr("cables"), countText(links.cables));
    addRow(content, tr("latency"), quantityText(links.latencyS, Dimension::Seconds));
    if (frame != nullptr && group < frame->linkLoad.size()) {
        const double load = frame->linkLoad[group];
        addRow(content, tr("load now"), percentText(load), load > 0.9 ? Ink::Negative : Ink::Text);
    }
    return content;
}

InspectorContent aboutCluster(const Workspace& workspace, const Pane& pane, const Frame* frame) {
    const cluster::Cluster& cluster = *pane.timeline->cluster();
    InspectorContent content;
    content.title = utf8(cluster.name);
    content.subtitle =
        QStringLiteral("%1 · %2").arg(utf8(pane.strategyName), utf8(pane.timeline->activity()));
    for (const auto& [name, count] : fleetOf(cluster)) {
        addRow(content, name, tr("%1 GPUs").arg(countText(count)));
    }
    addRow(content, tr("racks"), countText(static_cast<double>(cluster.racks.size())), Ink::Text,
           tr("in %1 halls").arg(cluster.halls.size()));
    addRow(content, tr("links"), countText(static_cast<double>(cluster.links.size())), Ink::Text,
           tr("between GPUs and %1 switches").arg(countText(static_cast<double>(cluster.switches.size()))));
    if (frame != nullptr) {
        addTally(content, *frame, {0, cluster.gpuCount});
        if (frame->training) {
            addRow(content, tr("step"), quantityText(frame->stepTimeS, Dimension::Seconds));
            const double gpuHours = frame->waitGpuSeconds / 3600.0;
            addRow(content, tr("waiting a step"), tr("%1 GPU-hours").arg(gpuHours, 0, 'f', 1), Ink::Warning);
        }
    }
    if (const scenario::Cluster* spec = workspace.scenario->cluster(pane.choice.cluster);
        spec != nullptr && !spec->note.empty()) {
        content.alert = utf8(spec->note);
        content.alertInk = Ink::Quiet;
    }
    return content;
}

InspectorContent about(const Workspace& workspace, const Pane& pane, scenes::Target target,
                       const Frame* frame) {
    const cluster::Cluster& cluster = *pane.timeline->cluster();
    using scenes::TargetKind;
    switch (target.kind) {
    case TargetKind::Gpu: {
        if (target.index >= cluster.gpuCount) {
            break;
        }
        const scenario::GpuClass& gpuClass = cluster.gpuClasses[cluster.classOf(target.index)];
        return aboutGpu(pane, frame, target.index, gpuClass.rentUsdPerGpuHour.value,
                        utf8(gpuClass.rentUsdPerGpuHour.source));
    }
    case TargetKind::Rack: {
        if (target.index >= cluster.racks.size()) {
            break;
        }
        const cluster::Rack& rack = cluster.racks[target.index];
        const cluster::Island& island = cluster.islands[cluster.halls[rack.hall].island];
        return aboutRange(
            cluster, frame, tr("Rack %1").arg(utf8(rack.label())),
            QStringLiteral("%1 · %2").arg(utf8(cluster.halls[rack.hall].name), utf8(island.rackType.name)),
            island, rack.gpus);
    }
    case TargetKind::Row: {
        if (target.index >= cluster.rows.size()) {
            break;
        }
        const cluster::Row& row = cluster.rows[target.index];
        const cluster::Range gpus = {cluster.racks[row.racks.first].gpus.first,
                                     cluster.racks[row.racks.end() - 1].gpus.end() -
                                         cluster.racks[row.racks.first].gpus.first};
        return aboutRange(cluster, frame, tr("Row %1").arg(cluster.racks[row.racks.first].rowNumber),
                          utf8(cluster.halls[row.hall].name), cluster.islands[cluster.halls[row.hall].island],
                          gpus);
    }
    case TargetKind::Hall: {
        if (target.index >= cluster.halls.size()) {
            break;
        }
        const cluster::Hall& hall = cluster.halls[target.index];
        const cluster::Island& island = cluster.islands[hall.island];
        return aboutRange(cluster, frame, utf8(hall.name), utf8(island.name), island, hall.gpus);
    }
    case TargetKind::LinkGroup:
        if (target.index < cluster.linkGroups.size()) {
            return aboutLinks(cluster, frame, target.index);
        }
        break;
    case TargetKind::Switch:
    case TargetKind::Work:
    case TargetKind::Lane:
    case TargetKind::Instant:
    case TargetKind::None:
        break;
    }
    return aboutCluster(workspace, pane, frame);
}

} // namespace

InspectorContent inspect(const Workspace& workspace, Side side, scenes::Target target, const Frame* frame) {
    const Pane& pane = workspace.pane(side);
    if (!pane.timeline) {
        return {};
    }
    InspectorContent content = about(workspace, pane, target, frame);
    content.caveat = markedText(pane.validity);
    if (pane.assignment.activity == scenario::Activity::Train) {
        content.actions.push_back({kPlanAction, tr("Parallel plan"),
                                   tr("The layouts this job could run under, and why the others lose"),
                                   true});
    }
    return content;
}

} // namespace atlas::app

#include "app/blame_words.h"

#include "app/pane_caption.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace atlas::app {

namespace {

using operations::Attribution;
using operations::Cause;
using operations::Group;
using units::Dimension;
using widgets::BlameContent;
using widgets::countText;
using widgets::Ink;
using widgets::quantityText;

constexpr double kHourS = 3600;

QString tr(const char* text) {
    return QCoreApplication::translate("Blame", text);
}

QString seconds(double s) {
    return quantityText(s, Dimension::Seconds);
}

QString gpuHours(double hours) {
    return tr("%1 GPU-h").arg(quantityText(hours, Dimension::Number));
}

QString reasonOf(const Pane& pane, const Attribution& step) {
    const cluster::Cluster& cluster = *pane.timeline->cluster();
    const QString gpuClass = QString::fromStdString(cluster.gpuClasses[step.gpuClass].name);
    switch (step.cause) {
    case Cause::ClassMismatch:
        return tr("%1: its class is slower than the mean").arg(gpuClass);
    case Cause::StaticSpread:
        return tr("%1: slower than its class for good").arg(gpuClass);
    case Cause::Jitter:
        return tr("%1: by chance, in this step").arg(gpuClass);
    case Cause::Thermal:
        return tr("%1: it computes slower for now").arg(gpuClass);
    case Cause::SlowLink:
        return tr("%1: its network moves less for now").arg(gpuClass);
    case Cause::SlowHost:
        return tr("%1: its tray computes slower for now").arg(gpuClass);
    case Cause::Injection:
        return tr("%1: somebody did it").arg(gpuClass);
    case Cause::LastStage:
        return tr("%1: the last stage has more to do than the others").arg(gpuClass);
    case Cause::Sequences:
        return tr("%1: its replica got the longer sequences").arg(gpuClass);
    case Cause::Collection:
        return tr("%1: a process of its replica collects garbage").arg(gpuClass);
    }
    return {};
}

/// "class 4.1 s, lasting 0.2 s, chance 0.3 s, slow for now 2.7 s", the largest first.
QString partsOf(const Attribution& step) {
    std::array parts = {std::pair{step.mismatchS, tr("class")},   std::pair{step.staticS, tr("lasting")},
                        std::pair{step.jitterS, tr("chance")},    std::pair{step.slowS, tr("slow for now")},
                        std::pair{step.stageS, tr("last stage")}, std::pair{step.loadS, tr("uneven work")}};
    std::ranges::sort(parts, [](auto& a, auto& b) { return std::abs(a.first) > std::abs(b.first); });
    QStringList words;
    for (const auto& [s, what] : parts) {
        if (std::abs(s) > 1e-4) {
            words << what + QLatin1Char(' ') + seconds(s);
        }
    }
    return words.join(QStringLiteral(", "));
}

/// USD for a GPU-hour of the mean GPU of the cluster.
double meanRent(const cluster::Cluster& cluster) {
    double usd = 0;
    for (const cluster::Island& island : cluster.islands) {
        usd += cluster.gpuClasses[island.gpuClass].rentUsdPerGpuHour.value * island.gpus.count;
    }
    return cluster.gpuCount > 0 ? usd / cluster.gpuCount : 0;
}

QString priced(double hours, double usd) {
    return usd > 0 ? QStringLiteral("%1 · %2").arg(gpuHours(hours), quantityText(usd, Dimension::Usd))
                   : gpuHours(hours);
}

void addChain(BlameContent& content, const Attribution& step, double timeS) {
    for (const operations::BlameLink& link : step.chain) {
        if (link.group == Group::Own) {
            continue;
        }
        BlameContent::Link shown;
        shown.group = link.group;
        shown.who = scenes::blameLabel(link.group);
        shown.count = countText(static_cast<double>(link.gpus));
        shown.from = tr("from %1").arg(seconds(link.waitsFromS));
        shown.reached = timeS >= step.stepStartS + link.waitsFromS;
        shown.tip = tr("They wait %1 in this step; the first of them from %2 into it on")
                        .arg(gpuHours(link.waitGpuSeconds / kHourS), seconds(link.waitsFromS));
        content.chain.push_back(std::move(shown));
    }
}

void addBill(BlameContent& content, const WaitingBill& bill) {
    if (bill.toS < 0) {
        content.rows.push_back({tr("so far"), tr("adding up…"), Ink::Quiet, {}});
        return;
    }
    const double all = bill.waitGpuHours + bill.stoppedGpuHours;
    const double usd = bill.usd;
    const auto share = [&](double hours) { return all > 0 ? usd * hours / all : 0.0; };
    QStringList causes;
    for (std::size_t i = 0; i < bill.waitGpuS.size(); ++i) {
        if (bill.waitGpuS[i] > 0) {
            causes << tr("%1: %2").arg(QString::fromUtf8(operations::name(static_cast<Cause>(i))),
                                       gpuHours(bill.waitGpuS[i] / kHourS));
        }
    }
    content.rows.push_back({tr("waited so far"), priced(bill.waitGpuHours, share(bill.waitGpuHours)),
                            Ink::Warning, causes.join(QLatin1Char('\n'))});
    content.rows.push_back(
        {tr("stood still so far"), priced(bill.stoppedGpuHours, share(bill.stoppedGpuHours)), Ink::Warning,
         tr("Held by checkpoints, failures, restarts and work done again, from the beginning of the "
            "scenario to this hour; at the market rent of each class")});
}

} // namespace

BlameContent blameContent(const Pane& pane, const operations::Frame* frame,
                          const std::optional<Attribution>& attribution, const WaitingBill& bill) {
    BlameContent content;
    if (!pane.timeline) {
        content.reason = tr("There is nothing to see.");
        return content;
    }
    const bool trains = pane.assignment.activity == scenario::Activity::Train;
    if (!trains) {
        content.reason = tr("Nobody: %1.").arg(QString::fromStdString(pane.timeline->activity()));
        return content;
    }
    const bool stepping = attribution && frame != nullptr && frame->training &&
                          frame->phase == operations::Phase::Running &&
                          attribution->culprit != cluster::kNone;
    if (!stepping) {
        const QString phase = frame != nullptr ? phaseText(frame->phase) : QString();
        content.reason =
            phase.isEmpty() ? tr("Nobody: there is no step now.") : tr("The job: %1.").arg(phase);
        addBill(content, bill);
        return content;
    }
    const Attribution& step = *attribution;
    const cluster::Cluster& cluster = *pane.timeline->cluster();
    content.culprit = QString::fromStdString(cluster.gpuLabel(step.culprit));
    content.culprit[0] = content.culprit[0].toUpper();
    content.reason = reasonOf(pane, step);
    addChain(content, step, frame->timeS);

    content.rows.push_back({tr("comes in late by"),
                            tr("%1 of %2").arg(seconds(step.lateS), seconds(step.stepS)), Ink::Negative,
                            tr("After the mean member: %1").arg(partsOf(step))});
    content.rows.push_back({tr("step without it"), seconds(step.withoutCulpritS), Ink::Text,
                            tr("The same draws, this GPU left out: then the next one holds the step")});
    if (step.evenS < step.stepS) {
        content.rows.push_back({tr("with even work"), seconds(step.evenS), Ink::Text,
                                tr("the last stage and all replicas with their share of the work, all other "
                                   "draws the same")});
    }
    if (step.withoutSlownessS < step.withoutCulpritS) {
        content.rows.push_back({tr("with nothing slow"), seconds(step.withoutSlownessS), Ink::Text,
                                tr("The same draws, nothing slowed by failure or injection")});
    }
    if (step.withoutClassS < step.stepS && step.withoutClassS > 0) {
        content.rows.push_back({tr("without its class"), seconds(step.withoutClassS), Ink::Text,
                                tr("The same draws, all GPUs of its class left out")});
    }
    const double rent = meanRent(cluster);
    const double waits = step.waitGpuSeconds / kHourS;
    content.rows.push_back({tr("waits this step"), priced(waits, waits * rent), Ink::Warning,
                            tr("All members at the barrier, at the mean rent of the cluster's GPUs")});
    const double caused = step.causedWaitGpuSeconds / kHourS;
    content.rows.push_back({tr("it alone causes"), priced(caused, caused * rent), Ink::Warning,
                            tr("What the others would have saved without it")});
    addBill(content, bill);
    return content;
}

std::shared_ptr<const scenes::BlameChain> blameChain(const std::optional<Attribution>& attribution) {
    if (!attribution || attribution->culprit == cluster::kNone) {
        return nullptr;
    }
    auto chain = std::make_shared<scenes::BlameChain>();
    chain->culprit = attribution->culprit;
    for (const operations::BlameLink& link : attribution->chain) {
        chain->groups.push_back({link.group, link.ranges, attribution->stepStartS + link.waitsFromS});
    }
    return chain;
}

} // namespace atlas::app

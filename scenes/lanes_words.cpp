#include "scenes/lanes_words.h"

#include "scenes/lane_look.h"
#include "scenes/time_ticks.h"
#include "scenes/words.h"

#include <algorithm>
#include <numeric>

namespace atlas::scenes {

namespace {

using operations::LaneKind;
using operations::LaneSpan;
using operations::LaneStep;
using operations::SectionKind;
using operations::SpanKind;
using operations::StepLanes;
using operations::TimelineLane;

constexpr std::size_t kMostKindsNamed = 4;

QString gpuName(const cluster::Cluster& cluster, cluster::Index gpu) {
    QString name = QString::fromStdString(cluster.gpuLabel(gpu));
    name[0] = name[0].toUpper();
    return name;
}

QString className(const StepLanes& lanes, std::uint8_t gpuClass) {
    return QString::fromStdString(lanes.cluster->gpuClasses[gpuClass].name);
}

bool inStep(SpanKind kind) {
    return kind <= SpanKind::Work;
}

bool wholeStep(SpanKind kind) {
    return kind >= SpanKind::StepChance && kind <= SpanKind::StepInjected;
}

const LaneStep* stepAt(const StepLanes& lanes, double timeS) {
    const auto after = std::upper_bound(lanes.steps.begin(), lanes.steps.end(), timeS,
                                        [](double t, const LaneStep& s) { return t < s.startS; });
    return after == lanes.steps.begin() ? nullptr : &*std::prev(after);
}

void addStep(HoverText& text, const StepLanes& lanes, const LaneStep& step) {
    text.rows.emplace_back(tr("step"), grouped(static_cast<std::int64_t>(step.step)));
    if (step.culprit != cluster::kNone)
        text.rows.emplace_back(tr("held up by"), gpuName(*lanes.cluster, step.culprit));
}

void addRank(HoverText& text, const StepLanes& lanes, const TimelineLane& lane) {
    const auto& place = lane.place;
    text.rows.emplace_back(tr("class"), className(lanes, place.gpuClass));
    text.rows.emplace_back(tr("place"), tr("DP %1, stage %2, CP %3, TP %4")
                                            .arg(grouped(place.replica + 1))
                                            .arg(place.stage + 1)
                                            .arg(place.context + 1)
                                            .arg(place.tensor + 1));
    if (lane.culprit)
        text.rows.emplace_back(tr("culprit"), tr("holds up the step at the play-head"));
}

/// "forward 41 %, waits 12 %", the largest first.
QString mixtureText(const operations::KindSeconds& seconds) {
    std::array<std::size_t, operations::kSpanKindCount> order;
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return seconds[a] > seconds[b]; });
    const double all = std::accumulate(seconds.begin(), seconds.end(), 0.0);
    QStringList parts;
    for (std::size_t k = 0; k < kMostKindsNamed && seconds[order[k]] > 0; ++k)
        parts << kindLabel(static_cast<SpanKind>(order[k])) + ' ' + percent(seconds[order[k]] / all);
    return parts.join(QStringLiteral(", "));
}

QString spanTitle(const StepLanes& lanes, const TimelineLane& lane, const LaneSpan& span) {
    if (lane.kind == LaneKind::Conditions && span.number < lanes.events.size()) {
        const QString event = QString::fromStdString(lanes.events[span.number]);
        return span.count > 1 ? tr("%1, and %2 more").arg(event, grouped(span.count - 1)) : event;
    }
    QString title = kindLabel(span.kind);
    title[0] = title[0].toUpper();
    if (span.kind == SpanKind::Forward || span.kind == SpanKind::Backward)
        title += tr(", micro-batch %1").arg(span.number + 1);
    return title;
}

} // namespace

QString componentWord(operations::Component component) {
    using operations::Component;
    switch (component) {
    case Component::Gpu:
        return tr("GPUs");
    case Component::Tray:
        return tr("trays");
    case Component::Link:
        return tr("NICs and cables");
    case Component::Leaf:
        return tr("leaf switches");
    case Component::Rack:
        return tr("racks");
    case Component::Hall:
        return tr("hall cooling");
    case Component::Feed:
        return tr("power feeds");
    case Component::Software:
        return tr("software");
    case Component::Thermal:
        return tr("hot GPUs");
    case Component::Host:
        return tr("slow hosts");
    case Component::Bundle:
        return tr("link bundles");
    case Component::Power:
        return tr("power caps");
    case Component::Job:
        return tr("restarts");
    }
    return {};
}

QString laneName(const StepLanes& lanes, const TimelineLane& lane) {
    switch (lane.kind) {
    case LaneKind::Phases:
        return tr("job");
    case LaneKind::Steps:
        return tr("steps");
    case LaneKind::Conditions:
        return componentWord(lane.component);
    case LaneKind::Rank:
        break;
    }
    switch (lanes.sections[lane.section].kind) {
    case SectionKind::CulpritTensor: {
        const bool contexts =
            std::any_of(lanes.lanes.begin(), lanes.lanes.end(), [&](const TimelineLane& other) {
                return other.section == lane.section && other.place.context != lane.place.context;
            });
        return contexts ? tr("CP %1, TP %2").arg(lane.place.context + 1).arg(lane.place.tensor + 1)
                        : tr("TP %1").arg(lane.place.tensor + 1);
    }
    case SectionKind::Selected:
        return tr("selected GPU");
    default:
        return tr("stage %1").arg(lane.place.stage + 1);
    }
}

SectionWords sectionWords(const StepLanes& lanes, std::size_t index) {
    const operations::LaneSection& section = lanes.sections[index];
    const QString replica = grouped(section.replica + 1);
    const auto shown = static_cast<std::uint64_t>(
        std::count_if(lanes.lanes.begin(), lanes.lanes.end(),
                      [&](const TimelineLane& lane) { return lane.section == index; }));
    const QString quiet = section.of > shown ? tr("%1 of %2 ranks")
                                                   .arg(grouped(static_cast<std::int64_t>(shown)),
                                                        grouped(static_cast<std::int64_t>(section.of)))
                                             : QString();
    switch (section.kind) {
    case SectionKind::Job:
        return {tr("Job"), {}};
    case SectionKind::Conditions:
        return {tr("What is wrong"), {}};
    case SectionKind::CulpritTensor:
        return {tr("Culprit and its tensor group"), quiet};
    case SectionKind::CulpritPipeline:
        return {tr("Its replica %1, by stage").arg(replica), quiet};
    case SectionKind::Replica:
        return {tr("Replica %1, %2").arg(replica, className(lanes, section.gpuClass)), quiet};
    case SectionKind::Selected:
        return {tr("Selected"), {}};
    }
    return {};
}

HoverText rankText(const StepLanes& lanes, const TimelineLane& lane) {
    HoverText text;
    if (lane.kind != LaneKind::Rank)
        return text;
    text.title = gpuName(*lanes.cluster, lane.gpu);
    addRank(text, lanes, lane);
    return text;
}

HoverText itemText(const StepLanes& lanes, const TimelineLane& lane, const LaneItem& item) {
    HoverText text;
    const LaneSpan& first = lane.track.spans()[item.first];
    const LaneSpan& last = lane.track.spans()[item.first + item.count - 1];
    const double length = last.endS - first.startS;
    if (item.count > 1) {
        text.title = tr("%1 spans folded").arg(grouped(item.count));
        if (const QString mixture = mixtureText(item.seconds); !mixture.isEmpty())
            text.rows.emplace_back(tr("of them"), mixture);
        if (const LaneSpan* worst = lane.track.severeIn(item.first, item.first + item.count))
            text.rows.emplace_back(tr("worst"), spanTitle(lanes, lane, *worst));
    } else {
        text.title = spanTitle(lanes, lane, first);
    }
    if (lane.kind == LaneKind::Rank)
        text.rows.emplace_back(tr("rank"), gpuName(*lanes.cluster, lane.gpu));
    if (length > 0)
        text.rows.emplace_back(tr("lasts"), lengthText(length));
    const LaneStep* step = stepAt(lanes, first.startS);
    if (step != nullptr && lane.kind == LaneKind::Rank && inStep(first.kind))
        text.rows.emplace_back(tr("begins"), tr("%1 into step %2")
                                                 .arg(lengthText(first.startS - step->startS),
                                                      grouped(static_cast<std::int64_t>(step->step))));
    else
        text.rows.emplace_back(tr("begins"), instantText(first.startS));
    if (step != nullptr && item.count == 1 && wholeStep(first.kind))
        addStep(text, lanes, *step);
    if (lane.kind == LaneKind::Rank)
        addRank(text, lanes, lane);
    return text;
}

QString foldedText(std::size_t folded) {
    return folded == 0 ? QString()
                       : tr("%1 spans folded, each below %2 px")
                             .arg(grouped(static_cast<std::int64_t>(folded)))
                             .arg(kFoldPx, 0, 'f', 0);
}

} // namespace atlas::scenes

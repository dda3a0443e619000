#include "app/injection_words.h"

#include "model/scenario/sections.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace atlas::app {

namespace {

using cluster::Part;
using cluster::PartKind;
using operations::EventKind;
using scenario::Injection;
using scenario::InjectionKind;
using scenes::Target;
using scenes::TargetKind;

QString tr(const char* text) {
    return QCoreApplication::translate("Injections", text);
}

QString idOf(InjectionKind kind) {
    const std::string_view word = scenario::kInjectionKindNames[static_cast<std::size_t>(kind)];
    return QString::fromUtf8(word.data(), static_cast<int>(word.size()));
}

QString labelOf(InjectionKind kind, PartKind part) {
    switch (kind) {
    case InjectionKind::SlowGpu:
        return part == PartKind::Gpu ? tr("Slow GPU") : tr("Slow its GPUs");
    case InjectionKind::DegradeLink:
        return part == PartKind::Gpu ? tr("Degrade NIC") : tr("Degrade");
    case InjectionKind::CutLink:
        return part == PartKind::Gpu ? tr("Cut NIC") : tr("Cut");
    case InjectionKind::FailGpu:
        return tr("Fail GPU");
    case InjectionKind::FailTray:
        return tr("Fail tray");
    case InjectionKind::FailRack:
        return tr("Fail rack");
    case InjectionKind::FailLeaf:
        return tr("Fail leaf");
    case InjectionKind::HallCooling:
        return tr("Cut cooling");
    case InjectionKind::PowerCap:
        return tr("Cap power");
    }
    return {};
}

QString tipOf(InjectionKind kind) {
    switch (kind) {
    case InjectionKind::SlowGpu:
        return tr("It computes slower by the share for the time chosen above");
    case InjectionKind::DegradeLink:
        return tr("It moves fewer bytes by the share for the time chosen above");
    case InjectionKind::CutLink:
        return tr("It moves nothing until the time chosen above is over");
    case InjectionKind::FailGpu:
    case InjectionKind::FailTray:
    case InjectionKind::FailRack:
    case InjectionKind::FailLeaf:
        return tr("It stops the job and is back after the time chosen above");
    case InjectionKind::HallCooling:
        return tr("The whole hall slows down by the share; at 100 % it stops");
    case InjectionKind::PowerCap:
        return tr("Clocks go down with the power that is taken away; at 100 % all stops");
    }
    return {};
}

/// The injection as an event; nothing where its cluster is not on screen or its target not there.
std::optional<operations::Event> eventOf(const Workspace& workspace, std::size_t index) {
    const Injection& injection = workspace.scenario->operations.injections[index];
    const auto built = workspace.clusters.find(injection.cluster);
    if (built == workspace.clusters.end() || !built->second) {
        return std::nullopt;
    }
    const auto event =
        operations::resolveInjection(*built->second, injection, static_cast<std::int32_t>(index));
    return event ? std::optional(*event) : std::nullopt;
}

bool shows(const Workspace& workspace, Side side, const Injection& injection) {
    return workspace.pane(side).choice.cluster == injection.cluster;
}

QString words(const Workspace& workspace, std::size_t index) {
    const Injection& injection = workspace.scenario->operations.injections[index];
    if (const auto event = eventOf(workspace, index)) {
        QString text =
            QString::fromStdString(operations::eventText(*workspace.clusters.at(injection.cluster), *event));
        text[0] = text[0].toUpper();
        return text;
    }
    return tr("%1: %2").arg(idOf(injection.what), QString::fromStdString(injection.target));
}

} // namespace

std::optional<Part> partOf(const cluster::Cluster& cluster, Target target) {
    const auto known = [&](std::size_t count, PartKind kind) {
        return target.index < count ? std::optional(Part{kind, target.index}) : std::nullopt;
    };
    switch (target.kind) {
    case TargetKind::None:
        return Part{};
    case TargetKind::Hall:
        return known(cluster.halls.size(), PartKind::Hall);
    case TargetKind::Row:
        return known(cluster.rows.size(), PartKind::Row);
    case TargetKind::Rack:
        return known(cluster.racks.size(), PartKind::Rack);
    case TargetKind::Gpu:
        return known(cluster.gpuCount, PartKind::Gpu);
    case TargetKind::Switch:
        return known(cluster.switches.size(), PartKind::Switch);
    case TargetKind::LinkGroup:
        return known(cluster.linkGroups.size(), PartKind::LinkGroup);
    case TargetKind::Work:
    case TargetKind::Lane:
    case TargetKind::Instant:
        break;
    }
    return std::nullopt;
}

Target targetOf(const cluster::Cluster& cluster, Part part) {
    switch (part.kind) {
    case PartKind::Cluster:
    case PartKind::Island:
        break;
    case PartKind::Hall:
        return {TargetKind::Hall, part.index, cluster::kNone};
    case PartKind::Row:
        return {TargetKind::Row, part.index, cluster::kNone};
    case PartKind::Rack:
        return {TargetKind::Rack, part.index, cluster::kNone};
    case PartKind::Tray:
    case PartKind::Gpu:
        return {TargetKind::Gpu, gpusOf(cluster, part).first, cluster::kNone};
    case PartKind::Switch:
        return {TargetKind::Switch, part.index, cluster::kNone};
    case PartKind::LinkGroup:
        return {TargetKind::LinkGroup, part.index, cluster::kNone};
    }
    return {};
}

std::vector<widgets::InjectionOffer> injectionOffers(const cluster::Cluster& cluster, Part part) {
    std::vector<widgets::InjectionOffer> offers;
    for (const InjectionKind kind : operations::injectionsFor(cluster, part)) {
        offers.push_back({idOf(kind), labelOf(kind, part.kind), tipOf(kind)});
    }
    return offers;
}

InjectionKind injectionKind(const QString& offer) {
    const auto found = std::ranges::find(scenario::kInjectionKindNames, offer.toStdString());
    return static_cast<InjectionKind>(found - std::begin(scenario::kInjectionKindNames));
}

std::vector<widgets::InjectionItem> injectionItems(const Workspace& workspace, double timeS) {
    std::vector<widgets::InjectionItem> items;
    const auto& injections = workspace.scenario->operations.injections;
    for (std::size_t i = 0; i < injections.size(); ++i) {
        const Injection& injection = injections[i];
        widgets::InjectionItem item;
        item.what = words(workspace, i);
        item.when = tr("%1, for %2")
                        .arg(widgets::clockText(std::floor(injection.atS)).section(QLatin1Char('.'), 0, 0),
                             widgets::durationText(injection.durationS));
        for (const Side side : kSides) {
            if (shows(workspace, side, injection)) {
                item.badge += QLatin1Char(widgets::letter(side));
            }
        }
        using scenario::InjectionKind;
        const auto graded = {InjectionKind::SlowGpu, InjectionKind::DegradeLink, InjectionKind::HallCooling,
                             InjectionKind::PowerCap};
        if (std::ranges::find(graded, injection.what) != graded.end()) {
            item.share = injection.magnitude;
        }
        item.lastsS = injection.durationS;
        item.now = injection.atS <= timeS && timeS < injection.atS + injection.durationS;
        items.push_back(std::move(item));
    }
    return items;
}

std::vector<widgets::TimeMark> injectionMarks(const Workspace& workspace) {
    std::vector<widgets::TimeMark> marks;
    const auto& injections = workspace.scenario->operations.injections;
    for (std::size_t i = 0; i < injections.size(); ++i) {
        const auto event = eventOf(workspace, i);
        const bool stops = event && event->kind == EventKind::FailStop;
        for (const Side side : kSides) {
            if (shows(workspace, side, injections[i])) {
                widgets::TimeMark mark{injections[i].atS, side,
                                       stops ? operations::GpuState::Fault : operations::GpuState::Culprit,
                                       tr("Injected: %1").arg(words(workspace, i))};
                mark.byHand = true;
                marks.push_back(std::move(mark));
            }
        }
    }
    return marks;
}

} // namespace atlas::app

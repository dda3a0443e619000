#include "model/operations/injections.h"

#include "model/scenario/sections.h"
#include "model/training/calibration.h"

#include <algorithm>
#include <cmath>

namespace atlas::operations {

namespace {

using cluster::Cluster;
using cluster::Index;
using cluster::LinkKind;
using cluster::Part;
using cluster::PartKind;
using scenario::Injection;
using scenario::InjectionKind;

std::string wordOf(InjectionKind kind) {
    return std::string(scenario::kInjectionKindNames[static_cast<std::size_t>(kind)]);
}

/// The part of `kind` that a part lies in; nothing where it lies in none.
std::optional<Part> widened(const Cluster& cluster, Part part, PartKind kind) {
    if (part.kind == kind) {
        return part;
    }
    if (part.kind == PartKind::Switch) {
        const Index hall = cluster.switches[part.index].hall;
        return kind == PartKind::Hall && hall != cluster::kNone ? std::optional(Part{kind, hall})
                                                                : std::nullopt;
    }
    const bool below = part.kind > kind && part.kind <= PartKind::Gpu;
    if (!below && !(kind == PartKind::Switch && part.kind == PartKind::Gpu)) {
        return std::nullopt;
    }
    const Index gpu = gpusOf(cluster, part).first;
    switch (kind) {
    case PartKind::Tray:
        return Part{kind, trayGpus(cluster, gpu).first};
    case PartKind::Rack:
        return Part{kind, cluster.rackOf(gpu)};
    case PartKind::Row:
        return Part{kind, cluster.racks[cluster.rackOf(gpu)].row};
    case PartKind::Hall:
        return Part{kind, cluster.hallOf(gpu)};
    case PartKind::Island:
        return Part{kind, cluster.islandOf(gpu)};
    case PartKind::Switch:
        return Part{kind, cluster.leafOf(gpu)};
    default:
        return Part{};
    }
}

/// The parts an injection can be meant for, the one it means first.
std::vector<PartKind> targetsOf(InjectionKind kind) {
    switch (kind) {
    case InjectionKind::SlowGpu:
        return {PartKind::Gpu, PartKind::Tray, PartKind::Rack};
    case InjectionKind::DegradeLink:
    case InjectionKind::CutLink:
        return {PartKind::Gpu, PartKind::Switch, PartKind::LinkGroup};
    case InjectionKind::FailGpu:
        return {PartKind::Gpu};
    case InjectionKind::FailTray:
        return {PartKind::Tray};
    case InjectionKind::FailRack:
        return {PartKind::Rack};
    case InjectionKind::FailLeaf:
        return {PartKind::Switch};
    case InjectionKind::HallCooling:
        return {PartKind::Hall};
    case InjectionKind::PowerCap:
        return {PartKind::Cluster, PartKind::Island, PartKind::Hall};
    }
    return {};
}

std::optional<Part> meant(const Cluster& cluster, InjectionKind kind, Part part) {
    const auto allowed = targetsOf(kind);
    if (std::ranges::find(allowed, part.kind) != allowed.end()) {
        const bool leaf =
            part.kind != PartKind::Switch || cluster.switches[part.index].tier == cluster::Tier::Leaf;
        return leaf ? std::optional(part) : std::nullopt;
    }
    return allowed.size() == 1 ? widened(cluster, part, allowed.front()) : std::nullopt;
}

/// Everything taken away is a failure; less of it makes slower.
Event eventOf(const Injection& injection, Part part) {
    const bool all = injection.magnitude >= 1;
    const double slowdown = all ? 1 : 1 / (1 - injection.magnitude);
    Event event;
    event.timeS = injection.atS;
    event.part = part;
    const auto slow = [&](Component component, double factor) {
        event.kind = EventKind::FailSlow;
        event.component = component;
        event.slowdown = factor;
        event.durationS = injection.durationS;
    };
    const auto stop = [&](Component component) {
        event.kind = EventKind::FailStop;
        event.component = component;
    };
    switch (injection.what) {
    case InjectionKind::SlowGpu:
        all ? stop(part.kind == PartKind::Gpu ? Component::Gpu : Component::Tray)
            : slow(Component::Thermal, slowdown);
        break;
    case InjectionKind::DegradeLink:
    case InjectionKind::CutLink: {
        const bool bundle = part.kind == PartKind::LinkGroup;
        if (all || injection.what == InjectionKind::CutLink) {
            stop(part.kind == PartKind::Switch ? Component::Leaf
                 : bundle                      ? Component::Bundle
                                               : Component::Link);
        } else {
            slow(bundle ? Component::Bundle : Component::Link, slowdown);
        }
        break;
    }
    case InjectionKind::FailGpu:
        stop(Component::Gpu);
        break;
    case InjectionKind::FailTray:
        stop(Component::Tray);
        break;
    case InjectionKind::FailRack:
        stop(Component::Rack);
        break;
    case InjectionKind::FailLeaf:
        stop(Component::Leaf);
        break;
    case InjectionKind::HallCooling:
        all ? stop(Component::Hall) : slow(Component::Thermal, slowdown);
        break;
    case InjectionKind::PowerCap: {
        // Dynamic power goes as f V^2: the clock follows the power with the calibration's exponent.
        const double exponent = training::Calibration::builtin()[training::Constant::ClockExponent];
        all ? stop(Component::Feed) : slow(Component::Power, std::pow(slowdown, exponent));
        break;
    }
    }
    event.repairedS = event.kind == EventKind::FailStop ? event.timeS + injection.durationS : event.timeS;
    return event;
}

/// A finding about the injection at `index`, told by its place in the list.
Diagnostic named(Diagnostic problem, std::size_t index) {
    problem.message = "operations.injections." + std::to_string(index + 1) + ": " + problem.message;
    return problem;
}

} // namespace

Result<Event> resolveInjection(const Cluster& cluster, const Injection& injection, std::int32_t index) {
    const auto part = parsePart(cluster, injection.target);
    if (!part) {
        return part.errors();
    }
    const auto target = meant(cluster, injection.what, *part);
    if (!target) {
        std::string kinds;
        for (const PartKind kind : targetsOf(injection.what)) {
            kinds += (kinds.empty() ? "a " : ", a ") + std::string(name(kind));
        }
        return failure("`" + wordOf(injection.what) + "` does nothing to `" + partName(cluster, *part) + '`',
                       "name " + kinds);
    }
    const bool share =
        injection.what == InjectionKind::SlowGpu || injection.what == InjectionKind::DegradeLink ||
        injection.what == InjectionKind::HallCooling || injection.what == InjectionKind::PowerCap;
    if (share && !(injection.magnitude > 0)) {
        return failure("`" + wordOf(injection.what) + "` takes nothing away",
                       "give a magnitude between 0 and 1");
    }
    Event event = eventOf(injection, *target);
    event.injection = index;
    return event;
}

Result<std::vector<Event>> resolveInjections(const Cluster& cluster, const scenario::Operations& operations) {
    std::vector<Event> events;
    Diagnostics errors;
    for (std::size_t i = 0; i < operations.injections.size(); ++i) {
        const Injection& injection = operations.injections[i];
        if (injection.cluster != cluster.id) {
            continue;
        }
        const auto event = resolveInjection(cluster, injection, static_cast<std::int32_t>(i));
        if (event) {
            events.push_back(*event);
            continue;
        }
        for (const Diagnostic& each : event.errors()) {
            errors.push_back(named(each, i));
        }
    }
    if (!errors.empty()) {
        return errors;
    }
    std::ranges::stable_sort(events, {}, &Event::timeS);
    return events;
}

std::vector<InjectionKind> injectionsFor(const Cluster& cluster, Part part) {
    std::vector<InjectionKind> kinds;
    for (std::size_t i = 0; i < std::size(scenario::kInjectionKindNames); ++i) {
        const auto kind = static_cast<InjectionKind>(i);
        if (meant(cluster, kind, part)) {
            kinds.push_back(kind);
        }
    }
    return kinds;
}

Result<scenario::Scenario> withInjection(scenario::Scenario scenario, const Injection& injection,
                                         const Cluster& cluster) {
    const auto index = static_cast<std::int32_t>(scenario.operations.injections.size());
    if (const auto event = resolveInjection(cluster, injection, index); !event) {
        return event.errors();
    }
    scenario.operations.injections.push_back(injection);
    for (const scenario::Finding& finding : scenario::check(scenario)) {
        if (finding.severity == Severity::Error) {
            return failure(finding.path + ": " + finding.message, finding.remedy);
        }
    }
    return scenario;
}

scenario::Scenario withoutInjection(scenario::Scenario scenario, std::size_t index) {
    auto& all = scenario.operations.injections;
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(index));
    return scenario;
}

Result<scenario::Scenario> withInjection(scenario::Scenario scenario, const Injection& injection) {
    const scenario::Cluster* spec = scenario.cluster(injection.cluster);
    if (spec == nullptr) {
        return failure("there is no cluster `" + injection.cluster + '`', "name one of the scenario's");
    }
    const auto built = cluster::buildCluster(scenario, *spec);
    return built ? withInjection(std::move(scenario), injection, **built) : built.errors();
}

std::vector<InjectionProblem> checkInjections(const scenario::Scenario& scenario) {
    const auto& injections = scenario.operations.injections;
    std::vector<InjectionProblem> problems;
    for (const scenario::Cluster& spec : scenario.clusters) {
        if (std::ranges::find(injections, spec.id, &Injection::cluster) == injections.end()) {
            continue;
        }
        const auto built = cluster::buildCluster(scenario, spec);
        for (std::size_t i = 0; built && i < injections.size(); ++i) {
            if (injections[i].cluster != spec.id) {
                continue;
            }
            const auto event = resolveInjection(**built, injections[i], static_cast<std::int32_t>(i));
            for (std::size_t k = 0; !event && k < event.errors().size(); ++k) {
                problems.push_back({i, named(event.errors()[k], i)});
            }
        }
    }
    std::ranges::stable_sort(problems, {}, &InjectionProblem::index);
    return problems;
}

} // namespace atlas::operations

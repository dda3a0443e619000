#include "app/serving_market.h"

#include "app/serving_values.h"
#include "model/explore/lease_margins.h"
#include "model/explore/serving_cost.h"
#include "model/serving/fleet.h"
#include "model/serving/frontier.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace atlas::app {

namespace {

using serving::ClassRate;
using serving::Frontier;
using units::Dimension;
using widgets::percentText;
using widgets::quantityText;
using widgets::text;

constexpr double kDayS = 86'400;
constexpr int kOfDay = 145;

QString tr(const char* words) {
    return QCoreApplication::translate("ServingMarket", words);
}

/// The service on all GPUs its cluster will have, and its mean request.
struct WholeService {
    const scenario::Scenario* scenario = nullptr;
    const scenario::Cluster* cluster = nullptr;
    const scenario::Transformer* model = nullptr;
    training::Machine machine;
    scenario::ServeJob job;
};

std::optional<WholeService> wholeService(const Workspace& workspace) {
    const ShownService shown = shownService(workspace);
    if (!shown) {
        return std::nullopt;
    }
    WholeService out;
    const scenario::Scenario& s = *workspace.scenario;
    const scenario::ServeJob* job = s.serveJob(shown.pane->assignment.job);
    out.scenario = &s;
    out.cluster = s.cluster(shown.pane->assignment.cluster);
    out.model = job != nullptr ? s.transformer(job->model) : nullptr;
    if (out.cluster == nullptr || out.model == nullptr) {
        return std::nullopt;
    }
    const auto machine =
        training::machineOf(s, *out.cluster, {s.start.index + std::max(1, s.horizonMonths) - 1});
    if (!machine) {
        return std::nullopt;
    }
    out.machine = *machine;
    out.job = serving::meanJob(*job, shown.fleet->inputs().classes);
    return out;
}

std::optional<serving::ServingRate> rateOf(const WholeService& service) {
    auto rate = serving::servingRate(service.machine, *service.model, service.job);
    return rate ? std::optional(std::move(*rate)) : std::nullopt;
}

/// The class; where several islands have it, the island.
QString nameOf(const WholeService& service, const std::string& gpu, const std::string& pool) {
    if (std::ranges::count(service.machine.pools, gpu, &training::Pool::gpu) > 1) {
        return text(pool);
    }
    const scenario::GpuClass* known = service.scenario->gpu(gpu);
    return text(known != nullptr ? known->name : gpu);
}

/// What a curve yields where users get at least this much, between its points.
double yieldAt(const Frontier& frontier, double userTokensPerS) {
    const auto& points = frontier.points;
    const auto after =
        std::ranges::lower_bound(points, userTokensPerS, {}, &serving::FrontierPoint::userTokensPerS);
    if (after == points.end()) {
        return 0;
    }
    if (after == points.begin()) {
        return after->tokensPerSPerGpu;
    }
    const auto before = std::prev(after);
    const double share = std::log(userTokensPerS / before->userTokensPerS) /
                         std::log(after->userTokensPerS / before->userTokensPerS);
    return before->tokensPerSPerGpu * std::pow(after->tokensPerSPerGpu / before->tokensPerSPerGpu, share);
}

QString frontierFinding(const WholeService& service, const std::vector<Frontier>& frontiers, double speed) {
    QStringList classes;
    double together = 0;
    double divided = 0;
    for (const Frontier& frontier : frontiers) {
        const double yield = yieldAt(frontier, speed);
        switch (frontier.kind) {
        case Frontier::Kind::Class:
            classes << QStringLiteral("%1 %2").arg(nameOf(service, frontier.name, frontier.pool),
                                                   yield > 0 ? quantityText(yield, Dimension::Number)
                                                             : tr("nothing"));
            break;
        case Frontier::Kind::Mix:
            together = yield;
            break;
        case Frontier::Kind::Divided:
            divided = yield;
            break;
        }
    }
    QString said = tr("At %1 tokens/s a user a GPU yields, in tokens/s: %2")
                       .arg(quantityText(speed, Dimension::Number), classes.join(QStringLiteral(", ")));
    if (together > 0 && divided > 0) {
        const double gain = divided / together - 1;
        said += gain >= 0 ? tr("; prompts on the classes that suit them: %1 more").arg(percentText(gain, 0))
                          : tr("; prompts on classes of their own: %1 less").arg(percentText(-gain, 0));
    }
    return said;
}

} // namespace

widgets::FrontierValues frontierValues(const Workspace& workspace) {
    widgets::FrontierValues values;
    const auto service = wholeService(workspace);
    if (!service) {
        return values;
    }
    const auto frontiers =
        serving::frontiersOf(service->machine, *service->model, service->job, serving::defaultConstants());
    if (!frontiers) {
        return values;
    }
    int number = 0;
    for (const Frontier& frontier : *frontiers) {
        widgets::FrontierValues::Curve curve;
        const bool one = frontier.kind == Frontier::Kind::Class;
        curve.name = one ? nameOf(*service, frontier.name, frontier.pool)
                     : frontier.kind == Frontier::Kind::Divided ? tr("all, prompts apart")
                                                                : tr("all, each by itself");
        curve.classColour = one ? number++ : -1;
        curve.dashed = frontier.kind == Frontier::Kind::Divided;
        for (const serving::FrontierPoint& point : frontier.points) {
            curve.points.push_back({point.userTokensPerS, point.tokensPerSPerGpu, text(point.how)});
        }
        values.curves.push_back(std::move(curve));
    }
    values.promised = 1 / service->job.timePerOutputTokenS.value;
    values.promisedName = tr("promised");
    values.finding = frontierFinding(*service, *frontiers, values.promised);
    return values;
}

widgets::CourseValues tokensCourse(const Workspace& workspace, double timeS) {
    widgets::CourseValues values;
    values.name = QStringLiteral("serving-tokens");
    values.column = tr("output tokens/s");
    values.dimension = Dimension::TokensPerSecond;
    const ShownService service = shownService(workspace);
    if (!service) {
        return values;
    }
    const double from = std::floor(std::max(0.0, timeS) / kDayS) * kDayS;
    constexpr widgets::CourseInk kInks[] = {widgets::CourseInk::First, widgets::CourseInk::Second,
                                            widgets::CourseInk::Third, widgets::CourseInk::Quiet};
    const cluster::Cluster& floor = *service.pane->timeline->cluster();
    std::vector<double> sums;
    for (int i = 0; i < kOfDay; ++i) {
        const double at = from + kDayS * i / (kOfDay - 1);
        const auto now = service.fleet->at(at, serving::Fleet::Detail::Flows);
        const serving::FleetPlan* plan = service.fleet->planAt(at);
        if (plan == nullptr) {
            continue;
        }
        for (std::size_t p = values.curves.size(); p < now.pools.size(); ++p) {
            values.curves.push_back(
                {text(floor.gpuClasses[floor.islands[p].gpuClass].name),
                 kInks[p % std::size(kInks)],
                 p < std::size(kInks) ? widgets::CourseDash::Solid : widgets::CourseDash::Dashed,
                 {}});
            sums.push_back(0);
        }
        for (std::size_t p = 0; p < now.pools.size(); ++p) {
            double tokens = 0;
            for (std::size_t k = 0; k < serving::kKinds; ++k) {
                tokens += now.pools[p].rate[k] * plan->pools[p].cost[k].output;
            }
            values.curves[p].points.emplace_back(at, tokens);
            sums[p] += tokens;
        }
    }
    double all = 0;
    std::size_t most = 0;
    for (std::size_t p = 0; p < sums.size(); ++p) {
        all += sums[p];
        most = sums[p] > sums[most] ? p : most;
    }
    if (all > 0) {
        values.finding = tr("%1 writes %2 of the day's tokens, %3 on average of all classes")
                             .arg(values.curves[most].name, percentText(sums[most] / all, 0),
                                  quantityText(all / kOfDay, Dimension::TokensPerSecond));
    }
    return values;
}

widgets::StackValues tokenCost(const Workspace& workspace) {
    widgets::StackValues values;
    values.name = QStringLiteral("serving-cost");
    values.dimension = Dimension::Usd;
    const auto service = wholeService(workspace);
    const auto rate = service ? rateOf(*service) : std::nullopt;
    if (!rate) {
        return values;
    }
    using Role = widgets::Tint::Role;
    values.parts = {{tr("energy"), {Role::Waiting, 0}}, {tr("market rent above it"), {Role::Computing, 0.2}}};
    const ClassRate* least = nullptr;
    double leastUsd = 0;
    for (const ClassRate& c : rate->classes) {
        const explore::ClassCost cost = explore::classCost(*service->scenario, *service->cluster, c);
        if (!(cost.rentUsd > 0)) {
            continue;
        }
        const double energy = std::min(cost.energyUsd, cost.rentUsd);
        values.rows.push_back({nameOf(*service, c.gpu, c.pool),
                               quantityText(cost.rentUsd, Dimension::Usd),
                               {energy, cost.rentUsd - energy},
                               {}});
        if (least == nullptr || cost.rentUsd < leastUsd) {
            least = &c;
            leastUsd = cost.rentUsd;
        }
    }
    if (least != nullptr) {
        values.finding =
            tr("A million tokens of answers cost %1 on %2; all classes together %3")
                .arg(quantityText(leastUsd, Dimension::Usd), nameOf(*service, least->gpu, least->pool),
                     quantityText(explore::rentUsdPerMillion(*service->scenario, *rate), Dimension::Usd));
    }
    return values;
}

widgets::DataTable servingClasses(const Workspace& workspace, QString* finding) {
    widgets::DataTable table;
    table.name = QStringLiteral("serving-classes");
    table.columns = {tr("class"),
                     tr("GPUs"),
                     tr("replica"),
                     tr("batch"),
                     tr("output [tokens/s a GPU]"),
                     tr("prompts only [tokens/s a GPU]"),
                     tr("answers only [tokens/s a GPU]"),
                     tr("a token [ms]"),
                     tr("first token, 99 of 100 [s]"),
                     tr("rent [$/M tokens]"),
                     tr("energy [$/M tokens]"),
                     tr("bounded by")};
    const auto service = wholeService(workspace);
    const auto rate = service ? rateOf(*service) : std::nullopt;
    if (!rate) {
        return table;
    }
    const auto rounded = [](double x) {
        const double digits = 2 - std::floor(std::log10(std::max(1e-9, std::abs(x))));
        return digits >= 0 ? std::round(x * std::pow(10.0, digits)) / std::pow(10.0, digits)
                           : std::round(x * std::pow(10.0, digits)) * std::pow(10.0, -digits);
    };
    for (const ClassRate& c : rate->classes) {
        const explore::ClassCost cost = explore::classCost(*service->scenario, *service->cluster, c);
        QVariantList row = {nameOf(*service, c.gpu, c.pool), static_cast<double>(c.count)};
        if (c.replicaGpus > 0) {
            row << text(c.layout) << c.batchPerReplica << rounded(c.outputTokensPerSPerGpu)
                << rounded(c.prefillTokensPerSPerGpu) << rounded(c.decodeTokensPerSPerGpu)
                << rounded(1e3 * c.timePerTokenS) << rounded(c.firstTokenS) << rounded(cost.rentUsd)
                << rounded(cost.energyUsd) << text(c.reason);
        } else {
            row << tr("serves nothing");
            row << QVariantList(8) << text(c.reason);
        }
        table.rows.push_back(row);
    }
    if (finding != nullptr) {
        *finding =
            tr("At full load %1 of output within the promises, at %2 a million tokens")
                .arg(quantityText(rate->outputTokensPerS, Dimension::TokensPerSecond),
                     quantityText(explore::rentUsdPerMillion(*service->scenario, *rate), Dimension::Usd));
    }
    return table;
}

widgets::DataTable leaseTable(const Workspace& workspace, QString* finding) {
    widgets::DataTable table;
    table.name = QStringLiteral("lease-margins");
    table.columns = {tr("telling"),
                     tr("fee [$M a month]"),
                     tr("fee [$ a GPU-hour]"),
                     tr("fee [$/M output tokens]"),
                     tr("tenant sells [$M a month]"),
                     tr("tenant keeps [$M a month]"),
                     tr("owner runs it for [$M a month]"),
                     tr("owner keeps [$M a month]"),
                     tr("note")};
    const scenario::Scenario& s = *workspace.scenario;
    const scenario::Strategy* leases = s.strategy(workspace.service.choice.strategy);
    const auto leasesOne = [](const scenario::Strategy& strategy) {
        return std::ranges::any_of(strategy.assignments, [](const scenario::Assignment& a) {
            return a.activity == scenario::Activity::Lease;
        });
    };
    if (leases == nullptr || !leasesOne(*leases)) {
        const auto found = std::ranges::find_if(s.strategies, leasesOne);
        leases = found == s.strategies.end() ? nullptr : &*found;
    }
    if (leases == nullptr) {
        return table;
    }
    const auto margins = explore::leaseMargins(explore::ModelInputs::central(s), *leases);
    if (!margins || margins->empty()) {
        return table;
    }
    const auto millions = [](double usd) { return std::round(usd / 1e5) / 10; };
    const auto cents = [](double usd) { return std::round(usd * 100) / 100; };
    double low = HUGE_VAL;
    double high = -HUGE_VAL;
    for (const explore::LeaseMargin& m : *margins) {
        table.rows.push_back({text(m.name), millions(m.feeUsd), cents(m.feePerGpuHour()),
                              cents(m.feePerMillionTokens()), millions(m.tenantSalesUsd),
                              millions(m.tenantUsd()), millions(m.runningUsd), millions(m.ownerUsd()),
                              text(m.note)});
        low = std::min(low, m.ownerUsd());
        high = std::max(high, m.ownerUsd());
    }
    if (finding != nullptr) {
        *finding =
            tr("The owner keeps %1 to %2 over running cost, by telling; the tenant keeps %3 under the "
               "one in use")
                .arg(quantityText(low, Dimension::UsdPerMonth), quantityText(high, Dimension::UsdPerMonth),
                     quantityText(margins->front().tenantUsd(), Dimension::UsdPerMonth));
    }
    return table;
}

} // namespace atlas::app

#include "app/pages/orbit_exhibits.h"

#include "app/chart_values.h"
#include "model/explore/orbit_study.h"
#include "widgets/format.h"
#include "widgets/orbit_price_plot.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace atlas::app {

namespace {

constexpr int kDraws = 400;

using widgets::quantityText;
using widgets::text;

QString tr(const char* words) {
    return QCoreApplication::translate("OrbitExhibits", words);
}

/// The site of a pane that flies, else the scenario's first; empty where it has none.
std::string siteShown(const Evidence& evidence) {
    const scenario::Scenario& scenario = *evidence.workspace->scenario;
    for (const Pane& pane : evidence.workspace->panes) {
        const scenario::Cluster* cluster = scenario.cluster(pane.choice.cluster);
        if (cluster != nullptr && !cluster->orbit.empty()) {
            return cluster->orbit;
        }
    }
    return scenario.orbits.empty() ? std::string() : scenario.orbits.front().id;
}

/// A step of training at the site; where nothing trains there, by whatever strategy trains.
const training::StepAnatomy* stepOf(const scenario::Scenario& scenario, const std::string& site,
                                    const explore::Comparison& comparison) {
    const training::StepAnatomy* any = nullptr;
    for (const auto& strategy : comparison.strategies) {
        if (!strategy.training) {
            continue;
        }
        const auto flies = [&](const scenario::Cluster& cluster) {
            return cluster.orbit == site && cluster.name == strategy.trainingCluster;
        };
        if (std::ranges::any_of(scenario.clusters, flies)) {
            return &*strategy.training;
        }
        any = any == nullptr ? &*strategy.training : any;
    }
    return any;
}

explore::OrbitStudy study(const Evidence& evidence, int draws, std::stop_token stop) {
    const std::string site = siteShown(evidence);
    if (site.empty()) {
        return {};
    }
    const scenario::Scenario& scenario = *evidence.workspace->scenario;
    auto result =
        explore::studyOrbit(scenario, site, stepOf(scenario, site, *evidence.comparison), draws, stop);
    return result.ok() ? std::move(*result) : explore::OrbitStudy{};
}

widgets::Caption priceCaption(const Evidence& evidence, const explore::OrbitStudy& values) {
    if (values.priceUsdPerKg.empty()) {
        return {tr("Orbit against ground"), {}, provenance(*evidence.workspace->scenario)};
    }
    return {widgets::orbitFinding(values),
            tr("%1 at %2 and in %3, levelised over the satellite's life; 5 to 95 % of %4 draws; cheaper in "
               "%5 of them")
                .arg(text(values.gpu), text(values.site), text(values.ground))
                .arg(values.draws)
                .arg(widgets::percentText(values.cheaperShare)),
            provenance(*evidence.workspace->scenario)};
}

/// The parts of the bill, orbit beside ground.
ComputedTable costTable(const Evidence& evidence, std::stop_token stop) {
    const explore::OrbitStudy values = study(evidence, 0, stop);
    ComputedTable out;
    out.emptyReason = tr("The scenario has no site in orbit.");
    out.caption = {tr("What a GPU-hour pays for, in orbit and on the ground"),
                   {},
                   provenance(*evidence.workspace->scenario)};
    out.table.name = QStringLiteral("orbit-cost");
    out.table.columns = {tr("part"), tr("orbit [USD/GPU-h]"), tr("ground [USD/GPU-h]"),
                         tr("difference [USD/GPU-h]")};
    if (values.priceUsdPerKg.empty()) {
        return out;
    }
    const orbit::HourCost& up = values.central.orbit;
    const orbit::HourCost& down = values.central.ground;
    const auto row = [&](const QString& part, double orbit, double ground) {
        out.table.rows.push_back({part, orbit, ground, orbit - ground});
    };
    row(tr("GPUs, servers, network"), up.computersUsd, down.computersUsd);
    row(tr("satellite or building"), up.platformUsd, down.platformUsd);
    row(tr("launch"), up.launchUsd, down.launchUsd);
    row(tr("energy"), up.energyUsd, down.energyUsd);
    row(tr("staff, maintenance, parts"), up.upkeepUsd, down.upkeepUsd);
    row(tr("all"), up.totalUsd(), down.totalUsd());
    out.caption.subtitle =
        tr("Power for its computers costs %1 in orbit, %2 on the ground")
            .arg(quantityText(values.central.energyUsdPerJoule, units::Dimension::UsdPerJoule),
                 quantityText(values.central.groundUsdPerJoule, units::Dimension::UsdPerJoule));
    return out;
}

/// What a satellite has to be.
ComputedTable satelliteTable(const Evidence& evidence, std::stop_token stop) {
    const explore::OrbitStudy values = study(evidence, 0, stop);
    ComputedTable out;
    out.emptyReason = tr("The scenario has no site in orbit.");
    out.caption = {tr("What a satellite has to be"), {}, provenance(*evidence.workspace->scenario)};
    out.table.name = QStringLiteral("orbit-satellite");
    out.table.columns = {tr("part"), tr("size"), tr("mass [kg]"), tr("mass [kg/kW of computers]")};
    if (values.priceUsdPerKg.empty()) {
        return out;
    }
    const orbit::Satellite& sat = values.central.satellite;
    const auto row = [&](const QString& part, const QString& size, double kg) {
        out.table.rows.push_back({part, size, kg, kg / (sat.computeW / 1e3)});
    };
    const auto area = [](double m2) { return tr("%1 m²").arg(widgets::countText(std::round(m2))); };
    row(tr("solar array"),
        tr("%1, %2").arg(area(sat.arrayM2), quantityText(sat.arrayW, units::Dimension::Watts)), sat.arrayKg);
    row(tr("battery"), quantityText(sat.batteryJ, units::Dimension::Joules), sat.batteryKg);
    row(tr("radiator and loops"), area(sat.radiatorM2), sat.thermalKg);
    row(tr("computers"), quantityText(sat.computeW, units::Dimension::Watts), sat.computeKg);
    row(tr("structure, pointing, propulsion"), {}, sat.busKg);
    row(tr("all"), {}, sat.massKg());
    out.caption.title =
        tr("A satellite of %1 GPUs weighs %2, %3 a kilowatt")
            .arg(widgets::countText(std::round(sat.computeW / values.central.gpuW)),
                 quantityText(sat.massKg(), units::Dimension::Kilograms),
                 quantityText(sat.massKg() / (sat.computeW / 1e3), units::Dimension::Kilograms));
    out.caption.subtitle =
        tr("%1 of the year in shadow, at worst %2 of an orbit, %3 days without; %4 launches a gigawatt")
            .arg(widgets::percentText(sat.eclipse.mean), widgets::durationText(sat.eclipse.worstS),
                 widgets::countText(sat.eclipse.daysWithout),
                 widgets::countText(std::ceil(values.central.launchesPerGw)));
    return out;
}

ComputedTable verdictTable(const Evidence& evidence, std::stop_token stop) {
    const explore::OrbitStudy values = study(evidence, 0, stop);
    ComputedTable out;
    out.emptyReason = tr("The scenario has no site in orbit, or nothing to run there.");
    out.table.name = QStringLiteral("orbit-work");
    out.table.columns = {tr("work"), tr("keeps pace"), tr("links need [s]"), tr("there is [s]"), tr("why")};
    QStringList can;
    for (const orbit::Verdict& verdict : values.verdicts) {
        out.table.rows.push_back({text(verdict.work), verdict.runs ? tr("yes") : tr("no"), verdict.neededS,
                                  verdict.availableS, text(verdict.why)});
        if (verdict.runs) {
            can << text(verdict.work).toLower();
        }
    }
    out.caption = {
        can.isEmpty() ? tr("Nothing keeps pace in orbit")
                      : tr("In orbit keeps pace: %1").arg(can.join(tr("; "))),
        tr("Time on the links against the time they may take; what needs more waits for its links"),
        provenance(*evidence.workspace->scenario)};
    return out;
}

} // namespace

std::vector<Exhibit> orbitExhibits() {
    std::vector<Exhibit> all;
    all.push_back(chartExhibit<widgets::OrbitPricePlot, explore::OrbitStudy>(
        QStringLiteral("orbit-price"), tr("a GPU-hour in orbit and on the ground over the price of a launch"),
        Basis::Comparison,
        [](const Evidence& evidence, std::stop_token stop) { return study(evidence, kDraws, stop); },
        [](const Evidence& evidence, const explore::OrbitStudy& values) {
            return priceCaption(evidence, values);
        },
        tr("The scenario has no site in orbit."), 1, Claims::Nothing));
    all.push_back({QStringLiteral("orbit-cost"), tr("what a GPU-hour pays for in orbit and on the ground"),
                   Basis::Comparison, TableRecipe{costTable}, 1, Claims::Nothing});
    all.push_back({QStringLiteral("orbit-satellite"), tr("sizes and masses of a satellite"),
                   Basis::Comparison, TableRecipe{satelliteTable}, 1, Claims::Nothing});
    all.push_back({QStringLiteral("orbit-work"), tr("what can run in orbit and what cannot"),
                   Basis::Comparison, TableRecipe{verdictTable}});
    return all;
}

} // namespace atlas::app

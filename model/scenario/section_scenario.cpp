#include "model/scenario/sections.h"
#include "model/units/unit_table.h"

namespace atlas::scenario {

using units::Dimension;

void describe(Fields& fields, Assignment& assignment) {
    fields.reference("cluster", assignment.cluster, Refers::Cluster,
                     {.doc = "Cluster that is used", .need = Need::Required});
    fields.oneOf("activity", assignment.activity, kActivityNames,
                 {.doc = "What the cluster does", .need = Need::Required});
    fields.reference(
        "job", assignment.job, Refers::Job,
        {.doc = "A training job to train, a serving job to serve; for a lease the job the tenant runs"});
    fields.reference("contract", assignment.contract, Refers::Contract,
                     {.doc = "For a lease: who pays whom"});
    fields.oneOf(
        "placement", assignment.placement, kPlacementNames,
        {.doc = "How one job uses unequal GPUs: naive, equal shares; proportional, micro-batches by speed; "
                "class-stages, pipeline stages of one class with layers by speed; local-sgd, replicas of one "
                "class "
                "that synchronise rarely; drop-slowest, without the slowest class"});
    fields.month("from", assignment.from, {.doc = "First month", .fallback = "the start of the scenario"});
}

void describe(Fields& fields, Strategy& strategy) {
    fields.text("name", strategy.name, {.doc = "Name for people", .fallback = "the id"});
    fields.text("note", strategy.note, {.doc = "What it means"});
    fields.listOf<Assignment>("assignments", strategy.assignments, describe,
                              {.doc = "Who does what, where, from when", .need = Need::Required});
}

void describe(Fields& fields, Scenario& scenario) {
    fields.text("name", scenario.name, {.doc = "Title", .fallback = "the name of the file"});
    fields.text("description", scenario.description, {.doc = "What it is about"});
    fields.whole("seed", scenario.seed, 0, std::numeric_limits<std::int64_t>::max(),
                 {.doc = "Seed of everything random"});
    fields.month("start", scenario.start, {.doc = "Month of simulated time 0", .fallback = "2026-05"});
    fields.wholeMeasure("horizon", scenario.horizonMonths,
                        {Dimension::Seconds,
                         units::kMonthS,
                         {units::kMonthS, 600 * units::kMonthS},
                         "How far cash and operations are followed"});
    describeGpus(fields, scenario);
    describeRacks(fields, scenario);
    describeFabrics(fields, scenario);
    describeModels(fields, scenario);
    fields.tableOf<OrbitalSite>("orbits", scenario.orbits, describe,
                                {.doc = "Sites in orbit that clusters can fly at"});
    fields.tableOf<Cluster>("clusters", scenario.clusters, describe,
                            {.doc = "What exists", .need = Need::Required});
    fields.tableOf<TrainJob>("train_jobs", scenario.trainJobs, describe, {.doc = "Training runs"});
    fields.tableOf<ServeJob>("serve_jobs", scenario.serveJobs, describe, {.doc = "Services"});
    fields.tableOf<Contract>("contracts", scenario.contracts, describe, {.doc = "Leases", .inherits = true});
    fields.tableOf<Strategy>(
        "strategies", scenario.strategies, describe,
        {.doc =
             "Who does what, to be compared. Left out: one strategy a training job, on the first cluster"});
    fields.group("economics", "Money that is not in a contract",
                 [&scenario](Fields& inner) { describe(inner, scenario.economics); });
    fields.tableOf<ModelRun>("runs", scenario.runs, describe,
                             {.doc = "Models the lab wants to train, one after another"});
    fields.group("financing", "How the build-out is paid for and counted",
                 [&scenario](Fields& inner) { describe(inner, scenario.financing); });
    fields.group("market", "What tokens sell for, and what companies that sell compute are worth",
                 [&scenario](Fields& inner) { describe(inner, scenario.market); });
    fields.group("operations", "What goes wrong over time and what is done about it",
                 [&scenario](Fields& inner) { describe(inner, scenario.operations); });
    fields.group("traffic", "Who asks the services for what, and when",
                 [&scenario](Fields& inner) { describe(inner, scenario.traffic); });
    fields.group("compare", "The two strategies shown side by side on opening", [&scenario](Fields& inner) {
        inner.reference("a", scenario.compareA, Refers::Strategy,
                        {.doc = "Left pane", .fallback = "the first strategy"});
        inner.reference("b", scenario.compareB, Refers::Strategy,
                        {.doc = "Right pane", .fallback = "the last strategy"});
        inner.month("at", scenario.compareAt,
                    {.doc = "Month in which the panes open", .fallback = "the start of the scenario"});
    });
}

} // namespace atlas::scenario

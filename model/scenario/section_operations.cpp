#include "model/scenario/sections.h"

#include "model/units/quantity.h"

namespace atlas::scenario {

using units::Dimension;

namespace {

constexpr Bounds kMultiplier{0.0, 1e4};
constexpr double kDayS = 86400.0;

void describeFailStop(Fields& fields, FailStop& stop) {
    fields.quantity(
        "multiplier", stop.multiplier,
        {Dimension::Number, kMultiplier, "Times every rate of failure, those of the GPU classes too", "1"});
    // Weights: causes of the 419 unplanned interruptions of Llama 3 (arXiv:2407.21783, table 5).
    fields.quantity(
        "gpu_weight", stop.gpuWeight,
        {Dimension::Number, kNotNegative, "Weight of single GPUs among the causes of interruptions",
         "{value: 268, low: 220, high: 268, grade: measured, source: \"Llama 3 (arXiv:2407.21783), table 5, "
         "of "
         "419: faulty GPU 148, HBM 72, SRAM 19, GPU system processor 17, thermal 6, silent corruption 6\"}"});
    fields.quantity(
        "tray_weight", stop.trayWeight,
        {Dimension::Number, kNotNegative, "Weight of hosts",
         "{value: 46, low: 30, high: 90, grade: measured, source: \"Llama 3 (arXiv:2407.21783), table 5, of "
         "419: host maintenance 32, SSD 3, power 3, chassis 2, IO board 2, CPU 2, DIMM 2\"}"});
    fields.quantity(
        "link_weight", stop.linkWeight,
        {Dimension::Number, kNotNegative, "Weight of cables, transceivers and NIC ports",
         "{value: 42, low: 35, high: 140, grade: measured, source: \"Llama 3 (arXiv:2407.21783), table 5, of "
         "419: switch or cable 35, NIC 7; high: a third, as on a cluster of H200 (facts stragglers.md "
         "F16)\"}"});
    fields.quantity(
        "software_weight", stop.softwareWeight,
        {Dimension::Number, kNotNegative, "Weight of software, which leaves nothing broken",
         "{value: 63, low: 63, high: 120, grade: measured, source: \"Llama 3 (arXiv:2407.21783), table 5, of "
         "419: software 54, NCCL watchdog 7, dependency 2\"}"});
    fields.quantity(
        "leaf_rate", stop.leafPerS,
        {Dimension::PerSecond, kNotNegative, "Failures of one leaf switch",
         "{value: 0.00612 per year, low: 0.002 per year, high: 0.02 per year, grade: measured, source: "
         "\"Alibaba HPN (SIGCOMM 2024), section 2.3: 0.051 % of top-of-rack switches a month\"}"});
    fields.quantity(
        "rack_rate", stop.rackPerS,
        {Dimension::PerSecond, kNotNegative,
         "Failures of one whole rack: NVLink switches, power shelves, coolant",
         "{value: 0.02 per year, low: 0.005 per year, high: 0.2 per year, grade: assumption, source: \"no "
         "published rate; high: backplanes of mid-2025 (facts stragglers.md N5)\"}"});
    fields.quantity(
        "hall_rate", stop.hallPerS,
        {Dimension::PerSecond, kNotNegative, "Losses of cooling of one hall",
         "{value: 0.05 per year, low: 0.01 per year, high: 0.3 per year, grade: assumption, source: \"no "
         "published rate of training halls; one in twenty years to several in a life\"}"});
    fields.quantity(
        "feed_rate", stop.feedPerS,
        {Dimension::PerSecond, kNotNegative, "Losses of power of one row of racks",
         "{value: 0.01 per year, low: 0.002 per year, high: 0.05 per year, grade: assumption, source: \"no "
         "published rate; busway and breaker of one row\"}"});
    fields.quantity(
        "detection", stop.detectionS,
        {Dimension::Seconds, kNotNegative, "From a failure until it is noticed",
         "{value: 60 s, low: 10 s, high: 600 s, grade: assumption, source: \"MegaScale (arXiv:2402.15627), "
         "section 6: detected and diagnosed in less than 10 min; heartbeats notice within a minute\"}"});
    fields.quantity("restart", stop.restartS,
                    {Dimension::Seconds, kNotNegative,
                     "From there to the next step: swap the node, reload, warm up",
                     "{value: 240 s, low: 110 s, high: 900 s, grade: assumption, source: \"tuned restarts 2 "
                     "to 5 min (facts "
                     "stragglers.md, section 7); MegaScale (arXiv:2402.15627) up to 15 min to catch up\"}"});
    fields.quantity(
        "hardware_share", stop.hardwareShare,
        {Dimension::Number, kShare, "Share of failed GPUs, hosts and links that have to be repaired",
         "{value: 0.54, low: 0.3, high: 0.7, grade: measured, source: \"faults of a cluster of H200 over "
         "four "
         "months: host replaced 41.5 %, network hardware 12.2 % (GTC 2025, via glennklockwood.com)\"}"});
    fields.quantity(
        "repair", stop.repairS,
        {Dimension::Seconds, kNotNegative, "Until what had to be repaired is back",
         "{value: 24 h, low: 4 h, high: 168 h, grade: assumption, source: \"a technician and a spare part on "
         "site: a shift to a week\"}"});
    fields.quantity(
        "planned_every", stop.plannedEveryS,
        {Dimension::Seconds, kNotNegative, "Between planned restarts; 0: none",
         "{value: 27.6 h, low: 24 h, high: 168 h, grade: measured, source: \"Llama 3 (arXiv:2407.21783), "
         "section 3.3.4: 47 planned interruptions in 54 days\"}"});
}

void describeKind(Fields& fields, FailSlowKind& kind, std::string_view rate, std::string_view lasts,
                  std::string_view excess, std::string_view what) {
    fields.quantity("rate", kind.perS, {Dimension::PerSecond, kNotNegative, what, rate});
    fields.quantity("lasts", kind.lastsS,
                    {Dimension::Seconds, kNotNegative, "Mean duration of an episode", lasts});
    fields.quantity(
        "excess", kind.excess,
        {Dimension::Number, {0.0, 100.0}, "Mean excess of its time over the normal one, relative", excess});
}

void describeFailSlow(Fields& fields, FailSlow& slow) {
    fields.quantity("multiplier", slow.multiplier,
                    {Dimension::Number, kMultiplier, "Times the rates of all episodes", "1"});
    fields.quantity("spread", slow.spread,
                    {Dimension::Number,
                     {0.0, 3.0},
                     "Standard deviation of the logarithm of durations",
                     "{value: 1.4, low: 1, high: 2, grade: assumption, source: \"episodes from below a "
                     "minute to about ten "
                     "hours (Greyhound, ATC 2025): a range of 600 around ten minutes\"}"});
    fields.group("thermal", "One GPU computes slower: heat, power, failing memory", [&slow](Fields& inner) {
        describeKind(
            inner, slow.thermal,
            "{value: 0.2 per 1000 GPU-days, low: 0.02 per 1000 GPU-days, high: 2 per 1000 GPU-days, grade: "
            "assumption, source: \"Greyhound (ATC 2025): below 2 % of small probe jobs; high: such jobs of 8 "
            "GPUs "
            "and a day\"}",
            "{value: 10 min, low: 5 min, high: 30 min, grade: measured, source: \"Greyhound (ATC 2025): mean "
            "of "
            "slow computation 10 min\"}",
            "{value: 0.25, low: 0.1, high: 0.5, grade: assumption, source: \"stragglers run 1.28 times "
            "slower on "
            "average (arXiv:2505.05713); outliers of a class up to 1.5 times (arXiv:2208.11035)\"}",
            "Episodes of one GPU");
    });
    fields.group(
        "link", "One NIC or its cable moves less: flaps, errors, retransmissions", [&slow](Fields& inner) {
            describeKind(inner, slow.link,
                         "{value: 0.2 per year, low: 0.05 per year, high: 0.33 per year, grade: "
                         "analyst-estimate, source: "
                         "\"fact optics.link_flap_mtbf_years: one flap a transceiver in 5 years (3 to 20)\"}",
                         "{value: 24 min, low: 10 min, high: 72 min, grade: measured, source: \"Greyhound "
                         "(ATC 2025): mean of "
                         "slow communication 24 min\"}",
                         "{value: 0.5, low: 0.2, high: 2, grade: assumption, source: \"a link that drops "
                         "packets or loses a lane "
                         "moves two thirds of its rate\"}",
                         "Episodes of one GPU's link");
        });
    fields.group(
        "host", "All GPUs of a tray compute slower: contention, a sick node", [&slow](Fields& inner) {
            describeKind(
                inner, slow.host,
                "{value: 0.02 per 1000 node-days, low: 0.005 per 1000 node-days, high: 0.2 per 1000 "
                "node-days, grade: "
                "assumption, source: \"a single bad worker explains the slowdown of 1.7 % of straggling jobs "
                "(arXiv:2505.05713): about one in 150 jobs of some 400 GPUs and two weeks\"}",
                "{value: 3 h, low: 30 min, high: 10 h, grade: assumption, source: \"episodes up to about 10 "
                "h "
                "(Greyhound, ATC 2025)\"}",
                "{value: 0.1, low: 0.05, high: 0.5, grade: measured, source: \"MegaScale (arXiv:2402.15627), "
                "section "
                "6.3: some hosts about 10 % slower\"}",
                "Episodes of one tray");
        });
}

void describeCheckpoint(Fields& fields, Checkpointing& checkpoint) {
    fields.oneOf("mode", checkpoint.mode, kCheckpointModeNames,
                 {.doc = "sync: training stalls until everything is written; async: only for the copy to "
                         "host memory, and "
                         "what is lost reaches back further"});
    fields.quantity("interval", checkpoint.intervalS,
                    {Dimension::Seconds, kNotNegative,
                     "Training between two checkpoints; 0: the interval that wastes least", "0 s"});
    fields.quantity("write", checkpoint.writeS,
                    {Dimension::Seconds, kNotNegative, "Until a checkpoint is on storage",
                     "{value: 30 s, low: 3 s, high: 300 s, grade: assumption, source: \"13 bytes a parameter "
                     "(5.3 TB of Llama "
                     "3.1 405B) at 0.2 to 2 TB/s (facts stragglers.md C1, C3)\"}"});
    fields.quantity("stall", checkpoint.stallS,
                    {Dimension::Seconds, kNotNegative, "An asynchronous checkpoint holds training up",
                     "{value: 5 s, low: 1 s, high: 30 s, grade: assumption, source: \"facts stragglers.md C4 "
                     "to C7: in-memory "
                     "and asynchronous checkpoints stall for seconds\"}"});
    fields.quantity("slowdown", checkpoint.slowdown,
                    {Dimension::Number,
                     {0.0, 1.0},
                     "Slowdown of steps while an asynchronous checkpoint is written",
                     "{value: 0.01, low: 0, high: 0.05, grade: assumption, source: \"host memory and NICs "
                     "shared with the "
                     "write\"}"});
}

void describeMitigations(Fields& fields, Mitigations& m) {
    fields.flag("evict_slow", m.evictSlow,
                {.doc = "Restart without what has been slow for some time; it goes to repair"});
    fields.quantity("evict_after", m.evictAfterS,
                    {Dimension::Seconds, kNotNegative,
                     "How long something must be slow before it is known to be",
                     "{value: 10 min, low: 1 min, high: 60 min, grade: assumption, source: \"MegaScale "
                     "(arXiv:2402.15627): "
                     "diagnosed within 10 min\"}"});
    fields.quantity(
        "spares", m.spares,
        {Dimension::Number, {0.0, 0.5}, "Share of the GPUs that stand by to replace failed ones", "0"});
    fields.flag(
        "proportional_batches", m.proportionalBatches,
        {.doc =
             "Slow replicas get fewer micro-batches: classes from the plan, slow GPUs once they are known"});
    fields.whole("backup_replicas", m.backupReplicas, 0, 16,
                 {.doc = "Replicas computed for nothing so that a step need not wait for the slowest ones"});
    fields.whole(
        "local_sgd_steps", m.localSgdSteps, 0, 100'000,
        {.doc = "Inner steps between outer barriers where the placement is local-sgd; 0: as calibrated"});
    fields.flag(
        "partial_racks", m.partialRacks,
        {.doc =
             "Large NVLink domains give the job fewer GPUs than they have and stand the loss of the others"});
    fields.whole(
        "partial_rack_gpus", m.partialRackGpus, 1, 4096,
        {.doc =
             "GPUs of a domain in the job then; 64 of 72 stands the loss of two trays, as CoreWeave plans"});
}

void describeImbalance(Fields& fields, Imbalance& imbalance) {
    fields.quantity(
        "last_stage", imbalance.lastStage,
        {Dimension::Number,
         {0.0, 10.0},
         "Excess of the last pipeline stage's compute time, beyond the plan, relative",
         "{value: 0, low: 0, high: 0.1, grade: assumption, source: \"a tuned run cuts its layers so that the "
         "stage with logits and loss keeps pace; high: what cutting them again won (arXiv:2505.05713: 9.9 "
         "%)\"}"});
    fields.quantity(
        "sequences", imbalance.sequences,
        {Dimension::Number,
         {0.0, 0.5},
         "Standard deviation of a micro-batch's compute time: sequences of unequal length, relative",
         "{value: 0, low: 0, high: 0.1, grade: assumption, source: \"a tuned run packs sequences to equal "
         "cost; untuned long-context jobs: 1.34 times slower (arXiv:2505.05713)\"}"});
    fields.quantity(
        "pause", imbalance.pauseS,
        {Dimension::Seconds, kNotNegative, "Length of an unplanned collection of garbage in one process",
         "{value: 0 s, low: 0 s, high: 0.3 s, grade: assumption, source: \"a tuned run collects in all "
         "processes at once and between steps; planning it won 12.6 % at 128 replicas "
         "(arXiv:2505.05713)\"}"});
    fields.quantity("pause_every", imbalance.pauseEvery,
                    {Dimension::Number,
                     {1.0, 1e6},
                     "Steps between two collections of one process",
                     "{value: 500, low: 100, high: 2000, grade: assumption, source: \"Python collects its "
                     "oldest objects after some hundred thousand allocations: hundreds of steps\"}"});
}

} // namespace

void describe(Fields& fields, Injection& injection) {
    fields.measure(
        "at", injection.atS,
        {Dimension::Seconds, 1.0, {0.0, 36'525 * kDayS}, "Simulated time since the start of the scenario"});
    fields.reference("cluster", injection.cluster, Refers::Cluster,
                     {.doc = "Where", .fallback = "the first cluster"});
    fields.oneOf(
        "what", injection.what, kInjectionKindNames,
        {.doc = "slow-gpu, degrade-link, hall-cooling and power-cap take a share away; the others all",
         .need = Need::Required});
    fields.text("target", injection.target,
                {.doc = "What is hit, as the inspector names it: \"rack 1-203-7, tray 4, GPU 5\", \"rack "
                        "1-203-7\", \"Hall 2, "
                        "rail 3, leaf 17\", \"Hall 2\", \"Trunk A to B\"",
                 .fallback = "the whole cluster, for a power cap"});
    fields.measure(
        "magnitude", injection.magnitude,
        {Dimension::Number, 1.0, {0.0, 1.0}, "Share of speed, bandwidth or power that is taken away"});
    fields.measure("lasts", injection.durationS,
                   {Dimension::Seconds, 1.0, {0.0, 36'525 * kDayS}, "How long"});
}

void describe(Fields& fields, Operations& operations) {
    fields.group("fail_stop", "What stops the job",
                 [&](Fields& inner) { describeFailStop(inner, operations.failStop); });
    fields.group("fail_slow", "What slows single GPUs down for a while",
                 [&](Fields& inner) { describeFailSlow(inner, operations.failSlow); });
    fields.group("checkpoint", "How progress is kept",
                 [&](Fields& inner) { describeCheckpoint(inner, operations.checkpoint); });
    fields.group("mitigations", "What is done about slow and failed GPUs, each at its cost",
                 [&](Fields& inner) { describeMitigations(inner, operations.mitigations); });
    fields.group("imbalance", "Work that is not shared out evenly; a tuned run has none",
                 [&](Fields& inner) { describeImbalance(inner, operations.imbalance); });
    fields.listOf<Injection>("injections", operations.injections, describe,
                             {.doc = "What a person does to a cluster, replayed exactly"});
}

} // namespace atlas::scenario

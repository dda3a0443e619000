#include "model/training/step.h"

#include "model/training/placement.h"

#include <cmath>

namespace atlas::training {

namespace {

Diagnostic violated(const std::string& message, const std::string& remedy) {
    return {Severity::Error, {}, message, remedy};
}

std::string gigabytes(double bytes) {
    const auto tenths = static_cast<std::int64_t>(std::llround(bytes / 1e8));
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}

bool divides(double divisor, double value) {
    return std::fmod(value, divisor) == 0;
}

/// The degrees that have to divide something of the model.
void checkDegrees(const Job& job, const scenario::LayoutChoice& l, Diagnostics& errors) {
    const auto refuse = [&](const std::string& message, const std::string& remedy) {
        errors.push_back(violated(message, remedy));
    };
    const auto& m = job.model;
    if (!divides(l.tp, m.heads)) {
        refuse("tp " + std::to_string(l.tp) + " does not divide " + std::to_string(m.heads) + " heads",
               "choose tp among the divisors of the heads");
    }
    if (!divides(l.tp, m.ffnHidden)) {
        refuse("tp " + std::to_string(l.tp) + " does not divide the FFN width " + std::to_string(m.ffnHidden),
               "choose tp among its divisors");
    }
    if (!divides(l.cp, job.sequence)) {
        refuse("cp " + std::to_string(l.cp) + " does not divide a sequence of " +
                   std::to_string(job.sequence),
               "choose cp among its divisors");
    }
    if (l.pp * l.vp > m.layers + 2) {
        refuse("pp x vp " + std::to_string(l.pp * l.vp) + " is more than " + std::to_string(m.layers) +
                   " layers",
               "use fewer stages or chunks");
    }
    if (l.vp > 1 && l.pp == 1) {
        refuse("vp " + std::to_string(l.vp) + " interleaves a pipeline of one stage", "set vp to 1");
    }
    if (l.ep > 1 && m.experts == 0) {
        refuse("ep " + std::to_string(l.ep) + " on a model without experts", "set ep to 1");
    }
    if (l.ep > 1 && m.experts > 0 && m.experts % l.ep != 0) {
        refuse("ep " + std::to_string(l.ep) + " does not divide " + std::to_string(m.experts) + " experts",
               "choose ep among the divisors of the experts");
    }
}

void checkParallelism(const Job& job, const Layout& l, Diagnostics& errors) {
    if (l.tp < 1 || l.pp < 1 || l.vp < 1 || l.cp < 1 || l.ep < 1 || l.dp < 1 || l.microBatch < 1) {
        errors.push_back(
            violated("a parallel degree or the micro-batch is below 1", "every degree is at least 1"));
        return;
    }
    checkDegrees(job, {l.tp, l.pp, l.vp, l.cp, l.ep, l.microBatch, l.recompute, l.sharding}, errors);
    const std::int64_t ranks = l.dp * l.cp * l.tp;
    if (l.ep > 1 && job.model.experts > 0 && ranks % l.ep != 0) {
        errors.push_back(violated("ep " + std::to_string(l.ep) +
                                      " does not divide dp x cp x tp = " + std::to_string(ranks),
                                  "choose ep among its divisors"));
    }
}

void checkBatch(const Job& job, const Layout& l, Diagnostics& errors) {
    if (l.globalBatch < 1) {
        errors.push_back(violated("the global batch has no sequences", "give the job a batch"));
    } else if (l.globalBatch < l.dp * l.microBatch) {
        errors.push_back(violated("a batch of " + std::to_string(l.globalBatch) +
                                      " sequences is smaller than dp " + std::to_string(l.dp) +
                                      " x micro-batch " + std::to_string(l.microBatch),
                                  "use fewer replicas or a larger batch"));
    } else if (job.placement != Placement::Proportional && job.placement != Placement::LocalSgd &&
               l.globalBatch % (l.dp * l.microBatch) != 0) {
        errors.push_back(violated("dp " + std::to_string(l.dp) + " x micro-batch " +
                                      std::to_string(l.microBatch) + " does not divide a batch of " +
                                      std::to_string(l.globalBatch),
                                  "choose dp and the micro-batch so that they divide it"));
    }
}

} // namespace

std::string Layout::text() const {
    return "TP" + std::to_string(tp) + " PP" + std::to_string(pp) + " VP" + std::to_string(vp) + " CP" +
           std::to_string(cp) + " EP" + std::to_string(ep) + " DP" + std::to_string(dp) + " mb" +
           std::to_string(microBatch);
}

double Breakdown::sum() const {
    return gemm + attention + elementwise + tp + cp + ep + pp + dp + optimizer + bubble + barrier;
}

Diagnostics checkChoice(const Machine& machine, const Job& job, const scenario::LayoutChoice& choice) {
    // What is left open can be 1; that of a pipeline is never in the way of its chunks.
    scenario::LayoutChoice l = choice;
    const bool openPipeline = l.pp == 0 && l.vp > 1;
    for (int* degree : {&l.tp, &l.pp, &l.vp, &l.cp, &l.ep, &l.microBatch}) {
        *degree = std::max(1, *degree);
    }
    l.pp = openPipeline ? 2 : l.pp;
    Diagnostics errors;
    checkDegrees(job, l, errors);
    const std::int64_t replica = std::int64_t{l.tp} * std::max(1, choice.pp) * l.cp;
    if (replica > machine.gpus()) {
        errors.push_back(violated("one replica of tp " + std::to_string(l.tp) + " x pp " +
                                      std::to_string(std::max(1, choice.pp)) + " x cp " +
                                      std::to_string(l.cp) + " needs " + std::to_string(replica) +
                                      " GPUs, the machine has " + std::to_string(machine.gpus()),
                                  "use smaller degrees"));
    }
    if (job.globalBatch < l.microBatch) {
        errors.push_back(violated("a batch of " + std::to_string(job.globalBatch) +
                                      " sequences is smaller than the micro-batch of " +
                                      std::to_string(l.microBatch),
                                  "use a smaller micro-batch or a larger batch"));
    } else if (job.placement != Placement::Proportional && job.placement != Placement::LocalSgd &&
               job.globalBatch % l.microBatch != 0) {
        errors.push_back(violated("micro-batch " + std::to_string(l.microBatch) +
                                      " does not divide a batch of " + std::to_string(job.globalBatch) +
                                      " sequences",
                                  "choose a micro-batch that divides it"));
    }
    return errors;
}

Diagnostics checkLayout(const Machine& machine, const Job& job, const Layout& layout) {
    Diagnostics errors;
    checkParallelism(job, layout, errors);
    if (!errors.empty()) {
        return errors;
    }
    checkBatch(job, layout, errors);
    if (layout.gpus() > machine.gpus()) {
        errors.push_back(violated("the layout needs " + std::to_string(layout.gpus()) +
                                      " GPUs, the machine has " + std::to_string(machine.gpus()),
                                  "use fewer replicas"));
    }
    return errors;
}

StepAnatomy anatomyOf(const Setup& setup, const Layout& layout, const Outcome& outcome) {
    StepAnatomy a;
    const LaneOutcome& critical = outcome.lane[outcome.critical];
    a.layout = layout;
    a.placement = setup.job.placement;
    a.stepTimeS = outcome.stepS;
    a.breakdown = critical.terms.breakdown();
    a.breakdown.dp += outcome.outerS;
    a.memory = outcome.memory;
    a.mismatchS = outcome.mismatchS;
    a.outerS = outcome.outerS;
    a.innerSteps = outcome.outerS > 0 ? innerStepsOf(setup) : 0;
    a.gpusTotal = setup.gpusTotal;
    a.tokensPerStep = static_cast<double>(layout.globalBatch) * setup.job.sequence;
    a.modelFlopPerToken = setup.model.flopsPerToken(setup.job.sequence, true);
    a.notes = setup.notes;
    double peak = 0;
    double again = 0;
    const auto& assumptions = setup.calibration->assumptions;
    for (std::size_t i = 0; i < outcome.lanes; ++i) {
        const LaneOutcome& lane = outcome.lane[i];
        const Pool& pool = *setup.lanes[i].pool;
        ClassShare share;
        share.gpu = pool.gpu;
        share.pool = pool.name;
        share.count = lane.gpus;
        share.peakFlopPerS = pool.bf16FlopPerS;
        share.computeS = lane.terms.microBatches * lane.terms.computeS() + lane.terms.optimizer;
        share.communicateS = lane.terms.microBatches * (lane.terms.microS() - lane.terms.computeS()) +
                             lane.terms.dp + outcome.outerS;
        share.waitS = a.stepTimeS - share.computeS - share.communicateS;
        share.shareOfTokens = lane.shareOfTokens;
        share.layout = layout;
        const auto gpus = static_cast<double>(lane.gpus);
        a.gpusUsed += lane.gpus;
        peak += gpus * pool.bf16FlopPerS;
        again += lane.shareOfTokens * lane.terms.recomputeShare;
        const double waiting =
            pool.idleW + assumptions.waitingPowerShare * std::max(0.0, pool.tdpW - pool.idleW);
        a.energyJ += gpus * (share.computeS * pool.tdpW + (a.stepTimeS - share.computeS) * waiting);
        a.classes.push_back(std::move(share));
    }
    for (const Pool* pool : setup.dropped) {
        ClassShare share;
        share.gpu = pool->gpu;
        share.pool = pool->name;
        share.count = pool->gpus;
        share.peakFlopPerS = pool->bf16FlopPerS;
        share.waitS = a.stepTimeS;
        a.energyJ += static_cast<double>(pool->gpus) * pool->idleW * a.stepTimeS;
        a.classes.push_back(std::move(share));
    }
    const double efficiency = setup.job.placement == Placement::LocalSgd && outcome.lanes > 1
                                  ? assumptions.dilocoTokenEfficiency
                                  : 1;
    a.tokensPerS = efficiency * a.tokensPerStep / a.stepTimeS;
    a.tokensPerSPerGpu = a.tokensPerS / static_cast<double>(a.gpusUsed);
    a.modelFlopPerSPerGpu = a.modelFlopPerToken * a.tokensPerSPerGpu;
    const double modelFlop = a.modelFlopPerToken * a.tokensPerStep;
    a.kernelS = modelFlop / peak;
    a.mfu = a.kernelS / a.stepTimeS;
    const double forwardShare = layout.recompute == Recompute::Selective ? 0.0 : 1.0 / 3;
    a.recomputeShare = again;
    a.hfu = a.mfu * (1 + again * forwardShare);
    if (a.gpusUsed < a.gpusTotal) {
        a.notes.push_back(std::to_string(a.gpusTotal - a.gpusUsed) + " GPUs are left without work");
    }
    return a;
}

Result<StepAnatomy> evaluateStep(const Machine& machine, const Job& job, const Layout& layout,
                                 const Calibration& calibration) {
    auto setup = setUp(machine, job, calibration);
    if (!setup) {
        return setup.errors();
    }
    const Diagnostics errors = checkLayout(machine, job, layout);
    if (!errors.empty()) {
        return errors;
    }
    const Outcome outcome = outcomeOf(*setup, layout);
    if (outcome.stepS <= 0) {
        return failure("the replicas do not fit into the pools one by one",
                       "use fewer replicas or a smaller tp x pp x cp");
    }
    if (!outcome.fits) {
        return failure("memory: " + gigabytes(outcome.memory.total()) + " needed, " +
                           gigabytes(outcome.memory.capacity) + " there",
                       "raise tp, pp or recompute, or shard more");
    }
    return anatomyOf(*setup, layout, outcome);
}

} // namespace atlas::training

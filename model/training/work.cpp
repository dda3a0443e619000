#include "model/training/work.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <tuple>

namespace atlas::training {

namespace {

/// Stack multipliers are those of the middle of this year.
constexpr double kReferenceYear = 2025;

/// Casts of one operand relative to delayed scaling: passes over the tensor in 16-bit reads and writes.
double castPasses(const Job& job, Precision precision, const Calibration& c) {
    switch (precision) {
    case Precision::Bf16:
    case Precision::Fp16:
        return 0;
    case Precision::Mxfp8:
        return c[Constant::QuantiseBlock];
    case Precision::Nvfp4:
        // Its two levels of scales need the maximum of the tensor first: 2 bytes more than the 4 of one pass.
        return 1.5 * c[Constant::QuantiseBlock];
    case Precision::Fp8:
        break;
    }
    // One read and two writes of half width are four bytes an element; the maximum of this tensor costs two
    // more; row-wise scales need both layouts read apart.
    switch (job.features.scaling) {
    case Scaling::Delayed:
        return 1.0;
    case Scaling::Current:
        return 1.0;
    case Scaling::Tensorwise:
        return 0.4;
    case Scaling::Rowwise:
        break;
    }
    return 2.5;
}

Diagnostic wrong(const std::string& message, const std::string& remedy) {
    return {Severity::Error, {}, message, remedy};
}

void checkPool(const Pool& pool, Diagnostics& errors) {
    const std::string where = " of `" + pool.gpu + "` in `" + pool.name + "` is zero";
    const auto require = [&](double value, const std::string& what) {
        if (!(value > 0)) {
            errors.push_back(wrong(what + where, "give it a rate"));
        }
    };
    require(pool.bf16FlopPerS, "the bf16 peak");
    require(pool.hbmBytes, "the memory");
    require(pool.hbmBytesPerS, "the memory bandwidth");
    if (pool.levels.empty()) {
        errors.push_back(wrong("`" + pool.name + "` has no network", "give it at least one level"));
    }
    for (const NetworkLevel& level : pool.levels) {
        require(level.bytesPerS, "the bandwidth of level `" + level.name + "`");
        require(static_cast<double>(level.size), "the size of level `" + level.name + "`");
    }
}

/// The network gradients see when replicas span pools: the worst of each level, then the trunk. Every GPU of
/// a pool pushes its shard through the same bundle, so each owns its share of it.
Fabric spanning(const std::vector<Lane>& lanes, const Machine& machine, const Calibration& c) {
    Fabric merged = lanes.front().fabric;
    std::int64_t smallest = lanes.front().pool->gpus;
    for (const Lane& lane : lanes) {
        merged.levels = std::min(merged.levels, lane.fabric.levels);
        smallest = std::min(smallest, lane.pool->gpus);
        for (int l = 0; l < merged.levels; ++l) {
            const auto i = static_cast<std::size_t>(l);
            merged.reach[i] = std::min(merged.reach[i], lane.fabric.reach[i]);
            merged.sPerByte[i] = std::max(merged.sPerByte[i], lane.fabric.sPerByte[i]);
            merged.latencyS[i] = std::max(merged.latencyS[i], lane.fabric.latencyS[i]);
            merged.inNetwork[i] = merged.inNetwork[i] && lane.fabric.inNetwork[i];
        }
    }
    merged.levels = std::min(merged.levels, Fabric::kMaxLevels - 1);
    const auto top = static_cast<std::size_t>(merged.levels);
    merged.reach[top - 1] = static_cast<double>(smallest);
    merged.reach[top] = static_cast<double>(machine.gpus());
    merged.sPerByte[top] =
        static_cast<double>(smallest) / (machine.trunkBytesPerS * c.assumptions.nicEfficiency);
    merged.latencyS[top] = machine.trunkLatencyS;
    merged.inNetwork[top] = false;
    ++merged.levels;
    return merged;
}

/// Kernels for a new architecture are tuned for years: compute time falls with its age by the power law of
/// experience (T. P. Wright, Factors Affecting the Cost of Airplanes, 1936).
double learnt(double ageYears, const Calibration& c) {
    constexpr double kYoungest = 0.25; // what its maker tunes before anyone else has one
    return std::pow(std::max(ageYears, kYoungest) / Calibration::kGrownUpYears,
                    -c[Constant::SoftwareLearning]);
}

Lane laneOf(const Pool& pool, const Job& job, Precision precision, const Calibration& c) {
    Lane lane;
    lane.pool = &pool;
    lane.device = deviceOf(pool, c);
    lane.fabric = fabricOf(pool, c);
    lane.dataFabric = lane.fabric;
    lane.precision = precision;
    lane.work = workOf(job, precision, c);
    lane.work.stackFactor *= learnt(softwareYear(job, c) - lane.device.shippedYear, c);
    return lane;
}

/// How fast a class is, for the order of classes: arithmetic first, then memory, then power.
auto speedOf(const Pool& pool) {
    return std::tuple(pool.bf16FlopPerS, pool.fp8FlopPerS, pool.hbmBytesPerS, pool.tdpW);
}

/// The policy leaves out the pools of the slowest class.
void dropSlowest(const Machine& machine, Setup& setup, std::vector<const Pool*>& used) {
    const auto [slowest, fastest] =
        std::minmax_element(machine.pools.begin(), machine.pools.end(),
                            [](const Pool& a, const Pool& b) { return speedOf(a) < speedOf(b); });
    for (const Pool& pool : machine.pools) {
        if (speedOf(*slowest) < speedOf(*fastest) && speedOf(pool) == speedOf(*slowest)) {
            setup.dropped.push_back(&pool);
        } else {
            used.push_back(&pool);
        }
    }
}

} // namespace

Precision precisionOn(const Pool& pool, Precision asked) {
    if (asked == Precision::Nvfp4 && pool.fp4FlopPerS <= 0) {
        asked = Precision::Fp8;
    }
    if ((asked == Precision::Fp8 || asked == Precision::Mxfp8) && pool.fp8FlopPerS <= 0) {
        return Precision::Bf16;
    }
    return asked;
}

MathWidth widthOf(Precision precision) {
    switch (precision) {
    case Precision::Bf16:
    case Precision::Fp16:
        return MathWidth::Bits16;
    case Precision::Fp8:
    case Precision::Mxfp8:
        return MathWidth::Bits8;
    case Precision::Nvfp4:
        break;
    }
    return MathWidth::Bits4;
}

std::string_view name(Precision precision) {
    switch (precision) {
    case Precision::Bf16:
        return "bf16";
    case Precision::Fp16:
        return "fp16";
    case Precision::Fp8:
        return "fp8";
    case Precision::Mxfp8:
        return "mxfp8";
    case Precision::Nvfp4:
        break;
    }
    return "nvfp4";
}

std::string stackKey(const Job& job) {
    if (job.model.experts == 0) {
        return job.stack;
    }
    constexpr std::size_t kMonth = 5; // "26.04" of "26.04.01": a patch release is the same era
    return job.stack + " MoE" + (job.release.empty() ? "" : " " + job.release.substr(0, kMonth));
}

double softwareYear(const Job& job, const Calibration& c) {
    const auto number = [](std::string_view text) {
        int value = 0;
        const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
        return wrong == std::errc() && end == text.data() + text.size() ? value : 0;
    };
    constexpr double kCentury = 2000;
    const std::string_view release = job.release;
    if (release.size() >= 5 && release[2] == '.') { // "25.04", "25.04.01"
        const int year = number(release.substr(0, 2));
        const int month = number(release.substr(3, 2));
        if (year > 0 && month >= 1 && month <= 12) {
            return kCentury + year + (month - 0.5) / 12;
        }
    }
    constexpr double kMiddle = 0.5;
    if (job.year > 0) {
        return job.year + kMiddle;
    }
    const std::string_view stack = job.stack.empty() ? c.defaultStack : job.stack;
    const std::size_t dash = stack.rfind('-');
    const int year = dash == std::string_view::npos ? 0 : number(stack.substr(dash + 1));
    return (year > 0 ? year : kReferenceYear) + kMiddle;
}

StackFactor stackOf(const Job& job, const Calibration& c) {
    if (const StackFactor* exact = c.stack(stackKey(job))) {
        return *exact;
    }
    const std::string& stack = job.stack.empty() ? c.defaultStack : job.stack;
    const StackFactor* experts = job.model.experts > 0 ? c.nearestExperts(stack, job.release) : nullptr;
    if (experts != nullptr) {
        return *experts;
    }
    if (const StackFactor* dense = c.stack(stack)) {
        return *dense;
    }
    return c.unseen(stack, job.year, job.fullySharded);
}

Work workOf(const Job& job, Precision precision, const Calibration& c) {
    const StackFactor stack = stackOf(job, c);
    const SoftwareTraits& traits = stack.traits;
    Work work;
    work.sequence = job.sequence;
    work.width = widthOf(precision);
    work.quantisePasses = castPasses(job, precision, c);
    work.stackFactor = stack.factor;
    work.selectiveByOperator = traits.selectiveByOperator;
    // torchao's float8 is a compiler's: without one every cast is a kernel of its own.
    const bool torchFloat8 =
        job.features.scaling == Scaling::Tensorwise || job.features.scaling == Scaling::Rowwise;
    const bool fp8Gather = precision == Precision::Fp8 && job.features.scaling == Scaling::Delayed;
    work.gatherBytes = fp8Gather ? 1 : 2;
    work.weightBytes = precision == Precision::Fp8 ? 1 : 2;
    work.castUnsharded = precision == Precision::Fp8 && torchFloat8;
    work.recomputeSlack = job.recomputePublished ? 1 : c.assumptions.unpublishedRecomputeSlack;
    work.recompute = job.recomputePublished ? RecomputeHabit::Layers : traits.recompute;
    const bool cheap = !job.recomputePublished && work.recompute == RecomputeHabit::Layers;
    work.recomputeCost = cheap ? c.assumptions.unpublishedRecomputeCost : 1;
    // Working gradients and, in the stacks that sum in 32 bit, a copy to sum in.
    work.mainGradientBytes = traits.synchronous ? (precision == Precision::Fp16 ? 4 : 6) : 2;
    work.attention = traits.attention;
    work.hostLayerS = traits.synchronous ? c[Constant::HostLayerEager] : c[Constant::HostLayer];
    const bool compiled = job.features.compiled || (torchFloat8 && work.width != MathWidth::Bits16);
    // LayerNorm and GELU are one kernel each in any framework; RMSNorm, rotary embeddings and gates, which
    // come together, are chains of kernels without a compiler, and so is the loss.
    work.fusedLoss = !traits.unfused || compiled;
    work.elementwiseFactor = work.fusedLoss || !job.model.gatedMlp ? 1.0 : c[Constant::UnfusedElementwise];
    work.lossFactor = work.fusedLoss ? 1.0 : c[Constant::UnfusedElementwise];
    const bool overlaps = traits.overlapsTensor || job.features.asyncTensorParallel;
    work.tensorExposed = overlaps ? c[Constant::TensorExposed] : 1.0;
    return work;
}

double Setup::capacityBytes() const {
    double least = lanes.front().device.hbmBytes;
    for (const Lane& lane : lanes) {
        least = std::min(least, lane.device.hbmBytes);
    }
    return least;
}

std::int64_t Setup::gpusInUse() const {
    std::int64_t sum = 0;
    for (const Lane& lane : lanes) {
        sum += lane.pool->gpus;
    }
    return sum;
}

Result<Setup> setUp(const Machine& machine, const Job& job, const Calibration& c) {
    Setup setup;
    Diagnostics errors;
    auto shape = shapeOf(job.model);
    if (!shape) {
        errors = shape.errors();
    }
    if (job.sequence <= 0) {
        errors.push_back(wrong("the sequence has no tokens", "give the job a sequence length"));
    }
    if (machine.gpus() <= 0) {
        errors.push_back(wrong("the machine has no GPUs", "choose a cluster and a month with power"));
    }
    for (const Pool& pool : machine.pools) {
        checkPool(pool, errors);
    }
    if (machine.pools.size() > 1 && !(machine.trunkBytesPerS > 0)) {
        errors.push_back(wrong("the bandwidth of the trunk between the pools is zero", "give it a rate"));
    }
    if (!errors.empty()) {
        return errors;
    }
    setup.model = *shape;
    setup.model.fullAttentionShare = 1 - job.windowedShare;
    setup.model.window = job.window;
    setup.job = job;
    setup.calibration = &c;
    setup.gpusTotal = machine.gpus();
    setup.trunkBytesPerS = machine.trunkBytesPerS;
    setup.trunkLatencyS = machine.trunkLatencyS;
    std::vector<const Pool*> used;
    if (job.placement == Placement::DropSlowest) {
        dropSlowest(machine, setup, used);
    } else {
        for (const Pool& pool : machine.pools) {
            used.push_back(&pool);
        }
    }
    Precision common = job.precision;
    for (const Pool* pool : used) {
        common = precisionOn(*pool, common);
    }
    const bool equalShares = job.placement == Placement::Naive || job.placement == Placement::DropSlowest;
    std::set<std::string> said;
    for (const Pool* pool : used) {
        const Precision own = precisionOn(*pool, job.precision);
        setup.lanes.push_back(laneOf(*pool, job, equalShares ? common : own, c));
        setup.ownLanes.push_back(laneOf(*pool, job, own, c));
        if (own != job.precision && said.insert(pool->gpu).second) {
            setup.notes.push_back(pool->gpu + " has no " + std::string(name(job.precision)) + ": " +
                                  std::string(name(own)));
        }
        if (equalShares && common != own && said.insert(pool->gpu + " common").second) {
            setup.notes.push_back(pool->gpu + " computes in " + std::string(name(common)) +
                                  " as the slowest class does");
        }
    }
    const bool shareGradients =
        used.size() > 1 && job.placement != Placement::LocalSgd && job.placement != Placement::ClassStages;
    if (shareGradients) {
        const Fabric merged = spanning(setup.lanes, machine, c);
        for (Lane& lane : setup.lanes) {
            lane.dataFabric = merged;
            lane.poolGpus = merged.reach[static_cast<std::size_t>(merged.levels) - 2];
        }
    }
    if (!job.stack.empty() && c.stack(job.stack) == nullptr) {
        setup.notes.push_back("stack `" + job.stack + "` was never seen: computed as " +
                              stackOf(job, c).stack);
    }
    return setup;
}

} // namespace atlas::training

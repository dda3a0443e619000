// The calibrated constants of the training model: few, global, named, each with a physical meaning and a
// range. They are data (resources/calibration/training.json), fitted by `atlas-calibrate` on the published
// runs and never edited by hand; the copy compiled in is generated from that file.
#pragma once

#include "model/core/result.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace atlas::training {

/// One global constant. The order is that of the table in calibration.cpp, which gives name and meaning.
enum class Constant : std::size_t {
    GemmAmpere,         ///< share of the bf16 peak a large GEMM holds on Ampere
    GemmHopper,         ///< the same on Hopper at 700 W
    GemmBlackwell,      ///< the same on Blackwell at 1200 W
    BlackwellUltra,     ///< GEMM rate of Blackwell Ultra over Blackwell, beyond what its power explains
    Fp8OfPeakHopper,    ///< share of the 2x peak ratio that fp8 GEMMs keep over bf16 on Hopper
    Fp8OfPeakBlackwell, ///< the same on Blackwell
    Fp4OfPeak,          ///< share of the peak ratio that fp4 GEMMs keep, over bf16
    OperandTraffic,     ///< share of the GEMM operand traffic that does not hide behind the FLOPs
    Attention,          ///< share of the bf16 peak attention written for the GPU holds (forward, long)
    AttentionFlash1,    ///< the same of the first flash attention, on the Ampere it was written for
    Elementwise,        ///< share of the HBM bandwidth memory-bound kernels reach
    UnfusedElementwise, ///< traffic of memory-bound operators without a fusing compiler, over fused
    HostLayer,          ///< host and launch cost a layer and forward pass, seconds
    HostLayerEager,     ///< the same in eager stacks of 2022
    Quantise,           ///< HBM passes of fp8 casts, over one read and two writes an operand
    QuantiseBlock,      ///< extra passes of block-scaled formats (mxfp8, nvfp4), over Quantise
    TensorExposed,      ///< share of tensor-parallel communication that stays exposed
    FsdpExposed,        ///< share of overlapped FSDP communication that is lost to contention
    DataExposed,        ///< share of overlapped scale-out communication (DP, CP, PP) lost to contention
    ClockExponent,      ///< clock held under a power cap: power to this exponent
    SoftwareLearning,   ///< compute time falls with the age of the architecture to this power
    Jitter,             ///< relative sigma of a GPU's step time (barrier: sigma * sqrt(2 ln N))
    ExpertEfficiency,   ///< rate of grouped expert GEMMs over a dense GEMM of the same shape
    ExpertExposed,      ///< share of expert dispatch and combine that stays exposed
    Count
};

inline constexpr std::size_t kConstants = static_cast<std::size_t>(Constant::Count);

/// What the data file says about one constant.
struct ConstantInfo {
    std::string name;
    std::string meaning;
    std::string unit;
    double low = 0, high = 0;
    double expected = 0; ///< before any run is seen: a measurement of its own, else the middle of the range
};

/// How a stack computes attention.
enum class AttentionKernel {
    Scores, ///< before flash attention: the score matrix goes through memory
    Flash1, ///< the first FlashAttention and its Triton port, written for Ampere
    Flash2, ///< FlashAttention-2, written for Ampere
    Fused   ///< FlashAttention-3 or cuDNN, written for each GPU
};

/// What software recomputes in the backward when a published run does not say.
enum class RecomputeHabit {
    Layers, ///< the cheap operators of as many layers as do not fit
    Model,  ///< every layer whole, once something does not fit
    Always  ///< every layer whole
};

/// What is known of a kind of software without a measurement: its documentation says it.
struct SoftwareTraits {
    bool synchronous = false; ///< waits for every kernel (CUDA_LAUNCH_BLOCKING): pays HostLayerEager
    bool unfused = false;     ///< pays UnfusedElementwise unless a compiler is on
    AttentionKernel attention = AttentionKernel::Fused;
    bool selectiveByOperator = false; ///< selective recompute keeps attention and every second matrix product
    RecomputeHabit recompute = RecomputeHabit::Layers;
    bool overlapsTensor = true; ///< cuts TP communication up and runs it beside the matrix products
};

/// A multiplier on the compute time of one software stack.
struct StackFactor {
    std::string stack;
    double factor = 1; ///< on an architecture of Calibration::kGrownUpYears; younger ones are slower
    SoftwareTraits traits;
    std::string family;
    int runs = 0; ///< published runs it was fitted on
};

/// Frameworks that are built alike, and what they could do until the end of a year.
struct SoftwareFamily {
    std::string name;
    std::vector<std::string> marks; ///< words in the names of its stacks
    struct Era {
        int until = 0; ///< last year
        SoftwareTraits traits;
    };
    std::vector<Era> eras; ///< by year; the last one has no end
    [[nodiscard]] const SoftwareTraits& traits(int year) const;
};

/// Immutable once loaded; passed explicitly.
struct Calibration {
    std::array<double, kConstants> value{};
    std::vector<ConstantInfo> info; ///< kConstants entries
    std::vector<StackFactor> stacks;
    std::string defaultStack;             ///< of a job that names none: today's software
    std::vector<SoftwareFamily> families; ///< the first stands for names that no family marks
    /// Numbers that are stated, not fitted (each with its source in the file).
    struct Assumptions {
        double nvlinkLatencyS = 0;
        double nvlinkEfficiency = 0; ///< share of the NVLink bandwidth collectives reach
        double nicEfficiency = 0;    ///< share of the NIC line rate collectives reach
        double fabricEfficiency = 0; ///< effective throughput of the fabric that was measured on
        /// Of a published run that does not say what it recomputed: how far its memory need may pass the
        /// capacity before it is taken to recompute, and what a recomputed layer costs, in forwards.
        double unpublishedRecomputeSlack = 1;
        double unpublishedRecomputeCost = 1;
        double foreignAttention = 0;      ///< share of its rate that attention written for Ampere keeps later
        double unseenShrinkage = 0;       ///< stacks that the mean of all counts as against those of a family
        double waitingPowerShare = 0;     ///< of the span from idle to TDP, while a GPU spins in a collective
        double dilocoSteps = 0;           ///< inner steps between two outer synchronisations of local SGD
        double dilocoTokenEfficiency = 0; ///< progress a token of local SGD makes, over synchronous training
    };
    Assumptions assumptions;
    /// TDP over bf16 peak of the part each architecture's GEMM share was fitted on: Ampere, Hopper,
    /// Blackwell.
    std::array<double, 3> referenceWattPerFlopPerS{};
    std::array<double, 3> shippedYear{};       ///< when each architecture reached its buyers
    static constexpr double kGrownUpYears = 3; ///< age at which the factors of stacks are stated
    double validatedGpus = 0;                  ///< largest published run in the fit
    std::string date;
    std::string program;
    std::string data;
    std::string text; ///< one line for a report: date, runs, errors

    [[nodiscard]] double operator[](Constant c) const { return value[static_cast<std::size_t>(c)]; }
    /// Null when the stack was never seen.
    [[nodiscard]] const StackFactor* stack(std::string_view name) const;
    /// A stack that was never seen: the traits of its family in its year and the mean multiplier of the
    /// family, shrunk to that of all stacks by how few the family has. The name tells the family; where it
    /// does not, `fullySharded` without tensor parallelism tells PyTorch. `year` 0: today.
    [[nodiscard]] StackFactor unseen(std::string_view name, int year, bool fullySharded) const;
    /// The MoE entry of a stack whose release is nearest, the newest where none is asked for; null when the
    /// stack has no MoE entry.
    [[nodiscard]] const StackFactor* nearestExperts(std::string_view name, std::string_view release) const;

    /// The calibration compiled into the program.
    [[nodiscard]] static const Calibration& builtin();
    /// Reads one from JSON text. Errors name the constant that is missing, unknown or out of its range.
    [[nodiscard]] static Result<Calibration> parse(std::string_view json, const std::string& file);
};

/// The key of a constant in the data file ("gemm_hopper").
[[nodiscard]] std::string_view key(Constant constant);

} // namespace atlas::training

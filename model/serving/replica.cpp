#include "model/serving/replica.h"

#include "model/training/device.h"

#include <algorithm>
#include <cmath>

namespace atlas::serving {

namespace {

// Bytes a parameter or number takes: nvfp4 adds a one-byte scale to every 16 values, mxfp8 one to every 32.
constexpr double kBf16Bytes = 2.0;
constexpr double kFp8Bytes = 1.0;
constexpr double kFp4Bytes = 0.5 + 1.0 / 16.0;

/// Pipelines deeper than this only lengthen the way of a prompt.
constexpr int kMaxStages = 16;

/// Blackwell Ultra is the one whose fp4 rate is three times its fp8 rate, not twice.
bool isUltra(const training::Pool& pool) {
    return pool.fp8FlopPerS > 0 && pool.fp4FlopPerS > 2.5 * pool.fp8FlopPerS;
}

/// Large fp4 products. Of what Blackwell Ultra's data sheet adds, kernels reach what was measured.
double fp4FlopPerS(const training::Pool& pool, const training::Device& device, const ServingConstants& c) {
    if (!isUltra(pool)) {
        return device.gemmFlopPerS[2];
    }
    const double asBlackwell = 2.0 * pool.fp8FlopPerS / pool.fp4FlopPerS /
                               training::Calibration::builtin()[training::Constant::BlackwellUltra];
    return device.gemmFlopPerS[2] * asBlackwell * c.ultraFp4.value;
}

/// Tensor-parallel degrees: powers of two inside the NVLink domain, then two whole domains.
std::vector<int> tensorDegrees(int domain, int heads) {
    std::vector<int> degrees;
    for (int tp = 1; tp <= domain && heads % tp == 0; tp *= 2) {
        degrees.push_back(tp);
    }
    if (!degrees.empty() && degrees.back() == domain && heads % (2 * domain) == 0) {
        degrees.push_back(2 * domain);
    }
    return degrees;
}

/// Wide replicas grow by so many GPUs: what a fleet divided by phase leaves of a rack is no power of two.
constexpr int kWideStep = 8;

/// Sizes of expert-parallel replicas: powers of two, then steps of eight inside the domain, the domain, whole
/// domains above it.
std::vector<int> expertDegrees(int domain, int most) {
    std::vector<int> degrees;
    for (int ep = 1; ep < domain && ep <= most; ep += ep < kWideStep ? ep : kWideStep) {
        degrees.push_back(ep);
    }
    for (int domains = 1; domains * domain <= most; domains *= 2) {
        degrees.push_back(domains * domain);
    }
    return degrees;
}

} // namespace

Arithmetic arithmeticOf(const training::Pool& pool, const ModelShape& shape, scenario::Precision asked,
                        const scenario::ServingEngine& engine, const ServingConstants& c) {
    using scenario::Precision;
    const training::Device device = training::deviceOf(pool, training::Calibration::builtin());
    const bool narrow = asked != Precision::Bf16 && asked != Precision::Fp16;
    const double share = c.gemmRate.value;
    const double bf16 = share * device.gemmFlopPerS[0];
    const double fp8 = share * device.gemmFlopPerS[1];
    const double fused = device.attentionFlopPerS[static_cast<std::size_t>(training::AttentionKernel::Fused)];
    const double attention = c.attentionRate.value * fused * (isUltra(pool) ? c.ultraAttention.value : 1.0);
    Arithmetic a{bf16, bf16, attention, kBf16Bytes, kBf16Bytes, kBf16Bytes, kBf16Bytes, {}};
    if (narrow && pool.fp8FlopPerS > 0) {
        a = {fp8, fp8, attention, kFp8Bytes, kFp8Bytes, kFp8Bytes, kFp8Bytes, {}};
        if (asked == Precision::Nvfp4 && pool.fp4FlopPerS > 0) {
            a.gemmFlopPerS = c.gemmFp4.value * fp4FlopPerS(pool, device, c);
            a.weightBytes = kFp4Bytes;
            if (!shape.latentAttention) {
                a.projectionFlopPerS = a.gemmFlopPerS;
                a.projectionBytes = kFp4Bytes;
            } else if (!engine.fp8Projections) {
                a.projectionFlopPerS = bf16;
                a.projectionBytes = kBf16Bytes;
            }
        } else if (asked == Precision::Nvfp4) {
            a.note = pool.gpu + " has no fp4 tensor cores: fp8";
        }
    } else if (narrow) {
        a.weightBytes = kFp8Bytes;
        a.projectionBytes = kFp8Bytes;
        a.note =
            pool.gpu + " has no fp8 tensor cores: weights are kept in fp8, arithmetic and cache are bf16";
    }
    return a;
}

std::string ReplicaLayout::text() const {
    if (ep > 1 && ep != tp) {
        return "EP" + std::to_string(ep) + (tp > 1 ? " TP" + std::to_string(tp) : std::string());
    }
    return "TP" + std::to_string(tp) + (pp > 1 ? " PP" + std::to_string(pp) : std::string());
}

std::vector<ReplicaLayout> candidateLayouts(const training::Pool& pool, const ModelShape& shape,
                                            const scenario::Transformer& model,
                                            const scenario::ServingEngine& engine) {
    std::vector<ReplicaLayout> layouts;
    if (engine.layout.chosen()) {
        const ReplicaLayout layout{std::max(1, engine.layout.tp), std::max(1, engine.layout.pp),
                                   std::max(1, engine.layout.ep)};
        const bool divides = model.heads % layout.tp == 0 &&
                             (layout.ep == 1 || (shape.expertsPerLayer > 0 && layout.ep % layout.tp == 0));
        return divides ? std::vector{layout} : layouts;
    }
    const int domain = std::max(1, pool.nvlinkDomain);
    const std::vector<int> tensor = tensorDegrees(domain, model.heads);
    if (shape.expertsPerLayer > 0) {
        const int most = static_cast<int>(std::min(engine.maxReplicaGpus.value, shape.expertsPerLayer));
        for (const int ep : expertDegrees(domain, most)) {
            for (const int tp : tensor) {
                if (ep % tp == 0) {
                    layouts.push_back({tp, 1, ep});
                }
            }
        }
        return layouts;
    }
    for (const int tp : tensor) {
        layouts.push_back({tp, 1, 1});
    }
    const int widest = tensor.empty() ? 1 : std::min(tensor.back(), domain);
    for (int pp = 2; pp <= std::min(kMaxStages, model.layers); ++pp) {
        layouts.push_back({widest, pp, 1});
    }
    return layouts;
}

double weightBytesPerGpu(const ModelShape& shape, const Arithmetic& a, const ReplicaLayout& layout) {
    const double shared = a.projectionBytes * shape.attentionParameters +
                          a.weightBytes * (shape.denseMlpParameters + shape.headParameters);
    return shared / (layout.tp * layout.pp) + a.weightBytes * shape.expertParameters / layout.ep;
}

double kvRoomBytes(const training::Pool& pool, const ModelShape& shape, const Arithmetic& a,
                   const ReplicaLayout& layout, const ServingConstants& c) {
    return pool.hbmBytes * c.hbmUsable.value - c.workspaceBytes.value - weightBytesPerGpu(shape, a, layout);
}

double kvBytesPerGpu(const ModelShape& shape, const Arithmetic& a, const ReplicaLayout& layout) {
    const double shards = std::min(layout.tp, shape.kvShards);
    return shape.kvElementsPerToken * a.kvBytes / layout.groups() / shards;
}

std::int64_t replicaCount(const training::Pool& pool, const ReplicaLayout& layout) {
    const std::int64_t domain = std::max(1, pool.nvlinkDomain);
    const std::int64_t size = layout.gpus();
    if (size <= domain) {
        return (pool.gpus / domain) * (domain / size) + (pool.gpus % domain) / size;
    }
    const std::int64_t domains = (size + domain - 1) / domain;
    return pool.gpus / domain / domains;
}

} // namespace atlas::serving

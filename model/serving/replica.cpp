#include "model/serving/replica.h"

#include <algorithm>
#include <cmath>

namespace atlas::serving {

namespace {

// Bytes a parameter or number takes: nvfp4 adds a one-byte scale to every 16 values, mxfp8 one to every 32.
constexpr double kBf16Bytes = 2.0;
constexpr double kFp8Bytes = 1.0;
constexpr double kFp4Bytes = 0.5 + 1.0 / 16.0;

} // namespace

Arithmetic arithmeticOf(const training::Pool& pool, scenario::Precision asked, const ServingConstants& c) {
    using scenario::Precision;
    const bool narrow = asked != Precision::Bf16 && asked != Precision::Fp16;
    Arithmetic a{pool.bf16FlopPerS, c.gemmBf16.value, kBf16Bytes, kBf16Bytes, kBf16Bytes, {}};
    if (asked == Precision::Nvfp4 && pool.fp4FlopPerS > 0) {
        a = {pool.fp4FlopPerS, c.gemmFp4.value, kFp4Bytes, kFp8Bytes, kFp8Bytes, {}};
    } else if (narrow && pool.fp8FlopPerS > 0) {
        a = {pool.fp8FlopPerS, c.gemmFp8.value, kFp8Bytes, kFp8Bytes, kFp8Bytes, {}};
        if (asked == Precision::Nvfp4) {
            a.note = pool.gpu + " has no fp4 tensor cores: fp8";
        }
    } else if (narrow) {
        a.weightBytes = kFp8Bytes;
        a.note =
            pool.gpu + " has no fp8 tensor cores: weights are kept in fp8, arithmetic and cache are bf16";
    }
    return a;
}

std::string ReplicaLayout::text() const {
    if (ep > 1) {
        return "EP" + std::to_string(ep) + (tp > 1 ? " TP" + std::to_string(tp) : std::string());
    }
    return "TP" + std::to_string(tp) + (pp > 1 ? " PP" + std::to_string(pp) : std::string());
}

std::vector<ReplicaLayout> candidateLayouts(const training::Pool& pool, const ModelShape& shape,
                                            const scenario::Transformer& model, const ServingConstants& c) {
    std::vector<ReplicaLayout> layouts;
    const int domain = std::max(1, pool.nvlinkDomain);
    std::vector<int> tensor; // powers of two that divide the heads, inside the domain
    for (int tp = 1; tp <= domain && model.heads % tp == 0; tp *= 2) {
        tensor.push_back(tp);
    }
    if (shape.expertsPerLayer > 0) {
        const int most = static_cast<int>(std::min(c.maxReplicaGpus.value, shape.expertsPerLayer));
        for (int ep = 1; ep <= std::max(most, domain); ep *= 2) {
            // The whole domain (72) is no power of two; above it, whole domains only.
            const int size = ep <= domain ? ep : (ep / domain) * domain;
            for (const int tp : tensor) {
                if (size % tp == 0 && size <= most) {
                    layouts.push_back({tp, 1, size});
                }
            }
            if (ep < domain && ep * 2 > domain && domain <= most) {
                for (const int tp : tensor) {
                    if (domain % tp == 0) {
                        layouts.push_back({tp, 1, domain});
                    }
                }
            }
        }
        return layouts;
    }
    for (const int tp : tensor) {
        layouts.push_back({tp, 1, 1});
    }
    for (int pp = 2; pp <= std::min(16, model.layers); ++pp) {
        layouts.push_back({tensor.back(), pp, 1});
    }
    return layouts;
}

double weightBytesPerGpu(const ModelShape& shape, const Arithmetic& a, const ReplicaLayout& layout) {
    const double shared = shape.total() - shape.expertParameters;
    return a.weightBytes * (shared / (layout.tp * layout.pp) + shape.expertParameters / layout.ep);
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

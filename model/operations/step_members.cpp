#include "model/operations/step_members.h"

#include "model/core/philox.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_reduce.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace atlas::operations {

namespace {

using cluster::Index;

/// Natural logarithm, absolute error below 1e-7 of the result's scale: mantissa in [2/3, 4/3), then a
/// polynomial fitted at Chebyshev nodes. Plain operations in a fixed order, so that every build agrees and
/// the compiler can do several at once.
inline float logOf(float x) {
    const auto bits = std::bit_cast<std::int32_t>(x);
    const std::int32_t exponent = (bits - 0x3f2aaaab) >> 23;
    const float f = std::bit_cast<float>(bits - (exponent << 23)) - 1.0f;
    float p = 0.134262785f;
    p = p * f - 0.150413439f;
    p = p * f + 0.141182363f;
    p = p * f - 0.164829373f;
    p = p * f + 0.200037822f;
    p = p * f - 0.250041485f;
    p = p * f + 0.333333194f;
    p = p * f - 0.499999851f;
    return p * (f * f) + f + static_cast<float>(exponent) * 0.693147181f;
}

} // namespace

std::vector<StageTiming> stageTimings(const MemberClass& members, int pipelineStages, double microBatches) {
    std::vector<StageTiming> timings;
    const auto bubble = static_cast<float>(members.bubbleS);
    for (int s = members.firstStage; s < members.firstStage + members.stages; ++s) {
        StageTiming timing;
        if (pipelineStages > 1) {
            // 1F1B: stage s of p starts s forward times late, ends s backward times early and waits in
            // between for the rest; p - s micro-batches go forward before the first comes back.
            const float late = static_cast<float>(s) / static_cast<float>(pipelineStages - 1);
            timing.startIdleS = bubble * late / 3;
            timing.midIdleS = bubble * (1 - late);
            timing.busyBefore =
                std::min(1.0f, static_cast<float>((pipelineStages - s) / (3 * std::max(1.0, microBatches))));
        }
        timings.push_back(timing);
    }
    return timings;
}

StepMembers::StepMembers(const StepShape& shape, const Barrier& barrier, const StaticSpeeds& speeds,
                         const StepAt& at, std::uint64_t seed, std::uint32_t stream)
    : m_speeds(speeds)
    , m_sigma(static_cast<float>(barrier.noise().sigma))
    , m_barrierS(static_cast<float>(at.barrierS))
    , m_seed(seed)
    , m_step(at.step)
    , m_stream(stream) {
    const training::Layout& layout = shape.anatomy.layout;
    for (const MemberClass& members : shape.classes) {
        ClassLaw law;
        law.gpus = members.gpus;
        law.communicateS = static_cast<float>(members.communicateS);
        law.bubbleS = static_cast<float>(members.bubbleS);
        law.tensorGroup = static_cast<Index>(std::max(1, layout.tp));
        law.stageRun = members.stageGpus();
        law.firstStage = members.firstStage;
        law.stages = stageTimings(members, layout.pp, shape.microBatches);
        m_laws.push_back(std::move(law));
    }
    for (const MemberGroup& group : barrier.groups()) {
        ClassLaw& law = m_laws[group.memberClass];
        const double below = barrier.cdf(group, at.barrierS);
        law.scaleS[group.bin] = static_cast<float>(group.scaleS);
        law.below[group.bin] = static_cast<float>(below);
        law.above[group.bin] = static_cast<float>(1 - below);
    }
    const auto w = random::words(seed, random::Purpose::StepCulprit, at.step, stream);
    m_phaseKey = w[1];
    const MemberGroup& slowest = barrier.slowest(at.barrierS, random::uniform(w[0], w[1]));
    const auto n = static_cast<std::uint32_t>(random::uniform(w[2], w[3]) * slowest.count);
    m_culprit = speeds.member(m_laws[slowest.memberClass].gpus, slowest.bin, n);
}

const ClassLaw* StepMembers::lawOf(Index gpu) const {
    const auto found =
        std::ranges::find_if(m_laws, [gpu](const ClassLaw& law) { return law.gpus.contains(gpu); });
    return found == m_laws.end() ? nullptr : &*found;
}

void StepMembers::draw(const ClassLaw& law, Index first, Index count, float* finishS) const {
    // Four GPUs share one call of the generator.
    std::array<std::uint32_t, kBlock + 8> words;
    const Index firstQuad = first / 4;
    const Index quads = (first + count + 3) / 4 - firstQuad;
    for (Index q = 0; q < quads; ++q) {
        const std::uint64_t counter = (std::uint64_t{m_stream} << 40) ^ m_step;
        const auto four = random::words(m_seed, random::Purpose::StepMember, counter, firstQuad + q);
        std::copy(four.begin(), four.end(), words.begin() + 4 * q);
    }
    const std::uint32_t* word = words.data() + first % 4;
    std::array<float, kBlock> below;
    std::array<float, kBlock> above;
    std::array<float, kBlock> scale;
    const std::uint8_t* bins = m_speeds.bins() + first;
    for (Index i = 0; i < count; ++i) {
        below[i] = law.below[bins[i]];
        above[i] = law.above[bins[i]];
        scale[i] = law.scaleS[bins[i]];
    }
    // Locals only from here on, so that the compiler may do several at once.
    const float fixedS = law.communicateS + law.bubbleS;
    const float sigma = m_sigma;
    const float latestS = m_barrierS;
    std::array<float, kBlock> times;
    constexpr float kUnit = 0x1.0p-24f;
    constexpr auto kKnee = static_cast<float>(StepNoise::kKnee);
    constexpr auto kTail = static_cast<float>(StepNoise::kTail);
    for (Index i = 0; i < count; ++i) {
        // P(J > j) uniform above its value at the maximum.
        const float u = (static_cast<float>(static_cast<std::int32_t>(word[i] >> 8)) + 0.5f) * kUnit;
        const float e = -logOf(above[i] + below[i] * u);
        const float steep = kKnee + kTail * (e - kKnee);
        const float y = e > steep ? e : steep;
        const float time = fixedS + scale[i] * (1.0f + sigma * y);
        times[i] = time < latestS ? time : latestS;
    }
    std::copy_n(times.begin(), count, finishS);
    if (m_culprit >= first && m_culprit - first < count) {
        finishS[m_culprit - first] = m_barrierS;
    }
}

float StepMembers::finishOf(const ClassLaw& law, Index gpu) const {
    float finishS = 0;
    draw(law, gpu, 1, &finishS);
    return finishS;
}

float StepMembers::barrierWithoutS(cluster::Range gpus) const {
    if (!gpus.contains(m_culprit)) {
        return m_barrierS;
    }
    const auto latest = [](float a, float b) { return std::max(a, b); };
    float slowest = 0;
    for (const ClassLaw& law : m_laws) {
        const auto partLatest = [&](const tbb::blocked_range<Index>& part, float before) {
            std::array<float, kBlock> finishS;
            for (Index first = part.begin(); first < part.end(); first += kBlock) {
                const Index count = std::min(kBlock, part.end() - first);
                draw(law, first, count, finishS.data());
                for (Index i = 0; i < count; ++i) {
                    before = std::max(before, gpus.contains(first + i) ? 0.0f : finishS[i]);
                }
            }
            return before;
        };
        const tbb::blocked_range<Index> all(law.gpus.first, law.gpus.end(), 16'384);
        slowest = std::max(slowest, tbb::parallel_reduce(all, 0.0f, partLatest, latest));
    }
    return slowest;
}

} // namespace atlas::operations

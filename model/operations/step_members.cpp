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

StepMembers::StepMembers(const StepAt& at, const StaticSpeeds& speeds)
    : m_speeds(speeds)
    , m_law(at.law)
    , m_sigma(static_cast<float>(at.law->barrier->noise().sigma))
    , m_barrierS(static_cast<float>(at.barrierS))
    , m_evenBarrierS(static_cast<float>(at.evenBarrierS()))
    , m_heaviest(at.heaviest)
    , m_seed(at.draw.seed)
    , m_step(at.draw.step)
    , m_stream(at.draw.stream) {
    const StepShape& shape = *m_law->shape;
    const Barrier& barrier = *m_law->barrier;
    const training::Layout& layout = shape.anatomy.layout;
    for (const MemberClass& members : shape.classes) {
        ClassLaw law;
        law.members = members;
        law.gpus = members.gpus;
        law.communicateS = static_cast<float>(members.communicateS);
        law.bubbleS = static_cast<float>(members.bubbleS);
        law.tensorGroup = static_cast<Index>(std::max(1, layout.tp));
        law.stageRun = members.stageGpus();
        law.firstStage = members.firstStage;
        law.stages = stageTimings(members, layout.pp, shape.microBatches);
        law.replicaGpus = static_cast<Index>(std::max(1, layout.tp * layout.cp));
        if (!m_laws.empty()) {
            // Replicas of one class follow those of the class before, unless classes share them by stage.
            const ClassLaw& before = m_laws.back();
            const bool follows =
                before.members.whole.first != members.whole.first && before.firstStage == members.firstStage;
            law.firstReplica = before.firstReplica + (follows ? before.stageRun / before.replicaGpus : 0);
        }
        m_laws.push_back(std::move(law));
    }
    for (const MemberGroup& group : barrier.groups()) {
        ClassLaw& law = m_laws[group.memberClass];
        const double below = barrier.cdf(group, at.evenBarrierS());
        law.scaleS[group.bin] = static_cast<float>(group.scaleS);
        law.below[group.bin] = static_cast<float>(below);
        law.above[group.bin] = static_cast<float>(1 - below);
    }
    const auto w = random::words(m_seed, random::Purpose::StepCulprit, m_step, m_stream);
    m_phaseKey = w[1];
    if (at.slow >= 0) {
        m_culprit = m_law->slow[static_cast<std::size_t>(at.slow)].gpu;
    } else {
        const MemberGroup& slowest = barrier.slowest(at.evenBarrierS(), random::uniform(w[0], w[1]));
        auto n = static_cast<std::uint32_t>(random::uniform(w[2], w[3]) * slowest.count);
        const MemberClass& own = shape.classes[slowest.memberClass];
        own.forRuns(own.gpus.first, own.gpus.end(), own.gpus.count, [&](Index first, Index count) {
            if (m_culprit == cluster::kNone) {
                m_culprit = speeds.member({first, count}, slowest.bin, n);
            }
        });
    }
    addSlow(m_law->slow, at.evenBarrierS());
    addSlow(m_law->givenUp, at.evenBarrierS());
    if (const ClassLaw* own = lawOf(m_culprit)) {
        m_heaviestReplica = own->replicaOf(own->members.rankOf(m_culprit));
    }
    std::ranges::sort(m_slow, [](const Slow& a, const Slow& b) {
        return a.gpu != b.gpu ? a.gpu < b.gpu : a.fixedS + a.scaleS > b.fixedS + b.scaleS;
    });
    // A GPU that is slow for two reasons is as slow as the worse of them.
    m_slow.erase(std::ranges::unique(m_slow, {}, &Slow::gpu).begin(), m_slow.end());
}

void StepMembers::addSlow(const std::vector<SlowMember>& members, double barrierS) {
    const StepNoise& noise = m_law->barrier->noise();
    for (const SlowMember& member : members) {
        Slow slow{member.gpu, static_cast<float>(member.fixedS), static_cast<float>(member.scaleS), 1, 0,
                  &member};
        const double excess = barrierS - member.nominalS();
        if (noise.sigma > 0 && member.scaleS > 0) {
            const double above = noise.survival(excess / member.scaleS);
            slow.above = static_cast<float>(above);
            slow.below = static_cast<float>(1 - above);
        }
        m_slow.push_back(slow);
    }
}

const ClassLaw* StepMembers::lawOf(Index gpu) const {
    const auto found =
        std::ranges::find_if(m_laws, [gpu](const ClassLaw& law) { return law.members.isMember(gpu); });
    return found == m_laws.end() ? nullptr : &*found;
}

const SlowMember* StepMembers::slowOf(Index gpu) const {
    const auto found = std::ranges::lower_bound(m_slow, gpu, {}, &Slow::gpu);
    return found == m_slow.end() || found->gpu != gpu ? nullptr : found->member;
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
    const float latestS = m_evenBarrierS;
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
    for (auto slow = std::ranges::lower_bound(m_slow, first, {}, &Slow::gpu);
         slow != m_slow.end() && slow->gpu - first < count; ++slow) {
        const float u =
            (static_cast<float>(static_cast<std::int32_t>(word[slow->gpu - first] >> 8)) + 0.5f) * kUnit;
        const float e = -logOf(slow->above + slow->below * u);
        const float y = std::max(e, kKnee + kTail * (e - kKnee));
        finishS[slow->gpu - first] = std::min(latestS, slow->fixedS + slow->scaleS * (1.0f + sigma * y));
    }
    if (!m_law->load.even()) {
        addLoads(law, first, count, finishS);
    }
    if (m_culprit >= first && m_culprit - first < count) {
        finishS[m_culprit - first] = m_barrierS;
    }
}

void StepMembers::addLoads(const ClassLaw& law, Index first, Index count, float* finishS) const {
    const StepLoad& load = m_law->load;
    const Index rank = law.members.rankOf(first);
    float lateS = 0;
    for (Index i = 0; i < count; ++i) {
        if (i == 0 || (rank + i) % law.stageRun % law.replicaGpus == 0) {
            const std::uint32_t replica = law.replicaOf(rank + i);
            double own = 0;
            if (replica != m_heaviestReplica) {
                // Counters above those of the heaviest load, which takes the first few of a step.
                const std::uint64_t counter = (std::uint64_t{m_stream} << 40) ^ m_step;
                const double u = random::uniform(m_seed, random::Purpose::StepLoad, ~counter, replica);
                own = load.below(m_heaviest, u);
            } else {
                own = load.quantile(m_heaviest);
            }
            lateS = static_cast<float>(load.lateS(own));
        }
        finishS[i] = std::min(m_barrierS, finishS[i] + lateS);
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
    // With backup replicas those given up end at the barrier too, and hold nobody up.
    const bool backups = m_law->barrier->backups() > 0 || !m_law->givenUp.empty();
    const auto counts = [&](Index gpu, float finishS) {
        return !gpus.contains(gpu) && !(backups && finishS >= m_barrierS);
    };
    const auto latest = [](float a, float b) { return std::max(a, b); };
    float slowest = 0;
    for (const ClassLaw& law : m_laws) {
        const auto partLatest = [&](const tbb::blocked_range<Index>& part, float before) {
            std::array<float, kBlock> finishS;
            law.members.forRuns(part.begin(), part.end(), kBlock, [&](Index first, Index count) {
                draw(law, first, count, finishS.data());
                for (Index i = 0; i < count; ++i) {
                    before = std::max(before, counts(first + i, finishS[i]) ? finishS[i] : 0.0f);
                }
            });
            return before;
        };
        const tbb::blocked_range<Index> all(law.gpus.first, law.gpus.end(), 16'384);
        slowest = std::max(slowest, tbb::parallel_reduce(all, 0.0f, partLatest, latest));
    }
    return slowest;
}

} // namespace atlas::operations

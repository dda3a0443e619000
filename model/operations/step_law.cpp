#include "model/operations/step_law.h"

#include "model/core/philox.h"
#include "model/operations/step_work.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace atlas::operations {

namespace {

using cluster::Index;
using cluster::PartKind;
using cluster::Range;

/// Slow parts up to a rack are few GPUs, drawn by name; larger ones change the law of a whole class.
bool isWide(const Event& event) {
    return event.component == Component::Bundle || event.component == Component::Power ||
           event.part.kind < PartKind::Rack;
}

bool isNetwork(const Event& event) {
    return event.component == Component::Link || event.component == Component::Bundle;
}

/// Cuts classes so that `gpus` begins and ends with one.
void cutAt(std::vector<MemberClass>& classes, Range gpus) {
    for (const Index border : {gpus.first, gpus.end()}) {
        for (std::size_t c = 0; c < classes.size(); ++c) {
            MemberClass& each = classes[c];
            if (border > each.gpus.first && border < each.gpus.end()) {
                MemberClass rest = each;
                rest.gpus = {border, each.gpus.end() - border};
                each.gpus.count = border - each.gpus.first;
                const double share = each.count() / static_cast<double>(each.count() + rest.count());
                rest.peakShare = each.peakShare * (1 - share);
                each.peakShare *= share;
                rest.tokens = each.tokens * (1 - share);
                each.tokens *= share;
                classes.insert(classes.begin() + static_cast<std::ptrdiff_t>(c) + 1, rest);
                break;
            }
        }
    }
}

void slowClasses(StepShape& shape, Range gpus, double computing, double network) {
    cutAt(shape.classes, gpus);
    for (MemberClass& each : shape.classes) {
        if (gpus.contains(each.gpus.first)) {
            each.computeS *= computing;
            each.communicateS += (network - 1) * each.networkS;
            each.networkS *= network;
        }
    }
}

} // namespace

double StepLaw::cdf(const SlowMember& member, double t) const {
    const StepNoise& noise = barrier->noise();
    const double excess = t - member.nominalS();
    if (!(noise.sigma > 0) || !(member.scaleS > 0)) {
        return excess >= 0 ? 1 : 0;
    }
    return 1 - noise.survival(excess / member.scaleS);
}

double StepLaw::othersBelow(double t) const {
    double product = 1;
    for (std::size_t i = 1; i < slow.size() && product > 0; ++i) {
        const double excess = t - slow[i].nominalS();
        product *= excess >= m_never * slow[i].scaleS ? 1 : cdf(slow[i], t);
    }
    return product;
}

void StepLaw::finish() {
    // Noise beyond which 1 - survival is 1 in double precision.
    m_never = barrier->noise().sigma * StepNoise::stretch(38);
    std::ranges::sort(slow, [](const SlowMember& a, const SlowMember& b) {
        return a.nominalS() != b.nominalS() ? a.nominalS() > b.nominalS() : a.gpu < b.gpu;
    });
    if (!slow.empty()) {
        m_ordinarySafe =
            slow[0].nominalS() > barrier->nominalS() ? std::exp(barrier->logCdf(slow[0].nominalS())) : 0;
        m_othersSafe = othersBelow(slow[0].nominalS());
    }
}

/// Where P(all slow members but the first <= t) is `u`: in the scale -ln(-ln) that probability is close to a
/// line in t, so that Newton's rule inside a bracket takes a few steps.
double StepLaw::othersQuantile(double u) const {
    const StepNoise& noise = barrier->noise();
    const double logU = std::log(u);
    const double wanted = -std::log(-logU);
    double slope = 0;
    const auto miss = [&](double t) {
        double logF = 0;
        double density = 0; // d ln F / dt
        for (std::size_t i = 1; i < slow.size(); ++i) {
            const SlowMember& member = slow[i];
            const double x = member.scaleS > 0 ? (t - member.nominalS()) / member.scaleS : 0;
            if (x >= m_never || !(member.scaleS > 0)) {
                continue;
            }
            const double above = noise.survival(x);
            logF += std::log1p(-above);
            density += noise.density(x) / member.scaleS / (1 - above);
        }
        slope = density / -logF;
        return -std::log(-logF) - wanted;
    };
    // As if all were as slow as the second: hardly ever too early.
    double low = slow[1].nominalS();
    const double members = static_cast<double>(slow.size() - 1);
    double high = low + std::max(1e-12 * low, slow[1].scaleS * noise.quantile(-std::expm1(logU / members)));
    while (miss(high) < 0) {
        const double width = high - low;
        low = high;
        high += 2 * width;
    }
    double t = high;
    for (int iteration = 0; iteration < 60; ++iteration) {
        const double missed = miss(t);
        (missed < 0 ? low : high) = t;
        if (std::abs(missed) < 1e-11 || high - low <= 1e-14 * high) {
            break;
        }
        const double newton = t - missed / slope;
        t = newton > low && newton < high ? newton : (low + high) / 2;
    }
    return t;
}

BarrierDraw StepLaw::amongOthers(double u) const {
    const double high = othersQuantile(u);
    // Whose it is: each with the weight of its density over its distribution.
    double all = 0;
    const auto weight = [&](const SlowMember& member) {
        const double excess = high - member.nominalS();
        const double below = cdf(member, high);
        return below > 0 && member.scaleS > 0
                   ? barrier->noise().density(excess / member.scaleS) / member.scaleS / below
                   : 0;
    };
    for (std::size_t i = 1; i < slow.size(); ++i) {
        all += weight(slow[i]);
    }
    // The low bits of the draw decide: they are as good as independent of its size.
    double left = (u * 0x1.0p40 - std::floor(u * 0x1.0p40)) * all;
    std::int32_t which = 1;
    for (std::size_t i = 1; i < slow.size(); ++i) {
        left -= weight(slow[i]);
        which = static_cast<std::int32_t>(i);
        if (left < 0) {
            break;
        }
    }
    return {high, which};
}

BarrierDraw StepLaw::draw(const StepDraw& at) const {
    BarrierDraw drawn = drawEven(at);
    if (!load.even()) {
        drawn.heaviest = load.heaviest(at.seed, at.stream, at.step);
        drawn.loadS = load.lateS(load.quantile(drawn.heaviest));
        drawn.timeS += drawn.loadS;
    }
    return drawn;
}

double meanStepS(const StepLaw& law) {
    const double loadS = law.load.even() ? 0 : law.load.lateS(law.load.meanHeaviest());
    return law.barrier->meanS() + loadS + law.tailS;
}

BarrierDraw StepLaw::drawEven(const StepDraw& at) const {
    // Two steps share one call of the generator.
    const auto w = random::words(at.seed, random::Purpose::StepMaximum, at.step / 2, at.stream);
    const double u = at.step % 2 == 0 ? random::uniform(w[0], w[1]) : random::uniform(w[2], w[3]);
    if (slow.empty()) {
        return {barrier->quantile(u)};
    }
    const SlowMember& first = slow.front();
    BarrierDraw latest{first.nominalS(), 0};
    const StepNoise& noise = barrier->noise();
    if (noise.sigma > 0) {
        const auto v = random::words(at.seed, random::Purpose::StepSlow, at.step, at.stream);
        latest.timeS += first.scaleS * noise.quantile(random::uniform(v[0], v[1]));
        const double others = random::uniform(v[2], v[3]);
        if (others > m_othersSafe && others > othersBelow(latest.timeS)) {
            latest = amongOthers(others);
        }
    }
    if (u > m_ordinarySafe || !(noise.sigma > 0)) {
        const double ordinary = barrier->quantile(u);
        if (ordinary > latest.timeS) {
            latest = {ordinary};
        }
    }
    return latest;
}

LawBook::LawBook(std::shared_ptr<const cluster::Cluster> cluster, StepShape shape, LinkTraffic traffic,
                 const StaticSpeeds& speeds, StepNoise noise, SlowPolicy policy,
                 const scenario::Imbalance& imbalance)
    : m_cluster(std::move(cluster))
    , m_traffic(std::move(traffic))
    , m_speeds(speeds)
    , m_noise(noise)
    , m_policy(policy)
    , m_shape(std::make_shared<const StepShape>(std::move(shape)))
    , m_lastStage(m_shape->anatomy.layout.pp > 1 ? std::max(0.0, imbalance.lastStage.value) : 0)
    , m_load(loadOf(imbalance, *m_shape, policy.backupReplicas)) {
    m_even = m_healthy = law({}, {}, 0);
    if (m_lastStage > 0 || !m_load.even()) {
        const Base plan = makeBase({}, {}, policy.backupReplicas, true);
        auto even = std::make_shared<StepLaw>(*m_healthy);
        even->shape = plan.shape;
        even->barrier = plan.barrier;
        even->finishes = plan.finishes;
        even->load = {};
        m_even = std::move(even);
    }
}

LawBook::Base LawBook::makeBase(std::span<const Event> events, std::span<const std::uint32_t> wide,
                                int backups, bool even) const {
    Base made;
    auto shape = std::make_shared<StepShape>(*m_shape);
    if (m_lastStage > 0 && !even) {
        for (const MemberClass& each : m_shape->classes) {
            slowClasses(*shape, lastStageOf(each, m_shape->anatomy.layout.pp), 1 + m_lastStage, 1);
        }
    }
    made.reduceS = shape->reduceS;
    if (!wide.empty()) {
        made.linkHealth.assign(m_cluster->linkGroups.size(), 1.0f);
    }
    bool linksHit = false;
    for (const std::uint32_t i : wide) {
        const Event& event = events[i];
        if (event.component != Component::Bundle) {
            slowClasses(*shape, gpusOf(*m_cluster, event.part), event.slowdown, 1);
            continue;
        }
        // A bundle has room: it holds nobody up before its load exceeds what is left of it.
        linksHit = true;
        const cluster::LinkGroup& group = m_cluster->linkGroups[event.part.index];
        made.linkHealth[event.part.index] *= static_cast<float>(1 / event.slowdown);
        const auto stretch = [&](const std::vector<float>& load) {
            const double now =
                event.part.index < load.size() ? static_cast<double>(load[event.part.index]) : 0;
            return std::max(1.0, now * event.slowdown) / std::max(1.0, now);
        };
        const bool trunk = group.kind == cluster::LinkKind::Trunk;
        const Range gpus = trunk ? Range{0, m_cluster->gpuCount} : m_cluster->halls[group.hallA].gpus;
        slowClasses(*shape, gpus, 1, stretch(m_traffic.inside));
        const double window = std::max(m_shape->reduceS, m_traffic.reduceWindowS);
        made.reduceS = std::max(made.reduceS, m_shape->reduceS + (stretch(m_traffic.reduce) - 1) * window);
    }
    if (!linksHit) {
        made.linkHealth.clear();
    }
    shape->reduceS = made.reduceS;
    made.barrier = std::make_shared<const Barrier>(*shape, m_speeds, m_noise, backups);
    made.finishes = std::make_shared<const FinishTable>(*shape, *made.barrier, *m_cluster);
    made.shape = wide.empty() && (even || !(m_lastStage > 0)) ? m_shape : std::move(shape);
    return made;
}

LawBook::Base LawBook::base(std::span<const Event> events, std::span<const std::uint32_t> wide,
                            int backups) const {
    BaseKey key{{}, backups};
    for (const std::uint32_t i : wide) {
        const Event& event = events[i];
        key.first.push_back({static_cast<double>(event.part.kind), static_cast<double>(event.part.index),
                             static_cast<double>(event.component), event.slowdown});
    }
    const std::lock_guard lock(m_mutex);
    auto found = m_bases.find(key);
    if (found == m_bases.end()) {
        found = m_bases.emplace(std::move(key), makeBase(events, wide, backups)).first;
    }
    return found->second;
}

void LawBook::addMembers(const StepShape& shape, const Event& event, std::uint32_t index, double timeS,
                         std::vector<SlowMember>& out) const {
    // With proportional batches a slow replica gets the whole micro-batches it can do in time.
    double computing = isNetwork(event) ? 1 : event.slowdown;
    if (computing > 1 && m_policy.proportional && timeS >= event.timeS + m_policy.afterS) {
        const double batches = std::max(1.0, m_shape->microBatches);
        const double kept = std::max(1.0, std::floor(batches / computing));
        computing = std::max(1.0, computing * kept / batches);
    }
    const double network = isNetwork(event) ? event.slowdown : 1;
    const auto add = [&](Index gpu) {
        for (std::size_t c = 0; c < shape.classes.size(); ++c) {
            const MemberClass& own = shape.classes[c];
            if (own.isMember(gpu)) {
                out.push_back({gpu, c, index, own.fixedS() + (network - 1) * own.networkS,
                               own.computeS * m_speeds.slowdown(m_speeds.binOf(gpu)) * computing});
            }
        }
    };
    if (event.part.kind == PartKind::Switch) {
        for (const Index gpu : gpusUnderLeaf(*m_cluster, event.part.index)) {
            add(gpu);
        }
        return;
    }
    const Range gpus = gpusOf(*m_cluster, event.part);
    for (Index gpu = gpus.first; gpu < gpus.end(); ++gpu) {
        add(gpu);
    }
}

std::set<std::int64_t> LawBook::replicasOf(const Event& event) const {
    std::vector<SlowMember> members;
    addMembers(*m_shape, event, 0, event.timeS, members);
    std::set<std::int64_t> replicas;
    for (const SlowMember& each : members) {
        if (const auto place = placeOf(*m_cluster, *m_shape, each.gpu)) {
            replicas.insert(place->replica);
        }
    }
    return replicas;
}

std::shared_ptr<const StepLaw> LawBook::law(std::span<const Event> events,
                                            std::span<const std::uint32_t> active, double timeS) const {
    auto made = std::make_shared<StepLaw>();
    std::vector<std::uint32_t> named;
    for (const std::uint32_t i : active) {
        (isWide(events[i]) ? made->wide : named).push_back(i);
    }
    // Backup replicas stand in for the slowest ones first; chance gets what is left of them. An episode in
    // more replicas than there are backups for holds everybody up.
    int backups = m_policy.backupReplicas;
    std::vector<std::uint32_t> givenUp;
    if (backups > 0) {
        std::ranges::stable_sort(named, std::greater{}, [&](std::uint32_t i) { return events[i].slowdown; });
        std::set<std::int64_t> replicas;
        std::erase_if(named, [&](std::uint32_t i) {
            auto with = replicas;
            with.merge(replicasOf(events[i]));
            if (with.size() > static_cast<std::size_t>(m_policy.backupReplicas)) {
                return false;
            }
            replicas = std::move(with);
            givenUp.push_back(i);
            return true;
        });
        backups -= static_cast<int>(replicas.size());
    }
    const Base whole = base(events, made->wide, backups);
    made->shape = whole.shape;
    made->barrier = whole.barrier;
    made->finishes = whole.finishes;
    made->linkHealth = whole.linkHealth;
    made->reduceS = whole.reduceS;
    made->load = m_load;
    for (const std::uint32_t i : named) {
        addMembers(*made->shape, events[i], i, timeS, made->slow);
        if (isNetwork(events[i])) {
            made->reduceS = std::max(made->reduceS, whole.reduceS * events[i].slowdown);
        }
    }
    for (const std::uint32_t i : givenUp) {
        addMembers(*made->shape, events[i], i, timeS, made->givenUp);
    }
    made->tailS = made->reduceS + made->shape->optimizerS;
    made->finish();
    return made;
}

} // namespace atlas::operations

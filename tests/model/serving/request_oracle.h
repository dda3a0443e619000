// A small fleet request by request: every step of every engine, continuous batching with chunked prefill, a
// router in front. Slow and plain: what the formulas of a fleet are held against. Shares with them only the
// curve of a replica, not a formula.
#pragma once

#include "model/serving/replica_curve.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <queue>
#include <random>
#include <vector>

namespace atlas::test {

struct OracleKind {
    double arrivalsPerS = 0; ///< of the whole fleet
    serving::RequestClass requests;
    bool urgent = true; ///< prompts are read before those that are not
};

struct OracleSettings {
    int replicas = 8;
    serving::ReplicaCurve curve; ///< groups = 1
    double places = 100;
    double paceS = 0.1; ///< a step is not made longer than this by prompts, where it can be helped
    bool leastLoaded = true;
    double lagS = 0.25;   ///< age of the finished work that the router knows of; it knows what it has sent
    double warmUpS = 300; ///< not counted
    double lastsS = 3000;
    unsigned seed = 1;
};

struct OracleResult {
    double tokensPerS = 0;
    double meanBatch = 0; ///< running answers a replica, mean over time
    double promptShare = 0;
    std::size_t arrived = 0, finished = 0, inside = 0;
    std::vector<std::vector<double>> firstTokenS; ///< by kind
    std::vector<std::vector<double>> tokenS;
};

class RequestOracle {
public:
    RequestOracle(OracleSettings settings, std::vector<OracleKind> kinds)
        : m_set(std::move(settings))
        , m_kinds(std::move(kinds))
        , m_random(m_set.seed)
        , m_engines(static_cast<std::size_t>(m_set.replicas)) {
        m_result.firstTokenS.resize(m_kinds.size());
        m_result.tokenS.resize(m_kinds.size());
    }

    OracleResult run() {
        double total = 0;
        for (const OracleKind& kind : m_kinds) {
            total += kind.arrivalsPerS;
        }
        std::exponential_distribution<double> gap(total);
        double nextArrival = gap(m_random);
        // Engines by the end of the step they are in; idle ones are not here.
        using Due = std::pair<double, std::size_t>;
        std::priority_queue<Due, std::vector<Due>, std::greater<>> due;
        const double end = m_set.warmUpS + m_set.lastsS;
        while (nextArrival < end || !due.empty()) {
            if (due.empty() || nextArrival <= due.top().first) {
                if (nextArrival >= end) {
                    break;
                }
                arrive(nextArrival, due);
                nextArrival += gap(m_random);
            } else {
                const auto [now, engine] = due.top();
                due.pop();
                if (now >= end) {
                    break;
                }
                finishStep(m_engines[engine], now);
                beginStep(m_engines[engine], now, engine, due);
            }
        }
        for (const Engine& e : m_engines) {
            m_result.inside +=
                e.running.size() + e.prompts.size() + e.later.size() + e.waiting.size() + e.read.size();
        }
        m_result.tokensPerS /= m_set.lastsS;
        m_result.meanBatch /= m_set.lastsS * m_set.replicas;
        m_result.promptShare /= m_set.lastsS * m_set.replicas;
        return m_result;
    }

private:
    struct Request {
        std::size_t kind = 0;
        double arrivedS = 0, firstS = 0;
        double input = 0, promptLeftS = 0;
        std::int64_t output = 1;
    };
    struct Running {
        std::int64_t lastStep = 0;
        Request request;
        bool operator>(const Running& other) const { return lastStep > other.lastStep; }
    };
    struct Heap : std::priority_queue<Running, std::vector<Running>, std::greater<>> {};
    struct Engine {
        Heap running;
        std::deque<Request> prompts, later, waiting;
        std::vector<Request> read; ///< prompts that this step finishes
        double contextTokens = 0;
        std::int64_t step = 0;
        double begunS = 0, promptsS = 0;
        bool busy = false;
        std::deque<std::pair<double, double>> outstanding; ///< time, requests inside, as the router may know
        double inside = 0;
    };

    double lognormal(const serving::Lengths& lengths) {
        std::normal_distribution<double> z;
        const double x = std::exp(std::log(lengths.mean) - lengths.sigma * lengths.sigma / 2 +
                                  lengths.sigma * z(m_random));
        return std::min(x, lengths.longest);
    }

    template <class Due>
    void arrive(double now, Due& due) {
        std::vector<double> rates;
        for (const OracleKind& kind : m_kinds) {
            rates.push_back(kind.arrivalsPerS);
        }
        Request r;
        r.kind =
            static_cast<std::size_t>(std::discrete_distribution<int>(rates.begin(), rates.end())(m_random));
        const serving::RequestClass& c = m_kinds[r.kind].requests;
        r.arrivedS = now;
        r.input = lognormal(c.input);
        r.output = std::max<std::int64_t>(1, std::llround(lognormal(c.output)));
        // New tokens, each attending to the cached part and what was read before it.
        const double fresh = r.input * (1 - c.cacheHit);
        const double depth = r.input * c.cacheHit + fresh / 2;
        r.promptLeftS = fresh * (m_set.curve.promptS + depth * m_set.curve.promptDepthS);
        counted(now) ? ++m_result.arrived : 0;
        const std::size_t e = choose(now);
        Engine& engine = m_engines[e];
        ++engine.inside;
        engine.waiting.push_back(r);
        if (!engine.busy) {
            beginStep(engine, now, e, due);
        }
    }

    std::size_t choose(double now) {
        std::uniform_int_distribution<std::size_t> any(0, m_engines.size() - 1);
        if (!m_set.leastLoaded) {
            return any(m_random);
        }
        // Known: everything sent, and what was finished until lagS ago. Ties fall by chance.
        const std::size_t first = any(m_random);
        std::size_t best = first;
        double least = HUGE_VAL;
        for (std::size_t i = 0; i < m_engines.size(); ++i) {
            Engine& e = m_engines[(first + i) % m_engines.size()];
            double load = e.inside;
            while (!e.outstanding.empty() && e.outstanding.front().first < now - m_set.lagS) {
                e.outstanding.pop_front();
            }
            for (const auto& unknown : e.outstanding) {
                load += unknown.second;
            }
            if (load < least) {
                least = load;
                best = (first + i) % m_engines.size();
            }
        }
        return best;
    }

    template <class Due>
    void beginStep(Engine& e, double now, std::size_t index, Due& due) {
        while (!e.waiting.empty() &&
               static_cast<double>(e.running.size() + e.prompts.size() + e.later.size()) < m_set.places) {
            const bool urgent = m_kinds[e.waiting.front().kind].urgent;
            (urgent ? e.prompts : e.later).push_back(e.waiting.front());
            e.waiting.pop_front();
        }
        const auto b = static_cast<double>(e.running.size());
        if (b == 0 && e.prompts.empty() && e.later.empty()) {
            e.busy = false;
            return;
        }
        e.busy = true;
        e.begunS = now;
        const double writeS = m_set.curve.stepS(b) + e.contextTokens * m_set.curve.contextS;
        double budget = std::max(m_set.paceS - writeS, 0.2 * m_set.paceS);
        e.promptsS = 0;
        e.read.clear();
        for (std::deque<Request>* prompts : {&e.prompts, &e.later}) {
            while (!prompts->empty() && budget > 0) {
                Request& r = prompts->front();
                const double part = std::min(budget, r.promptLeftS);
                r.promptLeftS -= part;
                budget -= part;
                e.promptsS += part;
                if (r.promptLeftS > 0) {
                    break;
                }
                e.read.push_back(r);
                prompts->pop_front();
            }
        }
        due.emplace(now + writeS + e.promptsS, index);
    }

    void finishStep(Engine& e, double now) {
        const auto b = static_cast<double>(e.running.size());
        if (counted(now)) {
            m_result.tokensPerS += b + static_cast<double>(e.read.size());
            m_result.meanBatch += b * (now - e.begunS);
            m_result.promptShare += e.promptsS;
        }
        ++e.step;
        e.contextTokens += b;
        while (!e.running.empty() && e.running.top().lastStep <= e.step) {
            const Request r = e.running.top().request;
            e.running.pop();
            e.contextTokens -= r.input + static_cast<double>(r.output);
            leave(e, r, now);
        }
        for (Request& r : e.read) {
            r.firstS = now;
            if (counted(r.arrivedS)) {
                m_result.firstTokenS[r.kind].push_back(now - r.arrivedS);
            }
            if (r.output <= 1) {
                leave(e, r, now);
                continue;
            }
            e.contextTokens += r.input + 1;
            e.running.push({e.step + r.output - 1, r});
        }
        e.read.clear();
    }

    void leave(Engine& e, const Request& r, double now) {
        --e.inside;
        e.outstanding.emplace_back(now, 1.0);
        if (counted(r.arrivedS)) {
            ++m_result.finished;
            if (r.output > 1) {
                m_result.tokenS[r.kind].push_back((now - r.firstS) / static_cast<double>(r.output - 1));
            }
        }
    }

    [[nodiscard]] bool counted(double timeS) const { return timeS >= m_set.warmUpS; }

    OracleSettings m_set;
    std::vector<OracleKind> m_kinds;
    std::mt19937_64 m_random;
    std::vector<Engine> m_engines;
    OracleResult m_result;
};

inline double meanOf(const std::vector<double>& values) {
    double sum = 0;
    for (const double x : values) {
        sum += x;
    }
    return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

inline double quantileOf(std::vector<double> values, double q) {
    std::ranges::sort(values);
    return values.empty() ? 0 : values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

} // namespace atlas::test

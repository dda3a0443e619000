#include "model/explore/compare.h"
#include "model/explore/headline.h"
#include "model/explore/sensitivity.h"
#include "model/scenario/scenario_loader.h"

#include <QElapsedTimer>
#include <QTest>

#include <tbb/global_control.h>

#include <cmath>
#include <cstring>
#include <thread>

using namespace atlas;
using namespace atlas::explore;

namespace {

scenario::Scenario shipped() {
    auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                         ATLAS_SOURCE_RESOURCES);
    return loaded ? std::move(loaded->scenario) : scenario::Scenario{};
}

std::optional<double> valueOf(const StrategyResult& s, const std::string& key) {
    for (const Headline& h : s.headline) {
        if (h.key == key) {
            return h.value;
        }
    }
    return std::nullopt;
}

const StrategyResult& strategy(const Comparison& c, const std::string& id) {
    return *std::ranges::find(c.strategies, id, &StrategyResult::id);
}

CompareOptions chosen(std::vector<std::string> strategies, int draws) {
    CompareOptions options;
    options.strategies = std::move(strategies);
    options.draws = draws;
    return options;
}

bool sameBytes(const Comparison& a, const Comparison& b) {
    for (std::size_t s = 0; s < a.strategies.size(); ++s) {
        for (std::size_t r = 0; r < a.strategies[s].headline.size(); ++r) {
            const Headline& x = a.strategies[s].headline[r];
            const Headline& y = b.strategies[s].headline[r];
            const double left[3] = {x.value.value_or(0), x.low, x.high};
            const double right[3] = {y.value.value_or(0), y.low, y.high};
            if (x.value.has_value() != y.value.has_value() || std::memcmp(left, right, sizeof left) != 0) {
                return false;
            }
        }
    }
    return a.strategies.size() == b.strategies.size();
}

} // namespace

/// The strategies table of the shipped scenario.
class TestCompare : public QObject {
    Q_OBJECT
    scenario::Scenario m_scenario;

private slots:
    void initTestCase() {
        m_scenario = shipped();
        QVERIFY(m_scenario.strategies.size() >= 5);
    }

    void sameRowsForEveryStrategyAndEmptyWhereNoneApplies() {
        CompareOptions options;
        options.draws = 40;
        const auto c = compare(m_scenario, options);
        QVERIFY2(c, text(c ? Diagnostics{} : c.errors()).c_str());
        QCOMPARE(c->strategies.size(), m_scenario.strategies.size());
        for (const StrategyResult& s : c->strategies) {
            QCOMPARE(s.headline.size(), kHeadlines);
            for (std::size_t r = 0; r < kHeadlines; ++r) {
                const Headline& h = s.headline[r];
                QCOMPARE(h.key, headlineRows()[r].key);
                QVERIFY2(!h.value || std::isfinite(*h.value), h.key.c_str());
                QVERIFY2(!h.value || (h.low <= *h.value && *h.value <= h.high && h.hasRange), h.key.c_str());
            }
            QCOMPARE(s.training.has_value(), valueOf(s, "mfu").has_value());
            QCOMPARE(s.serving.has_value(), valueOf(s, "serving_tokens_per_s").has_value());
            QVERIFY(s.cash.months.size() == static_cast<std::size_t>(m_scenario.horizonMonths));
        }
        const StrategyResult& lease = strategy(*c, "lease-1");
        for (const char* key : {"mfu", "goodput", "waiting_share", "step_time_s", "train_months",
                                "usd_per_exaflop_day", "tranche_funded_months", "build_out_funded_share"}) {
            QVERIFY2(!valueOf(lease, key), key);
        }
        const StrategyResult& train = strategy(*c, "train-1");
        for (const char* key : {"serving_tokens_per_s", "users_served", "lease_usd_per_month",
                                "break_even_fee_usd_per_month"}) {
            QVERIFY2(!valueOf(train, key), key);
        }
    }

    void tableAndCashAgree() {
        const auto c = compare(m_scenario, chosen({}, 0));
        QVERIFY(c);
        for (const StrategyResult& s : c->strategies) {
            const auto close = [](double a, double b) { return std::abs(a - b) <= 1e-9 * (1 + std::abs(b)); };
            QVERIFY(close(*valueOf(s, "owner_cash_usd"), s.cash.ownerCashUsd));
            QVERIFY(close(*valueOf(s, "npv_usd"), s.cash.ownerNpvUsd));
            QVERIFY(close(*valueOf(s, "peak_funding_usd"), s.cash.peakFundingUsd));
            QCOMPARE(valueOf(s, "break_even_fee_usd_per_month").has_value(),
                     s.cash.breakEvenFeeUsdPerMonth.has_value());
        }
    }

    void fixingTheMixHelpsAndUniformHelpsMore() {
        const auto c = compare(m_scenario, chosen({}, 0));
        QVERIFY(c);
        // What the model must say whatever its constants are: proportional work never delivers less than
        // equal shares.
        QVERIFY(*valueOf(strategy(*c, "fix-1"), "delivered_flop_per_s") >=
                *valueOf(strategy(*c, "train-1"), "delivered_flop_per_s"));
        QVERIFY(*valueOf(strategy(*c, "lease-1"), "owner_cash_usd") >
                *valueOf(strategy(*c, "train-1"), "owner_cash_usd"));
        QVERIFY(*valueOf(strategy(*c, "keep-both"), "delivered_flop_per_s") >=
                *valueOf(strategy(*c, "lease-1-train-2"), "delivered_flop_per_s"));
    }

    void aHigherFeeNeverHurtsTheOwner() {
        double cash = -1e300;
        double npv = -1e300;
        for (const char* fee : {"$0/month", "$0.5B/month", "$1B/month", "$2B/month", "$4B/month"}) {
            const auto s = scenario::withValue(m_scenario, "contracts.anthropic.usd_per_month", fee);
            QVERIFY(s);
            const auto r = evaluate(*s, *s->strategy("lease-1-train-2"));
            QVERIFY(r && r->cash.ownerCashUsd >= cash && r->cash.ownerNpvUsd >= npv);
            cash = r->cash.ownerCashUsd;
            npv = r->cash.ownerNpvUsd;
        }
        // At the break-even fee the present value is nothing.
        const auto base = evaluate(m_scenario, *m_scenario.strategy("lease-1-train-2"));
        QVERIFY(base && base->cash.breakEvenFeeUsdPerMonth);
        auto at = m_scenario;
        for (auto& contract : at.contracts) {
            contract.usdPerMonth = catalog::Sourced(*base->cash.breakEvenFeeUsdPerMonth);
        }
        const auto zero = evaluate(at, *at.strategy("lease-1-train-2"));
        QVERIFY(std::abs(zero->cash.ownerNpvUsd) < 1e-3 * std::abs(base->cash.ownerNpvUsd));
    }

    void sameBytesOnAnyNumberOfThreads() {
        CompareOptions options;
        options.draws = 30;
        const auto parallel = compare(m_scenario, options);
        const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
        const auto serial = compare(m_scenario, options);
        QVERIFY(parallel && serial && sameBytes(*parallel, *serial));
        auto other = m_scenario;
        other.seed = 8;
        const auto reseeded = compare(other, options);
        QVERIFY(reseeded && !sameBytes(*reseeded, *serial));
        // The draws of a smaller run are the first of a larger one: the strategies do not disturb each other
        // either.
        options.strategies = {"lease-1"};
        const auto alone = compare(m_scenario, options);
        QVERIFY(alone);
        for (std::size_t r = 0; r < kHeadlines; ++r) {
            QCOMPARE(alone->strategies[0].headline[r].low, strategy(*serial, "lease-1").headline[r].low);
        }
    }

    void stopsSoonAndReportsProgress() {
        std::stop_source source;
        std::atomic<int> reports = 0;
        CompareOptions options;
        options.draws = 100'000;
        options.stop = source.get_token();
        options.progress = [&](double share) {
            reports += share > 0 && share <= 1 ? 1 : 0;
            source.request_stop();
        };
        QElapsedTimer timer;
        std::atomic<qint64> asked = 0;
        std::jthread watcher([&](std::stop_token done) {
            while (!done.stop_requested() && !source.stop_requested()) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            asked = timer.elapsed();
        });
        timer.start();
        const auto c = compare(m_scenario, options);
        const qint64 took = timer.elapsed();
        watcher.join();
        QVERIFY(!c && c.errors().front().message == kCancelled);
        QVERIFY(reports >= 1);
        QVERIFY2(took - asked < 500, "a stop is obeyed within 100 ms on an idle machine");
    }

    void twoHundredDrawsAreQuick() {
        QElapsedTimer timer;
        timer.start();
        QVERIFY(compare(m_scenario));
        qInfo("200 draws x %zu strategies: %lld ms", m_scenario.strategies.size(), timer.elapsed());
        QVERIFY(timer.elapsed() <
                20'000); // 2 s on two idle cores in release; this guards against orders of magnitude
    }

    void badInput() {
        const auto c = compare(m_scenario, chosen({"train-1", "sell-it"}, 0));
        QVERIFY(!c);
        QVERIFY(text(c.errors()).find("there is no strategy 'sell-it'; choose from train-1, fix-1") !=
                std::string::npos);
        auto none = m_scenario;
        none.strategies.clear();
        QVERIFY(!compare(none));
        auto lost = m_scenario;
        lost.strategies[0].assignments[0].cluster = "colossus-9";
        QVERIFY(!compare(lost));
    }

    void aJobThatFitsNowhereIsANoteNotAnError() {
        auto s = m_scenario;
        for (auto& model : s.models) {
            model.hidden *= 64;
        }
        const auto c = compare(s, chosen({"train-1", "lease-1"}, 0));
        QVERIFY(c);
        QVERIFY(!valueOf(c->strategies[0], "mfu") && !c->strategies[0].notes.empty());
        QVERIFY(!valueOf(c->strategies[1], "serving_tokens_per_s"));
        QVERIFY(valueOf(c->strategies[1], "lease_usd_per_month").has_value());
        QVERIFY(valueOf(c->strategies[0], "owner_cash_usd").has_value());
    }

    void sensitivityFindsTheFee() {
        const auto swings = sensitivity(m_scenario, "lease-1", "owner_cash_usd");
        QVERIFY(swings && !swings->empty());
        QVERIFY(swings->size() <= 12);
        for (std::size_t i = 1; i < swings->size(); ++i) {
            QVERIFY((*swings)[i - 1].size() >= (*swings)[i].size());
        }
        const Swing& first = swings->front();
        QVERIFY(first.input.key.starts_with("lease.anthropic."));
        QVERIFY(*first.atLow < first.central || *first.atHigh > first.central);
        QVERIFY(!sensitivity(m_scenario, "lease-1", "mfu"));
        QVERIFY(!sensitivity(m_scenario, "nobody", "npv_usd"));
        QVERIFY(!sensitivity(m_scenario, "lease-1", "happiness"));
    }
};

QTEST_APPLESS_MAIN(TestCompare)
#include "tst_compare.moc"

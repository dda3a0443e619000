#include "tests/model/operations/step_oracle.h"

#include <QTest>

#include <deque>
#include <functional>
#include <random>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;

namespace {

/// A cluster that fails and slows down often enough for a day to tell.
struct Weather {
    double failuresPerDay = 0; ///< of the whole cluster
    double thermalPerDay = 0;
    double linksPerDay = 0;
    double hostsPerDay = 0;
};

struct Site {
    bool mixed = true;
    Weather weather;
    double spread = 0.01;
    double jitter = 0.01;
    double intervalS = 900, stallS = 7, lagS = 40, detectionS = 45, restartS = 300, plannedEveryS = 0;

    [[nodiscard]] training::StepAnatomy anatomy() const {
        std::vector<atlas::testing::ClassTimes> classes = {{"H100-SXM", "H100 island", 128, 4.6, 1.2}};
        if (mixed) {
            classes = {{"H100-SXM", "H100 island", 96, 4.6, 1.2}, {"A100-SXM", "A100 island", 32, 5.0, 1.2}};
        }
        auto a = anatomyOf(classes, 0.4, 0.1, 0.3);
        a.breakdown.pp = 0.8; // all communication leaves the NVLink domain
        return a;
    }
    [[nodiscard]] scenario::Operations operations() const {
        using catalog::Sourced;
        scenario::Operations o;
        o.failStop.multiplier = Sourced(1);
        o.failStop.gpuWeight = Sourced(3);
        o.failStop.trayWeight = Sourced(1);
        o.failStop.softwareWeight = Sourced(1);
        o.failSlow.multiplier = Sourced(1);
        o.failSlow.spread = Sourced(1);
        o.failSlow.thermal = {Sourced(weather.thermalPerDay / 128 / 86'400), Sourced(1200), Sourced(0.2)};
        o.failSlow.link = {Sourced(weather.linksPerDay / 128 / 86'400), Sourced(1800), Sourced(0.6)};
        o.failSlow.host = {Sourced(weather.hostsPerDay / 16 / 86'400), Sourced(3000), Sourced(0.1)};
        return o;
    }
    [[nodiscard]] std::shared_ptr<const cluster::Cluster> floor() const {
        auto catalog = catalogue();
        for (scenario::GpuClass& gpu : catalog.gpus) {
            gpu.nodeFailuresPerS = catalog::Sourced(weather.failuresPerDay / 16 / 86'400); // a node of 8
        }
        const auto spec =
            mixed ? smallMixedSpec() : clusterSpec({island("H100", "H100-SXM", "hgx", "rail8", 128)});
        return *cluster::buildCluster(catalog, spec);
    }
    [[nodiscard]] std::shared_ptr<const TrainingTimeline> timeline(std::uint64_t seed) const {
        auto inputs = inputsOf(anatomy(), spread, jitter, seed);
        inputs.operations = operations();
        Outlook outlook;
        outlook.interruptions = {weather.failuresPerDay / 86'400,
                                 detectionS,
                                 restartS,
                                 stallS,
                                 lagS,
                                 plannedEveryS,
                                 plannedEveryS > 0 ? restartS + stallS + lagS : 0};
        outlook.checkpointIntervalS = intervalS;
        inputs.phases = {{inputs.start, [step = anatomy(), outlook] {
                              PlannedStep planned{step, {}, {}, {}, {}, {}};
                              planned.outlookOf = [outlook](const std::vector<std::size_t>&) {
                                  return outlook;
                              };
                              return planned;
                          }}};
        return *TrainingTimeline::make(floor(), std::move(inputs));
    }
};

/// The same run with nothing clever: time goes on event by event, every GPU draws in every step.
class RunOracle {
public:
    /// `floorSeed`: of the lasting speeds, which are the timeline's.
    RunOracle(const Site& site, std::uint64_t seed, std::uint64_t floorSeed)
        : m_site(site)
        , m_floor(site.floor())
        , m_shape(*shapeOf(*m_floor, site.anatomy(), scenario::Month::of(2026, 1)))
        , m_speeds(floorSeed, m_floor->gpuCount, site.spread)
        , m_steps(m_shape, m_speeds, site.jitter, seed)
        , m_generator(seed * 977 + 5) {}

    struct Outcome {
        double keptSteps = 0;
        int failures = 0;
        std::vector<double> stepS, barrierS, waitS;
        double inFirstClass = 0; ///< steps whose culprit is of the first class
    };

    Outcome run(double untilS, int stepsPerCheckpoint) {
        Outcome out;
        double now = 0;
        double fails = next(m_site.weather.failuresPerDay);
        scheduleEpisodes(untilS);
        while (now < untilS) {
            // One run, to the next failure.
            int done = 0;
            int saved = 0;
            std::deque<std::pair<double, int>> written;
            while (now < untilS && now < fails) {
                const StepOracle::Step step = m_steps.draw(slowAt(now));
                const double stepS = step.barrierS + tailAt(now);
                out.stepS.push_back(stepS);
                out.barrierS.push_back(step.barrierS);
                out.waitS.push_back(step.waitGpuSeconds);
                out.inFirstClass += step.culpritClass == 0 ? 1 : 0;
                now += stepS;
                done += now <= std::min(fails, untilS) ? 1 : 0;
                if (done > 0 && done % stepsPerCheckpoint == 0 && now <= fails) {
                    now += m_site.stallS;
                    written.emplace_back(now + m_site.lagS, done);
                }
            }
            if (now >= untilS && fails >= untilS) {
                out.keptSteps += done;
                break;
            }
            for (const auto& [at, steps] : written) {
                saved = at <= fails ? steps : saved;
            }
            out.keptSteps += saved;
            now = fails;
            for (;;) {
                ++out.failures;
                double again = now + next(m_site.weather.failuresPerDay);
                while (again < now + m_site.detectionS) { // found together
                    ++out.failures;
                    again += next(m_site.weather.failuresPerDay);
                }
                const double up = now + m_site.detectionS + m_site.restartS;
                if (again >= up) {
                    now = up;
                    fails = again;
                    break;
                }
                now = again;
            }
        }
        return out;
    }

private:
    struct Episode {
        double fromS, untilS;
        std::vector<SlowGpu> gpus;
        double network = 1;
    };
    double next(double perDay) {
        return perDay > 0 ? std::exponential_distribution<double>(perDay / 86'400)(m_generator) : 1e18;
    }
    void scheduleEpisodes(double untilS) {
        const auto kind = [&](double perDay, double mean, double excess,
                              const std::function<Episode(double)>& make) {
            for (double t = -86'400 + next(perDay); t < untilS; t += next(perDay)) {
                const double lasts = std::min(
                    86'400.0, std::lognormal_distribution<double>(std::log(mean) - 0.5, 1.0)(m_generator));
                Episode episode = make(1 + std::exponential_distribution<double>(1 / excess)(m_generator));
                episode.fromS = t;
                episode.untilS = t + lasts;
                if (t >= 0) { // nothing began before the scenario did
                    m_episodes.push_back(episode);
                }
            }
        };
        const auto any = [&](cluster::Index count) {
            return std::uniform_int_distribution<cluster::Index>(0, count - 1)(m_generator);
        };
        kind(m_site.weather.thermalPerDay, 1200, 0.2, [&](double s) {
            return Episode{0, 0, {{any(128), s, 1}}, 1};
        });
        kind(m_site.weather.linksPerDay, 1800, 0.6, [&](double s) {
            return Episode{0, 0, {{any(128), 1, s}}, s};
        });
        kind(m_site.weather.hostsPerDay, 3000, 0.1, [&](double s) {
            Episode episode{0, 0, {}, 1};
            const cluster::Index first = 8 * any(16);
            for (cluster::Index i = 0; i < 8; ++i) {
                episode.gpus.push_back({first + i, s, 1});
            }
            return episode;
        });
    }
    [[nodiscard]] std::vector<SlowGpu> slowAt(double now) const {
        std::vector<SlowGpu> slow;
        for (const Episode& each : m_episodes) {
            if (each.fromS <= now && now < each.untilS) {
                slow.insert(slow.end(), each.gpus.begin(), each.gpus.end());
            }
        }
        return slow;
    }
    [[nodiscard]] double tailAt(double now) const {
        double network = 1;
        for (const Episode& each : m_episodes) {
            network = each.fromS <= now && now < each.untilS ? std::max(network, each.network) : network;
        }
        return m_shape.reduceS * network + m_shape.optimizerS;
    }

    const Site& m_site;
    std::shared_ptr<const cluster::Cluster> m_floor;
    StepShape m_shape;
    StaticSpeeds m_speeds;
    StepOracle m_steps;
    std::mt19937_64 m_generator;
    std::vector<Episode> m_episodes;
};

} // namespace

Q_DECLARE_METATYPE(Site)

/// Days of a cluster, as laid out and sampled, against the same days event by event and GPU by GPU.
class TestOperationsOracle : public QObject {
    Q_OBJECT
private slots:
    void daysAgree_data() {
        QTest::addColumn<Site>("site");
        const auto site = [](bool mixed, Weather weather, double jitter = 0.01) {
            Site made;
            made.mixed = mixed;
            made.weather = weather;
            made.jitter = jitter;
            return made;
        };
        QTest::newRow("homogeneous") << site(false, {});
        QTest::newRow("mixed") << site(true, {});
        QTest::newRow("jittered") << site(true, {}, 0.08);
        QTest::newRow("failing") << site(false, {30, 0, 0, 0});
        QTest::newRow("slow") << site(true, {0, 24, 24, 12});
        QTest::newRow("failing and slow") << site(true, {30, 24, 24, 12});
        QTest::newRow("hopeless") << site(false, {400, 0, 0, 0});
    }
    void daysAgree() {
        QFETCH(Site, site);
        // Calm days differ by their lasting speeds alone; what is compared step by step comes below.
        const bool calm = site.weather.failuresPerDay == 0 && site.weather.thermalPerDay == 0;
        const int days = calm ? 4 : 24;
        const cluster::Index firstClass = site.mixed ? 96 : 128; // GPUs of it
        constexpr double kSpan = 0.5 * 86'400;
        std::vector<double> goodput, failures, steps, waits, bruteGoodput, bruteFailures, bruteSteps,
            bruteWaits;
        double first = 0;
        double counted = 0;
        double bruteFirst = 0;
        double bruteCounted = 0;
        const double healthyS = [&] {
            const auto timeline = site.timeline(1);
            return timeline->running(timeline->stretches().front()).job->lanes().front().undisturbedStepS;
        }();
        const int perCheckpoint = static_cast<int>(std::lround(site.intervalS / healthyS));
        for (int day = 0; day < days; ++day) {
            const auto timeline = site.timeline(static_cast<std::uint64_t>(1000 + day));
            const Account account = timeline->account(0, kSpan);
            // Speeds are those of the seed: progress is told in steps, so that both count alike.
            const double own =
                timeline->running(timeline->stretches().front()).job->lanes().front().undisturbedStepS;
            goodput.push_back(std::round(account.goodput * kSpan / own));
            failures.push_back(static_cast<double>(account.interruptions));
            for (const StepSpan& step : timeline->steps(kSpan / 2, kSpan / 2 + 1500, 100)) {
                steps.push_back((step.endS - step.startS) / own);
                waits.push_back(timeline->frameAt((step.startS + step.endS) / 2)->waitGpuSeconds / own);
                first += step.culprit < firstClass ? 1 : 0;
                ++counted;
            }
            RunOracle oracle(site, static_cast<std::uint64_t>(day + 1),
                             static_cast<std::uint64_t>(1000 + day));
            const auto brute = oracle.run(kSpan, perCheckpoint);
            bruteGoodput.push_back(brute.keptSteps);
            bruteFailures.push_back(brute.failures);
            // Steps from the middle of the span, as many as were looked at.
            const std::size_t from = brute.stepS.size() / 2;
            for (std::size_t i = from; i < std::min(from + 100, brute.stepS.size()); ++i) {
                bruteSteps.push_back(brute.stepS[i] / healthyS);
                bruteWaits.push_back(brute.waitS[i] / healthyS);
            }
            bruteFirst += brute.inFirstClass;
            bruteCounted += static_cast<double>(brute.stepS.size());
        }
        const auto close = [](const std::vector<double>& a, const std::vector<double>& b) {
            return QByteArray::number(ksRatio(a, b));
        };
        QVERIFY2(ksRatio(goodput, bruteGoodput) < 1, close(goodput, bruteGoodput));
        QVERIFY2(ksRatio(failures, bruteFailures) < 1, close(failures, bruteFailures));
        if (site.weather.thermalPerDay > 0) {
            // Steps of one episode are alike: the days are what is independent.
            const auto means = [](const std::vector<double>& all, int count) {
                std::vector<double> out;
                const std::size_t each = all.size() / static_cast<std::size_t>(count);
                for (std::size_t d = 0; each > 0 && d < static_cast<std::size_t>(count); ++d) {
                    out.push_back(all[d * each]);
                }
                return out;
            };
            QVERIFY2(ksRatio(means(steps, days), means(bruteSteps, days)) < 1,
                     close(means(steps, days), means(bruteSteps, days)));
            QVERIFY2(ksRatio(means(waits, days), means(bruteWaits, days)) < 1,
                     close(means(waits, days), means(bruteWaits, days)));
            QVERIFY(std::abs(first / counted - bruteFirst / bruteCounted) < 0.25);
        } else if (calm) {
            // One floor for all days, so that lasting speeds do not blur what is compared.
            const auto timeline = site.timeline(7);
            steps.clear();
            waits.clear();
            first = counted = 0;
            for (const StepSpan& step : timeline->steps(0, 1e9, 4000)) {
                steps.push_back((step.endS - step.startS));
                waits.push_back(timeline->frameAt((step.startS + step.endS) / 2)->waitGpuSeconds);
                first += step.culprit < firstClass ? 1 : 0;
                ++counted;
            }
            RunOracle oracle(site, 3, 7);
            const auto brute = oracle.run(kSpan, perCheckpoint);
            QVERIFY2(ksRatio(steps, brute.stepS) < 1, close(steps, brute.stepS));
            QVERIFY2(ksRatio(waits, brute.waitS) < 1, close(waits, brute.waitS));
            const double error =
                3.3 * std::sqrt(0.25 / counted + 0.25 / static_cast<double>(brute.stepS.size()));
            QVERIFY(std::abs(first / counted - brute.inFirstClass / static_cast<double>(brute.stepS.size())) <
                    error);
        }
    }
};

QTEST_GUILESS_MAIN(TestOperationsOracle)
#include "tst_operations_oracle.moc"

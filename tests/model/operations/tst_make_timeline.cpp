#include "model/operations/calendar.h"
#include "model/operations/frame.h"
#include "model/scenario/scenario_loader.h"
#include "model/serving/fleet.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

using namespace atlas;
using namespace atlas::operations;

/// The scenario that opens with the program, from file to frames.
class TestMakeTimeline : public QObject {
    Q_OBJECT
private:
    scenario::Scenario m_scenario;
    std::map<std::string, std::shared_ptr<const cluster::Cluster>> m_built;

    std::shared_ptr<const cluster::Cluster> floor(const std::string& id) {
        auto& kept = m_built[id];
        if (!kept) {
            auto built = cluster::buildCluster(m_scenario, *m_scenario.cluster(id));
            if (!built) {
                qFatal("%s", text(built.errors()).c_str());
            }
            kept = *built;
        }
        return kept;
    }

    /// By the scenario's own tranches: before the first nothing can train.
    bool hasPower(const std::string& id, double timeS) {
        const scenario::Month now = monthAt(m_scenario.start, timeS);
        const auto& islands = m_scenario.cluster(id)->islands;
        return std::any_of(islands.begin(), islands.end(), [&](const scenario::Island& island) {
            const scenario::Month first =
                island.tranches.empty() ? island.firstMonth : island.tranches.front().month;
            return first.index <= now.index;
        });
    }

private slots:
    void initTestCase() {
        auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                             ATLAS_SOURCE_RESOURCES);
        if (!loaded) {
            qFatal("%s", text(loaded.errors()).c_str());
        }
        m_scenario = loaded->scenario;
    }
    void everyAssignmentLives() {
        for (const scenario::Strategy& strategy : m_scenario.strategies) {
            for (const scenario::Assignment& assignment : strategy.assignments) {
                const auto cluster = floor(assignment.cluster);
                const auto made = makeTimeline(m_scenario, assignment, cluster);
                QVERIFY2(made.ok(), strategy.id.c_str());
                const bool trains = assignment.activity == scenario::Activity::Train;
                for (const double t : {0.0, 1.5, 86'400.0 * 33 + 7, 86'400.0 * 300 + 0.25}) {
                    const auto frame = (*made)->frameAt(t);
                    QCOMPARE(std::accumulate(frame->counts.begin(), frame->counts.end(), 0u),
                             cluster->gpuCount);
                    QCOMPARE(frame->training, trains && hasPower(assignment.cluster, t));
                    QCOMPARE(frame->linkLoad.size(), cluster->linkGroups.size());
                    for (const float load : frame->linkLoad) {
                        QVERIFY(load >= 0 && load <= 1);
                    }
                    if (trains && frame->phase == Phase::Running) {
                        QVERIFY(frame->stepTimeS > 0);
                        QVERIFY(frame->culprit < cluster->gpuCount);
                    }
                }
                const Waterfall bars = (*made)->waterfall();
                QCOMPARE(bars.empty(), !trains);
                if (trains) {
                    double left = bars.front().share;
                    for (std::size_t i = 1; i + 1 < bars.size(); ++i) {
                        left -= bars[i].share;
                    }
                    QVERIFY(std::abs(left - bars.back().share) < 1e-12);
                    QVERIFY(bars.back().share > 0 && bars.back().share < 1);
                }
            }
        }
    }
    /// What a person breaks: training feels all of it, a service the share of one replica.
    void anInjectionCostsOneReplica() {
        const auto cluster = floor("colossus-1-article");
        scenario::Scenario s = m_scenario;
        s.operations.failStop.multiplier.value = 0;
        s.operations.failSlow.multiplier.value = 0;
        constexpr cluster::Index kSlow = 1000;
        constexpr cluster::Index kBroken = 5000;
        constexpr double kAtS = 40'000;
        const auto inject = [&](scenario::InjectionKind kind, cluster::Index gpu) {
            scenario::Injection injection;
            injection.atS = kAtS;
            injection.cluster = "colossus-1-article";
            injection.what = kind;
            injection.target = cluster::partName(*cluster, {cluster::PartKind::Gpu, gpu});
            injection.magnitude = 0.3;
            s.operations.injections.push_back(injection);
        };
        inject(scenario::InjectionKind::SlowGpu, kSlow);
        inject(scenario::InjectionKind::FailGpu, kBroken);
        const auto made = makeTimeline(s, s.strategy("lease-1")->assignments.front(), cluster);
        QVERIFY(made.ok());
        const Timeline& service = **made;
        const double t = kAtS + 600;
        const ServingDetail slow = service.detailAt(t, kSlow).serving;
        QVERIFY2(std::abs(slow.speed - 0.7) < 1e-9, qPrintable(QString::number(slow.speed)));
        QCOMPARE(static_cast<int>(service.detailAt(t, kBroken).serving.state),
                 static_cast<int>(ReplicaState::Out));
        QCOMPARE(service.detailAt(t, kSlow + 200).serving.speed, 1.0);
        // The floor is dark where the broken replica stands, and nowhere else; the slow GPU is marked.
        const auto frame = service.frameAt(t);
        QCOMPARE(frame->counts[static_cast<std::size_t>(GpuState::Fault)],
                 static_cast<std::uint32_t>(slow.gpus));
        QCOMPARE(frame->slow.size(), std::size_t{1});
        QCOMPARE(frame->slow.front().part.index, kSlow);
        // 1 + 0.3 replicas of thousands: nothing before, nothing after the repair.
        const auto lost = [&](double at) { return service.fleet()->at(at).pools.front().lost; };
        QVERIFY2(std::abs(lost(t) - 1.3) < 1e-6, qPrintable(QString::number(lost(t))));
        QCOMPARE(lost(kAtS - 3600), 0.0);
        QCOMPARE(lost(kAtS + 30 * 86'400.0), 0.0);
        QCOMPARE(service.events(kAtS - 1, kAtS + 1).size(), std::size_t{2});
        // The same two stop a synchronous run.
        const auto trains = makeTimeline(s, s.strategy("train-1")->assignments.front(), cluster);
        QVERIFY(trains.ok());
        QVERIFY((*trains)->frameAt(kAtS + 60)->phase != Phase::Running);
    }
    void theOlderClassHoldsTheStep() {
        const scenario::Assignment& train = m_scenario.strategy("train-1")->assignments.front();
        const auto cluster = floor(train.cluster);
        const auto timeline = *makeTimeline(m_scenario, train, cluster);
        QCOMPARE(timeline->activity(), std::string("training"));
        for (double t = 100; t < 5000; t += 311) {
            const auto frame = timeline->frameAt(t);
            QCOMPARE(frame->culprit != cluster::kNone, frame->phase == Phase::Running);
            if (frame->phase == Phase::Running) {
                QCOMPARE(cluster->gpuClasses[cluster->classOf(frame->culprit)].architecture,
                         std::string("ampere"));
            }
        }
    }
    void everyPlacementRuns() {
        scenario::Assignment train = m_scenario.strategy("train-1")->assignments.front();
        train.job = "dense";
        const auto cluster = floor(train.cluster);
        using scenario::Placement;
        for (const Placement placement : {Placement::Naive, Placement::Proportional, Placement::ClassStages,
                                          Placement::LocalSgd, Placement::DropSlowest}) {
            train.placement = placement;
            const auto made = makeTimeline(m_scenario, train, cluster);
            QVERIFY2(made.ok(), text(made.ok() ? Diagnostics{} : made.errors()).c_str());
            const auto frame = (*made)->frameAt(1000);
            const auto idle = frame->counts[static_cast<std::size_t>(GpuState::Idle)];
            QCOMPARE(idle >= 55'000u, placement == Placement::DropSlowest);
            GpuDetail detail = (*made)->detailAt(1000, 4711);
            for (double t = 1000; t < 10'000 && !(detail.stepTimeS > 0); t += 97) { // past a restart
                detail = (*made)->detailAt(t, 4711);
            }
            QVERIFY(detail.stepTimeS > 0);
            QVERIFY(detail.ppStage >= 0 && detail.ppStage < detail.pp);
            QVERIFY(std::abs(detail.computeS + detail.communicateS + detail.bubbleS + detail.waitS -
                             detail.stepTimeS) < 1e-4 * detail.stepTimeS);
        }
    }
    void theTenantIsNamed() {
        const scenario::Assignment& lease = m_scenario.strategy("lease-1")->assignments.front();
        const auto timeline = *makeTimeline(m_scenario, lease, floor(lease.cluster));
        QCOMPARE(timeline->activity(), std::string("serving for Anthropic"));
    }
    void errorsAreSaid() {
        const auto cluster = floor("colossus-1-article");
        scenario::Assignment wrong = m_scenario.strategy("train-1")->assignments.front();
        wrong.job = "assistant";
        QVERIFY(!makeTimeline(m_scenario, wrong, cluster).ok());
        wrong.cluster = "colossus-9";
        QVERIFY(!makeTimeline(m_scenario, wrong, cluster).ok());
        wrong = m_scenario.strategy("train-1")->assignments.front();
        QVERIFY(!makeTimeline(m_scenario, wrong, nullptr).ok());
        wrong.activity = scenario::Activity::Idle;
        const auto idle = *makeTimeline(m_scenario, wrong, cluster);
        QCOMPARE(idle->activity(), std::string("idle"));
        QCOMPARE(idle->frameAt(5)->busyShare(), 0.0);
    }
};

QTEST_APPLESS_MAIN(TestMakeTimeline)
#include "tst_make_timeline.moc"

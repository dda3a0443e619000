#include "model/operations/schedule.h"
#include "tests/model/operations/operations_fixtures.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;

namespace {

using cluster::PartKind;

/// 1,024 GPUs in 16 racks of 64, a job on `members` of them: TP 8, PP 4, replicas of 32.
struct Site {
    std::shared_ptr<const cluster::Cluster> floor;
    std::shared_ptr<const Footing> footing;
    explicit Site(std::int64_t members = 1024)
        : floor(built(clusterSpec({island("A", "H100-SXM", "hgx", "rail8", 1024)}))) {
        auto anatomy = anatomyOf({{"H100-SXM", "A island", members, 1.0, 0.3}});
        anatomy.layout.pp = 4;
        anatomy.layout.dp = members / 32;
        footing = std::make_shared<Footing>(*floor, *shapeOf(*floor, anatomy, scenario::Month::of(2026, 1)),
                                            scenario::Month::of(2026, 1));
    }
};

Rules rules() {
    Rules r;
    r.detectionS = 60;
    r.restartS = 240;
    r.saveS = 35;
    r.repairS = 86'400;
    r.meanRunS = 10'000;
    return r;
}

Event failing(double timeS, Component component, cluster::Part part, double repairedAfterS = 0) {
    Event event;
    event.timeS = timeS;
    event.component = component;
    event.part = part;
    event.repairedS = timeS + repairedAfterS;
    return event;
}

Event gpuFails(double timeS, cluster::Index gpu, double repairedAfterS = 0) {
    return failing(timeS, Component::Gpu, {PartKind::Gpu, gpu}, repairedAfterS);
}

std::string told(const Schedule& schedule) {
    std::string text;
    for (const Interval& each : schedule.intervals()) {
        text += (text.empty() ? "" : ", ") + std::string(name(each.phase)) + (each.keeps ? " " : "! ") +
                std::to_string(std::lround(each.startS)) + "-" + std::to_string(std::lround(each.endS));
    }
    return text;
}

} // namespace

/// When a job runs and when it does not, worked out by hand.
class TestSchedule : public QObject {
    Q_OBJECT
private slots:
    void nothingHappens() {
        const Site site;
        const Schedule schedule(*site.floor, *site.footing, {}, 100, 5000, true, rules());
        QCOMPARE(told(schedule), std::string("running 100-5000"));
        QCOMPARE(schedule.interruptions(0, 1e9), std::uint64_t{0});
    }
    void aFailureIsDetectedAndRepaired() {
        const Site site;
        const Schedule schedule(*site.floor, *site.footing, {gpuFails(1000, 17)}, 0, 5000, true, rules());
        QCOMPARE(
            told(schedule),
            std::string("running! 0-1000, detecting 1000-1060, restarting 1060-1300, running 1300-5000"));
        QCOMPARE(schedule.interruptions(0, 5000), std::uint64_t{1});
        QCOMPARE(schedule.events().front().durationS, 300.0);
        QCOMPARE(schedule.at(1000).phase, Phase::Detecting);
        QCOMPARE(schedule.at(999.99).phase, Phase::Running);
    }
    void aFailureDuringARestartStartsItOver() {
        const Site site;
        const Schedule schedule(*site.floor, *site.footing, {gpuFails(1000, 17), gpuFails(1200, 400)}, 0,
                                5000, true, rules());
        QCOMPARE(told(schedule),
                 std::string("running! 0-1000, detecting 1000-1060, restarting 1060-1200, detecting "
                             "1200-1260, restarting 1260-1500, running 1500-5000"));
        QCOMPARE(schedule.events()[0].durationS, 500.0);
        QCOMPARE(schedule.events()[1].durationS, 300.0);
    }
    void twoFailuresAreFoundTogether() {
        const Site site;
        const Schedule schedule(*site.floor, *site.footing, {gpuFails(1000, 17), gpuFails(1030, 400)}, 0,
                                5000, true, rules());
        QCOMPARE(
            told(schedule),
            std::string("running! 0-1000, detecting 1000-1060, restarting 1060-1300, running 1300-5000"));
        QCOMPARE(schedule.interruptions(0, 5000), std::uint64_t{2});
    }
    void idleGpusStopNobody() {
        const Site site(960);
        const Schedule schedule(*site.floor, *site.footing, {gpuFails(1000, 1000)}, 0, 5000, true, rules());
        QCOMPARE(told(schedule), std::string("running 0-5000"));
    }
    void sparesStandInAndFailInTheirTurn() {
        // GPU 17 is out for a day: its tensor-parallel group of 8 is replaced by GPUs 960 to 967, which then
        // work.
        const Site site(960);
        const Schedule schedule(*site.floor, *site.footing,
                                {gpuFails(1000, 17, 86'400), gpuFails(2000, 1000), gpuFails(3000, 963)}, 0,
                                5000, true, rules());
        QCOMPARE(told(schedule),
                 std::string("running! 0-1000, detecting 1000-1060, restarting 1060-1300, running! "
                             "1300-3000, detecting 3000-3060, restarting 3060-3300, running 3300-5000"));
        QCOMPARE(schedule.standing(schedule.at(4000)).capacity, 1.0);
        QCOMPARE(schedule.standing(schedule.at(4000)).classes.front().replaced, 8u);
    }
    void withoutSparesAReplicaIsLost() {
        // 32 replicas of 32 GPUs, none idle: one GPU out costs its replica, a tray of the same replica no
        // more, a rack of 64 two.
        const Site site;
        const Schedule one(*site.floor, *site.footing, {gpuFails(1000, 17, 86'400)}, 0, 5000, true, rules());
        QCOMPARE(one.standing(one.at(4000)).capacity, 31.0 / 32);
        QCOMPARE(one.standing(one.at(500)).capacity, 1.0);
        const Schedule rack(*site.floor, *site.footing,
                            {failing(1000, Component::Rack, {PartKind::Rack, 3}, 86'400)}, 0, 5000, true,
                            rules());
        QCOMPARE(rack.standing(rack.at(4000)).capacity, 30.0 / 32);
        const Schedule leaf(
            *site.floor, *site.footing,
            {failing(1000, Component::Leaf, *parsePart(*site.floor, "Hall 1, rail 2, leaf 1"), 86'400)}, 0,
            5000, true, rules());
        // The leaf takes a GPU of each of 64 nodes with it: 64 groups of 8, of 128.
        QCOMPARE(leaf.standing(leaf.at(4000)).capacity, 0.5);
    }
    void whatIsRepairedComesBackWhenItPays() {
        Rules r = rules();
        // Two GPUs of a replica of 32: it is worth 1/32 of 20,000 s, more than a restart.
        r.meanRunS = 20'000;
        const Site site;
        const Schedule schedule(*site.floor, *site.footing, {gpuFails(1000, 17, 1500)}, 0, 5000, true, r);
        QCOMPARE(told(schedule),
                 std::string("running! 0-1000, detecting 1000-1060, restarting 1060-1300, running "
                             "1300-2500, restarting 2500-2775, running 2775-5000"));
        QCOMPARE(schedule.standing(schedule.at(4000)).capacity, 1.0);
        r.meanRunS = 1000;
        const Schedule hasty(*site.floor, *site.footing, {gpuFails(1000, 17, 1500)}, 0, 5000, true, r);
        QCOMPARE(hasty.standing(hasty.at(4000)).capacity, 31.0 / 32);
    }
    void aLostHallHaltsTheJob() {
        const Site site;
        const Schedule schedule(*site.floor, *site.footing,
                                {failing(1000, Component::Hall, {PartKind::Hall, 0}, 2000)}, 0, 5000, true,
                                rules());
        QCOMPARE(told(schedule),
                 std::string("running! 0-1000, detecting 1000-1060, restarting 1060-1300, halted "
                             "1300-3000, restarting 3000-3240, running 3240-5000"));
        QCOMPARE(schedule.events().front().durationS, 2240.0);
    }
    void plannedRestartsSaveFirst() {
        Rules r = rules();
        r.plannedEveryS = 2000;
        const Site site;
        const Schedule first(*site.floor, *site.footing, {}, 0, 4000, true, r);
        QCOMPARE(told(first), std::string("running 0-2000, restarting 2000-2275, running 2275-4000"));
        const Schedule next(*site.floor, *site.footing, {}, 4000, 8000, false, r);
        QCOMPARE(told(next),
                 std::string("restarting 4000-4275, running 4275-6000, restarting 6000-6275, running "
                             "6275-8000"));
    }
    void slowPartsAreEvicted() {
        Rules r = rules();
        r.evicts = true;
        r.evictAfterS = 600;
        r.evictAbove = 0.1;
        Event slow;
        slow.kind = EventKind::FailSlow;
        slow.component = Component::Thermal;
        slow.part = {PartKind::Gpu, 100};
        slow.timeS = 1000;
        slow.durationS = 3000;
        slow.slowdown = 1.3;
        const Site site;
        const Schedule schedule(*site.floor, *site.footing, {slow}, 0, 5000, true, r);
        QCOMPARE(told(schedule), std::string("running 0-1600, restarting 1600-1875, running 1875-5000"));
        QCOMPARE(schedule.standing(schedule.at(4000)).capacity, 31.0 / 32); // it is out for repair
        QCOMPARE(schedule.events().front().durationS, 600.0);
        QCOMPARE(schedule.events().back().kind, EventKind::Eviction);
        slow.slowdown = 1.05;
        QCOMPARE(told(Schedule(*site.floor, *site.footing, {slow}, 0, 5000, true, r)),
                 std::string("running 0-5000"));
        slow.slowdown = 1.3;
        slow.durationS = 500; // over before it is known
        QCOMPARE(told(Schedule(*site.floor, *site.footing, {slow}, 0, 5000, true, r)),
                 std::string("running 0-5000"));
    }
    void whatWasOutBeforeIsOutAtFirst() {
        const Site site;
        const Schedule schedule(*site.floor, *site.footing, {gpuFails(-5000, 17, 86'400)}, 0, 5000, false,
                                rules());
        QCOMPARE(told(schedule), std::string("running 0-5000"));
        QCOMPARE(schedule.standing(schedule.at(100)).capacity, 31.0 / 32);
        QVERIFY(isOut(schedule.outAt(100), 17));
        QCOMPARE(schedule.interruptions(0, 5000), std::uint64_t{0});
    }
    void partialRacksStandTheLossOfTwoTrays() {
        const auto floor = built(clusterSpec({island("B", "GB200", "nvl72", "rail4", 720)}));
        auto anatomy = anatomyOf({{"GB200", "B island", 640, 1.0, 0.3}});
        anatomy.layout.pp = 4;
        anatomy.layout.dp = 20;
        const auto month = scenario::Month::of(2026, 1);
        const Footing partial(*floor, *shapeOf(*floor, anatomy, month, 64), month);
        const auto racksOut = [&](std::initializer_list<cluster::Index> trays) {
            OutRanges out;
            for (const cluster::Index tray : trays) {
                out.push_back({tray * 4, 4});
            }
            return joined(out);
        };
        QCOMPARE(partial.standing(racksOut({0})).capacity, 1.0);
        QCOMPARE(partial.standing(racksOut({0, 5})).capacity, 1.0);
        QCOMPARE(partial.standing(racksOut({0, 5, 7})).capacity, 19.0 / 20);
        QCOMPARE(partial.standing(racksOut({0, 5, 18, 20})).capacity, 1.0); // two of one rack, two of another
        QVERIFY(!partial.hits({PartKind::Tray, 64}, {}, {}));               // stands by
        QVERIFY(partial.hits({PartKind::Tray, 60}, {}, {}));
        // All 72 in the job: a tray less is a group of 8 less.
        auto full = anatomyOf({{"GB200", "B island", 720, 1.0, 0.3}});
        full.layout.pp = 5;
        full.layout.dp = 18;
        const Footing whole(*floor, *shapeOf(*floor, full, month), month);
        QCOMPARE(whole.standing(racksOut({0})).capacity, 17.0 / 18);
    }
};

QTEST_GUILESS_MAIN(TestSchedule)
#include "tst_schedule.moc"

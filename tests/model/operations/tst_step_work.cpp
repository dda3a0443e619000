// A step as its members live it: places and GPUs are each other's inverse, spans say what frames show, and
// the critical path has no gap.
#include "model/operations/lanes_of.h"
#include "model/operations/step_groups.h"
#include "tests/model/operations/operations_fixtures.h"

#include <QTest>

#include <cmath>
#include <map>
#include <set>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;

namespace {

/// 96 fast and 32 slow GPUs, TP 2, CP 2, PP `stages`, 12 micro-batches, some communication of every kind.
training::StepAnatomy pipelined(int stages) {
    auto a = anatomyOf({{"H100-SXM", "H100", 96, 1.2, 0.5}, {"A100-SXM", "A100", 32, 2.0, 0.6}}, 0.1, 0.02,
                       stages > 1 ? 0.3 : 0.0);
    a.layout.tp = 2;
    a.layout.cp = 2;
    a.layout.pp = stages;
    a.layout.dp = 128 / (4 * stages);
    a.layout.microBatch = 1;
    a.layout.globalBatch = 12 * a.layout.dp;
    a.breakdown.tp = 0.1;
    a.breakdown.ep = 0.2;
    a.breakdown.pp = 0.05;
    return a;
}

std::shared_ptr<const TrainingTimeline> timeline(int stages) {
    return timelineOf(smallMixedSpec(), inputsOf(pipelined(stages), 0.01, 0.02));
}

} // namespace

class TestStepWork : public QObject {
    Q_OBJECT

private slots:
    void placesAndGpusAreInverse_data() {
        QTest::addColumn<int>("stages");
        QTest::newRow("no pipeline") << 1;
        QTest::newRow("four stages") << 4;
    }
    void placesAndGpusAreInverse() {
        QFETCH(int, stages);
        const auto life = timeline(stages);
        const auto work = life->workAt(100, {});
        QVERIFY(work.has_value());
        std::set<std::tuple<std::int64_t, int, int, int>> places;
        for (cluster::Index gpu = 0; gpu < life->cluster()->gpuCount; ++gpu) {
            const auto place = placeOf(*life->cluster(), *work->shape, gpu);
            const GpuDetail detail = life->detailAt(100, gpu);
            QCOMPARE(place.has_value(), detail.member);
            QCOMPARE(place->replica, detail.dpReplica);
            QCOMPARE(place->stage, detail.ppStage);
            QCOMPARE(place->context, detail.cpRank);
            QCOMPARE(place->tensor, detail.tpRank);
            QCOMPARE(gpuAt(*work->shape, *place), gpu);
            places.insert({place->replica, place->stage, place->context, place->tensor});
        }
        QCOMPARE(places.size(), std::size_t{128}); // nobody shares a place
        QCOMPARE(gpuAt(*work->shape, {0, 10'000, 0, 0, 0}), cluster::kNone);
        QCOMPARE(gpuAt(*work->shape, {0, 0, stages, 0, 0}), cluster::kNone);
        QCOMPARE(gpuAt(*work->shape, {0, 0, 0, 5, 0}), cluster::kNone);
    }

    /// Whom a rank works with, by its place: everything but one coordinate is the same.
    void groupsByPlace() {
        const auto life = timeline(4);
        const auto work = life->workAt(100, {});
        const cluster::Cluster& floor = *life->cluster();
        const training::Layout& layout = work->shape->anatomy.layout;
        for (const cluster::Index gpu : {0u, 37u, 127u}) {
            const RankPlace own = *placeOf(floor, *work->shape, gpu);
            for (const RankGroup& group : groupsOf(floor, *work->shape, gpu)) {
                std::int64_t count = 0;
                bool mine = false;
                for (const cluster::Range& range : group.gpus) {
                    for (cluster::Index each = range.first; each < range.end(); ++each, ++count) {
                        RankPlace place = *placeOf(floor, *work->shape, each);
                        mine = mine || each == gpu;
                        place.gpuClass = own.gpuClass;
                        switch (group.group) {
                        case Group::Tensor:
                            place.tensor = own.tensor;
                            break;
                        case Group::Context:
                            place.context = own.context;
                            break;
                        case Group::Pipeline:
                            place.stage = own.stage;
                            break;
                        case Group::Expert: // over context and replicas
                            place.context = own.context;
                            [[fallthrough]];
                        case Group::Data:
                            place.replica = own.replica;
                            break;
                        case Group::Own:
                            break;
                        }
                        QCOMPARE(place, own);
                    }
                }
                QVERIFY(mine);
                const std::map<Group, std::int64_t> sizes{{Group::Tensor, layout.tp},
                                                          {Group::Context, layout.cp},
                                                          {Group::Expert, layout.ep},
                                                          {Group::Pipeline, layout.pp},
                                                          {Group::Data, layout.dp}};
                QCOMPARE(count, sizes.at(group.group));
            }
        }
        QVERIFY(groupsOf(floor, *work->shape, floor.gpuCount).empty());
    }
    /// Experts part the ranks of a stage into groups of ep, each of which holds every part once; who shares
    /// one is in the same group, and every member names the same group. Of 128 ranks with TP 2, CP 2, PP 4,
    /// DP 8: 16 pairs of context and replica a stage; 32 parts take the tensor ranks in as well.
    void expertsPartTheRanks_data() {
        QTest::addColumn<int>("ep");
        QTest::addColumn<int>("groupsOfATensorRank");
        QTest::newRow("one domain") << 4 << 4;
        QTest::newRow("the whole stage") << 16 << 1;
        QTest::newRow("tensor ranks too") << 32 << 1;
    }
    void expertsPartTheRanks() {
        QFETCH(int, ep);
        QFETCH(int, groupsOfATensorRank);
        const auto work = timeline(4)->workAt(100, {});
        StepShape shape = *work->shape;
        shape.anatomy.layout.ep = ep;
        const auto life = timeline(4);
        const cluster::Cluster& floor = *life->cluster();
        std::map<std::tuple<int, int, std::int64_t>, std::set<int>> partsOfGroup;
        std::size_t ranks = 0;
        for (cluster::Index gpu = 0; gpu < floor.gpuCount; ++gpu) {
            const RankPlace own = *placeOf(floor, shape, gpu);
            const auto expert = expertPlaceOf(shape.anatomy.layout, own);
            QVERIFY(expert && expert->rank >= 0 && expert->rank < ep);
            const int tensor = ep > 16 ? 0 : own.tensor;
            const std::tuple key{own.stage, tensor, expert->group};
            QVERIFY(partsOfGroup[key].insert(expert->rank).second);
            ++ranks;
            for (const RankGroup& group : groupsOf(floor, shape, gpu)) {
                if (group.group != Group::Expert)
                    continue;
                std::int64_t members = 0;
                for (const cluster::Range& range : group.gpus)
                    for (cluster::Index each = range.first; each < range.end(); ++each, ++members) {
                        const RankPlace place = *placeOf(floor, shape, each);
                        QCOMPARE(place.stage, own.stage);
                        QCOMPARE(expertPlaceOf(shape.anatomy.layout, place)->group, expert->group);
                    }
                QCOMPARE(members, std::int64_t{ep});
            }
        }
        QCOMPARE(ranks, std::size_t{128});
        QCOMPARE(partsOfGroup.size(), static_cast<std::size_t>(4 * (ep > 16 ? 1 : 2) * groupsOfATensorRank));
        for (const auto& [group, parts] : partsOfGroup)
            QCOMPARE(parts.size(), static_cast<std::size_t>(ep));
        shape.anatomy.layout.ep = 1;
        QVERIFY(!expertPlaceOf(shape.anatomy.layout, {}));
    }

    /// At every instant of a step, every GPU's span is what the frame shows.
    void spansAreWhatFramesShow_data() { placesAndGpusAreInverse_data(); }
    void spansAreWhatFramesShow() {
        QFETCH(int, stages);
        const auto life = timeline(stages);
        std::vector<cluster::Index> gpus;
        for (cluster::Index gpu = 0; gpu < life->cluster()->gpuCount; ++gpu) {
            gpus.push_back(gpu);
        }
        const auto work = life->workAt(1000, gpus);
        QVERIFY(work.has_value());
        QCOMPARE(work->ranks.size(), gpus.size());
        std::vector<LaneTrack> tracks;
        for (const RankWork& rank : work->ranks) {
            QCOMPARE(rank.place, *placeOf(*life->cluster(), *work->shape, rank.gpu));
            auto spans = spansOf(*work, rank, WorkDetail::MicroBatches);
            // Without gaps from the step's start to its end.
            QVERIFY(std::abs(spans.front().startS - work->step.startS) < 1e-6);
            QVERIFY(std::abs(spans.back().endS - work->step.endS) < 1e-6);
            for (std::size_t i = 1; i < spans.size(); ++i) {
                QVERIFY(std::abs(spans[i].startS - spans[i - 1].endS) < 1e-6);
            }
            tracks.emplace_back(std::move(spans));
        }
        int compared = 0;
        const double stepS = work->step.endS - work->step.startS;
        int different = 0;
        for (int i = 0; i < 400; ++i) {
            const double t = work->step.startS + stepS * (i + 0.5) / 400;
            const auto frame = life->frameAt(t);
            for (const cluster::Index gpu : gpus) {
                if (gpu == work->step.culprit && t < work->step.startS + work->step.barrierS) {
                    continue; // shown as the culprit, whatever it does
                }
                const LaneSpan* span = tracks[gpu].at(t);
                QVERIFY(span != nullptr);
                const bool atAnEdge = t - span->startS < 1e-5 || span->endS - t < 1e-5;
                if (!atAnEdge) {
                    different +=
                        static_cast<int>(stateOf(span->kind)) != static_cast<int>(frame->state[gpu]) ? 1 : 0;
                    ++compared;
                }
            }
        }
        QCOMPARE(different, 0);
        QVERIFY(compared > 40'000);
    }

    /// The states of one GPU over a step are those of frames, the culprit's too.
    void statesAreWhatFramesShow_data() { placesAndGpusAreInverse_data(); }
    void statesAreWhatFramesShow() {
        QFETCH(int, stages);
        const auto life = timeline(stages);
        const auto work = life->workAt(1000, {});
        for (const cluster::Index gpu : {work->step.culprit, cluster::Index{5}, cluster::Index{100}}) {
            const auto spans = life->statesOf(1000, gpu);
            QVERIFY(std::abs(spans.front().startS - work->step.startS) < 1e-6);
            QVERIFY(std::abs(spans.back().endS - work->step.endS) < 1e-6);
            for (std::size_t i = 0; i < spans.size(); ++i) {
                QVERIFY(i == 0 || spans[i].state != spans[i - 1].state);
                QVERIFY(i == 0 || std::abs(spans[i].startS - spans[i - 1].endS) < 1e-6);
                if (spans[i].endS - spans[i].startS > 1e-4) {
                    const auto frame = life->frameAt((spans[i].startS + spans[i].endS) / 2);
                    QCOMPARE(static_cast<int>(frame->state[gpu]), static_cast<int>(spans[i].state));
                }
            }
        }
    }

    /// Every micro-batch goes forward once and back once; forward takes a third of the computing.
    void microBatchesAddUp_data() { placesAndGpusAreInverse_data(); }
    void microBatchesAddUp() {
        QFETCH(int, stages);
        const auto life = timeline(stages);
        for (const cluster::Index gpu : {0u, 17u, 60u, 100u}) {
            const std::vector<cluster::Index> one = {gpu};
            const auto work = life->workAt(1000, one);
            const RankWork& rank = work->ranks.front();
            KindSeconds sums{};
            for (const LaneSpan& span : spansOf(*work, rank, WorkDetail::MicroBatches)) {
                sums[static_cast<std::size_t>(span.kind)] += span.seconds();
            }
            const auto of = [&](SpanKind kind) { return sums[static_cast<std::size_t>(kind)]; };
            const double computeS = of(SpanKind::Forward) + of(SpanKind::Backward);
            const double exchangeS =
                of(SpanKind::TensorExchange) + of(SpanKind::ExpertExchange) + of(SpanKind::PipelineExchange);
            // A cycle that is cut off at both ends may have its exchange on the one side only.
            QVERIFY(std::abs(computeS + exchangeS - (rank.finishS - rank.bubbleS)) < 1e-5);
            QVERIFY(std::abs(exchangeS - rank.communicateS) < rank.communicateS / 12 + 1e-6);
            QVERIFY(std::abs(of(SpanKind::Forward) / computeS - 1.0 / 3) < 0.08);
            QVERIFY(std::abs(of(SpanKind::ExpertExchange) / exchangeS - 0.2 / 0.35) < 1e-3);
            QCOMPARE(of(SpanKind::ContextExchange), 0.0);
            QVERIFY(std::abs(of(SpanKind::Bubble) - rank.bubbleS) < 1e-5);
            QVERIFY(std::abs(of(SpanKind::BarrierWait) - (work->step.barrierS - rank.finishS)) < 1e-5);
            QVERIFY(std::abs(of(SpanKind::GradientExchange) - work->shape->reduceS) < 1e-6);
            const auto whole = spansOf(*work, rank, WorkDetail::Whole);
            double workS = 0;
            for (const LaneSpan& span : whole) {
                workS += span.kind == SpanKind::Work ? span.seconds() : 0;
            }
            QVERIFY(std::abs(workS - computeS - exchangeS) < 1e-5);
            QVERIFY(whole.size() <= 8);
        }
    }

    void theCriticalPathHasNoGap_data() { placesAndGpusAreInverse_data(); }
    void theCriticalPathHasNoGap() {
        QFETCH(int, stages);
        const auto life = timeline(stages);
        double t = 500;
        for (int step = 0; step < 40; ++step) {
            LanesRequest request;
            request.focusS = t;
            const auto work = life->workAt(t, {});
            request.fromS = work->step.startS;
            request.toS = work->step.endS;
            request.pixelsPerS = 1e6;
            const StepLanes lanes = lanesOf(*life, request);
            QVERIFY(!lanes.critical.empty());
            QVERIFY(std::abs(lanes.critical.front().startS - work->step.startS) < 1e-6);
            QVERIFY(std::abs(lanes.critical.back().endS - work->step.endS) < 1e-6);
            double culpritS = 0;
            for (std::size_t i = 0; i < lanes.critical.size(); ++i) {
                const CriticalLeg& leg = lanes.critical[i];
                QVERIFY(leg.lane < lanes.lanes.size());
                QVERIFY(leg.endS > leg.startS);
                QVERIFY(i == 0 || std::abs(leg.startS - lanes.critical[i - 1].endS) < 1e-6);
                culpritS += lanes.lanes[leg.lane].gpu == work->step.culprit ? leg.endS - leg.startS : 0;
            }
            // All but the way through the other stages is the culprit's own.
            QVERIFY(culpritS > (work->step.endS - work->step.startS) * (stages > 1 ? 0.6 : 0.999));
            t = life->stepBoundary(t, 1) + 0.01;
        }
    }

    void theCulpritsGroupComesFirst() {
        const auto life = timeline(4);
        const auto work = life->workAt(777, {});
        LanesRequest request;
        request.focusS = 777;
        request.fromS = work->step.startS;
        request.toS = work->step.endS;
        request.pixelsPerS = 1e6;
        request.selected = work->step.culprit == 5 ? 6 : 5;
        const StepLanes lanes = lanesOf(*life, request);
        QCOMPARE(lanes.detail, LaneDetail::Phases);
        QCOMPARE(lanes.culprit, work->step.culprit);
        QCOMPARE(lanes.sections[0].kind, SectionKind::Job);
        QCOMPARE(lanes.sections[1].kind, SectionKind::CulpritTensor);
        QCOMPARE(lanes.sections[1].of, std::uint64_t{4});
        QCOMPARE(lanes.sections[2].kind, SectionKind::CulpritPipeline);
        const auto culprit = placeOf(*life->cluster(), *work->shape, work->step.culprit);
        int first = -1;
        std::set<int> stages;
        std::set<std::uint8_t> classes;
        bool selected = false;
        for (std::size_t i = 0; i < lanes.lanes.size(); ++i) {
            const TimelineLane& lane = lanes.lanes[i];
            QVERIFY(i == 0 || lane.section >= lanes.lanes[i - 1].section);
            QCOMPARE(lane.culprit, lane.kind == LaneKind::Rank && lane.gpu == work->step.culprit);
            if (lane.kind != LaneKind::Rank) {
                continue;
            }
            QCOMPARE(lane.place, *placeOf(*life->cluster(), *work->shape, lane.gpu));
            first = first < 0 ? static_cast<int>(i) : first;
            const SectionKind kind = lanes.sections[lane.section].kind;
            if (kind == SectionKind::CulpritPipeline) {
                QCOMPARE(lane.place.replica, culprit->replica);
                stages.insert(lane.place.stage);
            }
            if (kind == SectionKind::Replica) {
                QVERIFY(lane.place.replica != culprit->replica);
                classes.insert(lane.place.gpuClass);
            }
            selected = selected || lane.gpu == request.selected;
        }
        QCOMPARE(lanes.lanes[static_cast<std::size_t>(first)].gpu, work->step.culprit);
        QCOMPARE(stages.size(), std::size_t{4});
        QCOMPARE(classes.size(), std::size_t{2});
        QVERIFY(selected);
    }

    /// The closer one looks, the more is told; the span covered is what was asked for.
    void detailFollowsTheScale_data() {
        QTest::addColumn<double>("pixelsPerStep");
        QTest::addColumn<int>("detail");
        QTest::newRow("close") << 400.0 << int(LaneDetail::Phases);
        QTest::newRow("steps") << 5.0 << int(LaneDetail::Steps);
        QTest::newRow("far") << 0.5 << int(LaneDetail::Conditions);
    }
    void detailFollowsTheScale() {
        QFETCH(double, pixelsPerStep);
        QFETCH(int, detail);
        const auto life = timeline(4);
        const auto work = life->workAt(9000, {});
        const double stepS = work->step.endS - work->step.startS;
        LanesRequest request;
        request.focusS = 9000;
        request.pixelsPerS = pixelsPerStep / stepS;
        request.fromS = 9000 - 300 / request.pixelsPerS;
        request.toS = 9000 + 300 / request.pixelsPerS;
        const StepLanes lanes = lanesOf(*life, request);
        QCOMPARE(int(lanes.detail), detail);
        QCOMPARE(lanes.fromS, request.fromS);
        QVERIFY(lanes.focusFromS <= 9000 && 9000 < lanes.focusToS);
        // All steps of the span, one after the other, and no others.
        QVERIFY(lanes.steps.front().startS <= request.fromS && lanes.steps.front().endS > request.fromS);
        QVERIFY(lanes.steps.back().startS < request.toS && lanes.steps.back().endS >= request.toS);
        for (std::size_t i = 1; i < lanes.steps.size(); ++i) {
            QVERIFY(std::abs(lanes.steps[i].startS - lanes.steps[i - 1].endS) < 1e-6);
        }
        for (const TimelineLane& lane : lanes.lanes) {
            for (std::size_t i = 1; i < lane.track.size(); ++i) {
                QVERIFY(lane.track.spans()[i].startS >= lane.track.spans()[i - 1].endS - 1e-9);
            }
        }
    }

    void whereNothingTrainsTheLanesSaySo() {
        auto inputs = inputsOf(pipelined(1), 0.01, 0.02);
        inputs.phases.front().from = scenario::Month::of(2026, 3);
        const auto life = timelineOf(smallMixedSpec(), std::move(inputs));
        LanesRequest request;
        request.fromS = 0;
        request.toS = 1000;
        request.focusS = 500;
        const StepLanes lanes = lanesOf(*life, request);
        QVERIFY(!lanes.instead.empty());
        QVERIFY(lanes.focusFromS <= 500 && lanes.focusToS > 500);
        for (const TimelineLane& lane : lanes.lanes) {
            QVERIFY(lane.kind != LaneKind::Rank);
        }
        QVERIFY(!life->workAt(500, {}));
    }
};

QTEST_GUILESS_MAIN(TestStepWork)
#include "tst_step_work.moc"

#include "tests/model/operations/operations_fixtures.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::operations;
using namespace atlas::testing;

namespace {

StepVolumes gradient(double bytes) {
    StepVolumes volumes;
    volumes.denseGradient = bytes;
    return volumes;
}

} // namespace

/// What a step puts on the links.
class TestTrainingLinks : public QObject {
    Q_OBJECT
private slots:
    void trunkIsTheBottleneck() {
        // 2 GB of gradients and weights a GPU, 8 groups: 16 GB cross a trunk of 0.95 TB/s and as many leave
        // each hall over far more cables.
        auto inputs = inputsOf(mixedStep(), 0, 0);
        inputs.phases = {phaseOf(inputs.start, mixedStep(), gradient(2e9))};
        const auto timeline = timelineOf(smallMixedSpec(), inputs);
        const auto floor = timeline->cluster();
        const auto exchanging = timeline->frameAt(2.85);
        QCOMPARE(floor->linkGroups.back().kind, cluster::LinkKind::Trunk);
        // The exposed exchange is 0.1 s: 16 GB / 0.1 s / 0.95 TB/s.
        QVERIFY(std::abs(exchanging->linkLoad.back() - 0.1684f) < 1e-3f);
        QCOMPARE(timeline->frameAt(1.0)->linkLoad.back(), 0.0f);
    }
    void leavesAndHallsCarryTheirGroups() {
        // 4,096 GPUs in two halls: 8 rails, 256 GPUs a rail and hall, 4 leaves. TP 8, one stage: 8 groups of
        // 512, one a rail, each with members under every leaf. 1 GB a GPU: 1 GB leaves a leaf, 4 GB a rail of
        // a hall over 256 cables of 47.5 GB/s; 8 GB leave a hall over 2,048 of them.
        auto step = anatomyOf({{"H100-SXM", "A island", 4096, 0.9, 0.4}}, 0.2, 0.02, 0);
        auto inputs = inputsOf(step, 0, 0);
        inputs.phases = {phaseOf(inputs.start, step, gradient(1e9))};
        const auto timeline =
            timelineOf(clusterSpec({island("A", "H100-SXM", "hgx", "rail8", 4096, 2)}), inputs);
        const auto frame =
            timeline->frameAt(0.9 - 0.02 + 0.4 - 0.2 + 0.1); // in the middle of 0.2 s of exchange
        const auto floor = timeline->cluster();
        for (std::size_t g = 0; g < floor->linkGroups.size(); ++g) {
            const bool leaf = floor->linkGroups[g].kind == cluster::LinkKind::LeafSpine;
            const double expected = leaf ? 4e9 / (256 * 47.5e9) / 0.2 : 8e9 / (2048 * 47.5e9) / 0.2;
            QVERIFY2(std::abs(static_cast<double>(frame->linkLoad[g]) - expected) < 1e-5,
                     qPrintable(QString::number(static_cast<double>(frame->linkLoad[g]))));
        }
    }
};

QTEST_APPLESS_MAIN(TestTrainingLinks)
#include "tst_training_links.moc"

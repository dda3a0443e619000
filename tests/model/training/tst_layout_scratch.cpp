// The search keeps what neighbouring layouts have in common. Here every layout is evaluated for itself, and
// the two must agree to the last bit.
#include "model/core/philox.h"
#include "model/training/layout_scratch.h"
#include "model/training/layout_search.h"
#include "tests/model/training/training_fixtures.h"

#include <QTest>

#include <cstring>

using namespace atlas;
using namespace atlas::training;
using namespace atlas::training::fixtures;

namespace {

/// Draws by count, each asked for once.
class Dice {
public:
    explicit Dice(std::uint64_t seed)
        : m_seed(seed) {}
    int oneOf(std::initializer_list<int> values) {
        const auto word = random::words(m_seed, random::Purpose::StaticSpeed, m_next++)[0];
        return *(values.begin() + word % values.size());
    }

private:
    std::uint64_t m_seed;
    std::uint64_t m_next = 0;
};

Job jobOfCase(Dice& dice, Placement placement) {
    Job job;
    job.model = dice.oneOf({0, 1}) == 0 ? llama70b() : deepseek();
    job.precision = dice.oneOf({0, 1}) == 0 ? Precision::Bf16 : Precision::Fp8;
    job.sequence = dice.oneOf({4096, 8192, 32768});
    job.globalBatch = dice.oneOf({512, 960, 2048});
    job.placement = placement;
    return job;
}

Layout anyLayout(Dice& dice, const Job& job) {
    Layout l;
    l.tp = dice.oneOf({1, 2, 4, 8});
    l.pp = dice.oneOf({1, 2, 4, 8});
    l.vp = l.pp > 1 ? dice.oneOf({1, 2, 4}) : 1;
    l.cp = dice.oneOf({1, 2});
    l.ep = job.model.experts > 0 ? dice.oneOf({1, 8, 64}) : 1;
    l.dp = dice.oneOf({8, 16, 32});
    l.microBatch = dice.oneOf({1, 2});
    l.globalBatch = job.globalBatch;
    l.sequenceParallel = l.tp > 1;
    l.recompute = std::array{Recompute::None, Recompute::Selective, Recompute::Full,
                             Recompute::Layers}[static_cast<std::size_t>(dice.oneOf({0, 1, 2, 3}))];
    l.sharding = std::array{Sharding::Optimizer, Sharding::Fsdp,
                            Sharding::None}[static_cast<std::size_t>(dice.oneOf({0, 1, 2}))];
    l.fsdpGroup = dice.oneOf({0, 0, 8});
    return l;
}

bool sameBits(double a, double b) {
    return std::memcmp(&a, &b, sizeof a) == 0;
}

bool same(const Outcome& a, const Outcome& b) {
    bool equal = a.lanes == b.lanes && a.fits == b.fits && a.critical == b.critical &&
                 sameBits(a.stepS, b.stepS) && sameBits(a.outerS, b.outerS) &&
                 sameBits(a.memory.total(), b.memory.total()) &&
                 sameBits(a.memory.capacity, b.memory.capacity);
    for (std::size_t i = 0; i < a.lanes; ++i) {
        const LaneOutcome& x = a.lane[i];
        const LaneOutcome& y = b.lane[i];
        equal = equal && x.replicas == y.replicas && x.gpus == y.gpus &&
                sameBits(x.microBatches, y.microBatches) && sameBits(x.terms.stepS, y.terms.stepS) &&
                sameBits(x.terms.recomputeShare, y.terms.recomputeShare) &&
                sameBits(x.terms.dp, y.terms.dp) && sameBits(x.terms.fsdp, y.terms.fsdp) &&
                sameBits(x.shareOfTokens, y.shareOfTokens);
    }
    return equal;
}

} // namespace

class TestLayoutScratch : public QObject {
    Q_OBJECT
private slots:
    void remembersNothingWrong_data() {
        QTest::addColumn<int>("placement");
        QTest::newRow("equal shares") << static_cast<int>(Placement::Naive);
        QTest::newRow("proportional") << static_cast<int>(Placement::Proportional);
        QTest::newRow("stages of one class") << static_cast<int>(Placement::ClassStages);
        QTest::newRow("islands") << static_cast<int>(Placement::LocalSgd);
    }
    /// Thousands of layouts in any order through one scratch; half of them differ from the one before in
    /// chunks and recompute only, as in the search.
    void remembersNothingWrong() {
        QFETCH(int, placement);
        int fitting = 0;
        for (std::uint64_t seed = 0; seed < 24; ++seed) {
            Dice dice(seed);
            const Job job = jobOfCase(dice, static_cast<Placement>(placement));
            const Machine mixed = machine({hopper(1024), ampere(512)});
            const auto setup = setUp(mixed, job, Calibration::builtin());
            QVERIFY(setup);
            LayoutScratch scratch(*setup);
            Outcome kept;
            Layout layout = anyLayout(dice, job);
            for (int i = 0; i < 200; ++i) {
                const Layout next = anyLayout(dice, job);
                if (i % 2 == 0) {
                    layout = next;
                } else {
                    layout.recompute = next.recompute;
                    layout.vp = layout.pp > 1 ? next.vp : 1;
                }
                evaluate(*setup, layout, Detail::Search, scratch, kept);
                const Outcome alone = outcomeOf(*setup, layout, Detail::Search);
                QVERIFY2(same(kept, alone), qPrintable(QString::fromStdString(layout.text())));
                fitting += alone.fits ? 1 : 0;
            }
        }
        QVERIFY2(fitting > 500, qPrintable(QString::number(fitting)));
    }

    /// What the search reports of every feasible layout is what that layout takes by itself, and no other
    /// layout of its choice is faster.
    void searchIsTheEvaluationOfEveryLayout() {
        for (std::uint64_t seed = 100; seed < 106; ++seed) {
            Dice dice(seed);
            const Job job = jobOfCase(dice, Placement::Naive);
            const Machine some = machine({hopper(dice.oneOf({512, 768, 2048}))});
            const auto setup = setUp(some, job, Calibration::builtin());
            QVERIFY(setup);
            double fastest = 0;
            std::size_t compared = 0;
            for (const SearchSlice& slice : searchLayouts(*setup, {}, {})) {
                for (const Candidate& candidate : slice.feasible) {
                    const Outcome alone = outcomeOf(*setup, candidate.layout, Detail::Search);
                    QVERIFY(alone.fits && sameBits(alone.stepS, candidate.stepS));
                    fastest = fastest > 0 ? std::min(fastest, alone.stepS) : alone.stepS;
                    ++compared;
                }
            }
            QVERIFY(compared > 100);
            const scenario::LayoutChoice any;
            const auto best = fastestOf(some, job, std::span(&any, 1));
            QVERIFY(best);
            QVERIFY(sameBits(best->stepTimeS, fastest));
        }
    }
};

QTEST_APPLESS_MAIN(TestLayoutScratch)
#include "tst_layout_scratch.moc"

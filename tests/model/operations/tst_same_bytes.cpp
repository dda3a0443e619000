#include "tests/model/operations/scenario_fixtures.h"

#include <QTest>

#include <tbb/global_control.h>

#include <bit>
#include <cmath>
#include <functional>

using namespace atlas;
using namespace atlas::operations;

namespace {

/// FNV-1a over whole numbers. std::hash is free to differ between libraries and between runs.
///
/// Times and loads go in rounded: to a microsecond, or to a millionth. Everything here is computed with
/// contraction switched off and in a fixed order, so that builds agree to the last bit; but exp, log and erf
/// may differ by one in their last place from one C library to the next, and would move those bits. What is
/// counted (states, steps, events) goes in as it is.
class Digest {
public:
    void add(std::uint64_t value) {
        for (int byte = 0; byte < 8; ++byte) {
            m_hash = (m_hash ^ (value >> (8 * byte) & 0xff)) * 0x100000001b3u;
        }
    }
    void addMillionths(double value) {
        add(std::isfinite(value)
                ? std::bit_cast<std::uint64_t>(static_cast<std::int64_t>(std::llround(value * 1e6)))
                : 0);
    }
    void add(const std::vector<std::uint8_t>& bytes) {
        for (const std::uint8_t byte : bytes) {
            m_hash = (m_hash ^ byte) * 0x100000001b3u;
        }
    }
    [[nodiscard]] QByteArray text() const { return QByteArray::number(static_cast<qulonglong>(m_hash), 16); }

private:
    std::uint64_t m_hash = 0xcbf29ce484222325u;
};

void addFrame(Digest& digest, const Frame& frame) {
    digest.add(frame.state);
    digest.add(frame.utilisation);
    digest.add(static_cast<std::uint64_t>(frame.phase));
    digest.add(frame.step);
    digest.add(frame.culprit);
    for (const double time : {frame.stepStartS, frame.stepTimeS, frame.culpritSlowdown}) {
        digest.addMillionths(time);
    }
    for (const RackSummary& rack : frame.racks) {
        digest.add(rack.meanUtilisation);
        digest.add(static_cast<std::uint64_t>(rack.worst));
        digest.add(rack.worstCount);
    }
    for (const float load : frame.linkLoad) {
        digest.add(static_cast<std::uint64_t>(std::llround(static_cast<double>(load) * 1e4)));
    }
}

/// Frames at instants all over three hours, events, phases and accounts.
QByteArray digestOf(const Timeline& timeline) {
    constexpr double kSpanS = 3 * 3600;
    Digest digest;
    // In no order of time.
    for (std::uint64_t i = 0; i < 16; ++i) {
        addFrame(digest, *timeline.frameAt(static_cast<double>(i * 7 % 16) * kSpanS / 16 + 3.7));
    }
    for (const Event& event : timeline.events(0, kSpanS)) {
        digest.add(static_cast<std::uint64_t>(event.kind));
        digest.add(static_cast<std::uint64_t>(event.component));
        digest.add(static_cast<std::uint64_t>(event.part.kind));
        digest.add(event.part.index);
        digest.addMillionths(event.timeS);
        digest.addMillionths(event.slowdown);
    }
    for (const PhaseSpan& phase : timeline.phases(0, kSpanS)) {
        digest.add(static_cast<std::uint64_t>(phase.phase));
        digest.addMillionths(phase.startS);
        digest.addMillionths(phase.endS);
    }
    const Account account = timeline.account(0, kSpanS);
    for (const std::uint64_t count :
         {account.steps, account.interruptions, account.planned, account.evictions, account.checkpoints}) {
        digest.add(count);
    }
    digest.addMillionths(account.goodput);
    digest.addMillionths(account.stepMeanS);
    for (const WaterfallBar& bar : account.waterfall) {
        digest.addMillionths(bar.share);
    }
    for (const double t : {1000.0, 4000.0, 10'000.0}) {
        if (const auto told = timeline.attributionAt(t)) {
            digest.add(told->culprit);
            digest.add(static_cast<std::uint64_t>(told->cause));
            digest.addMillionths(told->withoutCulpritS);
        }
    }
    return digest.text();
}

std::string failing(const std::string& more = {}) {
    return "fail_stop: {multiplier: 100}, fail_slow: {multiplier: 200}" + (more.empty() ? "" : ", " + more);
}

std::shared_ptr<const Timeline> scenarioTimeline(const std::string& operations) {
    return testing::timelineOf(testing::scenarioOf(testing::oneIsland("H100-SXM", 2048, operations)));
}

} // namespace

/// Same seed, same bytes: on one or many threads, in a debug or a release build.
class TestSameBytes : public QObject {
    Q_OBJECT
private slots:
    void digests_data() {
        using Make = std::function<std::shared_ptr<const Timeline>()>;
        QTest::addColumn<Make>("make");
        QTest::addColumn<QByteArray>("digest");
        QTest::newRow("failing and slow")
            << Make([] { return scenarioTimeline(failing()); }) << QByteArray("6c835931d36e4bc4");
        QTest::newRow("every mitigation") << Make([] {
            return scenarioTimeline(failing("mitigations: {evict_slow: true, spares: 0.02, "
                                            "proportional_batches: true, backup_replicas: 1}"));
        }) << QByteArray("7931fe94564f881b");
        QTest::newRow("uneven work") << Make([] {
            return scenarioTimeline(failing("imbalance: {last_stage: 0.05, sequences: 0.1, pause: 0.2 s}"));
        }) << QByteArray("ff2d9dd43f459813");
        QTest::newRow("injections") << Make([] {
            return scenarioTimeline(
                "injections: [{at: 10 min, what: slow-gpu, target: \"rack 1-1-1, tray 1, GPU 1\", "
                "magnitude: 0.4, lasts: 1 h}, {at: 2 h, what: hall-cooling, target: \"Hall 1\", "
                "magnitude: 0.2, lasts: 30 min}]");
        }) << QByteArray("3b1a5e0d5a952bcb");
    }
    void digests() {
        QFETCH(std::function<std::shared_ptr<const Timeline>()>, make);
        QFETCH(QByteArray, digest);
        const QByteArray many = digestOf(*make());
        const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
        const QByteArray single = digestOf(*make());
        QCOMPARE(single, many);
        QCOMPARE(many, digest);
    }
};

QTEST_GUILESS_MAIN(TestSameBytes)
#include "tst_same_bytes.moc"

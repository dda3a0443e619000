// Lanes of spans: what is found by search and by sums is what a walk over every span finds.
#include "model/operations/lane_track.h"

#include "model/core/philox.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::operations;

namespace {

std::vector<LaneSpan> randomSpans(std::size_t count, std::uint64_t seed) {
    std::vector<LaneSpan> spans;
    double t = 5;
    for (std::size_t i = 0; i < count; ++i) {
        const auto w = random::words(seed, random::Purpose::StepMember, i);
        const double length = w[0] % 7 == 0 ? 0.0 : w[0] / 4294967296.0;
        t += w[1] % 3 == 0 ? length : 0.0;
        const auto kind = static_cast<SpanKind>(w[2] % kSpanKindCount);
        spans.push_back({t, t + length, kind, 1, static_cast<std::uint32_t>(i)});
        t += length;
    }
    return spans;
}

} // namespace

class TestLaneTrack : public QObject {
    Q_OBJECT

private slots:
    void sumsAreThoseOfAWalk_data() {
        QTest::addColumn<int>("count");
        for (const int count : {0, 1, 15, 16, 17, 64, 1000})
            QTest::addRow("%d spans", count) << count;
    }
    void sumsAreThoseOfAWalk() {
        QFETCH(int, count);
        const LaneTrack track(randomSpans(static_cast<std::size_t>(count), 3));
        for (std::uint64_t round = 0; round < 200; ++round) {
            const auto w = random::words(9, random::Purpose::StepMember, round);
            const std::size_t first = w[0] % static_cast<unsigned>(count + 1);
            const std::size_t end = first + w[1] % static_cast<unsigned>(count + 3);
            KindSeconds walked{};
            const LaneSpan* worst = nullptr;
            for (std::size_t i = first; i < std::min(end, track.size()); ++i) {
                const LaneSpan& s = track.spans()[i];
                walked[static_cast<std::size_t>(s.kind)] += s.seconds();
                worst = worst == nullptr && severe(s.kind) ? &s : worst;
            }
            const KindSeconds sums = track.seconds(first, end);
            for (std::size_t k = 0; k < kSpanKindCount; ++k)
                QVERIFY2(std::abs(sums[k] - walked[k]) < 1e-9, qPrintable(QString::number(k)));
            QCOMPARE(track.severeIn(first, end), worst);
        }
    }

    void searchesFindWhatAWalkFinds() {
        const LaneTrack track(randomSpans(500, 4));
        const double last = track.spans().back().endS;
        for (int i = 0; i <= 3000; ++i) {
            const double t = (last + 2) * i / 3000;
            std::size_t from = 0;
            while (from < track.size() && track.spans()[from].startS < t)
                ++from;
            QCOMPARE(track.firstFrom(t), from);
            const LaneSpan* covering = nullptr;
            for (const LaneSpan& s : track.spans())
                if (covering == nullptr && s.startS <= t && t < s.endS)
                    covering = &s;
            if (covering != nullptr)
                QCOMPARE(track.at(t), covering);
        }
        QCOMPARE(track.at(-1), nullptr);
        QCOMPARE(track.at(last + 1), nullptr);
    }

    void overlapsBecomeCounts() {
        // 0 ---- 10, 4 ---- 6 (severe), 5 ---- 12, and an instant at 2.
        const auto spans = merged({{0, 10, SpanKind::Slowness, 1, 1},
                                   {4, 6, SpanKind::Injected, 1, 2},
                                   {5, 12, SpanKind::Slowness, 1, 3},
                                   {2, 2, SpanKind::Failure, 1, 4}});
        struct Expected {
            double from, to;
            SpanKind kind;
            int count;
            int number;
        };
        const Expected expected[] = {{0, 2, SpanKind::Slowness, 1, 1},  {2, 2, SpanKind::Failure, 1, 4},
                                     {2, 4, SpanKind::Slowness, 1, 1},  {4, 5, SpanKind::Injected, 2, 2},
                                     {5, 6, SpanKind::Injected, 3, 3},  {6, 10, SpanKind::Slowness, 2, 3},
                                     {10, 12, SpanKind::Slowness, 1, 3}};
        QCOMPARE(spans.size(), std::size(expected));
        for (std::size_t i = 0; i < spans.size(); ++i) {
            QCOMPARE(spans[i].startS, expected[i].from);
            QCOMPARE(spans[i].endS, expected[i].to);
            QCOMPARE(spans[i].kind, expected[i].kind);
            QCOMPARE(int(spans[i].count), expected[i].count);
            QCOMPARE(int(spans[i].number), expected[i].number);
        }
    }

    /// Time times number is kept, nothing overlaps any more.
    void mergingKeepsTheTime() {
        std::vector<LaneSpan> many;
        double before = 0;
        for (std::uint64_t i = 0; i < 400; ++i) {
            const auto w = random::words(11, random::Purpose::StepMember, i);
            const double start = w[0] / 4294967296.0 * 100;
            const double length = w[1] / 4294967296.0 * 20;
            many.push_back({start, start + length, SpanKind::Slowness, 1, 0});
            before += length;
        }
        const auto spans = merged(many);
        double after = 0;
        for (std::size_t i = 0; i < spans.size(); ++i) {
            after += spans[i].seconds() * spans[i].count;
            QVERIFY(i == 0 || spans[i].startS >= spans[i - 1].endS);
        }
        QVERIFY(std::abs(after - before) < 1e-6);
        QVERIFY(merged({}).empty());
    }
};

QTEST_GUILESS_MAIN(TestLaneTrack)
#include "tst_lane_track.moc"

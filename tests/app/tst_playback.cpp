#include "app/playback.h"

#include <QSignalSpy>
#include <QTest>

using namespace atlas;
using namespace atlas::app;

/// The clock: seeks are clamped and told once, playing advances by speed, the end stops it.
class TestPlayback : public QObject {
    Q_OBJECT
private slots:
    void seekIsClamped() {
        Playback clock;
        clock.setDuration(100);
        clock.seek(-5);
        QCOMPARE(clock.timeS(), 0.0);
        clock.seek(1e9);
        QCOMPARE(clock.timeS(), 100.0);
    }
    void seekTellsOnce() {
        Playback clock;
        QSignalSpy told(&clock, &Playback::timeChanged);
        clock.seek(7);
        clock.seek(7);
        QCOMPARE(told.count(), 1);
        QCOMPARE(told[0][0].toDouble(), 7.0);
    }
    void playsAtItsSpeed() {
        Playback slow;
        Playback fast;
        slow.setDuration(1e9);
        fast.setDuration(1e9);
        slow.setSpeed(1);
        fast.setSpeed(1000);
        slow.setPlaying(true);
        fast.setPlaying(true);
        QTRY_VERIFY(slow.timeS() > 0.05);
        slow.setPlaying(false);
        fast.setPlaying(false);
        // Both ran over the same stretch of wall clock, give or take the ticks at either end.
        const double ratio = fast.timeS() / slow.timeS();
        QVERIFY2(ratio > 300 && ratio < 3000, qPrintable(QString::number(ratio)));
    }
    void stopsAtTheEndAndStartsOver() {
        Playback clock;
        clock.setDuration(10);
        clock.setSpeed(1e6);
        QSignalSpy playing(&clock, &Playback::playingChanged);
        clock.setPlaying(true);
        QTRY_COMPARE(playing.count(), 2);
        QVERIFY(!clock.playing());
        QCOMPARE(clock.timeS(), 10.0);
        clock.setSpeed(1e-6);
        clock.setPlaying(true);
        QVERIFY(clock.timeS() < 1.0);
    }
    void shorterDurationPullsTheTimeIn() {
        Playback clock;
        clock.setDuration(100);
        clock.seek(90);
        clock.setDuration(50);
        QCOMPARE(clock.timeS(), 50.0);
    }
    void oneClockMovesBothPanes() {
        Playback clock;
        clock.setDuration(100);
        clock.takeInHand(Side::B);
        clock.seek(30);
        QCOMPARE(clock.timesS(), (std::array{30.0, 30.0}));
        clock.seekOn(Side::A, 40);
        clock.setSpeed(5);
        QCOMPARE(clock.timesS(), (std::array{40.0, 40.0}));
        QCOMPARE(clock.clock(Side::A), clock.clock(Side::B));
    }
    void twoClocksGoTheirOwnWays() {
        Playback clock;
        clock.setDuration(1e9);
        clock.seek(50);
        clock.setLink(scenes::ClockLink::Own);
        QCOMPARE(clock.timesS(), (std::array{50.0, 50.0})); // from where the one was
        clock.setSpeed(1000);
        clock.setPlaying(true);
        clock.takeInHand(Side::B);
        QVERIFY(!clock.playing());
        QCOMPARE(clock.speed(), 1.0);
        QTRY_VERIFY(clock.timeS(Side::A) > 100);
        QCOMPARE(clock.timeS(Side::B), 50.0);
        clock.seek(7);
        QCOMPARE(clock.timeS(Side::B), 7.0);
        QVERIFY(clock.timeS(Side::A) > 100);
        QVERIFY(clock.clock(Side::A).playing);
        clock.pause();
        QVERIFY(!clock.clock(Side::A).playing);
        // The clock in hand is the one that stays.
        clock.setLink(scenes::ClockLink::Shared);
        QCOMPARE(clock.timesS(), (std::array{7.0, 7.0}));
    }
    void takingAClockInHandTellsWhatItShows() {
        Playback clock;
        clock.setDuration(100);
        clock.setLink(scenes::ClockLink::Own);
        clock.seekOn(Side::B, 60);
        QSignalSpy time(&clock, &Playback::timeChanged);
        QSignalSpy changed(&clock, &Playback::clocksChanged);
        clock.takeInHand(Side::B);
        QCOMPARE(time.back()[0].toDouble(), 60.0);
        QCOMPARE(changed.count(), 1);
        clock.takeInHand(Side::B);
        QCOMPARE(changed.count(), 1);
    }
    void oneOfTwoClocksStopsAtTheEndAndTheOtherGoesOn() {
        Playback clock;
        clock.setDuration(1000);
        clock.setLink(scenes::ClockLink::Own);
        clock.setSpeed(1e6);
        clock.setPlaying(true);
        clock.takeInHand(Side::B);
        clock.setSpeed(1);
        clock.setPlaying(true);
        QTRY_VERIFY(!clock.clock(Side::A).playing);
        QCOMPARE(clock.timeS(Side::A), 1000.0);
        const double before = clock.timeS(Side::B);
        QTRY_VERIFY(clock.timeS(Side::B) > before);
    }
    void nonsenseIsIgnored() {
        Playback clock;
        clock.setSpeed(-1);
        clock.setDuration(0);
        QCOMPARE(clock.speed(), 1.0);
        QVERIFY(clock.durationS() > 0);
    }
};

QTEST_GUILESS_MAIN(TestPlayback)
#include "tst_playback.moc"

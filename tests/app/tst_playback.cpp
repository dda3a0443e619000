#include "app/playback.h"

#include <QSignalSpy>
#include <QTest>

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

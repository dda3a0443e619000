#include "app/latest_worker.h"

#include <QSemaphore>
#include <QTest>

#include <atomic>

using namespace atlas::app;

/// The mailbox in front of every worker: newest request wins, late answers are dropped, stopping is prompt.
class TestLatestWorker : public QObject {
    Q_OBJECT
private slots:
    void answersOnTheOwnersThread() {
        QObject owner;
        const QThread* deliveredOn = nullptr;
        const QThread* computedOn = nullptr;
        int answer = 0;
        LatestWorker<int, int> worker(
            &owner, Overtaken::Finish,
            [&](const int& request, std::stop_token) {
                computedOn = QThread::currentThread();
                return request * 2;
            },
            [&](int value) {
                deliveredOn = QThread::currentThread();
                answer = value;
            });
        worker.request(21);
        QVERIFY(worker.busy());
        QTRY_COMPARE(answer, 42);
        QCOMPARE(deliveredOn, QThread::currentThread());
        QVERIFY(computedOn != deliveredOn);
        QVERIFY(!worker.busy());
    }

    void newestRequestWins() {
        QObject owner;
        QSemaphore started;
        QSemaphore goOn;
        std::atomic<int> computed = 0;
        QList<int> delivered;
        LatestWorker<int, int> worker(
            &owner, Overtaken::Finish,
            [&](const int& request, std::stop_token) {
                ++computed;
                started.release();
                goOn.acquire();
                return request;
            },
            [&](int value) { delivered << value; });
        worker.request(1);
        started.acquire();
        for (int request = 2; request <= 50; ++request) {
            worker.request(request); // while 1 is being computed
        }
        goOn.release(2);
        QTRY_COMPARE(delivered.value(delivered.size() - 1), 50);
        QCOMPARE(computed.load(), 2); // 1 and 50, nothing between
        QCOMPARE(delivered, (QList<int>{1, 50}));
    }

    void overtakenJobIsStoppedAndNotDelivered() {
        QObject owner;
        QSemaphore started;
        QList<int> delivered;
        std::atomic<bool> sawStop = false;
        LatestWorker<int, int> worker(
            &owner, Overtaken::Stop,
            [&](const int& request, std::stop_token stop) {
                started.release();
                while (request == 1 && !stop.stop_requested()) {
                    QThread::yieldCurrentThread();
                }
                sawStop = sawStop || stop.stop_requested();
                return request;
            },
            [&](int value) { delivered << value; });
        worker.request(1);
        started.acquire();
        worker.request(2);
        QTRY_COMPARE(delivered, QList<int>{2});
        QVERIFY(sawStop);
    }

    void cancelForgetsTheRequest() {
        QObject owner;
        QSemaphore started;
        QSemaphore goOn;
        int deliveries = 0;
        LatestWorker<int, int> worker(
            &owner, Overtaken::Stop,
            [&](const int& request, std::stop_token) {
                started.release();
                goOn.acquire();
                return request;
            },
            [&](int) { ++deliveries; });
        worker.request(1);
        started.acquire();
        worker.cancel();
        QVERIFY(!worker.busy());
        goOn.release();
        QTest::qWait(50);
        QCOMPARE(deliveries, 0);
    }

    void destructionStopsALongJob() {
        QObject owner;
        QSemaphore started;
        {
            LatestWorker<int, int> worker(
                &owner, Overtaken::Finish,
                [&](const int&, std::stop_token stop) {
                    started.release();
                    while (!stop.stop_requested()) {
                        QThread::yieldCurrentThread();
                    }
                    return 0;
                },
                [](int) { QFAIL("an answer arrived after the end"); });
            worker.request(1);
            started.acquire();
        }
    }
};

QTEST_GUILESS_MAIN(TestLatestWorker)
#include "tst_latest_worker.moc"

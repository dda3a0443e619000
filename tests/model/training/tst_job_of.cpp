#include "model/training/planner.h"

#include <QTest>

#include <cmath>

using namespace atlas;

/// The job of a scenario as the model reads it.
class TestJobOf : public QObject {
    Q_OBJECT
private slots:
    void batchIsOneThatReplicasCanShare_data() {
        QTest::addColumn<double>("tokens");
        QTest::addColumn<int>("sequence");
        QTest::addColumn<qint64>("sequences");
        QTest::newRow("19,531 is prime") << 160e6 << 8192 << qint64{19800}; // 2^3 3^2 5^2 11: 72 divisors
        QTest::newRow("2,048 is kept") << 2048.0 * 8192 << 8192 << qint64{2048};
        QTest::newRow("small batches are taken as they are") << 32.0 * 4096 << 4096 << qint64{32};
        QTest::newRow("at least one") << 1.0 << 8192 << qint64{1};
    }
    void batchIsOneThatReplicasCanShare() {
        QFETCH(double, tokens);
        QFETCH(int, sequence);
        QFETCH(qint64, sequences);
        scenario::Scenario s;
        scenario::Transformer model;
        model.id = "m";
        s.models = {model};
        scenario::TrainJob job;
        job.model = "m";
        job.sequence = sequence;
        job.globalBatchTokens = catalog::Sourced(tokens);
        const auto typed = training::jobOf(s, job, scenario::Placement::Naive);
        QVERIFY(typed);
        QCOMPARE(qint64{typed->globalBatch}, sequences);
    }
    void anUnknownModelIsNamed() {
        scenario::TrainJob job;
        job.id = "run";
        job.model = "nothing";
        const auto typed = training::jobOf({}, job, scenario::Placement::Naive);
        QVERIFY(!typed && text(typed.errors()).find("`nothing`") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestJobOf)
#include "tst_job_of.moc"

#include "model/serving/serving.h"
#include "tests/model/serving/published_machines.h"

#include <QTest>

#include <limits>

using namespace atlas;
using namespace atlas::serving;
using namespace atlas::test;
using scenario::Precision;

/// What cannot be served, and files that make no sense: refused in words, never a number that is none.
class TestServingLimits : public QObject {
    Q_OBJECT
private slots:
    void clearWordsWhereNothingCanBeServed_data() {
        QTest::addColumn<int>("gpus");
        QTest::addColumn<double>("firstS");
        QTest::addColumn<double>("tokenS");
        QTest::addColumn<double>("input");
        QTest::addColumn<QString>("words");
        QTest::newRow("too few GPUs for the weights") << 4 << 5.0 << 0.1 << 2000.0 << "weights do not fit";
        QTest::newRow("a token faster than the hardware")
            << 1024 << 5.0 << 1e-4 << 2000.0 << "a token takes at least";
        QTest::newRow("a first token faster than it")
            << 1024 << 1e-3 << 0.1 << 2000.0 << "first token takes at least";
        QTest::newRow("an objective of nothing") << 1024 << 0.0 << 0.1 << 2000.0 << "not positive";
        QTest::newRow("an objective that is no number")
            << 1024 << 5.0 << std::numeric_limits<double>::quiet_NaN() << 2000.0 << "not positive";
        QTest::newRow("requests of nothing") << 1024 << 5.0 << 0.1 << 0.0 << "request lengths";
        QTest::newRow("no GPUs") << 0 << 5.0 << 0.1 << 2000.0 << "no GPUs";
    }
    void clearWordsWhereNothingCanBeServed() {
        QFETCH(int, gpus);
        QFETCH(double, firstS);
        QFETCH(double, tokenS);
        QFETCH(double, input);
        QFETCH(QString, words);
        const auto rate = servingRate(machine(h100(gpus)), deepseekR1(),
                                      serveJob(input, 500, 0, firstS, tokenS, Precision::Fp8));
        QVERIFY(!rate);
        const QString said = QString::fromStdString(text(rate.errors()));
        QVERIFY2(said.contains(words), qPrintable(said));
        QVERIFY(!rate.errors().front().remedy.empty());
    }

    void oneClassMayServeWhatAnotherCannot() {
        training::Machine mixed;
        mixed.name = "mix";
        mixed.pools = {h200(64), a100(4)};
        const auto rate = servingRate(mixed, deepseekR1(), serveJob(2000, 500, 0, 5, 0.1, Precision::Fp8));
        QVERIFY(rate);
        QCOMPARE(rate->classes[1].replicaGpus, 0);
        QCOMPARE(rate->classes[1].outputTokensPerSPerGpu, 0.0);
        QVERIFY(rate->classes[1].reason.find("do not fit") != std::string::npos);
        QVERIFY(rate->classes[0].outputTokensPerSPerGpu > 0);
    }

    void brokenModelIsRefused() {
        auto model = llama2_70b();
        model.layers = 0;
        QVERIFY(!servingRate(machine(h100(64)), model, serveJob(100, 100, 0, 5, 0.1, Precision::Fp8)));
        auto moe = deepseekR1();
        moe.topK = 300;
        QVERIFY(!servingRate(machine(h100(64)), moe, serveJob(100, 100, 0, 5, 0.1, Precision::Fp8)));
    }

    void constantsAreReadOrRefused() {
        QVERIFY(!parseConstants("serving: []"));
        QVERIFY(!parseConstants("serving: [1, 2"));
        QVERIFY(
            !parseConstants("serving:\n- {key: speed, value: 1, low: 1, high: 1, source: s, unit: u, grade: "
                            "assumption}"));
        ServingConstants c = defaultConstants();
        int count = 0;
        visitConstants(c, [&](std::string_view key, catalog::Sourced& x) {
            ++count;
            QVERIFY2(x.low <= x.value && x.value <= x.high && !x.source.empty(), std::string(key).c_str());
        });
        QCOMPARE(count, 30);
    }
};

QTEST_APPLESS_MAIN(TestServingLimits)
#include "tst_serving_limits.moc"

// The calibration as data and as a program: few constants in plausible ranges, one source of truth, a fit
// that repeats itself.
#include "calibration_files.h"
#include "model/training/work.h"

#include <QFile>
#include <QTest>

#include <cmath>

using namespace atlas;
using namespace atlas::calibration;

namespace {

std::string shipped() {
    QFile file(ATLAS_SOURCE_RESOURCES "/calibration/training.json");
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

std::vector<const Sample*> pointersTo(const std::vector<Sample>& samples) {
    std::vector<const Sample*> dense;
    for (const Sample& sample : samples) {
        if (!sample.moe) {
            dense.push_back(&sample);
        }
    }
    return dense;
}

} // namespace

class TestCalibration : public QObject {
    Q_OBJECT

private slots:
    void constantsAreFewAndPlausible();
    void builtInIsTheFile();
    void brokenFilesAreNamed_data();
    void brokenFilesAreNamed();
    void unseenStacksFallToTheirYear();
    void fitRepeatsItself();
    void fitFindsWhatItWasMadeWith();
};

void TestCalibration::constantsAreFewAndPlausible() {
    QVERIFY(training::kConstants <= 24);
    const training::Calibration& c = training::Calibration::builtin();
    QCOMPARE(c.info.size(), training::kConstants);
    for (std::size_t i = 0; i < training::kConstants; ++i) {
        QVERIFY2(c.value[i] > c.info[i].low && c.value[i] < c.info[i].high, c.info[i].name.c_str());
        QVERIFY(!c.info[i].meaning.empty() && !c.info[i].unit.empty());
    }
    for (const training::StackFactor& stack : c.stacks) {
        QVERIFY2(stack.factor > 0.5 && stack.factor < 2, stack.stack.c_str());
    }
}

void TestCalibration::builtInIsTheFile() {
    const auto parsed = training::Calibration::parse(shipped(), "training.json");
    QVERIFY(parsed.ok());
    QCOMPARE(parsed->value, training::Calibration::builtin().value);
    QCOMPARE(parsed->date, training::Calibration::builtin().date);
}

void TestCalibration::brokenFilesAreNamed_data() {
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("expected");
    QTest::newRow("unknown") << "\"gemm_hopper\""
                             << "\"gemm_volta\""
                             << "unknown constant `gemm_volta`";
    QTest::newRow("missing") << "\"gemm_hopper\""
                             << "\"gemm_volta\""
                             << "constant `gemm_hopper` is missing";
    QTest::newRow("stack") << "\"default_stack\": \"nemo-2025\""
                           << "\"default_stack\": \"x\""
                           << "the stack `x` is not in the list";
    QTest::newRow("no JSON") << "{"
                             << ""
                             << "cannot be read";
}

void TestCalibration::brokenFilesAreNamed() {
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(QString, expected);
    const QString broken = QString::fromStdString(shipped()).replace(from, to);
    const auto parsed = training::Calibration::parse(broken.toStdString(), "f.json");
    QVERIFY(!parsed.ok());
    QVERIFY2(QString::fromStdString(text(parsed.errors())).contains(expected), text(parsed.errors()).c_str());
}

void TestCalibration::unseenStacksFallToTheirYear() {
    const training::Calibration& c = training::Calibration::builtin();
    training::Job job;
    job.stack = "nobody-knows-it";
    job.year = 2021;
    QCOMPARE(training::stackOf(job, c).stack, std::string("megatron-deepspeed-2022"));
    job.year = 0;
    QCOMPARE(training::stackOf(job, c).stack, c.defaultStack);
    job.stack = "torchtitan-2025"; // the same software in another year is closer than a stranger
    job.year = 2025;
    QCOMPARE(training::stackOf(job, c).stack, std::string("torchtitan-2024"));
    job.stack = "nemo-2023";
    QCOMPARE(training::stackOf(job, c).stack, std::string("nemo-2024"));
    job.stack = "megatron-bridge-2026";
    job.model.experts = 8;
    job.release = "26.04.01";
    QCOMPARE(training::stackOf(job, c).stack, std::string("megatron-bridge-2026 MoE 26.04"));
    job.release = "25.04";
    QCOMPARE(training::stackOf(job, c).stack, std::string("megatron-bridge-2026 MoE 25.09"));
    job.release = "27.01";
    QCOMPARE(training::stackOf(job, c).stack, std::string("megatron-bridge-2026 MoE 26.08"));
}

void TestCalibration::fitRepeatsItself() {
    const auto rows = validation::readRuns(ATLAS_SOURCE_RESOURCES "/validation/training_runs.csv");
    QVERIFY(rows.ok());
    int skipped = 0;
    const std::vector<Sample> samples = samplesOf(*rows, skipped);
    QCOMPARE(samples.size(), std::size_t{380});
    const auto used = pointersTo(samples);
    const auto start = training::Calibration::parse(shipped(), "training.json");
    QVERIFY(start.ok());
    const FitOptions options{3, expertConstants()};
    const auto first = fit(used, *start, options);
    const auto second = fit(used, *start, options);
    QCOMPARE(first.value, second.value);
    // The shipped constants are the end of the fit: nothing is left to move.
    for (std::size_t i = 0; i < training::kConstants; ++i) {
        const double range = start->info[i].high - start->info[i].low;
        QVERIFY2(std::abs(first.value[i] - start->value[i]) < 0.02 * range, start->info[i].name.c_str());
    }
}

void TestCalibration::fitFindsWhatItWasMadeWith() {
    const auto rows = validation::readRuns(ATLAS_SOURCE_RESOURCES "/validation/training_runs.csv");
    QVERIFY(rows.ok());
    int skipped = 0;
    std::vector<Sample> samples = samplesOf(*rows, skipped);
    training::Calibration truth = training::Calibration::builtin();
    for (Sample& sample : samples) {
        const double error = logError(sample, truth); // reports without an error
        sample.reported *= sample.metric == "step_time_s" ? std::exp(error) : std::exp(-error);
    }
    training::Calibration start = truth;
    const auto hopper = static_cast<std::size_t>(training::Constant::GemmHopper);
    start.value[hopper] *= 0.9;
    const auto found = fit(pointersTo(samples), start, {15, expertConstants()});
    QVERIFY(std::abs(found.value[hopper] / truth.value[hopper] - 1) < 0.03);
    for (const Sample& sample : samples) {
        const bool alone = truth.stack(sample.stack)->runs == 1; // the prior of its multiplier weighs as much
        QVERIFY2(sample.moe || alone || std::abs(logError(sample, found)) < 0.03, sample.id.c_str());
    }
}

QTEST_APPLESS_MAIN(TestCalibration)
#include "tst_calibration.moc"

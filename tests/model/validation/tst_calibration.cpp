// The calibration as data and as a program: few constants in plausible ranges, one source of truth, a fit
// that repeats itself.
#include "calibrate.h"
#include "calibration_files.h"
#include "model/training/work.h"
#include "training_fixtures.h"

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
    void unseenStacksFallToTheirFamily_data();
    void unseenStacksFallToTheirFamily();
    void unseenMultiplierIsTheShrunkMean();
    void softwareGetsFaster();
    void expertsFallToTheNearestRelease();
    void keptFilesAreWhatTheProgramWrites();
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

void TestCalibration::unseenStacksFallToTheirFamily_data() {
    QTest::addColumn<QString>("stack");
    QTest::addColumn<int>("year");
    QTest::addColumn<bool>("fullySharded");
    QTest::addColumn<QString>("family");
    QTest::addColumn<int>("attention");
    using training::AttentionKernel;
    const auto row = [](const char* stack, int year, bool sharded, const char* family,
                        AttentionKernel kernel) {
        QTest::newRow(stack) << stack << year << sharded << family << static_cast<int>(kernel);
    };
    row("megatron-2022", 2022, false, "megatron", AttentionKernel::Scores);
    row("nemo-2023", 2023, false, "megatron", AttentionKernel::Flash2);
    row("megascale-2024", 2024, false, "megatron", AttentionKernel::Fused);
    row("megatron-deepspeed-2024", 2024, false, "deepspeed", AttentionKernel::Flash2);
    row("torchtitan-2026", 2026, true, "pytorch", AttentionKernel::Flash2);
    row("maxtext-2026", 2026, true, "xla", AttentionKernel::Fused);
    row("nobody-knows-it", 2024, true, "pytorch", AttentionKernel::Flash2);
    row("nobody-knows-it-either", 0, false, "megatron", AttentionKernel::Fused);
}

void TestCalibration::unseenStacksFallToTheirFamily() {
    QFETCH(QString, stack);
    QFETCH(int, year);
    QFETCH(bool, fullySharded);
    QFETCH(QString, family);
    QFETCH(int, attention);
    const training::Calibration& c = training::Calibration::builtin();
    training::Job job;
    job.stack = stack.toStdString();
    job.year = year;
    job.fullySharded = fullySharded;
    const training::StackFactor found = training::stackOf(job, c);
    QCOMPARE(QString::fromStdString(found.family), family);
    QCOMPARE(static_cast<int>(found.traits.attention), attention);
    // Between the best and the worst stack that was measured.
    double low = 10;
    double high = 0;
    for (const training::StackFactor& known : c.stacks) {
        if (known.stack.find(" MoE") == std::string::npos) {
            low = std::min(low, known.factor);
            high = std::max(high, known.factor);
        }
    }
    QVERIFY(found.factor > low && found.factor < high);
}

void TestCalibration::unseenMultiplierIsTheShrunkMean() {
    // Two stacks of the family at 0.8, two others at 1.25: the mean of all is 1 in logarithms, and with a
    // shrinkage of two stacks the family keeps half of its distance.
    training::Calibration c = training::Calibration::builtin();
    c.stacks.clear();
    c.assumptions.unseenShrinkage = 2;
    for (const auto& [family, factor] :
         {std::pair("xla", 0.8), {"xla", 0.8}, {"pytorch", 1.25}, {"pytorch", 1.25}}) {
        c.stacks.push_back({"some", factor, {}, family, 1});
    }
    c.stacks.push_back({"some MoE 26.01", 3.0, {}, "xla", 1}); // another scale
    c.stacks.push_back({"never run", 3.0, {}, "xla", 0});
    QVERIFY(std::abs(c.unseen("jax-2030", 2030, false).factor - std::sqrt(0.8)) < 1e-12);
}

void TestCalibration::softwareGetsFaster() {
    const training::Calibration& c = training::Calibration::builtin();
    training::Job job;
    job.stack = "megatron-bridge-2026";
    job.year = 2026;
    job.release = "25.09";
    QVERIFY(std::abs(training::softwareYear(job, c) - (2025 + 8.5 / 12)) < 1e-9);
    // The power law of experience: Blackwell shipped at the turn to 2025, so its software was 8.5 months old,
    // then 20.5; a software that is three years old is what the factor of its stack stands for.
    const auto factorOf = [&](const char* release, training::Pool pool) {
        job.release = release;
        const training::Machine machine{"machine", {std::move(pool)}, 10e12, 5e-6};
        const auto setup = training::setUp(machine, job, c);
        return setup ? setup->lanes.front().work.stackFactor : 0;
    };
    job.model = training::fixtures::llama70b();
    training::Pool blackwell = training::fixtures::hopper(8);
    blackwell.fp4FlopPerS = 4e15;
    const double learning = c[training::Constant::SoftwareLearning];
    const double gain = factorOf("25.09", blackwell) / factorOf("26.09", blackwell);
    QVERIFY(std::abs(std::log(gain) - learning * std::log(20.5 / 8.5)) < 1e-9);
    const double factor = c.stack("megatron-bridge-2026")->factor;
    const double hopperYears = 2025 + 8.5 / 12 - 2022.75;
    const double stated = factorOf("25.09", training::fixtures::hopper(8)) / factor;
    QVERIFY(std::abs(stated - std::pow(hopperYears / 3, -learning)) < 1e-9);
    job.release = "nightly";
    QCOMPARE(training::softwareYear(job, c), 2026.5);
    job.year = 0;
    job.stack = "torchtitan-2024";
    QCOMPARE(training::softwareYear(job, c), 2024.5);
    job.stack = "unnamed";
    QCOMPARE(training::softwareYear(job, c), 2025.5);
}

void TestCalibration::expertsFallToTheNearestRelease() {
    const training::Calibration& c = training::Calibration::builtin();
    training::Job job;
    job.stack = "megatron-bridge-2026";
    job.model.experts = 8;
    job.release = "26.04.01";
    QCOMPARE(training::stackOf(job, c).stack, std::string("megatron-bridge-2026 MoE 26.04"));
    job.release = "25.04";
    QCOMPARE(training::stackOf(job, c).stack, std::string("megatron-bridge-2026 MoE 25.09"));
    job.release = "27.01";
    QCOMPARE(training::stackOf(job, c).stack, std::string("megatron-bridge-2026 MoE 26.08"));
}

void TestCalibration::keptFilesAreWhatTheProgramWrites() {
    const auto rows = validation::readRuns(ATLAS_SOURCE_RESOURCES "/validation/training_runs.csv");
    const auto kept = validation::readRuns(ATLAS_SOURCE_RESOURCES "/calibration/out_of_fold.csv");
    const auto start = training::Calibration::parse(shipped(), "training.json");
    QVERIFY(rows.ok() && kept.ok() && start.ok());
    int skipped = 0;
    const std::vector<Sample> samples = samplesOf(*rows, skipped);
    QCOMPARE(samples.size(), std::size_t{380});
    // From the middle of the ranges, not from the shipped values.
    const Calibrated again = calibrate(samples, *start);
    for (std::size_t i = 0; i < training::kConstants; ++i) {
        const double range = start->info[i].high - start->info[i].low;
        QVERIFY2(std::abs(again.best.value[i] - start->value[i]) < 1e-3 * range, start->info[i].name.c_str());
    }
    QCOMPARE(again.summary(), start->text);
    const auto errors = again.errors();
    QCOMPARE(errors.size(), kept->size());
    for (std::size_t i = 0; i < errors.size(); ++i) {
        const validation::RunRow& row = (*kept)[i];
        QCOMPARE(row.text("id"), errors[i].sample->id);
        QCOMPARE(row.text("fold"), errors[i].sample->group);
        const auto same = [&](const char* column, double logError) {
            return std::abs(*row.number(column) - 100 * std::expm1(logError)) < 0.1;
        };
        QVERIFY2(same("in_sample_pct", errors[i].inSample), row.text("id").c_str());
        QVERIFY2(same("group_left_out_pct", errors[i].groupLeftOut), row.text("id").c_str());
        QVERIFY2(same("stack_left_out_pct", errors[i].stackLeftOut), row.text("id").c_str());
        QVERIFY2(same("source_left_out_pct", errors[i].sourceLeftOut), row.text("id").c_str());
        // A time grows with the error, a rate falls.
        const double ratio = *row.number("predicted") / *row.number("reported");
        const double expected = 1 + *row.number("group_left_out_pct") / 100;
        QVERIFY2(std::abs((row.text("metric") == "step_time_s" ? ratio : 1 / ratio) - expected) < 2e-3,
                 row.text("id").c_str());
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

// Errors in one unit, groups of them, the worst rows with their explanations, and the sentences made of them.
#include "model/validation/credibility.h"
#include "model/validation/published_data.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using namespace atlas::validation;

namespace {

CheckedRun run(const char* id, double error, bool moe = false, const char* gpu = "H100-SXM",
               double gpus = 64) {
    CheckedRun made;
    made.id = id;
    made.gpu = gpu;
    made.gpus = gpus;
    made.moe = moe;
    made.source = "publisher/book chapter";
    made.reported = 400;
    made.error[0] = error;
    return made;
}

const RunRow* rowOf(const std::vector<RunRow>& rows, const std::string& id) {
    const auto found = std::ranges::find_if(rows, [&](const RunRow& row) { return row.text("id") == id; });
    return found == rows.end() ? nullptr : &*found;
}

} // namespace

class TestCredibility : public QObject {
    Q_OBJECT

private slots:
    void tablesAreThere();
    void errorsAreOfTheThroughput();
    void metricsComeToOneUnit();
    void neverFittedRowsSayWhy();
    void spreadByHand();
    void groupsHoldEveryRunOnce_data();
    void groupsHoldEveryRunOnce();
    void worstIsTheLargestFactor();
    void explanationsAreOfRowsThatExist();
    void repeatsByHand();
    void findings();
    void biasFindings_data();
    void biasFindings();
};

void TestCredibility::tablesAreThere() {
    QVERIFY(publishedRuns().size() >= 524);
    QVERIFY(outOfFold().size() >= 380);
    QVERIFY(publishedServing().size() >= 39);
    QVERIFY(explanations().size() >= 10);
    // The tables of the program are those of the folder.
    QCOMPARE(readRuns(ATLAS_SOURCE_RESOURCES "/validation/training_runs.csv")->size(),
             publishedRuns().size());
    QCOMPARE(readRuns(ATLAS_SOURCE_RESOURCES "/calibration/out_of_fold.csv")->size(), outOfFold().size());
}

void TestCredibility::errorsAreOfTheThroughput() {
    // The kept prediction and the kept error say the same, whatever the metric.
    const auto runs = checkedRuns();
    std::size_t compared = 0;
    for (const CheckedRun& checked : runs) {
        const RunRow* kept = rowOf(outOfFold(), checked.id);
        QCOMPARE(kept != nullptr, checked.fitted);
        if (kept == nullptr) {
            continue;
        }
        const double ratio = *kept->number("predicted") / *kept->number("reported");
        const double throughput = kept->text("metric") == "step_time_s" ? 1 / ratio : ratio;
        QVERIFY2(std::abs(1 + *checked.errorOf(FitBasis::GroupLeftOut) - throughput) < 5e-4,
                 checked.id.c_str());
        QVERIFY(std::abs(checked.predicted(FitBasis::GroupLeftOut) / checked.reported - throughput) < 5e-4);
        ++compared;
    }
    QCOMPARE(compared, outOfFold().size());
}

void TestCredibility::metricsComeToOneUnit() {
    // One run told as step time and as tokens/s a GPU: 64 GPUs, 128 sequences of 8,192 tokens in 14.61 s.
    RunRow row = *rowOf(publishedRuns(), "dgxc-017");
    row.cells["reported_metric"] = "step_time_s";
    row.cells["reported_value"] = "20";
    RunRow rate = row;
    rate.cells["reported_metric"] = "tokens_per_s_per_gpu";
    rate.cells["reported_value"] = std::to_string(1024.0 * 8192 / 20 / 512);
    const auto both = checkedRuns({row, rate}, {});
    QCOMPARE(both.size(), std::size_t{2});
    QVERIFY(std::abs(both[0].reported / both[1].reported - 1) < 1e-6);
    QVERIFY(std::abs(*both[0].errorOf(FitBasis::NeverFitted) - *both[1].errorOf(FitBasis::NeverFitted)) <
            1e-6);
    // A slower report by a half lowers the figure by a third and raises the promise by a half.
    rate.cells["reported_value"] = std::to_string(1024.0 * 8192 / 30 / 512);
    const auto slower = checkedRuns({rate}, {});
    QVERIFY(std::abs(slower[0].reported / both[0].reported - 2.0 / 3) < 1e-6);
    QVERIFY(std::abs((1 + *slower[0].errorOf(FitBasis::NeverFitted)) /
                         (1 + *both[0].errorOf(FitBasis::NeverFitted)) -
                     1.5) < 1e-5);
}

void TestCredibility::neverFittedRowsSayWhy() {
    const auto runs = checkedRuns();
    const auto outside = selected(runs, FitBasis::NeverFitted, ModelKind::All);
    QVERIFY(!outside.empty());
    for (const CheckedRun& each : outside) {
        QVERIFY(!each.fitted && !each.whyNotFitted.empty());
    }
    QCOMPARE(outside.size() + selected(runs, FitBasis::InSample, ModelKind::All).size(), runs.size());
    QCOMPARE(selected(runs, FitBasis::GroupLeftOut, ModelKind::Dense).size() +
                 selected(runs, FitBasis::GroupLeftOut, ModelKind::Moe).size(),
             selected(runs, FitBasis::GroupLeftOut, ModelKind::All).size());
}

void TestCredibility::spreadByHand() {
    // Ten errors, shuffled: sorted[n q] of -0.5, -0.4 .. 0.4.
    const ErrorSpread s = spreadOf({0.0, -0.5, 0.4, -0.4, 0.3, -0.3, 0.2, -0.2, 0.1, -0.1});
    QCOMPARE(s.runs, std::size_t{10});
    QCOMPARE(s.low, -0.4);
    QCOMPARE(s.quarter, -0.3);
    QCOMPARE(s.median, 0.0);
    QCOMPARE(s.three, 0.2);
    QCOMPARE(s.high, 0.4);
    QCOMPARE(s.size.worst, 0.5);
    QCOMPARE(spreadOf({}).runs, std::size_t{0});
    QCOMPARE(spreadOf({0.07}).high, 0.07);
}

void TestCredibility::groupsHoldEveryRunOnce_data() {
    QTest::addColumn<int>("by");
    for (const auto& [name, by] : std::map<const char*, GroupBy>{{"GPU", GroupBy::Gpu},
                                                                 {"precision", GroupBy::Precision},
                                                                 {"size", GroupBy::Size},
                                                                 {"source", GroupBy::Source},
                                                                 {"stack", GroupBy::Stack},
                                                                 {"kind", GroupBy::Kind}}) {
        QTest::newRow(name) << static_cast<int>(by);
    }
}

void TestCredibility::groupsHoldEveryRunOnce() {
    QFETCH(int, by);
    const auto runs = selected(checkedRuns(), FitBasis::GroupLeftOut, ModelKind::All);
    const auto groups = errorGroups(runs, FitBasis::GroupLeftOut, static_cast<GroupBy>(by));
    std::size_t held = 0;
    std::set<std::string> names;
    for (const ErrorGroup& group : groups) {
        held += group.spread.runs;
        names.insert(group.name);
        QVERIFY(group.spread.low <= group.spread.quarter && group.spread.quarter <= group.spread.median);
        QVERIFY(group.spread.median <= group.spread.three && group.spread.three <= group.spread.high);
    }
    QCOMPARE(held, runs.size());
    QCOMPARE(names.size(), groups.size());
    QVERIFY(groups.size() >= 2);
    if (static_cast<GroupBy>(by) == GroupBy::Size) {
        QCOMPARE(groups.front().name, std::string("up to 8 GPUs"));
    } else {
        for (std::size_t i = 1; i < groups.size(); ++i) {
            QVERIFY(groups[i - 1].spread.runs >= groups[i].spread.runs);
        }
    }
}

void TestCredibility::worstIsTheLargestFactor() {
    // 0.6 of the truth is further off than 1.5 of it.
    const auto worst = worstRows({run("a", 0.5), run("b", -0.4), run("c", 0.01)}, FitBasis::GroupLeftOut, 2);
    QCOMPARE(worst.size(), std::size_t{2});
    QCOMPARE(worst[0].run.id, std::string("b"));
    QCOMPARE(worst[1].run.id, std::string("a"));
    QVERIFY(!worst[0].explanation);
    QCOMPARE(standingText(worst[0].explanation), std::string("unknown"));
    QVERIFY(worstRows({run("a", 0.5)}, FitBasis::InSample, 10).empty());
}

void TestCredibility::explanationsAreOfRowsThatExist() {
    std::set<std::string> told;
    for (const RunRow& entry : explanations()) {
        QVERIFY2(entry.text("standing") == "likely" || entry.text("standing") == "unknown",
                 entry.text("id").c_str());
        QVERIFY(entry.text("explanation").size() > 20 && entry.text("reason").size() > 40);
        for (const QString& word : QString::fromStdString(entry.text("rows")).split(' ')) {
            const std::string id = word.toStdString();
            QVERIFY2(rowOf(publishedRuns(), id) != nullptr || rowOf(publishedServing(), id) != nullptr,
                     id.c_str());
            QVERIFY2(told.insert(id).second, (id + " is explained twice").c_str());
        }
    }
    const auto found = explanationOf("dgxc-200", explanations());
    QVERIFY(found && found->standing == Standing::Likely);
    QVERIFY(QString::fromStdString(found->reason).contains("15.933"));
    QVERIFY(!explanationOf("no such row", explanations()));
}

void TestCredibility::repeatsByHand() {
    // Grok-1 on 512 H100: 21.01 s and, in a later container, 15.933 s.
    const Repeats grok = repeatsOf("dgxc-200", publishedRuns());
    QCOMPARE(grok.rows, std::size_t{2});
    QVERIFY(std::abs(grok.widest - 21.01 / 15.933) < 1e-9);
    QVERIFY(!repeatsOf("ttitan-005", publishedRuns()).any());
    QVERIFY(!repeatsOf("no such row", publishedRuns()).any());
}

void TestCredibility::findings() {
    const std::vector<CheckedRun> runs = {run("a", 0.01), run("b", -0.028), run("c", 0.09),
                                          run("d", 0.1, true)};
    QCOMPARE(
        accuracyFinding(runs, FitBasis::GroupLeftOut),
        std::string("Half of 3 dense runs are predicted within 2.8 %, half of 1 mixtures of experts within "
                    "10.0 %"));
    QCOMPARE(accuracyFinding({run("a", 0.01)}, FitBasis::GroupLeftOut),
             std::string("Half of 1 dense runs are predicted within 1.0 %"));
    QCOMPARE(accuracyFinding(runs, FitBasis::NeverFitted),
             std::string("No published run can be predicted on this basis"));
    QCOMPARE(
        worstFinding(worstRows(runs, FitBasis::GroupLeftOut, 2), runs.size()),
        std::string("1 of the 2 worst of 4 runs are mixtures of experts; the worst is promised 10.0 % too "
                    "much"));
    ValidatedRange range;
    range.smallestGpus = 8;
    range.largestGpus = 2304;
    range.classes = {{"a", 1, 8, {atlas::training::MathWidth::Bits16, atlas::training::MathWidth::Bits4}},
                     {"b", 1, 8, {atlas::training::MathWidth::Bits8}}};
    QCOMPARE(rangeFinding(range),
             std::string("Checked from 8 to 2,304 GPUs of 2 classes in 16, 8 and 4 bit"));
    range.classes.resize(1);
    QCOMPARE(rangeFinding(range), std::string("Checked from 8 to 2,304 GPUs of 1 classes in 16 and 4 bit"));
    ServingRun served;
    served.point.published = 100;
    served.predicted = 80; // a factor of 1.25
    ServingRun assumed = served;
    assumed.point.assumed = true;
    assumed.predicted = 10;
    ServingRun worst = served;
    worst.predicted = 200;
    const std::vector<ServingRun> all = {served, served, worst, assumed};
    QCOMPARE(servingFinding(all), std::string("Half of 3 published serving rates are met within a factor of "
                                              "1.25, the worst within 2.00"));
    QVERIFY(std::isinf(offBy(ServingRun{served.point, 0, {}})));
}

void TestCredibility::biasFindings_data() {
    QTest::addColumn<double>("a");
    QTest::addColumn<double>("b");
    QTest::addColumn<int>("runs");
    QTest::addColumn<QString>("words");
    QTest::newRow("none") << 0.02 << -0.03 << 4 << "No GPU is off by more than 3 % in the middle";
    QTest::newRow("one") << 0.041 << 0.0 << 4
                         << "A is promised 4.1 % too much in the middle; all else stays within 3 %";
    QTest::newRow("below") << 0.0 << -0.05 << 4
                           << "B is promised 5.0 % too little in the middle; all else stays within 3 %";
    QTest::newRow("both") << 0.06 << -0.05 << 4
                          << "A is promised 6.0 % too much in the middle; 1 more by over 3 %";
    QTest::newRow("too few") << 0.5 << -0.5 << 3 << "Too few runs to tell one GPU from another";
}

void TestCredibility::biasFindings() {
    QFETCH(double, a);
    QFETCH(double, b);
    QFETCH(int, runs);
    QFETCH(QString, words);
    std::vector<CheckedRun> all;
    for (int i = 0; i < runs; ++i) {
        all.push_back(run("x", a, false, "A"));
        all.push_back(run("y", b, false, "B"));
    }
    const auto groups = errorGroups(all, FitBasis::GroupLeftOut, GroupBy::Gpu);
    QCOMPARE(QString::fromStdString(biasFinding(groups, "GPU")), words);
}

QTEST_APPLESS_MAIN(TestCredibility)
#include "tst_credibility.moc"

// Inside or outside of what was checked, and in which words.
#include "model/training/calibration.h"
#include "model/training/work.h"
#include "model/validation/published_data.h"
#include "model/validation/published_gpus.h"
#include "model/validation/run_case.h"
#include "model/validation/validity.h"

#include <QTest>

using namespace atlas;
using namespace atlas::validation;
using training::MathWidth;

namespace {

/// A range made by hand: two classes, dense up to 405 B, experts up to 1 T on 1,024 GPUs.
ValidatedRange smallRange() {
    ValidatedRange range;
    range.runs = 10;
    range.smallestGpus = 8;
    range.largestGpus = 2304;
    range.largestMoeGpus = 1024;
    range.largestParams = 405e9;
    range.largestMoeParams = 1e12;
    range.longestSequence = 262144;
    range.classes = {{"H100-SXM", 7, 2304, {MathWidth::Bits16, MathWidth::Bits8}},
                     {"GB200", 3, 512, {MathWidth::Bits16, MathWidth::Bits8, MathWidth::Bits4}}};
    return range;
}

Claim claim(double gpus, const char* gpu = "H100-SXM", MathWidth width = MathWidth::Bits8) {
    Claim c;
    c.classes = {{gpu, width, gpus}};
    c.params = 70e9;
    c.sequence = 8192;
    return c;
}

} // namespace

class TestValidity : public QObject {
    Q_OBJECT

private slots:
    void saysHowFarOutside_data();
    void saysHowFarOutside();
    void everyRunOfTheFitIsInside();
    void rangeIsThatOfTheFit();
    void aJobClaimsThePoolsItUses();
    void servingIsJudgedByServing();
};

void TestValidity::saysHowFarOutside_data() {
    QTest::addColumn<Claim>("claim");
    QTest::addColumn<QString>("words");
    QTest::newRow("inside") << claim(2304) << "";
    QTest::newRow("size") << claim(550000) << "550,000 GPUs is 239 times the largest validated run";
    QTest::newRow("a little larger") << claim(3456) << "3,456 GPUs is 1.5 times the largest validated run";
    QTest::newRow("smaller than any") << claim(1) << "1 GPU is fewer than any validated run has";
    Claim experts = claim(2048);
    experts.moe = true;
    QTest::newRow("experts") << experts
                             << "2,048 GPUs is 2 times the largest validated run of a mixture of experts";
    experts = claim(512);
    experts.moe = true;
    experts.params = 6e12;
    QTest::newRow("model of experts")
        << experts << "6 T parameters is 6 times the largest validated mixture of experts";
    Claim dense = claim(512);
    dense.params = 1012.5e9;
    QTest::newRow("dense model") << dense
                                 << "1.01 T parameters is 2.5 times the largest validated dense model";
    QTest::newRow("class") << claim(64, "R100") << "no validated run used R100";
    QTest::newRow("precision") << claim(64, "H100-SXM", MathWidth::Bits4)
                               << "no validated run on H100-SXM computed in 4 bit";
    QTest::newRow("precision on another class") << claim(64, "GB200", MathWidth::Bits4) << "";
    Claim longer = claim(64);
    longer.sequence = 1048576;
    QTest::newRow("sequence") << longer << "1,048,576 tokens of context is 4 times the longest validated";
    Claim mixed = claim(1000);
    mixed.classes.push_back({"GB200", MathWidth::Bits8, 1000});
    QTest::newRow("mix") << mixed << "no validated run mixed classes of GPU";
    mixed.classes.push_back({"R100", MathWidth::Bits8, 44080});
    QTest::newRow("several at once")
        << mixed
        << "46,080 GPUs is 20 times the largest validated run; no validated run used R100; no "
           "validated run mixed classes of GPU";
}

void TestValidity::saysHowFarOutside() {
    QFETCH(Claim, claim);
    QFETCH(QString, words);
    const Validity found = assess(claim, smallRange());
    QCOMPARE(QString::fromStdString(found.allWords()), words);
    QCOMPARE(found.inside(), words.isEmpty());
    QCOMPARE(QString::fromStdString(found.words()), words.section("; ", 0, 0));
}

void TestValidity::everyRunOfTheFitIsInside() {
    std::set<std::string> fitted;
    for (const RunRow& row : outOfFold()) {
        fitted.insert(row.text("id"));
    }
    int checked = 0;
    for (const RunRow& row : publishedRuns()) {
        const auto run = caseOf(row);
        if (!fitted.contains(row.text("id")) || !run) {
            continue;
        }
        const auto shape = training::shapeOf(run->job.model);
        QVERIFY(shape.ok());
        Claim c;
        c.classes = {{row.text("gpu"), training::widthOf(run->job.precision), *row.number("n_gpus")}};
        c.moe = run->job.model.experts > 0;
        c.params = shape->totalParams();
        c.sequence = run->job.sequence;
        QVERIFY2(assess(c).inside(), (row.text("id") + ": " + assess(c).allWords()).c_str());
        ++checked;
    }
    QCOMPARE(checked, ValidatedRange::training().runs);
}

void TestValidity::rangeIsThatOfTheFit() {
    const ValidatedRange& range = ValidatedRange::training();
    QCOMPARE(static_cast<std::size_t>(range.runs), outOfFold().size());
    QCOMPARE(range.largestGpus, training::Calibration::builtin().validatedGpus);
    double largest = 0;
    int runs = 0;
    for (const ValidatedClass& seen : range.classes) {
        largest = std::max(largest, seen.largestGpus);
        runs += seen.runs;
    }
    QCOMPARE(largest, range.largestGpus);
    QCOMPARE(runs, range.runs);
    QVERIFY(range.largestMoeGpus <= range.largestGpus);
    QVERIFY(range.smallestGpus >= 1 && range.shortestSequence < range.longestSequence);
    // A row that is not in the fit changes nothing, a larger one that is does.
    auto rows = publishedRuns();
    rows.front().cells["n_gpus"] = "16384";
    rows.front().cells["dp"] = "16384";
    rows.front().cells["tp"] = rows.front().cells["pp"] = rows.front().cells["cp"] = "1";
    rows.front().cells["global_batch_seqs"] = "16384";
    rows.front().cells["id"] = "larger";
    QCOMPARE(rangeOf(rows, {}).runs, 0);
    QCOMPARE(rangeOf(rows, {"larger"}).largestGpus, 16384.0);
}

void TestValidity::aJobClaimsThePoolsItUses() {
    const auto pool = [](const char* gpu, const char* name, std::int64_t gpus) {
        auto made = publishedPool(gpu, gpus);
        made->name = name;
        return *made;
    };
    const training::Machine machine{
        "mix",
        {pool("A100-80GB", "old", 96), pool("GB200", "new", 288), pool("GB200", "newer", 144)},
        1e12,
        1e-5};
    training::Job job = caseOf(publishedRuns().front())->job;
    job.precision = scenario::Precision::Nvfp4;
    job.placement = scenario::Placement::DropSlowest;
    const auto claimed = [&] {
        return claimOf(*training::setUp(machine, job, training::Calibration::builtin()));
    };
    Claim found = claimed();
    QCOMPARE(found.classes.size(), std::size_t{1}); // the A100s are left out; two pools of one class are one
    QCOMPARE(found.gpus(), 432.0);
    QVERIFY(found.classes.front().width == MathWidth::Bits4);
    QCOMPARE(found.sequence, static_cast<double>(job.sequence));
    job.placement = scenario::Placement::Proportional;
    found = claimed();
    QCOMPARE(found.classes.size(), std::size_t{2});
    QCOMPARE(found.gpus(), 528.0);
    QVERIFY(QString::fromStdString(assess(found).allWords()).contains("mixed classes"));
}

void TestValidity::servingIsJudgedByServing() {
    const ValidatedRange& range = ValidatedRange::serving();
    QVERIFY(range.runs >= 33 && !range.synchronous);
    QVERIFY(range.find("GB300") != nullptr && range.find("H100-96GB-500W") == nullptr);
    // Any number of GPUs, any mix of classes that were measured.
    Claim many;
    many.classes = {{"H100-SXM", MathWidth::Bits8, 1e6}, {"A100-80GB", MathWidth::Bits16, 1e6}};
    many.params = 70e9;
    many.sequence = 2000;
    QVERIFY2(assess(many, range).inside(), assess(many, range).allWords().c_str());
    many.classes.front().width = MathWidth::Bits4;
    QCOMPARE(assess(many, range).words(),
             std::string("no validated serving rate on H100-SXM computed in 4 bit"));
}

QTEST_APPLESS_MAIN(TestValidity)
#include "tst_validity.moc"

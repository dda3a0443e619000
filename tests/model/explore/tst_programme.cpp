#include "model/explore/programme.h"
#include "model/finance/contract.h"
#include "model/scenario/scenario_loader.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using namespace atlas;
using namespace atlas::explore;
using catalog::Sourced;

namespace {

constexpr double kMonth = finance::kHoursPerMonth * 3600.0;

bool closeTo(double value, double expected, double relative = 1e-9) {
    return std::abs(value - expected) <= relative * std::max(1.0, std::abs(expected));
}

/// A course that keeps 1e20 FLOP/s for six months and 2e20 from then on.
TrainingCourse growing(const scenario::Scenario& s) {
    TrainingCourse course;
    course.job = &s.trainJobs.front();
    for (const double rate : {1e20, 2e20}) {
        TrainingCourse::Stretch stretch;
        stretch.from = {s.start.index + (rate > 1e20 ? 6 : 0)};
        stretch.until = {s.start.index + (rate > 1e20 ? s.horizonMonths : 6)};
        stretch.goodput = 0.5;
        stretch.anatomy.tokensPerS = rate / 1e12 / 0.5;
        stretch.anatomy.modelFlopPerToken = 1e12;
        course.stretches.push_back(stretch);
    }
    course.finish = 1;
    return course;
}

scenario::Scenario withRuns() {
    scenario::Scenario s;
    s.horizonMonths = 24;
    scenario::TrainJob job;
    job.id = "job";
    job.name = "Job";
    job.tokens = Sourced(3 * 1e20 * kMonth / 1e12); // three months of the first machine
    s.trainJobs = {job};
    s.economics.discountRatePerYear = Sourced(0.1);
    s.market.worthDecayPerYear = Sourced(0.5);
    s.runs = {{"a", "A", "job", Sourced(), Sourced(10e9), ""},
              {"b", "B", "", Sourced(7e20 * kMonth), Sourced(10e9), ""},
              {"c", "C", "", Sourced(1e22 * kMonth), Sourced(10e9), ""}};
    return s;
}

scenario::Scenario shipped() {
    auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                         ATLAS_SOURCE_RESOURCES);
    return loaded ? std::move(loaded->scenario) : scenario::Scenario{};
}

} // namespace

class TestProgramme : public QObject {
    Q_OBJECT
private slots:
    void modelsAreTrainedOneAfterAnother() {
        const auto s = withRuns();
        const auto course = growing(s);
        const auto dates = runDates(s, &course);
        QCOMPARE(dates.size(), std::size_t(3));
        QVERIFY(closeTo(*dates[0].beginMonths, 0) && closeTo(*dates[0].doneMonths, 3));
        // Seven machine-months: three on the first machine, two on the second, twice as fast one.
        QVERIFY(closeTo(*dates[1].beginMonths, 3) && closeTo(*dates[1].doneMonths, 8));
        // A hundred more at two a month: 58, past the horizon at the last rate, and then worth nothing here.
        QVERIFY(closeTo(*dates[2].doneMonths, 8 + 50));
        QCOMPARE(dates[2].presentUsd, 0.0);
        // Half is left after a year: 10e9 x 0.5^(8/12), discounted at 10 %.
        QVERIFY(closeTo(dates[1].worthUsd, 10e9 * std::pow(0.5, 8 / 12.0)));
        QVERIFY(closeTo(dates[1].presentUsd, 10e9 * std::pow(0.5 / 1.1, 8 / 12.0)));
    }

    /// B as a job of its own, at half the pace of A's: 1.5 machine-months on the first machine, 5.5 on the
    /// second.
    void aRunGoesAtThePaceOfItsOwnJob() {
        auto s = withRuns();
        scenario::TrainJob next = s.trainJobs.front();
        next.id = "next";
        next.tokens = Sourced(7 * 1e20 * kMonth / 1e12);
        s.trainJobs.push_back(next);
        s.runs[1].job = "next";
        const auto course = growing(s);
        auto slow = growing(s);
        slow.job = &s.trainJobs.back();
        for (auto& stretch : slow.stretches) {
            stretch.anatomy.tokensPerS /= 2;
        }
        const std::vector<TrainingCourse> others = {slow};
        const auto dates = runDates(s, &course, others);
        QVERIFY(closeTo(*dates[0].doneMonths, 3));
        QVERIFY(closeTo(*dates[1].beginMonths, 3) && closeTo(*dates[1].doneMonths, 11.5));
        QVERIFY(closeTo(*dates[2].beginMonths, 11.5) && closeTo(*dates[2].doneMonths, 11.5 + 50));
        // A job that fits nowhere is never begun, and the next run takes its turn.
        const auto without = runDates(s, &course);
        QVERIFY(!without[1].beginMonths && closeTo(*without[2].beginMonths, 3));
    }

    /// By hand, in months of the first machine: A keeps 3, B at half the pace 7, C at the target's pace what
    /// is left of 24 months; nothing is lost between them or counted twice.
    void whatIsDeliveredIsWhatReallyRan() {
        auto s = withRuns();
        scenario::TrainJob next = s.trainJobs.front();
        next.id = "next";
        next.name = "Next";
        next.tokens = Sourced(7 * 1e20 * kMonth / 1e12);
        s.trainJobs.push_back(next);
        s.runs[1].job = "next";
        scenario::Assignment assignment;
        assignment.cluster = "machine";
        std::vector<TrainingCourse> courses = {growing(s)};
        std::vector<TrainingCourse> others = {growing(s)};
        courses[0].assignment = others[0].assignment = &assignment;
        others[0].job = &s.trainJobs.back();
        for (auto* course : {&courses[0], &others[0]}) {
            for (auto& stretch : course->stretches) {
                stretch.anatomy.gpusTotal = 1000;
                stretch.anatomy.stepTimeS = 2;
                stretch.anatomy.energyJ = course == &others[0] ? 1.6e6 : 1.2e6; // 800 W and 600 W a GPU
            }
        }
        for (auto& stretch : others[0].stretches) {
            stretch.anatomy.tokensPerS /= 2;
        }
        auto stints = stintsOf(s, courses, 0, others);
        QCOMPARE(stints.size(), std::size_t(3));
        QVERIFY(closeTo(stints[0].flop, 3e20 * kMonth) && stints[0].run == "A");
        // From month 3: three months at 0.5, then 5.5 at 1; the twelve and a half left of C at 2.
        QVERIFY(closeTo(stints[1].flop, 7e20 * kMonth) && stints[1].job == "Next");
        QVERIFY(closeTo(stints[1].fromMonths, 3) && closeTo(stints[1].untilMonths, 11.5));
        QVERIFY(closeTo(stints[2].flop, 25e20 * kMonth) && stints[2].job == "Job");
        QVERIFY(closeTo(keptFlop(stints), 35e20 * kMonth) && closeTo(keptFlop(stints, 0), 35e20 * kMonth));
        QVERIFY(closeTo(meanGpuPowerW(stints, "machine"), (600 * 15.5 + 800 * 8.5) / 24));
        QCOMPARE(meanGpuPowerW(stints, "elsewhere"), 0.0);
        // A list that ends early: the cluster goes on with its own job, 12.5 months at 2.
        s.runs.resize(2);
        stints = stintsOf(s, courses, 0, others);
        QVERIFY(stints.size() == 3 && stints[2].run.empty() && closeTo(stints[2].flop, 25e20 * kMonth));
        // On a cluster that is handed over after seven months B is cut off: 3 months at 0.5 and 1 at 1.
        for (auto* course : {&courses[0], &others[0]}) {
            course->handedOver = true;
            course->stretches[1].until = {s.start.index + 7};
        }
        stints = stintsOf(s, courses, 0, others);
        QVERIFY(stints.size() == 2 && closeTo(stints[1].untilMonths, 7));
        QVERIFY(closeTo(keptFlop(stints), (3 + 1.5 + 1) * 1e20 * kMonth));
        // A course of its own, with a machine that comes later, has no turns to take.
        courses.push_back(courses[0]);
        courses[1].stretches.erase(courses[1].stretches.begin());
        stints = stintsOf(s, courses, std::nullopt, {});
        QVERIFY(stints.size() == 2 && stints[1].course == 1);
        QVERIFY(closeTo(stints[1].fromMonths, 6) && closeTo(keptFlop(stints, 1), 2e20 * kMonth));
    }

    /// In every shipped strategy the stints of a cluster tile its months, a finished model has had its whole
    /// budget, and what is delivered is their sum.
    void deliveredTrainingIsConserved() {
        const auto s = shipped();
        std::size_t finished = 0;
        for (const auto& strategy : s.strategies) {
            const auto p = programme(s, strategy.id);
            QVERIFY(p.ok());
            const auto& delivered = p->rows[*rowOf("delivered_exaflop_days")].value;
            QCOMPARE(delivered.has_value(), !p->stints.empty());
            if (!delivered) {
                continue;
            }
            QVERIFY(closeTo(*delivered * 86400e18, keptFlop(p->stints)));
            QVERIFY(closeTo(*p->rows[*rowOf("delivered_flop_per_s")].value * s.horizonMonths * kMonth,
                            keptFlop(p->stints)));
            std::map<std::size_t, double> until;
            for (const Stint& stint : p->stints) {
                QVERIFY(stint.flop > 0 && stint.months() > 0);
                QVERIFY(!until.contains(stint.course) || closeTo(until[stint.course], stint.fromMonths));
                until[stint.course] = stint.untilMonths;
                const auto run = std::ranges::find(p->runs, stint.run, &RunDate::name);
                if (run != p->runs.end() && *run->doneMonths <= s.horizonMonths) {
                    QVERIFY(closeTo(stint.flop, run->flop));
                    ++finished;
                }
            }
            for (const auto& [course, end] : until) {
                QCOMPARE(end, static_cast<double>(s.horizonMonths));
            }
        }
        QVERIFY(finished > 4);
    }

    /// A job that only the runs name is planned, stepped and kept as any other.
    void jobsOfRunsHaveStepsOfTheirOwn() {
        auto s = shipped();
        s.runs.resize(2);
        s.runs[1].job = "dense";
        const auto both = programme(s, "lease-1-train-2");
        QVERIFY(both.ok());
        const ModelInputs inputs = ModelInputs::central(s);
        const scenario::Strategy& strategy = *inputs.scenario.strategy("lease-1-train-2");
        const auto layouts = Layouts::plan(inputs, {&strategy}, {});
        const auto physics = physicsOf(inputs, strategy, *layouts);
        QCOMPARE(physics->runCourses.size(), std::size_t(1));
        const TrainingCourse& dense = physics->runCourses.front();
        QCOMPARE(dense.job->id, std::string("dense"));
        QVERIFY(dense.telling().goodput > 0 && dense.telling().goodput < 1);
        const double pace = physics->main()->telling().flopPerS() / dense.telling().flopPerS();
        QVERIFY(std::abs(pace - 1) > 0.01);
        const RunDate& run = both->runs[1];
        QVERIFY(
            closeTo(run.flop, s.trainJob("dense")->tokens.value * dense.telling().anatomy.modelFlopPerToken));
        QVERIFY(*run.doneMonths > *run.beginMonths);
    }

    /// The amended filing: some 325,000 GPUs at both sites for the whole fee, however it is split.
    void theLeaseOverBothSites() {
        const auto s = shipped();
        const auto both = programme(s, "lease-both");
        QVERIFY(both.ok());
        double fee = 0;
        for (const finance::BookMonth& month : both->cash.books) {
            fee = std::max(fee, month.leaseUsd);
        }
        QVERIFY(closeTo(fee, s.contract("anthropic")->usdPerMonth.value));
        double leased = 0;
        for (const scenario::Assignment& a : s.strategy("lease-both")->assignments) {
            if (a.activity == scenario::Activity::Lease) {
                for (const scenario::Island& island : s.cluster(a.cluster)->islands) {
                    leased += island.gpuCount.value;
                }
            }
        }
        QCOMPARE(leased, 325'000.0);
        const Uncertainty uncertainty(ModelInputs::central(s));
        for (std::uint64_t draw = 0; draw < 50; ++draw) {
            const ModelInputs drawn = uncertainty.draw(7, draw);
            QVERIFY(closeTo(drawn.scenario.contract("anthropic")->shareOfThisCluster.value +
                                drawn.scenario.contract("anthropic-colossus-2")->shareOfThisCluster.value,
                            1.0));
        }
    }

    void aClusterThatIsHandedOverFinishesNothingMore() {
        const auto s = withRuns();
        auto course = growing(s);
        course.stretches[1].until = {s.start.index + 7};
        course.handedOver = true;
        const auto dates = runDates(s, &course);
        QVERIFY(dates[0].doneMonths && dates[1].beginMonths && !dates[1].doneMonths);
        QVERIFY(!dates[2].beginMonths && dates[1].presentUsd == 0);
    }

    void withoutTrainingNothingIsBegun() {
        const auto dates = runDates(withRuns(), nullptr);
        QCOMPARE(dates.size(), std::size_t(3));
        QVERIFY(!dates[0].beginMonths && !dates[0].doneMonths);
        auto none = withRuns();
        none.runs.clear();
        QVERIFY(runDates(none, nullptr).empty());
        const auto course = growing(none);
        QCOMPARE(runDates(none, &course).front().name, std::string("Job"));
    }

    void rowsHaveKeysOfTheirOwn() {
        std::set<std::string> keys;
        for (const Headline& row : programmeRows()) {
            QVERIFY2(keys.insert(row.key).second, row.key.c_str());
            QCOMPARE(rowOf(row.key).value_or(999), keys.size() - 1);
        }
        QCOMPARE(programmeRows().size(), kProgrammeRows);
        QCOMPARE(programmeRows()[rowOf(ProgrammeKey::ImpliedValueUsd)].key, std::string("implied_value_usd"));
        QVERIFY(!rowOf("no_such_row"));
    }

    void theShippedProgrammeHoldsTogether() {
        const auto s = shipped();
        for (const auto& strategy : s.strategies) {
            const auto p = programme(s, strategy.id);
            QVERIFY2(p, p ? "" : text(p.errors()).c_str());
            QVERIFY(p->cash.balances());
            const auto value = [&](const char* key) { return p->rows[*rowOf(key)].value; };
            QVERIFY(closeTo(*value("npv_usd"), p->cash.ownerNpvUsd));
            QVERIFY(closeTo(*value("owner_cash_usd"), p->cash.ownerCashUsd));
            QVERIFY(closeTo(*value("npv_with_models_usd"), *value("npv_usd") + *value("models_present_usd")));
            QVERIFY(closeTo(*value("implied_value_usd"), p->segments.impliedUsd()));
            QCOMPARE(p->runs.size(), s.runs.size());
            const bool trains = value("train_months").has_value();
            QCOMPARE(p->runs.front().doneMonths.has_value(), trains);
            if (trains && p->runs.front().doneMonths) {
                // The first run is the frontier job: both roads lead to the same date.
                QVERIFY(closeTo(*p->runs.front().doneMonths, *value("train_months"), 1e-6));
            }
        }
        QVERIFY(!programme(s, "no-such-strategy"));
    }

    void theLeaseCanBeToldInOtherWays_data() {
        QTest::addColumn<QString>("contract");
        QTest::addColumn<bool>("paysMore");
        QTest::newRow("all of the fee") << "anthropic-colossus-1-only" << true;
        QTest::newRow("180 days") << "anthropic-180-days" << false;
        QTest::newRow("as estimated before") << "before-the-filing" << false;
        QTest::newRow("market") << "market-hopper" << false;
    }
    void theLeaseCanBeToldInOtherWays() {
        QFETCH(QString, contract);
        QFETCH(bool, paysMore);
        const auto s = shipped();
        const auto told = scenario::withContract(s, "anthropic", contract.toStdString());
        QVERIFY2(told, told ? "" : text(told.errors()).c_str());
        const auto a = programme(s, "lease-1");
        const auto b = programme(*told, "lease-1");
        QVERIFY(a && b && b->cash.balances());
        QCOMPARE(b->cash.leaseIncomeUsd > a->cash.leaseIncomeUsd, paysMore);
        QVERIFY(b->cash.leaseIncomeUsd > 0);
        QVERIFY(!scenario::withContract(s, "anthropic", "nobody"));
    }
};

QTEST_APPLESS_MAIN(TestProgramme)
#include "tst_programme.moc"

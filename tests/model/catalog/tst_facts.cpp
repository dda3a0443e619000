#include "model/catalog/fact.h"

#include <QTest>

#include <cmath>

using namespace atlas;
using catalog::Fact;
using catalog::FactBook;
using units::Dimension;

Q_DECLARE_METATYPE(atlas::units::Dimension)

namespace {

void use(const char* key, Dimension dimension, catalog::FactUse how, double value, double low, double high) {
    QTest::newRow(key) << QString(key) << dimension << how.times << how.per << how.item << value << low
                       << high;
}

void misuse(const char* key, Dimension dimension, int item, const char* message) {
    QTest::newRow(key) << QString(key) << dimension << item << QString(message);
}

bool close(double a, double b) {
    return std::fabs(a - b) <= 1e-12 * std::max(1.0, std::fabs(b));
}

} // namespace

/// The record: complete, sourced, and usable in SI.
class TestFacts : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        auto loaded = FactBook::load(ATLAS_SOURCE_RESOURCES "/catalog/facts");
        QVERIFY2(loaded.ok(), loaded.ok() ? "" : text(loaded.errors()).c_str());
        m_book = std::move(*loaded);
    }
    void everyFactIsComplete() {
        QCOMPARE(m_book.all().size(), std::size_t{656});
        for (const auto& [key, fact] : m_book.all()) {
            QVERIFY2(!fact.source.empty(), key.c_str());
            QVERIFY2(fact.key == key, key.c_str());
            QVERIFY2(!fact.low || !fact.high || *fact.low <= *fact.high, key.c_str());
            QVERIFY2(!fact.isNumber() || !fact.low || *fact.low <= fact.value, key.c_str());
            QVERIFY2(!fact.isNumber() || !fact.high || *fact.high >= fact.value, key.c_str());
        }
    }
    void gradesAreAsCounted() {
        std::map<catalog::Grade, int> counts;
        for (const auto& [key, fact] : m_book.all()) {
            ++counts[fact.grade];
        }
        QCOMPARE(counts[catalog::Grade::Measured], 128);
        QCOMPARE(counts[catalog::Grade::VendorSpec], 184);
        QCOMPARE(counts[catalog::Grade::ReportedPress], 160);
        QCOMPARE(counts[catalog::Grade::AnalystEstimate], 123);
        QCOMPARE(counts[catalog::Grade::Assumption], 61);
    }
    void gradeNamesReadBack() {
        for (const std::string_view name : catalog::kGradeNames) {
            QVERIFY(catalog::gradeOf(name).has_value());
            QCOMPARE(catalog::name(*catalog::gradeOf(name)), name);
        }
        QVERIFY(!catalog::gradeOf("certain").has_value());
    }
    void nearestKey() {
        QCOMPARE(m_book.nearest("h100_sxm.bf16_dens"), std::string("h100_sxm.bf16_dense"));
        QCOMPARE(m_book.nearest("lease.antropic.usd_per_month"),
                 std::string("lease.anthropic.usd_per_month"));
        QCOMPARE(m_book.nearest("zzzzzzzzzzzzzzzzzz"), std::string());
    }

    void inSi_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<Dimension>("dimension");
        QTest::addColumn<double>("times");
        QTest::addColumn<double>("per");
        QTest::addColumn<int>("item");
        QTest::addColumn<double>("value");
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        use("h100_sxm.bf16_dense", Dimension::FlopPerSecond, {}, 989e12, 989e12, 989e12);
        use("h100_sxm.nvlink_unidir_gb_s", Dimension::BytesPerSecond, {}, 450e9, 450e9, 450e9);
        use("a100_80_sxm.nic_gb_s", Dimension::BytesPerSecond, {}, 25e9, 12.5e9, 25e9);
        use("gb200_nvl72.rack_price", Dimension::Usd, {.per = 72}, 3.4e6 / 72, 3e6 / 72, 4e6 / 72);
        use("seed.c1.h100_share", Dimension::Number, {.times = 220000}, 165000, 110000, 209000);
        use("lease.anthropic.usd_per_month", Dimension::UsdPerMonth, {}, 1.25e9, 0.25e9, 1.25e9);
        use("lease.anthropic.usd_per_year", Dimension::UsdPerMonth, {}, 1.25e9, 0.25e9, 1.25e9);
        use("meta.interrupt_rate", Dimension::PerSecond, {.times = 8}, 8 * 0.173 / 31557600,
            8 * 0.15 / 31557600, 8 * 0.2 / 31557600);
        use("sn5600.switch_hop_ns", Dimension::Seconds, {}, 700e-9, 500e-9, 900e-9);
        use("energy.memphis_industrial_kwh", Dimension::UsdPerJoule, {}, 0.062 / 3.6e6, 0.05 / 3.6e6,
            0.075 / 3.6e6);
        use("slo.deepseek_r1_server", Dimension::Seconds, {.item = 2}, 0.08, 0.08, 0.08);
        use("trace.mooncake_toolagent", Dimension::Tokens, {.item = 1}, 8596, 8596, 8596);
        use("c1.power_mw", Dimension::Watts, {}, 300e6, 250e6, 380e6);
        use("capex.facility_per_mw", Dimension::UsdPerWatt, {}, 13.8, 9, 20);
        use("opex.maintenance_share", Dimension::PerYear, {}, 0.04, 0.02, 0.07);
        use("opex.staff_cost", Dimension::UsdPerYear, {}, 180000, 120000, 250000);
        use("c2.gpus_first_batch", Dimension::Number, {}, 110000, 110000, 110000);
        use("c1.server_tb_s", Dimension::BytesPerSecond, {}, 0.45e12, 0.45e12, 0.45e12);
    }
    void inSi() {
        QFETCH(QString, key);
        QFETCH(Dimension, dimension);
        QFETCH(double, times);
        QFETCH(double, per);
        QFETCH(int, item);
        QFETCH(double, value);
        QFETCH(double, low);
        QFETCH(double, high);
        const Fact* fact = m_book.find(key.toStdString());
        QVERIFY(fact != nullptr);
        const auto number = catalog::inSi(*fact, dimension, {times, per, item});
        QVERIFY2(number.ok(), number.ok() ? "" : text(number.errors()).c_str());
        QVERIFY(close(number->value, value));
        QVERIFY(close(number->low, low));
        QVERIFY(close(number->high, high));
        QCOMPARE(number->fact, fact->key);
        QCOMPARE(number->source, fact->source);
        QCOMPARE(number->grade, fact->grade);
    }

    void refuses_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<Dimension>("dimension");
        QTest::addColumn<int>("item");
        QTest::addColumn<QString>("message");
        misuse("h100_sxm.tdp_w", Dimension::BytesPerSecond, 0,
               "fact `h100_sxm.tdp_w` is in \"W\"; wanted here is B/s");
        misuse("h100_sxm.price_new", Dimension::Number, 0,
               "fact `h100_sxm.price_new` is in \"USD\"; a plain number is wanted here");
        misuse("fibre.latency_us_per_km", Dimension::Seconds, 0,
               "fact `fibre.latency_us_per_km` is in \"us/km\"; wanted here is s");
        misuse("h100_sxm.hbm_gb", Dimension::BytesPerSecond, 0,
               "fact `h100_sxm.hbm_gb` is in \"GB\"; wanted here is B/s");
        misuse("slo.chat_default", Dimension::Seconds, 0,
               "fact `slo.chat_default` is a list of 2 (s TTFT, s TPOT)");
        misuse("slo.agent_default", Dimension::Seconds, 3,
               "fact `slo.agent_default` is a list of 2 (s TTFT, s TPOT)");
        misuse("c1.power_mw", Dimension::Watts, 1, "fact `c1.power_mw` is one number, not a list");
        misuse("c1.launch", Dimension::Number, 0, "fact `c1.launch` is text (\"2024-09\"), not a number");
    }
    void refuses() {
        QFETCH(QString, key);
        QFETCH(Dimension, dimension);
        QFETCH(int, item);
        QFETCH(QString, message);
        const Fact* fact = m_book.find(key.toStdString());
        QVERIFY(fact != nullptr);
        const auto number = catalog::inSi(*fact, dimension, {1.0, 1.0, item});
        QVERIFY(!number.ok());
        QCOMPARE(QString::fromStdString(number.errors().front().message), message);
    }
    void missingFolder() {
        const auto none = FactBook::load("/nowhere/facts");
        QVERIFY(!none.ok());
        QCOMPARE(none.errors().front().message, std::string("no facts in /nowhere/facts"));
    }

private:
    FactBook m_book;
};

QTEST_APPLESS_MAIN(TestFacts)
#include "tst_facts.moc"

#include "model/units/quantity.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>

using namespace atlas;
using units::Dimension;

Q_DECLARE_METATYPE(atlas::units::Dimension)

namespace {

constexpr double kDay = 86400.0;
constexpr double kYear = 365.25 * kDay;

void row(const char* text, Dimension dimension, double expected) {
    QTest::newRow(text) << QString(text) << dimension << expected;
}

void broken(const char* text, Dimension dimension, const char* message) {
    QTest::newRow(text) << QString(text) << dimension << QString(message);
}

void shown(double value, Dimension dimension, const char* expected) {
    QTest::newRow(expected) << value << dimension << QString(expected);
}

} // namespace

/// Quantities as people write and read them.
class TestQuantity : public QObject {
    Q_OBJECT
private slots:
    void parses_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<Dimension>("dimension");
        QTest::addColumn<double>("expected");
        row("165,000", Dimension::Number, 165000);
        row("1,234,567.5", Dimension::Number, 1234567.5);
        row("75 %", Dimension::Number, 0.75);
        row("75%", Dimension::Number, 0.75);
        row("1.5k", Dimension::Number, 1500);
        row("2 million", Dimension::Number, 2e6);
        row("-0.5", Dimension::Number, -0.5);
        row("+3", Dimension::Number, 3);
        row("1e3", Dimension::Number, 1000);
        row("1E-3", Dimension::Number, 0.001);
        row("1e+3", Dimension::Number, 1000);
        row(".5", Dimension::Number, 0.5);
        row("220,000 GPUs", Dimension::Number, 220000);
        row("  7  ", Dimension::Number, 7);
        // decimal and binary prefixes, bits and bytes
        row("80 GB", Dimension::Bytes, 80e9);
        row("80 GiB", Dimension::Bytes, 80.0 * 1024 * 1024 * 1024);
        row("1GiB", Dimension::Bytes, 1073741824.0);
        row("64 KiB", Dimension::Bytes, 65536);
        row("64 kB", Dimension::Bytes, 64000);
        row("8 Gbit", Dimension::Bytes, 1e9);
        row("8 Gb", Dimension::Bytes, 1e9);
        row("17 bytes", Dimension::Bytes, 17);
        row("400 Gbit/s", Dimension::BytesPerSecond, 50e9);
        row("400 Gb/s", Dimension::BytesPerSecond, 50e9);
        row("400Gbps", Dimension::BytesPerSecond, 50e9);
        row("450GB/s", Dimension::BytesPerSecond, 450e9);
        row("102 Tbit/s", Dimension::BytesPerSecond, 12.75e12);
        row("3.35 TB/s", Dimension::BytesPerSecond, 3.35e12);
        row("989 TFLOP/s", Dimension::FlopPerSecond, 989e12);
        row("15 PFLOPS", Dimension::FlopPerSecond, 15e15);
        row("5e26 FLOP", Dimension::Flop, 5e26);
        row("1 exaFLOP-day", Dimension::Flop, 1e18 * kDay);
        row("1 EFLOP", Dimension::Flop, 1e18);
        row("1 petaFLOP/s-day", Dimension::Flop, 1e15 * kDay);
        row("2 us", Dimension::Seconds, 2e-6);
        row("0.5us", Dimension::Seconds, 0.5e-6);
        row("80 \u00b5s", Dimension::Seconds, 80e-6); // micro sign
        row("80 \u03bcs", Dimension::Seconds, 80e-6); // Greek mu
        row("130 ns", Dimension::Seconds, 130e-9);
        row("30 ms", Dimension::Seconds, 0.03);
        row("10 min", Dimension::Seconds, 600);
        row("90 d", Dimension::Seconds, 90 * kDay);
        row("30d", Dimension::Seconds, 30 * kDay);
        row("3 months", Dimension::Seconds, kYear / 4);
        row("5 years", Dimension::Seconds, 5 * kYear);
        row("300 MW", Dimension::Watts, 300e6);
        row("1 mW", Dimension::Watts, 1e-3);
        row("3.9 MWh", Dimension::Joules, 3.9e6 * 3600);
        row("17 km", Dimension::Metres, 17000);
        row("10 miles", Dimension::Metres, 16093.44);
        row("1.4 t", Dimension::Kilograms, 1400);
        row("45 degC", Dimension::Kelvin, 318.15);
        row("45 \u00b0C", Dimension::Kelvin, 318.15);
        row("318 K", Dimension::Kelvin, 318);
        row("$1.25B", Dimension::Usd, 1.25e9);
        row("1.25e9 USD", Dimension::Usd, 1.25e9);
        row("1.25 bn USD", Dimension::Usd, 1.25e9);
        row("-$3M", Dimension::Usd, -3e6);
        row("$-3M", Dimension::Usd, -3e6);
        row("$50,000", Dimension::Usd, 50000);
        row("50k$", Dimension::Usd, 50000);
        row("$1.25B/month", Dimension::UsdPerMonth, 1.25e9);
        row("$1.25 bn per month", Dimension::UsdPerMonth, 1.25e9);
        row("1.25 billion USD/month", Dimension::UsdPerMonth, 1.25e9);
        row("$15B/year", Dimension::UsdPerMonth, 1.25e9);
        row("5.27 USD/GPU-h", Dimension::UsdPerGpuHour, 5.27);
        row("$2.35/GPU-hour", Dimension::UsdPerGpuHour, 2.35);
        row("2.35 $/GPU-h", Dimension::UsdPerGpuHour, 2.35);
        row("0.062 USD/kWh", Dimension::UsdPerJoule, 0.062 / 3.6e6);
        row("$45/MWh", Dimension::UsdPerJoule, 45.0 / 3.6e9);
        row("15 T tokens", Dimension::Tokens, 15e12);
        row("32M tokens", Dimension::Tokens, 32e6);
        row("4096 tokens", Dimension::Tokens, 4096);
        row("2,000 tokens/s", Dimension::TokensPerSecond, 2000);
        row("6.5 per 1000 node-days", Dimension::PerSecond, 6.5 / (1000 * kDay));
        row("0.173 per GPU-year", Dimension::PerSecond, 0.173 / kYear);
        row("2 /day", Dimension::PerSecond, 2 / kDay);
        row("18 months", Dimension::Years, 1.5);
        row("4 %/year", Dimension::PerYear, 0.04);
        row("0.3 per year", Dimension::PerYear, 0.3);
        row("$13.8M/MW", Dimension::UsdPerWatt, 13.8);
        row("13.8 USD/W", Dimension::UsdPerWatt, 13.8);
        row("180,000 USD/year", Dimension::UsdPerYear, 180000);
        row("0.6 FTE/MW", Dimension::StaffPerMegawatt, 0.6);
        row("1,361 W/m2", Dimension::WattsPerSquareMetre, 1361);
        row("1.2 kW/m²", Dimension::WattsPerSquareMetre, 1200);
        row("150 W/kg", Dimension::WattsPerKilogram, 150);
        row("40 kg/kW", Dimension::KilogramsPerWatt, 0.04);
        row("150 Wh/kg", Dimension::JoulesPerKilogram, 540000);
        row("$300/kg", Dimension::UsdPerKilogram, 300);
    }
    void parses() {
        QFETCH(QString, text);
        QFETCH(Dimension, dimension);
        QFETCH(double, expected);
        const QRegularExpression pattern(QString::fromStdString(units::quantityPattern(dimension)));
        QVERIFY2(pattern.isValid(), qPrintable(pattern.errorString()));
        QVERIFY2(pattern.match(text).hasMatch(), qPrintable(pattern.pattern()));
        const auto value = units::parseQuantity(text.toStdString(), dimension);
        QVERIFY2(value.ok(), value.ok() ? "" : atlas::text(value.errors()).c_str());
        QVERIFY2(std::fabs(*value - expected) <= 1e-12 * std::fabs(expected),
                 qPrintable(QString::number(*value, 'g', 17)));
    }

    void refuses_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<Dimension>("dimension");
        QTest::addColumn<QString>("message");
        broken("400", Dimension::BytesPerSecond, "`400` has no unit; write 400 Gbit/s or 50 GB/s");
        broken("400 W", Dimension::BytesPerSecond,
               "`400 W` is not in a unit of B/s; write 400 Gbit/s or 50 GB/s");
        broken("400 GB", Dimension::BytesPerSecond,
               "`400 GB` is not in a unit of B/s; write 400 Gbit/s or 50 GB/s");
        broken("5 Gib", Dimension::Seconds,
               "`5 Gib` is not in a unit of s; write 2 us, 80 ms, 10 min, 90 d, 3 months or 5 years");
        broken("90", Dimension::Seconds,
               "`90` has no unit; write 2 us, 80 ms, 10 min, 90 d, 3 months or 5 years");
        broken("", Dimension::Watts, "`` does not begin with a number; write 700 W or 300 MW");
        broken("-", Dimension::Watts, "`-` does not begin with a number; write 700 W or 300 MW");
        broken("--3 W", Dimension::Watts, "`--3 W` does not begin with a number; write 700 W or 300 MW");
        broken("many W", Dimension::Watts, "`many W` does not begin with a number; write 700 W or 300 MW");
        broken("nan", Dimension::Number,
               "`nan` does not begin with a number; write 0.75, 75 %, 165,000 or 1.5k");
        broken("inf", Dimension::Number,
               "`inf` does not begin with a number; write 0.75, 75 %, 165,000 or 1.5k");
        broken("1e999", Dimension::Number,
               "`1e999` is beyond the range of numbers; write 0.75, 75 %, 165,000 or 1.5k");
        broken("1e308 TB/s", Dimension::BytesPerSecond,
               "`1e308 TB/s` is beyond the range of numbers; write 400 Gbit/s or 50 GB/s");
        broken("1,65", Dimension::Number,
               "`1,65` has a comma that does not group three digits (a decimal point is a dot); write 0.75, "
               "75 %, 165,000 or 1.5k");
        broken("1,2345", Dimension::Number,
               "`1,2345` has a comma that does not group three digits (a decimal point is a dot); write "
               "0.75, 75 %, 165,000 or 1.5k");
        broken("1.2.3", Dimension::Number,
               "`1.2.3` is not a plain number; write 0.75, 75 %, 165,000 or 1.5k");
        broken("12 apples", Dimension::Number,
               "`12 apples` is not a plain number; write 0.75, 75 %, 165,000 or 1.5k");
        broken("$12", Dimension::Number, "`$12` is not a plain number; write 0.75, 75 %, 165,000 or 1.5k");
        broken("1.25B", Dimension::Usd, "`1.25B` is not in a unit of USD; write $50,000 or $1.25B");
        broken("$1.25B", Dimension::UsdPerMonth,
               "`$1.25B` is not in a unit of USD/month; write $1.25B/month or $15B/year");
        broken("15 T", Dimension::Tokens,
               "`15 T` is not in a unit of tokens; write 15 T tokens or 32 M tokens");
        broken("45 degF", Dimension::Kelvin, "`45 degF` is not in a unit of K; write 318 K or 45 degC");
        broken("0x10", Dimension::Number, "`0x10` is not a plain number; write 0.75, 75 %, 165,000 or 1.5k");
    }
    void refuses() {
        QFETCH(QString, text);
        QFETCH(Dimension, dimension);
        QFETCH(QString, message);
        const auto value = units::parseQuantity(text.toStdString(), dimension);
        QVERIFY(!value.ok());
        const Diagnostic& why = value.errors().front();
        QCOMPARE(QString::fromStdString(why.message + "; " + why.remedy), message);
    }
    void patternIsNarrow() {
        const auto matches = [](const char* text, Dimension dimension) {
            return QRegularExpression(QString::fromStdString(units::quantityPattern(dimension)))
                .match(text)
                .hasMatch();
        };
        QVERIFY(!matches("400", Dimension::BytesPerSecond));
        QVERIFY(!matches("400 W", Dimension::BytesPerSecond));
        QVERIFY(!matches("90", Dimension::Seconds));
        QVERIFY(!matches("12 apples", Dimension::Number));
        QVERIFY(!matches("many", Dimension::Number));
        QVERIFY(!matches("1.25B", Dimension::UsdPerMonth));
    }
    void refusesEndlessText() {
        QVERIFY(!units::parseQuantity(std::string(1'000'000, '9'), Dimension::Number).ok());
    }

    void formats_data() {
        QTest::addColumn<double>("value");
        QTest::addColumn<Dimension>("dimension");
        QTest::addColumn<QString>("expected");
        shown(220000, Dimension::Number, "220,000");
        shown(163841, Dimension::Number, "163,841");
        shown(-1234, Dimension::Number, "-1,234");
        shown(12345678, Dimension::Number, "12.3 M");
        shown(0.7531, Dimension::Number, "0.753");
        shown(1.2, Dimension::Number, "1.2");
        shown(1234.5, Dimension::Number, "1,235");
        shown(0, Dimension::Number, "0");
        shown(0.00001234, Dimension::Number, "1.23e-5");
        shown(50e9, Dimension::BytesPerSecond, "50 GB/s");
        shown(3.352e12, Dimension::BytesPerSecond, "3.35 TB/s");
        shown(999.6e9, Dimension::BytesPerSecond, "1 TB/s");
        shown(80e9, Dimension::Bytes, "80 GB");
        shown(989.4e12, Dimension::FlopPerSecond, "989 TFLOP/s");
        shown(5e26, Dimension::Flop, "500 YFLOP");
        shown(5e28, Dimension::Flop, "5e28 FLOP");
        shown(3.21, Dimension::Seconds, "3.21 s");
        shown(14 * 60, Dimension::Seconds, "14 min");
        shown(3 * 3600, Dimension::Seconds, "3 h");
        shown(45 * kDay, Dimension::Seconds, "45 d");
        shown(kYear, Dimension::Seconds, "12 months");
        shown(2.1 * kYear, Dimension::Seconds, "2.1 years");
        shown(80e-6, Dimension::Seconds, "80 \u00b5s");
        shown(2.5e-9, Dimension::Seconds, "2.5 ns");
        shown(0, Dimension::Seconds, "0 s");
        shown(300e6, Dimension::Watts, "300 MW");
        shown(318.15, Dimension::Kelvin, "45 \u00b0C");
        shown(1.25e9, Dimension::Usd, "$1.25B");
        shown(-3e6, Dimension::Usd, "-$3M");
        shown(50000, Dimension::Usd, "$50,000");
        shown(1.25e9, Dimension::UsdPerMonth, "$1.25B/month");
        shown(5.27, Dimension::UsdPerGpuHour, "$5.27/GPU-h");
        shown(0.062 / 3.6e6, Dimension::UsdPerJoule, "$0.062/kWh");
        shown(15.6e12, Dimension::Tokens, "15.6 T tokens");
        shown(8192, Dimension::Tokens, "8,192 tokens");
        shown(0.173 / kYear, Dimension::PerSecond, "0.173 /year");
        shown(3.8 / kDay, Dimension::PerSecond, "3.8 /day");
        shown(0.04, Dimension::PerYear, "4 %/year");
        shown(13.8, Dimension::UsdPerWatt, "$13.8/W");
        shown(180000, Dimension::UsdPerYear, "$180,000/year");
        shown(17000, Dimension::Metres, "17 km");
        shown(1400, Dimension::Kilograms, "1.4 t");
        shown(1.5, Dimension::Years, "1.5 years");
        shown(std::numeric_limits<double>::infinity(), Dimension::Watts, "infinite");
    }
    void formats() {
        QFETCH(double, value);
        QFETCH(Dimension, dimension);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(units::formatQuantity(value, dimension)), expected);
    }
    void formatsShares() {
        QCOMPARE(units::formatShare(0.753), std::string("75.3 %"));
        QCOMPARE(units::formatShare(1.0), std::string("100 %"));
    }

    /// What is shown can be typed back, and stays within the rounding, in every dimension over 36 decades.
    void roundTrips() {
        for (int d = 0; d < units::kDimensionCount; ++d) {
            const auto dimension = static_cast<Dimension>(d);
            for (int step = -60; step <= 120; ++step) {
                for (const double sign : {1.0, -1.0}) {
                    const double value = sign * 1.2345678 * std::pow(10.0, step / 5.0);
                    const std::string shownText = units::formatQuantity(value, dimension);
                    const auto back = units::parseQuantity(shownText, dimension);
                    QVERIFY2(back.ok(), shownText.c_str());
                    const double offset = dimension == Dimension::Kelvin ? 273.15 : 0.0;
                    QVERIFY2(std::fabs(*back - value) <= 0.0051 * (std::fabs(value - offset)),
                             (shownText + " from " + std::to_string(value)).c_str());
                }
            }
        }
    }

    void readsUnitsOfTheRecord() {
        QCOMPARE(*units::unitFactor("GB/s per GPU per direction", Dimension::BytesPerSecond), 1e9);
        QCOMPARE(*units::unitFactor("Gb/s scale-out per GPU", Dimension::BytesPerSecond), 0.125e9);
        QCOMPARE(*units::unitFactor("USD per 72-GPU rack", Dimension::Usd), 1.0);
        QCOMPARE(*units::unitFactor("USD/GPU-h, 1-year contract", Dimension::UsdPerGpuHour), 1.0);
        QCOMPARE(*units::unitFactor("kW IT per 72-GPU rack", Dimension::Watts), 1000.0);
        QVERIFY(!units::unitFactor("us/km", Dimension::Seconds).ok()); // a latency per distance is none
        QVERIFY(!units::unitFactor("USD/W", Dimension::Usd).ok());
        QVERIFY(!units::unitFactor("GB/s", Dimension::Bytes).ok());
        QVERIFY(units::startsWithPhysicalUnit("W per GPU"));
        QVERIFY(!units::startsWithPhysicalUnit("fraction of line rate"));
        QVERIFY(!units::startsWithPhysicalUnit("GPUs"));
        QVERIFY(!units::startsWithPhysicalUnit("H100"));
    }
};

QTEST_APPLESS_MAIN(TestQuantity)
#include "tst_quantity.moc"

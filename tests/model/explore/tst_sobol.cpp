#include "model/core/philox.h"
#include "model/explore/sobol.h"
#include "model/scenario/scenario_loader.h"

#include <QTest>

#include <cmath>
#include <numbers>

using namespace atlas;
using namespace atlas::explore;

namespace {

scenario::Scenario shipped() {
    auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                         ATLAS_SOURCE_RESOURCES);
    return loaded ? std::move(loaded->scenario) : scenario::Scenario{};
}

template <class F>
std::vector<SobolSample> samplesOf(F f, std::size_t factors, std::size_t count, std::uint64_t seed = 5) {
    std::vector<SobolSample> samples(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<double> a(factors);
        std::vector<double> b(factors);
        for (std::size_t j = 0; j < factors; ++j) {
            const auto stream = static_cast<std::uint32_t>(j);
            a[j] = random::uniform(seed, random::Purpose::MonteCarlo, 2 * i, stream);
            b[j] = random::uniform(seed, random::Purpose::MonteCarlo, 2 * i + 1, stream);
        }
        samples[i] = {f(a), f(b), {}};
        for (std::size_t j = 0; j < factors; ++j) {
            std::vector<double> ab = a;
            ab[j] = b[j];
            samples[i].ab.push_back(f(ab));
        }
    }
    return samples;
}

} // namespace

class TestSobol : public QObject {
    Q_OBJECT
private slots:
    void ishigami() {
        // Ishigami & Homma 1990: sin x1 + a sin^2 x2 + b x3^4 sin x1 over (-pi, pi), with closed-form
        // indices.
        const double a = 7;
        const double b = 0.1;
        const double pi = std::numbers::pi;
        const auto f = [&](const std::vector<double>& u) {
            const double x1 = pi * (2 * u[0] - 1);
            const double x2 = pi * (2 * u[1] - 1);
            const double x3 = pi * (2 * u[2] - 1);
            return std::sin(x1) + a * std::sin(x2) * std::sin(x2) + b * std::pow(x3, 4) * std::sin(x1);
        };
        const double v1 = 0.5 * std::pow(1 + b * std::pow(pi, 4) / 5, 2);
        const double v2 = a * a / 8;
        const double v13 = b * b * std::pow(pi, 8) * (1.0 / 18 - 1.0 / 50);
        const double v = v1 + v2 + v13;
        const auto indices = sobolIndices(samplesOf(f, 3, 40'000));
        QCOMPARE(indices.size(), std::size_t(3));
        const double tolerance = 0.015;
        QVERIFY(std::abs(indices[0].first - v1 / v) < tolerance); // 0.3139
        QVERIFY(std::abs(indices[1].first - v2 / v) < tolerance); // 0.4424
        QVERIFY(std::abs(indices[2].first) < tolerance);
        QVERIFY(std::abs(indices[0].total - (v1 + v13) / v) < tolerance); // 0.5576
        QVERIFY(std::abs(indices[1].total - v2 / v) < tolerance);
        QVERIFY(std::abs(indices[2].total - v13 / v) < tolerance); // 0.2437
    }

    /// What one estimate says of its own error is how far estimates from other samples lie apart.
    void errorsAreThoseOfRepetition() {
        const auto f = [](const std::vector<double>& u) { return 3 * u[0] + 2 * u[1] * u[2] + u[1]; };
        constexpr std::size_t kTimes = 400;
        constexpr std::size_t kSamples = 300;
        for (const std::size_t factor : {std::size_t(0), std::size_t(1), std::size_t(2)}) {
            double sum[2] = {};
            double squares[2] = {};
            double said[2] = {};
            for (std::size_t i = 0; i < kTimes; ++i) {
                const auto index = sobolIndices(samplesOf(f, 3, kSamples, 100 + i))[factor];
                const double values[2] = {index.first, index.total};
                const double errors[2] = {index.firstError, index.totalError};
                for (int k = 0; k < 2; ++k) {
                    sum[k] += values[k];
                    squares[k] += values[k] * values[k];
                    said[k] += errors[k] / kTimes;
                }
            }
            for (int k = 0; k < 2; ++k) {
                const double mean = sum[k] / kTimes;
                const double apart = std::sqrt(squares[k] / kTimes - mean * mean);
                QVERIFY2(std::abs(said[k] / apart - 1) < 0.15,
                         qPrintable(QString("%1 said, %2 found").arg(said[k]).arg(apart)));
            }
        }
        QCOMPARE(sobolIndices(samplesOf([](const auto&) { return 4.0; }, 2, 50))[0].totalError, 0.0);
    }

    void aSumHasNoInteractions() {
        const auto f = [](const std::vector<double>& u) { return 3 * u[0] + 4 * u[1] + 1e9; };
        const auto indices = sobolIndices(samplesOf(f, 3, 20'000));
        for (const std::size_t j : {std::size_t(0), std::size_t(1), std::size_t(2)}) {
            const double share = j == 0 ? 9.0 / 25 : j == 1 ? 16.0 / 25 : 0.0;
            QVERIFY(std::abs(indices[j].first - share) < 0.02);
            QVERIFY(std::abs(indices[j].total - share) < 0.02);
        }
    }

    void aConstantHasNone() {
        const auto indices = sobolIndices(samplesOf([](const auto&) { return 4.0; }, 2, 50));
        QCOMPARE(indices[0].first, 0.0);
        QCOMPARE(indices[1].total, 0.0);
        QVERIFY(sobolIndices({}).empty());
    }

    void theNetPresentValueOfALease() {
        SobolOptions options;
        options.samples = 600;
        options.factors = 6;
        const auto result = sobol(shipped(), "lease-1", "npv_usd", options);
        QVERIFY2(result, result ? "" : text(result.errors()).c_str());
        QCOMPARE(result->shares.size(), std::size_t(7));
        QCOMPARE(result->shares.back().name, std::string("all others"));
        QCOMPARE(result->samples, std::size_t(600));
        // The fee's range is the widest of all; all shares lie in 0..1 but for the noise of 600 samples.
        QCOMPARE(result->shares.front().name, std::string("lease.anthropic.usd_per_month"));
        double first = 0;
        for (const SobolShare& share : result->shares) {
            QVERIFY(share.index.total > -0.01 && share.index.total < 1.1);
            QVERIFY(share.index.first < share.index.total + 0.15);
            first += share.index.first;
        }
        QVERIFY(first > 0.7 && first < 1.3);
        QVERIFY(result->deviation > 0);
    }

    void badInput() {
        QVERIFY(!sobol(shipped(), "nobody", "npv_usd"));
        QVERIFY(!sobol(shipped(), "lease-1", "no_such_row"));
        const auto none = sobol(shipped(), "lease-1", "mfu"); // a lease trains nothing
        QVERIFY(!none && QString::fromStdString(text(none.errors())).contains("does not apply"));
    }
};

QTEST_APPLESS_MAIN(TestSobol)
#include "tst_sobol.moc"

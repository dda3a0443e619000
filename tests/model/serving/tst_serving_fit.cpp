#include "model/validation/published_data.h"
#include "serving_fit.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>

using namespace atlas;
using namespace atlas::calibration;
using validation::ServingPoint;

namespace {

QString resource(const char* name) {
    QFile file(QStringLiteral(ATLAS_SOURCE_RESOURCES "/calibration/%1").arg(QLatin1String(name)));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace

/// The constants that ship are those the calibration program finds, and reach what it wrote down.
class TestServingFit : public QObject {
    Q_OBJECT
    std::vector<ServingPoint> m_all;
    std::vector<const ServingPoint*> m_points;

    [[nodiscard]] ServingObjective objective() const {
        return {m_points, validation::servingRatiosOf(validation::publishedServingRatios()),
                serving::defaultConstants()};
    }

private slots:
    void initTestCase() {
        for (const validation::RunRow& row : validation::publishedServing()) {
            auto point = validation::servingPointOf(row);
            QVERIFY(point.ok());
            if (!point->assumed) {
                m_all.push_back(std::move(*point));
            }
        }
        for (const ServingPoint& point : m_all) {
            m_points.push_back(&point);
        }
        QCOMPARE(m_points.size(), std::size_t{47});
    }
    /// Every error in the table beside the constants is what these constants give.
    void tableIsOfTheseConstants() {
        const QStringList rows = resource("serving_out_of_fold.csv").split(QChar('\n'), Qt::SkipEmptyParts);
        QCOMPARE(static_cast<std::size_t>(rows.size()), m_points.size() + 1);
        for (std::size_t i = 0; i < m_points.size(); ++i) {
            const QStringList cells = rows[static_cast<int>(i) + 1].split(QChar(','));
            QCOMPARE(cells[0], QString::fromStdString(m_points[i]->id));
            const double error = 100 * std::expm1(logError(*m_points[i], serving::defaultConstants()));
            QVERIFY2(std::abs(cells[2].toDouble() - error) < 0.051, qPrintable(cells[0]));
        }
    }
    /// A search ends where no step along a constant gains: whoever edits a value by hand leaves that place.
    void noStepAlongAConstantGains() {
        const ServingObjective of = objective();
        const std::vector<double> x = scaled(serving::defaultConstants());
        const double value = of.value(x);
        QVERIFY(value < 0.5 * of.value(std::vector<double>(x.size(), 0.0)));
        for (std::size_t k = 0; k < x.size(); ++k) {
            for (const double step : {0.2, -0.2, 0.06, -0.06}) {
                std::vector<double> y = x;
                y[k] = std::clamp(y[k] + step, -kScaledEnd, kScaledEnd);
                QVERIFY2(of.value(y) > 0.985 * value,
                         qPrintable(QStringLiteral("constant %1, step %2").arg(k).arg(step)));
            }
        }
    }
    /// The scale goes there and back, ends included.
    void scaleIsInvertible() {
        serving::ServingConstants frame = serving::defaultConstants();
        std::vector<double> x(scaled(frame).size());
        for (std::size_t k = 0; k < x.size(); ++k) {
            x[k] = kScaledEnd * std::cos(static_cast<double>(k));
        }
        const std::vector<double> back = scaled(unscaled(frame, x));
        for (std::size_t k = 0; k < x.size(); ++k) {
            QVERIFY(std::abs(back[k] - x[k]) < 1e-9);
        }
        const auto ends = unscaled(frame, std::vector<double>(x.size(), kScaledEnd));
        auto shown = ends;
        serving::visitConstants(shown, [](std::string_view key, const catalog::Sourced& n) {
            QVERIFY2(!isFitted(n) || std::abs(n.value / n.high - 1) < 1e-9, std::string(key).c_str());
        });
    }
    /// About linear near nothing, a wall beyond: 1.4 times and 0.6 times are where it begins.
    void lossByHand() {
        const ServingObjective of = objective();
        QCOMPARE(of.loss(0, 0), 0.0);
        QCOMPARE(of.loss(0, 0.3), of.loss(0, -0.3));
        const double slope = of.loss(0, 0.30) - of.loss(0, 0.29);
        QVERIFY(std::abs(slope / (of.loss(0, 0.25) - of.loss(0, 0.24)) - 1) < 0.1);
        QVERIFY(of.loss(0, std::log(1.6)) > 2 * of.loss(0, std::log(1.4)));
        QVERIFY(of.loss(m_points.size(), std::log(1.3)) > 2 * of.loss(0, std::log(1.3))); // a ratio
        // Weighted least squares have the slope of the loss.
        const double e = 0.2;
        const double numeric = (of.loss(0, e + 1e-5) - of.loss(0, e - 1e-5)) / 2e-5;
        QVERIFY(std::abs(2 * of.weight(0, e) * e / numeric - 1) < 1e-4);
    }
    /// What a file holds as values plays no part, and a few points are fitted the same each time.
    void fitForgetsWhereItWas() {
        std::vector<const ServingPoint*> dense;
        std::ranges::copy_if(m_points, std::back_inserter(dense),
                             [](const ServingPoint* p) { return p->group == "trtllm-2023"; });
        QCOMPARE(dense.size(), std::size_t{5});
        const Search quick{20, 1};
        serving::ServingConstants other = serving::defaultConstants();
        serving::visitConstants(other, [](std::string_view, catalog::Sourced& n) {
            n.value = isFitted(n) ? n.low + 0.9 * (n.high - n.low) : n.value;
        });
        const std::string yaml = resource("serving.yaml").toStdString();
        const auto from = [&](const serving::ServingConstants& frame) {
            return withFittedValues(yaml, fitServing(dense, {}, frame, quick));
        };
        const std::string fitted = from(serving::defaultConstants());
        QCOMPARE(fitted, from(other));
        QVERIFY(fitted != yaml);
        QVERIFY(serving::parseConstants(fitted).ok());
        // Nothing but values changed.
        QCOMPARE(std::ranges::count(fitted, '\n'), std::ranges::count(yaml, '\n'));
    }
};

QTEST_APPLESS_MAIN(TestServingFit)
#include "tst_serving_fit.moc"

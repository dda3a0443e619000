// The programme page as a person uses it: charts come, ranges are drawn with a stop, and the solver answers
// what `atlas solve` answers.
#include "app/pages/page_catalogue.h"
#include "app/pages/programme_desk.h"
#include "app/solve_words.h"
#include "model/scenario/scenario_loader.h"
#include "scenes/theme.h"
#include "widgets/fan_plot.h"
#include "widgets/format.h"
#include "widgets/sankey_plot.h"
#include "widgets/solve_panel.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace atlas;
using namespace atlas::app;

namespace {

constexpr int kPatienceMs = 120'000;
constexpr std::size_t kFew = 24;

QComboBox* box(QWidget& page, const char* name) {
    return page.findChild<QComboBox*>(QString::fromLatin1(name));
}

void pick(QComboBox& list, const QString& id) {
    const int at = list.findData(id);
    QVERIFY2(at >= 0, qPrintable(id));
    list.setCurrentIndex(at);
    emit list.activated(at);
}

} // namespace

class TestProgrammeDesk : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        scenes::registerFonts();
        auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml",
                                             ATLAS_SOURCE_RESOURCES);
        QVERIFY(loaded.ok());
        m_scenario = std::make_shared<const scenario::Scenario>(std::move(loaded->scenario));
        m_evidence.workspace =
            buildWorkspace({m_scenario, {{{"train-1", {}}, {"lease-1-train-2", {}}}}, {}, {}}, {});
        explore::CompareOptions options;
        options.draws = 0;
        auto compared = explore::compare(*m_scenario, options);
        QVERIFY(compared.ok());
        m_evidence.comparison = std::make_shared<const explore::Comparison>(std::move(*compared));
        for (PageSpec& spec : pageSpecs()) {
            if (spec.id == QLatin1String("programme")) {
                m_desk.reset(qobject_cast<ProgrammeDesk*>(makePage(std::move(spec))));
            }
        }
        QVERIFY(m_desk != nullptr);
        m_desk->setTheme(scenes::loadTheme(scenes::ThemeMode::Dark));
        m_desk->resize(1200, 900);
        m_desk->setStudy(kStudyRow, kFew); // this test is not about how sure the ranges are
        m_desk->setVisible(true);
        m_desk->setEvidence(m_evidence);
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk->busy(), kPatienceMs);
    }
    void cleanupTestCase() { m_desk.reset(); }

    /// Every exhibit of the page has something to show of the shipped scenario.
    void nothingIsEmpty_data() {
        QTest::addColumn<QString>("name");
        for (const PageSpec& spec : pageSpecs()) {
            for (const Exhibit& exhibit : spec.exhibits) {
                if (spec.id == QLatin1String("programme")) {
                    QTest::newRow(qPrintable(exhibit.name)) << exhibit.name;
                }
            }
        }
    }
    void nothingIsEmpty() {
        QFETCH(QString, name);
        if (const widgets::ChartCard* card = m_desk->chart(name)) {
            QVERIFY(!card->view().plot().empty());
            QVERIFY(!card->caption().title.isEmpty());
            QVERIFY(!card->view().plot().description().isEmpty());
        } else {
            QVERIFY(m_desk->table(name) != nullptr);
            QVERIFY(!m_desk->table(name)->table().rows.empty());
            QVERIFY(!m_desk->table(name)->caption().title.isEmpty());
        }
    }

    /// The bridge says what the programmes say: its totals stand where the steps lead.
    void theBridgeMeetsTheRows() {
        const auto& plot =
            static_cast<const widgets::MoneyBridgePlot&>(m_desk->chart("value-bridge")->view().plot());
        const auto& bars = plot.values().bars;
        const double scale = std::abs(bars.front().usd) + std::abs(bars.back().usd);
        QVERIFY(plot.values().error() < 1e-9 * scale);
        const auto row = explore::rowOf("npv_with_models_usd").value();
        const auto b = explore::programme(*m_scenario, "lease-1-train-2");
        QVERIFY(std::abs(bars.back().usd - b->rows[row].value.value()) < 1e-9 * scale);
    }

    void anotherStrategyAndYear() {
        const auto& plot =
            static_cast<const widgets::SankeyPlot&>(m_desk->chart("money-flow")->view().plot());
        QCOMPARE(plot.values().span, QStringLiteral("2027"));
        pick(*box(*m_desk, "programmeYear"), QStringLiteral("2029"));
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk->busy(), kPatienceMs);
        QCOMPARE(plot.values().span, QStringLiteral("2029"));
        pick(*box(*m_desk, "programmeStrategy"), QStringLiteral("train-1"));
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk->busy(), kPatienceMs);
        QVERIFY(std::ranges::none_of(plot.values().flows.nodes,
                                     [](const auto& node) { return node.name == "Anthropic"; }));
        m_desk->setChoice({});
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk->busy(), kPatienceMs);
    }

    /// A stop leaves what was drawn before; asking again draws.
    void drawsCanBeStopped() {
        const auto before = m_desk->study();
        QVERIFY(before != nullptr && before->ranges.draws == kFew);
        pick(*box(*m_desk, "programmeDraws"), QStringLiteral("10000"));
        auto* stop = m_desk->findChild<QPushButton*>(QStringLiteral("programmeStop"));
        QVERIFY(stop->isVisible());
        QTest::mouseClick(stop, Qt::LeftButton);
        QVERIFY(!stop->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk->busy(), kPatienceMs);
        QCOMPARE(m_desk->study(), before);
        m_desk->setStudy("npv_usd", kFew + 1);
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk->busy(), kPatienceMs);
        QCOMPARE(m_desk->study()->ranges.draws, kFew + 1);
        const auto& fan = static_cast<const widgets::FanPlot&>(m_desk->chart("cash-fan")->view().plot());
        QCOMPARE(fan.values().sides[1].horizons.size(), std::size_t{20});
        for (const auto& band : fan.values().sides[1].months) {
            QVERIFY(band.p5 <= band.p25 && band.p25 <= band.p50 && band.p50 <= band.p75 &&
                    band.p75 <= band.p95);
        }
    }

    /// Picks an outcome and a lever, presses the button, reads the answer; it is the solver's.
    void theSolverAnswers() {
        widgets::SolvePanel& panel = m_desk->solver();
        pick(*box(panel, "solveOutcome"), QStringLiteral("npv_usd"));
        pick(*box(panel, "solveStrategy"), QStringLiteral("lease-1-train-2"));
        pick(*box(panel, "solveLever"), QStringLiteral("contracts.anthropic.usd_per_month"));
        auto* target = panel.findChild<QLineEdit*>(QStringLiteral("solveTarget"));
        target->clear();
        QTest::keyClicks(target, QStringLiteral("-$10B"));
        QSignalSpy answers(m_desk.get(), &ProgrammeDesk::answered);
        QTest::mouseClick(panel.findChild<QPushButton*>(QStringLiteral("solveAsk")), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(answers.count(), 1, kPatienceMs);
        explore::Question question;
        question.strategy = "lease-1-train-2";
        question.row = "npv_usd";
        question.lever = "contracts.anthropic.usd_per_month";
        question.target = -10e9;
        const auto answer = explore::solve(*m_scenario, question);
        QVERIFY(answer.ok() && answer->value.has_value());
        QVERIFY2(panel.answer().contains(widgets::quantityText(*answer->value, answer->dimension)),
                 qPrintable(panel.answer()));
        QVERIFY(panel.today().contains(QStringLiteral("$1.25B/month")));
        QVERIFY(panel.today().contains(QStringLiteral("Source")));
    }

    void whatCannotBeIsSaid_data() {
        QTest::addColumn<QString>("outcome");
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("lever");
        QTest::addColumn<QString>("says");
        const QString fee = QStringLiteral("contracts.anthropic.usd_per_month");
        QTest::newRow("no quantity") << "npv_usd"
                                     << "much" << fee << "is no value of";
        QTest::newRow("no lever") << "npv_usd"
                                  << "$0"
                                  << "contracts.anthropic.colour"
                                  << "no number";
        QTest::newRow("out of reach") << "models_trained"
                                      << "40" << fee << "Nothing would do";
    }
    void whatCannotBeIsSaid() {
        QFETCH(QString, outcome);
        QFETCH(QString, target);
        QFETCH(QString, lever);
        QFETCH(QString, says);
        widgets::SolvePanel& panel = m_desk->solver();
        pick(*box(panel, "solveOutcome"), outcome);
        box(panel, "solveLever")->setEditText(lever);
        panel.setTarget(target, target);
        QSignalSpy answers(m_desk.get(), &ProgrammeDesk::answered);
        QTest::mouseClick(panel.findChild<QPushButton*>(QStringLiteral("solveAsk")), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(answers.count(), 1, kPatienceMs);
        QVERIFY2(panel.answer().contains(says), qPrintable(panel.answer()));
    }

    void targetsAreRead_data() {
        QTest::addColumn<QString>("row");
        QTest::addColumn<QString>("words");
        QTest::addColumn<double>("value");
        QTest::newRow("money") << "npv_usd"
                               << "$1.5B" << 1.5e9;
        QTest::newRow("share") << "landlord_share"
                               << "30 %" << 0.3;
        QTest::newRow("months") << "payback_months"
                                << "18" << 18.0;
        QTest::newRow("date, its end") << "payback_months"
                                       << "2027-04" << 12.0; // from May 2026
    }
    void targetsAreRead() {
        QFETCH(QString, row);
        QFETCH(QString, words);
        QFETCH(double, value);
        const explore::Headline& headline = explore::programmeRows()[*explore::rowOf(row.toStdString())];
        const auto read = targetOf(words, headline, m_scenario->start);
        QVERIFY(read.ok());
        QVERIFY(std::abs(*read - value) <= 1e-9 * value);
        QVERIFY(targetOf(targetExample(headline, m_scenario->start), headline, m_scenario->start).ok());
        QVERIFY(!targetOf(QStringLiteral("soon"), headline, m_scenario->start).ok());
    }

private:
    std::shared_ptr<const scenario::Scenario> m_scenario;
    Evidence m_evidence;
    std::unique_ptr<ProgrammeDesk> m_desk;
};

QTEST_MAIN(TestProgrammeDesk)
#include "tst_programme_desk.moc"

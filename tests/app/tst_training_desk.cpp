// The training page: its table is that of `atlas plan`, a layout that is used can be undone, and while a
// lever moves the newest question wins.
#include "app/cli/cli.h"
#include "app/composition.h"
#include "app/pages/page_catalogue.h"
#include "app/pages/training_desk.h"
#include "app/session.h"
#include "model/explore/step_difference.h"
#include "scenes/theme.h"

#include <nlohmann/json.hpp>

#include <QApplication>
#include <QComboBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include <sstream>

using namespace atlas;
using app::PlanColumn;
using app::PlanSheet;
using app::TrainingDesk;
using widgets::Side;

namespace {

constexpr int kPatienceMs = 120'000; ///< machines that test are slow and shared
const std::string kScenario = ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml";

nlohmann::json planned(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"atlas", "plan", kScenario, "--json"});
    std::vector<const char*> argv;
    for (const std::string& argument : arguments) {
        argv.push_back(argument.c_str());
    }
    std::ostringstream out;
    std::ostringstream err;
    if (cli::run(static_cast<int>(argv.size()), argv.data(), out, err) != 0) {
        qFatal("%s", err.str().c_str());
    }
    return nlohmann::json::parse(out.str());
}

QVariant cell(const widgets::DataTable& table, std::size_t row, PlanColumn column, int after = 0) {
    return table.rows[row].value(static_cast<int>(column) + after);
}

} // namespace

class TestTrainingDesk : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        scenes::registerFonts();
        m_session = std::make_unique<app::Session>(QStringLiteral(ATLAS_SOURCE_RESOURCES));
        for (app::PageSpec& spec : app::pageSpecs()) {
            if (spec.id == QLatin1String("training")) {
                m_desk.reset(qobject_cast<TrainingDesk*>(app::makePage(std::move(spec))));
            }
        }
        QVERIFY(m_desk != nullptr);
        m_desk->setTheme(scenes::loadTheme(scenes::ThemeMode::Dark));
        m_desk->resize(1100, 800);
        // As the window does it.
        const auto pass = [this] {
            app::Evidence evidence;
            evidence.workspace = m_session->workspace();
            evidence.scenario = m_session->scenario();
            m_desk->setEvidence(evidence);
        };
        connect(m_session.get(), &app::Session::workspaceChanged, this, pass);
        connect(m_session.get(), &app::Session::scenarioChanged, this, pass);
        connect(m_desk.get(), &TrainingDesk::layoutRequested, m_session.get(), &app::Session::setLayout);
        m_desk->setVisible(true);
        m_session->open(QString::fromStdString(kScenario));
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->plan() != nullptr && !m_desk->busy(), kPatienceMs);
    }
    void cleanupTestCase() {
        m_desk.reset();
        m_session.reset();
    }

    void theTableIsThatOfThePlanCommand_data() {
        QTest::addColumn<int>("side");
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("A") << 0 << QStringList{"--cluster", "colossus-1-article", "--placement", "naive"};
        QTest::newRow("B") << 1 << QStringList{"--cluster", "colossus-2", "--month", "2026-05"};
    }
    void theTableIsThatOfThePlanCommand() {
        QFETCH(int, side);
        QFETCH(QStringList, arguments);
        m_desk->setSide(static_cast<Side>(side));
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->plan()->question.side == static_cast<Side>(side) && !m_desk->busy(),
                                 kPatienceMs);
        const widgets::DataTable& table = m_desk->table(QStringLiteral("plan"))->table();
        std::vector<std::string> asked = {"--top", std::to_string(table.rows.size())};
        for (const QString& argument : arguments) {
            asked.push_back(argument.toStdString());
        }
        const nlohmann::json json = planned(asked);
        QCOMPARE(json["plans"].size(), table.rows.size());
        QVERIFY(table.rows.size() >= std::size_t{app::kPlanRows});
        for (std::size_t i = 0; i < table.rows.size(); ++i) {
            const nlohmann::json& plan = json["plans"][i];
            QCOMPARE(cell(table, i, PlanColumn::Rank).toDouble(), static_cast<double>(i + 1));
            QCOMPARE(cell(table, i, PlanColumn::Step).toDouble(), plan["step_time_s"].get<double>());
            QCOMPARE(cell(table, i, PlanColumn::Mfu).toDouble(), plan["mfu"].get<double>() * 100);
            QCOMPARE(cell(table, i, PlanColumn::Tokens).toDouble(),
                     plan["tokens_per_s_per_gpu"].get<double>());
            QCOMPARE(cell(table, i, PlanColumn::Memory).toDouble(), plan["memory_bytes"].get<double>() / 1e9);
            const char* degrees[] = {"tp", "pp", "vp", "cp", "ep", "dp", "micro_batch"};
            for (int d = 0; d < 7; ++d) {
                QCOMPARE(cell(table, i, PlanColumn::Tp, d).toDouble(),
                         plan["layout"][degrees[d]].get<double>());
            }
            QCOMPARE(table.rows[i].back().toString().toStdString(), plan["why"].get<std::string>());
        }
    }

    void aUsedLayoutCanBeUndone() {
        m_desk->setSide(Side::A);
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->plan()->question.side == Side::A && !m_desk->busy(), kPatienceMs);
        const auto before = m_session->scenario();
        const scenario::LayoutChoice free = before->trainJob("frontier")->layout;
        QVERIFY(free == scenario::LayoutChoice{});
        auto* apply = m_desk->findChild<QPushButton*>(QStringLiteral("applyLayout"));
        auto* release = m_desk->findChild<QPushButton*>(QStringLiteral("releaseLayout"));
        QVERIFY(apply->isEnabled() && !release->isEnabled());

        constexpr std::size_t kRow = 7;
        m_desk->table(QStringLiteral("plan"))->view().selectRow(kRow); // as a click does
        QCOMPARE(m_desk->selectedRow(), kRow);
        const training::Layout wanted = m_desk->plan()->rows[kRow].layout;
        const double stepS = m_desk->plan()->rows[kRow].stepTimeS;
        QTest::mouseClick(apply, Qt::LeftButton);
        QVERIFY(m_session->scenario()->trainJob("frontier")->layout == training::choiceOf(wanted));
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->plan()->inUse == kRow && !m_desk->busy(), kPatienceMs);
        QVERIFY(!apply->isEnabled() && release->isEnabled());
        const widgets::DataTable& table = m_desk->table(QStringLiteral("plan"))->table();
        QVERIFY(cell(table, kRow, PlanColumn::State).toString().startsWith(QStringLiteral("in use")));
        // What runs now is that layout: the command line it stands for finds nothing else.
        std::vector<std::string> sets;
        for (const QString& argument : m_session->changesAsArguments()) {
            sets.push_back(argument.toStdString());
        }
        const nlohmann::json json = planned(sets);
        QCOMPARE(json["plans"].size(), std::size_t{1});
        QCOMPARE(json["plans"][0]["step_time_s"].get<double>(), stepS);

        m_session->undoStack()->undo();
        QVERIFY(m_session->scenario() == before);
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk->plan()->inUse && !m_desk->busy(), kPatienceMs);
        m_session->undoStack()->redo();
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->plan()->inUse == kRow && !m_desk->busy(), kPatienceMs);
        QTest::mouseClick(release, Qt::LeftButton);
        QVERIFY(m_session->scenario()->trainJob("frontier")->layout == free);
        m_session->undoStack()->setIndex(0);
        QVERIFY(m_session->scenario() == before);
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk->plan()->inUse && !m_desk->busy(), kPatienceMs);
    }

    void theNewestQuestionWins() {
        // A lever that moves sixty times a second: answers come in their order, the last is the newest's.
        std::vector<std::shared_ptr<const scenario::Scenario>> asked;
        std::vector<std::shared_ptr<const scenario::Scenario>> answered;
        const auto connection = connect(m_desk.get(), &TrainingDesk::planned, this,
                                        [&] { answered.push_back(m_desk->plan()->question.scenario); });
        for (int i = 0; i < 40; ++i) {
            m_session->setNumber(QStringLiteral("train_jobs.frontier.global_batch"),
                                 QStringLiteral("%1 M tokens").arg(100 + 10 * i));
            asked.push_back(m_session->scenario());
            QTest::qWait(16);
        }
        QTRY_VERIFY_WITH_TIMEOUT(!answered.empty() && answered.back() == asked.back() && !m_desk->busy(),
                                 kPatienceMs);
        disconnect(connection);
        QVERIFY(answered.size() > 1); // it followed while the lever moved
        auto next = asked.begin();
        for (const auto& scenario : answered) {
            next = std::find(next, asked.end(), scenario);
            QVERIFY(next != asked.end());
        }
        const double batch = m_desk->plan()->rows[0].tokensPerStep;
        QVERIFY(std::abs(batch / 490e6 - 1) < 0.025);
        m_session->undoStack()->setIndex(0);
        QTRY_VERIFY_WITH_TIMEOUT(
            m_desk->plan()->question.scenario == m_session->scenario() && !m_desk->busy(), kPatienceMs);
    }

    void selectionsAreLookedAt() {
        m_desk->selectRow(5);
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk->busy(), kPatienceMs);
        const PlanSheet& sheet = *m_desk->plan();
        const auto& memory =
            static_cast<widgets::StackPlot&>(m_desk->chart(QStringLiteral("plan-memory"))->view().plot())
                .values();
        QCOMPARE(memory.rows.size(), std::size_t{2}); // this one, and the best
        double total = 0;
        for (const double part : memory.rows[0].values) {
            total += part;
        }
        QCOMPARE(total, sheet.rows[5].memory.total());
        QCOMPARE(memory.limit, sheet.rows[5].memory.capacity);
        const auto& stages =
            static_cast<widgets::StackPlot&>(m_desk->chart(QStringLiteral("plan-stages"))->view().plot())
                .values();
        QVERIFY(stages.rows.size() >= 2);
        for (const widgets::StackValues::Row& row : stages.rows) {
            double sum = 0;
            for (const double part : row.values) {
                sum += part;
            }
            QVERIFY(std::abs(sum / sheet.rows[5].stepTimeS - 1) < 1e-9);
        }
        m_desk->selectRow(0);
    }

    void scalingFollowsItsChoices() {
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk->busy(), kPatienceMs);
        const auto values = [&] {
            return static_cast<widgets::ScalingPlot&>(m_desk->chart(QStringLiteral("scaling"))->view().plot())
                .values();
        };
        QCOMPARE(values().scaling.jobName, std::string("Frontier MoE"));
        // A trains on a mix of two classes, B on a mix of two others: four classes and two mixes.
        QCOMPARE(values().scaling.curves.size(), std::size_t{6});
        app::ScalingChoice choice;
        choice.job = "dense";
        choice.batch = explore::BatchRule::Grows;
        choice.metric = widgets::ScalingMetric::Mfu;
        choice.curves = app::ScalingChoice::Curves::All;
        m_desk->setScaling(choice);
        QTRY_VERIFY_WITH_TIMEOUT(values().scaling.jobName == "Dense 405B" && !m_desk->busy(), kPatienceMs);
        QVERIFY(values().scaling.batch == explore::BatchRule::Grows);
        QVERIFY(values().metric == widgets::ScalingMetric::Mfu);
        QVERIFY(values().scaling.curves.size() >= 8);
        m_desk->setScaling({});
        QTRY_VERIFY_WITH_TIMEOUT(values().scaling.jobName == "Frontier MoE" && !m_desk->busy(), kPatienceMs);
    }

    void whatDoesNotTrainSaysSo() {
        const auto workspace = app::composeWorkspace(*m_session->original(), "lease-1", "lease-1-train-2");
        QCOMPARE(app::planSide(*workspace), Side::B);
        const PlanSheet nothing =
            app::planSheet(app::planQuestion(*workspace, workspace->scenario, Side::A, 0));
        QVERIFY(nothing.rows.empty());
        QVERIFY(app::whyNoPlan(nothing).contains(QStringLiteral("Lease Colossus 1 trains nothing")));
        QVERIFY(app::planTable(nothing).rows.empty());
        QVERIFY(app::memoryValues(nothing, 0).rows.empty());
        QVERIFY(app::stageValues(nothing, 0).rows.empty());
        // B leases one cluster and trains on the other: that is what is planned.
        const PlanSheet other =
            app::planSheet(app::planQuestion(*workspace, workspace->scenario, Side::B, 0));
        QCOMPARE(other.question.cluster, std::string("colossus-2"));
        QVERIFY(!other.rows.empty());
    }

    void aLayoutThatCannotRunIsNamed() {
        m_session->setLayout(QStringLiteral("frontier"),
                             {.tp = 1, .pp = 1, .ep = 1, .sharding = scenario::Sharding::Optimizer});
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk->plan()->problems.empty() && !m_desk->busy(), kPatienceMs);
        const QString title = m_desk->table(QStringLiteral("plan"))->caption().title;
        QVERIFY2(title.contains(QStringLiteral("cannot run")) && title.contains(QStringLiteral("memory: ")),
                 qPrintable(title));
        QVERIFY(!m_desk->plan()->rows.empty()); // what could run is there all the same
        m_session->undoStack()->undo();
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->plan()->problems.empty() && !m_desk->busy(), kPatienceMs);
    }

private:
    std::unique_ptr<app::Session> m_session;
    std::unique_ptr<TrainingDesk> m_desk;
};

QTEST_MAIN(TestTrainingDesk)
#include "tst_training_desk.moc"

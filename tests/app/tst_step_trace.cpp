// The trace of a step against what Perfetto and Chrome ask of it (Trace Event Format), and against the lanes.
#include "app/composition.h"
#include "app/step_trace.h"
#include "model/operations/lanes_of.h"
#include "model/scenario/scenario_loader.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <map>
#include <set>

using namespace atlas;

namespace {

std::shared_ptr<const app::Workspace> mixedWorkspace() {
    auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/mixed-2048.atlas.yaml",
                                         ATLAS_SOURCE_RESOURCES);
    if (!loaded) {
        qFatal("%s", text(loaded.errors()).c_str());
    }
    return app::composeWorkspace(loaded->scenario);
}

QJsonObject parsed(const QByteArray& json) {
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError) {
        qFatal("%s at %d", qPrintable(error.errorString()), error.offset);
    }
    return document.object();
}

} // namespace

class TestStepTrace : public QObject {
    Q_OBJECT

    std::shared_ptr<const app::Workspace> m_workspace = mixedWorkspace();
    double m_atS = app::tellingInstant(*m_workspace, 86400 * 20);
    QJsonObject m_trace;

private slots:
    void initTestCase() {
        const auto trace =
            app::stepTraceAt(*m_workspace->scenario, m_workspace->pane(app::Side::A), m_atS, 2);
        QVERIFY2(trace.ok(), trace.ok() ? "" : text(trace.errors()).c_str());
        QVERIFY(trace->leftOut == 0);
        m_trace = parsed(trace->json);
    }

    void everyEventHasWhatItsPhaseNeeds() {
        const QJsonArray events = m_trace["traceEvents"].toArray();
        QVERIFY(events.size() > 1000);
        QCOMPARE(m_trace["displayTimeUnit"].toString(), QString("ms"));
        for (const QJsonValue& value : events) {
            const QJsonObject event = value.toObject();
            const QString phase = event["ph"].toString();
            QVERIFY(event["pid"].isDouble() && event["tid"].isDouble());
            QVERIFY(!event["name"].toString().isEmpty());
            if (phase == "X") {
                QVERIFY(event["ts"].toDouble(-1) >= 0 && event["dur"].toDouble(-1) >= 0);
                QVERIFY(event["args"].isObject() && !event["cat"].toString().isEmpty());
            } else if (phase == "s" || phase == "f") {
                QVERIFY(event["id"].isDouble() && event["ts"].isDouble());
                QCOMPARE(event["bp"].toString(), phase == "f" ? QString("e") : QString());
            } else {
                QCOMPARE(phase, QString("M"));
                QVERIFY(!event["args"].toObject().isEmpty());
            }
        }
    }

    void everyThreadAndProcessHasAName() {
        std::set<std::pair<int, int>> named;
        std::set<int> processes;
        std::set<std::pair<int, int>> used;
        for (const QJsonValue& value : m_trace["traceEvents"].toArray()) {
            const QJsonObject event = value.toObject();
            const std::pair thread(event["pid"].toInt(), event["tid"].toInt());
            if (event["name"] == "thread_name") {
                QVERIFY(named.insert(thread).second);
            } else if (event["name"] == "process_name") {
                QVERIFY(processes.insert(thread.first).second);
            } else if (event["ph"] == "X") {
                used.insert(thread);
            }
        }
        for (const auto& thread : used) {
            QVERIFY(named.contains(thread));
            QVERIFY(processes.contains(thread.first));
        }
        QVERIFY(processes.size() >= 3);
    }

    /// Spans of a thread follow one another: a slice that overlapped another would be drawn inside it.
    void spansOfAThreadDoNotOverlap() {
        std::map<int, double> endsUs;
        for (const QJsonValue& value : m_trace["traceEvents"].toArray()) {
            const QJsonObject event = value.toObject();
            if (event["ph"] == "X") {
                double& end = endsUs[event["tid"].toInt()];
                QVERIFY2(event["ts"].toDouble() >= end - 0.002, qPrintable(event["name"].toString()));
                end = event["ts"].toDouble() + event["dur"].toDouble();
            }
        }
        QVERIFY(endsUs.size() > 8);
    }

    /// Each flow begins and ends within a slice of its thread, forwards in time.
    void flowsLeadFromSliceToSlice() {
        std::map<int, QJsonObject> starts;
        int flows = 0;
        const QJsonArray events = m_trace["traceEvents"].toArray();
        const auto inSlice = [&](const QJsonObject& point) {
            return std::any_of(events.begin(), events.end(), [&](const QJsonValue& value) {
                const QJsonObject event = value.toObject();
                return event["ph"] == "X" && event["tid"] == point["tid"] &&
                       event["ts"].toDouble() <= point["ts"].toDouble() &&
                       point["ts"].toDouble() <= event["ts"].toDouble() + event["dur"].toDouble();
            });
        };
        bool contained = true;
        for (const QJsonValue& value : events) {
            const QJsonObject event = value.toObject();
            if (event["ph"] == "s") {
                starts[event["id"].toInt()] = event;
            } else if (event["ph"] == "f") {
                const QJsonObject start = starts[event["id"].toInt()];
                QVERIFY(!start.isEmpty());
                QVERIFY(start["ts"].toDouble() < event["ts"].toDouble());
                QVERIFY(start["tid"] != event["tid"]);
                contained = contained && inSlice(start) && inSlice(event);
                ++flows;
            }
        }
        QVERIFY(contained);
        QCOMPARE(int(starts.size()), flows);
        const auto work = m_workspace->pane(app::Side::A).timeline->workAt(m_atS, {});
        QCOMPARE(flows > 0, work->shape->anatomy.layout.pp > 1);
    }

    void twoStepsLastAsLongAsTwoSteps() {
        const auto& timeline = m_workspace->pane(app::Side::A).timeline;
        const auto first = timeline->workAt(m_atS, {});
        // A checkpoint may lie between them.
        const auto both = timeline->steps(first->step.startS, first->step.startS + 86400, 2);
        QCOMPARE(both.size(), std::size_t{2});
        QCOMPARE(both.front().step, first->step.step);
        const operations::StepSpan& second = both.back();
        double lastUs = 0;
        QStringList steps;
        for (const QJsonValue& value : m_trace["traceEvents"].toArray()) {
            const QJsonObject event = value.toObject();
            lastUs = std::max(lastUs, event["ts"].toDouble() + event["dur"].toDouble());
            if (event["cat"] == "step") {
                steps << QString::number(event["args"].toObject()["step"].toInt());
            }
        }
        QVERIFY(std::abs(lastUs - (second.endS - first->step.startS) * 1e6) < 1);
        QCOMPARE(steps, (QStringList{QString::number(first->step.step), QString::number(second.step)}));
        QVERIFY(std::abs(m_trace["otherData"].toObject()["starts_at_s"].toDouble() - first->step.startS) <
                1e-6);
    }

    void whatIsTooMuchIsLeftOutInWords() {
        operations::LanesRequest request;
        const auto& timeline = m_workspace->pane(app::Side::A).timeline;
        const auto work = timeline->workAt(m_atS, {});
        request.fromS = work->step.startS;
        request.toS = work->step.endS;
        request.focusS = m_atS;
        request.pixelsPerS = 1e9;
        const auto lanes = operations::lanesOf(*timeline, request);
        const auto whole = app::stepTrace(lanes, "test");
        const auto cut = app::stepTrace(lanes, "test", 100);
        QCOMPARE(cut.events, std::size_t{100});
        QCOMPARE(cut.events + cut.leftOut, whole.events);
        const QJsonObject trace = parsed(cut.json);
        const QString words = trace["otherData"].toObject()["left_out"].toString();
        QVERIFY2(words.contains(QString::number(cut.leftOut)), qPrintable(words));
        QVERIFY(!parsed(whole.json)["otherData"].toObject().contains("left_out"));
        int complete = 0;
        for (const QJsonValue& value : trace["traceEvents"].toArray()) {
            complete += value.toObject()["ph"] == "X";
        }
        QCOMPARE(complete, 100);
    }

    void theSameStepIsTheSameBytes() {
        const auto& pane = m_workspace->pane(app::Side::A);
        const auto one = app::stepTraceAt(*m_workspace->scenario, pane, m_atS, 1);
        const auto other =
            app::stepTraceAt(*mixedWorkspace()->scenario, mixedWorkspace()->pane(app::Side::A), m_atS, 1);
        QCOMPARE(one->json, other->json);
    }

    void noStepIsAnErrorWithARemedy() {
        app::Pane idle = m_workspace->pane(app::Side::A);
        idle.assignment.activity = scenario::Activity::Idle;
        auto timeline =
            operations::makeTimeline(*m_workspace->scenario, idle.assignment, idle.timeline->cluster());
        QVERIFY(timeline.ok());
        idle.timeline = *timeline;
        const auto trace = app::stepTraceAt(*m_workspace->scenario, idle, m_atS, 1);
        QVERIFY(!trace.ok());
        QVERIFY(text(trace.errors()).find("--at") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestStepTrace)
#include "tst_step_trace.moc"

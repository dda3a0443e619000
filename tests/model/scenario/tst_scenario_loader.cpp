#include "model/scenario/scenario_loader.h"

#include <QTest>

using namespace atlas;
using namespace atlas::scenario;

/// What a good file means: values, defaults, catalogue, warnings.
class TestScenarioLoader : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        auto loaded = loadCatalogue(ATLAS_SOURCE_RESOURCES);
        QVERIFY2(loaded.ok(), loaded.ok() ? "" : text(loaded.errors()).c_str());
        m_catalogue = std::move(*loaded);
    }

    void months() {
        QCOMPARE(Month::of(2026, 5).text(), std::string("2026-05"));
        QCOMPARE(Month::parse("2026-12")->month(), 12);
        QCOMPARE(Month::parse("2026-12")->year(), 2026);
        for (const char* bad : {"2026-00", "2026-13", "2026-1", "26-01", "2026/01", "", "2026-01-01",
                                "20a6-01", "+026-01", "1899-12", "2200-01"}) {
            QVERIFY2(!Month::parse(bad), bad);
        }
    }

    /// The two-line scenario: everything left out has the default the schema documents.
    void minimalHasDefaults() {
        const Scenario s = parsed("clusters: {main: {islands: {h100: {gpu: H100-SXM, gpu_count: 1000}}}}\n"
                                  "train_jobs: {run: {model: llama-3-8b}}\n");
        QCOMPARE(s.name, std::string("test.atlas.yaml"));
        QCOMPARE(s.seed, std::uint64_t{7});
        QCOMPARE(s.start, Month::of(2026, 5));
        QCOMPARE(s.horizonMonths, 48);
        const Cluster& cluster = s.clusters.front();
        QCOMPARE(cluster.name, std::string("main"));
        QCOMPARE(cluster.pue.value, 1.2);
        QCOMPARE(cluster.pue.fact, std::string("energy.pue"));
        QCOMPARE(cluster.provisionedPowerW.value, 0.0);
        QCOMPARE(cluster.staticSpeedSpread.value, 0.01);
        QVERIFY(!cluster.stepJitter.source.empty());
        const Island& island = cluster.islands.front();
        QCOMPARE(island.rack, std::string("hgx-4u-64")); // the GPU's
        QCOMPARE(island.fabric, std::string("infiniband-ndr-400"));
        QCOMPARE(island.firstMonth, s.start);
        QCOMPARE(island.halls, 1);
        QCOMPARE(island.racksPerRow, 8);
        const TrainJob& job = s.trainJobs.front();
        QCOMPARE(job.precision, Precision::Bf16);
        QCOMPARE(job.tokens.value, 15e12);
        QCOMPARE(job.globalBatchTokens.value, 16e6);
        QCOMPARE(job.sequence, 8192);
        QCOMPARE(job.layout.tp, 0);
        QCOMPARE(job.layout.sharding, Sharding::Auto);
        QCOMPARE(s.economics.discountRatePerYear.fact, std::string("wacc.neocloud"));
        // one strategy a training job, shown in both panes
        QCOMPARE(s.strategies.size(), std::size_t{1});
        QCOMPARE(s.strategies.front().assignments.front().cluster, std::string("main"));
        QCOMPARE(s.strategies.front().assignments.front().activity, Activity::Train);
        QCOMPARE(s.compareA, std::string("run"));
        QCOMPARE(s.compareB, std::string("run"));
    }
    void everythingCanBeWrittenByHand() {
        const Scenario s = parsed(R"(
gpus:
  H100-cool: {like: H100-SXM, tdp: 550 W, name: Cool}
  own:
    architecture: other
    bf16: 1 PFLOP/s
    fp8: 0 FLOP/s
    fp4: 0 FLOP/s
    hbm: 96 GiB
    hbm_bandwidth: 4 TB/s
    nvlink: 300 GB/s
    nic: 200 Gbit/s
    tdp: 1 kW
    idle: 80 W
    host_overhead: 0.3 kW
    price: $20k
    cluster_capex: 30,000 USD
    rent: 2 USD/GPU-h
    rack: shelf
    fabric: infiniband-ndr-400
racks:
  shelf: {trays: 2, gpus_per_tray: 4, nvlink_domain: 4, width: 0.8 m, depth: 1 m}
clusters:
  main:
    islands:
      cool: {gpu: H100-cool, gpu_count: 64, tranches: {2026-07: {gpus: 32}, 2027-01: {gpus: 64, note: all}}}
      own: {gpu: own, gpu_count: 16, first_month: 2025-03}
    trunks:
      t: {from: cool, to: own, bandwidth: {value: 1 TB/s, low: 0.5 TB/s, high: 2 TB/s, grade: measured, source: a test}, latency: 4 us}
train_jobs:
  run: {model: llama-3-8b, layout: {tp: 2, pp: 4, recompute: full, sharding: fsdp}, precision: fp8, sequence: 4096}
contracts:
  c: {tenant: T, lessor: L, kind: per-gpu-hour, usd_per_gpu_hour: 2 USD/GPU-h, start: 2026-06, ramp: [50 %, 0.75], notice: 3 months}
serve_jobs:
  chat: {model: kimi-k2}
strategies:
  both:
    assignments:
      - {cluster: main, activity: lease, job: chat, contract: c, from: 2026-06}
)");
        const GpuClass& cool = *s.gpu("H100-cool");
        QCOMPARE(cool.tdpW.value, 550.0);
        QCOMPARE(cool.bf16FlopPerS.value, 989e12); // as its model
        QCOMPARE(cool.name, std::string("Cool"));
        QCOMPARE(s.gpu("H100-SXM")->tdpW.value, 700.0); // which is as it was
        const GpuClass& own = *s.gpu("own");
        QCOMPARE(own.hbmBytes.value, 96.0 * 1073741824.0);
        QCOMPARE(own.nicBytesPerS.value, 25e9);
        QCOMPARE(own.nodeFailuresPerS.fact, std::string("meta.interrupt_rate"));
        QCOMPARE(own.tdpW.source, std::string("stated in test.atlas.yaml, line 13"));
        QCOMPARE(s.rack("shelf")->gpusPerRack(), 8);
        const Island& island = s.clusters[0].islands[0];
        QCOMPARE(island.tranches.size(), std::size_t{2});
        QCOMPARE(island.tranches[1].month, Month::of(2027, 1));
        QCOMPARE(island.firstMonth, Month::of(2026, 7)); // of the first tranche
        QCOMPARE(s.clusters[0].islands[1].rack, std::string("shelf"));
        const Trunk& trunk = s.clusters[0].trunks[0];
        QCOMPARE(trunk.bytesPerS.low, 0.5e12);
        QCOMPARE(trunk.bytesPerS.grade, catalog::Grade::Measured);
        QCOMPARE(trunk.latencyS.value, 4e-6);
        QCOMPARE(s.trainJobs[0].layout.recompute, Recompute::Full);
        QCOMPARE(s.trainJobs[0].layout.sharding, Sharding::Fsdp);
        const Contract& contract = s.contracts[0];
        QCOMPARE(contract.owner, std::string("L"));
        QCOMPARE(contract.ramp, (std::vector<double>{0.5, 0.75}));
        QCOMPARE(contract.noticeDays, 91);
        QCOMPARE(contract.end, Month{Month::of(2026, 5).index + 47});
    }
    void entriesOfTheCatalogueCanBeChanged() {
        const Scenario s = parsed("gpus: {H100-SXM: {like: H100-SXM, tdp: 500 W}}\n"
                                  "clusters: {main: {islands: {h100: {gpu: H100-SXM, gpu_count: 8}}}}\n");
        QCOMPARE(s.gpu("H100-SXM")->tdpW.value, 500.0);
        QCOMPARE(s.gpus.size(), m_catalogue.gpus.size());
    }
    void warns() {
        const auto loaded = parseScenario("clusters: {main: {islands: {h: {gpu: H200, gpu_count: 8}}}}\n"
                                          "contracts: {free: {tenant: A, lessor: B}}\n",
                                          "f", m_catalogue);
        QVERIFY(loaded.ok());
        QCOMPARE(text(loaded->warnings),
                 std::string("f:2:13: warning: the contract pays nothing; give `usd_per_month`\n"));
    }
    void aliasesOfWholeValues() {
        const Scenario s = parsed("clusters:\n"
                                  "  a: {islands: &same {h100: {gpu: H100-SXM, gpu_count: 8}}}\n"
                                  "  b: {islands: *same}\n");
        QCOMPARE(s.clusters[1].islands[0].gpuCount.value, 8.0);
    }
    void catalogueHasTheGpusOfThePublishedRuns() {
        for (const char* id :
             {"A100-80GB", "H100-SXM", "H100-96GB-500W", "H200", "B200", "B300", "GB200", "GB300"}) {
            const auto found = std::ranges::find(m_catalogue.gpus, id, &GpuClass::id);
            QVERIFY2(found != m_catalogue.gpus.end(), id);
            QVERIFY2(found->bf16FlopPerS.value > 3e14, id);
            QVERIFY2(found->fp8FlopPerS.value == 0.0 || found->fp8FlopPerS.value > found->bf16FlopPerS.value,
                     id);
            QVERIFY2(found->clusterCapexUsd.value > found->priceUsd.value, id);
        }
    }
    /// Parameters from the dimensions against the size each model is known by (within 4 %).
    void catalogueModelsHaveTheirSize_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<double>("billions");
        const auto row = [](const char* id, double billions) {
            QTest::newRow(id) << QString(id) << billions;
        };
        row("llama-3-8b", 8.03);
        row("llama-3-70b", 70.6);
        row("llama-3-1-405b", 405.9);
        row("llama-2-70b", 69.0);
        row("gpt-3-175b", 175.0);
        row("bloom-176b", 176.2);
        row("nemotron-4-340b", 341.0);
        row("grok-1-314b", 314.0);
        row("gpt-oss-120b", 116.8);
        row("qwen3-30b-a3b", 30.5);
        row("qwen3-235b-a22b", 235.0);
        row("deepseek-v3", 671.0);
        row("kimi-k2", 1040.0);
        row("frontier-moe-6t", 6000.0);
    }
    void catalogueModelsHaveTheirSize() {
        QFETCH(QString, id);
        QFETCH(double, billions);
        const Scenario s = parsed("clusters: {main: {islands: {h100: {gpu: H100-SXM, gpu_count: 8}}}}\n");
        const Transformer* model = s.transformer(id.toStdString());
        QVERIFY(model != nullptr);
        const double h = model->hidden;
        const double mats = model->gatedMlp ? 3.0 : 2.0;
        const double expert = mats * h * model->ffnHidden;
        const double dense = mats * h * model->denseFfnHidden;
        const double heads = static_cast<double>(model->heads) * model->headDim;
        // Latent attention: query and output per head, one compressed key and value (ranks of DeepSeek-V3).
        const double attention =
            model->attention == Attention::Mla
                ? h * 1536 + 1536 * model->heads * 192.0 + h * (model->kvLoraRank + 64.0) +
                      static_cast<double>(model->kvLoraRank) * model->heads * 256.0 + heads * h
                : h * heads * 2 + h * model->kvHeads * model->headDim * 2.0;
        double parameters = model->layers * attention + h * model->vocab * (model->tiedEmbedding ? 1.0 : 2.0);
        parameters += model->experts == 0
                          ? model->layers * expert
                          : (model->layers - model->denseLayers) *
                                    (expert * (model->experts + model->sharedExperts) + h * model->experts) +
                                model->denseLayers * dense;
        QVERIFY2(std::abs(parameters / 1e9 / billions - 1.0) < 0.04,
                 qPrintable(QString::number(parameters / 1e9)));
    }

private:
    Scenario parsed(const std::string& yaml) {
        auto loaded = parseScenario(yaml, "test.atlas.yaml", m_catalogue);
        if (!loaded) {
            qFatal("%s", text(loaded.errors()).c_str());
        }
        return std::move(loaded->scenario);
    }
    Catalogue m_catalogue;
};

QTEST_APPLESS_MAIN(TestScenarioLoader)
#include "tst_scenario_loader.moc"

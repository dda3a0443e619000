// From start to the first settled picture of the default scenario, as a whole process, beside an empty Qt
// window.
#include <benchmark/benchmark.h>

#include <QProcess>
#include <QTemporaryDir>

namespace {

/// Runs a program beside this one and returns what it printed on standard error; stops the benchmark on
/// failure.
QByteArray runBeside(benchmark::State& state, const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(QStringLiteral(ATLAS_BINARY_DIR "/") + program, arguments);
    if (!process.waitForFinished(120'000) || process.exitCode() != 0) {
        state.SkipWithError(qPrintable(program + QStringLiteral(" failed: ") +
                                       QString::fromUtf8(process.readAllStandardError())));
        return {};
    }
    return process.readAllStandardError();
}

double figure(const QByteArray& timings, const char* name) {
    for (const QByteArray& line : timings.split('\n')) {
        if (line.startsWith(name)) {
            return line.mid(static_cast<qsizetype>(qstrlen(name))).trimmed().split(' ').first().toDouble();
        }
    }
    return 0;
}

void floorEmptyWindow(benchmark::State& state) {
    for (auto _ : state) {
        runBeside(state, QStringLiteral("benchmarks/empty_window"), {});
    }
}
BENCHMARK(floorEmptyWindow)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(5);

void firstPicture(benchmark::State& state) {
    const QTemporaryDir folder;
    double firstMs = 0;
    double residentMb = 0;
    for (auto _ : state) {
        const QByteArray timings =
            runBeside(state, QStringLiteral("bin/colossus-atlas"),
                      {QStringLiteral("--timings"), QStringLiteral("--size"), QStringLiteral("1600x900"),
                       QStringLiteral("--screenshot"), folder.filePath(QStringLiteral("window.png"))});
        firstMs += figure(timings, "first picture");
        residentMb = figure(timings, "resident memory");
    }
    state.counters["first_picture_ms"] = benchmark::Counter(firstMs, benchmark::Counter::kAvgIterations);
    state.counters["resident_mb"] = residentMb;
}
BENCHMARK(firstPicture)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(5);

} // namespace

BENCHMARK_MAIN();

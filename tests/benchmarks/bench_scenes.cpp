// Frames of the scenes at 1600x900 with 550,000 GPUs, beside their floors measured in the same run: clearing
// the pane, one full-screen textured quad, copying the picture. Run under a virtual X server for the OpenGL
// part (QT_QPA_PLATFORM=xcb); without a context it is left out. The CPU column counts all threads. Counters:
// "x floor" is processor time over that of the floor (raster: copying the picture; OpenGL: the textured
// quad), "x 55k" over that of the same pane with a tenth of the GPUs. A campus of another shape fills another
// share of its pane: "x 55k, a pixel" divides both by the pixels that their racks have.
#include "scenes/fabric_scene.h"
#include "scenes/floor_scene.h"
#include "scenes/gl_resources.h"
#include "scenes/matrix_scene.h"
#include "scenes/offscreen_gl.h"
#include "scenes/orbit_scene.h"
#include "tests/scenes/floor_fixture.h"
#include "tests/scenes/orbit_fixture.h"

#include <QGuiApplication>
#include <QOpenGLContext>
#include <QOpenGLFramebufferObject>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <ctime>
#include <functional>

using namespace atlas;
using namespace atlas::scenes;

namespace {

const Viewport kPane{{1600, 900}, 1.0};

struct World {
    std::shared_ptr<const cluster::Cluster> cluster;
    std::shared_ptr<const operations::Frame> frames[2]; ///< every GPU differs between the two
};

World makeWorld(double gpus) {
    World w{fixture::uniformCluster(gpus), {}};
    w.frames[0] = fixture::frame(*w.cluster, 0.1, 1, 777, 30);
    w.frames[1] = fixture::frame(*w.cluster, 0.6, 2, 999, 30);
    return w;
}

const World& large() {
    static const World w = makeWorld(550000);
    return w;
}
const World& small() {
    static const World w = makeWorld(55000);
    return w;
}

const Theme& theme() {
    static const Theme t = loadTheme(ThemeMode::Dark);
    return t;
}

/// The campus, or closer about a GPU in the middle of the second hall.
Camera cameraAt(const Scene& scene, const World& world, double zoom) {
    Camera camera = fitted(scene.bounds(), kPane);
    if (zoom > 1) {
        camera.centre = toQt(world.cluster->gpuRect(world.cluster->gpuCount / 2)).center();
        camera.pixelsPerMetre *= zoom;
    }
    return camera;
}

void prepare(FloorScene& scene, const World& world, double zoom) {
    scene.setCluster(world.cluster);
    scene.setTheme(theme());
    scene.setCamera(cameraAt(scene, world, zoom));
    scene.setFrame(world.frames[0]);
    FloorOptions options;
    options.calloutTitle = "1-1-2/4/5 holds the step";
    options.calloutDetail = "164 992 GPUs wait";
    scene.setOptions(options);
}

void prepare(FabricScene& scene, const World& world) {
    scene.setCluster(world.cluster);
    scene.setTheme(theme());
    scene.setCamera(fitted(scene.bounds(), kPane));
    scene.setFrame(world.frames[0]);
}

QImage target() {
    return {kPane.deviceSize(), QImage::Format_RGB32};
}

/// Processor time of all threads since a moment.
class CpuTime {
public:
    [[nodiscard]] double seconds() const {
        return static_cast<double>(std::clock() - m_start) / CLOCKS_PER_SEC;
    }

private:
    std::clock_t m_start = std::clock();
};

/// Processor time of one call, the mean of enough calls to trust it.
double secondsOf(const std::function<void()>& call) {
    for (int i = 0; i < 5; ++i)
        call();
    const CpuTime cpu;
    int calls = 0;
    while (cpu.seconds() < 0.4) {
        call();
        ++calls;
    }
    return cpu.seconds() / calls;
}

/// Runs `frame` as the benchmark's loop and tells how it stands to its floor.
void measure(benchmark::State& state, double floorS, const std::function<void()>& frame) {
    frame(); // what is drawn first is planned first
    const CpuTime cpu;
    for (auto _ : state)
        frame();
    state.counters["x floor"] = cpu.seconds() / static_cast<double>(state.iterations()) / floorS;
}

double copySeconds() {
    static const double seconds = [] {
        const QImage from = target();
        QImage to = target();
        return secondsOf([&] {
            std::memcpy(to.bits(), from.constBits(), static_cast<std::size_t>(from.sizeInBytes()));
            benchmark::DoNotOptimize(to.bits());
        });
    }();
    return seconds;
}

// --- floors of the raster painter

void rasterFloorClear(benchmark::State& state) {
    QImage image = target();
    for (auto _ : state) {
        image.fill(Qt::black);
        benchmark::DoNotOptimize(image.bits());
    }
}
BENCHMARK(rasterFloorClear)
    ->Name("floor of raster: clear")
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

void rasterFloorCopy(benchmark::State& state) {
    const QImage from = target();
    QImage to = target();
    for (auto _ : state) {
        std::memcpy(to.bits(), from.constBits(), static_cast<std::size_t>(from.sizeInBytes()));
        benchmark::DoNotOptimize(to.bits());
    }
}
BENCHMARK(rasterFloorCopy)
    ->Name("floor of raster: memcpy of the picture")
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

// --- the raster painter, states changing every frame

/// Pixels of the pane that racks are drawn on.
double rackPixels(const FloorMap& map) {
    double pixels = 0;
    for (const HallMap& hall : map.halls) {
        const auto covered = [](const AxisMap& axis) {
            return static_cast<double>(axis.weight.size()) -
                   static_cast<double>(std::ranges::count(axis.weight, 0));
        };
        pixels += covered(hall.x) * covered(hall.y);
    }
    return pixels;
}

void rasterFloor(benchmark::State& state) {
    const auto frameOf = [zoom = static_cast<double>(state.range(0))](FloorScene& scene, QImage& image,
                                                                      const World& world) {
        prepare(scene, world, zoom);
        return [&scene, &image, &world, i = std::size_t{0}]() mutable {
            scene.setFrame(world.frames[++i % 2]);
            QPainter painter(&image);
            scene.paint(painter, kPane);
        };
    };
    QImage image = target();
    FloorScene scene;
    measure(state, copySeconds(), frameOf(scene, image, state.range(1) ? small() : large()));
    if (state.range(1) || state.range(0) != 1)
        return;
    FloorScene fewer;
    const double ratio =
        secondsOf(frameOf(scene, image, large())) / secondsOf(frameOf(fewer, image, small()));
    state.counters["x 55k"] = ratio;
    state.counters["x 55k, a pixel"] = ratio * rackPixels(fewer.map()) / rackPixels(scene.map());
}
BENCHMARK(rasterFloor)
    ->Name("raster floor, 550k GPUs, zoom")
    ->Args({1, 0})
    ->Args({4, 0})
    ->Args({30, 0})
    ->Args({400, 0})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(rasterFloor)
    ->Name("raster floor, 55k GPUs, zoom")
    ->Args({1, 1})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

void rasterPan(benchmark::State& state) {
    FloorScene scene;
    prepare(scene, large(), static_cast<double>(state.range(0)));
    const Camera start = scene.camera();
    QImage image = target();
    std::size_t i = 0;
    measure(state, copySeconds(), [&] {
        scene.setFrame(large().frames[++i % 2]);
        scene.setCamera(
            start.panned(QPointF(static_cast<double>(i % 40), 0.5 * static_cast<double>(i % 40))));
        QPainter painter(&image);
        scene.paint(painter, kPane);
    });
}
BENCHMARK(rasterPan)
    ->Name("raster floor, 550k GPUs, panning at zoom")
    ->Arg(1)
    ->Arg(4)
    ->Arg(30)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

void rasterFabric(benchmark::State& state) {
    FabricScene scene;
    prepare(scene, large());
    QImage image = target();
    FabricOptions options;
    measure(state, copySeconds(), [&] {
        options.clockS += 0.016;
        scene.setOptions(options);
        QPainter painter(&image);
        scene.paint(painter, kPane);
    });
}
BENCHMARK(rasterFabric)
    ->Name("raster fabric, 550k GPUs")
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

/// Loads change with every frame, as while it plays.
void rasterMatrix(benchmark::State& state) {
    MatrixScene scene;
    scene.setCluster(large().cluster);
    scene.setTheme(theme());
    scene.setCamera(fitted(scene.bounds(), kPane));
    const auto frame = std::make_shared<operations::Frame>(*large().frames[0]);
    scene.setFrame(frame);
    QImage image = target();
    measure(state, copySeconds(), [&] {
        frame->linkLoad[0] = frame->linkLoad[0] < 0.5f ? 0.9f : 0.1f;
        QPainter painter(&image);
        scene.paint(painter, kPane);
    });
}
BENCHMARK(rasterMatrix)
    ->Name("raster matrix, 550k GPUs")
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

/// A satellite a rack: 550,000 GPUs on 7,640, or a tenth of them. The clock moves on by a minute a frame, so
/// that the Earth turns.
struct Sky {
    std::shared_ptr<const orbit::Constellation> flown;
    std::shared_ptr<operations::Frame> frame;
};
const Sky& sky(bool whole) {
    const auto make = [](int satellites) {
        const auto flown = fixture::constellation(satellites);
        return Sky{flown, fixture::frame(*flown->cluster(), 0.3, 1, 777, 30)};
    };
    static const Sky large = make(7640);
    static const Sky small = make(764);
    return whole ? large : small;
}

void prepare(OrbitScene& scene, const Sky& world, bool close) {
    scene.setCluster(world.flown->cluster());
    scene.setConstellation(world.flown);
    scene.setTheme(theme());
    scene.setFrame(world.frame);
    scene.setCamera(close ? *scene.cameraOn({TargetKind::Rack, 5}, kPane) : scene.home(kPane));
}

void rasterOrbit(benchmark::State& state) {
    const Sky& world = sky(state.range(0) != 0);
    OrbitScene scene;
    prepare(scene, world, state.range(1) != 0);
    QImage image = target();
    measure(state, copySeconds(), [&] {
        world.frame->timeS += 60;
        QPainter painter(&image);
        scene.paint(painter, kPane);
    });
}
BENCHMARK(rasterOrbit)
    ->Name("raster orbit, 550k GPUs (0: 55k), close (0: whole)")
    ->Args({1, 0})
    ->Args({0, 0})
    ->Args({1, 1})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

// --- OpenGL

/// Set by main for as long as the application lives.
std::unique_ptr<OffscreenGl>& gl() {
    static std::unique_ptr<OffscreenGl> context;
    return context;
}

/// True if there is a context; else the benchmark says why it is left out.
bool needGl(benchmark::State& state) {
    if (!gl())
        state.SkipWithError("no OpenGL 3.3 context on this platform");
    return gl() != nullptr;
}

void finish() {
    QOpenGLContext::currentContext()->functions()->glFinish();
}

void glClearPane(benchmark::State& state) {
    if (!needGl(state))
        return;
    gl()->framebuffer(kPane.deviceSize());
    auto& f = *QOpenGLContext::currentContext()->functions();
    for (auto _ : state) {
        f.glClear(GL_COLOR_BUFFER_BIT);
        finish();
    }
}
BENCHMARK(glClearPane)
    ->Name("floor of OpenGL: clear")
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

/// One quad over the pane with a texture of its size.
class TexturedQuad {
public:
    TexturedQuad() {
        gl()->framebuffer(kPane.deviceSize());
        QString error;
        m_program = makeProgram("rect.vert", "image.frag", {}, &error);
        QImage image = target();
        image.fill(Qt::darkCyan);
        m_texture.reserve(image.width(), image.height());
        m_texture.upload(image.rect(), image.constBits(), image.width());
    }
    void draw() {
        m_pane.begin(kPane.deviceSize());
        m_program->bind();
        m_program->setUniformValue("image", 0);
        m_texture.bind(0);
        m_pane.fill(*m_program, QRect(QPoint(0, 0), kPane.deviceSize()));
        m_pane.end();
        finish();
    }

private:
    std::unique_ptr<QOpenGLShaderProgram> m_program;
    GlPane m_pane;
    GlTexture m_texture{GlTexture::Format::Bgra8};
};

double quadSeconds() {
    static const double seconds = [] {
        TexturedQuad quad;
        return secondsOf([&] { quad.draw(); });
    }();
    return seconds;
}

void glTexturedQuad(benchmark::State& state) {
    if (!needGl(state))
        return;
    TexturedQuad quad;
    for (auto _ : state)
        quad.draw();
}
BENCHMARK(glTexturedQuad)
    ->Name("floor of OpenGL: one textured quad")
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

/// Runs frames of a scene on OpenGL; `change` sets what is new in each.
template <class AnyScene>
void measureGl(benchmark::State& state, AnyScene& scene, GlWay way, const std::function<void()>& change) {
    scene.setGlWay(way);
    gl()->makeCurrent();
    QString error;
    if (!scene.initializeGl(&error)) {
        state.SkipWithError(qPrintable(error));
        return;
    }
    measure(state, quadSeconds(), [&] {
        change();
        gl()->draw(scene, kPane);
    });
    scene.releaseGl();
}

void glFloor(benchmark::State& state) {
    if (!needGl(state))
        return;
    const World& world = state.range(1) ? small() : large();
    FloorScene scene;
    prepare(scene, world, static_cast<double>(state.range(0)));
    std::size_t i = 0;
    measureGl(state, scene, state.range(2) ? GlWay::Shaders : GlWay::Auto,
              [&] { scene.setFrame(world.frames[++i % 2]); });
}
BENCHMARK(glFloor)
    ->Name("OpenGL floor, 550k GPUs, zoom")
    ->Args({1, 0, 0})
    ->Args({4, 0, 0})
    ->Args({30, 0, 0})
    ->Args({400, 0, 0})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(glFloor)
    ->Name("OpenGL floor by shaders, 550k GPUs, zoom")
    ->Args({1, 0, 1})
    ->Args({30, 0, 1})
    ->Args({400, 0, 1})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(glFloor)
    ->Name("OpenGL floor, 55k GPUs, zoom")
    ->Args({1, 1, 0})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

void glFabric(benchmark::State& state) {
    if (!needGl(state))
        return;
    FabricScene scene;
    prepare(scene, large());
    FabricOptions options;
    measureGl(state, scene, state.range(0) ? GlWay::Shaders : GlWay::Auto, [&] {
        options.clockS += 0.016;
        scene.setOptions(options);
    });
}
BENCHMARK(glFabric)
    ->Name("OpenGL fabric, 550k GPUs (1: by shaders)")
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

void glOrbit(benchmark::State& state) {
    if (!needGl(state))
        return;
    const Sky& world = sky(state.range(0) != 0);
    OrbitScene scene;
    prepare(scene, world, state.range(1) != 0);
    measureGl(state, scene, GlWay::Auto, [&] { world.frame->timeS += 60; });
}
BENCHMARK(glOrbit)
    ->Name("OpenGL orbit, 550k GPUs (0: 55k), close (0: whole)")
    ->Args({1, 0})
    ->Args({0, 0})
    ->Args({1, 1})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

} // namespace

int main(int argc, char** argv) {
    QGuiApplication app(argc, argv);
    registerFonts();
    benchmark::Initialize(&argc, argv);
    gl() = OffscreenGl::make(nullptr);
    if (gl())
        benchmark::AddCustomContext("OpenGL", gl()->device().toStdString());
    benchmark::RunSpecifiedBenchmarks();
    gl().reset();
    return 0;
}
